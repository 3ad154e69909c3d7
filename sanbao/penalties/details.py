"""What a step brings with it, and the facts with it put in.

`with_details` serves the service with what was really given and the page with `filled`, a form filled in properly: what a form
cannot mend is refused on the page in the same words as in the service.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sanbao.core import clock, documents
from sanbao.core.models import User
from sanbao.law.deadlines import due
from sanbao.law.extra_fine import Stay, extra_fine
from sanbao.law.facts import CaseFacts
from sanbao.law.figures import figure
from sanbao.law.penalty import PENALTY
from sanbao.law.records import Approval, Closing, Collective, Decision, Defence, Hearing, Notice, Payments
from sanbao.law.sanctions import hearing_required
from sanbao.law.workflow import Verdict
from sanbao.penalties.facts import facts_of
from sanbao.penalties.models import Case
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Delivery

# The papers without which a file is not whole, of those that its steps name; others go with special courses only.
ALWAYS = frozenset({"D-07", "D-15", "D-16", "D-18", "D-20", "D-23", "D-26", "D-35", "D-36"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything a step may be handed; each step uses its own few. Amounts in yuan; `delivery` is an unsaved row."""

    reason: str = ""
    text: str = ""
    received_at: datetime | None = None
    adopted: bool | None = None
    heads_present: int | None = None
    agreed: bool | None = None
    new_facts: bool = False
    sealed: bool | None = None
    held_at: datetime | None = None
    absent: bool = False
    agents: int = 0
    record_signed: bool | None = None
    delivery: Delivery | None = None
    amount: Decimal | None = None
    paid_on: date | None = None
    receipt_no: str = ""
    duties_done: bool | None = None
    goods_disposed: bool | None = None
    correction_rechecked: bool | None = None


def verdict_on(case: Case, name: str, given: Details, by: User | None, at: datetime) -> tuple[Verdict, CaseFacts]:
    """What the law says to one step with what it brings, and the facts it was judged by."""
    known = with_details(case, facts_of(case, at, by), name, given)
    return PENALTY.attempt(name, known), known


def open_verdicts(case: Case, by: User, at: datetime) -> list[Verdict]:
    """What the law says to every next step for this person now, supposing that a complete form is handed in."""
    known = facts_of(case, at, by)
    steps = [step.name for step in PENALTY.steps if case.state in step.source]
    return [PENALTY.attempt(name, with_details(case, known, name, filled(case, known, name))) for name in steps]


def filled(case: Case, known: CaseFacts, name: str) -> Details:
    """The details of a form filled in properly, for asking the law beforehand."""
    day = clock.local_day(known.at)
    proof = Delivery(mode="direct", at=known.at, deemed_at=known.at, signed=True)
    owed = (case.fine or Decimal(0)) + extra_due(case, known, day) - known.payments.paid
    return Details(
        reason="…",
        text="…",
        received_at=known.at,
        adopted=False,
        heads_present=known.local.collective.quorum if known.local.collective else None,
        agreed=True,
        sealed=True,
        held_at=known.at,
        record_signed=True,
        delivery=proof if name == "serve" else None,
        amount=owed,
        paid_on=day,
        receipt_no="…",
        duties_done=True,
        goods_disposed=True,
        correction_rechecked=True,
    )


def with_details(case: Case, known: CaseFacts, name: str, given: Details) -> CaseFacts:
    """The facts of the case with what this step brings. Every step brings its reason and, if the head takes it, the approval."""
    known = replace(known, reason=given.reason, approval=_approval(known, given))
    add = BRINGS.get(name)
    return add(case, known, given) if add else known


def _approval(known: CaseFacts, given: Details) -> Approval | None:
    actor = known.actor
    return Approval(by=actor.id, head=actor.head, at=known.at, reason=given.reason) if actor and actor.head else None


