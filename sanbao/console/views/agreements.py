"""Letters: the list, the page of one letter with its steps, the links to print, and the letters of one front."""

from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements import batches, coverage, papers, queries, services
from sanbao.agreements.lifecycle import OPEN
from sanbao.agreements.models import Agreement, Attempt, Exemption, PaperEntry
from sanbao.agreements.zones import drawing
from sanbao.agreements.zones import queries as zones
from sanbao.console.views.coverage import TONES, area_of, crumbs
from sanbao.core import clock, documents, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises

SECTION = {"section": "agreements"}
ROWS, LINKS = 50, 60
STATE_TONES = {
    "draft": "muted",
    "served": "info",
    "signed": "ok",
    "refused": "warn",
    "notified": "info",
    "ended": "muted",
    "superseded": "muted",
}
DAY_NEEDED = gettext_noop("Write the first day as year-month-day.")


@require_safe
@login_required
def agreements(request: HttpRequest) -> HttpResponseBase:
    """All letters, newest first."""
    require(request.user, "agreement.view")
    area = area_of(request) if request.GET.get("area") else None
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.letters(area=area, state=state, text=text)
    if request.GET.get("export"):
        header = [
            _("number"),
            _("state"),
            _("address"),
            _("merchant"),
            _("unit"),
            _("version"),
            _("signed on"),
            _("from"),
            _("until"),
        ]
        rows = (
            [
                each.number, each.get_state_display(), each.premises.address, each.merchant.name, each.unit, each.form.version,
                each.signed_on, each.term_from, each.term_until,
            ]
            for each in found.iterator()
        )  # fmt: skip
        return export_response(request, "letters", header, rows, request.GET["export"])
    page_obj = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "page_obj": page_obj,
        "rows": [{"letter": each, "tone": STATE_TONES[each.state]} for each in page_obj],
        "states": Agreement.State.choices,
        "state": state,
        "text": text,
        "area": area,
    }
    return render(request, "console/agreements/list.html", context)


def _letter(pk: Any) -> Agreement:
    get_object_or_404(Agreement, pk=pk)
    return queries.letter(pk)


@require_safe
@login_required
def agreement(request: HttpRequest, pk: str) -> HttpResponse:
    """One letter: parties, items, evidence, paper, link, what can be done and what was done."""
    require(request.user, "agreement.view")
    letter, at = _letter(pk), clock.now()
    alive = queries.link_is_alive(letter, at) and not queries.why_not_signable(letter, at)
    context = {
        **SECTION,
        "letter": letter,
        "tone": STATE_TONES[letter.state],
        "zones": _zones(letter),
        "link": request.build_absolute_uri(services.link_path(letter)) if alive else "",
        "entries": journal.entries_of(letter),
        "may_serve": letter.state in OPEN,
        "may_refuse": letter.state in ("served", "notified"),
        "may_end": letter.state in (*OPEN, "signed"),
        "lapsed": letter.state == "signed" and queries.standing_of(letter, clock.today()) == "ended",
        "may_notify": letter.state in OPEN,
        "notices": letter.notices.select_related("by", "second", "document"),
        "not_applicable": letter.item_states.filter(answer="not_applicable").count(),
    }
    if context["link"]:
        context["qr"] = _qr(context["link"])
    return render(request, "console/agreements/letter.html", context)


def _zones(letter: Agreement) -> list[dict[str, Any]]:
    """The zones as the letter was signed with them; before that, as they are today."""
    if letter.document:
        return letter.document.facts.get("zones", [])
    return drawing.shown(zones.zone_of(letter.premises, clock.today()))


@require_safe
@login_required
def agreement_pdf(request: HttpRequest, pk: str) -> HttpResponse:
    """The paper as issued; before the signature, a preview of it."""
    require(request.user, "agreement.view")
    letter = _letter(pk)
    if letter.document:
        data = documents.pdf_bytes(letter.document)
    else:
        facts = papers.letter_facts(letter)
        data = documents.preview(papers.TEMPLATE, facts, kind=papers.KIND, title=letter.form.title, department=letter.unit)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{letter.pk}.pdf"'
    return response


def _step(act: Callable[[Agreement, HttpRequest], object], done: str) -> Callable[..., HttpResponse]:
    """A button of the letter's page: do it, say so, come back."""

    @require_POST
    @login_required
    def view(request: HttpRequest, pk: str) -> HttpResponse:
        letter = _letter(pk)
        act(letter, request)
        messages.success(request, _(done))
        return redirect("console:agreement", letter.pk)

    return view


def _hand_over(letter: Agreement, request: HttpRequest) -> None:
    services.signing_link(letter, by=request.user, at=clock.now())


def _refuse(letter: Agreement, request: HttpRequest) -> None:
    services.record_refusal(letter, note=request.POST.get("note", "")[:300], by=request.user, at=clock.now())


