"""The life of an order to correct (责令限期改正): its facts and its table of steps.

An order is no penalty but an act with remedies (PL 28; RL 11). Where a provision asks for a failed order before a fine, the
penalty case reads its outcome as `facts.OrderRecord`. The guards are in `guards.rectification`.
"""

from dataclasses import dataclass
from datetime import datetime

from .actors import Actor, Approval, Officer
from .guards import pick
from .local import LOCKED, Local
from .records import Service
from .workflow import Step, Workflow
from .workflow import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """The facts of one order at the instant of one step; `at` is aware.

    `deadline_at` is the instant at which the time to correct ends, in force now; `new_deadline_at` the one asked for. `found_by`
    and `issued_by` are the ids of who found the act and who issued the order, `recheckers` of who rechecked it.
    """

    state: str
    at: datetime
    local: Local = LOCKED
    actor: Actor | None = None
    officers: tuple[Officer, ...] = ()
    recusal_pending: bool = False
    agency: str | None = None
    area: str | None = None
    conduct_in_area: bool | None = None
    violation: str | None = None
    provision: str | None = None
    correction: str | None = None
    remedies_printed: bool | None = None
    found_by: frozenset[str] = frozenset()
    issued_by: frozenset[str] = frozenset()
    deadline_at: datetime | None = None
    reasonable: bool | None = None
    service: Service | None = None
    extension_requested_at: datetime | None = None
    new_deadline_at: datetime | None = None
    extensions: int = 0
    rechecked_at: datetime | None = None
    recheckers: frozenset[str] = frozenset()
    same_spot_photo: bool | None = None
    corrected: bool | None = None
    approval: Approval | None = None
    reason: str = ""


STATES = ("drafted", "issued", "served", "due", "corrected", "failed", "withdrawn")

RECTIFICATION = Workflow(
    "rectification",
    STATES,
    (
        Step(
            "issue",
            ("drafted",),
            "issued",
            pick("G-HQ", "G-AUTH", "G-PLACE", "G-TWO", "G-CERT", "G-RECUSE", "G-OBASIS", "G-ODAY"),
            cites=("PL-28",),
            documents=("D-05",),
            label=_("Issue the order to correct"),
        ),
        Step(
            "serve",
            ("issued",),
            "served",
            pick("G-HQ", "G-OSERVE", "G-SERVE-ORDER"),
            cites=("PL-61",),
            documents=("D-26",),
            starts=("DL-04", "DL-14"),
            label=_("Serve the order to correct"),
        ),
        Step(
            "extend",
            ("served",),
            "served",
            pick("G-HQ", "G-TWO", "G-OEXTEND"),
            cites=("PL-28",),
            documents=("D-05",),
            starts=("DL-04",),
            label=_("Extend the deadline"),
        ),
        Step("fall_due", ("served",), "due", pick("G-OSERVE", "G-ODUE"), cites=("PL-28",), label=_("The deadline is over")),
        Step(
            "confirm",
            ("served", "due"),
            "corrected",
            pick("G-HQ", "G-TWO", "G-ORECORD", "G-OTHER", "G-OYES"),
            cites=("PL-28", "PL-33"),
            documents=("D-06",),
            label=_("Confirm the correction"),
        ),
        Step(
            "fail",
            ("due",),
            "failed",
            pick("G-HQ", "G-TWO", "G-CERT", "G-OSERVE", "G-ODUE", "G-ORECORD", "G-OAFTER", "G-OTHER", "G-ONO"),
            cites=("PL-28",),
            documents=("D-06",),
            label=_("Record the failure to correct"),
        ),
        Step(
            "withdraw",
            ("issued", "served", "due"),
            "withdrawn",
            pick("G-HQ", "G-REASON"),
            cites=("PL-75",),
            documents=("D-35",),
            label=_("Withdraw the order"),
        ),
        Step("discard", ("drafted",), "withdrawn", pick("G-HQ"), cites=("PL-28",), label=_("Discard the draft")),
    ),
    initial="drafted",
)
FINAL = frozenset({"corrected", "failed", "withdrawn"})
