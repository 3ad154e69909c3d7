"""The one way to change what zones follow from: rule, widths, explained stretches, further frontages, decisions on the spot and their undoing.

Rows are ended and written anew, never changed, so that every past day keeps its zones. No change here has a consequence for a merchant
but where the zone lies; letters already signed keep the drawing they were signed with.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones.models import AdditionalFrontage, Dated, NoFrontRange, SideMeasure, ZoneDecision, ZoneRuleChoice
from sanbao.agreements.zones.rules import centimetres, read_rule
from sanbao.agreements.zones.tiling import Boundary
from sanbao.core import clock, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises, Segment

WIDEST_M = Decimal(99)
UNKNOWN_RULE = gettext_noop("There is no zone rule of this name. Choose one of the list.")
SAME_RULE = gettext_noop("This rule is in force already.")
REASON_NEEDED = gettext_noop("Say why, in words that somebody else will understand in a year.")
BAD_SIDE = gettext_noop("Name the side of the street: left or right, seen in the walking direction of the segment.")
BAD_STRETCH = gettext_noop("A stretch begins at 0 m or later, ends at %(length)s m or earlier, and is longer than nothing.")
BAD_WIDTH = gettext_noop("Widths are metres from 0 to 99; a side needs at least one of them.")
EXPLAINED_ALREADY = gettext_noop("From %(start)s m to %(end)s m an explanation stands already. End that one first.")
FRONT_STANDS = gettext_noop("“%(front)s” is recorded from %(start)s m to %(end)s m. Correct its place first.")
UNKNOWN_KIND = gettext_noop("Choose one of the kinds of the list.")
OWN_FRONT = gettext_noop("The premises front there already, from %(start)s m to %(end)s m.")
NOT_NEIGHBOURS = gettext_noop("These two are not neighbours on this side, so they have no common boundary.")
OUT_OF_REACH = gettext_noop(
    "The boundary must lie before the front of one of the two, with something left for both: after %(low)s m and before %(high)s m."
)
NOT_HERE = gettext_noop("These premises have no front on this side.")
BAD_DEPTH = gettext_noop("The depth of a zone is more than 0 and at most 99 metres.")
OVER_ALREADY = gettext_noop("Somebody else has just ended this. Look at the street again.")


@transaction.atomic
def choose_rule(name: str, *, reason: str, by: User, at: datetime) -> ZoneRuleChoice:
    """Follow the rule `texts/<name>.toml` from today on; past days keep the rule of their time."""
    require(by, "agreement.issue", at)
    try:
        read_rule(name)
    except KeyError as error:
        raise refuse("unknown_rule", UNKNOWN_RULE, status=Malformed) from error
    _insist_reason(reason)
    present = ZoneRuleChoice.objects.filter(ended_on__isnull=True).first()
    if present and present.rule == name:
        raise refuse("same_rule", SAME_RULE)
    if present:
        _end(present, at)
    choice = ZoneRuleChoice.objects.create(rule=name, reason=reason.strip()[:300], **_dated(by, at))
    journal.record("zone_rule.chosen", choice, by=by, at=at, rule=name)
    return choice


@transaction.atomic
def measure_side(
    segment: Segment, side: str, *, pavement_m: Decimal | None, road_m: Decimal | None, by: User, at: datetime
) -> SideMeasure:
    """Enter how wide the pavement is (0: none) and how far the kerb is from the centre line, metres; None for what was not measured."""
    require(by, "register.edit", at)
    _insist_side(side)
    given = [each for each in (pavement_m, road_m) if each is not None]
    if not given or not all(0 <= each <= WIDEST_M for each in given):
        raise refuse("bad_width", BAD_WIDTH, status=Malformed)
    present = SideMeasure.objects.filter(segment=segment, side=side, ended_on__isnull=True).first()
    if present:
        _end(present, at)
    width = SideMeasure.objects.create(segment=segment, side=side, pavement_m=pavement_m, road_m=road_m, **_dated(by, at))
    journal.record("side.measured", width, by=by, at=at, segment=str(segment.pk), side=side)
    return width


@transaction.atomic
def explain_range(
    segment: Segment, side: str, start_m: Decimal, end_m: Decimal, *, reason_code: str, reason: str = "", by: User, at: datetime
) -> NoFrontRange:
    """Say why nothing fronts on a stretch; refused where a front or another explanation stands."""
    require(by, "register.edit", at)
    _insist_stretch(segment, side, start_m, end_m)
    if reason_code not in NoFrontRange.Reason.values:
        raise refuse("unknown_kind", UNKNOWN_KIND, status=Malformed)
    if reason_code == NoFrontRange.Reason.OTHER:
        _insist_reason(reason)
    plan = zones.plan_of(segment, side, clock.local_day(at))
    for each in plan.ranges:
        if each.start_m < end_m and each.end_m > start_m:
            raise refuse("explained_already", EXPLAINED_ALREADY, start=each.start_m, end=each.end_m)
    for front in plan.fronts:
        if front.start < end_m and front.end > start_m:
            raise refuse("front_stands", FRONT_STANDS, front=front.name or front.address, start=front.start, end=front.end)
    row = NoFrontRange.objects.create(
        segment=segment,
        side=side,
        start_m=start_m,
        end_m=end_m,
        reason_code=reason_code,
        reason=reason.strip()[:200],
        **_dated(by, at),
    )
    journal.record("range.explained", row, by=by, at=at, segment=str(segment.pk), reason_code=reason_code)
    return row


@transaction.atomic
def end_range(row: NoFrontRange, *, by: User, at: datetime) -> NoFrontRange:
    """The explanation no longer holds from today on; the stretch is a gap again."""
    require(by, "register.edit", at)
    _end(row, at)
    journal.record("range.ended", row, by=by, at=at, segment=str(row.segment_id))
    return row


@transaction.atomic
def add_frontage(
    premises: Premises, segment: Segment, side: str, start_m: Decimal, end_m: Decimal, *, kind: str, by: User, at: datetime
) -> AdditionalFrontage:
    """Give premises one more front: round a corner, on a back lane, or a stair they share. Overlaps are left for the strip to show."""
    require(by, "register.edit", at)
    _insist_stretch(segment, side, start_m, end_m)
    if kind not in AdditionalFrontage.Kind.values:
        raise refuse("unknown_kind", UNKNOWN_KIND, status=Malformed)
    for front in zones.plan_of(segment, side, clock.local_day(at)).fronts:
        if front.holder == premises.pk and front.start < end_m and front.end > start_m:
            raise refuse("own_front", OWN_FRONT, start=front.start, end=front.end)
    row = AdditionalFrontage.objects.create(
        premises=premises, segment=segment, side=side, start_m=start_m, end_m=end_m, kind=kind, **_dated(by, at)
    )
    journal.record("frontage.added", row, by=by, at=at, premises=str(premises.pk), segment=str(segment.pk))
    return row


@transaction.atomic
def end_frontage(row: AdditionalFrontage, *, by: User, at: datetime) -> AdditionalFrontage:
    """The premises front there no longer from today on."""
    require(by, "register.edit", at)
    _end(row, at)
    journal.record("frontage.ended", row, by=by, at=at, premises=str(row.premises_id), segment=str(row.segment_id))
    return row


@transaction.atomic
def decide_boundary(
    before: Premises, after: Premises, segment: Segment, side: str, at_m: Decimal, *, reason: str, by: User, at: datetime
) -> ZoneDecision:
    """Set the boundary between two neighbours (`before` comes first along the segment) to `at_m`; it moves for both, so nothing is lost."""
    require(by, "agreement.plan", at)
    _insist_side(side)
    _insist_reason(reason)
    plan = zones.plan_of(segment, side, clock.local_day(at))
    others = [each for each in plan.decisions if not (each.kind == ZoneDecision.Kind.BOUNDARY and each.premises_id == before.pk)]
    row = ZoneDecision(
        kind=ZoneDecision.Kind.BOUNDARY, segment=segment, side=side, premises=before, neighbour=after, at_m=at_m,
        reason=reason.strip()[:300], **_dated(by, at),
    )  # fmt: skip
    found = zones.tiling_of(segment, side, plan.rule, plan.fronts, plan.ranges, [*others, row])
    if Boundary(before.pk, after.pk, centimetres(at_m)) in found.void:
        raise _why_void(plan, before, after)
    return _decided("boundary.decided", row, by, at)


@transaction.atomic
def decide_depth(
    premises: Premises, segment: Segment, side: str, depth_m: Decimal, *, reason: str, by: User, at: datetime
) -> ZoneDecision:
    """Set how far the zone of this front goes out from the wall, metres, whatever the rule says."""
    require(by, "agreement.plan", at)
    if not 0 < depth_m <= WIDEST_M:
        raise refuse("bad_depth", BAD_DEPTH, status=Malformed)
    row = _about(premises, segment, side, ZoneDecision.Kind.DEPTH, reason, by, at)
    row.depth_m = depth_m
    return _decided("depth.decided", row, by, at)


@transaction.atomic
def declare_entrance(
    premises: Premises, segment: Segment, side: str, entrance: str, *, reason: str, by: User, at: datetime
) -> ZoneDecision:
    """Say that this front is the entrance of a market or public facility, whose zone some rules let reach further."""
    require(by, "agreement.plan", at)
    if entrance not in ZoneDecision.Entrance.values:
        raise refuse("unknown_kind", UNKNOWN_KIND, status=Malformed)
    row = _about(premises, segment, side, ZoneDecision.Kind.ENTRANCE, reason, by, at)
    row.entrance = entrance
    return _decided("entrance.declared", row, by, at)


@transaction.atomic
def undo_decision(row: ZoneDecision, *, reason: str, by: User, at: datetime) -> ZoneDecision | None:
    """Take a decision back from today on; what it had replaced is put back and given, else the rule counts again."""
    require(by, "agreement.plan", at)
    _insist_reason(reason)
    _end(row, at, undone_reason=reason.strip()[:300])
    journal.record("decision.undone", row, by=by, at=at, segment=str(row.segment_id), kind=row.kind)
    earlier = row.replaces
    if earlier is None:
        return None
    kept = ("kind", "segment", "side", "premises", "neighbour", "at_m", "depth_m", "entrance", "reason", "replaces")
    return ZoneDecision.objects.create(**{name: getattr(earlier, name) for name in kept}, **_dated(by, at))


def _about(premises: Premises, segment: Segment, side: str, kind: str, reason: str, by: User, at: datetime) -> ZoneDecision:
    """A decision about one front, not yet written; refused where it does not stand."""
    _insist_side(side)
    _insist_reason(reason)
    plan = zones.plan_of(segment, side, clock.local_day(at))
    if premises.pk not in {front.holder for front in plan.fronts}:
        raise refuse("not_here", NOT_HERE)
    return ZoneDecision(kind=kind, segment=segment, side=side, premises=premises, reason=reason.strip()[:300], **_dated(by, at))


def _decided(action: str, row: ZoneDecision, by: User, at: datetime) -> ZoneDecision:
    """Write a decision in the place of the one that stands, and record it."""
    same = {"segment": row.segment, "side": row.side, "kind": row.kind, "premises": row.premises}
    present = ZoneDecision.objects.filter(**same, ended_on__isnull=True).first()
    if present:
        _end(present, at)
        row.replaces = present
    row.save(force_insert=True)
    journal.record(action, row, by=by, at=at, segment=str(row.segment_id), premises=str(row.premises_id))
    return row


def _why_void(plan: zones.SidePlan, before: Premises, after: Premises) -> Exception:
    """Why a boundary between two fronts cannot be where somebody wants it."""
    zone = {pk: plan.tiling.zones_of(pk) for pk in (before.pk, after.pk)}
    order = [pk for each in plan.tiling.tiles for pk in each.holders if pk in zone]
    if order[:1] != [before.pk] or order[-1:] != [after.pk] or _between(plan, zone[before.pk][-1].end, zone[after.pk][0].start):
        return refuse("not_neighbours", NOT_NEIGHBOURS)
    low = max(min(f.start for f in plan.fronts if f.holder == before.pk), zones.metres(zone[before.pk][0].start))
    high = min(max(f.end for f in plan.fronts if f.holder == after.pk), zones.metres(zone[after.pk][-1].end))
    return refuse("out_of_reach", OUT_OF_REACH, low=low, high=high)


def _between(plan: zones.SidePlan, start: int, end: int) -> bool:
    """Whether another zone lies between two places."""
    return any(each.holders and each.start >= start and each.end <= end for each in plan.tiling.tiles)


def _end(row: Dated, at: datetime, **more: Any) -> None:
    """End a row from the day of `at` on; refused when somebody else has."""
    day = max(clock.local_day(at), row.from_on)
    values = {"ended_on": day, **more}
    if not type(row).objects.filter(pk=row.pk, ended_on__isnull=True).update(**values):
        raise refuse("over_already", OVER_ALREADY)
    for name, value in values.items():
        setattr(row, name, value)


def _dated(by: User, at: datetime) -> dict[str, Any]:
    day: date = clock.local_day(at)
    return {"from_on": day, "by": by, "recorded_at": at}


def _insist_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("reason_needed", REASON_NEEDED, status=Malformed)


def _insist_side(side: str) -> None:
    if side not in Premises.Side.values:
        raise refuse("bad_side", BAD_SIDE, status=Malformed)


def _insist_stretch(segment: Segment, side: str, start_m: Decimal, end_m: Decimal) -> None:
    _insist_side(side)
    if not 0 <= start_m < end_m <= Decimal(str(segment.length_m)):
        raise refuse("bad_stretch", BAD_STRETCH, status=Malformed, length=segment.length_m)
