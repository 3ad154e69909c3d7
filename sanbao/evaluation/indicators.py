"""The indicators by name: for a unit and a period the rows behind every figure. No fines, no penalties, no cases (PL 74).

Every indicator is one query set in which each row has its `standing`: `done` is counted; `pending` is missing but can still count;
`lost` is missing for good; `waiting` is not due yet and in no figure. Numerator, denominator and the missing rows are cut from it, so
a figure and the rows it opens cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from sanbao.agreements import coverage as letters
from sanbao.agreements import queries as letter_queries
from sanbao.campaigns.models import Task
from sanbao.core.models import Department
from sanbao.evaluation import scoring
from sanbao.evaluation.period import Period
from sanbao.evaluation.rubric import Indicator, Rubric
from sanbao.problems.models import Finding, Order, Recheck, Report
from sanbao.registry.responsibility import Duties, answered_by

DONE, PENDING, LOST, WAITING = "done", "pending", "lost", "waiting"
SIDES = ("numerator", "denominator", "missing", "open")


@dataclass(frozen=True)
class Rows:
    """The rows of one indicator, each with its `standing`."""

    all: QuerySet[Any]

    @property
    def numerator(self) -> QuerySet[Any]:
        return self.all.filter(standing=DONE)

    @property
    def denominator(self) -> QuerySet[Any]:
        return self.all.exclude(standing=WAITING)

    @property
    def missing(self) -> QuerySet[Any]:
        return self.all.filter(standing__in=[PENDING, LOST])

    @property
    def open(self) -> QuerySet[Any]:
        """What can still be finished so that it counts."""
        return self.all.filter(standing__in=[PENDING, WAITING])

    def side(self, name: str) -> QuerySet[Any]:
        """The rows of one of `SIDES`; `KeyError` for another word."""
        return {"numerator": self.numerator, "denominator": self.denominator, "missing": self.missing, "open": self.open}[name]

    def count(self) -> scoring.Count:
        """How many of each (1 query)."""
        found = {row["standing"]: row["n"] for row in self.all.order_by().values("standing").annotate(n=Count("pk"))}
        done, pending, lost = (found.get(each, 0) for each in (DONE, PENDING, LOST))
        return scoring.Count(done, done + pending + lost, pending, found.get(WAITING, 0))


def rows_of(name: str, unit: Department | None, period: Period, rubric: Rubric) -> Rows:
    """The rows of an indicator for a unit (None: the whole district); `KeyError` for a name that the rubric does not have."""
    return Rows(_FUNCTIONS[name](unit, period, rubric.indicators[name]))


def _standing(*whens: When, default: str) -> Case:
    return Case(*whens, default=Value(default), output_field=CharField())


def _coverage(unit: Department | None, period: Period, indicator: Indicator) -> QuerySet[Any]:
    fronts = letter_queries.fronts_on(None, period.day)
    if unit is not None:
        fronts = fronts.filter(answered_by(unit, period.day))
    classified = letters.classified(None, period.day, fronts).exclude(kind__in=[letters.VACANT, letters.EXEMPT])
    missing = LOST if period.over else PENDING
    return classified.annotate(standing=_standing(When(kind=letters.SIGNED, then=Value(DONE)), default=missing))


def _findings_closed(unit: Department | None, period: Period, indicator: Indicator) -> QuerySet[Any]:
    ordered = Order.objects.filter(finding=OuterRef("pk"), issued_at__lte=period.as_of).exclude(state=Order.State.WITHDRAWN)
    found = Finding.objects.filter(due_at__gte=period.start, due_at__lt=period.end, found_at__lte=period.as_of)
    found = found.filter(~Exists(ordered))
    if unit is not None:
        found = found.filter(unit=unit)
    return found.annotate(
        standing=_standing(
            When(closed_at__lte=F("due_at"), closed_at__lt=period.as_of, then=Value(DONE)),
            When(due_at__lte=period.as_of, then=Value(LOST)),
            default=WAITING,
        )
    )


def _orders_corrected(unit: Department | None, period: Period, indicator: Indicator) -> QuerySet[Any]:
    found = Order.objects.filter(correct_by__gte=period.start, correct_by__lt=period.end, served_at__lte=period.as_of)
    found = found.exclude(state=Order.State.WITHDRAWN)
    if unit is not None:
        found = found.filter(finding__unit=unit)
    ended = Q(ended_at__lt=period.as_of)
    return found.annotate(
        standing=_standing(
            When(ended & Q(state=Order.State.CORRECTED), then=Value(DONE)),
            When(ended & Q(state=Order.State.FAILED), then=Value(LOST)),
            When(correct_by__lte=period.as_of, then=Value(PENDING)),
            default=WAITING,
        )
    )


def _recheck_passed(unit: Department | None, period: Period, indicator: Indicator) -> QuerySet[Any]:
    earlier = Recheck.objects.filter(order=OuterRef("order"), at__lt=OuterRef("at"))
    found = Recheck.objects.filter(at__gte=period.start, at__lt=period.cut).filter(~Exists(earlier))
    if unit is not None:
        found = found.filter(order__finding__unit=unit)
    return found.annotate(standing=_standing(When(passed=True, then=Value(DONE)), default=LOST))


def _tasks_verified(unit: Department | None, period: Period, indicator: Indicator) -> QuerySet[Any]:
    found = Task.objects.filter(due_at__gte=period.start, due_at__lt=period.end, assigned_at__lte=period.as_of)
    found = found.exclude(state=Task.State.CANCELLED)
    if unit is not None:
        found = found.filter(unit=unit)
    in_time = Q(done_at__lte=F("due_at"), done_at__lt=period.as_of)
    return found.annotate(
        standing=_standing(
            When(in_time & Q(verified_at__lt=period.as_of), then=Value(DONE)),
            When(in_time & Q(due_at__lte=period.as_of), then=Value(PENDING)),
            When(due_at__lte=period.as_of, then=Value(LOST)),
            default=WAITING,
        )
    )


def _reports_answered(unit: Department | None, period: Period, indicator: Indicator) -> QuerySet[Any]:
    promise = timedelta(days=indicator.days)
    public = [Report.Source.CITIZEN, Report.Source.MERCHANT]
    found = Report.objects.filter(
        source__in=public,
        received_at__gte=period.start - promise,
        received_at__lt=period.end - promise,
        received_at__lte=period.as_of,
    )
    if unit is not None:
        found = found.filter(area__in=Duties(period.day, ()).areas_of(unit))
    return found.annotate(
        standing=_standing(
            When(answered_at__lte=F("received_at") + promise, answered_at__lt=period.as_of, then=Value(DONE)),
            When(received_at__lte=period.as_of - promise, then=Value(LOST)),
            default=WAITING,
        )
    )


_FUNCTIONS: dict[str, Callable[[Department | None, Period, Indicator], QuerySet[Any]]] = {
    "coverage": _coverage,
    "findings_closed": _findings_closed,
    "orders_corrected": _orders_corrected,
    "recheck_passed": _recheck_passed,
    "tasks_verified": _tasks_verified,
    "reports_answered": _reports_answered,
}
NAMES = tuple(_FUNCTIONS)
