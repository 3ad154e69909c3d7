"""The order to correct from its issue to its end: issue, serve, extend, withdraw. The law decides each step (`law.rectification`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model

from sanbao.core import access, clock, documents, journal
from sanbao.core.errors import Malformed, insist, refuse
from sanbao.core.models import District, Photo, User
from sanbao.law.rectification import RECTIFICATION, OrderFacts
from sanbao.law.workflow import gettext_noop
from sanbao.problems import facts, lifecycle, papers
from sanbao.problems.models import Delivery, Finding, Order
from sanbao.problems.services.moves import move_finding, move_order
from sanbao.problems.voices.queries import shielding_report

NOBODY = gettext_noop("No party is named. Confirm the premises and who trades there before an order is issued.")
OWN_REPORT = gettext_noop(
    "The merchant reported this in its own zone. Such a report is help, not a finding against it, and no order follows from it."
)
OWN_REPORT_WAITS = gettext_noop(
    "The merchant itself reported this and still waits for an answer (%(number)s). Answer or decline its report first; "
    "what is found after that may be ordered."
)
SERVED_EARLY = gettext_noop(
    "A paper cannot have been served before it was issued. Enter when it was really handed over or posted."
)
SERVED_LATE = gettext_noop("The service lies in the future. Record it when it has happened.")
NOT_TWO = gettext_noop("Name the two officers who act.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the officers declare when they act; an answer not given keeps the law's guards closed.

    `showed_certificates` PL 55, `no_conflict` PL 43, `reasonable` that the deadline can be met.
    """

    showed_certificates: bool | None = None
    no_conflict: bool | None = None
    reasonable: bool | None = None

    @property
    def conflict(self) -> bool | None:
        return None if self.no_conflict is None else not self.no_conflict


UNDECLARED = Declared()


@transaction.atomic
def issue_order(
    finding: Finding,
    *,
    violation: str,
    requirement: str,
    correct_by: datetime,
    officers: Sequence[User],
    declared: Declared = UNDECLARED,
    by: User,
    at: datetime,
) -> Order:
    """Issue an order to correct by an instant (day and hour), signed by two certified officers, as a numbered paper (PL 28)."""
    access.require(by, "order.issue", at)
    _insist_on_party(finding, officers)
    order = Order(
        finding=finding,
        violation=violation,
        requirement=requirement.strip(),
        first_officer=officers[0],
        second_officer=officers[1],
        state="drafted",
        issued_at=at,
        correct_by=correct_by,
    )
    district = District.objects.get(pk=order.district_id)
    draft = replace(
        facts.order_facts(order, by=by, at=at),
        officers=_officers(officers, declared, at),
        provision=_provision(violation, at),
        remedies_printed=papers.remedies(district, at) is not None,
        reasonable=declared.reasonable,
    )
    target = insist(RECTIFICATION.attempt("issue", draft))
    move_finding(finding, insist(lifecycle.FINDING.attempt("order", lifecycle.FindingFacts(finding.state))))
    order.state, order.basis = target, draft.provision or ""
    order.save(force_insert=True)
    department = officers[0].department
    order.document = documents.issue(
        "correction_order",
        order,
        "order",
        papers.order_paper(order, district),
        title=papers.ORDER,
        department=department,
        by=by,
        at=at,
    )
    order.number = order.document.number
    Order.objects.filter(pk=order.pk).update(document=order.document, number=order.number)
    journal.record("order.issued", order, by=by, at=at, finding=str(finding.pk), violation=violation)
    return order


def _insist_on_party(finding: Finding, officers: Sequence[User]) -> None:
    insist_no_own_report(finding)
    if finding.merchant_id is None:
        raise refuse("nobody", NOBODY)
    if len({officer.pk for officer in officers}) != 2:
        raise refuse("not_two", NOT_TWO, "PL-42", status=Malformed)


def insist_no_own_report(finding: Finding) -> None:
    """Refuse to hold against a merchant what it has reported itself: nothing follows from help (`docs/adr/0016`)."""
    own = shielding_report(finding)
    if own is None:
        return
    if own.pk == finding.report_id:
        raise refuse("own_report", OWN_REPORT)
    raise refuse("own_report", OWN_REPORT_WAITS, number=own.number)


def _provision(violation: str, at: datetime) -> str | None:
    row = facts.row_of(violation, at)
    return facts.provision_words((*row.provisions, *row.penalty)) if row else None


