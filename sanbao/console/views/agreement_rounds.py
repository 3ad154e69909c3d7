"""How far one has come: all fronts that lack a letter, signing rounds with their people and progress, calls that brought nothing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sanbao.agreements import coverage, queries, reaching, rounds
from sanbao.agreements.models import SigningRound
from sanbao.console.views.coverage import SECTION, area_of, crumbs
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.models import User
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area, Merchant, Premises

ROWS = 50
TONES = {
    reaching.SIGNED: "ok",
    reaching.NOTIFIED: "info",
    reaching.REFUSED: "info",
    reaching.PUT_OFF: "muted",
    reaching.HANDED: "info",
    reaching.NOT_MET: "warn",
    reaching.SHUT: "warn",
    reaching.DRAFTED: "muted",
    reaching.UNTOUCHED: "muted",
}
DAY_WRONG = gettext_noop("Write the days as year-month-day.")


@require_safe
@login_required
def reach(request: HttpRequest) -> HttpResponseBase:
    """Every front of an area that lacks a letter, and how far one has come with each."""
    require(request.user, "agreement.view")
    area, today = area_of(request), clock.today()
    return _page(request, "console/agreements/reach.html", reaching.fronts(area, today), {"area": area, "crumbs": crumbs(area)})


@require_safe
@login_required
def signing_round(request: HttpRequest, pk: str) -> HttpResponseBase:
    """One round: progress, the worklist in walking order, and, when it is closed, who was left."""
    require(request.user, "agreement.view")
    row = get_object_or_404(SigningRound.objects.select_related("area", "unit", "form"), pk=pk)
    left = [{**each, "label": reaching.LABELS[each["reach"]], "tone": TONES[each["reach"]]} for each in row.left]
    people = [member.person for member in row.members.select_related("person")]
    context = {"round": row, "people": people, "area": row.area, "crumbs": crumbs(row.area), "left": left}
    context["late"] = row.closed_at is None and row.until_on < clock.today()
    return _page(request, "console/agreements/round.html", rounds.fronts_of(row, clock.today()), context)


def _page(request: HttpRequest, template: str, fronts: QuerySet[Premises], more: dict[str, Any]) -> HttpResponseBase:
    """The list of fronts with how far one has come; filters in the address, export of what is shown."""
    today, word = clock.today(), request.GET.get("reach", "")
    progress = reaching.progress(fronts, today)
    shown = reaching.due(fronts, today) if word == "due" else fronts
    shown = shown.filter(reach=word) if word in reaching.WORDS else shown
    shown = queries.walking_order(shown.select_related("area", "segment", "segment__street"))
    if request.GET.get("export"):
        header = [
            _("street"), _("segment"), _("side"), _("code"), _("address"), _("name on the sign"), _("operator"), _("state"),
            _("how far"), _("last call"), _("next try"), _("waiting letter"),
        ]  # fmt: skip
        return export_response(request, "reach", header, (_cells(row) for row in _rows(shown, today)), request.GET["export"])
    page_obj = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        **more,
        "progress": progress,
        "word": word,
        "page_obj": page_obj,
        "rows": _rows(page_obj.object_list, today),
        "today": today,
    }
    return render(request, template, context)


def _rows(fronts: Any, today: date) -> list[dict[str, Any]]:
    found = list(fronts)
    waiting, calls = queries.waiting_letters([each.pk for each in found]), reaching.calls_at(found, today)
    names = dict(Merchant.objects.filter(pk__in={each.occupant for each in found if each.occupant}).values_list("pk", "name"))
    return [
        {
            "front": each,
            "occupant": names.get(each.occupant, ""),
            "label": coverage.LABELS[each.kind],
            "reach": reaching.LABELS[each.reach],
            "tone": TONES[each.reach],
            "due": each.next_on is not None and each.next_on <= today and each.reach != reaching.SIGNED,
            "calls": calls.get(each.pk, []),
            "waiting": waiting.get(each.pk),
        }
        for each in found
    ]


def _cells(row: dict[str, Any]) -> list[Any]:
    front = row["front"]
    street, number = (front.segment.street.name, front.segment.number) if front.segment else ("", "")
    place = [street, number, front.get_side_display(), front.code, front.address, front.sign_name]
    waiting = row["waiting"].number if row["waiting"] else ""
    return [*place, row["occupant"], row["label"], row["reach"], front.called_on, front.next_on, waiting]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def signing_rounds(request: HttpRequest) -> HttpResponseBase:
    """All rounds with their progress; a new one is opened here."""
    require(request.user, "agreement.view")
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            row = _opened(request)
            return redirect("console:signing_round", row.pk)
        except Refusal as error:
            refusal = error
    today = clock.today()
    found = SigningRound.objects.select_related("area", "unit")
    if request.GET.get("export"):
        header = [_("name"), _("area"), _("unit"), _("from"), _("until"), _("closed on"), _("fronts"), _("reached"), _("signed")]
        lines = (_round_cells(row, today) for row in found)
        return export_response(request, "rounds", header, lines, request.GET["export"])
    page_obj = Paginator(found, 20).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "page_obj": page_obj,
        "rows": [{"round": row, "progress": _progress(row, today)} for row in page_obj],
        "areas": Area.objects.order_by("path"),
        "people": User.objects.filter(department__district_id=request.user.department.district_id, is_active=True).order_by(
            "name"
        ),
        "today": today,
        "sent": request.POST,
        "refusal": refusal,
    }
    return render(request, "console/agreements/rounds.html", context, status=refusal.status if refusal else 200)


def _progress(row: SigningRound, today: date) -> reaching.Progress:
    return reaching.progress(rounds.fronts_of(row, today), today)


def _round_cells(row: SigningRound, today: date) -> list[Any]:
    found = _progress(row, today)
    named = [row.name, row.area.name, row.unit.name, row.from_on, row.until_on, row.closed_on]
    return [*named, found.total, found.reached, found.count[reaching.SIGNED]]


def _opened(request: HttpRequest) -> SigningRound:
    sent = request.POST
    ids = [pk for pk in sent.getlist("people") if pk.isdigit()]
    people = User.objects.filter(pk__in=ids, department__district_id=request.user.department.district_id)
    return rounds.open_round(
        sent.get("name", ""),
        area=get_object_or_404(Area.objects.select_related("unit", "parent"), code=sent.get("area", "")),
        people=list(people),
        from_on=_day(sent.get("from", ""), DAY_WRONG),
        until_on=_day(sent.get("until", ""), DAY_WRONG),
        by=request.user,
        at=clock.now(),
    )


def _day(given: str, message: str) -> date:
    try:
        day = parse_date(given)
    except ValueError:
        day = None
    if day is None:
        raise refuse("day_needed", message, status=Malformed)
    return day


@require_POST
@login_required
def close_round(request: HttpRequest, pk: str) -> HttpResponse:
    """Close a round; who is left is written down."""
    row = get_object_or_404(SigningRound.objects.select_related("area"), pk=pk)
    rounds.close_round(row, note=request.POST.get("note", ""), by=request.user, at=clock.now())
    messages.success(request, _("The round is closed."))
    return redirect("console:signing_round", row.pk)


@require_POST
@login_required
def record_attempt(request: HttpRequest, pk: str) -> HttpResponse:
    """Record a call at a front that brought no signature."""
    front = get_object_or_404(Premises, pk=pk)
    next_on = request.POST.get("next_on", "")
    rounds.record_attempt(
        front,
        result=request.POST.get("result", ""),
        note=request.POST.get("note", ""),
        next_on=_day(next_on, DAY_WRONG) if next_on else None,
        by=request.user,
        at=clock.now(),
    )
    messages.success(request, _("The call is recorded."))
    return redirect("console:premises_letters", front.pk)


urlpatterns = [
    path("agreements/reach/", reach, name="reach"),
    path("agreements/rounds/", signing_rounds, name="signing_rounds"),
    path("agreements/rounds/<uuid:pk>/", signing_round, name="signing_round"),
    path("agreements/rounds/<uuid:pk>/close/", close_round, name="close_round"),
    path("letters/fronts/<uuid:pk>/attempt/", record_attempt, name="record_attempt"),
]
