"""What the steps after the decision bring: money, time to pay, reminder, court, enforcement, closing and archive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sanbao.core import clock, documents
from sanbao.law.deadlines import due
from sanbao.law.extra_fine import ExtraFine, Stay, extra_fine
from sanbao.law.facts import CaseFacts
from sanbao.law.penalty import PENALTY
from sanbao.law.records import Closing, CourtFile, Defence, Execution, Remedy, Reminder
from sanbao.penalties.bringing.entry import cash_of, decided
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.models import Case

NOTHING = Decimal(0)
# The papers without which a file is not whole, of those that its steps name; others go with special courses only.
ALWAYS = frozenset({"D-07", "D-15", "D-16", "D-18", "D-20", "D-23", "D-24", "D-26", "D-29", "D-33", "D-35", "D-36"})
RUNNING = ("proposed", "preserved", "seized")


def stays_of(remedies: Sequence[Remedy]) -> list[Stay]:
    """The days on which no extra fine runs, because a remedy was pending (PL 73)."""
    return [Stay(clock.local_day(each.filed_at), clock.local_day(each.ended_at) if each.ended_at else None) for each in remedies]


def pay_until(known: CaseFacts) -> date | None:
    """The last day to pay: that of the last instalment where time was granted, else counted from the service (PL 66, 67)."""
    if known.payments.last_instalment_on is not None:
        return known.payments.last_instalment_on
    return due("DL-08", known.service.at).last_day if known.service is not None else None


def extra_of(case: Case, known: CaseFacts, paid_on: date) -> ExtraFine | None:
    """The extra fine on what was still open at the end of the time to pay, if it is paid on a day (PL 72); None while that runs."""
    until = pay_until(known)
    if not case.fine or until is None or paid_on <= until:
        return None
    in_time = sum((row.amount - row.extra for row in case.payments.all() if row.paid_on <= until), NOTHING)
    left = case.fine - in_time
    return extra_fine(left, until, paid_on, stays_of(known.remedies)) if left > 0 else None


def extra_due(case: Case, known: CaseFacts, paid_on: date) -> Decimal:
    """The extra fine owed if the rest is paid on a day, less what of it was paid before. Yuan."""
    found = extra_of(case, known, paid_on)
    settled = sum((row.extra for row in case.payments.all()), NOTHING)
    return max(found.amount - settled, NOTHING) if found else NOTHING


def payment(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The money that now comes in, on top of what was received before (G-PAID); in cash only against a ground and a receipt."""
    known = replace(known, cash=cash_of(known, given))
    if given.amount is None or given.paid_on is None:
        return known
    settled = known.payments.extra_due or NOTHING
    paid = replace(
        known.payments,
        paid=known.payments.paid + given.amount,
        receipt_no=given.receipt_no.strip() or None,
        extra_due=settled + extra_due(case, known, given.paid_on),
    )
    return replace(known, payments=paid)


