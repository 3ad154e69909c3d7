"""What happens between the steps after a decision: part payments, cash handed in, reports, reminders and what is stated against them."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.law.deadlines import due
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import facts, papers, wording
from sanbao.penalties.bringing.execution import extra_due
from sanbao.penalties.models import Case, Defence, Discussion, Payment, Reminder
from sanbao.penalties.services import periods
from sanbao.penalties.services.paperwork import issue_paper
from sanbao.penalties.services.serving import insist_on_proof, proof_of
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Delivery
from sanbao.problems.services.orders import Proof

NOT_PAYABLE = gettext_noop("No payment is due in this state of the case.")
NO_AMOUNT = gettext_noop("Name the sum, the day and the number of the receipt; no more than what is open.")
KNOWN_RECEIPT = gettext_noop("A payment with this receipt is on record already.")
NO_CASH = gettext_noop("No cash of this case waits to be handed in.")
NOT_SPOT = gettext_noop("Only a penalty imposed on the spot is reported to the agency, once.")
NO_REMINDER = gettext_noop("There is no reminder that waits to be served.")
NOT_URGED = gettext_noop("No reminder has been served, so nothing can be stated against one.")
NO_TEXT = gettext_noop("Write down what the party states.")
NOT_SUBSTITUTE = gettext_noop("Before substitute performance the decision must have been served and the duty be named.")
PAYABLE = ("served", "overdue", "urged", "court")
DISCUSSABLE = ("reviewed", "discussed")
NO_TALK = gettext_noop("Name the heads who were present and write down who said what.")


@transaction.atomic
def record_payment(case: Case, *, amount: Decimal, paid_on: date, receipt_no: str, by: User, at: datetime) -> Payment:
    """Keep a part of the fine as it comes in; the step `pay` takes the last part (PL 66, 67)."""
    access.require(by, "case.handle", at)
    case.refresh_from_db()
    if case.state not in PAYABLE:
        raise refuse("not_payable", NOT_PAYABLE, "PL-67")
    known = facts.facts_of(case, at, by)
    extra = extra_due(case, known, paid_on)
    left = (case.fine or Decimal(0)) + (known.payments.extra_due or Decimal(0)) + extra - known.payments.paid
    if not receipt_no.strip() or not Decimal(0) < amount < left:
        raise refuse("no_amount", NO_AMOUNT, "PL-66", "PL-67", status=Malformed)
    if Payment.objects.filter(receipt_no=receipt_no.strip()).exists():
        raise refuse("known_receipt", KNOWN_RECEIPT, "PL-70")
    row = Payment.objects.create(case=case, amount=amount, paid_on=paid_on, receipt_no=receipt_no.strip(), at=at, by=by)
    journal.record("payment.recorded", case, by=by, at=at, payment=str(row.pk), amount=str(amount))
    return row


@transaction.atomic
def hand_in_cash(case: Case, *, to_bank: bool, by: User, at: datetime) -> Case:
    """Record that cash taken on the spot reached the agency, and then the bank (PL 71)."""
    access.require(by, "case.handle", at)
    name = "DL-09B" if to_bank else "DL-09"
    if not case.deadlines.filter(rule=name, met_at__isnull=True).exists():
        raise refuse("no_cash", NO_CASH, "PL-71")
    periods.end(case, (name,), at)
    if not to_bank:
        periods.begin(case, due("DL-09B", at))
    periods.note_next(case)
    journal.record("cash.handed_in", case, by=by, at=at, to_bank=to_bank)
    return case


@transaction.atomic
def report_on_spot(case: Case, *, by: User, at: datetime) -> Case:
    """Report a penalty imposed on the spot to the agency for its record (PL 52); without it the case is not closed."""
    access.require(by, "case.handle", at)
    case.refresh_from_db()
    if case.procedure != Case.Procedure.SIMPLE or case.spot_reported_at is not None:
        raise refuse("not_spot", NOT_SPOT, "PL-52")
    case.spot_reported_at = at
    case.save(update_fields=["spot_reported_at"])
    journal.record("case.spot_reported", case, by=by, at=at)
    return case


@transaction.atomic
def remind_substitute(case: Case, *, duty: str, by: User, at: datetime) -> Reminder:
    """Write the reminder that goes before substitute performance (CL 51); its days run from its service."""
    access.require(by, "case.handle", at)
    case.refresh_from_db()
    if case.state != Case.State.URGED or not duty.strip():
        raise refuse("not_substitute", NOT_SUBSTITUTE, "CL-51", status=Malformed)
    row = Reminder(case=case, kind=Reminder.Kind.SUBSTITUTE, issued_at=at, duty=duty.strip(), by=by)
    row.document = issue_paper(case, "D-32U", wording.reminder(case, row, at), by=by, at=at).document
    row.save(force_insert=True)
    journal.record("reminder.issued", case, by=by, at=at, reminder=str(row.pk), kind=row.kind)
    return row


@transaction.atomic
def serve_reminder(case: Case, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """Record the proof that the reminder was served; its time runs from there (CL 35, 51, 54)."""
    access.require(by, "case.serve", at)
    row = case.reminders.select_related("document").last()
    if row is None or problem_facts.service_of(row) is not None:
        raise refuse("no_reminder", NO_REMINDER, "CL-35")
    delivery = proof_of(case, row, mode=mode, proof=proof, by=by, at=at)
    delivery.document = row.document
    insist_on_proof(row, delivery, at)
    delivery.save(force_insert=True)
    periods.begin(case, due("DL-13" if row.kind == Reminder.Kind.SUBSTITUTE else "DL-12", delivery.deemed_at))
    periods.note_next(case)
    receipt = papers.receipt(case, delivery, row.document.title, row.document.number)
    issue_paper(case, "D-26", receipt, by=by, at=at)
    journal.record("reminder.served", case, by=by, at=at, delivery=str(delivery.pk), mode=mode)
    return delivery


@transaction.atomic
def record_reminder_statement(case: Case, *, text: str, received_at: datetime, by: User, at: datetime) -> Defence:
    """Keep what the party states against a served reminder; it bars enforcement until it is answered (CL 36)."""
    access.require(by, "case.handle", at)
    row = case.reminders.last()
    if case.state != Case.State.URGED or row is None or problem_facts.service_of(row) is None:
        raise refuse("not_urged", NOT_URGED, "CL-36")
    if not text.strip() or received_at > at:
        raise refuse("no_text", NO_TEXT, "CL-36", status=Malformed)
    stated = Defence.objects.create(case=case, reminder=row, text=text.strip(), received_at=received_at, by=by)
    journal.record("reminder.answered_by_party", case, by=by, at=at, defence=str(stated.pk))
    return stated


@transaction.atomic
def record_disagreement(case: Case, *, heads: str, heads_present: int, text: str, by: User, at: datetime) -> Discussion:
    """Keep a discussion in which the heads did not agree; the case then goes back to the investigators (PL 57)."""
    access.require(by, "case.decide", at)
    case.refresh_from_db()
    if case.state not in DISCUSSABLE or not text.strip() or heads_present < 1:
        raise refuse("no_talk", NO_TALK, "PL-57", status=Malformed)
    row = Discussion.objects.create(
        case=case, at=at, heads_present=heads_present, heads=heads.strip(), agreed=False, record=text.strip(), by=by
    )
    issue_paper(case, "D-22b", papers.discussion(case, row), by=by, at=at)
    journal.record("case.discussed_without_agreement", case, by=by, at=at, discussion=str(row.pk))
    return row
