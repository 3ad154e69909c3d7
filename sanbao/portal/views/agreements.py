"""The public check of an issued paper: its number, title, day and hash, and whether it stands. Nothing personal is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sanbao.agreements import queries
from sanbao.agreements.models import Agreement
from sanbao.core import clock
from sanbao.core.models import IssuedDocument

STANDINGS = {
    "in_force": (_("Genuine and in force."), "ok"),
    "ended": (_("Genuine, but no longer in force."), "warn"),
    "not_yet": (_("Genuine; its term has not begun."), "info"),
    "waiting": (_("Genuine, but not signed."), "warn"),
    "issued": (_("Genuine: this office issued it."), "ok"),
}
CODE_LENGTH, GROUP = 12, 4


def standing_of(document: IssuedDocument) -> str:
    """How a paper stands today; of papers other than letters only that they were issued is said here."""
    room, _colon, pk = document.subject.partition(":")
    if room != Agreement._meta.label_lower:
        return "issued"
    letter = Agreement.objects.filter(pk=pk).first()
    return queries.standing_of(letter, clock.today()) if letter else "issued"


def _tidied(code: str) -> str:
    """A code as it was made, however it was typed: capitals, groups of four."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return (
        "-".join(plain[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP)) if len(plain) == CODE_LENGTH else plain
    )


@require_safe
def check_desk(request: HttpRequest) -> HttpResponse:
    """Where a code is typed in."""
    code = _tidied(request.GET.get("code", ""))
    if code:
        return redirect("portal:check", code)
    return render(request, "portal/check.html", {"section": "check"})


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What may be known of the paper with this code; 404 with the same page when there is none."""
    document = IssuedDocument.objects.filter(check_code=_tidied(code)).first()
    context: dict[str, Any] = {"section": "check", "code": code, "document": document}
    if document is None:
        return render(request, "portal/check.html", context, status=404)
    words, tone = STANDINGS[standing_of(document)]
    return render(request, "portal/check.html", {**context, "words": words, "tone": tone})


urlpatterns = [
    path("check/", check_desk, name="check_desk"),
    path("check/<str:code>/", check, name="check"),
]
