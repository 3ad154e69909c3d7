"""Zones as of a day: the sides of segments cut into zones by the rule in force, and the zone of a front with its neighbours and depth.

Everything is found from rows that hold on the day asked for, and nothing of it is stored; a paper keeps what it said in its own facts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from sanbao.agreements import queries
from sanbao.agreements.zones.models import AdditionalFrontage, NoFrontRange, SideMeasure, ZoneDecision, ZoneRuleChoice
from sanbao.agreements.zones.rules import DEFAULT, Depth, ZoneRule, centimetres, depth_of, read_rule, snow_of
from sanbao.agreements.zones.tiling import EXPLAINED, NOBODY, ZONE, Boundary, NoFront, Span, Tile, Tiling, tile
from sanbao.core import geo
from sanbao.registry.models import Premises, Segment

SIDES = ("left", "right")
FRONT, END = "front", "end"


@dataclass(frozen=True, slots=True)
class FrontRow:
    """One frontage as it stands on a side, metres; `further` is the id of the row when it is not the premises' own."""

    holder: Any
    segment: Any
    side: str
    start: Decimal
    end: Decimal
    name: str
    address: str
    shared: bool = False
    further: Any = None


@dataclass(frozen=True)
class SidePlan:
    """One side of a segment on a day: what was measured, the rule, and the tiles that follow; `chosen`: the district has chosen its rule."""

    segment: Segment
    side: str
    on: date
    rule: ZoneRule
    chosen: bool
    fronts: tuple[FrontRow, ...]
    ranges: tuple[NoFrontRange, ...]
    decisions: tuple[ZoneDecision, ...]
    pavement: int | None
    road: int | None
    tiling: Tiling

    @property
    def names(self) -> dict[Any, str]:
        """The name of each holder."""
        return {front.holder: front.name or front.address for front in self.fronts}

    @property
    def unexplained(self) -> tuple[tuple[int, int], ...]:
        """The gaps between fronts that need an explanation, cm."""
        return tuple(gap for gap in self.tiling.gaps if gap[1] - gap[0] > self.rule.explain_over)

    @property
    def blind(self) -> tuple[Tile, ...]:
        """The stretches that are in nobody's zone."""
        return tuple(each for each in self.tiling.tiles if each.kind == NOBODY)

    @property
    def void(self) -> tuple[ZoneDecision, ...]:
        """The decided boundaries that no longer fit what stands there."""
        lost = {(each.left, each.right) for each in self.tiling.void}
        return tuple(each for each in self.decisions if (each.premises_id, each.neighbour_id) in lost)

    @property
    def faults(self) -> int:
        """How many things on this side want somebody's attention."""
        found = self.tiling
        return len(self.unexplained) + len(found.overlaps) + len(self.blind) + len(found.contradicted) + len(found.void)

    def decided(self, kind: str, holders: Iterable[Any]) -> ZoneDecision | None:
        """The decision of a kind about one of these holders."""
        known = set(holders)
        return next((each for each in self.decisions if each.kind == kind and each.premises_id in known), None)


