"""Tables out: CSV that spreadsheet programs open as Chinese, and XLSX, both safe against cells that pretend to be formulas."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from sanbao.core.clock import ZONE

FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def guarded(value: Any) -> str:
    """A value as CSV text; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    text = _plain(value)
    if isinstance(text, str) and text.startswith(FORMULA) and not NUMBER.fullmatch(text):
        return "'" + text
    return str(text)


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, the first beginning with the byte order mark."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([guarded(label) for label in header])
    for row in rows:
        yield writer.writerow([guarded(value) for value in row])


def write_xlsx(target: IO[bytes], header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook of one sheet row by row, in constant memory; text is never a formula or a link."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        for place, label in enumerate(header):
            sheet.set_column(place, place, min(40, max(10, 2 * len(str(label)))))
            sheet.write_string(0, place, str(label), bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _write_cell(sheet, number, place, _plain(value), moment)


def export_response(
    request: HttpRequest, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]], fmt: str
) -> HttpResponseBase:
    """The rows as a download, `fmt` being csv or xlsx (anything else counts as csv); `name` without ending."""
    fmt = fmt if fmt in FORMATS else "csv"
    if fmt == "csv":
        response: HttpResponseBase = StreamingHttpResponse(csv_lines(header, rows), content_type=FORMATS[fmt])
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the response)
        write_xlsx(file, header, rows)
        file.seek(0)
        response = FileResponse(file, content_type=FORMATS[fmt])
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{fmt}")
    return response


def _plain(value: Any) -> str | int | float | date | datetime:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(ZONE).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | float | date) and not isinstance(value, bool) else str(value)


def _write_cell(sheet: Any, row: int, place: int, value: Any, moment: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, place, value[:32_767])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value)
    elif abs(value) >= 1e15:
        sheet.write_string(row, place, str(value))
    else:
        sheet.write_number(row, place, value)


class _Echo:
    """A target that hands each written line back."""

    def write(self, line: str) -> str:
        return line
