"""Zones of a street segment to scale, what is decided about them on the spot, blind spots of an area, and the rule that is followed."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements import strip as strips_room
from sanbao.agreements.zones import blind_spots as spots_room
from sanbao.agreements.zones import drawing as plans_room
from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones import rules as zone_rules
from sanbao.agreements.zones import services as zone_services
from sanbao.agreements.zones import tiling
from sanbao.agreements.zones.models import AdditionalFrontage, NoFrontRange, ZoneDecision, ZoneRuleChoice
from sanbao.console.pictures import strip as drawing
from sanbao.console.views.coverage import area_of, crumbs, day_of
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises, Segment

SECTION = {"section": "agreements"}
ROWS = 100
NUMBER_NEEDED = gettext_noop("Write metres as a number, for example 12.5.")
ROW_UNKNOWN = gettext_noop("What this is about was not sent. Go back to the page of the street and choose it there.")
FRONT_UNKNOWN = gettext_noop("No front has the code “%(code)s”. It stands on the page of the front and in every list.")
TONES = {tiling.ZONE: "ok", tiling.EXPLAINED: "info", tiling.NOBODY: "bad"}
SPOT_TONES = {spots_room.UNEXPLAINED: "bad", spots_room.NOBODYS: "bad", spots_room.OVERLAP: "bad"}


@require_safe
@login_required
def segment_zones(request: HttpRequest, pk: str) -> HttpResponse:
    """One street segment: the picture, each side in words, the forms to mend it, and every decision with its undoing."""
    require(request.user, "agreement.view")
    on = day_of(request)
    segment = get_object_or_404(Segment.objects.select_related("street", "area"), pk=pk)
    strip = strips_room.strip_of(segment, on)
    rule, chosen = zones.rule_on(on)
    rows = ZoneDecision.objects.filter(segment=segment).select_related("premises", "neighbour", "by")
    context = {
        **SECTION,
        "on": on,
        "today": on == clock.today(),
        "segment": segment,
        "crumbs": crumbs(segment.area),
        "picture": drawing.picture(strip),
        "legend": drawing.LEGEND,
        "sides": [_side(strip.plans[side]) for side in zones.SIDES],
        "rule": rule,
        "chosen": chosen,
        "decisions": rows.order_by("-recorded_at", "-id"),
        "ranges": NoFrontRange.objects.filter(segment=segment).select_related("by").order_by("side", "start_m", "id"),
        "frontages": AdditionalFrontage.objects.filter(segment=segment).select_related("premises", "by"),
        "range_reasons": NoFrontRange.Reason.choices,
        "frontage_kinds": AdditionalFrontage.Kind.choices,
        "entrances": ZoneDecision.Entrance.choices,
    }
    return render(request, "console/agreements/segment_zones.html", context)


def _side(plan: zones.SidePlan) -> dict[str, Any]:
    """One side for the page: its tiles in words with the boundary to the next, what wants mending, and its widths."""
    tiles = plan.tiling.tiles
    return {
        "plan": plan,
        "name": dict(Premises.Side.choices)[plan.side],
        "rows": [_row(plan, place) for place in range(len(tiles))],
        "spots": [{"spot": spot, "tone": SPOT_TONES.get(spot.kind, "warn")} for spot in spots_room.spots_of(plan)],
        "fronts": [(pk, name) for pk, name in plan.names.items()],
        "pavement": _in_metres(plan.pavement),
        "road": _in_metres(plan.road),
    }


def _row(plan: zones.SidePlan, place: int) -> dict[str, Any]:
    tile, names = plan.tiling.tiles[place], plan.names
    following = plan.tiling.tiles[place + 1] if place + 1 < len(plan.tiling.tiles) else None
    row = {
        "start": zones.metres(tile.start),
        "end": zones.metres(tile.end),
        "metres": zones.metres(tile.width),
        "tone": TONES[tile.kind],
        "holders": [(pk, names[pk]) for pk in tile.holders],
        "words": {tiling.ZONE: "", tiling.EXPLAINED: zones.reason_of(tile) or _("no fronts on this side")}.get(
            tile.kind, _("nobody's")
        ),
        "kind": tile.kind,
    }
    if tile.holders:
        row["zone"] = zone = zones.zone_at(plan, place)
        row["depth"] = plans_room.depth_text(zone.depth)
    if tile.holders and following and following.holders:
        row["pair"] = (tile.holders[0], following.holders[0])
        row["next"] = names[following.holders[0]]
    return row


@require_safe
@login_required
def blind_spots(request: HttpRequest) -> HttpResponseBase:
    """What wants mending in an area, street by street: metres without anybody, double claims, contradictions."""
    require(request.user, "agreement.view")
    area, on = area_of(request), day_of(request)
    found = spots_room.blind_spots(area, on)
    totals, kind, street = spots_room.sums(found), request.GET.get("kind", ""), request.GET.get("street", "").strip()
    shown = [spot for spot in found if kind in ("", spot.kind) and street in spot.segment.street.name]
    if request.GET.get("export"):
        return _export(request, shown)
    context = {
        **SECTION,
        "area": area,
        "on": on,
        "crumbs": crumbs(area),
        "totals": [{"sum": each, "tone": SPOT_TONES.get(each.kind, "warn")} for each in totals],
        "page_obj": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "kind": kind,
        "street": street,
        "kinds": [(key, label) for key, label in spots_room.LABELS.items()],
        "tones": SPOT_TONES,
        "shown_metres": sum((spot.metres for spot in shown), Decimal(0)),
    }
    return render(request, "console/agreements/blind_spots.html", context)


def _export(request: HttpRequest, shown: list[spots_room.Spot]) -> HttpResponseBase:
    header = [_("street"), _("segment"), _("area"), _("side"), _("from, m"), _("to, m"), _("metres"), _("what"), _("about")]
    sides = dict(Premises.Side.choices)
    rows = (
        [
            spot.segment.street.name, spot.segment.number, spot.segment.area.name, sides[spot.side], spot.start, spot.end, spot.metres,
            spot.label, spot.about,
        ]
        for spot in shown
    )  # fmt: skip
    return export_response(request, "blind-spots", header, rows, request.GET["export"])


@login_required
def zone_rule(request: HttpRequest) -> HttpResponse:
    """The rules there are, where they come from, which is followed from when; the district chooses here."""
    require(request.user, "agreement.view")
    if request.method == "POST":
        zone_services.choose_rule(
            request.POST.get("rule", ""), reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )
        messages.success(request, _("From today on zones follow this rule."))
        return redirect("console:zone_rule")
    rule, chosen = zones.rule_on(clock.today())
    titles = {each.name: each.title for each in zone_rules.known_rules()}
    history = [
        {"choice": each, "title": titles.get(each.rule, each.rule)} for each in ZoneRuleChoice.objects.select_related("by").all()
    ]
    context = {**SECTION, "rules": zone_rules.known_rules(), "rule": rule, "chosen": chosen, "history": history}
    return render(request, "console/agreements/zone_rule.html", context)


@require_POST
@login_required
def change_zones(request: HttpRequest, pk: str) -> HttpResponse:
    """One change of a segment's zones, named by `act`; whatever is wrong is refused and nothing is written."""
    segment = get_object_or_404(Segment.objects.select_related("street"), pk=pk)
    act = CHANGES.get(request.POST.get("act", ""))
    if act is None:
        raise refuse("unknown_kind", zone_services.UNKNOWN_KIND, status=Malformed)
    act(request, segment, request.user, clock.now())
    messages.success(request, _("It is done; the picture shows it."))
    return redirect("console:segment_zones", segment.pk)


