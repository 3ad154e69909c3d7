"""Comparing names: every name of one item with every name of the other; the best pair of names counts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from sanbao.registry.linkage.levels import ORDER
from sanbao.registry.linkage.rarity import Beginnings, Frequency, Words
from sanbao.registry.linkage.table import Floats, Ints, Table, Texts

Levels = npt.NDArray[np.int8]
CLOSE, SIMILAR, REMOTE = 88.0, 70.0, 45.0
LEAST_BITS = 3.0
CJK_FROM = "\u3000"


@dataclass
class Named:
    """What the comparison of names gives for each pair: levels of name, trade, branch and number; rarity of the name."""

    name: Levels
    trade: Levels
    branch: Levels
    number: Levels
    rarity: Floats
    branch_rarity: Floats


class Naming:
    """Compares the names of two tables."""

    def __init__(self, a: Table, b: Table) -> None:
        self.a, self.b = a, b
        self.brands = Frequency(a.core, a.size, b.core, b.size)
        self.branch_names = Frequency(a.branch, a.size, b.branch, b.size)
        self.beginnings, self.words = Beginnings(a, b), Words(a, b)

    def compare(self, left: Ints, right: Ints) -> Named:
        """The levels of the pairs in these rows of the two lists."""
        pair, one, two = self._spelled_out(left, right)
        level, rarity, ratio = self._levels(one, two)
        best = _best_of_each(pair, level, rarity, ratio)
        pair, one, two = pair[best], one[best], two[best]
        done = Named(
            *(np.zeros(len(left), dtype=np.int8) for _field in range(4)), *(np.full(len(left), np.nan) for _field in range(2))
        )
        done.name[pair], done.rarity[pair] = level[best], rarity[best]
        alike = level[best] <= ORDER["name"]["shared"]
        a, b = self.a, self.b
        done.trade[pair] = np.where(alike, self._trades(one, two), 0)
        done.branch[pair] = np.where(alike, _branches(a.branches[one], b.branches[two], a.branch[one], b.branch[two]), 0)
        same = done.branch[pair] == ORDER["branch"]["same"]
        done.branch_rarity[pair[same]] = self.branch_names.chance(a.branch[one[same]])
        done.number[pair] = np.where(alike, equal_level(a.number[one], b.number[two], "number"), 0)
        return done

    def _spelled_out(self, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
        """Pairs of names: (place of the pair, row among a's names, row among b's names)."""
        first_a, first_b = self.a.first_name, self.b.first_name
        many_a, many_b = first_a[left + 1] - first_a[left], first_b[right + 1] - first_b[right]
        pairs = many_a * many_b
        within = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
        wide = np.maximum(np.repeat(many_b, pairs), 1)
        one = np.repeat(first_a[left], pairs) + within // wide
        return np.repeat(np.arange(len(left)), pairs), one, np.repeat(first_b[right], pairs) + within % wide

    def _levels(self, one: Ints, two: Ints) -> tuple[Levels, Floats, Floats]:
        """Level, chance that a stranger has such a name (NaN: not counted) and likeness from 0 to 100 of pairs of names."""
        a, b, order = self.a, self.b, ORDER["name"]
        level = np.full(len(one), order["different"], dtype=np.int8)
        ratio = np.maximum(
            ratio_of(fuzz.ratio, a.sounds[one], b.sounds[two]), ratio_of(fuzz.token_sort_ratio, a.sounds[one], b.sounds[two])
        )
        level[ratio >= REMOTE] = order["remote"]
        shared = self._shared_bits(one, two)
        level[shared >= LEAST_BITS] = order["shared"]
        level[ratio >= SIMILAR] = order["similar"]
        level[_held(a.sounds[one], b.sounds[two], ratio)] = order["contained"]
        level[ratio >= CLOSE] = order["close"]
        level[a.core[one] == b.core[two]] = order["brand"]
        level[a.whole[one] == b.whole[two]] = order["same"]
        rarity = np.where(level == order["shared"], np.exp2(-shared), np.nan)
        known = level <= order["similar"]
        rarity[known] = np.maximum(self.brands.chance(a.core[one[known]]), self.brands.chance(b.core[two[known]]))
        return level, rarity, ratio

    def _shared_bits(self, one: Ints, two: Ints) -> Floats:
        """What a common beginning of Chinese names, or common words of others, tell: bits."""
        length = self.beginnings.shared(one, two)
        bits = np.zeros(len(one))
        begun = np.flatnonzero((length >= 2) & self.a.chinese[one])
        bits[begun] = -np.log2(self.beginnings.chance(one[begun], length[begun]))
        other = np.flatnonzero(~(self.a.chinese[one] & self.b.chinese[two]))
        bits[other] = np.maximum(bits[other], self.words.shared_bits(one[other], two[other]))
        return bits

    def _trades(self, one: Ints, two: Ints) -> Levels:
        a, b, order = self.a, self.b, ORDER["trade"]
        both = (a.trade[one] >= 0) & (b.trade[two] >= 0)
        level = np.where(both, order["different"], 0).astype(np.int8)
        places = np.flatnonzero(both)
        common = np.fromiter(
            (not set(x).isdisjoint(y) for x, y in zip(a.trades[one[places]], b.trades[two[places]], strict=True)),
            dtype=bool,
            count=len(places),
        )
        level[places[common]] = order["same"]
        return level


def ratio_of(scorer: object, one: Texts, two: Texts) -> Floats:
    """Similarity of texts pair by pair, 0 to 100."""
    if not len(one):
        return np.zeros(0)
    return process.cpdist(one, two, scorer=scorer, workers=-1, dtype=np.float32).astype(np.float64)  # type: ignore[arg-type]


def equal_level(one: Ints, two: Ints, field: str) -> Levels:
    """Same, different, or nothing where one of them lacks it."""
    both = (one >= 0) & (two >= 0)
    return np.where(both, np.where(one == two, ORDER[field]["same"], ORDER[field]["different"]), 0).astype(np.int8)


def _held(one: Texts, two: Texts, ratio: Floats) -> npt.NDArray[np.bool_]:
    """Whether the shorter of two names stands whole in the longer one and is no small part of it."""
    found = np.zeros(len(one), dtype=bool)
    places = np.flatnonzero((ratio >= REMOTE) & (ratio < CLOSE))
    found[places] = [_holds(x, y) for x, y in zip(one[places], two[places], strict=True)]
    return found


def _holds(x: str, y: str) -> bool:
    short, long = (x, y) if len(x) <= len(y) else (y, x)
    if not short:
        return False
    if short[0] >= CJK_FROM or short[-1] >= CJK_FROM:
        return len(short) >= 2 and short in long
    return len(short) >= 5 and f" {short} " in f" {long} "


def _branches(one: Texts, two: Texts, number_one: Ints, number_two: Ints) -> Levels:
    order = ORDER["branch"]
    both = (number_one >= 0) & (number_two >= 0)
    level = np.where(both, order["different"], 0).astype(np.int8)
    places = np.flatnonzero(both)
    level[places[ratio_of(fuzz.ratio, one[places], two[places]) >= SIMILAR]] = order["similar"]
    level[both & (number_one == number_two)] = order["same"]
    return level


def _best_of_each(pair: Ints, level: Levels, rarity: Floats, ratio: Floats) -> Ints:
    """Places of the best line of each pair: the lowest level, then the rarest, then the likest."""
    order = np.lexsort((-ratio, np.nan_to_num(rarity, nan=1.0), level, pair))
    return order[np.diff(pair[order], prepend=-1) != 0]
