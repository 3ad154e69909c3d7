"""Tables in: workbooks and text tables as offices send them, read into rows that keep the numbers of the file.

What is in a column is not known here: whoever reads passes `score`, which says how many labels of a row it knows, and the header is the
row (or pair of rows) it knows best. How text is decoded is `core.delimited`, how a workbook is opened `core.workbooks`, what goes out
`core.exports`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sanbao.core import delimited, workbooks
from sanbao.core.errors import Malformed, refuse
from sanbao.core.workbooks import Cell, Grid
from sanbao.law.workflow import gettext_noop as _

__all__ = ["Cell", "Row", "Sheet", "Skipped", "letter_of", "read_rows", "text_of"]


def __getattr__(name: str) -> Any:
    """`export_response` belongs to tables too, but needs the web framework: reading a table alone does not wait for it."""
    if name == "export_response":
        from sanbao.core.exports import export_response

        return export_response
    raise AttributeError(name)


Score = Callable[[Sequence[str]], int]
HEADER_WITHIN = 40
TOTALS = frozenset({"合计", "总计", "小计", "共计", "累计", "合计数", "本页小计", "total", "totals", "grandtotal"})
FOOTNOTE = re.compile(
    r"^(制表人?|填表人?|填报人|审核人?|复核|负责人签字|制表日期|填报日期|填表日期|打印日期|注|备注|说明|共\d+[户家条行个])[:：]"
)
JOINT = " / "

EMPTY = _("The file %(name)s is empty.")
NO_SUCH_SHEET = _("The workbook has no sheet “%(sheet)s”. Its sheets: %(sheets)s.")


@dataclass(frozen=True)
class Row:
    """One row with its number in the file (1 is the first) and its cells; `damaged` when some bytes could not be read as text."""

    number: int
    cells: tuple[Cell, ...]
    damaged: bool = False

    def texts(self) -> list[str]:
        """The cells as text."""
        return [text_of(cell) for cell in self.cells]


@dataclass(frozen=True)
class Skipped:
    """A row that is no record: `header_again`, `total` or `footnote`."""

    number: int
    why: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table: its labels, its records, what was skipped, and how well the header was known (0: guessed)."""

    name: str
    header: tuple[str, ...]
    header_row: int
    rows: list[Row]
    skipped: list[Skipped] = field(default_factory=list)
    known: int = 0
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    epoch_1904: bool = False


def read_rows(source: Path | str | bytes, name: str, *, score: Score | None = None, sheet: str | None = None) -> Sheet:
    """Read a table file; `name` is the file's name for people. XLSX, XLSM, XLSB, XLS, ODS, CSV, TSV and text with other delimiters.

    Of several sheets the named one, else the first visible one whose header `score` knows best. Raises `Malformed` with one clear
    sentence for an empty file, a picture, a document, an encrypted or broken workbook, unreadable text or an unknown sheet.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse("empty_file", EMPTY, status=Malformed, name=name)
    grids, encoding = _grids(data, name, sheet)
    found = [_understand(grid, score or _no_score) for grid in grids]
    filled = [one for one in found if one.header]
    if not filled:
        raise refuse("empty_file", EMPTY, status=Malformed, name=name)
    best = max(filled, key=lambda one: one.known)
    return Sheet(
        **{**best.__dict__, "sheets": tuple(grid.name for grid in grids), "encoding": encoding},
    )


def _no_score(labels: Sequence[str]) -> int:
    return 0


def _grids(data: bytes, name: str, sheet: str | None) -> tuple[list[Grid], str]:
    workbooks.refuse_strangers(data, name)
    if not workbooks.is_workbook(data):
        text, encoding = delimited.decode(data)
        sign = delimited.delimiter_of(text)
        body = text.split("\n", 1)[1] if text.startswith("sep=") and "\n" in text else text
        first = 2 if body is not text else 1
        rows: list[tuple[int, tuple[Cell, ...]]] = [
            (number, tuple(cells)) for number, cells in enumerate(delimited.records(body, sign), first)
        ]
        return [Grid("", rows)], encoding
    grids = workbooks.read_grids(data, name, sheet)
    if not grids:
        names = "、".join(workbooks.sheet_names(data, name))
        raise refuse("unknown_sheet", NO_SUCH_SHEET, status=Malformed, sheet=sheet or "", sheets=names)
    return grids, ""


# --- cells --------------------------------------------------------------------------------------------------------------------


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days as 2026-11-23, nothing as an empty string.

    A number too long to be exact stays in scientific notation, so that nobody takes it for a code.
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(float(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def _number_text(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def letter_of(place: int) -> str:
    """The letters by which a spreadsheet names a column; 0 is A."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- header and records -------------------------------------------------------------------------------------------------------


