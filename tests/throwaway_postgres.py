"""A private PostgreSQL server for the length of one command.

    python tests/throwaway_postgres.py COMMAND...   run COMMAND with SANBAO_DATABASE_URL naming the server, then remove all of it
    python tests/throwaway_postgres.py --find       print the folder of the server programs, or exit with 3 when there are none

The server listens on 127.0.0.1 at a free port, trusts whoever connects, and syncs to disk as a real one does. Its data lie in the
machine's temporary folder, which every account can enter: PostgreSQL refuses to run as root, so root lends it another account.
Nothing here knows pytest or Django. Standard library only.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

OLDEST = 14
NO_SERVER = 3
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


def find_server() -> Path | None:
    """The folder that holds initdb, pg_ctl and postgres, the newest version first; None when none is new enough."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += [path for place in PLACES for path in Path("/").glob(place.lstrip("/"))]
    found = {version(folder): folder for folder in folders if all((folder / name).exists() for name in ("pg_ctl", "postgres"))}
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


def version(folder: Path) -> int:
    """Major version of the server programs in `folder`; 0 when they do not answer."""
    with contextlib.suppress(OSError):
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
        if match := re.search(r"(\d+)(\.|devel|beta|rc|\s|$)", said):
            return int(match[1])
    return 0


def server_account() -> dict[str, Any]:
    """How to start the server's programs: as ourselves, or as `postgres` or `nobody` when we are root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def control(binaries: Path, folder: Path, *arguments: str) -> int:
    """Run one of the server's programs quietly in its own folder, as its own account."""
    program, *rest = arguments
    env = {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C"}
    with (folder / "control.log").open("ab") as log:
        command = [str(binaries / program), *rest]
        return subprocess.run(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, **server_account()
        ).returncode


def remove(binaries: Path, folder: Path) -> None:
    """Stop the server in `folder`, if it runs, and delete the folder."""
    if (folder / "data" / "postmaster.pid").exists():
        control(binaries, folder, "pg_ctl", "stop", "-D", "data", "-m", "immediate", "-w")
    shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(binaries: Path) -> None:
    """Clear away servers whose owner was killed too hard to do it: the folder's name carries the owner's process id."""
    for folder in Path(tempfile.gettempdir()).glob("sanbao-pg-*"):
        owner = folder.name.split("-")[2]
        mine = folder.stat().st_uid in (os.geteuid(), server_account().get("user"))
        if mine and owner.isdecimal() and not running(int(owner)):
            remove(binaries, folder)


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextlib.contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a fresh server and give the address of its database `postgres`; whatever happens, nothing of it is left."""
    remove_leftovers(binaries)
    folder = Path(tempfile.mkdtemp(prefix=f"sanbao-pg-{os.getpid()}-"))
    try:
        account = server_account()
        if account:
            os.chown(folder, account["user"], account["group"])
        if control(
            binaries, folder, "initdb", "-D", "data", "-U", "sanbao", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        ):
            complain(folder, "initdb could not make a database cluster")
        for _attempt in range(3):  # another process may take the free port before the server does
            port = free_port()
            options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=200"
            if control(binaries, folder, "pg_ctl", "start", "-D", "data", "-l", "server.log", "-w", "-o", options) == 0:
                break
        else:
            complain(folder, "the PostgreSQL server did not start")
        yield f"postgresql://sanbao@127.0.0.1:{port}/postgres"
    finally:
        remove(binaries, folder)


def complain(folder: Path, what: str) -> NoReturn:
    logs = [path.read_text(errors="replace") for path in (folder / "control.log", folder / "server.log") if path.is_file()]
    sys.exit(f"{what}:\n" + "\n".join("\n".join(logs).splitlines()[-15:]))


def run_beside_server(command: list[str], url: str) -> int:
    """Run the command to its end; when we are stopped, stop it first and give it time to clean up."""
    child = subprocess.Popen(command, env={**os.environ, "SANBAO_DATABASE_URL": url})
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=20)
        child.kill()
        raise


def stop(signum: int, _frame: object) -> NoReturn:
    """Leave through the clean-up, once: a second signal must not cut that short."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + signum)


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.exit(__doc__)
    binaries = find_server()
    if binaries is None:
        return NO_SERVER
    if arguments == ["--find"]:
        print(binaries)
        return 0
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    with server(binaries) as url:
        return run_beside_server(arguments, url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
