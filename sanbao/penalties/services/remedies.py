"""Recording reconsideration and litigation against a decision: while one is pending the extra fine does not run (PL 73)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from sanbao.core import access, journal
from sanbao.core.errors import Malformed, insist, refuse
from sanbao.core.models import User
from sanbao.law import records as law_records
from sanbao.law.deadlines import due
from sanbao.law.measures import STAY, MeasureFacts
from sanbao.law.workflow import gettext_noop
from sanbao.penalties.models import Case, Remedy
from sanbao.penalties.services import periods

NOT_DECIDED = gettext_noop("There is no decision yet against which a remedy could be used.")
PENDING = gettext_noop("A remedy is pending already. Record its end first.")
NO_ENDING = gettext_noop("Name the outcome and the number of the ruling; it cannot end before it began.")


@transaction.atomic
def record_remedy(case: Case, *, kind: str, filed_at: datetime, by: User, at: datetime) -> Remedy:
    """Record that reconsideration or a suit was accepted."""
    access.require(by, "case.handle", at)
    if case.decided_at is None or filed_at < case.decided_at or filed_at > at:
        raise refuse("not_decided", NOT_DECIDED, "PL-73")
    try:
        with transaction.atomic():
            row = Remedy.objects.create(case=case, kind=kind, filed_at=filed_at, by=by)
    except IntegrityError:
        raise refuse("pending", PENDING, "PL-73") from None
    _stay(row, "announced", "stay", at)
    journal.record("remedy.recorded", case, by=by, at=at, kind=kind)
    return row


@transaction.atomic
def end_remedy(case: Case, *, outcome: str, document: str, ended_at: datetime, by: User, at: datetime) -> Remedy:
    """Record how a remedy ended, with the number of the ruling; a changed or annulled decision is then annulled by its step."""
    access.require(by, "case.handle", at)
    row = case.remedies.filter(ended_at__isnull=True).last()
    known = outcome in Remedy.Outcome.values and document.strip()
    if row is None or not known or not row.filed_at <= ended_at <= at:
        raise refuse("no_ending", NO_ENDING, "PL-73", status=Malformed)
    row.outcome, row.document, row.ended_at = outcome, document.strip(), ended_at
    row.save(update_fields=["outcome", "document", "ended_at"])
    _stay(row, "stayed", "lift", at)
    if row.kind == Remedy.Kind.RECONSIDERATION:
        periods.begin(case, due("DL-19", ended_at))
    journal.record("remedy.ended", case, by=by, at=at, outcome=outcome)
    return row


def _stay(row: Remedy, state: str, step: str, at: datetime) -> None:
    """Ask the law whether the extra fine stops, or runs again, on what is now recorded (PL 73)."""
    known = law_records.Remedy(
        kind=row.kind, filed_at=row.filed_at, ended_at=row.ended_at, outcome=row.outcome or None, document=row.document or None
    )
    insist(STAY.attempt(step, MeasureFacts(state=state, at=at, remedy=known)))
