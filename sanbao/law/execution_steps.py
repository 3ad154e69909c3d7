"""The second half of the penalty procedure: payment, reminder, court, enforcement, closing, archive, revocation.

The first half, the states and the whole table are in `penalty`.
"""

from .guards import pick
from .workflow import Step
from .workflow import gettext_noop as _

IN_FORCE = ("decided", "served", "paid", "overdue", "urged", "court", "enforced", "closed")

EXECUTION = (
    Step(
        "pay",
        ("served", "overdue", "urged", "court"),
        "paid",
        pick("G-PAID", "G-CASH"),
        cites=("PL-67",),
        documents=("D-28",),
        label=_("Record the payment"),
    ),
    Step(
        "postpone",
        ("served",),
        "served",
        pick("G-HQ", "G-POSTPONE"),
        cites=("PL-66",),
        documents=("D-27",),
        starts=("DL-15I",),
        label=_("Grant postponement or instalments"),
    ),
    Step("lapse", ("served",), "overdue", pick("G-UNPAID"), cites=("PL-67", "PL-72"), label=_("Time to pay is over")),
    Step(
        "remind",
        ("overdue",),
        "urged",
        pick("G-HQ", "G-UNPAID", "G-EXTRA", "G-REMIND"),
        cites=("CL-35", "CL-54"),
        documents=("D-29", "D-26"),
        starts=("DL-12",),
        label=_("Send the reminder"),
    ),
    Step(
        "answer_reminder",
        ("urged",),
        "urged",
        pick("G-HQ", "G-URGED"),
        cites=("CL-36",),
        documents=("D-18",),
        label=_("Answer the statement against the reminder"),
    ),
    Step(
        "apply_court",
        ("urged",),
        "court",
        pick("G-HQ", "G-HEAD", "G-UNPAID", "G-EXTRA", "G-SETTLED", "G-COURT"),
        cites=("CL-53", "CL-54", "CL-55"),
        documents=("D-33",),
        label=_("Apply to the court"),
    ),
    Step(
        "enforce",
        ("urged",),
        "enforced",
        pick("G-HQ", "G-HEAD", "G-TWO", "G-SETTLED", "G-OWNPOWER", "G-NIGHT", "G-UTIL", "G-DEMO", "G-SUBST"),
        cites=("CL-37", "CL-43", "CL-44", "CL-50"),
        documents=("D-30", "D-32"),
        label=_("Enforce by own power"),
    ),
    Step("grant_enforcement", ("court",), "enforced", pick("G-RULING"), cites=("CL-57",), label=_("Enforced by the court")),
    Step(
        "refuse_enforcement",
        ("court",),
        "closed",
        pick("G-HQ", "G-NORULING"),
        cites=("CL-58",),
        documents=("D-36",),
        starts=("DL-28",),
        label=_("Enforcement refused by the court"),
    ),
)

ENDING = (
    Step(
        "close",
        ("served", "paid", "enforced"),
        "closed",
        pick("G-HQ", "G-HEAD", "G-SERVE", "G-CLOSE"),
        cites=("PL-57",),
        documents=("D-36",),
        label=_("Close the case"),
    ),
    Step(
        "archive",
        ("closed", "no_penalty", "no_action", "referred", "revoked"),
        "archived",
        pick("G-HQ", "G-ARCHIVE"),
        cites=("PL-47",),
        documents=("D-37",),
        label=_("Archive the file"),
    ),
    Step(
        "revoke",
        (*IN_FORCE, "no_penalty"),
        "revoked",
        pick("G-HQ", "G-HEAD", "G-REASON"),
        cites=("PL-75", "PL-48"),
        documents=("D-35",),
        starts=("DL-16",),
        label=_("Revoke of the agency's own accord"),
    ),
    Step(
        "annul",
        IN_FORCE,
        "revoked",
        pick("G-ANNUL"),
        cites=("PL-48", "PL-75"),
        documents=("D-35",),
        starts=("DL-16",),
        label=_("Annulled by a remedy"),
    ),
)
