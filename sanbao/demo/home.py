"""Where the demonstration is kept: making the home ready, telling a built district from a half-built one, and starting over.

Only what was invented is ever removed: a home that holds a real district is left alone.
"""

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sanbao.core.models import District
from sanbao.demo.settling import CODE

REAL = _("This home (%(home)s) holds a district that was not invented: %(names)s. Set SANBAO_HOME to another folder.")
NOT_EMBEDDED = _("Starting over is possible with the embedded database only. Make an empty PostgreSQL database instead.")
IN_USE = _("Another demonstration is being built or served from this home (%(home)s). Stop it first.")
BUILDING, BUILT = "building", "built"


class Stop(Exception):
    """Work that cannot begin; the text is the sentence for standard error."""


@dataclass(frozen=True)
class Made:
    """What the marker says about the district: with which figures it was built, and whether that was finished."""

    state: str
    premises: int
    days: int
    seed: int
    today: str

    @property
    def built_on(self) -> date:
        return date.fromisoformat(self.today)


def _marker() -> Path:
    return Path(settings.HOME) / "demo.json"


def found() -> Made | None:
    """The finished district of this home, or None when there is none or it was left half-built."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        made = Made(**json.loads(_marker().read_text("utf-8")))
        if made.state == BUILT and not _lacks_tables() and District.objects.filter(code=CODE).exists():
            return made
    return None


def mark(state: str, *, premises: int, days: int, seed: int, today: date) -> Made:
    """Write down that a district with these figures is being built, or is built."""
    made = Made(state, premises, days, seed, today.isoformat())
    half = _marker().with_suffix(".part")
    half.write_text(json.dumps(asdict(made)), "utf-8")
    half.replace(_marker())
    return made


def make_ready(*, fresh: bool) -> None:
    """Leave a home with tables and no district; raises `Stop` rather than touch anything that was not invented."""
    if not _lacks_tables() or _has_some_tables():
        _insist_invented()
    if fresh or _holds_districts():
        _remove()
    call_command("migrate", verbosity=0, interactive=False)


@contextlib.contextmanager
def alone() -> Iterator[IO[str]]:
    """Hold the home for building and serving; raises `Stop` when somebody else does."""
    with (Path(settings.HOME) / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Stop(gettext(IN_USE) % {"home": settings.HOME}) from error
        yield lock


def _lacks_tables() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _has_some_tables() -> bool:
    return District._meta.db_table in connection.introspection.table_names()


def _holds_districts() -> bool:
    return _has_some_tables() and District.objects.exists()


def _insist_invented() -> None:
    if not _has_some_tables():
        return
    real = District.objects.filter(invented=False).values_list("code", "name")
    if real:
        names = ", ".join(f"{code} {name}" for code, name in real)
        raise Stop(gettext(REAL) % {"home": settings.HOME, "names": names})


def _remove() -> None:
    if connection.vendor != "sqlite":
        raise Stop(gettext(NOT_EMBEDDED))
    _marker().unlink(missing_ok=True)
    path = Path(connection.settings_dict["NAME"])
    connections.close_all()
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.rmtree(Path(settings.HOME) / "files" / str(CODE), ignore_errors=True)
