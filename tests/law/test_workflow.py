"""The engine: a table that contradicts itself is refused, every objection comes at once, buttons and refusals agree."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sanbao.law.workflow import WRONG_STATE, Reason, Step, Workflow


@dataclass(frozen=True)
class Errand:
    state: str
    signed: bool = True
    paid: bool = True
    late: bool = False


def signed(errand: Errand) -> Reason | None:
    return None if errand.signed else Reason("unsigned", "It is not signed.", ("PL-59",))


def paid(errand: Errand) -> Reason | None:
    return None if errand.paid else Reason("unpaid", "It is not paid: %(sum)s yuan.", ("PL-67",), params={"sum": 5})


def late(errand: Errand) -> Reason | None:
    return Reason("late", "It is late.", blocks=False) if errand.late else None


ERRANDS = Workflow(
    "errands",
    ("open", "done", "closed"),
    (
        Step("finish", ("open",), "done", (signed, paid, late), cites=("PL-57",)),
        Step("close", ("open", "done"), "closed", (signed,)),
        Step("reopen", ("closed",), "open"),
    ),
    initial="open",
)


def test_a_step_with_silent_guards_is_allowed() -> None:
    verdict = ERRANDS.attempt("finish", Errand("open"))
    assert verdict.allowed and verdict.reasons == () and verdict.step.target == "done"


def test_every_objection_comes_at_once_and_warnings_beside_them() -> None:
    verdict = ERRANDS.attempt("finish", Errand("open", signed=False, paid=False, late=True))
    assert not verdict.allowed
    assert [reason.code for reason in verdict.objections] == ["unsigned", "unpaid"]
    assert [reason.code for reason in verdict.warnings] == ["late"]


def test_a_warning_alone_does_not_block() -> None:
    assert ERRANDS.attempt("finish", Errand("open", late=True)).allowed


def test_a_step_from_another_state_is_refused_before_any_guard_is_asked() -> None:
    verdict = ERRANDS.attempt("finish", Errand("closed", signed=False))
    assert [(reason.code, reason.message) for reason in verdict.objections] == [("wrong_state", WRONG_STATE)]
    assert "closed" in verdict.objections[0].text()


def test_open_steps_are_those_that_leave_the_state_and_agree_with_attempt() -> None:
    facts = Errand("open", paid=False)
    found = ERRANDS.open_steps(facts)
    assert [verdict.step.name for verdict in found] == ["finish", "close"]
    assert found == [ERRANDS.attempt("finish", facts), ERRANDS.attempt("close", facts)]


def test_an_unknown_step_is_an_error() -> None:
    with pytest.raises(KeyError, match="errands has no step 'burn'"):
        ERRANDS.attempt("burn", Errand("open"))


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Workflow("w", ("a",), (Step("go", ("a",), "b"),)), "unknown states"),
        (lambda: Workflow("w", ("a",), (Step("go", ("b", "a"), "a"),)), "unknown states"),
        (lambda: Workflow("w", ("a",), (Step("go", ("a",), "a"), Step("go", ("a",), "a"))), "used twice"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(make: Callable[[], Workflow], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make()


def test_a_reason_fills_its_placeholders_through_the_translation() -> None:
    reason = ERRANDS.attempt("finish", Errand("open", paid=False)).objections[0]
    assert reason.text() == "It is not paid: 5 yuan."
    assert reason.text(lambda message: message.replace("not paid", "unpaid")) == "It is unpaid: 5 yuan."


def test_the_diagram_shows_every_edge() -> None:
    lines = ERRANDS.mermaid().splitlines()
    assert lines[:2] == ["stateDiagram-v2", "    [*] --> open"]
    assert len(lines) == 2 + len(list(ERRANDS.edges())) == 6
