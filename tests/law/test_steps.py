"""The tables of steps against the table of the manual (`steps.toml`): nothing is moved, added or left out unseen."""

import pytest

from sanbao.law.check import PROCEDURES
from sanbao.law.guards import GUARDS, guard_id, pick

from .cases import table

STEPS = table("steps.toml")
MANUAL = set(range(2, 48))
"""The rows of the manual's table; the first one is the arrival of a lead, which is no step."""


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_every_step_is_as_the_manual_tells_it(name: str) -> None:
    told = {
        step.name: {
            "from": list(step.source),
            "to": step.target,
            "asks": [guard_id(guard) for guard in step.guards],
            "papers": list(step.documents),
            "starts": list(step.starts),
        }
        for step in PROCEDURES[name][0].steps
    }
    expected = {step: {key: value for key, value in row.items() if key != "manual"} for step, row in STEPS[name].items()}
    assert told == expected


def test_every_row_of_the_manual_has_a_step() -> None:
    assert {number for steps in STEPS.values() for row in steps.values() for number in row["manual"]} == MANUAL


def test_guards_are_picked_by_their_numbers_and_a_stranger_has_none() -> None:
    assert pick("G-TWO", "G-HQ") == (GUARDS["G-TWO"], GUARDS["G-HQ"])
    with pytest.raises(KeyError, match="<lambda>"):
        guard_id(lambda facts: None)
