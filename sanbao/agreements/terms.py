"""How long a letter runs: whole months by the calendar. A term is what the parties agreed, not a period of the law. Pure."""

import calendar
from datetime import date, timedelta


def last_day(first: date, months: int) -> date:
    """The last day of a term of so many months that begins on `first`: 2026-03-01 and 12 months end on 2027-02-28."""
    total = first.month - 1 + months
    year, month = first.year + total // 12, total % 12 + 1
    if first.day > calendar.monthrange(year, month)[1]:
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, first.day) - timedelta(days=1)


def may_renew(until: date, days_before: int, on: date) -> bool:
    """Whether a term that ends on `until` is near enough to its end to be renewed."""
    return until - timedelta(days=days_before) <= on
