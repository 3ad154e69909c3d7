"""Importing a register: receive the file, plan, show, and only then apply; each of them may be interrupted and begun again.

The plan is kept with the run: the file by its hash, the preview by its hash, the faults as rows. `by=None` is the machine's own command
line, where nobody is logged in; every door passes the person.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from sanbao.core import access, clock, files, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.core.tables import Sheet, read_rows
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry import headers, importer
from sanbao.registry.importer import Known, Plan
from sanbao.registry.models import ImportFault, ImportRun, Register, RegisterRecord
from sanbao.registry.placing import Placer
from sanbao.registry.writing import write_chunk

CHUNK = 500
Progress = Callable[[int, int], None]
OPEN_STATES = (ImportRun.State.RECEIVED, ImportRun.State.PLANNED)

OTHER_KIND = _("The register “%(source)s” is already known here as another kind (%(kind)s).")
NO_SOURCE = _("Say in a few words whose list this is, for example the authority that keeps it.")
SUPERSEDED = _("The register “%(source)s” has been changed since this preview was made. Make the preview again.")
NOT_PLANNED = _("This import cannot be applied: it stands at “%(state)s”.")
ALREADY_BEGUN = _("This import cannot be dropped any more: it stands at “%(state)s”.")


@dataclass(frozen=True)
class ImportPlan:
    """A planned import: its row in the database, the figures, and the whole plan."""

    run: ImportRun
    counts: dict[str, int]
    plan: Plan
    sheet: Sheet
    columns: dict[str, str]


@transaction.atomic
def plan_import(
    data: bytes,
    file_name: str,
    *,
    source: str,
    kind: str,
    mapping: Mapping[str, str] | None = None,
    sheet: str = "",
    coordinates: str = "",
    by: User | None,
    at: datetime,
) -> ImportPlan:
    """Receive a file and plan its import in one step; nothing of the register changes. Raises `Malformed` for an unusable file."""
    run = receive_import(data, file_name, source=source, kind=kind, by=by, at=at)
    return plan_run(run, mapping=mapping, sheet=sheet, coordinates=coordinates, by=by, at=at)


@transaction.atomic
def receive_import(data: bytes, file_name: str, *, source: str, kind: str, by: User | None, at: datetime) -> ImportRun:
    """Keep a file for the register `source` of a kind (`market`, `census`, `address`, `platform`), not yet understood."""
    _require(by, at)
    source = " ".join(source.split())[:80]
    if not source:
        raise refuse("source_missing", NO_SOURCE, status=Malformed)
    name = PurePath(file_name.replace("\\", "/")).name[:200] or "file"
    register, _made = Register.objects.get_or_create(source=source, defaults={"kind": Register.Kind(kind)})
    if register.kind != kind:
        raise refuse("other_kind", OTHER_KIND, status=Malformed, source=source, kind=str(register.get_kind_display()))
    suffix = PurePath(name).suffix.lower()[:8]
    return ImportRun.objects.create(
        register=register,
        file_name=name,
        file=files.save_bytes(data, "registers", suffix if suffix.isascii() else ""),
        sha256=hashlib.sha256(data).hexdigest(),
        state=ImportRun.State.RECEIVED,
        planned_at=at,
        by=by,
    )


@transaction.atomic
def plan_run(
    run: ImportRun,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str = "",
    coordinates: str = "",
    by: User | None,
    at: datetime,
) -> ImportPlan:
    """Plan a received file, or plan it again under another mapping; `mapping` is label or column letter → field.

    Raises `Malformed` when the file, the mapping or the sheet cannot be used, with the columns or sheets that there are.
    """
    _require(by, at)
    if run.state not in OPEN_STATES:
        raise refuse("not_planned", NOT_PLANNED, state=run.get_state_display())
    run.mapping = {"columns": dict(mapping or {}), "sheet": sheet, "coordinates": headers.insist_system(coordinates)}
    table, columns, plan = _plan(run)
    labels = {table.header[place]: name for place, name in sorted(columns.fields.items())}
    run.counts = plan.counts() | {"skipped": len(table.skipped), "notes": len(plan.reading.notes)}
    run.plan = files.save_bytes(_packed(plan, table, labels, columns.coordinates), "plans", ".json.gz")
    run.based_on, run.state, run.planned_at = last_applied(run.register), ImportRun.State.PLANNED, at
    run.save(update_fields=["mapping", "counts", "plan", "based_on", "state", "planned_at"])
    run.faults.all().delete()
    faults = plan.reading.faults
    rows = [ImportFault(run=run, row_number=one.number, raw=one.raw, reason=one.reason, detail=one.detail) for one in faults]
    ImportFault.objects.bulk_create(rows, batch_size=500)
    return ImportPlan(run, run.counts, plan, table, labels)


def read_plan(run: ImportRun) -> dict[str, Any]:
    """The stored preview: `new`, `changed`, `gone`, `notes`, `skipped`, `header`, `columns`, `sheets`; empty before planning."""
    return json.loads(gzip.decompress(files.read_bytes(run.plan))) if run.plan else {}


def look_at(run: ImportRun, sheet: str = "") -> Sheet:
    """The table of a received file as far as it is understood, for the mapping form."""
    mapping = run.mapping.get("columns", {})
    wanted = sheet or run.mapping.get("sheet") or None
    return read_rows(files.read_bytes(run.file), run.file_name, score=lambda labels: headers.score(labels, mapping), sheet=wanted)


def apply_import(
    run: ImportRun, *, by: User | None, at: datetime, progress: Progress | None = None, plan: Plan | None = None
) -> ImportRun:
    """Write a planned import, chunk by chunk. An applied run is left as it is; one that was interrupted is carried to its end.

    `plan` spares reading the file again when it has just been made in this process.

    Raises `Refusal` when the register has been changed by another import since the plan was made.
    """
    _require(by, at)
    run = _begin(run, at)
    if run.state == ImportRun.State.APPLIED:
        return run
    at = datetime.fromisoformat(run.progress["at"])
    plan = plan or _plan(run)[2]
    records, placer = plan.reading.records, Placer()
    for start in range(0, len(records), CHUNK):
        done = min(start + CHUNK, len(records))
        with transaction.atomic():
            lock_registers()
            write_chunk(run, records[start:done], placer, day=clock.local_day(at), by=by, at=at)
            ImportRun.objects.filter(pk=run.pk).update(progress={**run.progress, "done": done, "of": len(records)})
        if progress:
            progress(done, len(records))
    return _finish(run, plan, by=by, at=at)


@transaction.atomic
def drop_import(run: ImportRun, *, by: User | None, at: datetime) -> ImportRun:
    """Give up a plan; the file and the faults stay to be looked at."""
    _require(by, at)
    if not ImportRun.objects.filter(pk=run.pk, state__in=OPEN_STATES).update(state=ImportRun.State.DROPPED):
        run.refresh_from_db()
        raise refuse("already_begun", ALREADY_BEGUN, state=run.get_state_display())
    run.refresh_from_db()
    return run


def interrupted_run(data: bytes, *, source: str) -> ImportRun | None:
    """The run of this very file into that register whose applying was interrupted, if any."""
    digest = hashlib.sha256(data).hexdigest()
    runs = ImportRun.objects.filter(register__source=source, sha256=digest, state=ImportRun.State.APPLYING)
    return runs.select_related("register").first()


def _require(by: User | None, at: datetime) -> None:
    if by is not None:
        access.require(by, "register.import", at)


def _plan(run: ImportRun) -> tuple[Sheet, headers.Columns, Plan]:
    mapping, sheet = run.mapping.get("columns", {}), run.mapping.get("sheet") or ""
    table = look_at(run, sheet)
    columns = headers.columns_of(table.header, mapping)
    headers.insist(columns, table.header, *importer.NEEDED.get(run.register.kind, ("name", "sign_name")))
    reading = importer.read_records(table, columns, run.register.kind, run.mapping.get("coordinates", ""))
    return table, columns, importer.compare(reading, _known(run.register))


def _known(register: Register) -> dict[str, Known]:
    rows = RegisterRecord.objects.filter(register=register).values_list("key", "digest", "fields", "row_number", "gone_since")
    return {
        key: Known(digest, fields, row, gone is not None) for key, digest, fields, row, gone in rows.iterator(chunk_size=5000)
    }


def _packed(plan: Plan, table: Sheet, labels: dict[str, str], coordinates: str) -> bytes:
    content = {
        "sheet": table.name,
        "sheets": table.sheets,
        "encoding": table.encoding,
        "header": table.header,
        "columns": labels,
        "coordinates": coordinates,
        "new": [[one.number, one.fields] for one in plan.new],
        "changed": [
            [one.number, one.fields, importer.differences(old.fields, one.fields), old.gone] for one, old in plan.changed
        ],
        "gone": [[old.row_number, old.fields] for _key, old in plan.gone],
        "notes": [asdict(note) for note in plan.reading.notes],
        "skipped": [[one.number, one.why, one.cells] for one in table.skipped],
    }
    return gzip.compress(json.dumps(content, ensure_ascii=False).encode(), 3, mtime=0)


def last_applied(register: Register) -> Any:
    """The id of the import that was applied to a register last, or None (1 query)."""
    applied = ImportRun.objects.filter(register=register, state=ImportRun.State.APPLIED).order_by("-applied_at", "-id")
    return applied.values_list("pk", flat=True).first()


def lock_registers() -> None:
    """One chunk at a time in a district: two lists may speak of the same merchant. (SQLite has one writer anyway.)"""
    list(Register.objects.select_for_update().order_by("pk").values_list("pk"))


@transaction.atomic
def _begin(run: ImportRun, at: datetime) -> ImportRun:
    lock_registers()
    run = ImportRun.objects.select_related("register").get(pk=run.pk)
    if run.state == ImportRun.State.APPLIED:
        return run
    if run.state not in (ImportRun.State.PLANNED, ImportRun.State.APPLYING):
        raise refuse("not_planned", NOT_PLANNED, state=run.get_state_display())
    others = ImportRun.objects.filter(register=run.register, state=ImportRun.State.APPLYING).exclude(pk=run.pk)
    if last_applied(run.register) != run.based_on or others.exists():
        raise refuse("superseded", SUPERSEDED, source=run.register.source)
    if run.state == ImportRun.State.PLANNED:
        run.progress = {"at": at.isoformat(), "done": 0, "of": run.counts["rows"] - run.counts["faulty"]}
        run.state = ImportRun.State.APPLYING
        run.save(update_fields=["state", "progress"])
    return run


@transaction.atomic
def _finish(run: ImportRun, plan: Plan, *, by: User | None, at: datetime) -> ImportRun:
    lock_registers()
    still, day = importer.still_listed(plan.reading), clock.local_day(at)
    absent = RegisterRecord.objects.filter(register=run.register, gone_since__isnull=True).exclude(last_run=run)
    gone = [pk for pk, key, fields in absent.values_list("pk", "key", "fields") if not still(key, fields)]
    for start in range(0, len(gone), CHUNK):
        RegisterRecord.objects.filter(pk__in=gone[start : start + CHUNK]).update(gone_since=day)
    applying = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.APPLYING)
    if applying.update(state=ImportRun.State.APPLIED, applied_at=at):
        journal.record("register.imported", run, by=by, at=at, register=str(run.register_id), **run.counts)
    run = ImportRun.objects.select_related("register").get(pk=run.pk)
    return run
