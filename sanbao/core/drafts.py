"""Editable drafts: the filled parts of a paper as a Word file (DOCX), for a desk that still works in Word.

A draft has no number, no seal and no check code; the paper itself is only what `documents.issue` makes. Fonts, sizes and margins
stand in `documents/draft.docx`, an ordinary Word file: an office that puts its own `draft.docx` into the folder of its data
(`SANBAO_HOME`) changes them without touching a line here.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from docxtpl import DocxTemplate

from sanbao.core import clock
from sanbao.law.chinese_dates import in_characters

SHIPPED = Path(__file__).parent / "documents" / "draft.docx"
UNNUMBERED = "（文号在发出时编定）"
STYLES = {"addressee": "Addressee", "section": "Heading 1", "para": "Normal"}
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDTH, LABEL = 5_616_000, 1_440_000  # of the text and of a column of labels, in Word's unit (914 400 an inch)

Part = Mapping[str, Any]


def template_path() -> Path:
    """The Word file that drafts are written into: the office's own, else the shipped one."""
    own = Path(settings.HOME) / "draft.docx"
    return own if own.exists() else SHIPPED


def make_draft(title: str, parts: Sequence[Part], *, agency: str, at: datetime) -> bytes:
    """A DOCX with head, title and the parts in their order (see `sanbao.law.wording`); the same input gives the same bytes.

    Raises `ValueError` for a part of an unknown kind.
    """
    file = DocxTemplate(str(template_path()))
    file.render({"agency": agency, "title": title, "number": UNNUMBERED}, autoescape=True)
    writer = _Writer(file.docx, agency, in_characters(clock.local_day(at)))
    for part in parts:
        writer.write(part)
    out = io.BytesIO()
    file.save(out)
    return _settled(out.getvalue())


class _Writer:
    """Sets one part after the other at the end of a Word document."""

    def __init__(self, document: Any, agency: str, date: str) -> None:
        self.document, self.agency, self.date = document, agency, date

    def write(self, part: Part) -> None:
        kind = part["kind"]
        if kind in STYLES:
            words = f"{part['text']}：" if kind == "addressee" else part["text"]
            self.document.add_paragraph(words, style=STYLES[kind])
        elif kind == "party":
            self.lines([f"{label}：{words}" for label, words in part["rows"] if words], "Party")
        elif kind == "items":
            self.lines([f"{number}. {words}" for number, words in enumerate(part["items"], 1)], "Normal")
        elif kind == "rows":
            self.table([[label, "\n".join(filter(None, cells))] for label, *cells in part["rows"]])
        elif kind == "table":
            self.table([part["head"], *part["rows"]], headed=True)
        elif kind == "closing":
            self.document.add_paragraph(part["text"], style="Normal")
            self.seal()
        elif kind == "seal":
            self.seal()
        elif kind == "contact":
            self.lines(list(filter(None, part["lines"])), "Contact")
        elif kind == "sign":
            self.lines([f"{label}：____________________" for label in part["labels"]], "Signature")
        else:
            raise ValueError(f"A part of the kind {kind!r} is not known.")

    def lines(self, lines: Sequence[str], style: str) -> None:
        for words in lines:
            self.document.add_paragraph(words, style=style)

    def seal(self) -> None:
        self.lines([self.agency, self.date, "（印章）"], "Seal")

    def table(self, rows: Sequence[Sequence[str]], *, headed: bool = False) -> None:
        columns = len(rows[0])
        table = self.document.add_table(rows=0, cols=columns, style="Table Grid")
        for number, row in enumerate(rows):
            for place, cell in enumerate(table.add_row().cells):
                cell.text = row[place] if place < len(row) else ""
                if not headed:
                    cell.width = LABEL if place == 0 else WIDTH - LABEL
                label = number == 0 if headed else place == 0
                for paragraph in cell.paragraphs:
                    paragraph.style = self.document.styles["Cell Label" if label else "Cell"]
        self.document.add_paragraph("", style="Contact")


def _settled(docx: bytes) -> bytes:
    """The same package with its entries in order and without the clock of the machine that zipped it."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(docx)) as made, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            kept.writestr(ZipInfo(name), made.read(name), ZIP_DEFLATED)
    return out.getvalue()
