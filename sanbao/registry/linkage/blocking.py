"""Which pairs are worth comparing: those that share a rare piece of a name, a door, a telephone, a code or a place on the ground.

Every kind of block has a cap on the pairs of one key, so that a chain's name or a market hall's point never multiplies everything.
"""

import numpy as np

from sanbao.core.geo import CELL_LAT, CELL_LON, CELL_ROW
from sanbao.registry.linkage.table import Ints, Table, doors_of

NAME_CAP, GRAM_CAP, DOOR_CAP, CELL_CAP, NUMBER_CAP = 40_000, 4_000, 10_000, 2_500, 400
RAREST = 4
WHOLE_LISTS = 60_000  # lists whose every pair can be compared are not blocked at all


def candidates(a: Table, b: Table) -> tuple[Ints, Ints]:
    """Rows of `a` and rows of `b` of the pairs to compare, sorted, each pair once."""
    if a.size * b.size <= WHOLE_LISTS:
        every = np.arange(a.size * b.size)
        return every // max(1, b.size), every % max(1, b.size)
    found = [
        _joined(a.whole, a.owner, b.whole, b.owner, NAME_CAP),
        _joined(a.core, a.owner, b.core, b.owner, NAME_CAP),
        _rare_grams(a, b),
        _joined(doors_of(a), _rows(a), doors_of(b), _rows(b), DOOR_CAP),
        _joined(a.address, _rows(a), b.address, _rows(b), DOOR_CAP),
        _joined(a.code, _rows(a), b.code, _rows(b), NUMBER_CAP),
        _joined(a.phone, _rows(a), b.phone, _rows(b), NUMBER_CAP),
        *_near(a, b),
    ]
    keys = np.sort(np.concatenate([left * b.size + right for left, right in found]))
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys // b.size, keys % b.size


def namesakes(a: Table, b: Table) -> tuple[Ints, Ints]:
    """Rows of pairs that alone in their lists have their name."""
    left, right = _joined(a.core, a.owner, b.core, b.owner, 1)
    return left, right


def _rows(table: Table) -> Ints:
    return np.arange(table.size)


def _joined(keys_a: Ints, rows_a: Ints, keys_b: Ints, rows_b: Ints, cap: int) -> tuple[Ints, Ints]:
    """All pairs of rows with equal keys (negative keys join nothing), leaving out keys with more than `cap` pairs."""
    order_a, order_b = np.argsort(keys_a, kind="stable"), np.argsort(keys_b, kind="stable")
    keys_a, rows_a, keys_b, rows_b = keys_a[order_a], rows_a[order_a], keys_b[order_b], rows_b[order_b]
    shared = np.intersect1d(keys_a, keys_b)
    shared = shared[shared >= 0]
    from_a, from_b = np.searchsorted(keys_a, shared), np.searchsorted(keys_b, shared)
    many_a, many_b = np.searchsorted(keys_a, shared, "right") - from_a, np.searchsorted(keys_b, shared, "right") - from_b
    few = many_a * many_b <= cap
    from_a, from_b, many_a, many_b = from_a[few], from_b[few], many_a[few], many_b[few]
    pairs = many_a * many_b
    within = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    wide = np.repeat(many_b, pairs)
    left = rows_a[np.repeat(from_a, pairs) + within // np.maximum(wide, 1)]
    right = rows_b[np.repeat(from_b, pairs) + within % np.maximum(wide, 1)]
    return left, right


def _rare_grams(a: Table, b: Table) -> tuple[Ints, Ints]:
    """Pairs that share one of the rarest pieces of either name, rare among those that both lists know."""
    size = int(max(a.grams.max(initial=-1), b.grams.max(initial=-1))) + 1
    many_a, many_b = np.bincount(a.grams, minlength=size), np.bincount(b.grams, minlength=size)
    load = many_a * many_b
    rare_a, rare_b = _rarest(a, load), _rarest(b, load)
    one = _joined(a.grams[rare_a], a.gram_owner[rare_a], b.grams, b.gram_owner, GRAM_CAP)
    two = _joined(a.grams, a.gram_owner, b.grams[rare_b], b.gram_owner[rare_b], GRAM_CAP)
    return np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1]])


def _rarest(table: Table, load: Ints) -> Ints:
    """Places of the few rarest pieces of each item that occur in both lists."""
    places = np.flatnonzero(load[table.grams] > 0)
    owner = table.gram_owner[places]
    order = np.lexsort((load[table.grams[places]], owner))
    places, owner = places[order], owner[order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    return places[rank < RAREST]


def _near(a: Table, b: Table) -> list[tuple[Ints, Ints]]:
    """Pairs whose points lie in the same or in neighbouring cells of 55 m."""
    with_a, with_b = np.flatnonzero(np.isfinite(a.lon)), np.flatnonzero(np.isfinite(b.lon))
    row_a, column_a = np.floor(a.lat[with_a] / CELL_LAT), np.floor(a.lon[with_a] / CELL_LON)
    row_b, column_b = np.floor(b.lat[with_b] / CELL_LAT), np.floor(b.lon[with_b] / CELL_LON)
    cells_b = ((row_b + 200_000) * CELL_ROW + column_b + 300_000).astype(np.int64)
    found = []
    for up in (-1, 0, 1):
        for right in (-1, 0, 1):
            cells_a = ((row_a + up + 200_000) * CELL_ROW + column_a + right + 300_000).astype(np.int64)
            found.append(_joined(cells_a, with_a, cells_b, with_b, CELL_CAP))
    return found
