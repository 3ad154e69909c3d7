"""Periods: from a start to the first instant after the last day.

`due` counts a rule of the register, `count` any figure and unit. Hours run by the clock; working hours inside the sessions of
working days; the day of the event is not counted (CPL 85), except where a restriction of rights is counted protectively from
its first day. Only a party's period moves past a day off; for an agency's natural-day period the last safe working day is
shown instead. Where a year's holidays are unknown the answer is provisional and says so.

What belongs together in one answer (remedies, court window, limitation, publication) is in `windows`.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sanbao.law.calendar import DAY, WorkCalendar, official
from sanbao.law.register import UNITS, FigureRefused, Rule, Unit, rule

MIDNIGHT = time()
MONTHS_A_YEAR = 12
LONGEST: dict[Unit, int] = {  # a technical bound of a century, so that a slip of the pen is refused and not counted
    "hours": 24 * 36525,
    "working_hours": 24 * 36525,
    "working_days": 36525,
    "days": 36525,
    "months": 1200,
    "years": 100,
}


class NaiveTime(ValueError):
    """An instant without a time zone was given where the law needs to know the day."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a period is over, and how sure that is.

    `ends` is the first instant after the period; `last_day` the last local day within it. `last_safe_workday` is given for an
    agency's period in natural days. `not_before` is the first day an act may happen that needs clear days before it.
    `legal_last_day` differs from `last_day` only where counting the first day makes the system stricter than the statute.
    """

    rule: str
    starts: datetime
    ends: datetime
    last_day: date
    last_safe_workday: date | None
    provisional: bool
    articles: tuple[str, ...]
    not_before: date | None
    legal_last_day: date

    def is_over(self, at: datetime) -> bool:
        """Whether the period has run out at that aware instant."""
        if at.tzinfo is None:
            raise NaiveTime("An instant needs its time zone.")
        return at >= self.ends


def local_start(start: datetime | date, calendar: WorkCalendar) -> datetime:
    """The start as an instant in the office's zone; a bare date is its first instant. Raises `NaiveTime`."""
    if isinstance(start, datetime):
        if start.tzinfo is None:
            raise NaiveTime("The start of a period needs its time zone.")
        return start.astimezone(calendar.zone)
    return datetime.combine(start, MIDNIGHT, calendar.zone)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due(rule_id: str, start: datetime | date, *, calendar: WorkCalendar | None = None, figure: int | None = None) -> Due:
    """Count a period of the register from the event that starts it.

    `figure` only where the rule says that a local norm or the order sets it. Raises `UnknownRule`, `NotInForce`,
    `FigureRefused`, `NaiveTime`; never for an unknown year, which makes the answer provisional.
    """
    found = rule(rule_id)
    calendar = calendar or official()
    if found.longest_of:
        if figure is not None:
            raise FigureRefused(f"{rule_id} is the longest of {', '.join(found.longest_of)}; it has no figure of its own.")
        return _longest(found, start, calendar)
    begins = local_start(start, calendar)
    number = found.figure_on(begins.date()) if figure is None else found.accept(figure)
    return _counted(found, number, found.unit, begins, calendar)


def count(
    figure: int,
    unit: Unit,
    start: datetime | date,
    *,
    roll: bool = False,
    first_day: bool = False,
    calendar: WorkCalendar | None = None,
) -> Due:
    """Count any figure and unit; `roll` as for a party's period, `first_day` to count the day of the event.

    Without `roll` a period in natural days, months or years also tells its last safe working day. Raises `FigureRefused`
    for a figure or unit nobody can count, `NaiveTime` for a start without a zone.
    """
    if unit not in UNITS:
        raise FigureRefused(f"“{unit}” is not a unit of time known here; use one of: {', '.join(UNITS)}.")
    calendar = calendar or official()
    asked = _ROLLING if roll else _PLAIN
    return _counted(asked, figure, unit, local_start(start, calendar), calendar, first_day=first_day)


_PLAIN = Rule("", "", "", (), "days", "", "agency", False, False, "", True, 0, "", (), "", "C2")
_ROLLING = replace(_PLAIN, who="party", roll=True)


