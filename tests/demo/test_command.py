"""`sanbao demo` as a process: builds, serves, stops, builds once only, and never touches what was not invented."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sanbao.demo import serving

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--premises", "60", "--days", "8", "--seed", "7")


def environment(home: Path) -> dict[str, str]:
    """The embedded database of a home of its own, whatever database the other tests use; English for the words looked for."""
    kept = {key: value for key, value in os.environ.items() if key not in ("SANBAO_DATABASE_URL", "SANBAO_DISTRICT")}
    return {**kept, "SANBAO_HOME": str(home), "LANG": "en_GB.UTF-8", "LC_ALL": ""}


def sanbao(home: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "sanbao", *arguments],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with a small district, built by the command."""
    place = tmp_path_factory.mktemp("home")
    done = sanbao(place, "demo", *SMALL, "--build-only")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "day 8 of 8" in done.stdout and "60 premises" in done.stdout
    return place


def test_the_built_district_is_there_the_second_time_and_its_journal_holds(home):
    before = (home / "sanbao.sqlite3").stat().st_ino
    began = time.monotonic()
    again = sanbao(home, "demo", "--build-only", "--premises", "70")
    assert again.returncode == 0 and "--fresh" in again.stdout and "60 premises" in again.stdout
    assert time.monotonic() - began < 60
    assert (home / "sanbao.sqlite3").stat().st_ino == before
    assert sanbao(home, "verify").returncode == 0


def test_it_serves_pages_and_static_files_and_stops_on_sigterm(home):
    port = serving.free_port("127.0.0.1", 20_000 + os.getpid() % 20_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "sanbao", "demo", "--port", str(port)],
        cwd=ROOT,
        env=environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        told = _told_until(process, "Ctrl-C")
        assert f"http://127.0.0.1:{port}" in told and "sanbao-demo-2026" in told and "dispatcher" in told
        for path in ("/", "/accounts/login/", "/static/core/tokens.css"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                assert answer.status == 200
        other = sanbao(home, "demo", *SMALL, "--fresh", "--build-only")
        assert other.returncode == 2 and "served from this home" in other.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0 and "Stopped" in rest
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def _told_until(process: subprocess.Popen, word: str) -> str:
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            break
    return "".join(lines)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serving.free_port("127.0.0.1", port) > port


def test_a_process_that_ends_by_itself_is_told_and_the_other_is_stopped():
    servers = serving.Servers("127.0.0.1", 1)
    for name, code in (("worker", "import time; time.sleep(60)"), ("web server", "raise SystemExit(3)")):
        servers.running[name] = subprocess.Popen([sys.executable, "-c", code])
    with pytest.raises(serving.Failed) as failed:
        servers.watch()
    servers.stop()
    assert "3" in str(failed.value)
    assert all(process.poll() is not None for process in servers.running.values())


def test_a_half_built_district_is_built_anew(home):
    marker = home / "demo.json"
    made = json.loads(marker.read_text())
    marker.write_text(json.dumps({**made, "state": "building"}))
    done = sanbao(home, "demo", *SMALL, "--build-only")
    assert done.returncode == 0 and "Built in" in done.stdout
    assert json.loads(marker.read_text())["state"] == "built"
    assert sanbao(home, "verify").returncode == 0


def test_a_real_district_is_never_touched(tmp_path):
    register = tmp_path / "register.csv"
    register.write_text("名称,地址\n老李面馆,柳荫路1号\n", "utf-8")
    made = sanbao(
        tmp_path, "register", "import", str(register), "--source", "普查", "--kind", "census", "--district", "110101:真区"
    )
    assert made.returncode == 0, made.stderr
    for arguments in (("--build-only",), ("--build-only", "--fresh")):
        refused = sanbao(tmp_path, "demo", *SMALL, *arguments)
        assert refused.returncode == 2 and "真区" in refused.stderr


def test_more_premises_than_the_streets_hold_are_refused(tmp_path):
    refused = sanbao(tmp_path, "demo", "--premises", "900000", "--build-only")
    assert refused.returncode == 2 and "at most" in refused.stderr
