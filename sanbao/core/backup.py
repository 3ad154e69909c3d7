"""Backups: a consistent copy of the database, the file store by hash, and a manifest that proves both.

A folder of backups holds `files/` (every stored file once, shared by all backups because its name is its hash) and one folder for each
backup with the database and `manifest.json`. The database is copied first: a file is always stored before the row that mentions it, so
the files copied afterwards are all that the rows need. Restoring is described in docs/deploy.md; it is copying back.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

import sanbao
from sanbao.core.models import District, Seal

MANIFEST: Final = "manifest.json"
SQLITE_FILE, POSTGRES_FILE, SECRET_FILE = "database.sqlite3", "database.dump", "secret.key"
UNFINISHED: Final = ".unfinished"
CHUNK: Final = 1 << 20
HASH_LENGTH: Final = 64


class BackupFailed(RuntimeError):
    """The backup could not be made, or does not hold what its manifest says; the message is a sentence for people."""


@dataclass
class Manifest:
    """What a backup holds: hashes and sizes, and for each district the head of its journal's chain at that moment."""

    made_at: str
    version: str
    engine: str
    database: dict[str, Any]
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    secret: bool = False
    damaged: list[str] = field(default_factory=list)


def make_backup(target: Path, *, at: datetime) -> Path:
    """Copy everything into a new folder below `target`; the answer is that folder. Others may go on working meanwhile.

    Raises `BackupFailed` when the database cannot be copied. Stored files whose bytes no longer agree with their name are copied all
    the same and named in the manifest as damaged.
    """
    name = f"sanbao-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    part, done = target / (name + UNFINISHED), target / name
    if done.exists():
        raise BackupFailed(f"{done} is there already: two backups in one second.")
    part.mkdir(parents=True)
    part.chmod(0o700)
    copy = _copy_sqlite(part) if connection.vendor == "sqlite" else _dump_postgres(part)
    manifest = Manifest(
        made_at=at.astimezone(UTC).isoformat(),
        version=sanbao.__version__,
        engine=connection.vendor,
        database={"file": copy.name, "size": copy.stat().st_size, "sha256": digest(copy)},
        heads=_heads(),
    )
    _copy_files(target / "files", manifest)
    manifest.secret = _copy_secret(part)
    (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False, sort_keys=True), "utf-8")
    _sync(part)
    part.rename(done)
    return done


def check_backup(folder: Path) -> list[str]:
    """Read a whole backup again and say in sentences what does not agree with its manifest; an empty list is a good backup."""
    manifest = read_manifest(folder)
    copy = folder / manifest.database["file"]
    if not copy.is_file() or digest(copy) != manifest.database["sha256"]:
        return [f"{copy.name} is missing or is not what was written."]
    faults = _faults_of_sqlite(copy) if manifest.engine == "sqlite" else []
    known_bad = set(manifest.damaged)
    for path in manifest.files:
        kept = folder.parent / "files" / path
        if not kept.is_file():
            faults.append(f"{path} is missing.")
        elif digest(kept) != hash_in_name(path) and path not in known_bad:
            faults.append(f"{path} is damaged in the backup.")
    return faults + [f"{path} was damaged already when the backup was made." for path in manifest.damaged]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup; raises `BackupFailed` where there is none."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise BackupFailed(f"{folder} is no backup: its {MANIFEST} cannot be read ({fault}).") from fault


def backups_in(target: Path) -> list[Path]:
    """The finished backups below a folder, oldest first."""
    return sorted(path.parent for path in target.glob(f"sanbao-*/{MANIFEST}") if not path.parent.name.endswith(UNFINISHED))


def prune(target: Path, keep: int) -> int:
    """Remove all but the newest `keep` backups and the files that none of the rest mentions; the answer is how many backups went."""
    found = backups_in(target)
    gone = found[: max(0, len(found) - keep)]
    needed = {path for folder in found[len(gone) :] for path in read_manifest(folder).files}
    for folder in gone:
        shutil.rmtree(folder)
    if gone:
        for path in stored_files(target / "files"):
            if path not in needed:
                (target / "files" / path).unlink()
    return len(gone)


