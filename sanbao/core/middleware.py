"""What every request passes: security headers, the district at work, refusals turned into answers, and what every page needs."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from sanbao.core import clock, district
from sanbao.core.errors import Malformed, Reason, Refusal
from sanbao.core.models import District
from sanbao.law.workflow import gettext_noop

Handler = Callable[[HttpRequest], HttpResponse]

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
BAD_CHARACTER = gettext_noop("What was sent holds a character that no text has (U+0000). Remove it and send it again.")

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def security_headers(get_response: Handler) -> Handler:
    """A strict content security policy on every answer: no script but our own files."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        return response

    return middleware


@lru_cache(maxsize=1)
def _known_district() -> int | None:
    code = settings.DISTRICT_CODE
    found = District.objects.filter(code=code) if code else District.objects.order_by("code")
    return found.values_list("code", flat=True).first()


def site_district() -> int | None:
    """The district this site serves: the one set, else the first one there is. Remembered once found."""
    code = _known_district()
    if code is None:
        _known_district.cache_clear()
    return code


def district_of_request(get_response: Handler) -> Handler:
    """Do each request's work for the district of the site, or for that of the person who is logged in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = site_district()
        with district.use(code):
            return get_response(request)

    return middleware


class refusals:
    """Turn a refusal into an answer with every reason: a page for people, RFC 9457 problem details for machines."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuse the one character that no database keeps as text, before anything asks one with it."""
        texts = [request.path, *(value for _name, values in request.GET.lists() for value in values)]
        if request.method == "POST" and request.content_type in FORMS and not request.path.startswith("/api/"):
            texts += [value for _name, values in request.POST.lists() for value in values]
        refused = Malformed(Reason("bad_character", BAD_CHARACTER)) if any("\0" in text for text in texts) else None
        return self.process_exception(request, refused) if refused else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(error.as_problem(), status=error.status, content_type="application/problem+json")
        context = {"refusal": error, "back": request.headers.get("Referer", "/")}
        return render(request, "core/refusal.html", context, status=error.status)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The district's name and the day, for the frame of every page."""
    code = district.known_id()
    return {
        "site_district": District.objects.filter(code=code).first() if code else None,
        "page_now": clock.now(),
        "languages": settings.LANGUAGES,
    }
