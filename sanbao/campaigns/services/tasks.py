"""Assigning work, reporting on it, and closing it by another hand."""

from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.campaigns.lifecycle import TASK, TaskFacts
from sanbao.campaigns.models import AgendaItem, Campaign, PlanItem, Progress, Task
from sanbao.core import journal
from sanbao.core.access import require
from sanbao.core.errors import insist, refuse
from sanbao.core.models import Department, Photo, User
from sanbao.law.workflow import gettext_noop

MOVED_ON = gettext_noop("Somebody else has just changed this task; look at it again.")


@transaction.atomic
def assign(
    campaign: Campaign,
    *,
    title: str,
    unit: Department,
    due_at: datetime,
    by: User,
    at: datetime,
    leader: User | None = None,
    person: User | None = None,
    measure: PlanItem | None = None,
    decision: AgendaItem | None = None,
    source: str = "",
) -> Task:
    """Assign work to a unit; without a person it is an orphan and shown as one until somebody is named."""
    require(by, "task.assign", at)
    if due_at <= at:
        raise refuse("due_in_the_past", gettext_noop("The task would be due before it is assigned."))
    task = Task.objects.create(
        campaign=campaign,
        title=title,
        unit=unit,
        leader=leader,
        person=person,
        due_at=due_at,
        measure=measure,
        decision=decision,
        source=source,
        assigned_at=at,
    )
    journal.record("task.assigned", task, by=by, at=at, unit=unit.pk, person=person.pk if person else None)
    return task


@transaction.atomic
def reassign(task: Task, *, person: User, by: User, at: datetime) -> Task:
    """Name the person who answers for a task; the journal keeps the former one."""
    require(by, "task.assign", at)
    former = task.person_id
    _change(task, task.state, person=person)
    journal.record("task.reassigned", task, by=by, at=at, former=former, person=person.pk)
    return task


@transaction.atomic
def report_progress(task: Task, *, text: str, by: User, at: datetime, photo: Photo | None = None) -> Progress:
    """Report on a task, with evidence where there is some."""
    require(by, "task.report", at)
    _take(task, "report_progress", by=by)
    row = Progress.objects.create(task=task, text=text, photo=photo, at=at, by=by)
    journal.record("task.progressed", task, by=by, at=at, evidence=bool(photo))
    return row


@transaction.atomic
def report_done(task: Task, *, text: str, by: User, at: datetime, photo: Photo | None = None) -> Task:
    """Report a task done; another person verifies it."""
    require(by, "task.report", at)
    Progress.objects.create(task=task, text=text, photo=photo, at=at, by=by)
    _take(task, "report_done", by=by, changes={"done_at": at, "done_by": by})
    journal.record("task.done", task, by=by, at=at, evidence=task.progress.filter(photo__isnull=False).count())
    return task


@transaction.atomic
def verify(task: Task, *, by: User, at: datetime) -> Task:
    """Close a task that another person reported done."""
    require(by, "task.verify", at)
    _take(task, "verify", by=by, changes={"verified_at": at})
    journal.record("task.verified", task, by=by, at=at)
    return task


@transaction.atomic
def return_task(task: Task, *, reason: str, by: User, at: datetime) -> Task:
    """Send a task back with the reason."""
    require(by, "task.verify", at)
    _take(task, "return_task", by=by, reason=reason, changes={"done_at": None, "done_by": None})
    Progress.objects.create(task=task, text=reason, at=at, by=by)
    journal.record("task.returned", task, by=by, at=at)
    return task


@transaction.atomic
def cancel(task: Task, *, reason: str, by: User, at: datetime) -> Task:
    """Cancel a task with the reason, so that nothing vanishes (S77)."""
    require(by, "task.assign", at)
    _take(task, "cancel", by=by, reason=reason)
    Progress.objects.create(task=task, text=reason, at=at, by=by)
    journal.record("task.cancelled", task, by=by, at=at)
    return task


def _take(task: Task, step: str, *, by: User, reason: str = "", changes: dict[str, Any] | None = None) -> None:
    evidence = task.progress.filter(photo__isnull=False).count()
    facts = TaskFacts(state=task.state, actor=by.pk, doer=task.done_by_id, evidence=evidence, reason=reason)
    target = insist(TASK.attempt(step, facts))
    _change(task, target, **(changes or {}))


def _change(task: Task, state: str, **changes: Any) -> None:
    if not Task.objects.filter(pk=task.pk, state=task.state).update(state=state, **changes):
        raise refuse("moved_on", MOVED_ON)
    task.refresh_from_db()
