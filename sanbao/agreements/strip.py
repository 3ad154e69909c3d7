"""The street strip (街段条图): both sides of a street segment as pieces in metres, with every gap and every overlap reported.

`lay_out` is pure: intervals in, pieces out, no metre left unsaid. `strips_of` reads the fronts of many segments in a fixed number of queries
and gives each its kind from `coverage`. The drawing itself is `drawing.py` and the component of the console.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sanbao.agreements import coverage, queries
from sanbao.agreements.models import Agreement
from sanbao.registry.models import Merchant, Premises, Segment

GAP, OVERLAP, NO_FRONTS = "gap", "overlap", "no_fronts"
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Piece:
    """A stretch of one side from `start` to `end`, metres; `front` is what stands there, None for a gap, overlap or side without fronts."""

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


@dataclass(frozen=True)
class Front:
    """What the picture says about one front."""

    pk: Any
    kind: str
    side: str
    start: Decimal | None
    end: Decimal | None
    address: str
    sign_name: str
    occupant: str = ""
    letter: Agreement | None = None


@dataclass(frozen=True)
class Strip:
    """A segment on a day: two sides laid out, and the fronts of the segment that have no place on it yet."""

    segment: Segment
    on: date
    left: Layout
    right: Layout
    unplaced: tuple[Front, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

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
    def complete(self) -> bool:
        """Whether every metre belongs to exactly one front and every front has its place."""
        beyond = self.left.beyond or self.right.beyond
        return not (self.gap_metres or self.overlap_metres or self.unplaced or beyond)


def lay_out(fronts: Iterable[tuple[Decimal, Decimal, str, Any]], length: Decimal, has_fronts: bool = True) -> Layout:
    """Lay (start, end, kind, front) intervals along one side of `length` metres; raises nothing, reports everything.

    Together fronts and gaps cover the side from 0 to `length`; every metre with more than one front lies in exactly one overlap.
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
        empty = GAP if has_fronts or placed else NO_FRONTS
        gaps.append(Piece(empty, reached, length))
    return Layout(tuple(placed), tuple(gaps), tuple(overlaps), beyond)


def _add_overlap(overlaps: list[Piece], start: Decimal, end: Decimal) -> None:
    """Add a doubly claimed stretch, joined with the last one where they touch."""
    if end <= start:
        return
    if overlaps and overlaps[-1].end >= start:
        last = overlaps.pop()
        start, end = last.start, max(last.end, end)
    overlaps.append(Piece(OVERLAP, start, end))


def strip_of(segment: Segment, on: date) -> Strip:
    """The strip of one segment on a day (4 queries)."""
    return strips_of([segment], on)[0]


def strips_of(segments: Sequence[Segment], on: date) -> list[Strip]:
    """The strips of many segments on a day, in the given order (4 queries however many)."""
    existing = queries.fronts_on(None, on).filter(segment__in=[segment.pk for segment in segments])
    premises = list(coverage.classified(None, on, existing))
    held = coverage.letters_behind(premises, on)
    names = dict(Merchant.objects.filter(pk__in={each.occupant for each in premises if each.occupant}).values_list("pk", "name"))
    by_segment: dict[Any, list[Front]] = {}
    for each in premises:
        front = _front(each, names.get(each.occupant, ""), held.get(each.pk))
        by_segment.setdefault(each.segment_id, []).append(front)
    return [_strip(segment, on, by_segment.get(segment.pk, [])) for segment in segments]


def _front(premises: Premises, occupant: str, letter: Agreement | None) -> Front:
    return Front(
        pk=premises.pk,
        kind=premises.kind,
        side=premises.side,
        start=premises.start_m,
        end=premises.end_m,
        address=premises.address,
        sign_name=premises.sign_name,
        occupant=occupant,
        letter=letter,
    )


def _strip(segment: Segment, on: date, fronts: list[Front]) -> Strip:
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
    left = lay_out(placed["left"], length, segment.left_has_fronts)
    right = lay_out(placed["right"], length, segment.right_has_fronts)
    return Strip(segment, on, left, right, tuple(unplaced), counts)
