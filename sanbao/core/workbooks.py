"""Workbooks opened safely: what kind of file it is, whether it can be read, and its sheets as grids with the numbers of their rows.

Formulas give the values that the office's program last stored. Cells merged downwards give their value to every row they cover.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO, TypeVar

import python_calamine as calamine

from sanbao.core.errors import Malformed, refuse
from sanbao.law.workflow import gettext_noop as _

T = TypeVar("T")
Cell = str | int | float | bool | date | datetime | time | timedelta
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
MAX_UNPACKED, MAX_CELLS = 1_500_000_000, 20_000_000
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>\s*<(?:v|is|f)[ >]')
MODE_1904 = re.compile(rb'date1904="(?:1|true)"')
XLS_MODE_1904 = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"

PICTURE = _("%(name)s is a picture. Send the list itself as XLSX, XLS, ODS or CSV.")
PAPER = _("%(name)s is a PDF. Send the list itself as XLSX, XLS, ODS or CSV.")
DOCUMENT = _("%(name)s is not a workbook but another kind of document. Send the list as XLSX, XLS, ODS or CSV.")
WEB_PAGE = _("%(name)s is a web page under a workbook's name. Open it in the spreadsheet program, save it as XLSX and send that.")
TRUNCATED = _("%(name)s is cut off or damaged: it cannot be unpacked. Send it again.")
ENCRYPTED = _("%(name)s is protected by a password. Save it without one and send it again.")
UNREADABLE = _(
    "%(name)s cannot be read as a workbook (%(why)s). Open it in the spreadsheet program, save it as XLSX and send that."
)
TOO_WIDE = _(
    "A sheet of %(name)s reaches over %(columns)s columns and %(rows)s rows. Delete the empty columns and rows and send it again."
)
TOO_LARGE = _("%(name)s unpacks to more than can be read. Split it and send the parts.")


@dataclass(frozen=True)
class Grid:
    """A sheet as it lies: (row number, cells) from the first row, and merged ranges as (top, bottom, left, right); rows count from 1."""

    name: str
    rows: list[tuple[int, tuple[Cell, ...]]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    epoch_1904: bool = False


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a workbook's container."""
    return data.startswith((OLE, ZIP))


def refuse_strangers(data: bytes, name: str) -> None:
    """Raise `Malformed` for files that are no tables at all: pictures, PDF, web pages, text documents, broken archives."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(PICTURES) and b"\0" in data[:200]:
        raise refuse("picture", PICTURE, status=Malformed, name=name)
    if data.startswith(b"%PDF"):
        raise refuse("pdf", PAPER, status=Malformed, name=name)
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")) or b"urn:schemas-microsoft-com:office" in head:
        raise refuse("web_page", WEB_PAGE, status=Malformed, name=name)
    if data.startswith(ZIP):
        _refuse_strange_archive(data, name)
    elif data.startswith(b"PK"):
        raise refuse("truncated", TRUNCATED, status=Malformed, name=name)
    elif data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise refuse("encrypted", ENCRYPTED, status=Malformed, name=name)


def _refuse_strange_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
            locked = any(info.flag_bits & 1 for info in archive.infolist())
            if "META-INF/manifest.xml" in names:
                locked = locked or b"encryption-data" in archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise refuse("truncated", TRUNCATED, status=Malformed, name=name) from error
    if locked:
        raise refuse("encrypted", ENCRYPTED, status=Malformed, name=name)
    if unpacked > MAX_UNPACKED:
        raise refuse("too_large", TOO_LARGE, status=Malformed, name=name)
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise refuse("not_a_workbook", DOCUMENT, status=Malformed, name=name)
    if "xl/workbook.xml" in names:
        _refuse_wide(data, name)


def _refuse_wide(data: bytes, name: str) -> None:
    """A sheet is held as a rectangle; a stray mark in a far corner would claim all memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/sheet"):
                try:
                    columns, rows = _extent(archive.open(part))
                except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
                    raise refuse("truncated", TRUNCATED, status=Malformed, name=name) from error
                if columns * rows > MAX_CELLS:
                    raise refuse("too_wide", TOO_WIDE, status=Malformed, name=name, columns=columns, rows=rows)


def _extent(stream: IO[bytes]) -> tuple[int, int]:
    columns = rows = 0
    rest = b""
    while piece := stream.read(4_000_000):
        text = rest + piece
        for letters, number in CELL.findall(text):
            place = 0
            for letter in letters:
                place = place * 26 + letter - 64
            columns, rows = max(columns, place), max(rows, int(number))
        rest = text[-300:]
    return columns, rows


def sheet_names(data: bytes, name: str) -> list[str]:
    """The names of all sheets, hidden ones too."""
    return _open(data, name).sheet_names


def read_grids(data: bytes, name: str, sheet: str | None = None) -> list[Grid]:
    """Every visible worksheet in order, or only the named one (hidden or not); empty if there is none of that name."""
    book = _open(data, name)
    wanted = [
        meta.name
        for meta in book.sheets_metadata
        if (meta.name == sheet if sheet else meta.visible == calamine.SheetVisibleEnum.Visible)
        and meta.typ in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.DialogSheet)
    ]
    return [_guarded(partial(_grid, book, one, _is_1904(data)), name) for one in wanted]


def _open(data: bytes, name: str) -> calamine.CalamineWorkbook:
    return _guarded(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), name)


def _guarded(read: Callable[[], T], name: str) -> T:
    """The reader is a compiled library: whatever it raises about a file, its panics too, is the file's fault."""
    try:
        return read()
    except calamine.PasswordError as error:
        raise refuse("encrypted", ENCRYPTED, status=Malformed, name=name) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        why = re.sub(r"\s+", " ", str(error))[:120] or type(error).__name__
        raise refuse("unreadable", UNREADABLE, status=Malformed, name=name, why=why) from error


def _is_1904(data: bytes) -> bool:
    if data.startswith(OLE):
        return XLS_MODE_1904 in data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "xl/workbook.xml" in archive.namelist() and bool(MODE_1904.search(archive.read("xl/workbook.xml")))


def _grid(book: calamine.CalamineWorkbook, sheet: str, epoch_1904: bool) -> Grid:
    source = book.get_sheet_by_name(sheet)
    rows = [(number, _trimmed(cells)) for number, cells in enumerate(source.to_python(skip_empty_area=False), 1)]
    merged = [(top + 1, bottom + 1, left, right) for (top, left), (bottom, right) in source.merged_cell_ranges or []]
    return Grid(sheet, _filled(rows, merged), merged, epoch_1904)


def _trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    return tuple(cells[:end])


def _filled(
    rows: list[tuple[int, tuple[Cell, ...]]], merged: list[tuple[int, int, int, int]]
) -> list[tuple[int, tuple[Cell, ...]]]:
    """Give the value of a cell merged downwards to every row it covers that holds anything of its own."""
    changed: dict[int, list[Cell]] = {}
    for top, bottom, left, _right in merged:
        if bottom == top or top > len(rows) or left >= len(rows[top - 1][1]):
            continue
        value = rows[top - 1][1][left]
        for number in range(top + 1, min(bottom, len(rows)) + 1):
            cells = changed.get(number) or list(rows[number - 1][1])
            if cells:
                cells += [""] * (left + 1 - len(cells))
                cells[left] = value
                changed[number] = cells
    return [(number, tuple(changed.get(number, cells))) for number, cells in rows]
