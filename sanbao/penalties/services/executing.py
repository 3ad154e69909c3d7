"""What the steps after the decision write: payments, time to pay, reminder, court, enforcement, archive. No judging."""

from decimal import Decimal

from sanbao.core import clock
from sanbao.core.errors import Malformed, refuse
from sanbao.law.deadlines import due
from sanbao.law.facts import CaseFacts
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import papers, wording
from sanbao.penalties.bringing.execution import extra_due
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.facts import facts_of
from sanbao.penalties.models import Case, Instalment, Payment, Reminder, StepTaken
from sanbao.penalties.services import entering, periods
from sanbao.penalties.services.entering import Effect, change
from sanbao.penalties.services.paperwork import issue_paper

BAD_SCHEDULE = gettext_noop("The instalments must lie ahead, one a day, and together make up the fine that is still open.")
NOTHING = Decimal(0)


def pay(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The last money comes in; what was received before stands already."""
    if known.cash is not None:
        entering.take_cash(case, taken, known)
    elif given.amount:
        keep_payment(case, given, taken)
    issue_paper(case, "D-28", wording.payments(case), by=taken.by, at=taken.at, step=taken)


def keep_payment(case: Case, given: Details, taken: StepTaken) -> Payment:
    """One payment by the bank's message, with the part of it that is extra fine."""
    extra = extra_due(case, facts_of(case, taken.at, taken.by), given.paid_on)
    return Payment.objects.create(
        case=case,
        amount=given.amount,
        extra=extra,
        paid_on=given.paid_on,
        receipt_no=given.receipt_no.strip(),
        at=taken.at,
        by=taken.by,
    )


def postpone(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The schedule replaces the time to pay; its last day opens the time to go to court (PL 66, 72)."""
    days = [day for day, _amount in given.schedule]
    left = (case.fine or NOTHING) - known.payments.paid
    whole = sum((amount for _day, amount in given.schedule), NOTHING) == left
    if not days or min(days) <= clock.local_day(taken.at) or len(set(days)) < len(days) or not whole:
        raise refuse("bad_schedule", BAD_SCHEDULE, "PL-66", status=Malformed)
    case.instalments.all().delete()
    Instalment.objects.bulk_create(Instalment(case=case, due_on=day, amount=amount) for day, amount in given.schedule)
    periods.end(case, ("DL-08", "DL-15I"), taken.at)
    periods.begin(case, due("DL-15I", max(days)))
    told = wording.postponement(case, given, taken.by)
    for form in ("D-27A", "D-27"):
        issue_paper(case, form, told, by=taken.by, at=taken.at, step=taken)


def remind(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The reminder with fine and extra fine to this day; its time runs from its service."""
    row = Reminder(
        case=case,
        kind=Reminder.Kind.ENFORCEMENT,
        issued_at=taken.at,
        fine=max((case.fine or NOTHING) - known.payments.paid, NOTHING),
        extra=known.reminder.extra_fine if known.reminder and known.reminder.extra_fine else NOTHING,
        by=taken.by,
    )
    paper = issue_paper(case, "D-29", wording.reminder(case, row, taken.at), by=taken.by, at=taken.at, step=taken)
    row.document = paper.document
    row.save(force_insert=True)


def answer_reminder(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """Every open statement against the reminder is answered with reasons (CL 36)."""
    for row in case.defences.filter(reminder__isnull=False, rechecked_at__isnull=True):
        row.rechecked_at, row.adopted, row.reasons = taken.at, given.adopted, given.text.strip()
        row.save(update_fields=["rechecked_at", "adopted", "reasons"])
        issue_paper(case, "D-18", papers.defence_review(case, row), by=taken.by, at=taken.at, step=taken)


def apply_court(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The application and its enclosures."""
    told = wording.court(case, known, given, taken.by)
    for form in ("D-33", "D-33L"):
        issue_paper(case, form, told, by=taken.by, at=taken.at, step=taken)


def enforce(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The decision to enforce: by substitute performance or removal."""
    form = "D-32" if given.enforce_as == "substitute" else "D-30"
    issue_paper(case, form, wording.enforcement(case, given, taken.at), by=taken.by, at=taken.at, step=taken)


def refuse_enforcement(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The court refused: the case closes, and the time to object runs from the ruling."""
    change(case, closed_at=taken.at)
    reason = f"人民法院裁定不准予或者终结执行（{given.document.strip()}）。"
    issue_paper(case, "D-36", papers.closing(case, taken.by, taken.at, reason), by=taken.by, at=taken.at, step=taken)


def archive(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The cover and the catalogue of the bound file."""
    told = wording.cover(case, taken.at)
    for form in ("D-37", "D-37L"):
        issue_paper(case, form, told, by=taken.by, at=taken.at, step=taken)


EFFECTS: dict[str, Effect] = {
    "pay": pay,
    "postpone": postpone,
    "remind": remind,
    "answer_reminder": answer_reminder,
    "apply_court": apply_court,
    "enforce": enforce,
    "refuse_enforcement": refuse_enforcement,
    "archive": archive,
}
