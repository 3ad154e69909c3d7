"""Calling a hearing: time, place and chair are named and served on the party before it is held (PL 64). The rest are steps."""

from datetime import datetime

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import papers
from sanbao.penalties.models import Case, Hearing
from sanbao.penalties.services.paperwork import FORMS, issue_paper
from sanbao.penalties.services.serving import insist_on_proof, proof_of
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Delivery
from sanbao.problems.services.orders import Proof

NO_REQUEST = gettext_noop("No request for a hearing is open.")
INCOMPLETE = gettext_noop("Name time, place and chair, and a reason if the hearing is held in private.")
NOT_CALLED = gettext_noop("There is no notice of the hearing that waits to be served.")


@transaction.atomic
def call_hearing(
    case: Case,
    *,
    scheduled_at: datetime,
    place: str,
    chair: User,
    chair_conflict: bool | None,
    public: bool,
    private_reason: str = "",
    by: User,
    at: datetime,
) -> Hearing:
    """Name time, place and chair of a requested hearing and issue its notice; calling again replaces what was not served."""
    access.require(by, "case.approve", at)
    case.refresh_from_db()
    row = case.hearings.last()
    if case.state != Case.State.HEARING or row is None or problem_facts.service_of(row) is not None:
        raise refuse("no_request", NO_REQUEST, "PL-64")
    if not place.strip() or scheduled_at <= at or not (public or private_reason.strip()):
        raise refuse("incomplete", INCOMPLETE, "PL-64", status=Malformed)
    row.scheduled_at, row.place, row.chair, row.chair_conflict = scheduled_at, place.strip(), chair, chair_conflict
    row.public, row.private_reason = public, private_reason.strip()
    row.document = issue_paper(case, "D-19", papers.hearing_announcement(case, row, at), by=by, at=at).document
    row.save()
    journal.record("hearing.called", case, by=by, at=at, hearing=str(row.pk))
    return row


@transaction.atomic
def serve_hearing_notice(case: Case, *, mode: str, proof: Proof, by: User, at: datetime) -> Delivery:
    """Record the proof that time and place of the hearing were notified (PL 64)."""
    access.require(by, "case.serve", at)
    row = case.hearings.select_related("document").last()
    if row is None or row.document is None or problem_facts.service_of(row) is not None:
        raise refuse("not_called", NOT_CALLED, "PL-64")
    delivery = proof_of(case, row, mode=mode, proof=proof, by=by, at=at)
    delivery.document = row.document
    insist_on_proof(row, delivery, at)
    delivery.save(force_insert=True)
    issue_paper(case, "D-26", papers.receipt(case, delivery, FORMS["D-19"][2], row.document.number), by=by, at=at)
    journal.record("hearing.notice_served", case, by=by, at=at, delivery=str(delivery.pk), mode=mode)
    return delivery
