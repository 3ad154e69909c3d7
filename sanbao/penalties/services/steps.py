"""Taking a step: permission, the law's verdict on the facts, the new state, what the step writes, its periods, the journal."""

from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import Refusal, insist, refuse
from sanbao.core.models import User
from sanbao.law.workflow import Reason, gettext_noop
from sanbao.penalties import facts, papers
from sanbao.penalties.details import Details, verdict_on
from sanbao.penalties.models import Case, Review, StepTaken
from sanbao.penalties.separation import verbs_of
from sanbao.penalties.services import periods
from sanbao.penalties.services.effects import EFFECTS
from sanbao.penalties.services.paperwork import issue_paper

MOVED_ON = Reason("moved_on", gettext_noop("Somebody else has moved this case on in the meantime. Load the page again."))
NO_OPINION = gettext_noop("Write the opinion of the review.")
NOT_NOW = gettext_noop("There is no draft to review now: the notice before the penalty has not been issued yet.")


def require_one(by: User, verbs: tuple[str, ...], at: datetime) -> None:
    """Insist that the person has one of these permissions."""
    if not any(access.may(by, verb, at) for verb in verbs):
        access.require(by, verbs[0], at)


@transaction.atomic
def take_step(case: Case, name: str, *, by: User, at: datetime, **details: Any) -> Case:
    """Take one step of `sanbao.law.penalty.PENALTY` with what it brings (`details.Details`).

    Raises `Forbidden`, or `Refusal` with every objection of the law at once; `KeyError` for a step that does not exist.
    """
    require_one(by, verbs_of(name), at)
    case.refresh_from_db()
    given = Details(**details)
    verdict, known = verdict_on(case, name, given, by, at)
    target = insist(verdict)
    if not Case.objects.filter(pk=case.pk, state=known.state).update(state=target):
        raise Refusal(MOVED_ON)
    case.state = target
    warnings = [
        {"code": each.code, "message": each.message, "params": dict(each.params), "articles": list(each.cites)}
        for each in verdict.warnings
    ]
    taken = StepTaken.objects.create(
        case=case,
        step=name,
        from_state=known.state,
        to_state=target,
        at=at,
        by=by,
        note=given.reason.strip(),
        facts=facts.frozen(known),
        warnings=warnings,
    )
    effect = EFFECTS.get(name)
    if effect:
        effect(case, taken, known, given)
    periods.follow(case, name, known)
    journal.record(f"case.{target}", case, by=by, at=at, step=name, warnings=[each["code"] for each in warnings])
    return case


@transaction.atomic
def review_draft(case: Case, *, passed: bool, reasons: str, by: User, at: datetime) -> Review:
    """Write the legal review of the draft (PL 58). Whether the reviewer was fit for it, the guards of the next step judge again."""
    access.require(by, "case.review", at)
    case.refresh_from_db()
    if case.state not in ("noticed", "heard", "reviewed"):
        raise refuse("not_now", NOT_NOW, "PL-58")
    if not reasons.strip():
        raise refuse("no_opinion", NO_OPINION, "PL-58")
    qualified = by.certificate_at(at, "legal") is not None
    row = Review.objects.create(case=case, at=at, by=by, passed=passed, qualified=qualified, reasons=reasons.strip())
    issue_paper(case, "D-22", papers.review(case, row), by=by, at=at)
    journal.record("case.draft_reviewed", case, by=by, at=at, passed=passed)
    return row
