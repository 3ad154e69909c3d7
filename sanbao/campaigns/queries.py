"""Questions to the campaign: where do we stand, who answers, what is orphaned, what did each day bring."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from sanbao.campaigns.models import Campaign, Reading, Target, Task
from sanbao.core import clock
from sanbao.core.models import Posting

OPEN = (Task.State.ASSIGNED, Task.State.IN_PROGRESS, Task.State.DONE)


def current(on: date) -> Campaign | None:
    """The campaign that runs on a day, else the newest one."""
    running = Campaign.objects.filter(starts_on__lte=on, ends_on__gte=on, state=Campaign.State.LAUNCHED).first()
    return running or Campaign.objects.first()


def tasks_of(campaign: Campaign) -> QuerySet[Task]:
    """Every task with its unit and people (1 query)."""
    return Task.objects.filter(campaign=campaign).select_related("unit", "leader", "person", "measure", "decision")


def open_tasks(campaign: Campaign) -> QuerySet[Task]:
    """Tasks nobody has verified or cancelled yet."""
    return tasks_of(campaign).filter(state__in=OPEN)


def overdue_tasks(campaign: Campaign, at: datetime) -> QuerySet[Task]:
    """Open tasks whose moment has passed; derived from the dates, so it cannot be hidden (S40)."""
    return open_tasks(campaign).filter(due_at__lte=at)


def orphans(campaign: Campaign, on: date) -> QuerySet[Task]:
    """Open tasks without a person, or whose person holds no posting in the unit any more (S39)."""
    posting = Posting.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        user=OuterRef("person"),
        department=OuterRef("unit"),
        from_on__lte=on,
        user__is_active=True,
    )
    return open_tasks(campaign).filter(Q(person__isnull=True) | ~Exists(posting))


@dataclass(frozen=True)
class TargetLine:
    """A target beside its newest reading; `share` is in per cent, or None where there is nothing to count."""

    target: Target
    reading: Reading | None

    @property
    def share(self) -> float | None:
        if self.reading is None or not self.reading.denominator:
            return None
        return 100.0 * self.reading.numerator / self.reading.denominator

    @property
    def reached(self) -> bool:
        return self.share is not None and self.share >= float(self.target.value)


def board(campaign: Campaign) -> list[TargetLine]:
    """Every target with its newest reading (2 queries)."""
    targets = list(Target.objects.filter(campaign=campaign).select_related("goal"))
    newest: dict[object, Reading] = {}
    for reading in Reading.objects.filter(target__in=targets).order_by("on"):
        newest[reading.target_id] = reading
    return [TargetLine(target, newest.get(target.pk)) for target in targets]


@dataclass(frozen=True)
class Ring:
    """The hundred days as one picture: verified work by day, phases, today's place."""

    campaign: Campaign
    days: int
    day_number: int
    verified: tuple[int, ...]
    overdue: int
    orphaned: int
    open: int


def ring(campaign: Campaign, at: datetime) -> Ring:
    """Count verified tasks by campaign day up to now (4 queries)."""
    today = clock.local_day(at)
    days = (campaign.ends_on - campaign.starts_on).days + 1
    instants = Task.objects.filter(campaign=campaign, state=Task.State.VERIFIED, verified_at__lte=at).values_list(
        "verified_at", flat=True
    )
    by_day = Counter((clock.local_day(instant) - campaign.starts_on).days for instant in instants)
    number = min(max((today - campaign.starts_on).days + 1, 0), days)
    return Ring(
        campaign=campaign,
        days=days,
        day_number=number,
        verified=tuple(by_day.get(n, 0) for n in range(days)),
        overdue=overdue_tasks(campaign, at).count(),
        orphaned=orphans(campaign, today).count(),
        open=open_tasks(campaign).count(),
    )


def verified_on(campaign: Campaign, on: date) -> QuerySet[Task]:
    """The tasks verified on one day: the rows behind a tick of the ring."""
    first = clock.at_local(on)
    return tasks_of(campaign).filter(state=Task.State.VERIFIED, verified_at__gte=first, verified_at__lt=first + timedelta(days=1))
