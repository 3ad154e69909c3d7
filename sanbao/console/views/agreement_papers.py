"""Paper: notices instead of signatures, and letters typed in from their photos and compared by a second person."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sanbao.agreements import notices, paper_letters, queries
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement, Form, PaperEntry, ZoneNotice
from sanbao.console.views.coverage import SECTION
from sanbao.core import clock, documents, files
from sanbao.core.access import require
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.models import User
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises

ROWS, PHOTOS = 50, 6
WHEN_WRONG = gettext_noop("Write the day and hour as year-month-day hour:minute.")
SIGNED_DAY_WRONG = gettext_noop("Write the day on which the paper was signed as year-month-day.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def zone_notice(request: HttpRequest, pk: str) -> HttpResponse:
    """Record that a letter was made known where nobody signs."""
    require(request.user, "agreement.sign")
    letter = get_object_or_404(Agreement.objects.select_related("form", "premises__segment__street", "merchant", "unit"), pk=pk)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            notices.record_notice(letter, **_noticed(request), by=request.user, at=clock.now())
            messages.success(request, _("The notice is recorded. It is no signature and has no consequence."))
            return redirect("console:agreement", letter.pk)
        except Refusal as error:
            refusal = error
            letter.refresh_from_db()
    colleagues = User.objects.filter(department__district_id=request.user.department.district_id, is_active=True)
    context = {**SECTION, "letter": letter, "manners": ZoneNotice.Manner.choices, "sent": request.POST, "refusal": refusal}
    context["colleagues"] = colleagues.exclude(pk=request.user.pk).order_by("name")
    return render(request, "console/agreements/notice.html", context, status=refusal.status if refusal else 200)


def _noticed(request: HttpRequest) -> dict[str, Any]:
    sent, second = request.POST, request.POST.get("second", "")
    return {
        "manner": sent.get("manner", ""),
        "photos": _photos(request),
        "second": User.objects.filter(pk=second).first() if second.isdigit() else None,
        "witness": sent.get("witness", ""),
        "place": sent.get("place", ""),
        "note": sent.get("note", ""),
        "noticed_at": _moment(sent.get("noticed_at", "")),
    }


def _moment(given: str) -> datetime | None:
    """A local day and hour as an instant; None when nothing was given."""
    try:
        read = parse_datetime(given) if given else None
    except ValueError:
        read = None
    if given and read is None:
        raise refuse("when_wrong", WHEN_WRONG, status=Malformed)
    return read.replace(tzinfo=clock.ZONE) if read and read.tzinfo is None else read


def _photos(request: HttpRequest) -> list[bytes]:
    return [upload.read() for upload in request.FILES.getlist("photos")[:PHOTOS]]


@require_safe
@login_required
def notice_pdf(request: HttpRequest, pk: str) -> HttpResponse:
    """The notice's paper as issued."""
    require(request.user, "agreement.view")
    notice = get_object_or_404(ZoneNotice.objects.select_related("document"), pk=pk)
    return _pdf(documents.pdf_bytes(notice.document), str(notice.pk))


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def type_in_paper(request: HttpRequest, pk: str) -> HttpResponse:
    """Type in a letter that was signed on paper, with its photos."""
    require(request.user, "agreement.sign")
    front = get_object_or_404(Premises.objects.select_related("area__unit"), pk=pk)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            entry = paper_letters.type_in(front, **_typed(request, front), by=request.user, at=clock.now())
            messages.success(request, _("Typed in. A second person now compares it with the photo."))
            return redirect("console:paper_letter", entry.pk)
        except Refusal as error:
            refusal = error
    today = clock.today()
    form = paper_letters.text_then(front, today)
    context = {
        **SECTION,
        "front": front,
        "merchant": queries.occupant_of(front, today),
        "form": form,
        "items": _choices(form, request),
        "capacities": Agreement.Capacity.choices,
        "sent": request.POST,
        "today": today,
        "refusal": refusal,
    }
    return render(request, "console/agreements/paper_new.html", context, status=refusal.status if refusal else 200)


def _choices(form: Form | None, request: HttpRequest) -> list[dict[str, Any]]:
    sent = request.POST
    return [
        {
            "item": item,
            "chosen": sent.get(f"item-{item.code}", "agreed"),
            "reason": sent.get(f"reason-{item.code}", ""),
        }
        for item in (form.items.all() if form else ())
    ]


