"""What ends by itself: the last day is over, the problem has been put right, the decision was annulled. Reactions may come twice."""

from datetime import date, datetime

from django.db import transaction

from sanbao.core import clock, files, journal
from sanbao.core.errors import insist
from sanbao.core.models import Entry
from sanbao.publicity import facts
from sanbao.publicity.lifecycle import PUBLICATION
from sanbao.publicity.models import Publication
from sanbao.publicity.services.moves import move


def end_expired(at: date | datetime) -> list[Publication]:
    """End everything whose last day has passed; the nightly work."""
    today = facts.today_of(at)
    instant = at if isinstance(at, datetime) else clock.at_local(today)
    shown = Publication.objects.filter(state=Publication.State.PUBLISHED, ends_on__lt=today)
    return [_end(row, "expired", instant) for row in shown]


def end_put_right(entry: Entry) -> list[Publication]:
    """End the exposure of a problem when it has been put right (`order.corrected`, `finding.closed`).

    An exposure that shows the picture afterwards tells just that and stays until its last day.
    """
    finding = entry.data.get("finding")
    source = f"problems.finding:{finding}" if finding else entry.subject
    shown = Publication.objects.filter(
        state=Publication.State.PUBLISHED, kind=Publication.Kind.EXPOSURE, source=source, photo_after__isnull=True
    )
    return [_end(row, "put_right", entry.at) for row in shown]


@transaction.atomic
def mark_annulled(entry: Entry) -> list[Publication]:
    """Start the clock of the withdrawal when a decision was revoked (`case.revoked`); drafts of it are dropped."""
    found = []
    for row in Publication.objects.filter(kind=Publication.Kind.DECISION, source=entry.subject, annulled_at__isnull=True):
        if row.state == Publication.State.PUBLISHED:
            Publication.objects.filter(pk=row.pk).update(annulled_at=entry.at)
            journal.record("publication.annulled", row, by=entry.by, at=entry.at)
            found.append(row)
        elif row.state in ("proposed", "reviewed", "approved"):
            move(row, Publication.State.DISCARDED, annulled_at=entry.at, ended_at=entry.at)
            journal.record("publication.discarded", row, by=entry.by, at=entry.at, annulled=True)
    return found


@transaction.atomic
def _end(row: Publication, cause: str, at: datetime) -> Publication:
    move(row, insist(PUBLICATION.attempt("end", facts.facts_of(row, by=None, at=at))), ended_at=at)
    files.detach(row, files.PUBLIC)
    journal.record("publication.ended", row, by=None, at=at, cause=cause)
    return row
