"""What `./run test` and `./run check` do once everything is installed: the checks, each pass of pytest, and the summary.

Installing lives in `run`, the throw-away database server in `throwaway_postgres.py`. Standard library only; the project's Python runs it.
"""

import contextlib
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
THROWAWAY = [sys.executable, str(ROOT / "tests" / "throwaway_postgres.py")]
NO_DATABASE = ("tests/law", "tests/setup")


def load_run() -> ModuleType:
    """The script `run` as a module: how to install a system package and how to fail are written there."""
    loader = SourceFileLoader("run", str(ROOT / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    loader.exec_module(module)
    return module


run = load_run()


class Result(NamedTuple):
    """One line of the summary. A check counts no tests; when it fails it counts as one failure."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def call(command: list[str], env: dict[str, str]) -> int:
    """Run a command in the checkout; when we are stopped, stop it first and give it time to clean up."""
    child = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=40)
        child.kill()
        raise


def run_checks() -> list[Result]:
    """Style, import contracts, types, risky calls and dependencies, each as far as pyproject.toml configures it."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    checks = []
    if "ruff" in tool:
        checks += [["ruff", "check", ".", "run"], ["ruff", "format", "--check", ".", "run"]]
    if "importlinter" in tool or (ROOT / ".importlinter").is_file():
        checks.append(["lint-imports"])
    if "mypy" in tool:
        checks.append(["mypy"] if {"files", "packages"} & set(tool["mypy"]) else ["mypy", "sanbao"])
    if "bandit" in tool:
        checks.append(["bandit", "-q", "-r", "-c", "pyproject.toml", "sanbao"])
    if "deptry" in tool:
        checks.append(["deptry", ".", "--no-ansi"])
    results = []
    for command in checks:
        run.say(f"\n== {' '.join(command)}")
        began = time.monotonic()
        failed = int(call(command, run.project_env()) != 0)
        results.append(Result(" ".join(command[:2]), 0, failed, 0, time.monotonic() - began))
    return results


def run_pytest(name: str, arguments: list[str], env: dict[str, str], before: list[str] | None = None) -> Result:
    """One pass of pytest, counted from its report; a pass that ends badly or runs no test is a failure even without a failed test."""
    run.say(f"\n== pytest: {name}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sanbao-report-") as folder:
        report = Path(folder) / "junit.xml"
        command = [*(before or []), sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}"]
        code = call(command, env)
        suites = list(ElementTree.parse(report).iter("testsuite")) if report.is_file() else []
    tests, failures, errors, skipped = (
        sum(int(s.get(key, 0)) for s in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors or int(code != 0 or not suites)
    return Result(name, max(tests - failures - errors - skipped, 0), failed, skipped, time.monotonic() - began)


def find_browser() -> str | None:
    """Path of a Chromium that starts: $CHROMIUM, the system's, macOS applications, or one that Playwright has fetched."""
    named = os.environ.get("SANBAO_BROWSER") or os.environ.get("CHROMIUM")
    if named and not shutil.which(named):
        run.fail(
            f"$CHROMIUM (or $SANBAO_BROWSER) names {named}, which is no program.", "Unset it or name the browser's full path."
        )
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    names += [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ]
    for cache in ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright"):
        builds = Path(cache).expanduser()
        for inside in ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*"):
            names += sorted((str(path) for path in builds.glob(f"chromium-*/{inside}")), reverse=True)
    found = (shutil.which(name) for name in names)
    return next((path for path in found if path and run.logged([path, "--version"]) == 0), None)


def has_chinese_font() -> bool:
    """Whether pages can show Chinese; true where there is no fontconfig to ask."""
    return not shutil.which("fc-list") or bool(
        subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip()
    )


def need_browser() -> str:
    """A browser for the stories, installed when it is missing and may be; else stop with what to type."""
    browser = find_browser()
    if platform.system() == "Linux" and not (browser and has_chinese_font()):
        run.apt_install(*([] if browser else ["chromium"]), "fonts-noto-cjk")
        browser = browser or find_browser()
    if not browser:  # macOS, and Ubuntu, whose package is a stub for snap: Playwright's own build is the way there
        run.say("  playwright install chromium ...", end=" ")
        system_libraries = ["--with-deps"] if os.geteuid() == 0 else []
        run.logged([sys.executable, "-m", "playwright", "install", *system_libraries, "chromium"])
        browser = find_browser()
        run.say("done" if browser else "failed")
    if not browser:
        mend = (
            "Type: sudo apt install chromium fonts-noto-cjk   (or set CHROMIUM=/path/to/chrome, or use ./run test --no-browser)"
        )
        run.fail("the browser tests need Chromium or Chrome, and there is none here.", mend)
    return browser


def find_postgres(may_install: bool) -> tuple[list[str] | None, dict[str, str], str]:
    """How to run a command beside PostgreSQL: words to put before it, settings for it, and, when it cannot be had, why not."""
    url = os.environ.get("SANBAO_TEST_PG_URL")
    if url:
        return [], {"SANBAO_DATABASE_URL": url}, ""
    there = run.logged([*THROWAWAY, "--find"]) == 0
    if not there and may_install:
        there = run.apt_install("postgresql") and run.logged([*THROWAWAY, "--find"]) == 0
    if there:
        return THROWAWAY, {}, ""
    mend = "install its server (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql@17)"
    return None, {}, f"The PostgreSQL pass did not run: {mend}, use --with-postgres, or set SANBAO_TEST_PG_URL."


def summarise(results: list[Result], notes: list[str], browser_ran: bool) -> int:
    """Print the table, the notes and the one last line; give the exit code."""
    run.say(f"\n{'phase':<28}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>10}")
    for each in results:
        run.say(f"{each.name:<28}{each.passed:>8}{each.failed:>8}{each.skipped:>9}{each.seconds:>10.1f}")
    passed, failed, skipped = (sum(column) for column in list(zip(*results, strict=True))[1:4])
    for note in notes:
        run.say(note)
    tail = "" if browser_ran else "; browser tests did not run"
    run.say(f"{passed} passed, {failed} failed, {skipped} skipped{tail}")
    return int(failed > 0 or passed == 0)


def test(arguments: list[str]) -> int:
    """All checks and passes; with pytest's own arguments only those tests, on SQLite."""
    own = ("--deep", "--no-browser", "--with-postgres")
    chosen = [word for word in arguments if word not in own]
    browser = None if "--no-browser" in arguments else find_browser() if chosen else need_browser()
    may_install = "--with-postgres" in arguments or os.environ.get("CI") == "true"
    before, postgres, missing = (None, {}, "") if chosen else find_postgres(may_install)
    without_stories = [] if browser else ["-m", "not story"]
    with tempfile.TemporaryDirectory(prefix="sanbao-home-") as home:
        settings = {"SANBAO_HOME": home, "SANBAO_BROWSER": browser or "", "SANBAO_DATABASE_URL": ""}
        settings |= {"SANBAO_DEEP": "1"} if "--deep" in arguments else {}
        env = run.project_env(**settings)
        if chosen:
            return summarise([run_pytest("SQLite", [*without_stories, *chosen], env)], [], browser is not None)
        results = run_checks()
        common = ["-q", "-n", str(max(1, min(os.cpu_count() or 1, 6))), "--dist", "worksteal", *without_stories]
        results.append(run_pytest("SQLite", [*common, "tests"], env))
        if before is not None:
            ignored = [f"--ignore={folder}" for folder in NO_DATABASE]
            results.append(run_pytest("PostgreSQL", [*common, *ignored, "tests"], {**env, **postgres}, before))
    return summarise(results, [missing] if missing else [], browser is not None)


def check() -> int:
    results = run_checks()
    for each in results:
        run.say(f"{each.name:<28}{'failed' if each.failed else 'ok':>8}{each.seconds:>8.1f} s")
    return int(any(each.failed for each in results))


def stop(signum: int, _frame: object) -> None:
    """Leave through every clean-up, once."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    run.say("\n./run: stopped; the throw-away server and its folders are removed.")
    sys.exit(128 + signum)


if __name__ == "__main__":
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    with run.plain_words():
        sys.exit(test(sys.argv[2:]) if sys.argv[1] == "test" else check())
