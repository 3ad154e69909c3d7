"""Every guard at its edges (`edges.toml`): the question left open, the last second in time and the first one late."""

from typing import Any

import pytest

from sanbao.law.guards import GUARDS

from .cases import facts, guarded, table

STEPS = {(workflow, step) for workflow, step, _ in guarded()}
EDGES = [(guard, {"workflow": "penalty", **head, **row}) for guard, head in table("edges.toml").items() for row in head["rows"]]


@pytest.mark.parametrize(("guard", "row"), EDGES, ids=[f"{guard} {row['says']}" for guard, row in EDGES])
def test_the_guard_answers_at_its_edge(guard: str, row: dict[str, Any]) -> None:
    reason = GUARDS[guard](facts(row["workflow"], row["step"], row))
    said = "" if reason is None else reason.text()
    assert (reason is None) == ("no" not in row and "warns" not in row), said
    assert row.get("no", row.get("warns", "")) in said
    if reason is not None:
        assert (reason.code, reason.blocks) == (GUARDS[guard].__name__, "no" in row)


def test_every_guard_of_a_step_has_edges_and_every_edge_a_step() -> None:
    assert set(table("edges.toml")) == {guard for _, _, guard in guarded()}
    assert {(row["workflow"], row["step"]) for _, row in EDGES} <= STEPS
