"""Citations: from `PL-60` to the instrument, the article and a condensed wording.

An id is an instrument (`GB54`), an article (`PL-60`), a paragraph (`EC-1132.3`, 款) or an item (`CER-34(5)`, 项). The
instruments and wordings are data (`statutes/*.toml`); wordings are our own condensed statements, never the official text.
An unknown id is an error, so that no reason and no paper can cite what nobody has read.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .sentences import shown

STATUTES = Path(__file__).parent / "statutes"
PLACE = re.compile(r"(?P<article>[1-9][0-9]{0,3})(?:\.(?P<paragraph>[1-9][0-9]?))?(?:\((?P<item>[1-9][0-9]?)\))?")
NUMERALS = "零一二三四五六七八九"


class UnknownArticle(LookupError):
    """No instrument or article with that id has been entered."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"“{shown(id_)}” is not an article known here.")
        self.id = id_


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, regulation, rule, interpretation or document; the dates are the first and last day of this version."""

    id: str
    name: str
    short: str
    name_en: str
    issuer: str
    level: str
    in_force_from: date
    in_force_until: date | None
    source: str
    confidence: str
    wording: str
    summary: str

    def in_force(self, day: date) -> bool:
        """Whether this version applies on a day."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in an instrument. `text` is our statement of it, empty where none was entered; `wording` says of what kind."""

    id: str
    instrument: Instrument
    article: int | None
    paragraph: int | None
    item: int | None
    text: str
    confidence: str
    wording: str

    @property
    def label(self) -> str:
        """As a paper prints it: 《行政处罚法》第六十条, with 第…款 and 第（…）项 where the id names them."""
        title = f"《{self.instrument.short}》" if "〔" not in self.instrument.short else self.instrument.short
        if self.article is None:
            return title
        parts = [title, f"第{in_numerals(self.article)}条"]
        if self.paragraph is not None:
            parts.append(f"第{in_numerals(self.paragraph)}款")
        if self.item is not None:
            parts.append(f"第（{in_numerals(self.item)}）项")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that can be cited: instruments, and their articles as (wording, confidence)."""

    instruments: Mapping[str, Instrument]
    articles: Mapping[str, tuple[str, str]]


def in_numerals(number: int) -> str:
    """`1132` as `一千一百三十二`, the way articles are numbered; from 1 to 9999."""
    written, gap = "", False
    for place, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            written += ("零" if gap and written else "") + NUMERALS[digit] + mark
        gap = not digit
    return written[1:] if written.startswith("一十") else written


def _instrument(id_: str, row: Mapping[str, Any]) -> Instrument:
    return Instrument(
        id_,
        row["name"],
        row["short"],
        row["name_en"],
        row["issuer"],
        row["level"],
        row["in_force_from"],
        row.get("in_force_until"),
        row["source"],
        row["confidence"],
        row["wording"],
        row.get("summary", ""),
    )


def read_library(*folders: Path) -> Library:
    """Read folders of statutes; articles of one instrument may be spread over files, each article stands once."""
    rows: list[tuple[str, Mapping[str, Any]]] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        with path.open("rb") as file:
            rows.extend(tomllib.load(file).items())
    instruments = {id_: _instrument(id_, row) for id_, row in rows if "name" in row}
    articles: dict[str, tuple[str, str]] = {}
    for id_, row in rows:
        for number, entry in row.get("articles", {}).items():
            place, certain = f"{id_}-{int(number)}", instruments[id_].confidence
            if place in articles:
                raise ValueError(f"{place} is entered twice.")
            plain = isinstance(entry, str)
            articles[place] = (entry, certain) if plain else (entry["text"], entry.get("confidence", certain))
    return Library(MappingProxyType(instruments), MappingProxyType(articles))


@lru_cache(maxsize=1)
def library() -> Library:
    """The statutes of this version, read once."""
    return read_library(STATUTES)


@lru_cache(maxsize=4096)
def cite(id_: str) -> Citation:
    """What an id such as `PL-60`, `EC-1132.3`, `CER-34(5)` or `GB54` stands for; raises `UnknownArticle`."""
    known = library()
    alone = known.instruments.get(id_)
    if alone is not None:
        return Citation(id_, alone, None, None, None, alone.summary, alone.confidence, alone.wording)
    name, _, place = id_.rpartition("-")
    instrument, found = known.instruments.get(name), PLACE.fullmatch(place)
    if instrument is None or found is None:
        raise UnknownArticle(id_)
    entry = known.articles.get(f"{name}-{found['article']}")
    if entry is None:
        raise UnknownArticle(id_)
    paragraph, item = found["paragraph"], found["item"]
    return Citation(
        id_,
        instrument,
        int(found["article"]),
        int(paragraph) if paragraph else None,
        int(item) if item else None,
        text=entry[0],
        confidence=entry[1],
        wording=instrument.wording,
    )
