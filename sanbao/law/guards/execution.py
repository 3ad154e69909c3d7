"""Guards on payment, reminder, enforcement, court, closing, archive and self-correction."""

from datetime import datetime
from decimal import Decimal

from ..calendar import UnknownYear, official
from ..deadlines import Due, due
from ..facts import CaseFacts
from ..figures import figure, local_day
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .procedure import served_at

NOTHING = Decimal(0)


def paid_in_full(f: CaseFacts) -> Reason | None:
    """G-PAID. PL 67, 70, 72: the bank confirms fine and extra fine, against a receipt."""
    if f.payments.extra_due is None or not f.payments.receipt_no:
        message = _("The extra fine due or the number of the receipt is not recorded. Take them from the bank's message.")
        return Reason("paid_in_full", message, ("PL-67", "PL-70"))
    owed = (f.sanction.fine or NOTHING) + f.payments.extra_due
    if f.payments.paid != owed:
        return Reason(
            "paid_in_full",
            _("%(paid)s yuan were paid, %(owed)s yuan are owed. Wait for the rest or correct the entry."),
            ("PL-67", "PL-72"),
            params={"paid": str(f.payments.paid), "owed": str(owed)},
        )
    return None


def hardship_granted(f: CaseFacts) -> Reason | None:
    """G-POSTPONE. PL 66: postponement or instalments on the party's application and the agency's approval, with an end."""
    approval = f.payments.postponement
    if f.payments.applied_at is None or approval is None or not approval.granted or f.payments.last_instalment_on is None:
        message = _("Application, approval or the last day of payment is missing. Record all three.")
        return Reason("hardship_granted", message, ("PL-66",))
    return None


def performance_end(f: CaseFacts) -> Due | None:
    """The end of the time to pay, counted from proven service, or None while there is none."""
    if f.service is None or not served_at(f.service, f):
        return None
    return due("DL-08", f.service.at)


def unperformed(f: CaseFacts) -> Reason | None:
    """G-UNPAID. PL 67, 72: the time to pay or perform is surely over, and the fine or the duty is still open."""
    end = performance_end(f)
    if end is None:
        return Reason(
            "unperformed", _("The decision has not been served with proof, so no time to pay runs."), ("PL-61", "PL-67")
        )
    last = f.payments.last_instalment_on
    over = local_day(f.at) > last if last is not None else end.is_over(f.at) and not end.provisional
    if not over:
        return Reason(
            "unperformed",
            _("The time to pay or perform is not surely over; the last day is %(day)s. Wait."),
            ("PL-66", "PL-67"),
            params={"day": (last or end.last_day).isoformat()},
        )
    if f.payments.paid >= (f.sanction.fine or NOTHING) and not _duty_open(f):
        return Reason("unperformed", _("Nothing is open: the fine is paid. Close the case."), ("PL-67",))
    return None


def _duty_open(f: CaseFacts) -> bool:
    return "remove_building" in f.sanction.kinds and not (f.closing is not None and f.closing.duties_done)


def reminder_ready(f: CaseFacts) -> Reason | None:
    """G-REMIND. CL 35, 54: the reminder tells time, manner, amount and rights."""
    if f.reminder is None or f.reminder.complete is not True:
        message = _("The reminder is missing or does not tell time, manner, amount and rights. Complete it.")
        return Reason("reminder_ready", message, ("CL-35", "CL-54"))
    return None


def reminder_answered(f: CaseFacts) -> Reason | None:
    """G-URGED. CL 36: what the party states against the reminder is recorded, rechecked and answered."""
    if f.reminder is None or not f.reminder.defences or any(not defence.settled for defence in f.reminder.defences):
        message = _("The party's statement against the reminder is not rechecked with reasons. Recheck it.")
        return Reason("reminder_answered", message, ("CL-36",))
    return None


def statements_settled(f: CaseFacts) -> Reason | None:
    """G-SETTLED. CL 36: enforcement does not go on over an unanswered statement."""
    if f.reminder is not None and any(not defence.settled for defence in f.reminder.defences):
        message = _("A statement against the reminder is still unanswered. Recheck and answer it first.")
        return Reason("statements_settled", message, ("CL-36",))
    return None


def remedies_expired(f: CaseFacts) -> Due | None:
    """The end of the time for remedies, counted from proven service (DL-14; on the spot DL-14S), or None."""
    if f.service is None or not served_at(f.service, f):
        return None
    return due("DL-14S" if f.procedure == "simple" else "DL-14", f.service.at)