def _longest(found: Rule, start: datetime | date, calendar: WorkCalendar) -> Due:
    parts = [due(part, start, calendar=calendar) for part in found.longest_of]
    last = max(parts, key=lambda part: part.ends)
    articles = tuple(dict.fromkeys(article for part in parts for article in part.articles))
    return Due(
        found.id,
        last.starts,
        last.ends,
        last.last_day,
        None,
        any(part.provisional for part in parts),
        articles,
        None,
        last.legal_last_day,
    )


def _counted(found: Rule, figure: int, unit: Unit, begins: datetime, calendar: WorkCalendar, *, first_day: bool = False) -> Due:
    if not 1 <= figure <= LONGEST[unit]:
        raise FigureRefused(f"A period of {figure} {unit} cannot be counted.")
    if unit == "hours" or unit == "working_hours":
        return _by_the_clock(found, figure, unit, begins, calendar)
    day = begins.date()
    early = first_day or found.first_day
    safe: date | None = None
    legal: date | None = None
    if unit == "working_days":
        last, provisional = calendar.nth_workday_after(day - DAY if early else day, figure)
    else:
        provisional = False
        legal = _natural(day, figure, unit)
        last = legal - DAY if early else legal
        if found.roll:
            last, provisional = calendar.workday_from(last)
            legal = last
        elif found.who == "agency":
            safe, provisional = calendar.workday_until(last)
            safe = safe if safe >= day else None
    after = last + DAY
    not_before: date | None = None
    if found.clear:
        not_before = after
        if found.clear == "workday":
            not_before, crossed = calendar.workday_from(after)
            provisional = provisional or crossed
    ends = datetime.combine(after, MIDNIGHT, calendar.zone)
    return Due(found.id, begins, ends, last, safe, provisional, found.cites, not_before, legal or last)


def _natural(day: date, figure: int, unit: Unit) -> date:
    if unit == "days":
        return day + timedelta(days=figure)
    return add_months(day, figure if unit == "months" else figure * MONTHS_A_YEAR)


def _by_the_clock(found: Rule, figure: int, unit: Unit, begins: datetime, calendar: WorkCalendar) -> Due:
    provisional = False
    if unit == "hours":
        ends = (begins.astimezone(UTC) + timedelta(hours=figure)).astimezone(calendar.zone)
    else:
        ends, provisional = _working_hours(figure, begins, calendar)
    last = ends.date() if ends.time() > MIDNIGHT else ends.date() - DAY
    return Due(found.id, begins, ends, last, None, provisional, found.cites, None, last)


def _working_hours(figure: int, begins: datetime, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """The instant at which so many hours of working sessions have passed; an end of a session is not carried over."""
    left = timedelta(hours=figure)
    day = begins.date()
    if calendar.is_workday(day, provisional=True):
        ends, left = _in_sessions(day, begins.replace(tzinfo=None), left, calendar)
        if ends is not None:
            return ends, not calendar.knows(day)
    whole_day = sum((_lasts(day, session) for session in calendar.sessions), timedelta())
    skipped = (left - timedelta.resolution) // whole_day
    day, crossed = calendar.nth_workday_after(day, skipped + 1)
    ends, left = _in_sessions(day, datetime.combine(day, MIDNIGHT), left - skipped * whole_day, calendar)
    assert ends is not None
    return ends, crossed


def _in_sessions(day: date, since: datetime, left: timedelta, calendar: WorkCalendar) -> tuple[datetime | None, timedelta]:
    """Spend working time on one day from a local moment on: the end if it falls there, else what is left."""
    for opens, closes in calendar.sessions:
        begin = max(since, datetime.combine(day, opens))
        close = datetime.combine(day, closes)
        if begin >= close:
            continue
        if begin + left <= close:
            return (begin + left).replace(tzinfo=calendar.zone), timedelta()
        left -= close - begin
    return None, left


def _lasts(day: date, session: tuple[time, time]) -> timedelta:
    return datetime.combine(day, session[1]) - datetime.combine(day, session[0])