def _officers(people: Sequence[User], declared: Declared, at: datetime) -> tuple:
    return tuple(
        facts.officer_of(person, at, showed=declared.showed_certificates, conflict=declared.conflict) for person in people
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What proves a service, or what was tried: see `Delivery` for the words. `handed_at` is when it was handed over or sent."""

    recipient: str = ""
    relation: str = ""
    signed: bool = False
    refused: bool = False
    witnesses: str = ""
    witness_count: int = 0
    consent: bool = False
    receipt: str = ""
    posted_on: date | None = None
    whereabouts_unknown: bool = False
    photo: Photo | None = None
    note: str = ""
    handed_at: datetime | None = None


@transaction.atomic
def serve_order(order: Order, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """Record the proof that an order was served; only then does its deadline count (PL 61; CPL 87-95)."""
    access.require(by, "order.serve", at)
    delivery = delivery_of(order, issued_at=order.issued_at, mode=mode, proof=proof, by=by, at=at)
    delivery.document = order.document
    served = replace(facts.order_facts(order, by=by, at=at), service=facts.service_of(order, delivery))
    target = insist(RECTIFICATION.attempt("serve", served))
    delivery.save(force_insert=True)
    move_order(order, target, served_at=delivery.deemed_at)
    journal.record("order.served", order, by=by, at=at, delivery=str(delivery.pk), mode=mode)
    return delivery


@transaction.atomic
def record_attempt(order: Order, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """Record that a way of serving failed; a public notice needs such records (CPL 95)."""
    access.require(by, "order.serve", at)
    delivery = delivery_of(order, issued_at=order.issued_at, mode=mode, proof=proof, by=by, at=at)
    delivery.document, delivery.succeeded, delivery.deemed_at = order.document, False, None
    delivery.save(force_insert=True)
    journal.record("delivery.failed", delivery, by=by, at=at, mode=mode, subject=delivery.subject)
    return delivery


def delivery_of(obj: Model, *, issued_at: datetime | None, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """An unsaved row for a paper's subject of any room; the instant it counts from is set by the law.

    No paper is served before it was issued (to the minute) and none in the future, or a party's period would have run unseen.
    `issued_at` is None only for a paper that is issued and handed over in one act.
    """
    handed = proof.handed_at or at
    early = issued_at is not None and (
        handed < issued_at.replace(second=0, microsecond=0)
        or (proof.posted_on or clock.local_day(at)) < clock.local_day(issued_at)
    )
    if early:
        raise refuse("served_before_issued", SERVED_EARLY, "PL-61", status=Malformed)
    if handed > at:
        raise refuse("served_in_future", SERVED_LATE, "PL-61", status=Malformed)
    given: Mapping[str, object] = {
        name: getattr(proof, name) for name in Proof.__dataclass_fields__ if name not in ("photo", "handed_at")
    }
    return Delivery(
        subject=journal.subject_of(obj),
        mode=mode,
        at=handed,
        proof=proof.photo,
        deemed_at=facts.deemed_at(mode, handed, proof.posted_on, facts.local_of()),
        by=by,
        **given,
    )


@transaction.atomic
def extend_order(order: Order, *, correct_by: datetime, requested_at: datetime, reason: str, by: User, at: datetime) -> Order:
    """Extend the deadline, once, on the party's request with reasons; a paper goes to the party."""
    access.require(by, "order.extend", at)
    asked = replace(
        facts.order_facts(order, by=by, at=at),
        officers=tuple(facts.officer_of(person, at) for person in (order.first_officer, order.second_officer)),
        extension_requested_at=requested_at,
        new_deadline_at=correct_by,
        reason=reason,
    )
    target = insist(RECTIFICATION.attempt("extend", asked))
    before = order.correct_by
    move_order(order, target, correct_by=correct_by, first_correct_by=before, extended_once=True, extension_reason=reason.strip())
    paper = papers.extension_paper(order, before)
    documents.issue(
        "correction_extension",
        order,
        "order_extension",
        paper,
        title=papers.EXTENSION,
        department=order.first_officer.department,
        by=by,
        at=at,
    )
    journal.record("order.extended", order, by=by, at=at, until=correct_by.isoformat())
    return order


@transaction.atomic
def withdraw_order(order: Order, *, reason: str, by: User, at: datetime) -> Order:
    """Take an order back with reasons (PL 75); the finding is open again."""
    access.require(by, "order.issue", at)
    target = insist(RECTIFICATION.attempt("withdraw", replace(facts.order_facts(order, by=by, at=at), reason=reason)))
    move_order(order, target, withdrawal_reason=reason.strip(), ended_at=at)
    documents.issue(
        "correction_withdrawal",
        order,
        "order_withdrawal",
        papers.withdrawal_paper(order),
        title=papers.WITHDRAWAL,
        department=order.first_officer.department,
        by=by,
        at=at,
    )
    move_finding(order.finding, insist(lifecycle.FINDING.attempt("release", lifecycle.FindingFacts(order.finding.state))))
    journal.record("order.withdrawn", order, by=by, at=at)
    return order


def fall_due(order: Order, known: OrderFacts) -> OrderFacts:
    """Move a served order on whose time is over; the law refuses before. Returns the facts of the new state."""
    target = insist(RECTIFICATION.attempt("fall_due", known))
    move_order(order, target)
    return replace(known, state=target)
