"""Answers made of several periods: remedies and the court window, limitation, publication, dishonesty records.

Each is a plain function of days; figures come from the register through `deadlines`. Decides nothing: guards do.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sanbao.law.calendar import WorkCalendar
from sanbao.law.deadlines import Due, due

Grade = Literal["minor", "general", "serious"]

RECORDS: dict[Grade, tuple[str | None, str]] = {
    "minor": (None, "DL-35"),
    "general": ("DL-31", "DL-32"),
    "serious": ("DL-33", "DL-34"),
}


@dataclass(frozen=True, slots=True)
class Remedies:
    """The remedy periods of one decision; `litigation` is none where reconsideration must come first (RL 23)."""

    reconsideration: Due
    litigation: Due | None
    expiry: Due


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last day on which something may or must be done."""

    first: date
    last: date
    provisional: bool
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limitation:
    """Whether a violation was discovered too late to be penalised, and the last day it could have been."""

    last_day: date
    barred: bool
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordPeriod:
    """How long a dishonesty record is shown: repair from a day on (none for minor ones), gone at the latest after another."""

    repair_from: date | None
    ends_on: date
    articles: tuple[str, ...]


def remedies(served: datetime | date, *, on_the_spot: bool = False, calendar: WorkCalendar | None = None) -> Remedies:
    """The periods to print and to wait for after service: 60 days and 6 months, or 60 days alone for on-the-spot penalties."""
    if on_the_spot:
        only = due("DL-14S", served, calendar=calendar)
        return Remedies(only, None, only)
    return Remedies(
        due("DL-14R", served, calendar=calendar),
        due("DL-14L", served, calendar=calendar),
        due("DL-14", served, calendar=calendar),
    )


def court_window(
    served: datetime | date,
    *,
    on_the_spot: bool = False,
    instalments_until: date | None = None,
    calendar: WorkCalendar | None = None,
) -> Window:
    """When the agency may apply to the court: three months from the end of the remedies, or of the instalments (CL 53; PL 72).

    For on-the-spot penalties the start is inferred from the end of the sixty days. With instalments the window opens on
    their last day, else on the day after the remedies expire. The reminder (DL-12) is a separate condition.
    """
    if instalments_until is not None:
        last = due("DL-15I", instalments_until, calendar=calendar)
        return Window(instalments_until, last.last_day, last.provisional, last.articles)
    expiry = remedies(served, on_the_spot=on_the_spot, calendar=calendar).expiry
    last = due("DL-15", expiry.last_day, calendar=calendar)
    return Window(expiry.ends.date(), last.last_day, last.provisional or expiry.provisional, last.articles)


def limitation(conduct_ended: date, discovered: date, *, grave: bool = False) -> Limitation:
    """Whether discovery came after two years, or five where life, health or finances were harmed (`grave`) (PL 36).

    `conduct_ended` is the end of a continuous or continuing act.
    """
    period = due("DL-22" if grave else "DL-21", conduct_ended)
    return Limitation(period.last_day, discovered > period.last_day, period.articles)


def publication_window(decided: datetime | date, served: datetime | date, *, calendar: WorkCalendar | None = None) -> Window:
    """From service to the last day for publishing a decision; `first` after `last` means it was served too late to publish in time."""
    last = due("DL-17", decided, calendar=calendar)
    first = served.astimezone(last.ends.tzinfo).date() if isinstance(served, datetime) else served
    return Window(first, last.last_day, last.provisional, last.articles)


def record_period(grade: Grade, document_made: date) -> RecordPeriod:
    """How long a record on the credit platform is shown, from the date of the document."""
    shortest, longest = RECORDS[grade]
    repair = due(shortest, document_made).last_day if shortest else None
    end = due(longest, document_made)
    return RecordPeriod(repair, end.last_day, end.articles)