def postponement(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The party's application, the head's yes and the schedule with its last day (PL 66)."""
    last = max((day for day, _amount in given.schedule), default=None)
    money = replace(known.payments, applied_at=given.applied_at, postponement=known.approval, last_instalment_on=last)
    return replace(known, payments=money)


def reminder(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The reminder as it will be printed: time, manner, sum with the extra fine so far, rights (CL 35, 54)."""
    extra = extra_of(case, known, clock.local_day(known.at))
    told = Reminder(complete=known.service is not None, extra_fine=extra.amount if extra else NOTHING)
    return replace(decided(case, known), reminder=told)


def urged_answer(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The recheck of what the party stated against the reminder (CL 36)."""
    if known.reminder is None:
        return known
    text = given.text.strip()
    settled = tuple(
        each
        if each.settled
        else Defence(received_at=each.received_at, rechecked_at=known.at, adopted=given.adopted, reasons=text)
        for each in known.reminder.defences
    )
    return replace(known, reminder=replace(known.reminder, defences=settled))


def court(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The application with its enclosures, as far as the file holds them (CL 55)."""
    forms = set(case.papers.values_list("form", flat=True))
    file = CourtFile(
        head_signed=given.head_signed,
        sealed=given.sealed,
        dated_on=clock.local_day(known.at),
        decision=bool(forms & {"D-23", "D-24"}),
        opinion_and_reminder=given.opinion_and_reminder,
        object_information=given.object_information,
    )
    return replace(decided(case, known), court=file)


def ruling(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The ruling of the court, by its number and instant (CL 57, 58)."""
    known_ruling = given.ruling if given.document.strip() else ""
    return replace(known, court=CourtFile(ruling=known_ruling or None, ruled_at=given.ruled_at))


def enforcement(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """How, when and on what ground the agency itself enforces (CL 37, 43, 44, 50)."""
    act = Execution(
        kind=given.enforce_as or None,
        at=given.enforce_at,
        power_from_law=given.power_from_law,
        written_decision=given.written_decision,
        urgent=given.urgent,
        urgent_reason=given.urgent_reason,
        cuts_utilities=given.cuts_utilities,
        notice_posted=given.notice_posted,
        substitute_ground=given.substitute_ground,
        budget=given.budget,
        reminder_service=known.execution.reminder_service if known.execution else None,
    )
    return replace(decided(case, known), execution=act)


def open_duties(case: Case) -> list[str]:
    """What the rows themselves show to be open before closing: things held, and a penalty on the spot not reported (PL 52, 56)."""
    found = [] if not case.measures.filter(state__in=RUNNING).exists() else ["goods"]
    if case.procedure == Case.Procedure.SIMPLE and case.spot_reported_at is None:
        found.append("report")
    return found


def closing(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """What whoever closes confirms; what the rows contradict does not count (G-CLOSE)."""
    still = open_duties(case)
    done = Closing(
        duties_done=given.duties_done and "report" not in still,
        goods_disposed=given.goods_disposed and "goods" not in still,
        correction_rechecked=given.correction_rechecked,
    )
    return replace(decided(case, known), closing=done)


def archive(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """Whether every paper that the steps demand is in the file, and each still has the bytes that were sealed (PL 47)."""
    filed = {row.form: row.document for row in case.papers.select_related("document")}
    taken = [row.step for row in case.steps.all() if row.step != "propose"]
    demanded = {form for name in taken for form in PENALTY.step(name).documents} & ALWAYS
    intact = True
    try:
        for row in case.papers.select_related("document"):
            documents.pdf_bytes(row.document)
    except (documents.DocumentChanged, FileNotFoundError):
        intact = False
    return replace(known, closing=Closing(documents_complete=demanded <= filed.keys(), hash_sealed=intact))


def filled(case: Case, known: CaseFacts, name: str) -> dict[str, object]:
    """What a properly filled form of these steps would say at this instant."""
    day = clock.local_day(known.at)
    left = (case.fine or NOTHING) + extra_due(case, known, day) - known.payments.paid + (known.payments.extra_due or NOTHING)
    last = due("DL-08", known.at).last_day
    return {
        "amount": left,
        "paid_on": day,
        "receipt_no": "…",
        "duties_done": True,
        "goods_disposed": True,
        "correction_rechecked": True,
        "applied_at": known.at,
        "schedule": ((last, case.fine or NOTHING),),
        "head_signed": True,
        "opinion_and_reminder": True,
        "object_information": True,
        "ruling": "refused" if name == "refuse_enforcement" else "granted",
        "ruled_at": known.at,
        "enforce_as": "substitute",
        "enforce_at": known.at,
        "power_from_law": True,
        "written_decision": True,
        "cuts_utilities": False,
        "notice_posted": True,
        "substitute_ground": True,
        "budget": NOTHING,
    }


BRINGS = {
    "pay": payment,
    "postpone": postponement,
    "remind": reminder,
    "answer_reminder": urged_answer,
    "apply_court": court,
    "grant_enforcement": ruling,
    "refuse_enforcement": ruling,
    "enforce": enforcement,
    "close": closing,
    "archive": archive,
}