def _understand(grid: Grid, score: Score) -> Sheet:
    filled = [(number, cells) for number, cells in grid.rows if any(text_of(cell) for cell in cells)]
    place, labels, known, height = _header(filled, grid, score)
    if not labels:
        return Sheet(grid.name, (), 0, [])
    own = [tuple(text_of(cell) for cell in cells) for _number, cells in filled[place : place + height]]
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for number, cells in filled[place + height :]:
        why = _no_record(cells, own, len(labels))
        if why:
            skipped.append(Skipped(number, why, tuple(text_of(cell) for cell in cells)))
        else:
            rows.append(Row(number, cells, any(isinstance(cell, str) and delimited.DAMAGED in cell for cell in cells)))
    last = filled[place + height - 1][0]
    return Sheet(grid.name, labels, last, rows, skipped, known, (), "", grid.epoch_1904)


def _header(filled: list[tuple[int, tuple[Cell, ...]]], grid: Grid, score: Score) -> tuple[int, tuple[str, ...], int, int]:
    """Where the header stands: (place, labels, how many labels are known, one row or two)."""
    best: tuple[int, tuple[str, ...], int, int] = (0, (), 0, 1)
    for place in range(min(len(filled), HEADER_WITHIN)):
        one = _labels(filled[place][1])
        known = score(one)
        if known > best[2]:
            best = (place, one, known, 1)
        if place + 1 < len(filled) and filled[place + 1][0] == filled[place][0] + 1:
            two = _joined(filled[place], filled[place + 1], grid)
            spans = any(top == filled[place][0] and bottom == top + 1 for top, bottom, _left, _right in grid.merged)
            known = score(two)
            if known > best[2] or (spans and known and known >= best[2] and best[0] >= place):
                best = (place, two, known, 2)
    return best if best[2] else _guess(filled)


def _guess(filled: list[tuple[int, tuple[Cell, ...]]]) -> tuple[int, tuple[str, ...], int, int]:
    """Without known labels: the first row that is as wide as most, and all words."""
    widths = sorted(sum(bool(text_of(cell)) for cell in cells) for _number, cells in filled[:200])
    usual = widths[len(widths) // 2] if widths else 0
    for place, (_number, cells) in enumerate(filled[:HEADER_WITHIN]):
        labels = _labels(cells)
        wide = sum(map(bool, labels))
        if wide >= max(1, usual * 0.6) and not any(re.fullmatch(r"[\d.,:/\-]+", label) for label in labels if label):
            return place, labels, 0, 1
    return (0, _labels(filled[0][1]), 0, 1) if filled else (0, (), 0, 1)


def _labels(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", " ", text_of(cell)) for cell in cells)


def _joined(first: tuple[int, tuple[Cell, ...]], second: tuple[int, tuple[Cell, ...]], grid: Grid) -> tuple[str, ...]:
    """Two rows read as one header: a label over several columns is repeated before each of theirs."""
    width = max(len(first[1]), len(second[1]))
    tops = [*_labels(first[1]), *[""] * (width - len(first[1]))]
    lows = [*_labels(second[1]), *[""] * (width - len(second[1]))]
    for top, bottom, left, right in grid.merged:
        if top == first[0] and bottom == top and left < width:
            tops[left : right + 1] = [tops[left]] * (min(right, width - 1) - left + 1)
    for place in range(1, width):
        if not tops[place] and lows[place] and not grid.merged:
            tops[place] = tops[place - 1]
    return tuple(
        low if not top else top if not low or low == top else f"{top}{JOINT}{low}" for top, low in zip(tops, lows, strict=True)
    )


def _no_record(cells: tuple[Cell, ...], own: list[tuple[str, ...]], width: int) -> str:
    texts = [text for cell in cells if (text := text_of(cell))]
    if any([label for label in labels if label] == texts for labels in own):
        return "header_again"
    first = re.sub(r"\s+", "", unicodedata.normalize("NFKC", texts[0]))
    few = len(texts) <= max(1, width // 2)
    numbers = all(re.fullmatch(r"[\d.,\-%户家条个元 ]+", text) for text in texts[1:])
    if first.rstrip(":：").casefold() in TOTALS and (few or numbers):
        return "total"
    return "footnote" if few and FOOTNOTE.match(first.replace(":", "：")) else ""
