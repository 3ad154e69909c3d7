"""From counts to a score: pure arithmetic in exact fractions, so that the ladder's steps add up and a frozen score can be made again.

A share is numerator over denominator; without a denominator there is no data, which is neither 0 nor 100: the weight of such an
indicator leaves the base. Grades and places come from the unrounded score; what is shown is cut off, never rounded up.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from sanbao.evaluation.rubric import Group, Rubric

FULL = Fraction(100)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: `pending` are missing ones that can still count, `waiting` are not yet due and not yet in the denominator."""

    numerator: int
    denominator: int
    pending: int = 0
    waiting: int = 0

    @property
    def share(self) -> Fraction | None:
        """Numerator over denominator, or None when there is nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def open(self) -> int:
        """How many items can still be finished so that they count."""
        return self.pending + self.waiting

    def finished(self, number: int) -> "Count":
        """The count if that many of the open items were finished, those already due first."""
        number = min(max(number, 0), self.open)
        due = min(number, self.pending)
        early = number - due
        return Count(self.numerator + number, self.denominator + early, self.pending - due, self.waiting - early)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the ladder: what the indicator says, its weight (of 100, and of what could be measured) and the points it took."""

    indicator: str
    weight: int
    count: Count
    share: Fraction | None
    base: Fraction
    lost: Fraction


@dataclass(frozen=True, slots=True)
class Result:
    """A unit's score; `points` is None when nothing could be measured, `measured` how much of the hundred points of weight was."""

    lines: tuple[Line, ...]
    points: Fraction | None
    grade: str
    measured: int

    @property
    def steps(self) -> tuple[tuple[Line, Fraction, Fraction], ...]:
        """The ladder from 100 down to the score: (line, before, after)."""
        found, level = [], FULL
        for line in self.lines:
            found.append((line, level, level - line.lost))
            level -= line.lost
        return tuple(found)


def score(rubric: Rubric, group: Group, counts: Mapping[str, Count]) -> Result:
    """Score one unit of a group; an indicator without a count is without data."""
    given = {key: counts.get(key, Count(0, 0)) for key in group.weights}
    measured = sum(weight for key, weight in group.weights.items() if given[key].share is not None)
    lines = tuple(_line(rubric, key, weight, given[key], measured) for key, weight in group.weights.items())
    if not measured:
        return Result(lines, None, "", 0)
    points = FULL - sum((line.lost for line in lines), Fraction(0))
    return Result(lines, points, grade_of(rubric, points), measured)


def _line(rubric: Rubric, key: str, weight: int, count: Count, measured: int) -> Line:
    if count.share is None:
        return Line(key, weight, count, None, Fraction(0), Fraction(0))
    missed = 1 - count.share if rubric.indicators[key].direction == "up" else count.share
    base = Fraction(100 * weight, measured)
    return Line(key, weight, count, count.share, base, base * missed)


def grade_of(rubric: Rubric, points: Fraction) -> str:
    """The grade of an unrounded score."""
    return next(grade.letter for grade in rubric.grades if points >= grade.lowest)


def places(points: Mapping[K, Fraction | None]) -> dict[K, int | None]:
    """Places by unrounded score: equal scores share a place, the next one is left free; without a score there is no place."""
    known = sorted((value for value in points.values() if value is not None), reverse=True)
    return {key: None if value is None else known.index(value) + 1 for key, value in points.items()}


def shown(points: Fraction | Decimal | None) -> Decimal | None:
    """A score as printed: two decimals, cut off and never rounded up into another grade."""
    return None if points is None else Decimal(int(Fraction(points) * 100 // 1)).scaleb(-2)
