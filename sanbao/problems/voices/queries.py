"""What a merchant may see of its matters, and what waits for the staff: proofs to see, objections to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sanbao.core.journal import subject_of
from sanbao.core.models import IssuedDocument, User
from sanbao.law.deadlines import Due, due
from sanbao.problems.classes import classes
from sanbao.problems.models import Finding, Order, Report
from sanbao.problems.voices.models import CorrectionProof, Objection
from sanbao.registry.models import Merchant, Premises

RECONSIDERATION, LAWSUIT = "DL-14R", "DL-14L"
SERVED = (Order.State.SERVED, Order.State.DUE, Order.State.CORRECTED, Order.State.FAILED)


def matters_of(premises: Premises, merchant: Merchant) -> QuerySet[Finding]:
    """The findings at a front that name this merchant, unfinished ones first, then the newest."""
    found = Finding.objects.filter(premises=premises, merchant=merchant).select_related("unit", "report")
    return found.order_by("-unfinished", "-found_at", "-id")


def served_order(finding: Finding) -> Order | None:
    """The newest order of a finding that has reached the merchant; one still on its way is not shown before it is served (1 query)."""
    served = finding.orders.filter(served_at__isnull=False, state__in=SERVED)
    return served.select_related("document", "first_officer__department").order_by("-issued_at", "-id").first()


def until_of(finding: Finding, order: Order | None) -> datetime:
    """Until when a merchant's word about a matter is of use: the end of the time given, else the office's own limit."""
    return order.correct_by if order else finding.due_at


@dataclass(frozen=True, slots=True)
class Remedy:
    """A right against an order with its period: `rule` is the row of the register of periods."""

    rule: str
    due: Due


def remedies_of(order: Order) -> list[Remedy]:
    """Reconsideration and lawsuit against a served order, counted from its service by the register of periods (RL 20, ALL 46)."""
    return [Remedy(rule, due(rule, order.served_at)) for rule in (RECONSIDERATION, LAWSUIT)]


def papers_of(premises: Premises, merchant: Merchant) -> list[IssuedDocument]:
    """The papers about matters at a front that were served on this merchant, the newest first (2 queries).

    Not those of penalty cases: they are served in person and hold more than whoever keeps the link need know.
    """
    orders = Order.objects.filter(finding__premises=premises, finding__merchant=merchant, served_at__isnull=False)
    subjects = [subject_of(order) for order in orders]
    return list(IssuedDocument.objects.filter(subject__in=subjects).order_by("-issued_at", "-id"))


def reports_of(premises: Premises, since: datetime) -> QuerySet[Report]:
    """What was reported through the merchant's own link for a front since it came there, the newest first."""
    found = Report.objects.filter(premises=premises, source=Report.Source.MERCHANT, received_at__gte=since)
    return found.order_by("-received_at", "-id")


def shielding_report(finding: Finding) -> Report | None:
    """The merchant's own report that keeps an order from following a finding, if any (at most 1 query).

    That is the report the finding was taken up from, else one about the same class at the same front that the merchant sent before
    anybody else spoke of it and that the office has not answered: as long as the office owes the answer, the state reported is not
    held against whoever reported it. Declining or answering the report, with a sentence, ends this at once.
    """
    if finding.report_id and finding.report.source == Report.Source.MERCHANT:
        return finding.report
    if finding.premises_id is None:
        return None
    own = Report.objects.filter(premises=finding.premises_id, source=Report.Source.MERCHANT, class_code=finding.class_code)
    first_said_at = finding.report.received_at if finding.report_id else finding.found_at
    unanswered_yet = (Report.State.RECEIVED, Report.State.ACCEPTED, Report.State.MERGED)
    waiting = own.filter(received_at__lte=first_said_at, state__in=unanswered_yet)
    return waiting.order_by("received_at", "id").first()


def proofs() -> QuerySet[CorrectionProof]:
    """Every proof with what a list shows, unseen ones first and of these the most urgent."""
    related = ("finding__premises", "finding__area", "finding__unit", "order", "merchant", "seen_by")
    return CorrectionProof.objects.select_related(*related)


def unseen_proofs() -> QuerySet[CorrectionProof]:
    """The proofs nobody has looked at, the most urgent first."""
    return proofs().filter(seen_at__isnull=True).order_by("due_at", "id")


def objections() -> QuerySet[Objection]:
    """Every objection with what a list and its page show."""
    related = ("finding__premises", "finding__area", "finding__unit", "finding__by", "order__document", "merchant", "answered_by")
    return Objection.objects.select_related(*related, "order__first_officer", "order__second_officer")


def unanswered(but: User | None = None) -> QuerySet[Objection]:
    """The objections that wait for their answer, the most urgent first; `but` leaves out those this person may not judge."""
    waiting = objections().filter(state=Objection.State.RECEIVED)
    if but is not None:
        waiting = waiting.exclude(finding__by=but).exclude(order__first_officer=but).exclude(order__second_officer=but)
    return waiting.order_by("due_at", "id")


def in_own_cause(objection: Objection, person: User) -> bool:
    """Whether a person found the matter or issued the order that is objected to."""
    acted = {objection.finding.by_id}
    if objection.order:
        acted |= {objection.order.first_officer_id, objection.order.second_officer_id}
    return person.pk in acted


def said_about(finding: Finding) -> dict[str, Sequence[Any]]:
    """What the merchant has said about a finding, the newest first (2 queries)."""
    return {
        "proofs": list(proofs().filter(finding=finding).order_by("-sent_at", "-id")),
        "objections": list(objections().filter(finding=finding).order_by("-received_at", "-id")),
    }


def class_name(finding: Finding) -> str:
    """What a finding is about, in the reader's language."""
    found = classes().get(finding.class_code)
    return found.name if found else finding.class_code


def office_note(finding: Finding) -> str:
    """What the office itself wrote about a finding; the words of whoever reported it stay inside."""
    return "" if finding.report_id else finding.note
