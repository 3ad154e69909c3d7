"""Many periods at once: a table in, a table out, a faulty row never in the way of the others.

In: `id,start` and either `rule` or `figure,unit` (in one table both kinds may stand; `rule` wins, and then a `figure` is one
set locally). Out: `id,ends,last_day,provisional,articles,error` in the order of the table; articles are parted by semicolons.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from sanbao.law.calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar, official, plausible
from sanbao.law.deadlines import Due, count, due
from sanbao.law.register import UNITS, FigureRefused, Unit
from sanbao.law.sentences import one_line, shown

COLUMNS = ("id", "ends", "last_day", "provisional", "articles", "error")
ENCODINGS = ("utf-8-sig", "gb18030")
SLASHED = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})")

FAULTS = (ValueError, LookupError, ArithmeticError)


class FaultyTable(ValueError):
    """The table as a whole cannot be read."""


def parse_start(text: str, calendar: WorkCalendar) -> datetime:
    """An instant from ISO 8601 or from a spreadsheet's `2026/9/28 16:00`; without a zone it is local."""
    plain = SLASHED.sub(lambda found: f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}", text.strip())
    try:
        start = datetime.fromisoformat(plain)
    except ValueError:
        raise ValueError(f"“{shown(text)}” is not a date or a time; write for example 2026-09-28T16:00.") from None
    if not plausible(start):
        raise ValueError(f"“{shown(text)}” is not between the years {FIRST_YEAR} and {LAST_YEAR}.")
    return start if start.tzinfo else start.replace(tzinfo=calendar.zone)


def parse_figure(text: str) -> int:
    """A whole number of units."""
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"“{shown(text)}” is not a whole number of units of time.") from None


def parse_unit(text: str) -> Unit:
    """A unit of time, however hyphenated; raises `FigureRefused`."""
    for unit in UNITS:
        if unit == text.strip().lower().replace("-", "_").replace(" ", "_"):
            return unit
    raise FigureRefused(f"“{shown(text)}” is not a unit of time known here; use one of: {', '.join(UNITS)}.")


def count_row(row: Mapping[str, str | None], calendar: WorkCalendar) -> Due:
    """The period one row asks for; raises what `due` and `count` raise, and `ValueError` for what cannot be read."""
    given = {name: (row.get(name) or "").strip() for name in ("start", "rule", "figure", "unit")}
    if not given["start"]:
        raise ValueError("The row has no start.")
    start = parse_start(given["start"], calendar)
    figure = parse_figure(given["figure"]) if given["figure"] else None
    if given["rule"]:
        return due(given["rule"], start, calendar=calendar, figure=figure)
    if figure is None or not given["unit"]:
        raise ValueError("The row needs a rule, or a figure and its unit.")
    return count(figure, parse_unit(given["unit"]), start, calendar=calendar)


def answers(rows: Iterable[Mapping[str, str | None]], calendar: WorkCalendar) -> Iterator[tuple[str, ...]]:
    """One answer for each row, in the order of `COLUMNS`."""
    for row in rows:
        name = (row.get("id") or "").strip()
        try:
            period = count_row(row, calendar)
        except FAULTS as fault:
            yield name, "", "", "", "", one_line(fault)
        else:
            yield (
                name,
                period.ends.isoformat(),
                _day(period.last_day),
                "true" if period.provisional else "false",
                ";".join(period.articles),
                "",
            )


def _day(day: date) -> str:
    return day.isoformat()


def read_rows(path: Path) -> list[dict[str, str | None]]:
    """The rows of a CSV file in UTF-8 or GB 18030; raises `FaultyTable` if it cannot be one of ours."""
    raw = path.read_bytes()
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            break
    else:
        raise FaultyTable(f"{path} is neither UTF-8 nor GB 18030.")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
        names = reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        rows = list(reader)
    except csv.Error as fault:
        raise FaultyTable(f"{path} cannot be read as a table: {fault}.") from fault
    if not {"id", "start"} <= set(names) or not ("rule" in names or {"figure", "unit"} <= set(names)):
        raise FaultyTable(f"{path} needs the columns id and start, and rule or figure and unit.")
    return rows


def run(source: Path, target: Path, calendar: WorkCalendar | None = None) -> tuple[int, list[str]]:
    """Answer a table; returns how many rows there were and one line for each faulty row."""
    if target.exists() and target.samefile(source):
        raise ValueError("The answers would overwrite the table itself: name another file with --out.")
    rows = read_rows(source)
    faults: list[str] = []
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, answer in enumerate(answers(rows, calendar or official()), start=1):
            writer.writerow(answer)
            if answer[-1]:
                faults.append(f"Row {number} ({shown(answer[0])}): {answer[-1]}")
    return len(rows), faults
