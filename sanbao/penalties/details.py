"""What the law says to a step with what it brings.

`with_details` serves the service with what was really given and the page with `filled`, a form filled in properly: what a form
cannot mend is refused on the page in the same words as in the service.
"""

from dataclasses import replace
from datetime import datetime

from sanbao.core.models import User
from sanbao.law.facts import CaseFacts
from sanbao.law.penalty import PENALTY
from sanbao.law.records import Approval
from sanbao.law.workflow import Verdict
from sanbao.penalties.bringing import entry, execution, ordinary
from sanbao.penalties.bringing.execution import extra_due
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.facts import facts_of
from sanbao.penalties.models import Case
from sanbao.penalties.separation import objection
from sanbao.problems.models import Delivery

__all__ = ["Details", "extra_due", "filled", "open_verdicts", "verdict_on", "with_details"]

BRINGS = {**entry.BRINGS, **ordinary.BRINGS, **execution.BRINGS}


def verdict_on(case: Case, name: str, given: Details, by: User | None, at: datetime) -> tuple[Verdict, CaseFacts]:
    """What the law says to one step with what it brings, and the facts it was judged by."""
    known = with_details(case, facts_of(case, at, by), name, given)
    return _judge(case, name, known, by), known


def open_verdicts(case: Case, by: User, at: datetime) -> list[Verdict]:
    """What the law says to every next step for this person now, supposing that a complete form is handed in."""
    known = facts_of(case, at, by)
    steps = [step.name for step in PENALTY.steps if case.state in step.source]
    return [_judge(case, name, with_details(case, known, name, filled(case, known, name)), by) for name in steps]


def _judge(case: Case, name: str, known: CaseFacts, by: User | None) -> Verdict:
    """The law's verdict, with the objection of the separation of roles in front where there is one."""
    verdict = PENALTY.attempt(name, known)
    bar = objection(case, name, by)
    return replace(verdict, reasons=(bar, *verdict.reasons)) if bar else verdict


def filled(case: Case, known: CaseFacts, name: str) -> Details:
    """The details of a form filled in properly, for asking the law beforehand."""
    proofs = {
        "serve": Delivery(mode="direct", at=known.at, deemed_at=known.at, signed=True),
        "punish_on_spot": entry.spot_proof(known),
    }
    return Details(
        reason="…",
        text="…",
        received_at=known.at,
        adopted=False,
        heads_present=known.local.collective.quorum if known.local.collective else None,
        heads="…",
        agreed=True,
        sealed=True,
        held_at=known.at,
        record_signed=True,
        delivery=proofs.get(name),
        **entry.filled(case, known),
        **execution.filled(case, known, name),
    )


def with_details(case: Case, known: CaseFacts, name: str, given: Details) -> CaseFacts:
    """The facts of the case with what this step brings. Every step brings its reason and, if the head takes it, the approval."""
    known = replace(known, reason=given.reason, approval=_approval(known, given))
    add = BRINGS.get(name)
    return add(case, known, given) if add else known


def _approval(known: CaseFacts, given: Details) -> Approval | None:
    actor = known.actor
    return Approval(by=actor.id, head=actor.head, at=known.at, reason=given.reason) if actor and actor.head else None
