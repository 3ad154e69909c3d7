"""The recheck of an order: by somebody else, on or after the deadline, with a photo from the same spot and a record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from sanbao.core import access, documents, files, journal
from sanbao.core.errors import insist
from sanbao.core.models import Photo, User
from sanbao.law.rectification import RECTIFICATION
from sanbao.problems import facts, lifecycle, papers
from sanbao.problems.models import Order, Recheck
from sanbao.problems.services.moves import move_finding, move_order
from sanbao.problems.services.orders import UNDECLARED, Declared, fall_due


@transaction.atomic
def recheck(
    order: Order,
    *,
    passed: bool,
    photos: Sequence[Photo],
    second: User,
    note: str = "",
    declared: Declared = UNDECLARED,
    client_id: UUID | None = None,
    by: User,
    at: datetime,
) -> Recheck:
    """Record what two officers saw; corrected, or failed. A failure counts only on or after the deadline (PL 28).

    At least one of the two has neither found the act nor issued the order. A known `client_id` answers with the record of then.
    """
    access.require(by, "order.recheck", at)
    known = Recheck.objects.filter(client_id=client_id).first() if client_id else None
    if known:
        return known
    people = (by, second)
    seen = replace(
        facts.order_facts(order, by=by, at=at),
        officers=tuple(facts.officer_of(person, at, showed=declared.showed_certificates) for person in people),
        rechecked_at=at,
        recheckers=frozenset(str(person.pk) for person in people),
        same_spot_photo=bool(photos),
        corrected=passed,
    )
    if not passed and order.state == Order.State.SERVED:
        seen = fall_due(order, seen)
    target = insist(RECTIFICATION.attempt("confirm" if passed else "fail", seen))
    done = Recheck.objects.create(order=order, at=at, by=by, second=second, passed=passed, note=note.strip(), client_id=client_id)
    for photo in photos:
        files.attach(done, photo, "recheck", by=by, at=at)
    move_order(order, target, ended_at=at)
    step = "correct" if passed else "fail"
    move_finding(order.finding, insist(lifecycle.FINDING.attempt(step, lifecycle.FindingFacts(order.finding.state))))
    _write_record(done, order, by, at)
    journal.record("recheck.recorded", done, by=by, at=at, order=str(order.pk), passed=passed)
    journal.record(f"order.{target}", order, by=by, at=at, recheck=str(done.pk), finding=str(order.finding_id))
    return done


def _write_record(done: Recheck, order: Order, by: User, at: datetime) -> None:
    paper = papers.recheck_paper(done, order)
    department = order.first_officer.department
    done.document = documents.issue(
        "recheck_record", done, "recheck_record", paper, title=papers.RECHECK, department=department, by=by, at=at
    )
    Recheck.objects.filter(pk=done.pk).update(document=done.document)
