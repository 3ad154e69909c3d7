"""How the rows behind a figure read in a table: what it is, where, until when, when it was done, how it stands; and its page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from sanbao.agreements import coverage
from sanbao.problems.classes import classes

STANDINGS = {
    "done": (_("counted"), "ok"),
    "pending": (_("missing, can still count"), "warn"),
    "lost": (_("missing"), "bad"),
    "waiting": (_("not due yet"), "muted"),
}


@dataclass(frozen=True)
class ShownRow:
    """One row as shown and exported; `url` is empty where the row has no page."""

    what: str
    where: str
    due: datetime | date | None
    done: datetime | date | None
    note: str
    standing: Any
    tone: str
    url: str


def address(name: str, *args: Any) -> str:
    """The address of a page of the console, or nothing while that page does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def with_names(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of an indicator with what is shown of them in the same query, in a fixed order."""
    related, order = _READ[name]
    return rows.select_related(*related).order_by(*order)


def shown(name: str, rows: Iterable[Any]) -> list[ShownRow]:
    """The rows of an indicator as they read in a table."""
    return [_SHOW[name](row) for row in rows]


def _row(row: Any, what: str, where: Any, due: Any, done: Any, url: str, note: Any = "") -> ShownRow:
    label, tone = STANDINGS[row.standing]
    return ShownRow(what, str(where or ""), due, done, str(note), label, tone, url)


def _class_name(code: str) -> str:
    found = classes().get(code)
    return found.name if found else code


def _front(row: Any) -> ShownRow:
    return _row(
        row, str(row), f"{row.area} {row.address}", None, None, address("console:premises", row.pk), coverage.LABELS[row.kind]
    )


def _finding(row: Any) -> ShownRow:
    what = f"{row.number} {_class_name(row.class_code)}"
    return _row(
        row, what, row.place or row.area, row.due_at, row.closed_at, address("console:problem", row.pk), row.get_state_display()
    )


def _order(row: Any) -> ShownRow:
    done = row.ended_at if row.state == "corrected" else None
    url = address("console:problem", row.finding_id)
    return _row(row, row.number, row.finding.place, row.correct_by, done, url, row.get_state_display())


def _recheck(row: Any) -> ShownRow:
    note = _("corrected") if row.passed else _("not corrected")
    return _row(
        row, row.order.number, row.order.finding.place, None, row.at, address("console:problem", row.order.finding_id), note
    )


def _task(row: Any) -> ShownRow:
    return _row(row, row.title, row.unit, row.due_at, row.done_at, address("console:task", row.pk), row.get_state_display())


def _report(row: Any) -> ShownRow:
    what = f"{row.number} {_class_name(row.class_code)}"
    return _row(
        row, what, row.place or row.area, None, row.answered_at, address("console:report", row.pk), row.get_state_display()
    )


_SHOW: dict[str, Callable[[Any], ShownRow]] = {
    "coverage": _front,
    "findings_closed": _finding,
    "orders_corrected": _order,
    "recheck_passed": _recheck,
    "tasks_verified": _task,
    "reports_answered": _report,
}
_READ: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "coverage": (("area",), ("standing", "area__code", "code")),
    "findings_closed": (("area",), ("standing", "due_at", "pk")),
    "orders_corrected": (("finding",), ("standing", "correct_by", "pk")),
    "recheck_passed": (("order__finding",), ("standing", "at", "pk")),
    "tasks_verified": (("unit",), ("standing", "due_at", "pk")),
    "reports_answered": (("area",), ("standing", "received_at", "pk")),
}
