"""One side of a street segment cut into responsibility zones: neither gap nor overlap, every centimetre said. Pure, in whole centimetres.

Fronts are intervals as they were measured, with their gaps and overlaps; tiles are what follows from them by a rule: the zone of a front, a
stretch explained as having no front, or a stretch that is nobody's. Tiles cover the side from 0 to its length exactly, whatever was measured;
what was measured wrongly is reported beside them. Depth, words and the database are elsewhere (`rules`, `queries`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

ZONE, EXPLAINED, NOBODY = "zone", "explained", "nobody"
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A frontage from `start` to `end`, cm, of `holder`; `shared` spans of equal extent are one front with several holders.

    `reach` is how far the zone of an entrance of a market or public facility goes beyond it on each side, cm.
    """

    holder: Any
    start: int
    end: int
    shared: bool = False
    reach: int = 0


@dataclass(frozen=True, slots=True)
class NoFront:
    """A stretch of which somebody has said why nothing fronts there; `about` says which entry it was."""

    start: int
    end: int
    about: Any = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A decision on the spot: between these two neighbours the boundary is at `at`, cm."""

    left: Any
    right: Any
    at: int


@dataclass(frozen=True, slots=True)
class Lateral:
    """How far zones reach along the street, cm. None: without limit.

    A gap up to `middle_within` is divided at its mid-line; in a wider one each zone goes `reach` beyond its front. Towards an end of the side or a
    stretch without fronts a zone goes all the way up to `edge_within`, else `reach`.
    """

    middle_within: int | None = None
    reach: int = 0
    edge_within: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A stretch of the side in the result: `holders` of a zone, `about` of an explained stretch."""

    kind: str
    start: int
    end: int
    holders: tuple[Any, ...] = ()
    about: Any = None

    @property
    def width(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Tiling:
    """A side cut into tiles, and what is wrong with what was measured.

    `gaps`: neither a front nor an explanation; `overlaps`: more than one front; `contradicted`: explained, but a front stands there; `beyond`:
    holders of fronts that reach past the end; `without_zone`: holders for whom nothing was left; `void`: decisions that no longer fit.
    """

    length: int
    tiles: tuple[Tile, ...]
    gaps: tuple[Interval, ...] = ()
    overlaps: tuple[Interval, ...] = ()
    contradicted: tuple[NoFront, ...] = ()
    beyond: tuple[Any, ...] = ()
    without_zone: tuple[Any, ...] = ()
    void: tuple[Boundary, ...] = ()

    def zones_of(self, holder: Any) -> tuple[Tile, ...]:
        """The stretches that fall to one holder, in order."""
        return tuple(tile for tile in self.tiles if holder in tile.holders)

    def metres(self, kind: str) -> int:
        """Centimetres of one kind of tile."""
        return sum(tile.width for tile in self.tiles if tile.kind == kind)


class _Block:
    """A front at its place, with the edges of its zone as far as they are known."""

    __slots__ = ("end", "holders", "left", "reach", "right", "start")

    def __init__(self, holders: tuple[Any, ...], start: int, end: int, reach: int) -> None:
        self.holders, self.start, self.end, self.reach = holders, start, end, reach
        self.left, self.right = start, end


def tile(
    spans: Iterable[Span],
    length: int,
    lateral: Lateral,
    no_fronts: Iterable[NoFront] = (),
    boundaries: Iterable[Boundary] = (),
) -> Tiling:
    """Cut a side of `length` cm into tiles. Raises nothing: what contradicts itself is reported, never guessed away."""
    given = list(spans)
    blocks = _blocks(given, length)
    chain, nested = _chain_of(blocks)
    taken = _union((block.start, block.end) for block in blocks)
    asked = [entry for entry in no_fronts if entry.start < length and entry.end > 0]
    closed = _closed(asked, taken, length)
    _set_edges(chain, closed, length, lateral)
    void = _apply(boundaries, chain)
    pieces = [Tile(ZONE, block.left, block.right, block.holders) for block in chain if block.right > block.left]
    for block in nested:
        pieces = _inserted(pieces, block)
    pieces = _carved(pieces, [(piece.start, piece.end) for piece in closed]) + closed
    tiles = tuple(_filled(sorted(pieces, key=lambda piece: piece.start), length))
    having = {holder for each in tiles for holder in each.holders}
    return Tiling(
        length,
        tiles,
        gaps=tuple(_without([(0, length)], [*taken, *((each.start, each.end) for each in closed)])),
        overlaps=tuple(_doubled(blocks)),
        contradicted=tuple(entry for entry in asked if any(entry.start < end and entry.end > start for start, end in taken)),
        beyond=tuple(span.holder for span in given if span.end > length),
        without_zone=tuple(dict.fromkeys(span.holder for span in given if span.holder not in having)),
        void=void,
    )


def _blocks(spans: Iterable[Span], length: int) -> list[_Block]:
    """The fronts on the side, clipped to it, those that share one stretch joined; by beginning, the longer first."""
    together: dict[Interval, list[Span]] = {}
    for span in spans:
        extent = max(span.start, 0), min(span.end, length)
        if extent[0] < extent[1]:
            together.setdefault(extent, []).append(span)
    blocks = []
    for (start, end), found in together.items():
        joined = [span for span in found if span.shared]
        alone = [span for span in found if not span.shared]
        groups = [found] if joined and len(alone) < 2 else [[span] for span in alone] + ([joined] if joined else [])
        for group in groups:
            holders = tuple(dict.fromkeys(span.holder for span in group))
            blocks.append(_Block(holders, start, end, max(span.reach for span in group)))
    return sorted(blocks, key=lambda block: (block.start, -block.end))


def _chain_of(blocks: Sequence[_Block]) -> tuple[list[_Block], list[_Block]]:
    """Fronts that follow one another (both ends rising), and those that lie wholly inside another one."""
    chain: list[_Block] = []
    nested: list[_Block] = []
    for block in blocks:
        (nested if chain and block.end <= chain[-1].end else chain).append(block)
    return chain, nested


def _set_edges(chain: Sequence[_Block], closed: Sequence[Tile], length: int, lateral: Lateral) -> None:
    """Where the zone of every front begins and ends by the rule alone."""
    if not chain:
        return
    first, last = chain[0], chain[-1]
    wall = max((piece.end for piece in closed if piece.end <= first.start), default=0)
    first.left = first.start - _to_edge(first, first.start - wall, lateral)
    wall = min((piece.start for piece in closed if piece.start >= last.end), default=length)
    last.right = last.end + _to_edge(last, wall - last.end, lateral)
    for before, after in pairwise(chain):
        between = [piece for piece in closed if before.end <= piece.start and piece.end <= after.start]
        if before.end >= after.start:
            # The mid-line of an overlap, until somebody measures again.
            before.right = after.left = (before.end + after.start) // 2
        elif between:
            before.right = before.end + _to_edge(before, between[0].start - before.end, lateral)
            after.left = after.start - _to_edge(after, after.start - between[-1].end, lateral)
        else:
            _divide(before, after, lateral)


def _to_edge(block: _Block, free: int, lateral: Lateral) -> int:
    """How far a zone goes into `free` centimetres behind which no neighbour stands."""
    if lateral.edge_within is None or free <= lateral.edge_within:
        return free
    return min(free, max(lateral.reach, block.reach))


def _divide(before: _Block, after: _Block, lateral: Lateral) -> None:
    """Share out the gap between two neighbours; an entrance with a reach of its own comes first."""
    gap = after.start - before.end
    whole = lateral.middle_within is None or gap <= lateral.middle_within
    if bool(before.reach) != bool(after.reach):
        own = min(gap, max(before.reach, after.reach))
        other = gap - own if whole else min(gap - own, lateral.reach)
        leftward, rightward = (own, other) if before.reach else (other, own)
    elif whole:
        leftward = gap // 2
        rightward = gap - leftward
    else:
        leftward = min(gap // 2, max(lateral.reach, before.reach))
        rightward = min(gap - gap // 2, max(lateral.reach, after.reach))
    before.right, after.left = before.end + leftward, after.start - rightward


def _apply(boundaries: Iterable[Boundary], chain: Sequence[_Block]) -> tuple[Boundary, ...]:
    """Move the boundary between neighbours where that was decided, for both at once; the decisions that no longer fit are given back."""
    waiting = list(boundaries)
    for before, after in pairwise(chain):
        for decided in waiting:
            if decided.left not in before.holders or decided.right not in after.holders:
                continue
            if max(before.start, before.left) < decided.at < min(after.end, after.right):
                before.right = after.left = decided.at
                waiting.remove(decided)
                break
    return tuple(waiting)


def _inserted(pieces: list[Tile], block: _Block) -> list[Tile]:
    """A front inside another one takes the further half of the longest stretch it has in common with a zone."""
    common = [(min(each.end, block.end) - max(each.start, block.start), each) for each in pieces]
    metres, host = max(common, key=lambda pair: pair[0], default=(0, None))
    if host is None or metres < 2:
        return pieces
    end = min(host.end, block.end)
    start = end - metres // 2
    kept = [each for each in pieces if each is not host]
    parts = (Tile(ZONE, host.start, start, host.holders), Tile(ZONE, end, host.end, host.holders))
    return [*kept, *(part for part in parts if part.width > 0), Tile(ZONE, start, end, block.holders)]


def _closed(asked: Sequence[NoFront], taken: Sequence[Interval], length: int) -> list[Tile]:
    """The explained stretches where no front stands, in order and apart from each other; the one that begins first counts."""
    closed: list[Tile] = []
    for entry in sorted(asked, key=lambda entry: (entry.start, entry.end)):
        covered = [*taken, *((each.start, each.end) for each in closed)]
        free = _without([(max(entry.start, 0), min(entry.end, length))], covered)
        closed += [Tile(EXPLAINED, start, end, about=entry.about) for start, end in free]
    return sorted(closed, key=lambda each: each.start)


def _carved(pieces: Iterable[Tile], covered: Sequence[Interval]) -> list[Tile]:
    return [
        Tile(each.kind, start, end, each.holders, each.about)
        for each in pieces
        for start, end in _without([(each.start, each.end)], covered)
    ]


def _filled(pieces: Iterable[Tile], length: int) -> Iterator[Tile]:
    """The pieces with what is nobody's between them; equal neighbours become one."""
    last, reached = None, 0
    for each in [*pieces, Tile(NOBODY, length, length)]:
        following = [Tile(NOBODY, reached, each.start)] if each.start > reached else []
        for piece in (*following, each):
            if (
                last
                and last.end == piece.start
                and (last.kind, last.holders, last.about) == (piece.kind, piece.holders, piece.about)
            ):
                last = Tile(last.kind, last.start, piece.end, last.holders, last.about)
                continue
            if last and last.width:
                yield last
            last = piece
        reached = each.end
    if last and last.width:
        yield last


def _union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same stretches joined where they touch, in order."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _without(intervals: Iterable[Interval], covered: Iterable[Interval]) -> list[Interval]:
    """What remains of the stretches outside the covered ones, in order."""
    left: list[Interval] = []
    cover = _union(covered)
    for start, end in intervals:
        reached = start
        for low, high in cover:
            if high <= reached or low >= end:
                continue
            if low > reached:
                left.append((reached, low))
            reached = max(reached, high)
        if reached < end:
            left.append((reached, end))
    return left


def _doubled(blocks: Sequence[_Block]) -> list[Interval]:
    """The stretches claimed by more than one front; `blocks` in order of their beginning."""
    found: list[Interval] = []
    reached = 0
    for block in blocks:
        if block.start < min(block.end, reached):
            found.append((block.start, min(block.end, reached)))
        reached = max(reached, block.end)
    return _union(found)
