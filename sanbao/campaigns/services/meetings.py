"""Calling meetings, deciding, and closing them only when every item of the agenda has an outcome."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from sanbao.campaigns.models import AgendaItem, Attendance, Campaign, Meeting, Task
from sanbao.campaigns.services.tasks import assign
from sanbao.core import journal
from sanbao.core.access import require
from sanbao.core.errors import refuse
from sanbao.core.models import Department, User
from sanbao.law.workflow import gettext_noop


@transaction.atomic
def call_meeting(
    campaign: Campaign,
    *,
    kind: str,
    title: str,
    held_at: datetime,
    place: str,
    host: User,
    agenda: Sequence[str],
    units: Sequence[Department],
    by: User,
    at: datetime,
) -> Meeting:
    """Call a meeting with its agenda and the units asked to it; every unit stays in the list whether or not somebody comes (S04)."""
    require(by, "meeting.hold", at)
    if not agenda:
        raise refuse("agenda_empty", gettext_noop("A meeting needs at least one item on its agenda."))
    meeting = Meeting.objects.create(campaign=campaign, kind=kind, title=title, held_at=held_at, place=place, host=host)
    AgendaItem.objects.bulk_create([AgendaItem(meeting=meeting, number=n, text=text) for n, text in enumerate(agenda, 1)])
    Attendance.objects.bulk_create([Attendance(meeting=meeting, unit=unit) for unit in units])
    journal.record("meeting.called", meeting, by=by, at=at, items=len(agenda), units=len(units))
    return meeting


@transaction.atomic
def decide(
    item: AgendaItem,
    *,
    outcome: str,
    unit: Department,
    due_at: datetime,
    by: User,
    at: datetime,
    leader: User | None = None,
    person: User | None = None,
) -> Task:
    """Decide an item: the decision becomes a task with a unit, a leader, a person and a day."""
    require(by, "meeting.hold", at)
    _still_open(item)
    AgendaItem.objects.filter(pk=item.pk).update(outcome=outcome)
    return assign(
        item.meeting.campaign,
        title=outcome[:200],
        unit=unit,
        due_at=due_at,
        leader=leader,
        person=person,
        decision=item,
        source=journal.subject_of(item.meeting),
        by=by,
        at=at,
    )


@transaction.atomic
def defer(item: AgendaItem, *, to: date, by: User, at: datetime) -> AgendaItem:
    """Put an item off to a day."""
    require(by, "meeting.hold", at)
    _still_open(item)
    AgendaItem.objects.filter(pk=item.pk).update(deferred_to=to)
    item.refresh_from_db()
    journal.record("agenda.deferred", item.meeting, by=by, at=at, item=item.number, to=to.isoformat())
    return item


@transaction.atomic
def close_meeting(meeting: Meeting, *, present: dict[int, User], by: User, at: datetime) -> Meeting:
    """Close a meeting and fix who was there (unit key -> person); refused while an item has no outcome."""
    require(by, "meeting.hold", at)
    open_items = meeting.agenda.filter(outcome="", deferred_to__isnull=True).values_list("number", flat=True)
    if open_items:
        numbers = ", ".join(str(number) for number in open_items)
        raise refuse(
            "agenda_open",
            gettext_noop("Items %(numbers)s have no outcome yet: decide them or put them off to a day."),
            numbers=numbers,
        )
    changed = Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.CALLED).update(state=Meeting.State.CLOSED)
    if not changed:
        raise refuse("meeting_closed", gettext_noop("This meeting is closed already."))
    for row in meeting.attendances.all():
        if row.unit_id in present:
            Attendance.objects.filter(pk=row.pk).update(person=present[row.unit_id])
    meeting.refresh_from_db()
    journal.record("meeting.closed", meeting, by=by, at=at, present=len(present))
    return meeting


def _still_open(item: AgendaItem) -> None:
    if item.meeting.state != Meeting.State.CALLED:
        raise refuse("meeting_closed", gettext_noop("This meeting is closed already."))