@dataclass(frozen=True)
class Neighbour:
    """What lies beside a zone: another front, an explained stretch, nobody's ground, or the end of the side."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class Zone:
    """One stretch that one front answers for. `left` and `right` as seen from the road facing the front; lengths in metres.

    `bearing` is the walking direction in degrees from north, None when the line does not tell; `provisional` while no rule was chosen.
    """

    name: str
    street: str
    number: int
    side: str
    start: Decimal
    end: Decimal
    front: tuple[Decimal, Decimal]
    left: Neighbour
    right: Neighbour
    depth: Depth
    snow: Depth | None
    facade: bool
    shared_with: tuple[str, ...]
    provisional: bool
    decided: bool
    alone: bool
    bearing: float | None
    segment: Any = None

    @property
    def length(self) -> Decimal:
        return self.end - self.start


def holding(on: date) -> Q:
    """The condition that a dated row holds on a day."""
    return Q(from_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def rule_on(on: date) -> tuple[ZoneRule, bool]:
    """The rule in force on a day, and whether the district has chosen it; else the default (1 query)."""
    choice = ZoneRuleChoice.objects.filter(holding(on)).order_by("-from_on", "-id").first()
    return (read_rule(choice.rule), True) if choice else (read_rule(DEFAULT), False)


def plan_of(segment: Segment, side: str, on: date) -> SidePlan:
    """One side of one segment on a day (6 queries)."""
    return plans_of([segment], on)[segment.pk, side]


def plans_of(segments: Sequence[Segment], on: date, fronts: Iterable[FrontRow] | None = None) -> dict[tuple[Any, str], SidePlan]:
    """The sides of many segments on a day by (segment id, side); 6 queries however many, 4 when all their fronts are given."""
    pks = [segment.pk for segment in segments]
    rule, chosen = rule_on(on)
    rows = _by_side([*_fronts(pks, on), *further_fronts(pks, on)] if fronts is None else fronts)
    ranges = _by_side(NoFrontRange.objects.filter(holding(on), segment__in=pks))
    decisions = _by_side(ZoneDecision.objects.filter(holding(on), segment__in=pks))
    widths = _by_side(SideMeasure.objects.filter(holding(on), segment__in=pks))
    plans = {}
    for segment in segments:
        for side in SIDES:
            key = segment.pk, side
            width = widths.get(key, [None])[0]
            plans[key] = SidePlan(
                segment, side, on, rule, chosen,
                fronts=tuple(rows.get(key, ())),
                ranges=tuple(ranges.get(key, ())),
                decisions=tuple(decisions.get(key, ())),
                pavement=centimetres(width.pavement_m) if width else None,
                road=centimetres(width.road_m) if width else None,
                tiling=tiling_of(segment, side, rule, rows.get(key, ()), ranges.get(key, ()), decisions.get(key, ())),
            )  # fmt: skip
    return plans


def tiling_of(
    segment: Segment,
    side: str,
    rule: ZoneRule,
    fronts: Iterable[FrontRow],
    ranges: Iterable[NoFrontRange],
    decisions: Iterable[ZoneDecision],
) -> Tiling:
    """Cut one side into tiles from the rows about it."""
    decided = list(decisions)
    reach = {
        each.premises_id: rule.entrance_reach.get(each.entrance, 0) for each in decided if each.kind == ZoneDecision.Kind.ENTRANCE
    }
    length = centimetres(segment.length_m) or 0
    spans = [
        Span(each.holder, centimetres(each.start), centimetres(each.end), each.shared, reach.get(each.holder, 0))
        for each in fronts
    ]
    closed = [NoFront(centimetres(each.start_m), centimetres(each.end_m), each) for each in ranges]
    if not spans and not closed and not getattr(segment, f"{side}_has_fronts"):
        closed = [NoFront(0, length)]
    boundaries = [
        Boundary(each.premises_id, each.neighbour_id, centimetres(each.at_m))
        for each in decided
        if each.kind == ZoneDecision.Kind.BOUNDARY
    ]
    return tile(spans, length, rule.lateral, closed, boundaries)


def zone_of(premises: Premises, on: date) -> list[Zone]:
    """The zones of one front on a day: none without a place on a street, two for a shop at a corner (9 queries)."""
    return zones_of([premises], on)[premises.pk]


def zones_of(premises: Sequence[Premises], on: date) -> dict[Any, list[Zone]]:
    """The zones of many fronts on a day, by premises id (9 queries however many)."""
    pks = [each.pk for each in premises]
    further = AdditionalFrontage.objects.filter(holding(on), premises__in=pks).values_list("segment_id", flat=True)
    segments = Segment.objects.filter(pk__in={each.segment_id for each in premises if each.segment_id} | set(further))
    plans = plans_of(list(segments.select_related("street").order_by("street__name", "number")), on)
    found: dict[Any, list[Zone]] = {pk: [] for pk in pks}
    for plan in plans.values():
        for pk in {front.holder for front in plan.fronts} & found.keys():
            found[pk] += [zone_at(plan, place) for place, each in enumerate(plan.tiling.tiles) if pk in each.holders]
    return found


def zone_at(plan: SidePlan, place: int) -> Zone:
    """The zone that is the tile at this place of the side."""
    tiles, segment, side = plan.tiling.tiles, plan.segment, plan.side
    mine = tiles[place]
    before = _neighbour(plan, tiles[place - 1]) if place else Neighbour(END)
    after = _neighbour(plan, tiles[place + 1]) if place + 1 < len(tiles) else Neighbour(END)
    left, right = (before, after) if side == "left" else (after, before)
    names, extent = plan.names, _front_within(plan, mine)
    depth = plan.decided(ZoneDecision.Kind.DEPTH, mine.holders)
    boundaries = [each for each in plan.decisions if each.kind == ZoneDecision.Kind.BOUNDARY and each not in plan.void]
    moved = any({each.premises_id, each.neighbour_id} & set(mine.holders) for each in boundaries)
    return Zone(
        name=names[mine.holders[0]],
        street=segment.street.name,
        number=segment.number,
        side=side,
        start=metres(mine.start),
        end=metres(mine.end),
        front=extent,
        left=left,
        right=right,
        depth=depth_of(plan.rule, plan.pavement, plan.road, centimetres(depth.depth_m) if depth else None),
        snow=snow_of(plan.rule, plan.pavement, plan.road),
        facade=plan.rule.facade,
        shared_with=tuple(names[each] for each in mine.holders[1:]),
        provisional=not plan.chosen,
        decided=bool(depth) or moved,
        alone=plan.rule.alone_all_sides and len({front.holder for front in plan.fronts}) == 1,
        bearing=bearing(segment.line, float(metres(mine.start + mine.end) / 2)),
        segment=segment.pk,
    )


def bearing(line: Sequence[Sequence[float]], at: float) -> float | None:
    """The walking direction of a segment at `at` metres, degrees clockwise from north; None for a line without direction."""
    try:
        (lon, lat), (further_lon, further_lat) = geo.point_along(line, at - 1), geo.point_along(line, at + 1)
    except (ValueError, IndexError):
        return None
    east, north = geo.metres_per_degree(lat)
    across, along = (further_lon - lon) * east, (further_lat - lat) * north
    return math.degrees(math.atan2(across, along)) % 360 if across or along else None


def metres(cm: int) -> Decimal:
    """Whole centimetres as metres."""
    return Decimal(cm) / 100


def reason_of(each: Tile) -> str:
    """Why nothing fronts at an explained tile, in words."""
    return str(each.about.get_reason_code_display()) if each.about else ""


def _neighbour(plan: SidePlan, beside: Tile) -> Neighbour:
    if beside.kind == ZONE:
        return Neighbour(FRONT, plan.names[beside.holders[0]])
    return Neighbour(beside.kind, reason_of(beside) if beside.kind == EXPLAINED else "")


def _front_within(plan: SidePlan, mine: Tile) -> tuple[Decimal, Decimal]:
    """The part of the holder's frontage that lies in this tile; the tile itself where there is none."""
    for each in plan.fronts:
        start, end = max(each.start, metres(mine.start)), min(each.end, metres(mine.end))
        if each.holder in mine.holders and start < end:
            return start, end
    return metres(mine.start), metres(mine.end)


