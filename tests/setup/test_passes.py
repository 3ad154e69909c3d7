"""How `./run test` counts, sums up and speaks, and the throw-away PostgreSQL server beside it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import passes, throwaway_postgres

MIXED = """
import pytest
def test_passes(): pass
def test_passes_too(): pass
def test_fails(): assert 0
def test_is_skipped(): pytest.skip("not here")
@pytest.fixture
def broken(): raise OSError
def test_cannot_start(broken): pass
"""


def run_small(folder: Path, text: str) -> passes.Result:
    (folder / "test_small.py").write_text(text)
    arguments = ["-q", "-p", "no:django", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={folder}", str(folder)]
    return passes.run_pytest("small", arguments, dict(os.environ))


def test_passed_failed_broken_and_skipped_tests_are_told_apart(tmp_path: Path) -> None:
    assert run_small(tmp_path, MIXED)[:4] == ("small", 2, 2, 1)


@pytest.mark.parametrize("text", ["", "raise OSError('cannot be imported')", "import os\ndef test_dies(): os._exit(0)"])
def test_a_pass_that_runs_nothing_or_dies_is_a_failure(tmp_path: Path, text: str) -> None:
    result = run_small(tmp_path, text)
    assert result.passed == 0
    assert result.failed == 1


def test_the_last_line_adds_up_the_passes_and_any_failure_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    good = [passes.Result("SQLite", 5, 0, 1, 1.0), passes.Result("PostgreSQL", 4, 0, 0, 1.0)]
    assert passes.summarise(good, [], browser_ran=True) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "9 passed, 0 failed, 1 skipped"
    assert passes.summarise([*good, passes.Result("ruff check", 0, 1, 0, 0.1)], [], browser_ran=True) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "9 passed, 1 failed, 1 skipped"


def test_the_last_line_owns_up_to_missing_browser_tests(capsys: pytest.CaptureFixture[str]) -> None:
    passes.summarise([passes.Result("SQLite", 1, 0, 0, 1.0)], [], browser_ran=False)
    assert capsys.readouterr().out.splitlines()[-1].endswith("browser tests did not run")


def test_a_run_without_a_single_passed_test_is_no_success() -> None:
    assert passes.summarise([passes.Result("SQLite", 0, 0, 7, 1.0)], [], browser_ran=True) == 1


def test_a_browser_named_in_vain_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANBAO_BROWSER", raising=False)
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="/nowhere/chromium"):
        passes.find_browser()


ASK = """
import os, psycopg
url = os.environ["SANBAO_DATABASE_URL"]
print(url, psycopg.connect(url).execute("show fsync").fetchone())
"""


@pytest.mark.skipif(throwaway_postgres.find_server() is None, reason="no PostgreSQL server programs on this machine")
def test_the_throw_away_server_answers_syncs_to_disk_and_is_gone_afterwards() -> None:
    command = [*passes.THROWAWAY, sys.executable, "-c", ASK]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    url, setting = done.stdout.split(" ", 1)
    assert setting.strip() == "('on',)"
    with pytest.raises(ConnectionRefusedError):
        throwaway_postgres.socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1].split("/")[0])), timeout=2)


@pytest.mark.skipif(throwaway_postgres.find_server() is None, reason="no PostgreSQL server programs on this machine")
def test_the_throw_away_server_hands_on_the_exit_code() -> None:
    assert subprocess.run([*passes.THROWAWAY, "sh", "-c", "exit 7"], check=False).returncode == 7
