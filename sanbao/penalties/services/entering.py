"""What the entry steps write: the visit, the order to correct, the penalty on the spot, referral, crime, suspension. No judging."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sanbao.core import clock
from sanbao.core.errors import Malformed, refuse
from sanbao.law.deadlines import due
from sanbao.law.facts import CaseFacts
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import facts, papers, wording
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.models import Case, CaseDeadline, Payment, StepTaken
from sanbao.penalties.services import periods
from sanbao.penalties.services.paperwork import issue_paper
from sanbao.penalties.services.proposing import lay_order_evidence
from sanbao.problems import services as problems
from sanbao.problems.services import Declared

Effect = Callable[[Case, StepTaken, CaseFacts, Details], None]
NO_FINDING = gettext_noop("This case rests on no finding, so no order can be written from it. Record the finding first.")


def change(case: Case, **changes: Any) -> None:
    """Write these fields of the case."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))


def end(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The case is at its end."""
    change(case, closed_at=taken.at)


def check(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """An inspection has its approval and notice, a patrol only the record of the scene."""
    if given.activity == "inspection":
        visit = wording.visit(case, given, taken.by, taken.at)
        for form in ("D-01", "D-02"):
            issue_paper(case, form, visit, by=taken.by, at=taken.at, step=taken)
    issue_paper(case, "D-03", wording.scene(case, given.text.strip(), taken.at), by=taken.by, at=taken.at, step=taken)


def drop(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """Dropped with its reason, which is the record of the check."""
    issue_paper(case, "D-03", wording.scene(case, given.reason, taken.at), by=taken.by, at=taken.at, step=taken)
    end(case, taken, known, given)


def educate(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """Ended with the record of what was explained."""
    issue_paper(case, "D-21", wording.education(case, given.reason), by=taken.by, at=taken.at, step=taken)
    end(case, taken, known, given)


def refer(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """Handed over with its letter and the list of materials."""
    issue_paper(case, "D-34T", wording.referral(case, given), by=taken.by, at=taken.at, step=taken)
    end(case, taken, known, given)


def order_correction(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The order is written by the room that leads orders; from its failure the case goes on by itself."""
    if case.finding is None:
        raise refuse("no_finding", NO_FINDING, "PL-28", status=Malformed)
    officers = known.officers
    declared = Declared(
        showed_certificates=all(each.showed_certificate for each in officers) or None,
        no_conflict=None if any(each.conflict is None for each in officers) else not any(each.conflict for each in officers),
        reasonable=given.reasonable,
    )
    row = problems.issue_order(
        case.finding,
        violation=case.violation,
        requirement=given.requirement.strip(),
        correct_by=given.correct_by,
        officers=(case.first_handler, case.second_handler),
        declared=declared,
        by=taken.by,
        at=taken.at,
    )
    change(case, order=row)


def fail_correction(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """What the failed order proves is laid on the evidence desk, to be looked at."""
    lay_order_evidence(case, case.order)


def punish_on_spot(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """Decided and served at once; cash only as the law allowed it, with its receipt and the time to hand it in (PL 71)."""
    change(case, procedure=Case.Procedure.SIMPLE, decided_at=taken.at, served_at=given.delivery.deemed_at)
    told = wording.spot_decision(case, given, taken.at)
    paper = issue_paper(case, "D-24", told, by=taken.by, at=taken.at, step=taken)
    row = given.delivery
    row.document = paper.document
    row.save(force_insert=True)
    receipt = papers.receipt(case, row, paper.document.title, paper.document.number)
    issue_paper(case, "D-26", receipt, by=taken.by, at=taken.at, step=taken)
    if known.cash is not None:
        take_cash(case, taken, known)


def take_cash(case: Case, taken: StepTaken, known: CaseFacts) -> None:
    """Money the officers took: a payment with its receipt, and the time to hand it in."""
    cash = known.cash
    Payment.objects.create(
        case=case,
        amount=cash.amount,
        paid_on=clock.local_day(cash.at),
        receipt_no=cash.receipt_no,
        cash=True,
        cash_reason=cash.reason,
        at=taken.at,
        by=taken.by,
    )
    periods.begin(case, due("DL-09", cash.at))


def transfer_crime(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """Transferred with the report, the evidence and the list of goods."""
    issue_paper(case, "D-34C", wording.crime(case, given), by=taken.by, at=taken.at, step=taken)


def resume(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    """The time to decide goes on where it stood: its row moves by the days of the suspension, which the guard leaves out too."""
    days = timedelta(days=facts.days_suspended(case) - known.days_suspended)
    for row in CaseDeadline.objects.filter(case=case, rule="DL-05", met_at__isnull=True):
        row.ends_at, row.last_on = row.ends_at + days, row.last_on + days
        row.save(update_fields=["ends_at", "last_on"])


EFFECTS: dict[str, Effect] = {
    "check": check,
    "drop": drop,
    "educate": educate,
    "refer": refer,
    "order_correction": order_correction,
    "accept_correction": end,
    "fail_correction": fail_correction,
    "punish_on_spot": punish_on_spot,
    "transfer_crime": transfer_crime,
    "end_crime": end,
    "resume": resume,
}
