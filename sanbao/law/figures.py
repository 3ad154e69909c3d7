"""Figures of the national norms that are not periods, by date (`parameters/amounts.toml`).

Periods are in `deadlines`; what a province, city or district decides is in `local`.
"""

import tomllib
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from .calendar import official

AMOUNTS = Path(__file__).parent / "parameters" / "amounts.toml"


class UnknownFigure(LookupError):
    """No figure of that name, or none yet on that day."""


@lru_cache(maxsize=1)
def register() -> dict[str, tuple[tuple[date, int], ...]]:
    """Every figure with its dated values, oldest first."""
    with AMOUNTS.open("rb") as file:
        raw = tomllib.load(file)
    return {
        key: tuple(sorted((date.fromisoformat(day), value) for day, value in row["figure"].items())) for key, row in raw.items()
    }


@lru_cache(maxsize=512)
def figure(key: str, on: date) -> int:
    """The figure of that name on that day, in the unit of the register; raises `UnknownFigure`."""
    found = None
    for day, value in register().get(key, ()):
        if day <= on:
            found = value
    if found is None:
        raise UnknownFigure(f"{key} has no value on {on.isoformat()}.")
    return found


def rows_on(on: date) -> list[dict[str, object]]:
    """Every figure that holds on a day, with what it is, its unit, articles and confidence: for a reader."""
    with AMOUNTS.open("rb") as file:
        raw = tomllib.load(file)
    rows = []
    for key, row in raw.items():
        with suppress(UnknownFigure):
            rows.append({**row, "key": key, "value": figure(key, on)})
    return rows


@lru_cache(maxsize=1024)
def local_day(instant: datetime) -> date:
    """The legal day of an aware instant, in the zone of the office's calendar."""
    if instant.tzinfo is None:
        raise ValueError("A legal instant must carry its offset.")
    return instant.astimezone(official().zone).date()


def age_on(born_on: date, on: date) -> int:
    """Full years of age on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
