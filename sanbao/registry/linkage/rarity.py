"""How rare is what two items share: chances that two different shops share it all the same, counted in the two lists at hand."""

import numpy as np
import numpy.typing as npt

from sanbao.core.geo import CELL_LAT, CELL_LON
from sanbao.registry.linkage.table import Floats, Ints, Table, doors_of

# How far the counts of the lists are trusted: as if so many more items had been seen at the base chance.
SMOOTHING, BASE = 100.0, 0.0005
# What occurs once is rarer than one in all: a name met once may be the only one of the kind. A door is less rare than that, for where
# one shop closes another opens.
ONCE_NAME, ONCE_PLACE = 0.2, 0.6
TRUST = 100
LEAST_AREA = 0.5
CELL_M = 55.0
PREFIX = 8


def chance_of(many: npt.ArrayLike, size: int, once: float = ONCE_NAME) -> Floats:
    """The smoothed chance of something that `many` of `size` items have; one item counts as `once`."""
    return (np.maximum(np.asarray(many, dtype=np.float64) - 1 + once, 0) + SMOOTHING * BASE) / (size + SMOOTHING)


class Frequency:
    """The chance that a stranger has a key: the share of items that have it, in the list where it is commoner."""

    def __init__(self, keys_a: Ints, size_a: int, keys_b: Ints, size_b: int, once: float = ONCE_NAME) -> None:
        self.keys, place = np.unique(np.concatenate([keys_a, keys_b]), return_inverse=True)
        many_a = np.bincount(place[: len(keys_a)], minlength=len(self.keys))
        many_b = np.bincount(place[len(keys_a) :], minlength=len(self.keys))
        once = max(_turing(many_a, once), _turing(many_b, once))
        self.chances = np.maximum(chance_of(many_a, size_a, once), chance_of(many_b, size_b, once))

    def chance(self, keys: Ints) -> Floats:
        """For keys that occur in the lists."""
        return self.chances[np.searchsorted(self.keys, keys)]


def _turing(many: npt.NDArray[np.intp], once: float) -> float:
    """Good and Turing: what occurs once is worth twice the keys that occur twice for each key that occurs once, in lists long enough."""
    return float((2 * np.sum(many == 2) + TRUST * once) / (np.sum(many == 1) + TRUST))


class Doors:
    """The chances that a stranger has the same door, and at the same door the same building and room."""

    def __init__(self, a: Table, b: Table) -> None:
        self.door = Frequency(doors_of(a), a.size, doors_of(b), b.size, ONCE_PLACE)
        self.unit = Frequency(_units(a), a.size, _units(b), b.size, ONCE_PLACE)

    def chance(self, table: Table, rows: Ints) -> Floats:
        """Of the same door."""
        return self.door.chance(doors_of(table)[rows])

    def unit_chance(self, table: Table, rows: Ints) -> Floats:
        """Of the same building and room, given the door."""
        units, doors = _units(table)[rows], doors_of(table)[rows]
        return np.clip(self.unit.chance(units) / self.door.chance(doors), 0.002, 0.9)


def _units(table: Table) -> Ints:
    """Door, building and lowest room as one number."""
    inner = (table.building + 2) * 100_003 + np.maximum(table.room_low, 0)
    return np.where(doors_of(table) >= 0, doors_of(table) * 1_000_000_007 + inner, -1)


class Beginnings:
    """How many names begin alike: the chance that the common beginning of two Chinese names is a coincidence."""

    def __init__(self, a: Table, b: Table) -> None:
        self.signs = _signs(a), _signs(b)
        self.sorted = [np.sort(_packed(signs, length)) for length in range(1, PREFIX + 1) for signs in self.signs]
        self.sizes = len(a.sounds), len(b.sounds)

    def shared(self, one: Ints, two: Ints) -> Ints:
        """How many signs the names in these rows have in common at their beginning, at most eight."""
        x, y = self.signs[0][one], self.signs[1][two]
        return np.cumprod((x == y) & (x > 0), axis=1).sum(axis=1)

    def chance(self, one: Ints, length: Ints) -> Floats:
        """The chance that a stranger's name begins with the first `length` signs of these names of `a`."""
        found = np.full(len(one), 1.0)
        for wanted in range(1, PREFIX + 1):
            rows = np.flatnonzero(length == wanted)
            keys = _packed(self.signs[0][one[rows]], wanted)
            chances = []
            for side in (0, 1):
                known = self.sorted[2 * (wanted - 1) + side]
                many = np.searchsorted(known, keys, "right") - np.searchsorted(known, keys)
                chances.append(chance_of(many, self.sizes[side]))
            found[rows] = np.maximum(*chances)
        return found


