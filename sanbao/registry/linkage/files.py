"""Lists from files into items: any table a spreadsheet program can save, its columns said or guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanbao.core.tables import read_rows
from sanbao.registry.linkage.columns import Columns, columns_of, header_score, number_of, point_of
from sanbao.registry.linkage.items import Item

ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
HIGH = re.compile(rb"[\x80-\xff]")
MOSTLY = 0.7


@dataclass(frozen=True)
class ListFile:
    """A list read from a file: its items, and which field was read from which column."""

    items: list[Item]
    columns: dict[str, str]


def read_list(path: Path, said: Mapping[str, str]) -> ListFile:
    """The items of a table file in its order. `said`: field to column label, for what should not be guessed.

    Without a column of unique numbers an item is named by its row, the first row below the header being 1. Raises `Malformed` with one
    sentence for an empty or unreadable file and an unknown column, `OSError` for a missing one.
    """
    sheet = read_rows(_unwestern(path.read_bytes()), path.name, score=header_score)
    rows = [row.texts() for row in sheet.rows]
    columns = columns_of(sheet.header, rows, said, path.name)
    numbers = [row.number - sheet.header_row for row in sheet.rows]
    return ListFile(
        [_item(columns, texts, number) for texts, number in zip(rows, numbers, strict=True)], columns.told(sheet.header)
    )


def _unwestern(data: bytes) -> bytes:
    """Text in a Western encoding as UTF-8: its letters with accents stand alone among plain ones, Chinese ones never do."""
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError:
        high, alone = len(HIGH.findall(data)), len(ALONE.findall(data))
    if b"\0" in data or alone < MOSTLY * high:
        return data
    return data.decode("cp1252", "replace").encode("utf-8")


def _item(columns: Columns, texts: Sequence[str], number: int) -> Item:
    lon, lat = number_of(columns.cell(texts, "lon")), number_of(columns.cell(texts, "lat"))
    if (point := point_of(columns.cell(texts, "position"))) and (lon is None or lat is None):
        lon, lat = point
    address = columns.cell(texts, "address")
    if not address:
        address = " ".join(filter(None, (columns.cell(texts, "house"), columns.cell(texts, "street"))))
    return Item(
        id=columns.cell(texts, "id") or str(number),
        name=columns.cell(texts, "name"),
        alias=columns.cell(texts, "alias"),
        address=address,
        lon=lon,
        lat=lat,
        code=columns.cell(texts, "code"),
        phone=columns.cell(texts, "phone"),
    )
