"""The classes of problems, read once from `classes.toml`: names, the duty they belong to, and the office's own limit for handling."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanbao.law import deadlines
from sanbao.law.register import Unit

DUTIES = {
    "hygiene": _("hygiene"),
    "greenery": _("greenery"),
    "order": _("orderliness"),
    "facilities": _("public facilities"),
}


@dataclass(frozen=True, slots=True)
class ProblemClass:
    """One class; `violation` is empty where the law's catalogue has no such conduct."""

    code: str
    duty: str
    zh: str
    en: str
    violation: str
    limit: int
    unit: Unit

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.en if (get_language() or "zh").startswith("en") else self.zh

    def due(self, found_at: datetime) -> datetime:
        """The instant by which the office means to have handled it: an operational default, no statutory period."""
        return deadlines.count(self.limit, self.unit, found_at).ends


@lru_cache(maxsize=1)
def classes() -> Mapping[str, ProblemClass]:
    """Every class by its code, in the order of the file."""
    with (Path(__file__).parent / "classes.toml").open("rb") as file:
        rows = tomllib.load(file)
    return MappingProxyType(
        {
            code: ProblemClass(
                code, row["duty"], row["zh"], row["en"], row.get("violation", ""), row["limit"], cast(Unit, row["unit"])
            )
            for code, row in rows.items()
        }
    )


def class_of(code: str) -> ProblemClass:
    """The class of a code; `KeyError` for an unknown one."""
    return classes()[code]


def grouped() -> list[tuple[str, list[ProblemClass]]]:
    """The classes under their duties, for pickers: [(name of the duty, its classes)]."""
    return [(str(label), [found for found in classes().values() if found.duty == duty]) for duty, label in DUTIES.items()]