def _fronts(segments: Sequence[Any], on: date) -> list[FrontRow]:
    """The own frontages of the premises that existed on the day."""
    found = (
        queries.fronts_on(None, on).filter(segment__in=segments, start_m__isnull=False, side__in=SIDES).order_by("start_m", "id")
    )
    return [FrontRow(*row) for row in found.values_list("pk", "segment_id", "side", "start_m", "end_m", "sign_name", "address")]


def further_fronts(segments: Sequence[Any], on: date) -> list[FrontRow]:
    """The additional frontages of premises that existed on the day."""
    existing = queries.fronts_on(None, on).values("pk")
    found: QuerySet[AdditionalFrontage] = AdditionalFrontage.objects.filter(
        holding(on), segment__in=segments, premises__in=existing
    )
    return [
        FrontRow(
            row.premises_id, row.segment_id, row.side, row.start_m, row.end_m, row.premises.sign_name, row.premises.address,
            row.kind == AdditionalFrontage.Kind.STAIR, row.pk,
        )
        for row in found.select_related("premises").order_by("start_m", "id")
    ]  # fmt: skip


def _by_side(rows: Iterable[Any]) -> dict[tuple[Any, str], list[Any]]:
    found: dict[tuple[Any, str], list[Any]] = {}
    for row in rows:
        key = row.segment if isinstance(row, FrontRow) else row.segment_id
        found.setdefault((key, row.side), []).append(row)
    return found
