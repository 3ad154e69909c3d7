"""Guards on what runs beside the main line: preserved evidence, sealing and seizure, stays during remedies."""

from datetime import datetime
from typing import Protocol

from ..actors import Approval
from ..deadlines import due
from ..figures import figure, local_day
from ..records import Remedy
from ..workflow import Reason
from ..workflow import gettext_noop as _


class Measure(Protocol):
    """Facts of a measure, see `measures.MeasureFacts`."""

    @property
    def at(self) -> datetime: ...
    @property
    def approval(self) -> Approval | None: ...
    @property
    def started_at(self) -> datetime | None: ...
    @property
    def loss_feared(self) -> bool | None: ...
    @property
    def list_handed_over(self) -> bool | None: ...
    @property
    def every_item_decided(self) -> bool | None: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def basis_level(self) -> str | None: ...
    @property
    def related(self) -> bool | None: ...
    @property
    def necessities(self) -> bool | None: ...
    @property
    def sealed_before(self) -> bool | None: ...
    @property
    def decision_handed_over(self) -> bool | None: ...
    @property
    def extensions(self) -> int: ...
    @property
    def complex(self) -> bool | None: ...
    @property
    def told_in_writing(self) -> bool | None: ...
    @property
    def remedy(self) -> Remedy | None: ...


def preservation_needed(f: Measure) -> Reason | None:
    """G-PRESERVE. PL 56: only evidence that may be lost or become hard to get; listed and handed over on the spot."""
    if f.loss_feared is not True or f.related is not True:
        message = _("Evidence is preserved only if it concerns the case and may be lost. Write down why.")
        return Reason("preservation_needed", message, ("PL-56",))
    if f.list_handed_over is not True:
        message = _("The list of preserved items was not handed over. Hand over notice and list.")
        return Reason("preservation_needed", message, ("PL-56",))
    return None


def preservation_decided(f: Measure) -> Reason | None:
    """G-DISPOSE. PL 56: every item is decided within its period; afterwards it can only be returned."""
    if f.started_at is None or f.every_item_decided is not True:
        message = _("Not every preserved item has been decided. Decide each one.")
        return Reason("preservation_decided", message, ("PL-56",))
    limit = due("DL-03", f.started_at)
    if limit.is_over(f.at):
        return Reason(
            "preservation_decided",
            _("The time to decide on preserved items ended on %(day)s. They must be returned."),
            ("PL-56",),
            params={"day": limit.last_day.isoformat()},
        )
    return None


def preservation_in_time(f: Measure) -> Reason | None:
    """G-7WDPRES. PL 56: items returned late are returned all the same, and the defect is flagged."""
    if f.started_at is not None and due("DL-03", f.started_at).is_over(f.at):
        message = _("The preserved items are returned later than the law allows. The file will carry this defect.")
        return Reason("preservation_in_time", message, ("PL-56",), blocks=False)
    return None


def seizure_lawful(f: Measure) -> Reason | None:
    """G-SEIZE. CL 10, 17 to 24: basis in law or regulation, approval or urgency, related things only, papers on the spot."""
    if f.basis_level not in ("law", "admin_regulation", "local_regulation"):
        message = _("No law or regulation allows sealing or seizure here. Do not seize.")
        return Reason("seizure_lawful", message, ("CL-10", "CL-17"))
    approved = f.approval is not None and f.approval.granted and f.approval.head and f.approval.at <= f.at
    if not approved and not f.urgent:
        message = _(
            "The head has not approved the seizure beforehand. Ask for approval, or act only in urgency and report at once."
        )
        return Reason("seizure_lawful", message, ("CL-18", "CL-19"))
    if f.related is not True or f.necessities is not False or f.sealed_before is not False:
        message = _("Only things of this case, no daily necessities and nothing sealed already may be seized. Leave the rest.")
        return Reason("seizure_lawful", message, ("CL-23",))
    if f.decision_handed_over is not True or f.list_handed_over is not True:
        message = _("Decision and list were not handed over on the spot. Hand over both.")
        return Reason("seizure_lawful", message, ("CL-18", "CL-24"))
    return None


def urgency_approved(f: Measure) -> Reason | None:
    """G-24H. CL 19: an urgent measure is approved within its hours, else it is lifted."""
    approval = f.approval
    if f.started_at is None or approval is None or not approval.granted or not approval.head:
        message = _("The head has not approved the urgent measure. Without approval it must be lifted at once.")
        return Reason("urgency_approved", message, ("CL-19",))
    if due("DL-11", f.started_at).is_over(approval.at):
        message = _("The approval came after the hours the law allows. Lift the measure.")
        return Reason("urgency_approved", message, ("CL-19",))
    return None


def seizure_extendable(f: Measure) -> Reason | None:
    """G-SEXTEND. CL 25: once, for a complex case, before the end, told in writing with reasons."""
    if f.started_at is None or f.complex is not True or f.told_in_writing is not True:
        message = _("An extension needs a complex case and a written notice with reasons. Record both.")
        return Reason("seizure_extendable", message, ("CL-25",))
    if f.extensions >= figure("extensions_of_seizure", local_day(f.at)):
        return Reason("seizure_extendable", _("The seizure was already extended. Release the things in time."), ("CL-25",))
    if due("DL-10", f.started_at).is_over(f.at):
        message = _("The seizure has already run out. Release the things at once.")
        return Reason("seizure_extendable", message, ("CL-25", "CL-28"))
    return None


def seizure_running(f: Measure) -> Reason | None:
    """G-SEIZED. CL 25, 27, 28: a seizure that ran out is released; a late release is flagged."""
    if f.started_at is None:
        return Reason("seizure_running", _("The start of the seizure is not recorded. Record it."), ("CL-25",))
    if due("DL-10E" if f.extensions else "DL-10", f.started_at).is_over(f.at):
        message = _("The things are released later than the law allows. The file will carry this defect.")
        return Reason("seizure_running", message, ("CL-25", "CL-28"), blocks=False)
    return None


def remedy_filed(f: Measure) -> Reason | None:
    """G-STAY. PL 73: the extra fine stops while a remedy is pending."""
    if f.remedy is None or f.remedy.filed_at > f.at or f.remedy.ended_at is not None:
        return Reason("remedy_filed", _("No pending remedy is recorded. Record the acceptance."), ("PL-73",))
    return None


def remedy_ended(f: Measure) -> Reason | None:
    """G-UNSTAY. PL 73: the extra fine runs again after the outcome."""
    if f.remedy is None or f.remedy.ended_at is None or f.remedy.outcome is None or f.remedy.ended_at > f.at:
        return Reason("remedy_ended", _("The outcome of the remedy is not recorded. Record it with its document."), ("PL-73",))
    return None
