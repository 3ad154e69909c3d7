"""Real processes for tests: a home of their own with a migrated database, a server, a worker, commands.

The journal refuses to be emptied, so tests that need committed rows never use the suite's database. `fresh_home` gives each a new
one: a copied SQLite file, or a PostgreSQL database made from a template when SANBAO_DATABASE_URL names a server.
"""

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("SANBAO_DATABASE_URL", "")
PATIENCE = 60.0

Env = dict[str, str]


def on_postgres() -> bool:
    """Whether these tests run against PostgreSQL."""
    return POSTGRES.startswith("postgres")


def fresh_home(tmp_path: Path, *, cast: bool = False) -> Env:
    """The environment of a new installation: migrated, empty or with the `cast` of `tests/world.py` (district 990101).

    Its files and its SQLite database lie under `tmp_path`. Migrating is done once a session; each home is a copy.
    """
    home = tmp_path / f"home-{uuid4().hex[:8]}"
    home.mkdir(parents=True)
    if on_postgres():
        return _env(home, _database_from(_postgres_template(cast)))
    shutil.copyfile(_sqlite_template(cast), home / "sanbao.sqlite3")
    return _env(home)


@dataclass
class Process:
    """A running process with its output in a file; `stop` asks, `kill` does not."""

    child: subprocess.Popen
    log: Path

    def stop(self, patience: float = 20.0) -> int:
        """SIGTERM, then wait; the answer is the exit code. Raises `TimeoutExpired` (and kills) when it does not listen."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(patience)
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to the process and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")


@dataclass
class Server(Process):
    """A web server and its address, without a slash at the end."""

    url: str = ""


def run_sanbao(env: Env, *args: str, timeout: float = 120.0) -> subprocess.CompletedProcess[str]:
    """Run one `sanbao` command to its end; look at `.returncode`, `.stdout`, `.stderr`."""
    command = [sys.executable, "-m", "sanbao", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout, check=False)


def run_python(env: Env, code: str, timeout: float = 120.0) -> str:
    """Run Python text inside the installation, Django set up, district 990101 at work; the answer is what it printed."""
    child = start_python(env, code)
    try:
        said, complaint = child.communicate(timeout=timeout)
    finally:
        child.kill()
    assert child.returncode == 0, complaint
    return said


def start_python(env: Env, code: str) -> subprocess.Popen[str]:
    """Begin what `run_python` does and do not wait; `.stdout` can be read line by line."""
    before = "import django; django.setup(); from sanbao.core import district; district.set_current(990101)\n"
    command = [sys.executable, "-u", "-c", before + code]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)


def start_worker(env: Env, *args: str) -> Process:
    """Start `sanbao worker`; it is at work when this returns, or soon after."""
    return _start(env, "worker", [sys.executable, "-m", "sanbao", "worker", *args])


def start_server(env: Env, port: int = 0, workers: int = 1) -> Server:
    """Start the web server of the installation and wait until it answers."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--no-ws"]
    process = _start(env, "server", [sys.executable, "-m", "granian", *options, "sanbao.wsgi:application"])
    server = Server(process.child, process.log, url)
    atexit.register(server.kill)
    wait_until(lambda: _answers(url) or server.child.poll() is not None, "the server answers")
    if server.child.poll() is not None:
        raise AssertionError(f"The server did not start:\n{server.said()}")
    return server


def wait_until(true: object, what: str, patience: float = PATIENCE) -> None:
    """Call `true()` until it says so; fail with `what` when patience ends."""
    end = time.monotonic() + patience
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, f"Waited {patience:.0f} s, and still not: {what}"
        time.sleep(0.05)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(env: Env, name: str, command: list[str]) -> Process:
    log = Path(env["SANBAO_HOME"]) / f"{name}-{uuid4().hex[:8]}.log"
    with log.open("wb") as out:
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
    return Process(child, log)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _env(home: Path, database: str = "") -> Env:
    from django.conf import settings

    env = {key: value for key, value in os.environ.items() if not key.startswith("SANBAO_")}
    env |= {
        "SANBAO_HOME": str(home),
        "SANBAO_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "sanbao.settings",
        "PYTHONPATH": str(ROOT),
    }
    return env | ({"SANBAO_DATABASE_URL": database} if database else {})


@lru_cache(maxsize=2)
def _sqlite_template(cast: bool) -> Path:
    """A migrated database file, made once in this test session."""
    home = _scratch()
    if cast:
        shutil.copyfile(_sqlite_template(False), home / "sanbao.sqlite3")
        _add_cast(_env(home))
    else:
        _migrate(_env(home))
    leftover = home / "sanbao.sqlite3-wal"
    assert not leftover.exists() or leftover.stat().st_size == 0, "the template's log of writes was not emptied"
    return home / "sanbao.sqlite3"


@lru_cache(maxsize=2)
def _postgres_template(cast: bool) -> str:
    """The name of a migrated database, made once in this test session."""
    name = f"sanbao_template_{os.getpid()}_{'cast' if cast else 'bare'}"
    source = _postgres_template(False) if cast else "template1"
    with _server() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    atexit.register(_drop, name)
    fill = _add_cast if cast else _migrate
    fill(_env(_scratch(), _url(name)))
    return name


def _scratch() -> Path:
    home = Path(tempfile.mkdtemp(prefix="sanbao-template-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def _database_from(template: str) -> str:
    name = f"sanbao_test_{os.getpid()}_{uuid4().hex[:8]}"
    with _server() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    atexit.register(_drop, name)
    return _url(name)


def _add_cast(env: Env) -> None:
    run_python(env, "from tests.world import build_world; build_world()")


def _migrate(env: Env) -> None:
    done = run_sanbao(env, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


def _url(name: str) -> str:
    return urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()


def _drop(name: str) -> None:
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _server() -> Iterator:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection, connection.cursor() as cursor:
        yield cursor
