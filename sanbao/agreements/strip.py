"""The street strip (街段条图): both sides of a street segment as pieces in metres, with every gap and every overlap reported.

`lay_out` is pure: intervals in, pieces out, no metre left unsaid. `strips_of` reads the fronts of many segments in a fixed number of queries
and gives each its kind from `coverage`, and its zone from `zones`. The drawing itself is the component of the console.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from sanbao.agreements import coverage, queries
from sanbao.agreements.zones import queries as zones
from sanbao.registry.models import Premises, Segment

GAP, OVERLAP, NO_FRONTS, EXPLAINED = "gap", "overlap", "no_fronts", "explained"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one side from `start` to `end`, metres; `front` is what stands there: for an explained stretch the reason, else None."""

    kind: str
    start: Decimal
    end: Decimal
    front: Any = None

    @property
    def metres(self) -> Decimal:
        return self.end - self.start


@dataclass(frozen=True)
class Layout:
    """One side: the fronts as recorded (clipped to the segment), the gaps, the overlaps, and the fronts that reach beyond the end."""

    fronts: tuple[Piece, ...]
    gaps: tuple[Piece, ...]
    overlaps: tuple[Piece, ...]
    beyond: tuple[Any, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Fronts and gaps in order of their beginning, overlaps on top of them."""
        return (*sorted((*self.fronts, *self.gaps), key=lambda piece: (piece.start, piece.end)), *self.overlaps)


@dataclass(frozen=True, slots=True)
class Front:
    """What the picture says about one front; `letter_until` is the last day of the letter that runs there."""

    pk: Any
    kind: str
    side: str
    start: Decimal | None
    end: Decimal | None
    address: str
    sign_name: str
    occupant: str = ""
    letter_until: date | None = None


@dataclass(frozen=True)
class Strip:
    """A segment on a day: two sides laid out, and the fronts of the segment that have no place on it yet."""

    segment: Segment
    on: date
    left: Layout
    right: Layout
    unplaced: tuple[Front, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    plans: dict[str, zones.SidePlan] = field(default_factory=dict)

    @property
    def length(self) -> Decimal:
        return Decimal(str(self.segment.length_m))

    @property
    def sides(self) -> tuple[tuple[str, Layout], ...]:
        return (("left", self.left), ("right", self.right))

    @property
    def gap_metres(self) -> Decimal:
        """Metres where nobody knows what stands, both sides together."""
        return sum((piece.metres for _, side in self.sides for piece in side.gaps if piece.kind == GAP), NOTHING)

    @property
    def overlap_metres(self) -> Decimal:
        """Metres claimed by more than one front, both sides together."""
        return sum((piece.metres for _, side in self.sides for piece in side.overlaps), NOTHING)

    @property
    def nobodys_metres(self) -> Decimal:
        """Metres in nobody's zone, both sides together."""
        return sum((zones.metres(each.width) for plan in self.plans.values() for each in plan.blind), NOTHING)

    @property
    def complete(self) -> bool:
        """Whether every metre belongs to exactly one front and every front has its place."""
        beyond = self.left.beyond or self.right.beyond
        return not (self.gap_metres or self.overlap_metres or self.nobodys_metres or self.unplaced or beyond)


def lay_out(
    fronts: Iterable[tuple[Decimal, Decimal, str, Any]],
    length: Decimal,
    has_fronts: bool = True,
    explained: Sequence[Piece] = (),
    tolerance: Decimal = NOTHING,
) -> Layout:
    """Lay (start, end, kind, front) intervals along one side of `length` metres; raises nothing, reports everything.

    Together fronts and gaps cover the side from 0 to `length`; every metre with more than one front lies in exactly one overlap. Where no front
    stands, `explained` pieces (in order, apart from each other) take their part of a gap; gaps of at most `tolerance` metres are not reported.
    """
    given = sorted(fronts, key=lambda each: (each[0], each[1]))
    placed = [Piece(kind, max(start, NOTHING), min(end, length), front) for start, end, kind, front in given if start < length]
    beyond = tuple(front for start, end, _, front in given if end > length)
    gaps: list[Piece] = []
    overlaps: list[Piece] = []
    reached = NOTHING
    for piece in placed:
        if piece.start > reached:
            gaps.append(Piece(GAP, reached, piece.start))
        _add_overlap(overlaps, piece.start, min(piece.end, reached))
        reached = max(reached, piece.end)
    if reached < length:
        empty = GAP if has_fronts or placed or explained else NO_FRONTS
        gaps.append(Piece(empty, reached, length))
    left = [piece for gap in gaps for piece in _told_apart(gap, explained)]
    told = tuple(piece for piece in left if piece.kind != GAP or piece.metres > tolerance)
    return Layout(tuple(placed), told, tuple(overlaps), beyond)


def _told_apart(gap: Piece, explained: Sequence[Piece]) -> Iterable[Piece]:
    """A gap cut into what is explained and what is not."""
    reached = gap.start
    for piece in explained:
        start, end = max(piece.start, gap.start), min(piece.end, gap.end)
        if start >= end:
            continue
        if start > reached:
            yield Piece(gap.kind, reached, start)
        yield Piece(piece.kind, start, end, piece.front)
        reached = end
    if reached < gap.end:
        yield Piece(gap.kind, reached, gap.end)


def _add_overlap(overlaps: list[Piece], start: Decimal, end: Decimal) -> None:
    """Add a doubly claimed stretch, joined with the last one where they touch."""
    if end <= start:
        return
    if overlaps and overlaps[-1].end >= start:
        last = overlaps.pop()
        start, end = last.start, max(last.end, end)
    overlaps.append(Piece(OVERLAP, start, end))


def strip_of(segment: Segment, on: date) -> Strip:
    """The strip of one segment on a day (9 queries)."""
    return strips_of([segment], on)[0]


def strips_of(segments: Sequence[Segment], on: date) -> list[Strip]:
    """The strips of many segments on a day, in the given order (9 queries however many)."""
    pks = [segment.pk for segment in segments]
    further = zones.further_fronts(pks, on)
    here = Q(segment__in=pks) | Q(pk__in=[each.holder for each in further]) if further else Q(segment__in=pks)
    existing = queries.fronts_on(None, on).filter(here)
    rows = list(coverage.classified(None, on, existing).order_by("start_m", "id").values_list(*COLUMNS))
    fronts = _fronts(rows, existing, on)
    own: dict[Any, list[Front]] = {pk: [] for pk in pks}
    spans: list[zones.FrontRow] = []
    for (pk, segment, side, start, end, address, sign_name, *_rest), front in zip(rows, fronts.values(), strict=True):
        if segment in own:
            own[segment].append(front)
            if start is not None and side:
                spans.append(zones.FrontRow(pk, segment, side, start, end, sign_name, address))
    plans = zones.plans_of(segments, on, [*spans, *further])
    again: dict[Any, list[Front]] = {pk: [] for pk in pks}
    for row in further:
        again[row.segment].append(replace(fronts[row.holder], side=row.side, start=row.start, end=row.end))
    return [
        _strip(segment, on, own[segment.pk], again[segment.pk], {side: plans[segment.pk, side] for side in zones.SIDES})
        for segment in segments
    ]


COLUMNS = ("pk", "segment_id", "side", "start_m", "end_m", "address", "sign_name", "kind")


def _fronts(rows: Sequence[tuple[Any, ...]], existing: QuerySet[Premises], on: date) -> dict[Any, Front]:
    """What the picture says of each front, by premises id in the given order (2 queries); rows as `COLUMNS`."""
    here = {"premises__in": existing.values("pk")}
    occupants: dict[Any, tuple[Any, str]] = {}
    trading = queries.occupying_on(on).filter(**here).values_list("premises_id", "merchant_id", "merchant__name")
    for premises, merchant, name in trading:
        occupants.setdefault(premises, (merchant, name))
    held: dict[Any, tuple[Any, date]] = {}
    running = queries.in_force(on).filter(**here).order_by("signed_at", "id")
    for premises, merchant, until in running.values_list("premises_id", "merchant_id", "term_until"):
        # The letter of the present occupant before any other's.
        if premises not in held or held[premises][0] != occupants.get(premises, (None,))[0]:
            held[premises] = merchant, until
    return {
        pk: Front(
            pk, kind, side, start, end, address, sign_name,
            occupants[pk][1] if pk in occupants else "",
            held[pk][1] if pk in held else None,
        )
        for pk, _segment, side, start, end, address, sign_name, kind in rows
    }  # fmt: skip


def _strip(segment: Segment, on: date, fronts: list[Front], further: list[Front], plans: dict[str, zones.SidePlan]) -> Strip:
    """Lay out both sides; `further` are fronts of premises that have their own elsewhere, or nowhere, and are not counted here again."""
    length = Decimal(str(segment.length_m))
    placed: dict[str, list[tuple[Decimal, Decimal, str, Any]]] = {"left": [], "right": []}
    unplaced: list[Front] = []
    counts: dict[str, int] = {}
    for front in fronts:
        counts[front.kind] = counts.get(front.kind, 0) + 1
        if front.side in placed and front.start is not None and front.start < length:
            placed[front.side].append((front.start, front.end, front.kind, front))
        else:
            unplaced.append(front)
    for front in further:
        placed[front.side].append((front.start, front.end, front.kind, front))
    left = _laid_out(placed["left"], length, segment.left_has_fronts, plans["left"])
    right = _laid_out(placed["right"], length, segment.right_has_fronts, plans["right"])
    return Strip(segment, on, left, right, tuple(unplaced), counts, plans)


def _laid_out(fronts: list[tuple[Decimal, Decimal, str, Any]], length: Decimal, has_fronts: bool, plan: zones.SidePlan) -> Layout:
    explained = [Piece(EXPLAINED, each.start_m, each.end_m, each) for each in plan.ranges]
    layout = lay_out(fronts, length, has_fronts, explained, zones.metres(plan.rule.explain_over))
    # Shops that share a stair share its front: the tiling knows them as one.
    doubled = tuple(Piece(OVERLAP, zones.metres(start), zones.metres(end)) for start, end in plan.tiling.overlaps)
    return replace(layout, overlaps=doubled)