def stored_files(root: Path) -> Iterator[str]:
    """Every stored file below a folder, by its path there; unfinished ones are left out."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and hash_in_name(path.name):
            yield path.relative_to(root).as_posix()


def hash_in_name(path: str) -> str:
    """The SHA-256 that a stored file bears as its name; empty for any other file."""
    name = path.rsplit("/", 1)[-1].split(".")[0]
    return name if len(name) == HASH_LENGTH and not set(name) - set("0123456789abcdef") else ""


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
    return found.hexdigest()


def _copy_sqlite(folder: Path) -> Path:
    """A consistent copy through SQLite's backup interface, in one reading: writers go on, and see nothing of it."""
    copy = folder / SQLITE_FILE
    reading = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=20)
    writing = sqlite3.connect(copy)
    try:
        reading.execute("PRAGMA wal_autocheckpoint=0")  # only the worker checkpoints
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")  # one file that can be carried away alone
    except sqlite3.Error as fault:
        raise BackupFailed(f"The database could not be copied: {fault}.") from fault
    finally:
        writing.close()
        reading.close()
    if faults := _faults_of_sqlite(copy):
        raise BackupFailed(" ".join(faults))
    return copy


def _faults_of_sqlite(copy: Path) -> list[str]:
    opened = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        said = [row[0] for row in opened.execute("PRAGMA integrity_check(3)")]
        orphans = opened.execute("PRAGMA foreign_key_check").fetchone()
    finally:
        opened.close()
    faults = [] if said == ["ok"] else [f"{copy.name} is not whole: {'; '.join(said)}."]
    return faults + ([f"{copy.name}: rows of {orphans[0]} refer to rows that are not there."] if orphans else [])


def _dump_postgres(folder: Path) -> Path:
    """A consistent copy by `pg_dump` in its own format."""
    copy, known = folder / POSTGRES_FILE, connection.settings_dict
    command = [find_pg_dump(), "--format=custom", "--no-owner", f"--file={copy}", f"--dbname={known['NAME']}"]
    places = {"--host": known["HOST"], "--port": known["PORT"], "--username": known["USER"]}
    command += [f"{option}={value}" for option, value in places.items() if value]
    secret = {"PGPASSWORD": known["PASSWORD"]} if known["PASSWORD"] else {}
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True, check=False)  # nosec B603
    if done.returncode:
        raise BackupFailed(f"pg_dump could not copy the database: {done.stderr.strip()[-500:]}")
    return copy


def find_pg_dump() -> str:
    """The newest `pg_dump` of this machine; `BackupFailed` when there is none."""
    named = shutil.which("pg_dump")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=lambda path: int(path.parts[-3]))
    if not named and not installed:
        raise BackupFailed(
            "pg_dump is missing here. Install PostgreSQL's client programs (Debian: apt install postgresql-client)."
        )
    return str(installed[-1]) if installed else str(named)


def _heads() -> dict[str, dict[str, Any]]:
    heads: dict[str, dict[str, Any]] = {}
    for code in District.objects.order_by("code").values_list("code", flat=True):
        last = Seal.objects.filter(district_id=code).order_by("-number").values("number", "hash").first()
        if last:
            heads[str(code)] = dict(last)
    return heads


def _copy_files(kept: Path, manifest: Manifest) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    root = _file_root()
    if root is None or not root.is_dir():
        return
    for path in stored_files(root):
        target = kept / path
        if not target.is_file() or target.stat().st_size != (root / path).stat().st_size:
            if digest(root / path) != hash_in_name(path):
                manifest.damaged.append(path)
                if target.is_file():  # a good copy from an earlier backup is worth more than the damaged original
                    continue
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_name(".part-" + target.name)
            shutil.copy2(root / path, partial)
            partial.replace(target)
        manifest.files[path] = target.stat().st_size


def _file_root() -> Path | None:
    """Where the stored files lie on this machine; None where an object store keeps (and backs up) them."""
    try:
        return Path(default_storage.path(""))
    except NotImplementedError:
        return None


def _copy_secret(folder: Path) -> bool:
    """Without the key every signing link and check link in circulation would be dead after a restore."""
    source = Path(settings.HOME) / SECRET_FILE
    if not source.is_file():
        return False
    shutil.copy2(source, folder / SECRET_FILE)
    (folder / SECRET_FILE).chmod(0o600)
    return True


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
