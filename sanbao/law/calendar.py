"""Working days, make-up days, holiday blocks and working sessions, from the official notices.

The notices are data (`holidays/<year>.toml`); the local zone and sessions are data too (`parameters/calendar.toml`). A year
without a notice is unknown: the calendar raises `UnknownYear` unless the caller asks for a provisional answer, which knows
weekends only. Periods are counted in `deadlines`, not here.
"""

import os
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
HOLIDAYS = HERE / "holidays"
PARAMETERS = HERE / "parameters" / "calendar.toml"
EXTRA_FOLDER = "SANBAO_HOLIDAYS"
"""Environment variable naming a folder with notices that came after this version was made."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A technical bound for days that people write, so that a slip of the pen is named and not counted with."""

DAY = timedelta(days=1)
SATURDAY = 5

Session = tuple[time, time]


class UnknownYear(LookupError):
    """No official notice is known for that year."""

    def __init__(self, year: int) -> None:
        super().__init__(f"The holidays of {year} are not known: no official notice for that year has been entered.")
        self.year = year


def plausible(day: date) -> bool:
    """Whether the year of a day or instant can be meant."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


class FaultyNotice(ValueError):
    """A holiday file contradicts itself or another one."""


@dataclass(frozen=True, slots=True)
class HolidayBlock:
    """One holiday as announced: first and last day off, and the working days that make up for it."""

    name: str
    first: date
    last: date
    make_up: tuple[date, ...] = ()

    def days(self) -> Iterable[date]:
        """Every day off of the block."""
        return (self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Notice:
    """The arrangement of one year and the papers it rests on, as (name, address)."""

    year: int
    papers: tuple[tuple[str, str], ...]
    blocks: tuple[HolidayBlock, ...]


def read_notice(path: Path) -> Notice:
    """Read one holiday file; raises `FaultyNotice` if it cannot be an arrangement of that year."""
    with path.open("rb") as file:
        raw = tomllib.load(file)
    try:
        papers = tuple((paper["name"], paper["address"]) for paper in raw["notice"])
        blocks = tuple(HolidayBlock(row["name"], row["first"], row["last"], tuple(row["make_up"])) for row in raw["holiday"])
        notice = Notice(raw["year"], papers, blocks)
    except (KeyError, TypeError) as fault:
        raise FaultyNotice(f"{path.name}: {fault!r} is missing or has the wrong form.") from fault
    _check(notice, path.name)
    return notice


def _check(notice: Notice, name: str) -> None:
    if not notice.papers or not notice.blocks:
        raise FaultyNotice(f"{name}: a notice with its address and at least one holiday are needed.")
    near = {notice.year - 1, notice.year, notice.year + 1}
    for block in notice.blocks:
        if block.last < block.first or {block.first.year, block.last.year} - near:
            raise FaultyNotice(f"{name}: {block.name} runs from {block.first} to {block.last}.")
        for day in block.make_up:
            if day.weekday() < SATURDAY:
                raise FaultyNotice(f"{name}: {day} is a working day already and cannot make up for one.")


def _no_years() -> dict[int, tuple[int, ...]]:
    return {}


@dataclass(frozen=True)
class WorkCalendar:
    """Working days of the years whose notices are known, with the office's zone and sessions."""

    notices: tuple[Notice, ...]
    zone: ZoneInfo
    sessions: tuple[Session, ...]
    known: frozenset[int] = field(init=False)
    _changed: Mapping[date, bool] = field(init=False, repr=False)
    _blocks: Mapping[date, HolidayBlock] = field(init=False, repr=False)
    _workdays: dict[int, tuple[int, ...]] = field(init=False, repr=False, compare=False, default_factory=_no_years)

    def __post_init__(self) -> None:
        changed: dict[date, bool] = {}
        blocks: dict[date, HolidayBlock] = {}
        for block in (block for notice in self.notices for block in notice.blocks):
            for day, works in [*((day, False) for day in block.days()), *((day, True) for day in block.make_up)]:
                if changed.setdefault(day, works) != works:
                    raise FaultyNotice(f"{day} is announced both as a day off and as a working day.")
            blocks.update((day, block) for day in block.days())
        ends = [instant for session in self.sessions for instant in session]
        if not ends or any(early >= late for early, late in pairwise(ends)):
            raise ValueError("Working sessions must follow one another without overlap.")
        object.__setattr__(self, "known", frozenset(notice.year for notice in self.notices))
        object.__setattr__(self, "_changed", changed)
        object.__setattr__(self, "_blocks", blocks)

    def knows(self, day: date) -> bool:
        """Whether an official notice covers the year of that day."""
        return day.year in self.known

    def is_workday(self, day: date, *, provisional: bool = False) -> bool:
        """Whether offices work that day: make-up days do, holidays and other weekends do not.

        In a year without a notice raises `UnknownYear`, or with `provisional` knows only weekends; `knows` tells which.
        """
        if day.year not in self.known and not provisional:
            raise UnknownYear(day.year)
        return self._works(day)

    def is_off(self, day: date, *, provisional: bool = False) -> bool:
        """The opposite of `is_workday`, with the same conditions."""
        return not self.is_workday(day, provisional=provisional)

    def holiday(self, day: date) -> HolidayBlock | None:
        """The announced holiday block the day lies in, if any; raises `UnknownYear`. An ordinary weekend is none."""
        if day.year not in self.known:
            raise UnknownYear(day.year)
        return self._blocks.get(day)

    def is_statutory_holiday(self, day: date) -> bool:
        """Whether the day lies in an announced holiday block, moved weekends included (CL 43, read protectively).

        Raises `UnknownYear`, also when a provisional answer would be handy: whoever forbids something on holidays must not
        take an unknown day for a free one.
        """
        return self.holiday(day) is not None

    def workdays_of(self, year: int) -> tuple[int, ...]:
        """Ordinals of all working days of a year, ascending; weekends only where the year is unknown."""
        found = self._workdays.get(year)
        if found is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = map(date.fromordinal, range(first, last + 1))
            found = tuple(day.toordinal() for day in days if self.is_workday(day, provisional=True))
            self._workdays[year] = found
        return found

    def nth_workday_after(self, day: date, count: int) -> tuple[date, bool]:
        """The `count`-th working day after a day, and whether an unknown year was crossed on the way."""
        year, days = day.year, self.workdays_of(day.year)
        provisional = year not in self.known
        place = bisect_right(days, day.toordinal()) + count - 1
        while place >= len(days):
            place -= len(days)
            year += 1
            days = self.workdays_of(year)
            provisional = provisional or year not in self.known
        return date.fromordinal(days[place]), provisional

    def workday_from(self, day: date) -> tuple[date, bool]:
        """The day itself if it is worked, else the next working day; and whether an unknown year was consulted."""
        if day.year in self.known and self._works(day):
            return day, False
        found, _ = self.nth_workday_after(day - DAY, 1)
        return found, not (self.knows(day) and self.knows(found))

    def workday_until(self, day: date) -> tuple[date, bool]:
        """The day itself if it is worked, else the last working day before; and whether an unknown year was consulted."""
        year, provisional = day.year, day.year not in self.known
        days = self.workdays_of(year)
        place = bisect_left(days, day.toordinal() + 1) - 1
        if place < 0:
            days = self.workdays_of(year - 1)
            provisional = provisional or year - 1 not in self.known
        return date.fromordinal(days[place]), provisional

    def _works(self, day: date) -> bool:
        works = self._changed.get(day)
        return day.weekday() < SATURDAY if works is None else works


def read_calendar(*folders: Path, parameters: Path = PARAMETERS) -> WorkCalendar:
    """A calendar from folders of holiday files; for one year the file of a later folder replaces an earlier one."""
    notices = {int(path.stem): read_notice(path) for folder in folders for path in sorted(folder.glob("[0-9]*.toml"))}
    for year, notice in notices.items():
        if notice.year != year:
            raise FaultyNotice(f"{year}.toml says it is about {notice.year}.")
    with parameters.open("rb") as file:
        local = tomllib.load(file)
    sessions = tuple((begin, end) for begin, end in local["sessions"])
    return WorkCalendar(tuple(notices[year] for year in sorted(notices)), ZoneInfo(local["zone"]), sessions)


@lru_cache(maxsize=1)
def official() -> WorkCalendar:
    """The calendar of this version and of the folder named by `SANBAO_HOLIDAYS`, read once."""
    extra = os.environ.get(EXTRA_FOLDER)
    return read_calendar(HOLIDAYS, *([Path(extra)] if extra else []))
