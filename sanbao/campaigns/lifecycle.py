"""The life of a task: assigned, in progress, reported done, verified by another, or returned."""

from dataclasses import dataclass
from typing import Any

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop


@dataclass(frozen=True)
class TaskFacts:
    """What the guards of a task look at; people by their keys."""

    state: str
    actor: Any
    doer: Any
    evidence: int = 0
    reason: str = ""


def another_verifies(facts: TaskFacts) -> Reason | None:
    """The one who reported a task done never verifies it."""
    if facts.actor == facts.doer:
        return Reason(
            "same_person",
            gettext_noop("Whoever reported the task done cannot verify it; ask another person of the headquarters."),
        )
    return None


def evidence_is_there(facts: TaskFacts) -> Reason | None:
    """Progress without evidence is asserted, not verified."""
    if not facts.evidence:
        return Reason(
            "no_evidence",
            gettext_noop("No photo or paper supports this report: it counts as asserted until one is added."),
            blocks=False,
        )
    return None


def reason_is_given(facts: TaskFacts) -> Reason | None:
    """A task is returned or cancelled only with a reason."""
    if not facts.reason.strip():
        return Reason("reason_missing", gettext_noop("Say why: the unit must know what to mend."))
    return None


TASK = Workflow(
    name="task",
    states=("assigned", "in_progress", "done", "verified", "cancelled"),
    initial="assigned",
    steps=(
        Step("report_progress", ("assigned", "in_progress"), "in_progress", label=gettext_noop("Report progress")),
        Step("report_done", ("assigned", "in_progress"), "done", (evidence_is_there,), label=gettext_noop("Report done")),
        Step("verify", ("done",), "verified", (another_verifies,), label=gettext_noop("Verify")),
        Step("return_task", ("done",), "in_progress", (another_verifies, reason_is_given), label=gettext_noop("Return")),
        Step("cancel", ("assigned", "in_progress"), "cancelled", (reason_is_given,), label=gettext_noop("Cancel")),
    ),
)
