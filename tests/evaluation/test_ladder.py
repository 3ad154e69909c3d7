"""The picture of the ladder: bars to scale, each hanging where the one before ended."""

import pytest
from hypothesis import given

from sanbao.console.pictures import ladder
from sanbao.evaluation import scoring
from tests.evaluation.test_scoring import RUBRIC, STREET, everything

DETAILS = {key: key for key in STREET.weights}


@given(everything)
def test_the_bars_are_to_scale_and_join(given_counts) -> None:
    result = scoring.score(RUBRIC, STREET, given_counts)
    drawn = ladder.picture(result, DETAILS)
    if result.points is None:
        assert drawn is None
        return
    unit = (ladder.RIGHT - ladder.LEFT) / (100 - drawn.lowest)
    for step, (line, before, after) in zip(drawn.steps, result.steps, strict=True):
        assert step.width == pytest.approx(float(line.lost) * unit, abs=0.02)
        assert step.from_x - step.width == pytest.approx(step.x, abs=0.02)
        assert ladder.LEFT <= step.x <= step.from_x <= ladder.RIGHT and before >= after
    assert ladder.LEFT + drawn.score_width == pytest.approx(drawn.steps[-1].x, abs=0.02)
    assert drawn.axis[0][0] == drawn.lowest <= result.points and drawn.axis[-1][0] <= 100
