"""What waits for a person today, gathered from the rooms: each line says what, by when and why, and opens where it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sanbao.campaigns import queries as campaigns
from sanbao.core import clock
from sanbao.core.access import may
from sanbao.core.models import User
from sanbao.penalties import queries as penalties
from sanbao.problems import queries as problems
from sanbao.problems.models import Finding, Order, Report
from sanbao.problems.voices import queries as voices

MOST = 12


@dataclass(frozen=True)
class Item:
    """One thing to do: a title that opens it, why it waits, and the end of its period if it has one."""

    title: str
    url: str
    why: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Pile:
    """Things of one kind: the most urgent ones, how many there are, and the list that holds them all."""

    title: str
    items: tuple[Item, ...]
    count: int
    url: str


Gather = Callable[[User, datetime], Pile | None]


def _pile(title: str, rows: Iterable[Item], count: int, url: str) -> Pile | None:
    items = tuple(rows)
    return Pile(title, items, count, url) if items else None


def reports_to_accept(person: User, at: datetime) -> Pile | None:
    """Reports nobody has looked at yet, oldest first."""
    if not may(person, "problem.accept", at):
        return None
    rows = problems.reports_in(Report.State.RECEIVED)
    count, _more = problems.capped_count(rows)
    items = (
        Item(row.place or row.number, reverse("console:report", args=[row.pk]), row.comment[:60], None)
        for row in rows.order_by("received_at", "pk")[:MOST]
    )
    return _pile(_("Reports to look at"), items, count, reverse("console:reports"))


def my_findings(person: User, at: datetime) -> Pile | None:
    """Problems that I handle, the most urgent first."""
    mine = Q(handler=person) | Q(handler=None, by=person)
    rows = Finding.objects.filter(mine, unfinished__in=problems.YES)
    items = (
        Item(row.place or row.number, reverse("console:problem", args=[row.pk]), row.get_state_display(), row.due_at)
        for row in rows.order_by("due_at", "pk")[:MOST]
    )
    return _pile(_("My problems"), items, problems.capped_count(rows)[0], reverse("console:problems") + "?mine=1")


def orders_to_recheck(person: User, at: datetime) -> Pile | None:
    """Orders whose moment has come, issued by others: somebody else must look again."""
    if not may(person, "order.recheck", at):
        return None
    rows = Order.objects.filter(state__in=(Order.State.SERVED, Order.State.DUE), correct_by__lte=at).exclude(
        Q(first_officer=person) | Q(second_officer=person) | Q(finding__by=person)
    )
    items = (
        Item(
            row.finding.place or row.number,
            reverse("console:problem", args=[row.finding_id]),
            _("order %(number)s") % {"number": row.number},
            row.correct_by,
        )
        for row in rows.select_related("finding").order_by("correct_by", "pk")[:MOST]
    )
    return _pile(_("Orders to recheck"), items, problems.capped_count(rows)[0], reverse("console:problems") + "?state=ordered")


def objections_to_answer(person: User, at: datetime) -> Pile | None:
    """Objections of merchants that this person may judge, the most urgent first."""
    orders, matters = may(person, "order.recheck", at), may(person, "problem.accept", at)
    if not (orders or matters):
        return None
    rows = voices.unanswered(but=person)
    rows = rows if orders and matters else rows.filter(order__isnull=matters)
    items = (
        Item(f"{row.number} {row.merchant}", reverse("console:objection", args=[row.pk]), row.grounds[:60], row.due_at)
        for row in rows[:MOST]
    )
    return _pile(_("Objections to answer"), items, rows.count(), reverse("console:voices"))


def proofs_to_see(person: User, at: datetime) -> Pile | None:
    """Proofs of correction nobody has looked at, the most urgent first."""
    orders, matters = may(person, "order.recheck", at), may(person, "problem.close", at)
    if not (orders or matters):
        return None
    rows = voices.unseen_proofs()
    rows = rows if orders and matters else rows.filter(order__isnull=matters)
    items = (
        Item(
            row.finding.place or str(row.merchant), reverse("console:problem", args=[row.finding_id]), row.words[:60], row.due_at
        )
        for row in rows[:MOST]
    )
    return _pile(_("Proofs of correction to look at"), items, rows.count(), reverse("console:voices") + "?kind=proofs")


def my_cases(person: User, at: datetime) -> Pile | None:
    """Cases that this person can move: as investigator, reviewer or head."""
    if not may(person, "case.view", at):
        return None
    rows = penalties.waiting_for(person, now=at)
    items = (
        Item(f"{row.number} {row.merchant or ''}", reverse("console:case", args=[row.pk]), row.get_state_display(), row.due_at)
        for row in rows[:MOST]
    )
    return _pile(_("Cases that wait for me"), items, rows.count(), reverse("console:cases"))


def my_tasks(person: User, at: datetime) -> Pile | None:
    """Open tasks of this person in the campaign."""
    campaign = campaigns.current(clock.local_day(at))
    if campaign is None:
        return None
    rows = campaigns.open_tasks(campaign).filter(person=person)
    items = (
        Item(row.title, reverse("console:task", args=[row.pk]), row.get_state_display(), row.due_at)
        for row in rows.order_by("due_at", "pk")[:MOST]
    )
    return _pile(_("My tasks"), items, rows.count(), reverse("console:tasks") + "?mine=1")


def tasks_to_verify(person: User, at: datetime) -> Pile | None:
    """Tasks reported done by others."""
    campaign = campaigns.current(clock.local_day(at))
    if campaign is None or not may(person, "task.verify", at):
        return None
    rows = campaigns.tasks_of(campaign).filter(state="done").exclude(done_by=person)
    items = (Item(row.title, reverse("console:task", args=[row.pk]), str(row.unit), row.due_at) for row in rows[:MOST])
    return _pile(_("Tasks to verify"), items, rows.count(), reverse("console:tasks") + "?state=done")


PILES: tuple[Gather, ...] = (
    my_cases,
    objections_to_answer,
    orders_to_recheck,
    proofs_to_see,
    my_findings,
    reports_to_accept,
    my_tasks,
    tasks_to_verify,
)


def piles_of(person: User, at: datetime) -> list[Pile]:
    """Everything that waits for a person, each kind in its pile; empty kinds are left out."""
    return [pile for gather in PILES if (pile := gather(person, at)) is not None]
