"""The lists of `words.toml`, ready for looking up."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanbao.registry.linkage.folding import fold

WORDS_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """Legal forms, words of trade, kinds of streets: what `words.toml` says, folded."""

    forms_cn: re.Pattern[str]
    trades_cn: frozenset[str]
    cities_cn: frozenset[str]
    branch_cn: re.Pattern[str]
    forms_latin: frozenset[str]
    stop_latin: frozenset[str]
    roads_cn: str
    estates_cn: str
    streets: dict[str, str]
    directions: dict[str, str]
    house_words: frozenset[str]
    near_words: frozenset[str]
    units: frozenset[str]


@lru_cache(maxsize=1)
def words() -> Words:
    """The lists, read once."""
    data: dict[str, Any] = tomllib.loads(WORDS_FILE.read_text("utf-8"))
    names, addresses = data["names"], data["addresses"]
    return Words(
        forms_cn=_at_end(names["forms_cn"]),
        trades_cn=frozenset(names["trade_cn"]),
        cities_cn=frozenset(names["cities_cn"].split()),
        branch_cn=_at_end(names["branch_cn"]),
        forms_latin=frozenset(map(fold, names["forms_latin"])),
        stop_latin=frozenset(map(fold, names["stop_latin"])),
        roads_cn=_any(addresses["roads_cn"]),
        estates_cn=_any(addresses["estates_cn"]),
        streets={fold(word): line[0] for line in addresses["streets"] for word in line},
        directions={fold(word): line[0] for line in addresses["directions"] for word in line},
        house_words=frozenset(map(fold, addresses["house_words"])),
        near_words=frozenset(map(fold, addresses["near_words"])),
        units=frozenset(map(fold, addresses["units"])),
    )


def _any(given: list[str]) -> str:
    return "|".join(sorted(map(re.escape, given), key=len, reverse=True))


def _at_end(given: list[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{_any(given)})$")