def _explain(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    code, reason = request.POST.get("reason_code", ""), request.POST.get("reason", "")
    zone_services.explain_range(
        segment, _said(request, "side"), *_stretch(request), reason_code=code, reason=reason, by=by, at=at
    )


def _end_range(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    zone_services.end_range(_sent_row(request, NoFrontRange, "row", segment=segment), by=by, at=at)


def _measure(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    widths = {name: _metres(request, name, needed=False) for name in ("pavement_m", "road_m")}
    zone_services.measure_side(segment, _said(request, "side"), **widths, by=by, at=at)


def _front_again(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    front = Premises.objects.filter(code=_said(request, "code")).first()
    if front is None:
        raise refuse("front_unknown", FRONT_UNKNOWN, status=Malformed, code=_said(request, "code"))
    zone_services.add_frontage(
        front, segment, _said(request, "side"), *_stretch(request), kind=_said(request, "kind"), by=by, at=at
    )


def _end_frontage(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    zone_services.end_frontage(_sent_row(request, AdditionalFrontage, "row", segment=segment), by=by, at=at)


def _boundary(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    before, after = (_front(request, name) for name in ("before", "after"))
    at_m = _metres(request, "at_m")
    zone_services.decide_boundary(
        before, after, segment, _said(request, "side"), at_m, reason=_said(request, "reason"), by=by, at=at
    )


def _depth(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    front, depth = _front(request, "premises"), _metres(request, "depth_m")
    zone_services.decide_depth(front, segment, _said(request, "side"), depth, reason=_said(request, "reason"), by=by, at=at)


def _entrance(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    front, of = _front(request, "premises"), _said(request, "entrance")
    zone_services.declare_entrance(front, segment, _said(request, "side"), of, reason=_said(request, "reason"), by=by, at=at)


def _undo(request: HttpRequest, segment: Segment, by: User, at: datetime) -> None:
    row = _sent_row(request, ZoneDecision, "row", segment=segment)
    zone_services.undo_decision(row, reason=_said(request, "reason"), by=by, at=at)


CHANGES: dict[str, Callable[[HttpRequest, Segment, User, datetime], None]] = {
    "explain": _explain,
    "end_range": _end_range,
    "measure": _measure,
    "front_again": _front_again,
    "end_frontage": _end_frontage,
    "boundary": _boundary,
    "depth": _depth,
    "entrance": _entrance,
    "undo": _undo,
}


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()


def _front(request: HttpRequest, name: str) -> Premises:
    """The front whose id was sent."""
    return _sent_row(request, Premises, name)


def _sent_row(request: HttpRequest, model: Any, name: str, **where: Any) -> Any:
    """The row whose id was sent; refused when it is no id, 404 when there is no such row."""
    try:
        return get_object_or_404(model, pk=_said(request, name), **where)
    except (ValueError, ValidationError) as error:
        raise refuse("row_unknown", ROW_UNKNOWN, status=Malformed) from error


def _stretch(request: HttpRequest) -> tuple[Decimal, Decimal]:
    return _metres(request, "start_m"), _metres(request, "end_m")


def _metres(request: HttpRequest, name: str, *, needed: bool = True) -> Any:
    """Metres to the centimetre as sent; None for an empty field that may be empty. Raises `Malformed`."""
    said = _said(request, name)
    if not said and not needed:
        return None
    try:
        given = Decimal(said)
        if given.is_finite():
            return given.quantize(Decimal("0.01"))
    except InvalidOperation:
        pass
    raise refuse("number_needed", NUMBER_NEEDED, status=Malformed)


def _in_metres(cm: int | None) -> Decimal | None:
    return None if cm is None else zones.metres(cm)


urlpatterns = [
    path("zones/", blind_spots, name="blind_spots"),
    path("zones/rule/", zone_rule, name="zone_rule"),
    path("zones/<uuid:pk>/", segment_zones, name="segment_zones"),
    path("zones/<uuid:pk>/change/", change_zones, name="change_zones"),
]