def court_open(f: CaseFacts) -> Reason | None:
    """G-COURT. CL 53 to 55: remedies unused and over, window open, reminder served and lapsed, papers complete."""
    cites = ("CL-53", "CL-54", "CL-55")
    expired = remedies_expired(f)
    if expired is None:
        return Reason("court_open", _("The decision has not been served with proof, so no period runs."), cites)
    if any(remedy.ended_at is None for remedy in f.remedies):
        return Reason("court_open", _("A remedy is pending. Wait for its outcome before going to court."), cites)
    last = f.payments.last_instalment_on
    window = due("DL-15I", last) if last is not None else due("DL-15", expired.last_day)
    opens = local_day(f.at) > last if last is not None else expired.is_over(f.at) and not expired.provisional
    if not opens:
        return Reason("court_open", _("The time for remedies is not surely over. The court cannot be asked yet."), cites)
    if window.is_over(f.at):
        return Reason(
            "court_open",
            _("The time to apply to the court ended on %(day)s. Ask the legal office."),
            cites,
            params={"day": window.last_day.isoformat()},
        )
    reminder = f.reminder
    if reminder is None or reminder.service is None or not served_at(reminder.service, f):
        return Reason("court_open", _("The reminder has not been served with proof. Serve it first."), cites)
    pause = due("DL-12", reminder.service.at)
    if not pause.is_over(f.at) or pause.provisional:
        return Reason(
            "court_open",
            _("The time given by the reminder is not surely over; the last day is %(day)s. Wait."),
            ("CL-54", "CL-69"),
            params={"day": pause.last_day.isoformat()},
        )
    if f.court is None or not f.court.complete:
        return Reason(
            "court_open", _("The application lacks signature, seal, date or one of its enclosures. Complete it."), cites
        )
    return None


def court_ruled(f: CaseFacts) -> Reason | None:
    """G-RULING. CL 57, 58: the court's ruling lets the enforcement go on."""
    if f.court is None or f.court.ruling != "granted" or f.court.ruled_at is None or f.court.ruled_at > f.at:
        return Reason("court_ruled", _("There is no ruling that grants enforcement. Record the ruling first."), ("CL-57",))
    return None


def court_refused(f: CaseFacts) -> Reason | None:
    """G-NORULING. CL 58: the court refused or ended the enforcement."""
    if f.court is None or f.court.ruling not in ("refused", "terminated") or f.court.ruled_at is None:
        return Reason("court_refused", _("There is no ruling that refuses or ends enforcement. Record it first."), ("CL-58",))
    return None


def own_power(f: CaseFacts) -> Reason | None:
    """G-OWNPOWER. CL 13, 37: compulsory enforcement rests on a law, with a written decision after the reminder."""
    execution = f.execution
    if execution is None or execution.kind is None or execution.power_from_law is not True:
        message = _("No law gives this agency the power to enforce by itself. Apply to the court.")
        return Reason("own_power", message, ("CL-13",))
    if execution.written_decision is not True:
        return Reason("own_power", _("There is no written enforcement decision. Issue it."), ("CL-37",))
    return None


def not_by_night(f: CaseFacts) -> Reason | None:
    """G-NIGHT. CL 43: no enforcement at night or on statutory holidays, unless urgent; weekends draw a warning."""
    at = f.execution.at if f.execution is not None else None
    if f.execution is None or at is None:
        return Reason("not_by_night", _("The time of the enforcement is not set. Set it."), ("CL-43",))
    if f.execution.urgent and f.execution.urgent_reason:
        return None
    calendar = official()
    local = at.astimezone(calendar.zone)
    begin, end = f.local.night or (figure("night_from", local.date()), figure("night_to", local.date()))
    if local.hour >= begin or local.hour < end:
        return Reason("not_by_night", _("Enforcement at night is forbidden. Choose a time by day."), ("CL-43",))
    return _day_off(local)


def _day_off(local: datetime) -> Reason | None:
    try:
        if official().is_statutory_holiday(local.date()):
            return Reason("not_by_night", _("Enforcement on a statutory holiday is forbidden. Choose a working day."), ("CL-43",))
    except UnknownYear:
        message = _("The holidays of that year are not announced, so the day cannot be judged. Choose a day of a known year.")
        return Reason("not_by_night", message, ("CL-43",))
    if official().is_off(local.date()):
        message = _("This is a day off. Enforcement is better moved to a working day.")
        return Reason("not_by_night", message, ("CL-43",), blocks=False)
    return None


