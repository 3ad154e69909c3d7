"""Serving the notice with proof, failed attempts, and what the party waives in writing. The decision is served by its step."""

from datetime import datetime

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.models import User
from sanbao.law.deadlines import due
from sanbao.law.facts import CaseFacts
from sanbao.law.guards.documents import other_ways_tried, proof_gap
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import papers
from sanbao.penalties.models import Case, Hearing, Notice, Reminder
from sanbao.penalties.services import periods
from sanbao.penalties.services.paperwork import FORMS, issue_paper
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Delivery
from sanbao.problems.services.orders import Proof, delivery_of

Served = Notice | Hearing | Reminder
NO_NOTICE = gettext_noop("There is no notice that waits to be served.")
LATER = gettext_noop("The service lies in the future. Record it when it has happened.")
NOT_SERVED = gettext_noop("The notice has not been served with proof yet, so nothing can be waived.")


@transaction.atomic
def serve_notice(case: Case, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """Record the proof that the notice before the penalty was served; from then the party's time runs (PL 44, 61, 64)."""
    access.require(by, "case.serve", at)
    notice = case.notices.select_related("document").last()
    if notice is None or problem_facts.service_of(notice) is not None:
        raise refuse("no_notice", NO_NOTICE, "PL-44")
    row = proof_of(case, notice, mode=mode, proof=proof, by=by, at=at)
    row.document = notice.document
    insist_on_proof(notice, row, at)
    row.save(force_insert=True)
    local = problem_facts.local_of()
    periods.begin(case, due("DL-01", row.deemed_at, figure=local.defence_window))
    if notice.hearing_offered:
        periods.begin(case, due("DL-02", row.deemed_at))
    periods.note_next(case)
    receipt = papers.receipt(case, row, FORMS["D-16"][2], notice.document.number)
    issue_paper(case, "D-26", receipt, by=by, at=at)
    journal.record("notice.served", case, by=by, at=at, delivery=str(row.pk), mode=mode)
    return row


def proposed_service(case: Case, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """An unsaved service of the decision, for `take_step(case, "serve", delivery=…)`."""
    return proof_of(case, case, mode=mode, proof=proof, by=by, at=at)


def proof_of(case: Case, subject: Served | Case, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """An unsaved service of a paper of the case. Whether electronic service was agreed to, the signed confirmation says (CPL 90)."""
    paper = None if isinstance(subject, Case) else subject.document
    issued_at = paper.issued_at if paper else case.decided_at
    row = delivery_of(subject, issued_at=issued_at, mode=mode, proof=proof, by=by, at=at)
    row.consent = bool(case.address.get("channel"))
    return row


@transaction.atomic
def record_failed_service(case: Case, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """Record that a way of serving the notice or the decision failed; a public notice needs such records (CPL 95)."""
    access.require(by, "case.serve", at)
    subject = _now_served(case)
    row = proof_of(case, subject, mode=mode, proof=proof, by=by, at=at)
    row.succeeded, row.deemed_at = False, None
    row.save(force_insert=True)
    journal.record("delivery.failed", row, by=by, at=at, mode=mode, subject=row.subject)
    return row


@transaction.atomic
def record_waiver(case: Case, *, defence: bool, hearing: bool, by: User, at: datetime) -> Notice:
    """Record that the party waived in writing its defence, its hearing, or both, after the notice was served."""
    access.require(by, "case.handle", at)
    notice = case.notices.last()
    if notice is None or problem_facts.service_of(notice) is None:
        raise refuse("not_served", NOT_SERVED, "PL-44", "PL-45")
    notice.waived_at = at if defence else notice.waived_at
    notice.hearing_waived_at = at if hearing else notice.hearing_waived_at
    notice.save(update_fields=["waived_at", "hearing_waived_at"])
    ended = (("DL-01",) if defence else ()) + (("DL-02",) if hearing else ())
    periods.end(case, ended, at)
    periods.note_next(case)
    journal.record("notice.waived", case, by=by, at=at, defence=defence, hearing=hearing)
    return notice


def insist_on_proof(paper: Served, row: Delivery, at: datetime) -> None:
    """Refuse a service that lies ahead, whose proof the law finds wanting, or a public notice before other ways failed (PL 61)."""
    if row.deemed_at is None or row.deemed_at > at:
        raise refuse("later", LATER, "PL-61", status=Malformed)
    service = problem_facts.service_of(paper, row)
    gap = proof_gap(service, problem_facts.local_of(), at)
    if gap is not None:
        raise refuse("service_proven", gap, "PL-61", "CPL-87")
    untried = other_ways_tried(CaseFacts(state="", at=at, service=service))
    if untried is not None:
        raise Refusal(untried)


def _now_served(case: Case) -> Served | Case:
    """The paper whose service is being tried: the decision, else the last reminder, hearing or notice."""
    if case.state == Case.State.DECIDED:
        return case
    if case.state == Case.State.URGED:
        return case.reminders.last() or case
    if case.state == Case.State.HEARING:
        return case.hearings.last() or case
    return case.notices.last() or case
