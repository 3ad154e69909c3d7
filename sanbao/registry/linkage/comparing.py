"""Comparing candidate pairs field by field: which level each reaches, and how rare what they share is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from sanbao.core.geo import CELL_LAT, CELL_LON
from sanbao.registry.linkage.levels import FIELDS, ORDER
from sanbao.registry.linkage.places import metres
from sanbao.registry.linkage.table import Floats, Ints, Table, Texts

Levels = npt.NDArray[np.int8]
CHUNK = 200_000
CLOSE, SIMILAR, REMOTE = 88.0, 70.0, 45.0
NEIGHBOUR_NUMBERS = 12
BOUNDS_M = {"5": 5.0, "25": 25.0, "75": 75.0, "200": 200.0, "600": 600.0, "2000": 2000.0}
# How far frequencies of the lists are trusted: as if so many more items had been seen at the base chance.
SMOOTHING, SINGLE, BASE = 100.0, 0.8, 0.0005


@dataclass
class Compared:
    """Pairs (rows of both lists), the level each field reached (0: cannot be compared), chances of coincidence where counted."""

    left: Ints
    right: Ints
    levels: dict[str, Levels]
    rarity: dict[str, Floats]

    def taken(self, keep: npt.NDArray[np.bool_]) -> "Compared":
        """Only some of the pairs."""
        return Compared(
            self.left[keep],
            self.right[keep],
            {field: levels[keep] for field, levels in self.levels.items()},
            {field: chances[keep] for field, chances in self.rarity.items()},
        )


class Comparer:
    """Compares pairs of two tables; counts once how often names, doors and places occur."""

    def __init__(self, a: Table, b: Table) -> None:
        self.a, self.b = a, b
        self.names = _Frequency(a.core, a.size, b.core, b.size)
        self.addresses = _Frequency(a.address, a.size, b.address, b.size)
        self.doors = _Frequency(*_doors(a, b))
        self.cells = _Crowds(a, b)

    def compare(self, left: Ints, right: Ints) -> Compared:
        """The levels of all pairs, worked through in chunks so that memory stays small."""
        parts = [self._compare(left[at : at + CHUNK], right[at : at + CHUNK]) for at in range(0, len(left), CHUNK)]
        if not parts:
            parts = [self._compare(left, right)]
        return Compared(
            left,
            right,
            {field: np.concatenate([part.levels[field] for part in parts]) for field in FIELDS},
            {field: np.concatenate([part.rarity[field] for part in parts]) for field in parts[0].rarity},
        )

    def _compare(self, left: Ints, right: Ints) -> Compared:
        name, branch, number, rare_name = self._names(left, right)
        address, unit, rare_address = self._addresses(left, right)
        distance, rare_place = self._distances(left, right)
        code = _equal(self.a.code[left], self.b.code[right], "code")
        phone = _equal(self.a.phone[left], self.b.phone[right], "phone")
        levels = {"name": name, "branch": branch, "number": number, "address": address, "unit": unit}
        levels |= {"distance": distance, "code": code, "phone": phone}
        return Compared(left, right, levels, {"name": rare_name, "address": rare_address, "distance": rare_place})

    # --- names ----------------------------------------------------------------------------------------------------------------

    def _names(self, left: Ints, right: Ints) -> tuple[Levels, Levels, Levels, Floats]:
        """Every name of one against every name of the other; the best pair of names counts."""
        pair, one, two = self._spelled_out(left, right)
        a, b, order = self.a, self.b, ORDER["name"]
        level = np.full(len(pair), order["different"], dtype=np.int8)
        ratio = _ratio(fuzz.ratio, a.sounds[one], b.sounds[two])
        words = _ratio(fuzz.token_sort_ratio, a.sounds[one], b.sounds[two])
        ratio = np.maximum(ratio, words)
        level[ratio >= REMOTE] = order["remote"]
        level[_held(a.sounds[one], b.sounds[two])] = order["contained"]
        level[ratio >= SIMILAR] = order["similar"]
        level[ratio >= CLOSE] = order["close"]
        level[a.core[one] == b.core[two]] = order["brand"]
        level[a.whole[one] == b.whole[two]] = order["same"]
        best = _best_of_each(pair, level, ratio)
        pair, one, two, level = pair[best], one[best], two[best], level[best]
        names, branches, numbers = (np.zeros(len(left), dtype=np.int8) for _field in range(3))
        rarity = np.full(len(left), np.nan)
        names[pair] = level
        same = level <= order["brand"]
        rarity[pair[same]] = self.names.chance(a.core[one[same]])
        alike = level <= order["contained"]
        branches[pair] = np.where(alike, _branches(a.branches[one], b.branches[two], a.branch[one], b.branch[two]), 0)
        numbers[pair] = np.where(alike, _equal(a.number[one], b.number[two], "number"), 0)
        return names, branches, numbers, rarity

    def _spelled_out(self, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
        """Pairs of names: (place of the pair, row among a's names, row among b's names)."""
        first_a, first_b = self.a.first_name, self.b.first_name
        many_a, many_b = first_a[left + 1] - first_a[left], first_b[right + 1] - first_b[right]
        pairs = many_a * many_b
        within = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
        wide = np.maximum(np.repeat(many_b, pairs), 1)
        one = np.repeat(first_a[left], pairs) + within // wide
        return np.repeat(np.arange(len(left)), pairs), one, np.repeat(first_b[right], pairs) + within % wide

    # --- addresses ------------------------------------------------------------------------------------------------------------

    def _addresses(self, left: Ints, right: Ints) -> tuple[Levels, Levels, Floats]:
        a, b, order = self.a, self.b, ORDER["address"]
        known = (a.address[left] >= 0) & (b.address[right] >= 0)
        level = np.where(known, order["different"], 0).astype(np.int8)
        road = (a.road[left] >= 0) & (a.road[left] == b.road[right])
        other = known & ~road & (a.road[left] >= 0) & (b.road[right] >= 0)
        places = np.flatnonzero(other)
        held = _road_held(a.roads[left[places]], b.roads[right[places]])
        road[places[held]] = True
        low_a, high_a, low_b, high_b = a.low[left], a.high[left], b.low[right], b.high[right]
        numbered = (low_a >= 0) & (low_b >= 0)
        text = np.zeros(len(left))
        places = np.flatnonzero(known & ~(road & numbered))
        text[places] = _ratio(fuzz.ratio, a.texts[left[places]], b.texts[right[places]])
        level[road] = order["road"]
        near = np.maximum(low_a, low_b) - np.minimum(high_a, high_b) <= NEIGHBOUR_NUMBERS
        level[road & numbered & near] = order["neighbour"]
        level[(text >= CLOSE) & ~numbered] = order["close"]
        level[road & numbered & (np.maximum(low_a, low_b) <= np.minimum(high_a, high_b))] = order["range"]
        door = road & numbered & (low_a == low_b)
        level[door] = order["door"]
        level[known & (a.address[left] == b.address[right])] = order["same"]
        unit = _units(a, b, left, right)
        unit[level > order["range"]] = 0
        rarity = np.full(len(left), np.nan)
        rarity[door] = self.doors.chance(_door(a)[left[door]])
        same = (level == order["same"]) & ~door
        rarity[same] = self.addresses.chance(a.address[left[same]])
        return level, unit, rarity

    # --- places ---------------------------------------------------------------------------------------------------------------

    def _distances(self, left: Ints, right: Ints) -> tuple[Levels, Floats]:
        order = ORDER["distance"]
        apart = metres(self.a.lon[left], self.a.lat[left], self.b.lon[right], self.b.lat[right])
        level = np.where(np.isfinite(apart), order["far"], 0).astype(np.int8)
        for name, bound in reversed(BOUNDS_M.items()):
            level[apart <= bound] = order[name]
        rarity = np.full(len(left), np.nan)
        for name in ("5", "25", "75"):
            here = level == order[name]
            rarity[here] = self.cells.chance(left[here], right[here], BOUNDS_M[name])
        return level, rarity


class _Frequency:
    """How likely two different items share a key by chance: the share of items that have it, in the list where it is commoner."""

    def __init__(self, keys_a: Ints, size_a: int, keys_b: Ints, size_b: int) -> None:
        self.keys, place = np.unique(np.concatenate([keys_a, keys_b]), return_inverse=True)
        many_a = np.bincount(place[: len(keys_a)], minlength=len(self.keys))
        many_b = np.bincount(place[len(keys_a) :], minlength=len(self.keys))
        self.chances = np.maximum(_chance(many_a, size_a), _chance(many_b, size_b))

    def chance(self, keys: Ints) -> Floats:
        return self.chances[np.searchsorted(self.keys, keys)]


class _Crowds:
    """How many items stand around each item: how likely a stranger is that near."""

    def __init__(self, a: Table, b: Table) -> None:
        self.share = np.maximum(_crowd(a, b), 0.0), np.maximum(_crowd(b, a), 0.0)

    def chance(self, left: Ints, right: Ints, within_m: float) -> Floats:
        area = np.pi * within_m**2 / (165.0 * 165.0)
        around = np.maximum(self.share[0][left], self.share[1][right])
        return np.minimum(0.5, around * max(0.2, min(1.0, area)))


def _crowd(of: Table, among: Table) -> Floats:
    """For each item of one list the smoothed share of the other list in the 9 cells around it."""

    def cells(table: Table, up: int = 0, right: int = 0) -> Ints:
        rows = np.floor(np.nan_to_num(table.lat, nan=-99.0) / CELL_LAT).astype(np.int64) + up
        return rows * 1_000_000 + np.floor(np.nan_to_num(table.lon) / CELL_LON).astype(np.int64) + right

    keys, many = np.unique(cells(among), return_counts=True)
    total = np.zeros(of.size)
    for up in (-1, 0, 1):
        for right in (-1, 0, 1):
            mine = cells(of, up, right)
            place = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
            total += np.where(keys[place] == mine, many[place], 0) if len(keys) else 0
    return _chance(np.maximum(total, 1), among.size)


def _chance(many: npt.NDArray[np.generic], size: int) -> Floats:
    return (np.maximum(many.astype(np.float64) - SINGLE, 0) + SMOOTHING * BASE) / (size + SMOOTHING)


def _door(table: Table) -> Ints:
    return np.where((table.road >= 0) & (table.low >= 0), table.road * 1_000_000 + table.low, -1)


def _doors(a: Table, b: Table) -> tuple[Ints, int, Ints, int]:
    return _door(a), a.size, _door(b), b.size


def _ratio(scorer: object, one: Texts, two: Texts) -> Floats:
    """Similarity of texts pair by pair, 0 to 100."""
    if not len(one):
        return np.zeros(0)
    return process.cpdist(one, two, scorer=scorer, workers=-1, dtype=np.float32).astype(np.float64)  # type: ignore[arg-type]


def _held(one: Texts, two: Texts) -> npt.NDArray[np.bool_]:
    """Whether the shorter of two names stands whole in the longer one: at least two Chinese characters or two words or five letters."""
    return np.fromiter((_holds(x, y) for x, y in zip(one, two, strict=True)), dtype=bool, count=len(one))


def _holds(x: str, y: str) -> bool:
    short, long = (x, y) if len(x) <= len(y) else (y, x)
    if len(short) < 2:
        return False
    if short[0] >= "\u3000" or short[-1] >= "\u3000":
        return short in long and 3 * len(short) >= len(long)
    return len(short) >= 5 and f" {short} " in f" {long} "


def _road_held(one: Texts, two: Texts) -> npt.NDArray[np.bool_]:
    """Whether one name of a road ends in the other: 华阳正东中街 and 正东中街; without a direction: n clark st and clark st."""
    return np.fromiter(
        (min(len(x), len(y)) >= 3 and (x.endswith(y) or y.endswith(x)) for x, y in zip(one, two, strict=True)),
        dtype=bool,
        count=len(one),
    )


def _branches(one: Texts, two: Texts, number_one: Ints, number_two: Ints) -> Levels:
    order = ORDER["branch"]
    both = (number_one >= 0) & (number_two >= 0)
    level = np.where(both, order["different"], 0).astype(np.int8)
    places = np.flatnonzero(both)
    ratio = _ratio(fuzz.ratio, one[places], two[places])
    level[places[ratio >= SIMILAR]] = order["similar"]
    level[both & (number_one == number_two)] = order["same"]
    return level


def _units(a: Table, b: Table, left: Ints, right: Ints) -> Levels:
    """Building and room of two addresses at one door; what only one of them says counts for nothing."""
    order = ORDER["unit"]
    building = (a.building[left] >= 0) & (b.building[right] >= 0)
    room = (a.room_low[left] >= 0) & (b.room_low[right] >= 0)
    meet = np.maximum(a.room_low[left], b.room_low[right]) <= np.minimum(a.room_high[left], b.room_high[right])
    other = (building & (a.building[left] != b.building[right])) | (room & ~meet)
    level = np.where(building | room, order["same"], 0).astype(np.int8)
    level[other] = order["different"]
    return level


def _equal(one: Ints, two: Ints, field: str) -> Levels:
    both = (one >= 0) & (two >= 0)
    return np.where(both, np.where(one == two, ORDER[field]["same"], ORDER[field]["different"]), 0).astype(np.int8)


def _best_of_each(pair: Ints, level: Levels, ratio: Floats) -> Ints:
    """Places of the best line of each pair: the lowest level, then the highest ratio."""
    order = np.lexsort((-ratio, level, pair))
    return order[np.diff(pair[order], prepend=-1) != 0]
