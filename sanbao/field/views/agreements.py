"""The signing page behind the personal link: read, answer every item, sign with a finger; no account."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from uuid_utils.compat import uuid7

from sanbao.agreements import papers, queries, services
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement
from sanbao.agreements.zones import drawing
from sanbao.agreements.zones import queries as zones
from sanbao.core import clock, documents, links
from sanbao.core.errors import Refusal

PNG = "data:image/png;base64,"
GONE = 410


def _letter(token: str) -> Agreement:
    """The letter the link names; a forged or expired link is refused with 403 before anything is read."""
    return queries.letter(links.read_token(papers.PURPOSE, token, at=clock.now()))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Show the letter and take the signature. A link that was used, or whose letter no longer stands, gets a page of its own (410)."""
    letter, at = _letter(token), clock.now()
    client_id = request.POST.get("client_id", "")[:64]
    if client_id and client_id == letter.client_id:
        return redirect("field:signed", token)
    objections = queries.why_not_signable(letter, at)
    if objections:
        used = letter.state == Agreement.State.SIGNED
        context = {"letter": letter, "used": used, "reasons": objections, "token": token}
        return render(request, "field/sign_gone.html", context, status=GONE)
    if request.method != "POST":
        return render(request, "field/sign.html", _page(letter, {}, str(uuid7())))
    try:
        services.sign(letter, **_sent(request, letter), by=None, at=at)
    except Refusal as refusal:
        context = _page(letter, request.POST, client_id or str(uuid7())) | {"reasons": refusal.reasons}
        return render(request, "field/sign.html", context, status=refusal.status)
    return redirect("field:signed", token)


@never_cache
@require_GET
def signed(request: HttpRequest, token: str) -> HttpResponse:
    """Thank you, with the paper and the code by which anybody can check it."""
    letter = _letter(token)
    if letter.document is None:
        return redirect("field:sign", token)
    return render(request, "field/signed.html", {"letter": letter, "token": token})


@never_cache
@require_GET
def signed_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The signer's copy of the paper."""
    letter = _letter(token)
    if letter.document is None:
        return redirect("field:sign", token)
    response = HttpResponse(documents.pdf_bytes(letter.document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{letter.document.check_code}.pdf"'
    return response


def _sent(request: HttpRequest, letter: Agreement) -> dict[str, Any]:
    photo = request.FILES.get("photo")
    return {
        "signer_name": request.POST.get("signer_name", "")[:60],
        "capacity": request.POST.get("capacity", ""),
        "signature": _picture(request.POST.get("signature", "")),
        "photo": photo.read() if photo else None,
        "items": _answers(request, letter),
        "consent_hash": request.POST.get("consent", ""),
        "client_id": request.POST.get("client_id", "")[:64] or str(uuid7()),
    }


def _answers(request: HttpRequest, letter: Agreement) -> dict[str, Answer]:
    answers = {}
    for item in letter.form.items.all():
        chosen = request.POST.get(f"item-{item.code}")
        if chosen in ("agreed", "not_applicable"):
            answers[item.code] = Answer(chosen == "agreed", request.POST.get(f"reason-{item.code}", "")[:200])
    return answers


def _picture(data_url: str) -> bytes:
    """The bytes of a PNG data address; empty for anything else, which the lifecycle then refuses as no signature."""
    if not data_url.startswith(PNG):
        return b""
    try:
        return base64.b64decode(data_url.removeprefix(PNG), validate=True)
    except binascii.Error:
        return b""


def _page(letter: Agreement, sent: Any, client_id: str) -> dict[str, Any]:
    items = [
        {
            "item": item,
            "duty": item.duty_name,
            "chosen": sent.get(f"item-{item.code}", ""),
            "reason": sent.get(f"reason-{item.code}", ""),
        }
        for item in letter.form.items.all()
    ]
    return {
        "letter": letter,
        "items": items,
        "zones": drawing.shown(zones.zone_of(letter.premises, clock.today())),
        "sent": sent,
        "client_id": client_id,
        "capacities": Agreement.Capacity.choices,
        "signature": sent.get("signature", ""),
        "title": _("Sign the letter of the three guarantees"),
    }


urlpatterns = [
    path("sign/<str:token>/", sign, name="sign"),
    path("sign/<str:token>/done/", signed, name="signed"),
    path("sign/<str:token>/letter.pdf", signed_pdf, name="signed_pdf"),
]
