"""The score ladder: from 100 down to a unit's score, one step for each indicator, to scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sanbao.evaluation.scoring import Result

LEFT, RIGHT, ROW, TOP, BAR_END = 290.0, 720.0, 46.0, 34.0, 36.0


@dataclass(frozen=True)
class LadderStep:
    """One step: its row at `y`, the bar from `x` over `width`, hanging from `from_x`; `detail` is what the page knows of it."""

    detail: Any
    x: float
    width: float
    from_x: float
    y: float
    join_y: float

    @property
    def bar_y(self) -> float:
        return self.y + 8

    @property
    def text_y(self) -> float:
        return self.y + 28

    @property
    def hang_y(self) -> float:
        """Where the dashed line ends: at the bar, or below the row when no bar takes it over."""
        return self.bar_y if self.width else self.y + BAR_END


@dataclass(frozen=True)
class Ladder:
    """Everything the template draws in a frame of 820 units; `lowest` is the score at the left edge."""

    steps: tuple[LadderStep, ...]
    axis: tuple[tuple[int, float], ...]
    lowest: int
    score_width: float
    score_y: float

    @property
    def height(self) -> float:
        return self.score_y + ROW + 6

    @property
    def score_bar_y(self) -> float:
        return self.score_y + 8

    @property
    def score_text_y(self) -> float:
        return self.score_y + 28


def picture(result: Result, details: Mapping[str, Any]) -> Ladder | None:
    """Lay the ladder out, with what the page knows of each indicator; None for a unit without any data."""
    if result.points is None:
        return None
    lowest = max(0, int((result.points - 5) // 10) * 10)

    def at(points: Fraction | int) -> float:
        return round(LEFT + (RIGHT - LEFT) * float(Fraction(points - lowest) / (100 - lowest)), 2)

    steps = tuple(
        LadderStep(
            details[line.indicator],
            at(after),
            round(at(before) - at(after), 2),
            at(before),
            TOP + ROW * (n + 1),
            TOP + ROW * n + BAR_END,
        )
        for n, (line, before, after) in enumerate(result.steps)
    )
    apart = 10 if 100 - lowest <= 60 else 20
    axis = tuple((mark, at(mark)) for mark in range(lowest, 101, apart))
    return Ladder(steps, axis, lowest, round(at(result.points) - LEFT, 2), TOP + ROW * (len(steps) + 1))
