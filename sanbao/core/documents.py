"""Issuing papers: number, render once, seal by hash, keep. Which papers a room has, and their words, are the room's own.

A template is a Typst file `sanbao/<room>/documents/<template>.typ`; template names are unique in the house. The PDF is made
exactly once, when the paper is issued; whoever wants it again is given the same bytes.
"""

import hashlib
import io
import json
import re
import secrets
import threading
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from sanbao.core import bulk, clock, files, glyphs, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Department, IssuedDocument, User
from sanbao.core.serials import next_serials
from sanbao.law.chinese_dates import in_characters
from sanbao.law.workflow import gettext_noop

HOUSE = Path(settings.BASE_DIR) / "sanbao"
# What the issue of a paper puts around the facts of its room.
FRAME = (
    *("kind", "title", "number", "agency", "agency_address", "agency_phone", "date"),
    *("check_code", "check_url", "qr", "outward", "preview"),
)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NO_GLYPH = gettext_noop(
    "The document fonts cannot write “%(characters)s”. Put a font that has these characters into %(folder)s; "
    "a name must never be printed with a gap."
)
RENDERERS = 2
_mine = threading.local()


class DocumentChanged(RuntimeError):
    """The stored bytes of an issued document no longer have the hash they were sealed with."""


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """The numbered kinds of paper with word, title and whether they go out, from `document_kinds.toml`."""
    with (Path(__file__).parent / "document_kinds.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True)
class Draft:
    """A paper to be issued about `subject`: its facts as plain JSON, already formatted, and who issues it when."""

    subject: Model
    facts: Mapping[str, Any]
    title: str
    department: Department
    by: User | None
    at: datetime


def issue(
    kind: str,
    subject_obj: Model,
    template: str,
    facts: Mapping[str, Any],
    *,
    title: str,
    department: Department,
    by: User | None,
    at: datetime,
) -> IssuedDocument:
    """Issue a paper about `subject_obj`: give it the next number, render it, store the PDF by hash and keep the facts.

    `facts` is plain JSON, already formatted. Stands in the caller's transaction: if that fails, the number was never given.
    Raises `KeyError` for an unknown kind, `Malformed` for a character no font can write.
    """
    return issue_many(kind, template, [Draft(subject_obj, facts, title, department, by, at)])[0]


@transaction.atomic
def issue_many(kind: str, template: str, drafts: list[Draft]) -> list[IssuedDocument]:
    """Issue many papers of one kind, numbered in their order; all of them or none. They are rendered beside each other.

    Raises what `issue` raises.
    """
    for draft in drafts:
        insist_on_glyphs(draft.facts, draft.title, draft.department.name)
    rows = [_numbered(kind, draft, serial) for draft, serial in zip(drafts, _serials(kind, drafts), strict=True)]
    if len(rows) == 1:
        _print(template, rows[0])
    else:
        # The district at work goes along into the threads.
        waiting = [_renderers().submit(copy_context().run, _print, template, row) for row in rows]
        for each in waiting:
            each.result()
    bulk.insert(rows)
    journal.record_each(
        ("document.issued", row, row.by, row.issued_at, {"kind": kind, "number": row.number, "sha256": row.sha256})
        for row in rows
    )
    return rows


def _serials(kind: str, drafts: list[Draft]) -> list[int]:
    """The next number of its year for each paper."""
    years = [clock.local_day(draft.at).year for draft in drafts]
    given = {year: iter(next_serials(kind, year, years.count(year))) for year in dict.fromkeys(years)}
    return [next(given[year]) for year in years]


def _numbered(kind: str, draft: Draft, serial: int) -> IssuedDocument:
    year, code = clock.local_day(draft.at).year, make_check_code()
    number = f"{draft.department.document_prefix}{kinds()[kind]['word']}〔{year}〕{serial:04d}号"
    return IssuedDocument(
        kind=kind,
        year=year,
        serial=serial,
        number=number,
        title=draft.title,
        subject=journal.subject_of(draft.subject),
        facts={**draft.facts, **_frame(kind, draft.title, number, draft.department, code, draft.at)},
        check_code=code,
        issued_at=draft.at,
        by=draft.by,
    )


def _print(template: str, row: IssuedDocument) -> None:
    """Render and store one paper. Touches no database, so that threads may do it."""
    pdf = _render(template, row.facts, row.issued_at)
    row.file, row.sha256 = files.save_bytes(pdf, "documents", ".pdf"), hashlib.sha256(pdf).hexdigest()
    row.pages = count_pages(pdf)


@lru_cache(maxsize=1)
def _renderers() -> ThreadPoolExecutor:
    """Threads that stay, each with its own compilers; begun by the first batch of papers."""
    return ThreadPoolExecutor(RENDERERS, thread_name_prefix="paper")


def preview(
    template: str, facts: Mapping[str, Any], *, kind: str = "", title: str = "", department: Department | None = None
) -> bytes:
    """The PDF as it would look, marked as a preview, without number or check code; nothing is written."""
    insist_on_glyphs(facts, title, department.name if department else "")
    frame: dict[str, Any] = {"preview": True, "number": "", "check_code": "", "qr": "", "title": title, "date": ""}
    frame["agency"] = department.name if department else ""
    frame["outward"] = bool(kinds().get(kind, {}).get("outward", True))
    return _render(template, {**frame, **facts}, None)


def sheet(
    template: str, facts: Mapping[str, Any], *, kind: str, title: str, foot: str, department: Department, at: datetime
) -> bytes:
    """A PDF that only accompanies other papers: no number, no seal, `foot` instead of a check code; the same facts, the same bytes."""
    insist_on_glyphs(facts, title, foot, department.name)
    frame = {"preview": False, "number": "", "check_code": "", "qr": "", "title": title, "foot": foot}
    frame |= {"agency": department.name, "date": in_characters(clock.local_day(at)), "outward": False, "kind": kind}
    return _render(template, {**facts, **frame}, at)


def pdf_bytes(document: IssuedDocument) -> bytes:
    """The bytes that were issued, read from the store; raises `DocumentChanged` if they are not the sealed ones."""
    found = files.read_bytes(document.file)
    if hashlib.sha256(found).hexdigest() != document.sha256:
        raise DocumentChanged(f"{document.number}: the stored file does not have the sealed hash {document.sha256}.")
    return found


def documents_of(subject_obj: Model) -> Any:
    """The papers issued about one row, oldest first (1 query)."""
    return IssuedDocument.objects.filter(subject=journal.subject_of(subject_obj)).order_by("issued_at", "id")


def next_serial(kind: str, year: int) -> int:
    """The next number of a kind and year of the district at work; taken back if the caller's transaction fails."""
    return next_serials(kind, year, 1)[0]


def make_check_code() -> str:
    """A code that cannot be guessed (60 bits), in letters and digits that are not mistaken for each other."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def check_url(code: str) -> str:
    """Where anybody may check a paper; without a public address only the path is known."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/check/{code}/"


def insist_on_glyphs(*texts: Any) -> None:
    """Refuse (`Malformed`) unless the document fonts have a glyph for every character of every string given."""
    lost = glyphs.missing("".join(_strings(texts)))
    if lost:
        raise refuse("no_glyph", NO_GLYPH, status=Malformed, characters="".join(lost), folder=str(Path(settings.HOME) / "fonts"))


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF made here has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf)) or 1


