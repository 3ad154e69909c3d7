"""The archive bundle of a case: everything in its file as one ZIP that proves itself without this system. Reads only.

In it: cover and catalogue with page numbers, the papers as they were issued, the photos of the evidence as they were taken, the case's
lines of the journal with their links of the hash chain, `manifest.json` with the SHA-256 of every file, and `verify.py`.
The same state gives the same bytes: no clock is read, nothing is compressed, names and times of the entries are fixed.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sanbao.core import clock, documents, files, journal, ledger
from sanbao.core.models import Entry, IssuedDocument, Seal
from sanbao.law import forms
from sanbao.law.chinese_dates import in_figures
from sanbao.penalties import papers
from sanbao.penalties.models import Case

VERIFIER = Path(__file__).parent / "verify_bundle.py"
FOOT = "随案卷归档包生成，页码为卷内文书的连续页码"
EXPORTED = "bundle.exported"
EPOCH = (1980, 1, 1, 0, 0, 0)
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}
READ_ME = """本归档包可以脱离本系统核验：解压后运行 python3 verify.py，或者 python3 verify.py 归档包.zip。
只需要 Python 3，不需要网络。逐一核对：文件与清单、日志与封存的哈希链、文书与发出时的记录。

This bundle can be verified without the system that made it: unpack it and run python3 verify.py, or python3 verify.py BUNDLE.zip.
Python 3 is enough; no network is needed. Checked are: files against the manifest, the journal against its sealed hash chain, papers
against what was noted when they were issued.
"""


@dataclass
class Bundle:
    """The bytes of the ZIP with its own hash and that of its manifest, and the number of pages and files."""

    data: bytes
    manifest_sha256: str
    pages: int
    count: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class _Content:
    files: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, data: bytes, **told: Any) -> None:
        self.files[name] = data
        self.rows[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), **told}


def make_bundle(case: Case) -> Bundle:
    """The archive bundle of a case as it stands. Raises `DocumentChanged` if a stored paper no longer has its sealed hash."""
    issued = papers_of(case)
    lines = list(journal_of(case, [document for _form, document in issued]))
    noted = {line["entry"]["subject"]: line["entry"]["id"] for line in lines if line["entry"]["action"] == "document.issued"}
    content = _Content()
    catalogue, pages = [], 0
    for number, (form, document) in enumerate(issued, 1):
        first, pages = pages + 1, pages + document.pages
        place = str(first) if pages == first else f"{first}—{pages}"
        day = in_figures(clock.local_day(document.issued_at))
        catalogue.append([str(number), document.title, document.number, day, place])
        told = {"title": document.title, "number": document.number, "form": form, "pages": place}
        entry = noted.get(journal.subject_of(document))
        told |= {"entry": entry} if entry else {}
        content.add(f"papers/{number:03d}_{form or document.kind}.pdf", documents.pdf_bytes(document), **told)
    photos = _add_photos(content, case, catalogue)
    for name, form, facts in (
        ("00_cover.pdf", "D-37", cover_facts(case, pages, photos)),
        ("01_catalogue.pdf", "D-37L", {"contents": catalogue, "pages": str(pages)}),
    ):
        content.add(name, _sheet(case, form, facts), title=forms.form(form).title)
    content.add("journal.jsonl", b"".join(ledger.canonical(line) + b"\n" for line in lines))
    content.add("verify.py", VERIFIER.read_bytes())
    content.add("README.txt", READ_ME.encode())
    return _packed(case, content, pages, lines)


def papers_of(case: Case) -> list[tuple[str, IssuedDocument]]:
    """The papers of the file with their forms, in the order of issue: those of the case and those that are its evidence."""
    found = {row.document_id: (row.form, row.document) for row in case.papers.select_related("document")}
    for row in case.evidence.select_related("document").filter(document__isnull=False):
        found.setdefault(row.document_id, ("", row.document))
    return sorted(found.values(), key=lambda pair: (pair[1].issued_at, str(pair[1].pk)))


def journal_of(case: Case, issued: list[IssuedDocument]) -> Iterator[dict[str, Any]]:
    """The entries about the case, its papers and the order behind it, each with its link, the hash before it and its own.

    An entry that the worker has not sealed yet has no link. What was written about taking bundles is left out: it would change them.
    """
    about = [journal.subject_of(row) for row in (case, case.order, *issued) if row is not None]
    entries = list(Entry.objects.filter(district_id=case.district_id, subject__in=about).exclude(action=EXPORTED).order_by("id"))
    seals = {row.entry_id: row for row in Seal.objects.filter(district_id=case.district_id, entry__in=entries)}
    before = {row.number - 1 for row in seals.values()}
    hashes = dict(Seal.objects.filter(district_id=case.district_id, number__in=before).values_list("number", "hash"))
    order = sorted(entries, key=lambda entry: (seals[entry.pk].number if entry.pk in seals else 10**18, entry.pk))
    for entry in order:
        seal = seals.get(entry.pk)
        row = json.loads(ledger.canonical({column: getattr(entry, column) for column in ledger.COLUMNS}))
        yield {
            "link": seal.number if seal else None,
            "previous": hashes.get(seal.number - 1, ledger.GENESIS) if seal else None,
            "hash": seal.hash if seal else None,
            "entry": row,
        }


def cover_facts(case: Case, pages: int, photos: int) -> dict[str, Any]:
    """What the cover says: when filed, closed and archived, the outcome, pages and photos."""
    archived = case.steps.filter(to_state=Case.State.ARCHIVED).last()
    return {
        "filed": _day(case.filed_at) or "未立案",
        "closed": _day(case.closed_at) or "未结案",
        "outcome": "；".join(papers.sanction_words(case)) or "未予行政处罚",
        "archived": _day(archived.at if archived else None) or "尚未归档",
        "pages": f"文书{pages}页，证据照片{photos}张",
        "retention": "按档案保管期限表执行",
    }


def _day(at: datetime | None) -> str:
    return in_figures(clock.local_day(at)) if at else ""


def _add_photos(content: _Content, case: Case, catalogue: list[list[str]]) -> int:
    rows = list(case.evidence.select_related("photo").filter(photo__isnull=False))
    for number, row in enumerate(rows, 1):
        name = f"evidence/{number:03d}_{row.photo.sha256[:12]}{SUFFIXES.get(row.photo.mime, '.bin')}"
        with files.open_original(row.photo) as file:
            content.add(name, file.read(), title=row.title, obtained=row.obtained_at.astimezone(clock.ZONE).isoformat())
        catalogue.append([str(len(catalogue) + 1), f"证据照片：{row.title}", f"原件 {number:03d}", _day(row.obtained_at), "照片"])
    return len(rows)


def _sheet(case: Case, form: str, facts: Mapping[str, Any]) -> bytes:
    last = case.steps.last()
    at = last.at if last else case.proposed_at
    told = papers.dressed(case, form, facts, at)
    row = forms.form(form)
    return documents.sheet("case_paper", told, kind=row.kind, title=row.title, foot=FOOT, department=case.department, at=at)


def _packed(case: Case, content: _Content, pages: int, lines: list[dict[str, Any]]) -> Bundle:
    sealed = [line for line in lines if line["link"] is not None]
    manifest = {
        "format": "sanbao-case-bundle/1",
        "case": case.number,
        "party": case.merchant.name,
        "agency": case.department.name,
        "district": case.district_id,
        "state": str(case.state),
        "pages": pages,
        "journal": {"entries": len(lines), "sealed": len(sealed), "last_link": sealed[-1]["hash"] if sealed else None},
        "files": content.rows,
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as made:
        for name, data in [*sorted(content.files.items()), ("manifest.json", text)]:
            entry = ZipInfo(name, EPOCH)
            entry.external_attr = (0o755 if name == "verify.py" else 0o644) << 16
            made.writestr(entry, data, ZIP_STORED)
    return Bundle(out.getvalue(), hashlib.sha256(text).hexdigest(), pages, len(content.files) + 1)