def _notice(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The draft of the notice: it tells what is proposed, and offers a hearing wherever one may be due (PL 44, 63)."""
    required = hearing_required(known.sanction, known.party.kind, known.local) if known.party.kind else None
    draft = Notice(
        sanction=known.sanction,
        issued_at=known.at,
        complete=bool(case.findings.strip() and known.sanction.kinds and known.law_version),
        hearing_offered=required is not False,
        new_facts=given.new_facts,
    )
    earlier = (*known.earlier_notices, known.notice) if known.notice else ()
    return replace(known, notice=draft, earlier_notices=earlier)


def _defence(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    if not given.text.strip() or given.received_at is None:
        return known
    return replace(known, defences=(*known.defences, Defence(received_at=given.received_at)))


def _answer(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    settled = tuple(
        each if each.settled else replace(each, rechecked_at=known.at, adopted=given.adopted, reasons=given.text.strip())
        for each in known.defences
    )
    return replace(known, defences=settled)


def _hearing_request(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    return replace(known, hearing=Hearing(requested_at=given.received_at)) if given.received_at else known


def _hearing_withdrawn(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    return replace(known, hearing=replace(known.hearing, withdrawn_at=given.received_at)) if known.hearing else known


def _hearing_held(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    if known.hearing is None:
        return known
    held = replace(
        known.hearing,
        held_at=given.held_at,
        absent=given.absent,
        agents=given.agents,
        record_signed=given.record_signed if given.text.strip() else None,
    )
    return replace(known, hearing=held)


def _discussion(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    if given.heads_present is None or given.agreed is None:
        return known
    talk = Collective(at=known.at, heads_present=given.heads_present, agreed=given.agreed, recorded=bool(given.text.strip()))
    return replace(known, collective=talk)


def _decision(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The decision as it will be printed: remedies of the ordinary procedure, extra fine stated, in the agency's name (PL 59)."""
    day = clock.local_day(known.at)
    draft = Decision(
        issued_at=known.at,
        complete=bool(case.findings.strip() and known.evidence and known.sanction.kinds and known.law_version),
        sealed=given.sealed,
        dated_on=day,
        reconsideration_first=False,
        offers_direct_suit=True,
        reconsideration_days=figure("reconsideration_days", day),
        litigation_months=figure("litigation_months", day),
        organ=known.local.organ,
        court=known.local.court,
        extra_fine_stated=True,
        in_name_of=known.agency,
    )
    return replace(known, decision=draft)


def decided(case: Case, known: CaseFacts) -> CaseFacts:
    """The facts with the decision that was issued."""
    if case.decided_at is None:
        return known
    draft = _decision(case, replace(known, at=case.decided_at), Details(sealed=True)).decision
    return replace(known, decision=draft)


def _service(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    known = decided(case, known)
    return replace(known, service=problem_facts.service_of(case, given.delivery) if given.delivery else None)


def extra_due(case: Case, known: CaseFacts, paid_on: date) -> Decimal:
    """The extra fine owed if the fine is paid on a day (PL 72); nothing while the time to pay runs."""
    if not case.fine or known.service is None:
        return Decimal(0)
    until = due("DL-08", known.service.at).last_day
    stays = [
        Stay(clock.local_day(each.filed_at), clock.local_day(each.ended_at) if each.ended_at else None) for each in known.remedies
    ]
    return extra_fine(case.fine, until, paid_on, stays).amount if paid_on > until else Decimal(0)


def _payment(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    if given.amount is None or given.paid_on is None:
        return known
    paid = Payments(
        paid=known.payments.paid + given.amount,
        receipt_no=given.receipt_no.strip() or None,
        extra_due=extra_due(case, known, given.paid_on),
    )
    return replace(known, payments=paid)


def _closing(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    done = Closing(
        duties_done=given.duties_done,
        goods_disposed=given.goods_disposed,
        correction_rechecked=given.correction_rechecked,
    )
    return replace(decided(case, known), closing=done)


def _archive(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
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


BRINGS = {
    "notify": _notice,
    "notify_again": _notice,
    "state_defence": _defence,
    "recheck_defence": _answer,
    "request_hearing": _hearing_request,
    "withdraw_hearing": _hearing_withdrawn,
    "hold_hearing": _hearing_held,
    "discuss": _discussion,
    "decide": _decision,
    "serve": _service,
    "pay": _payment,
    "close": _closing,
    "archive": _archive,
}