def _end(letter: Agreement, request: HttpRequest) -> None:
    services.end_agreement(letter, note=request.POST.get("note", "")[:300], by=request.user, at=clock.now())


agreement_link = _step(_hand_over, gettext_noop("The personal link is ready."))
agreement_refuse = _step(_refuse, gettext_noop("It is recorded that the signature was declined. This has no consequence."))
agreement_end = _step(_end, gettext_noop("The letter has been ended."))


@never_cache
@require_safe
@login_required
def signing_links(request: HttpRequest) -> HttpResponse:
    """The letters that wait for signature with their links as QR codes, in walking order, to print and carry along."""
    require(request.user, "agreement.plan")
    area, at = area_of(request), clock.now()
    found = queries.to_be_signed(area, at)
    page_obj = Paginator(found, LINKS).get_page(request.GET.get("page"))
    rows = [{"letter": each, "link": request.build_absolute_uri(services.link_path(each))} for each in page_obj]
    for row in rows:
        row["qr"] = _qr(row["link"])
    context = {**SECTION, "area": area, "crumbs": crumbs(area), "page_obj": page_obj, "rows": rows}
    return render(request, "console/agreements/links.html", context)


def _qr(link: str) -> str:
    """A QR code as a data address for an image."""
    return segno.make(link, error="m", micro=False).svg_data_uri(border=2, scale=1)


@require_safe
@login_required
def premises_letters(request: HttpRequest, pk: str) -> HttpResponse:
    """One front: its state today, its operator, its letters and exemptions."""
    require(request.user, "agreement.view")
    today = clock.today()
    front = get_object_or_404(Premises.objects.select_related("area", "segment__street"), pk=pk)
    now = coverage.classified(None, today, Premises.objects.filter(pk=pk)).get()
    context = {
        **SECTION,
        "front": front,
        "label": coverage.LABELS[now.kind],
        "tone": TONES[now.kind],
        "attempts": Attempt.objects.filter(premises=front).select_related("by").order_by("-at"),
        "results": Attempt.Result.choices,
        "entries": PaperEntry.objects.filter(premises=front).order_by("-typed_at"),
        "merchant": queries.occupant_of(front, today),
        "letters": [{"letter": each, "tone": STATE_TONES[each.state]} for each in queries.letters_of(front)],
        "zones": drawing.shown(zones.zone_of(front, today)),
        "exemptions": Exemption.objects.filter(premises=front).order_by("from_on", "id"),
        "reasons": Exemption.ReasonCode.choices,
        "crumbs": crumbs(front.area),
        "today": today,
    }
    return render(request, "console/agreements/front.html", context)


@require_POST
@login_required
def draft_one(request: HttpRequest, pk: str) -> HttpResponse:
    """Draft the letter of one front and make its link."""
    front = get_object_or_404(Premises.objects.select_related("area", "area__unit"), pk=pk)
    done = batches.draft_letters([front], by=request.user, at=clock.now())
    if done.refused:
        raise done.refused[0][1]
    return redirect("console:agreement", done.letters[0].pk)


@require_POST
@login_required
def exempt(request: HttpRequest, pk: str) -> HttpResponse:
    """Exempt one front for a reason."""
    front = get_object_or_404(Premises, pk=pk)
    services.exempt_premises(
        front,
        reason_code=request.POST.get("reason_code", ""),
        reason=request.POST.get("reason", "")[:300],
        from_on=_day(request, "from_on") or clock.today(),
        until_on=_day(request, "until_on"),
        by=request.user,
        at=clock.now(),
    )
    messages.success(request, _("The exemption is recorded."))
    return redirect("console:premises_letters", front.pk)


def _day(request: HttpRequest, name: str) -> Any:
    given = request.POST.get(name, "").strip()
    try:
        day = parse_date(given) if given else None
    except ValueError:
        day = None
    if given and day is None:
        raise refuse("day_needed", DAY_NEEDED, status=Malformed)
    return day


urlpatterns = [
    path("letters/", agreements, name="agreements"),
    path("letters/links/", signing_links, name="signing_links"),
    path("letters/fronts/<uuid:pk>/", premises_letters, name="premises_letters"),
    path("letters/fronts/<uuid:pk>/draft/", draft_one, name="draft_letter"),
    path("letters/fronts/<uuid:pk>/exempt/", exempt, name="exempt_premises"),
    path("letters/<uuid:pk>/", agreement, name="agreement"),
    path("letters/<uuid:pk>/letter.pdf", agreement_pdf, name="agreement_pdf"),
    path("letters/<uuid:pk>/link/", agreement_link, name="agreement_link"),
    path("letters/<uuid:pk>/refuse/", agreement_refuse, name="agreement_refuse"),
    path("letters/<uuid:pk>/end/", agreement_end, name="agreement_end"),
]
