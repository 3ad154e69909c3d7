"""The stretch of days that is appraised, and the instant as of which it is looked at. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sanbao.core import clock


@dataclass(frozen=True, slots=True)
class Period:
    """The legal days from `first_on` to `last_on`, both included, looked at as things stood at the aware instant `as_of`."""

    first_on: date
    last_on: date
    as_of: datetime

    @property
    def start(self) -> datetime:
        """The first instant of the period."""
        return clock.at_local(self.first_on)

    @property
    def end(self) -> datetime:
        """The first instant after the period."""
        return clock.at_local(self.last_on + timedelta(days=1))

    @property
    def cut(self) -> datetime:
        """Up to which instant things can have happened: the end of the period, or `as_of` while it is running."""
        return min(self.end, self.as_of)

    @property
    def over(self) -> bool:
        """Whether the whole period has passed."""
        return self.as_of >= self.end

    @property
    def day(self) -> date:
        """The day on which standing things (letters) are counted: the last one, or today while the period is running."""
        return self.last_on if self.over else max(self.first_on, clock.local_day(self.as_of))


def month_of(day: date, as_of: datetime) -> Period:
    """The calendar month in which a day lies."""
    first = day.replace(day=1)
    return Period(first, next_month(first) - timedelta(days=1), as_of)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(first: date) -> date:
    """The first day of the month before."""
    return (first.replace(day=1) - timedelta(days=1)).replace(day=1)