def _signs(table: Table) -> npt.NDArray[np.uint32]:
    """The first eight signs of each name as it sounds, 0 behind the end."""
    wide = np.array([text[:PREFIX] for text in table.sounds], dtype=f"U{PREFIX}")
    return wide.view(np.uint32).reshape(len(wide), PREFIX) if len(wide) else np.zeros((0, PREFIX), dtype=np.uint32)


def _packed(signs: npt.NDArray[np.uint32], length: int) -> npt.NDArray[np.uint64]:
    """A number for the first signs of each name (a hash: two beginnings in 10^19 may collide)."""
    total = np.zeros(len(signs), dtype=np.uint64)
    for column in range(length):
        total = (total ^ signs[:, column].astype(np.uint64)) * np.uint64(0x100000001B3) + np.uint64(0x9E3779B97F4A7C15)
    return total


class Words:
    """Words that two names share, and the chance that strangers share them."""

    def __init__(self, a: Table, b: Table) -> None:
        self.b_width = int(max(a.words.max(initial=-1), b.words.max(initial=-1))) + 2
        self.a, self.known = a, np.unique(b.word_owner * self.b_width + b.words)
        self.first = np.searchsorted(a.word_owner, np.arange(len(a.sounds) + 1))
        self.bits = -np.log2(Frequency(a.words, max(1, len(a.sounds)), b.words, max(1, len(b.sounds))).chances)
        self.keys = np.unique(np.concatenate([a.words, b.words]))

    def shared_bits(self, one: Ints, two: Ints) -> Floats:
        """What the shared words say, bits: the rarest word whole, the others half, for words of one name often come together."""
        many = self.first[one + 1] - self.first[one]
        pair = np.repeat(np.arange(len(one)), many)
        place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(self.first[one], many)
        wanted = np.repeat(two, many) * self.b_width + self.a.words[place]
        at = np.minimum(np.searchsorted(self.known, wanted), max(0, len(self.known) - 1))
        hit = self.known[at] == wanted if len(self.known) else np.zeros(len(wanted), dtype=bool)
        bits = self.bits[np.searchsorted(self.keys, self.a.words[place[hit]])]
        total = np.bincount(pair[hit], weights=bits, minlength=len(one))
        most = np.zeros(len(one))
        np.maximum.at(most, pair[hit], bits)
        return (total + most) / 2


class Crowds:
    """How many items stand around each item: the chance that a stranger is as near."""

    def __init__(self, a: Table, b: Table) -> None:
        self.share = _crowd(a, b), _crowd(b, a)

    def chance(self, left: Ints, right: Ints, within_m: float) -> Floats:
        """That a stranger stands within so many metres (up to 75) of these pairs."""
        area = np.pi * within_m**2 / (3 * CELL_M) ** 2
        around = np.maximum(self.share[0][left], self.share[1][right])
        return np.minimum(0.5, around * max(LEAST_AREA, min(1.0, area)))


def _crowd(of: Table, among: Table) -> Floats:
    """For each item of one list the smoothed share of the other list that stands in the nine cells around it."""
    keys, many = np.unique(_cells(among, 0, 0), return_counts=True)
    total = np.zeros(of.size)
    for up in (-1, 0, 1):
        for right in (-1, 0, 1):
            mine = _cells(of, up, right)
            place = np.minimum(np.searchsorted(keys, mine), max(0, len(keys) - 1))
            total += np.where(keys[place] == mine, many[place], 0) if len(keys) else 0
    return chance_of(np.maximum(total, 1), among.size, ONCE_PLACE)


def _cells(table: Table, up: int, right: int) -> Ints:
    rows = np.floor(np.nan_to_num(table.lat, nan=-99.0) / CELL_LAT).astype(np.int64) + up
    return rows * 1_000_000 + np.floor(np.nan_to_num(table.lon) / CELL_LON).astype(np.int64) + right
