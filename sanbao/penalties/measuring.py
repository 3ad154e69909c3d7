"""The facts of a measure beside a case as the law asks for them, and the verdict on its next steps. Reads only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sanbao.core import clock
from sanbao.core.models import User
from sanbao.law.actors import Approval
from sanbao.law.measures import MEASURES, MeasureFacts
from sanbao.law.workflow import Verdict
from sanbao.penalties import facts
from sanbao.penalties.models import Measure
from sanbao.problems import facts as problem_facts

DECLARED = (
    *("loss_feared", "related", "list_handed_over", "decision_handed_over", "necessities", "sealed_before", "basis_level"),
    *("complex", "told_in_writing"),
)


def facts_of(measure: Measure, at: datetime, by: User | None) -> MeasureFacts:
    """What is recorded about a measure at `at`; what a step adds is put in by `with_given`. About 6 queries."""
    case, known = measure.case, measure.answers
    approval = None
    if measure.approved_by and measure.approved_at:
        head = "bureau_head" in measure.approved_by.roles_on(clock.local_day(measure.approved_at))
        approval = Approval(by=str(measure.approved_by_id), head=head, at=measure.approved_at)
    return MeasureFacts(
        state=measure.state,
        at=at,
        local=problem_facts.local_of(),
        actor=problem_facts.actor_of(by, at) if by else None,
        officers=facts.officers_of(case, at),
        handlers=facts.handlers_of(case),
        recusal_pending=bool(case.answers.get("recusal_pending")),
        approval=approval,
        started_at=measure.started_at,
        urgent=measure.urgent,
        extensions=measure.extensions,
        **{name: known.get(name) for name in DECLARED},
    )


def with_given(measure: Measure, known: MeasureFacts, name: str, given: Mapping[str, Any], by: User | None) -> MeasureFacts:
    """The facts with what the step brings: declarations, a decision for each thing, the head's own approval."""
    known = replace(known, reason=str(given.get("reason", "")), **declared(given))
    if name == "dispose":
        words = list(given.get("decisions", ()))
        known = replace(known, every_item_decided=len(words) == len(measure.items) and all(each.strip() for each in words))
    actor = known.actor
    if name in ("extend", "confirm_urgent") and actor and by:
        known = replace(known, approval=Approval(by=actor.id, head=actor.head, at=known.at))
    return known


def declared(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the given answers that the law knows as facts of a measure."""
    return {name: given[name] for name in DECLARED if given.get(name) is not None}


FILLED = {
    "reason": "…",
    "loss_feared": True,
    "related": True,
    "list_handed_over": True,
    "decision_handed_over": True,
    "necessities": False,
    "sealed_before": False,
    "complex": True,
    "told_in_writing": True,
}


def open_steps(measure: Measure, by: User, at: datetime) -> list[Verdict]:
    """What the law says to each next step of a measure for this person now, supposing that a complete form is handed in."""
    known, flow = facts_of(measure, at, by), MEASURES[measure.kind]
    filled = {**FILLED, "decisions": ["…"] * len(measure.items)}
    names = [step.name for step in flow.steps if measure.state in step.source]
    return [flow.attempt(name, with_given(measure, known, name, filled, by)) for name in names]
