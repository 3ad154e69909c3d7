"""Reading the rubrics: dated data files that say which units are ranked together, what is counted, and how much each counts.

Pure: no rows and no clock. A rubric that counts fines, penalties or cases is refused when it is read (PL 74).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from django.utils.translation import get_language

from sanbao.law.publicity import metric_objection

FOLDER = Path(__file__).parent / "rubrics"
FORBIDDEN_WORDS = ("fine", "penalt", "case", "seizure", "confiscat")


class BadRubric(ValueError):
    """The file does not describe a rubric that can be used; the message says what to mend."""


def in_reader_language(zh: str, en: str) -> str:
    """The one of two texts that the reader understands."""
    return en if (get_language() or "zh").startswith("en") else zh


@dataclass(frozen=True, slots=True)
class Named:
    """Anything with a name in both languages."""

    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class Indicator(Named):
    """What is counted: `direction` "up" when a high share is good, "down" when a low one is; `days` where the promise has some."""

    key: str
    formula_zh: str
    formula_en: str
    direction: Literal["up", "down"] = "up"
    days: int = 0

    @property
    def formula(self) -> str:
        """The formula in words, in the reader's language."""
        return in_reader_language(self.formula_zh, self.formula_en)


@dataclass(frozen=True, slots=True)
class Grade(Named):
    """A grade and the unrounded score from which it is given."""

    letter: str
    lowest: int


@dataclass(frozen=True, slots=True)
class Group(Named):
    """Units of one kind, ranked among themselves; the weights add up to a hundred."""

    kind: str
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rubric(Named):
    """One version of the appraisal."""

    version: str
    valid_from: date
    minimum_measured: int
    grades: tuple[Grade, ...]
    groups: tuple[Group, ...]
    indicators: Mapping[str, Indicator]

    def group_of(self, kind: str) -> Group | None:
        """The group in which units of a kind are ranked, if any."""
        return next((group for group in self.groups if group.kind == kind), None)


def parse_rubric(raw: Mapping[str, Any]) -> Rubric:
    """A rubric from the content of its file; raises `BadRubric` when weights, names or measures are not in order."""
    indicators = {key: Indicator(key=key, **row) for key, row in raw["indicators"].items()}
    grades = [
        Grade(name_zh=row["name_zh"], name_en=row["name_en"], letter=row["letter"], lowest=row["from"]) for row in raw["grades"]
    ]
    groups = [Group(row["name_zh"], row["name_en"], row["kind"], MappingProxyType(dict(row["weights"]))) for row in raw["groups"]]
    _check(indicators, groups, grades)
    return Rubric(
        name_zh=raw["name_zh"],
        name_en=raw["name_en"],
        version=raw["version"],
        valid_from=raw["valid_from"],
        minimum_measured=raw["minimum_measured"],
        grades=tuple(sorted(grades, key=lambda grade: -grade.lowest)),
        groups=tuple(groups),
        indicators=MappingProxyType(indicators),
    )


def _check(indicators: Mapping[str, Indicator], groups: list[Group], grades: list[Grade]) -> None:
    objection = metric_objection(frozenset(indicators))
    named = sorted(key for key in indicators if any(word in key for word in FORBIDDEN_WORDS))
    if objection or named:
        raise BadRubric(f"Fines, penalties and cases may not be appraised (PL 74): {named or sorted(indicators)}")
    for group in groups:
        if sum(group.weights.values()) != 100 or min(group.weights.values()) <= 0:
            raise BadRubric(f"{group.kind}: the weights must be above zero and add up to 100")
        if unknown := sorted(set(group.weights) - set(indicators)):
            raise BadRubric(f"{group.kind}: no such indicator: {unknown}")
    if min((grade.lowest for grade in grades), default=1) > 0:
        raise BadRubric("The lowest grade must begin at 0")


@lru_cache(maxsize=1)
def rubrics() -> Mapping[str, Rubric]:
    """Every rubric by its version, read once, the oldest first."""
    found = []
    for path in FOLDER.glob("*.toml"):
        with path.open("rb") as file:
            found.append(parse_rubric(tomllib.load(file)))
    return MappingProxyType({each.version: each for each in sorted(found, key=lambda each: each.valid_from)})


def rubric_on(day: date) -> Rubric:
    """The rubric in force on a day; before the first one begins, the first. Never empty."""
    known = list(rubrics().values())
    return next((each for each in reversed(known) if each.valid_from <= day), known[0])
