"""Which street segments to walk so that the estimate of unknown fronts becomes sharper the fastest. Pure, and the same for the same seed.

A walked segment is known completely. What it teaches is twofold: its own unknown fronts are found, and the rate at which the lists miss
fronts is seen, which sharpens the estimate for the segments that were not walked. The rate is taken to be gamma distributed with the
spread of the estimate at hand, the unknown fronts of a segment to be Poisson distributed around it: then the expected width after a walk
has a closed form. Segments are drawn with a chance in proportion to the unknown fronts expected there, evenly over streets and areas.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import NormalDist
from typing import Final

from sanbao.registry.estimate import Estimate

SMOOTH: Final = 0.5  # fronts: also a segment whose fronts all lists agree on may hide one


@dataclass(frozen=True)
class Stretch:
    """One segment that can be walked: fronts known there, those of them that at most one list names, and the middle of its line.

    `order` puts neighbours beside each other (path of the area, street, number); `lon`, `lat` are WGS-84.
    """

    key: Hashable
    order: tuple[str, str, int]
    fronts: int
    single: int
    length_m: float
    lon: float
    lat: float


@dataclass(frozen=True)
class Walk:
    """Chosen segments in walking order, and half the width of the interval (fronts) before and expected after the walk."""

    chosen: tuple[Stretch, ...]
    before: float
    after: float

    @property
    def length_m(self) -> float:
        """Metres of street, each walked once."""
        return sum(one.length_m for one in self.chosen)


def expected_unknown(stretches: Sequence[Stretch], unseen: float) -> dict[Hashable, float]:
    """How many unknown fronts are expected on each segment: where only one list saw much, more was missed."""
    total = sum(one.single + SMOOTH for one in stretches)
    return {one.key: unseen * (one.single + SMOOTH) / total for one in stretches}


def half_width(found: Estimate, expected: Sequence[float], walked: Sequence[bool]) -> float:
    """Half the width of the interval that is expected after walking some segments, in fronts."""
    z = NormalDist().inv_cdf((1 + found.level) / 2)
    deviation = found.spread / z
    total = sum(expected)
    if total <= 0:
        return 0.0
    # The variance of the estimate is that of the rate and that of chance: sd² = total² · rate + total.
    rate = max(deviation**2 - total, 0.01 * total) / total**2
    seen = sum(each for each, done in zip(expected, walked, strict=True) if done)
    rest = total - seen
    variance = rest**2 / (1 / rate + seen) + rest
    return min(found.spread, z * sqrt(max(0.0, variance)))


def plan(stretches: Sequence[Stretch], found: Estimate, *, segments: int, seed: int = 1) -> Walk:
    """Choose so many segments (all, if there are fewer), in walking order."""
    ordered = sorted(stretches, key=lambda one: one.order)
    expected = expected_unknown(ordered, found.unseen)
    weights = [expected[one.key] for one in ordered]
    chosen = _draw(weights, min(segments, len(ordered)), seed)
    before = half_width(found, weights, [False] * len(ordered))
    after = half_width(found, weights, [place in chosen for place in range(len(ordered))])
    return Walk(tuple(walking_order([ordered[place] for place in sorted(chosen)])), before, after)


def segments_for(stretches: Sequence[Stretch], found: Estimate, *, half: float, seed: int = 1) -> int | None:
    """The fewest segments after which half the width is expected to be at most `half` fronts; None if not even all of them do."""
    if plan(stretches, found, segments=len(stretches), seed=seed).after > half:
        return None
    low, high = 0, len(stretches)
    while low < high:
        middle = (low + high) // 2
        if plan(stretches, found, segments=middle, seed=seed).after <= half:
            high = middle
        else:
            low = middle + 1
    return low


def walking_order(chosen: Sequence[Stretch]) -> list[Stretch]:
    """From the westernmost segment of each area to the nearest that is left, area after area."""
    route: list[Stretch] = []
    for area in dict.fromkeys(one.order[0] for one in chosen):
        left = [one for one in chosen if one.order[0] == area]
        here = min(left, key=lambda one: (one.lon, one.order))
        while left:
            left.remove(here)
            route.append(here)
            if left:
                last = here
                here = min(left, key=lambda one: (_apart(last, one), one.order))
    return route


def _apart(one: Stretch, other: Stretch) -> float:
    """A distance good enough to compare: degrees, with those of longitude shortened as in the middle of China."""
    return sqrt(((one.lon - other.lon) * 0.82) ** 2 + (one.lat - other.lat) ** 2)


def _draw(weights: Sequence[float], number: int, seed: int) -> set[int]:
    """Systematic draw with chances in proportion to the weights: whoever would be drawn twice is in, the rest in even steps."""
    certain: set[int] = set()
    while True:
        left = [place for place in range(len(weights)) if place not in certain]
        step = sum(weights[place] for place in left) / max(1, number - len(certain))
        sure = {place for place in left if weights[place] >= step}
        if not sure or len(certain) + len(sure) > number or len(certain) == number:
            break
        certain |= sure
    wanted = number - len(certain)
    if not wanted:
        return certain
    left = [place for place in range(len(weights)) if place not in certain]
    step = sum(weights[place] for place in left) / wanted
    mark, reached = Random(f"walk {seed}").random() * step, 0.0  # nosec B311  # a draw that can be replayed, not a secret
    for place in left:
        reached += weights[place]
        while reached > mark and len(certain) < number:
            certain.add(place)
            mark += step
    spare = [place for place in left if place not in certain]
    return certain | set(spare[: number - len(certain)])