def _frame(kind: str, title: str, number: str, department: Department, code: str, at: datetime) -> dict[str, Any]:
    """What every paper carries besides the facts of its room."""
    return {
        "kind": kind,
        "title": title,
        "number": number,
        "agency": department.name,
        "agency_address": department.address,
        "agency_phone": department.phone,
        "date": in_characters(clock.local_day(at)),
        "check_code": code,
        "check_url": check_url(code) if settings.PUBLIC_URL else "",
        "qr": qr_code(check_url(code) if settings.PUBLIC_URL else code),
        "outward": bool(kinds()[kind]["outward"]),
        "preview": False,
    }


def qr_code(text: str) -> str:
    """A QR code as SVG text, for the facts of a paper."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def _render(template: str, facts: Mapping[str, Any], at: datetime | None) -> bytes:
    """One PDF/A-2 with embedded fonts. A compiler serves one template and one thread; it works without the interpreter's lock."""
    made = _compiler(_template_path(template)).compile(
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        pdf_standards="a-2u",
        timestamp=int(at.timestamp()) if at else 0,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{template}: Typst gave no single PDF.")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(f) for f in glyphs.folders()])


def _compiler(path: Path) -> typst.Compiler:
    kept: dict[Path, typst.Compiler] = _mine.__dict__.setdefault("compilers", {})
    if path not in kept:
        kept[path] = typst.Compiler(input=str(path), root=str(HOUSE), font_paths=_fonts(), ignore_system_fonts=True)
    return kept[path]


@lru_cache(maxsize=64)
def _template_path(template: str) -> Path:
    found = sorted(HOUSE.glob(f"*/documents/{template}.typ"))
    if len(found) != 1:
        raise LookupError(f"{len(found)} document templates are called {template!r}; exactly one must be.")
    return found[0]
