"""The register of periods: one `Rule` for each row of `parameters/deadlines*.toml`.

Only reading and looking up happen here; `deadlines` counts.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

PARAMETERS = Path(__file__).parent / "parameters"

Unit = Literal["hours", "working_hours", "working_days", "days", "months", "years"]
Who = Literal["party", "agency", "third", "none"]
Clear = Literal["", "day", "workday"]
Confidence = Literal["C2", "C1", "INF", "UNCONFIRMED"]

UNITS: tuple[Unit, ...] = get_args(Unit)


class UnknownRule(LookupError):
    """The register has no such period."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The register of periods has no rule “{rule}”.")
        self.rule = rule


class NotInForce(LookupError):
    """The register has no figure for a day that early."""

    def __init__(self, rule: str, day: date, since: date) -> None:
        super().__init__(f"{rule} has no figure for {day}: the first one holds from {since}.")
        self.rule = rule


class FigureRefused(ValueError):
    """A figure is missing where the order sets it, or given where the norm fixes it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One period: its dated figures, unit, start, bearer, rolling, source; see the head of `deadlines.toml` for the words."""

    id: str
    what: str
    what_zh: str
    figures: tuple[tuple[date, int], ...]
    unit: Unit
    starts: str
    who: Who
    roll: bool
    first_day: bool
    clear: Clear
    local: bool
    at_least: int
    extension: str
    cites: tuple[str, ...]
    source: str
    confidence: Confidence
    longest_of: tuple[str, ...] = ()

    def figure_on(self, day: date) -> int:
        """The figure that holds for a period starting that day; raises `NotInForce` or `FigureRefused`."""
        for since, figure in reversed(self.figures):
            if since <= day:
                return figure
        if not self.figures:
            raise FigureRefused(f"{self.id} has no fixed figure: the order that starts the period sets it.")
        raise NotInForce(self.id, day, self.figures[0][0])

    def accept(self, figure: int) -> int:
        """A figure set locally or by the order, never below the statutory floor; raises `FigureRefused`."""
        if not self.local:
            raise FigureRefused(f"The figure of {self.id} is fixed by {', '.join(self.cites)}; another one cannot be set.")
        return max(figure, self.at_least)


def _rule(name: str, row: Mapping[str, Any]) -> Rule:
    figures = tuple(sorted((date.fromisoformat(since), figure) for since, figure in row.get("figure", {}).items()))
    unit = row.get("unit", "days")
    if unit not in UNITS:
        raise ValueError(f"{name}: unknown unit {unit!r}")
    return Rule(
        id=name,
        what=row["what"],
        what_zh=row["what_zh"],
        figures=figures,
        unit=cast(Unit, unit),
        starts=row["starts"],
        who=row["who"],
        roll=row.get("roll", False),
        first_day=row.get("first_day", False),
        clear=row.get("clear", ""),
        local=row.get("local", False),
        at_least=row.get("at_least", 0),
        extension=row.get("extension", ""),
        cites=tuple(row.get("cites", ())),
        source=row["source"],
        confidence=row["confidence"],
        longest_of=tuple(row.get("longest_of", ())),
    )


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, read once."""
    found: dict[str, Rule] = {}
    for path in sorted(PARAMETERS.glob("deadlines*.toml")):
        with path.open("rb") as file:
            rows = tomllib.load(file)
        if twice := found.keys() & rows.keys():
            raise ValueError(f"{path.name}: {sorted(twice)} stand twice in the register.")
        found.update((name, _rule(name, row)) for name, row in rows.items())
    return MappingProxyType(found)


def rule(name: str) -> Rule:
    """The rule of that id, such as `DL-02`; raises `UnknownRule`."""
    try:
        return rules()[name]
    except KeyError:
        raise UnknownRule(name) from None
