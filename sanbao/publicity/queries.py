"""Reading publications: the desk's lists, what the public sees, and the pictures one may choose from."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from sanbao.core import clock, files
from sanbao.core.models import Attachment
from sanbao.problems.models import Finding, Recheck
from sanbao.publicity.models import Publication

OPEN = ("proposed", "reviewed", "approved")
PICTURE_ROLES = ("before", "after", "recheck")


def desk(*, state: str = "", kind: str = "") -> QuerySet[Publication]:
    """Publications for the desk, the newest first, with the people who handled them (1 query)."""
    found = Publication.objects.select_related(
        "proposed_by", "reviewed_by", "approved_by", "published_by", "unit", "photo", "photo_after"
    )
    if state == "open":
        found = found.filter(state__in=OPEN)
    elif state == "to_withdraw":
        found = found.filter(state=Publication.State.PUBLISHED, annulled_at__isnull=False)
    elif state:
        found = found.filter(state=state)
    return found.filter(kind=kind) if kind else found


def counts() -> Counter[str]:
    """How many publications stand in each state, and how many wait to be withdrawn (1 query)."""
    found: Counter[str] = Counter()
    rows = Publication.objects.order_by().values("state").annotate(n=Count("pk"), annulled=Count("annulled_at"))
    for row in rows:
        found[row["state"]] += row["n"]
        found["open"] += row["n"] if row["state"] in OPEN else 0
        found["to_withdraw"] += row["annulled"] if row["state"] == Publication.State.PUBLISHED else 0
    return found


def published(at: datetime, kind: str = "") -> QuerySet[Publication]:
    """What the public may see at an instant, the newest first: published, and its last day not over."""
    today = clock.local_day(at)
    found = Publication.objects.filter(state=Publication.State.PUBLISHED, published_at__lte=at).exclude(ends_on__lt=today)
    found = found.select_related("photo", "photo_after").order_by("-published_at", "-id")
    return found.filter(kind=kind) if kind else found


def for_the_public(pk: UUID, at: datetime) -> Publication | None:
    """One publication as the public may open it: shown now, or withdrawn (only that and why); None for anything else."""
    found = published(at).filter(pk=pk).first()
    return found or Publication.objects.filter(pk=pk, state=Publication.State.WITHDRAWN).first()


def pictures_for(finding: Finding) -> list[Attachment]:
    """The pictures of a finding and of its rechecks, oldest first, to choose from."""
    found = [use for use in files.attachments(finding) if use.role in PICTURE_ROLES]
    for recheck in Recheck.objects.filter(order__finding=finding):
        found += files.attachments(recheck, "recheck")
    return found
