"""A case that wanders at random through the penalty procedure, facts breaking and mending on the way: no grave state without its marks."""

import os
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from sanbao.law.guards import GUARDS, guard_id
from sanbao.law.penalty import PENALTY
from sanbao.law.publicity import PUBLICATION
from sanbao.law.workflow import Step

from .cases import facts, merged, table
from .test_paths import DECIDED, REQUIRED, SPOT

DEEP = "SANBAO_DEEP" in os.environ
MAIN_LINE = {
    *("verified", "ordered", "rechecked", "filed", "reported", "noticed", "reviewed"),
    *("decided", "served", "overdue", "urged", "court", "enforced"),
}
EAGER = 5
"""How many times as often a case goes on along the main line as aside from it."""
BREAKS = [row for row in table("breaks.toml")["break"] if not row.get("only")]
PUBLISHING = frozenset(guard_id(guard) for guard in PUBLICATION.step("publish").guards)
KEPT = frozenset({"refer", "check", "drop", "educate", "order_correction", "accept_correction", "fail_correction", "file"})


class WanderingCase(RuleBasedStateMachine):
    """One case and one publication; `marks` are the guards that were truly satisfied at the steps taken so far."""

    reached: ClassVar[set[str]] = set()
    refused: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.state = PENALTY.initial
        self.marks: frozenset[str] = frozenset()
        self.before_filing: frozenset[str] = frozenset()
        self.way: list[str] = []
        self.broken: list[dict[str, Any]] = []
        self.published: frozenset[str] | None = None

    @rule(row=st.sampled_from(BREAKS))
    def break_a_fact(self, row: dict[str, Any]) -> None:
        self.broken = [*self.broken[-2:], row]

    @precondition(lambda self: self.broken)
    @rule()
    def mend_the_facts(self) -> None:
        self.broken = []

    @rule(data=st.data())
    def take_a_step(self, data: st.DataObject) -> None:
        leaving = [step for step in PENALTY.steps if self.state in step.source]
        if not leaving:
            return
        step = data.draw(st.sampled_from([step for step in leaving for _ in range(EAGER if step.target in MAIN_LINE else 1)]))
        case = self._facts("penalty", step)
        said = {guard_id(guard): guard(case) for guard in step.guards}
        blocked = any(reason is not None and reason.blocks for reason in said.values())
        verdict = PENALTY.attempt(step.name, case)
        assert verdict.allowed is not blocked
        assert verdict in PENALTY.open_steps(case)
        if blocked:
            type(self).refused += 1
            return
        self._go(step, frozenset(said))

    def _go(self, step: Step, passed: frozenset[str]) -> None:
        if step.name == "return_review":
            self.marks = self.before_filing
        self.marks |= passed
        if step.name in KEPT:
            self.before_filing = self.marks
        self.state = step.target
        self.way.append(step.name)
        type(self).reached.add(step.target)

    @precondition(lambda self: self.published is None)
    @rule()
    def publish(self) -> None:
        step = PUBLICATION.step("publish")
        case = self._facts(
            "publication", step, [] if "serve" in self.way or "punish_on_spot" in self.way else [{"unset": ["service"]}]
        )
        if PUBLICATION.attempt("publish", case).allowed:
            self.published = frozenset(number for number in PUBLISHING if GUARDS[number](case) is None)
            type(self).reached.add("published")

    def _facts(self, workflow: str, step: Step, more: list[dict[str, Any]] | None = None) -> Any:
        """The lawful facts for a step with the present faults that this case can have."""
        state = self.state if workflow == "penalty" else None
        for rows in ([*self.broken, *(more or [])], more or []):
            try:
                return facts(workflow, step.name, merged(*rows), state=state)
            except (KeyError, IndexError, ValueError):
                continue
        raise AssertionError("the lawful case itself could not be built")

    @invariant()
    def nothing_grave_without_its_marks(self) -> None:
        assert REQUIRED.get(self.state, frozenset()) <= self.marks, (self.state, self.way)
        if self.state in REQUIRED:
            assert self.marks >= DECIDED or self.marks >= SPOT, (self.state, self.way)

    @invariant()
    def nothing_is_published_unserved_or_unguarded(self) -> None:
        if self.published is not None:
            assert self.published == PUBLISHING
            assert {"serve", "punish_on_spot"} & set(self.way)


def test_a_wandering_case_never_comes_to_a_grave_state_without_every_mark() -> None:
    chosen = settings(
        max_examples=500 if DEEP else 25,
        stateful_step_count=60 if DEEP else 40,
        deadline=None,
        derandomize=not DEEP,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(WanderingCase, settings=chosen)
    assert WanderingCase.reached >= {"decided", "served", "published"} and WanderingCase.refused
    if DEEP:
        assert WanderingCase.reached >= {"court", "enforced", "archived", "revoked"}
