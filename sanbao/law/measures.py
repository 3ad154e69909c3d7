"""What runs beside a penalty case: preserved evidence, sealing and seizure, stays, publication; each with its own small table.

They are tokens beside the main line and not a product of states. The guards are in `guards.measures` and `guards.publicity`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .actors import Actor, Approval, Officer
from .guards import pick
from .local import LOCKED, Local
from .publicity import PUBLICATION
from .records import Remedy
from .workflow import Step, Workflow
from .workflow import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFacts:
    """The facts of one measure at the instant of one step; `started_at` is the instant it was taken."""

    state: str
    at: datetime
    local: Local = LOCKED
    actor: Actor | None = None
    officers: tuple[Officer, ...] = ()
    handlers: frozenset[str] = frozenset()
    recusal_pending: bool = False
    approval: Approval | None = None
    reason: str = ""
    started_at: datetime | None = None
    loss_feared: bool | None = None
    list_handed_over: bool | None = None
    decision_handed_over: bool | None = None
    every_item_decided: bool | None = None
    urgent: bool = False
    basis_level: Literal["law", "admin_regulation", "local_regulation", "local_rule", "none"] | None = None
    related: bool | None = None
    necessities: bool | None = None
    sealed_before: bool | None = None
    extensions: int = 0
    complex: bool | None = None
    told_in_writing: bool | None = None
    remedy: Remedy | None = None


PRESERVATION = Workflow(
    "preservation",
    ("proposed", "preserved", "disposed", "returned", "discarded"),
    (
        Step(
            "preserve",
            ("proposed",),
            "preserved",
            pick("G-HQ", "G-TWO", "G-CERT", "G-RECUSE", "G-HEAD", "G-PRESERVE"),
            cites=("PL-56",),
            documents=("D-09",),
            starts=("DL-03",),
            label=_("Register and preserve evidence"),
        ),
        Step(
            "dispose",
            ("preserved",),
            "disposed",
            pick("G-HQ", "G-TWO", "G-DISPOSE"),
            cites=("PL-56",),
            documents=("D-10",),
            label=_("Decide on the preserved items"),
        ),
        Step(
            "give_back",
            ("preserved",),
            "returned",
            pick("G-HQ", "G-7WDPRES"),
            cites=("PL-56",),
            documents=("D-10",),
            label=_("Return the preserved items"),
        ),
        Step("discard", ("proposed",), "discarded", pick("G-HQ"), cites=("PL-56",), label=_("Discard the proposal")),
    ),
    initial="proposed",
)

SEIZURE = Workflow(
    "seizure",
    ("proposed", "seized", "released", "discarded"),
    (
        Step(
            "seize",
            ("proposed",),
            "seized",
            pick("G-HQ", "G-TWO", "G-CERT", "G-RECUSE", "G-SEIZE"),
            cites=("CL-18", "CL-24"),
            documents=("D-12", "D-13"),
            starts=("DL-10", "DL-11"),
            label=_("Seal or seize"),
        ),
        Step(
            "confirm_urgent",
            ("seized",),
            "seized",
            pick("G-HQ", "G-24H"),
            cites=("CL-19",),
            documents=("D-12",),
            label=_("Approve the urgent seizure"),
        ),
        Step(
            "extend",
            ("seized",),
            "seized",
            pick("G-HQ", "G-HEAD", "G-SEXTEND"),
            cites=("CL-25",),
            documents=("D-14",),
            starts=("DL-10E",),
            label=_("Extend the seizure"),
        ),
        Step(
            "release",
            ("seized",),
            "released",
            pick("G-HQ", "G-REASON", "G-SEIZED"),
            cites=("CL-27", "CL-28"),
            documents=("D-14",),
            label=_("Release and return"),
        ),
        Step("discard", ("proposed",), "discarded", pick("G-HQ"), cites=("CL-18",), label=_("Discard the proposal")),
    ),
    initial="proposed",
)

STAY = Workflow(
    "stay",
    ("announced", "stayed", "lifted"),
    (
        Step("stay", ("announced",), "stayed", pick("G-STAY"), cites=("PL-73",), label=_("Stop the extra fine")),
        Step(
            "lift",
            ("stayed",),
            "lifted",
            pick("G-UNSTAY"),
            cites=("PL-73",),
            starts=("DL-19",),
            label=_("Let the extra fine run again"),
        ),
    ),
    initial="announced",
)

MEASURES: dict[str, Workflow] = {
    "preservation": PRESERVATION,
    "seizure": SEIZURE,
    "stay": STAY,
    "publication": PUBLICATION,
}
