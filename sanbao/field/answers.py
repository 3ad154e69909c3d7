"""How this door answers its own scripts: JSON for staff who are logged in, problem details for what is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from sanbao.core.access import require
from sanbao.core.errors import Malformed, Reason, Refusal
from sanbao.law.workflow import gettext_noop

View = Callable[..., HttpResponse]

LOG_IN = gettext_noop("Nobody is logged in. Log in again; what is in the tray stays there.")
NOT_READ = gettext_noop("What the phone sent cannot be read: %(detail)s")


class LoggedOut(Refusal):
    """Nobody is logged in on this phone."""

    status = 401


def json_answer(value: Any, status: int = 200) -> HttpResponse:
    """A JSON body."""
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json")


def for_signers(view: View) -> View:
    """A view for the scripts of people who may take signatures: 401 instead of a way to the login page, refusals as problem details."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not request.user.is_authenticated:
                raise LoggedOut(Reason("logged_out", LOG_IN))
            require(request.user, "agreement.sign")
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return json_answer(refusal.as_problem(), refusal.status)
        except msgspec.MsgspecError as error:
            malformed = Malformed(Reason("malformed", NOT_READ, params={"detail": str(error)}))
            return json_answer(malformed.as_problem(), malformed.status)

    return answer
