"""One matter on the merchant's page: what was found, until when, what the law lets the merchant do, a form for proof and one to object."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from uuid_utils.compat import uuid7

from sanbao.agreements.merchants.models import MerchantLink
from sanbao.agreements.merchants.queries import token_of
from sanbao.core import files
from sanbao.core.errors import Refusal
from sanbao.field.views.merchants import TONES, client_id_of, frame, own_page, shared
from sanbao.problems.models import Finding
from sanbao.problems.voices import queries, services

SAID = {"proof": services.send_proof, "objection": services.object_to}


@own_page
def matter(request: HttpRequest, link: MerchantLink, at: datetime, pk: UUID) -> HttpResponse:
    """Show one matter that names this merchant; take a proof of correction or an objection."""
    finding = get_object_or_404(queries.matters_of(link.premises, link.merchant), pk=pk)
    if request.method != "POST":
        return render(request, "field/shop/matter.html", _page(link, finding, at))
    kind = "objection" if request.POST.get("kind") == "objection" else "proof"
    try:
        _take(request, kind, finding, link, at)
    except Refusal as refusal:
        context = _page(link, finding, at) | {"reasons": refusal.reasons, "sent": request.POST, "kind": kind}
        return render(request, "field/shop/matter.html", context, status=refusal.status)
    return redirect("field:shop_matter", token_of(link), finding.pk)


def _take(request: HttpRequest, kind: str, finding: Finding, link: MerchantLink, at: datetime) -> None:
    words = request.POST.get("words", "")
    photos = [file.read() for file in request.FILES.getlist("photos")[: services.MOST_PHOTOS + 1]]
    given: dict[str, Any] = {"merchant": link.merchant, "photos": photos, "client_id": client_id_of(request), "at": at}
    SAID[kind](finding, **given, **({"grounds": words} if kind == "objection" else {"words": words}))


def _page(link: MerchantLink, finding: Finding, at: datetime) -> dict[str, Any]:
    order, said = queries.served_order(finding), queries.said_about(finding)
    return {
        **frame(link),
        "finding": finding,
        "name": queries.class_name(finding),
        "note": queries.office_note(finding),
        "tone": TONES[finding.state],
        "order": order,
        "running": order is not None and order.state in ("served", "due"),
        "remedies": queries.remedies_of(order) if order else [],
        "before": [shared(use.photo, at) for use in files.attachments(finding, "before")],
        "proofs": [_said(each, "proof", at) for each in said["proofs"]],
        "objections": [_said(each, "evidence", at) for each in said["objections"]],
        "may_object": not any(each.state == "received" for each in said["objections"]),
        "proof_id": uuid7(),
        "objection_id": uuid7(),
    }


def _said(row: Any, role: str, at: datetime) -> dict[str, Any]:
    return {"row": row, "photos": [shared(use.photo, at) for use in files.attachments(row, role)]}


urlpatterns = [path("shop/<str:token>/matters/<uuid:pk>/", matter, name="shop_matter")]
