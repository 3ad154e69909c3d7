"""Who may take which step of a case, and which two parts in one case nobody may play. Reads only.

That investigators do not approve, review, chair or decide is the law's own guard (PL 43, 57, 58, 64); here stands what the office
adds for itself, and the permission each step needs.
"""

from sanbao.core.models import User
from sanbao.law.workflow import Reason, gettext_noop
from sanbao.penalties.facts import investigators_of
from sanbao.penalties.models import Case

NOT_YOURS = gettext_noop("Only the two investigators of this case, %(names)s, may write into it.")
REVIEWER_DECIDES = gettext_noop("Whoever reviewed the draft does not decide it. Another head must decide.")

APPROVED = (
    *("file", "waive", "suspend", "resume", "terminate", "transfer_crime", "end_crime"),
    *("close", "postpone", "apply_court", "enforce"),
)
DECIDED = ("decide", "discuss", "revoke", "annul")
VERBS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(APPROVED, ("case.approve",)),
    **dict.fromkeys(DECIDED, ("case.decide",)),
    "serve": ("case.serve",),
    "return_review": ("case.review", "case.approve"),
}


def verbs_of(step: str) -> tuple[str, ...]:
    """The permissions of which a step needs one."""
    return VERBS.get(step, ("case.handle",))


def objection(case: Case, step: str, by: User | None) -> Reason | None:
    """Why this person may not take this step of this very case, although the permission is there; None if nothing bars it."""
    if by is None:
        return None
    if verbs_of(step) == ("case.handle",) and str(by.pk) not in investigators_of(case):
        return Reason("not_yours", NOT_YOURS, ("PL-42",), params={"names": f"{case.first_handler}、{case.second_handler}"})
    if step == "decide" and case.reviews.filter(by=by).exists():
        return Reason("reviewer_decides", REVIEWER_DECIDES, ("PL-58",))
    return None
