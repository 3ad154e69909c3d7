"""What the reference pages share: the Chinese beside an English term, and tables in Markdown.

The Chinese is read from the written catalogues, not from the compiled ones, so that a page depends on files under version control only.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sanbao.core import catalogues
from sanbao.law import citations

MADE = "<!-- Made by `sanbao docs` from the code; do not edit. -->"


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, str]:
    return {
        entry.id: entry.string
        for room in catalogues.room_catalogues().values()
        for entry in room
        if entry.id and isinstance(entry.id, str) and isinstance(entry.string, str)
    }


def chinese(text: Any) -> str:
    """The Simplified Chinese of a marked string; empty when nobody has written it yet."""
    return _catalogue().get(source(text), "")


def source(text: Any) -> str:
    """The English source of a marked string, lazy or not, whatever language is active."""
    arguments = getattr(text, "_args", None)
    return str(arguments[0]) if arguments else str(text)


def both(text: Any) -> str:
    """English with the Chinese beside it."""
    return " ".join(filter(None, (source(text), chinese(text))))


def article(id_: str) -> str:
    """An article's id with its label as a paper prints it; an id nobody has entered stays alone."""
    try:
        return f"{id_} {citations.cite(id_).label}"
    except LookupError:
        return id_


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table; line breaks and bars in cells are made harmless."""
    lines = [_line(header), _line(["---"] * len(header)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[Any]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def whole(*blocks: str) -> str:
    """A page from its blocks, with the note that it is made and one newline at the end."""
    return "\n\n".join((MADE, *blocks)) + "\n"
