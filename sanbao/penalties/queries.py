"""Reading cases: the list by deadline, counts, and everything one page shows. Changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from sanbao.core import clock, journal
from sanbao.core.models import User
from sanbao.penalties.models import Case, CaseDeadline, StepTaken
from sanbao.problems.models import Delivery, Finding, Order

ENDED = ("closed", "archived", "revoked", "no_penalty", "no_action", "referred")
SOON = timedelta(days=7)
WINDOWS = ("DL-01", "DL-02")  # rights of the party: when they run out, nobody is late and the case may go on


def cases() -> QuerySet[Case]:
    """Every case with what a list shows, the soonest deadline first and those without one last."""
    return Case.objects.select_related("merchant", "premises", "area", "first_handler", "second_handler", "department").order_by(
        "due_at", "id"
    )


def filtered(wanted: Mapping[str, str], *, now: datetime) -> QuerySet[Case]:
    """The cases that fit the filters of an address: `view` (open, overdue, soon, ended, all), `state`, `violation`, `handler`, `q`."""
    view, found = wanted.get("view", "open"), cases()
    if view in ("open", "overdue", "soon"):
        found = found.exclude(state__in=ENDED)
    if view == "overdue":
        found = found.filter(due_at__lte=now).exclude(due_rule__in=WINDOWS)
    elif view == "soon":
        found = found.filter(due_at__gt=now, due_at__lte=now + SOON)
    elif view == "ended":
        found = found.filter(state__in=ENDED)
    if wanted.get("state") in Case.State.values:
        found = found.filter(state=wanted["state"])
    if wanted.get("violation"):
        found = found.filter(violation=wanted["violation"])
    if wanted.get("handler", "").isdigit():
        found = found.filter(Q(first_handler=wanted["handler"]) | Q(second_handler=wanted["handler"]))
    words = wanted.get("q", "").strip()
    if words:
        found = found.filter(Q(number__icontains=words) | Q(merchant__name__icontains=words) | Q(place__icontains=words))
    return found


def counts(*, now: datetime) -> dict[str, int]:
    """How many cases each view of the list holds, in one query."""
    running = ~Q(state__in=ENDED)
    return Case.objects.aggregate(
        open=Count("id", filter=running),
        overdue=Count("id", filter=running & Q(due_at__lte=now) & ~Q(due_rule__in=WINDOWS)),
        soon=Count("id", filter=running & Q(due_at__gt=now, due_at__lte=now + SOON)),
        ended=Count("id", filter=Q(state__in=ENDED)),
        all=Count("id"),
    )


def steps_of(case: Case) -> QuerySet[StepTaken]:
    """What was done, with its papers, oldest first."""
    return case.steps.select_related("by").prefetch_related("papers__document").order_by("at", "id")


def deadlines_of(case: Case) -> QuerySet[CaseDeadline]:
    """Every period that ran or runs."""
    return case.deadlines.select_related("measure").order_by("starts_at", "ends_at", "id")


def waiting_for(person: User, *, now: datetime) -> QuerySet[Case]:
    """The open cases this person can move: as investigator, or as head or reviewer where it is their turn."""
    roles = person.roles_on(clock.local_day(now))
    mine = Q(first_handler=person) | Q(second_handler=person)
    if "bureau_head" in roles:
        mine |= Q(state__in=("rechecked", "reviewed", "discussed", "paid"))
    if "legal_reviewer" in roles:
        mine |= Q(state__in=("noticed", "heard"), answers__difficult=True)
    return cases().filter(mine).exclude(state__in=ENDED)


def cases_of(finding: Finding, orders: Iterable[Order]) -> QuerySet[Case]:
    """The cases opened from a finding, or proposed because one of its orders failed."""
    return cases().filter(Q(finding=finding) | Q(order__in=list(orders)))


def decided_between(first: Any, last: Any) -> QuerySet[Case]:
    """Cases decided on or after one instant and before another, for publicity; never for appraisal (PL 74)."""
    return cases().filter(decided_at__gte=first, decided_at__lt=last)


def services_of(case: Case) -> list[tuple[Delivery, str]]:
    """Every service and failed attempt of the case's papers, oldest first, with the title of the paper. 5 queries."""
    subjects = [case, *case.notices.all(), *case.hearings.all(), *case.reminders.all()]
    rows = Delivery.objects.filter(subject__in=[journal.subject_of(each) for each in subjects]).select_related(
        "document", "proof"
    )
    return [(row, row.document.title if row.document else "") for row in rows.order_by("at", "id")]