def no_utilities_cut(f: CaseFacts) -> Reason | None:
    """G-UTIL. CL 43: residents' water, power, heat and gas are not cut to force performance."""
    if f.execution is None or f.execution.cuts_utilities is not False:
        message = _("It is not confirmed that no water, power, heat or gas of residents is cut. Cutting them is forbidden.")
        return Reason("no_utilities_cut", message, ("CL-43",))
    return None


def removal_ripe(f: CaseFacts) -> Reason | None:
    """G-DEMO. CL 35 to 37, 44: a building falls only after public notice, reminder, and remedies unused and over."""
    if f.execution is None or f.execution.kind != "removal":
        return None
    cites = ("CL-35", "CL-37", "CL-44")
    if f.execution.notice_posted is not True:
        message = _("No public notice has set the party a time to remove the building itself. Post it.")
        return Reason("removal_ripe", message, cites)
    expired = remedies_expired(f)
    if expired is None or not expired.is_over(f.at) or expired.provisional:
        message = _("The time for reconsideration and litigation is not surely over. The building may not be removed yet.")
        return Reason("removal_ripe", message, cites)
    if any(remedy.outcome not in ("upheld", "withdrawn") for remedy in f.remedies):
        return Reason("removal_ripe", _("A remedy is pending or succeeded. The building may not be removed."), cites)
    reminder = f.reminder
    if reminder is None or reminder.service is None or not served_at(reminder.service, f):
        return Reason("removal_ripe", _("The reminder before enforcement has not been served with proof. Serve it."), cites)
    return None


def substitute_ripe(f: CaseFacts) -> Reason | None:
    """G-SUBST. CL 50, 51: substitute performance on its grounds, with budget, and a reminder in time before."""
    execution = f.execution
    if execution is None or execution.kind != "substitute":
        return None
    cites = ("CL-50", "CL-51")
    if execution.substitute_ground is not True or execution.budget is None:
        message = _("Substitute performance needs harm to traffic, environment or resources, and a budget. Record both.")
        return Reason("substitute_ripe", message, cites)
    if execution.reminder_service is None or not served_at(execution.reminder_service, f) or execution.at is None:
        return Reason("substitute_ripe", _("The reminder before substitute performance has not been served. Serve it."), cites)
    pause = due("DL-13", execution.reminder_service.at)
    if pause.provisional or pause.not_before is None or local_day(execution.at) < pause.not_before:
        message = _("The days between the reminder and substitute performance are not surely over. Choose a later day.")
        return Reason("substitute_ripe", message, (*cites, "CL-69"))
    return None


def duties_done(f: CaseFacts) -> Reason | None:
    """G-CLOSE. PL 28, 57, 74: fine, correction and goods are settled before a case is closed."""
    closing = f.closing
    if f.state == "served" and f.payments.paid < (f.sanction.fine or NOTHING):
        return Reason("duties_done", _("The fine is not paid. Record the payment before closing."), ("PL-66", "PL-67"))
    if closing is None or not (closing.duties_done and closing.goods_disposed and closing.correction_rechecked):
        message = _("A duty, the goods, or the recheck of the correction is still open. Settle it before closing.")
        return Reason("duties_done", message, ("PL-28", "PL-57", "PL-74"))
    return None


def file_complete(f: CaseFacts) -> Reason | None:
    """G-ARCHIVE. PL 47: every paper is in the file and its fingerprint is sealed."""
    if f.closing is None or f.closing.documents_complete is not True or f.closing.hash_sealed is not True:
        message = _("The file lacks papers or its seal. Complete the list of papers and seal it.")
        return Reason("file_complete", message, ("PL-47",))
    return None


def annulled(f: CaseFacts) -> Reason | None:
    """G-ANNUL. PL 75; RL; ALL: a remedy changed or annulled the decision, by a document on file."""
    changed = ("changed", "annulled", "unlawful")
    if not any(remedy.outcome in changed and remedy.ended_at is not None and remedy.document for remedy in f.remedies):
        message = _("No document on file changes or annuls the decision. File it first.")
        return Reason("annulled", message, ("PL-48", "PL-75"))
    return None
