"""How this door answers: JSON from msgspec, and RFC 9457 problem details for whatever is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from sanbao.core.errors import Malformed, Reason, Refusal
from sanbao.law.workflow import gettext_noop

View = Callable[..., HttpResponse]

NOT_JSON = gettext_noop("The body cannot be read as this document: %(detail)s")
NOT_FOUND = gettext_noop("There is nothing under this address. Check the number.")
WRONG_METHOD = gettext_noop("This address does not take %(method)s. It takes: %(allowed)s.")


class NotFound(Refusal):
    """Nothing is kept under this name."""

    status = 404


class WrongMethod(Refusal):
    """The address exists, but not for this method."""

    status = 405


def json_answer(value: Any, status: int = 200, **headers: str) -> HttpResponse:
    """A JSON body."""
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json", headers=headers)


def problem(refusal: Refusal, **headers: str) -> HttpResponse:
    """RFC 9457 problem details with every reason."""
    body = msgspec.json.encode(refusal.as_problem())
    return HttpResponse(body, status=refusal.status, content_type="application/problem+json", headers=headers)


def malformed(error: msgspec.MsgspecError) -> Reason:
    """Why a document could not be read."""
    return Reason("malformed", NOT_JSON, params={"detail": str(error)})


def endpoint(*methods: str) -> Callable[[View], View]:
    """A view for machines: no cookies and so no forgery tokens, only these methods, and refusals as problem details."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    params = {"method": request.method, "allowed": ", ".join(methods)}
                    raise WrongMethod(Reason("wrong_method", WRONG_METHOD, params=params))
                return view(request, *args, **kwargs)
            except WrongMethod as refusal:
                return problem(refusal, Allow=", ".join(methods))
            except Refusal as refusal:
                return problem(refusal)
            except msgspec.MsgspecError as error:
                return problem(Malformed(malformed(error)))

        return answer

    return decorate


def not_found() -> NotFound:
    """Nothing is kept under this name."""
    return NotFound(Reason("not_found", NOT_FOUND))


def reasons_of(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons as data: code, sentence in the reader's language, articles."""
    return [{"code": each.code, "detail": each.text(gettext), "articles": list(each.cites)} for each in reasons]