def _typed(request: HttpRequest, front: Premises) -> dict[str, Any]:
    sent = request.POST
    try:
        signed_on = parse_date(sent.get("signed_on", ""))
    except ValueError:
        signed_on = None
    if signed_on is None:
        raise refuse("day_needed", SIGNED_DAY_WRONG, status=Malformed)
    form = paper_letters.text_then(front, signed_on)
    answers = {}
    for code in form.items.values_list("code", flat=True) if form else ():
        chosen = sent.get(f"item-{code}")
        if chosen in ("agreed", "not_applicable"):
            answers[code] = Answer(chosen == "agreed", sent.get(f"reason-{code}", "")[:200])
    return {
        "signed_on": signed_on,
        "signer_name": sent.get("signer_name", "")[:60],
        "capacity": sent.get("capacity", ""),
        "items": answers,
        "photos": _photos(request),
    }


@require_safe
@login_required
def paper_list(request: HttpRequest) -> HttpResponseBase:
    """The paper letters: those that wait for the second person first."""
    require(request.user, "agreement.view")
    state = request.GET.get("state", "")
    found = PaperEntry.objects.select_related("premises", "merchant", "form", "typed_by", "compared_by", "letter")
    found = found.filter(state=state) if state in PaperEntry.State.values else found
    found = found.order_by("-state", "-typed_at", "-id")
    if request.GET.get("export"):
        header = [
            _("address"),
            _("merchant"),
            _("version"),
            _("signed on"),
            _("state"),
            _("typed in by"),
            _("compared by"),
            _("letter"),
        ]
        return export_response(request, "paper", header, (_entry_cells(each) for each in found.iterator()), request.GET["export"])
    page_obj = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [{"entry": each, "tone": ENTRY_TONES[each.state]} for each in page_obj]
    context = {**SECTION, "page_obj": page_obj, "rows": rows, "states": PaperEntry.State.choices, "state": state}
    return render(request, "console/agreements/paper_list.html", context)


ENTRY_TONES = {"typed": "info", "confirmed": "ok", "rejected": "muted"}


def _entry_cells(entry: PaperEntry) -> list[Any]:
    named = [entry.premises.address, entry.merchant.name, entry.form.version, entry.signed_on, entry.get_state_display()]
    return [*named, entry.typed_by, entry.compared_by or "", entry.letter.number if entry.letter else ""]


@require_safe
@login_required
def paper_letter(request: HttpRequest, pk: str) -> HttpResponse:
    """One paper letter: what was typed beside its photos, to be compared."""
    require(request.user, "agreement.view")
    related = ("premises", "merchant", "form", "typed_by", "compared_by", "letter")
    entry = get_object_or_404(PaperEntry.objects.select_related(*related), pk=pk)
    rows = [{"item": item, "answer": entry.items.get(item.code, {})} for item in entry.form.items.all()]
    photos = [each.photo for each in files.attachments(entry, paper_letters.PHOTO_ROLE)]
    context = {**SECTION, "entry": entry, "tone": ENTRY_TONES[entry.state], "rows": rows, "photos": photos}
    context["mine"] = entry.typed_by_id == request.user.pk
    return render(request, "console/agreements/paper.html", context)


@require_POST
@login_required
def compare_paper(request: HttpRequest, pk: str) -> HttpResponse:
    """Confirm or reject what was typed in."""
    entry = get_object_or_404(PaperEntry.objects.select_related("form", "premises__area", "merchant"), pk=pk)
    if request.POST.get("act") == "confirm":
        letter = paper_letters.confirm(entry, by=request.user, at=clock.now())
        messages.success(request, _("The paper letter is confirmed and in force from the day it was signed."))
        return redirect("console:agreement", letter.pk)
    paper_letters.reject(entry, note=request.POST.get("note", ""), by=request.user, at=clock.now())
    messages.success(request, _("What was typed in has been rejected; it may be typed in again."))
    return redirect("console:paper_letter", entry.pk)


urlpatterns = [
    path("letters/<uuid:pk>/notice/", zone_notice, name="zone_notice"),
    path("letters/notices/<uuid:pk>.pdf", notice_pdf, name="notice_pdf"),
    path("letters/fronts/<uuid:pk>/paper/", type_in_paper, name="type_in_paper"),
    path("letters/paper/", paper_list, name="paper_letters"),
    path("letters/paper/<uuid:pk>/", paper_letter, name="paper_letter"),
    path("letters/paper/<uuid:pk>/compare/", compare_paper, name="compare_paper"),
]
