"""`sanbao register import` as a stranger uses it: a real process on a home that has never been opened."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.registry.lists import csv_of, shop

ROOT = Path(__file__).resolve().parents[2]


def command(home, *words):
    return [sys.executable, "-m", "sanbao", "register", "import", *map(str, words)]


def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SANBAO_", "DJANGO_"))}
    return kept | {"SANBAO_HOME": str(home)}


def run(home, *words):
    return subprocess.run(command(home, *words), cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A home whose tables are made by the first import of the module."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def home(fresh, tmp_path):
    """A copy of the home with its tables and no rows of any register."""
    if not (fresh / "sanbao.sqlite3").exists():
        done = run(fresh, write(fresh, [shop(1)]), "--source", "甲", "--kind", "market", "--dry-run")
        assert done.returncode == 0, done.stderr
    shutil.copytree(fresh, tmp_path / "home")
    return tmp_path / "home"


def write(folder, rows, name="名单.csv", header=None):
    file = folder / name
    file.write_bytes(csv_of(rows, header))
    return file


def table(home, query):
    with sqlite3.connect(home / "sanbao.sqlite3") as database:
        return database.execute(query).fetchall()


def test_a_home_that_has_never_been_opened_is_made_ready_and_the_list_is_in(tmp_path):
    home = tmp_path / "new home"
    file = write(tmp_path, [shop(1), shop(2, name=""), shop(1), shop(3)])
    done = run(home, file, "--source", "市场监管局", "--kind", "market", "--json", "--district", "990101:望桥区")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {name: answer[name] for name in ("rows", "new", "changed", "unchanged", "faulty", "gone")} == {
        "rows": 4,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "faulty": 2,
        "gone": 0,
    }
    assert [(fault["row"], fault["reason"]) for fault in answer["faults"]] == [(3, "name_missing"), (4, "repeats_row")]
    assert all(fault["detail"] for fault in answer["faults"])
    assert "4" not in done.stderr.split("\n")[0] or "/" in done.stderr
    again = json.loads(run(home, file, "--source", "市场监管局", "--kind", "market", "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"], again["faulty"]) == (0, 0, 2, 2)
    assert table(home, "select count(*) from registry_merchant") == [(2,)]
    assert (
        table(home, "select action, by_id from core_entry where action = 'register.imported'")
        == [("register.imported", None)] * 2
    )


def test_without_a_district_the_nameless_one_is_opened(home):
    done = run(home, write(home, [shop(1)]), "--source", "甲", "--kind", "market", "--json")
    assert json.loads(done.stdout)["district"] == 990000
    assert table(home, "select name from core_district") == [("未设区",)]


def test_a_dry_run_writes_nothing(home):
    done = run(home, write(home, [shop(1)]), "--source", "甲", "--kind", "market", "--json", "--dry-run")
    assert json.loads(done.stdout)["new"] == 1
    assert table(home, "select count(*) from registry_importrun") == [(0,)]
    assert table(home, "select count(*) from core_district") == [(0,)]


def test_what_cannot_be_used_is_said_in_one_sentence_with_exit_code_2(home):
    good = write(home, [shop(1)])
    strange = write(home, [["1", "2"]], "strange.csv", ["甲", "乙"])
    picture = home / "photo.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 99)
    cases = [
        (home / "nowhere.csv",),
        (picture,),
        (strange,),
        (good, "--map", "没有的列=name"),
        (good, "--map", "企业名称=nonsense"),
        (good, "--map", "企业名称"),
        (good, "--coordinates", "mars"),
        (good, "--district", "abc"),
    ]
    for words in cases:
        done = run(home, *words, "--source", "甲", "--kind", "market", "--json")
        assert done.returncode == 2, words
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert "Traceback" not in done.stderr
    assert table(home, "select count(*) from registry_importrun") == [(0,)]


def test_a_mapping_makes_a_strange_list_usable(home):
    strange = write(home, [["甲店", "柳荫路1号"]], "strange.csv", ["A列", "B列"])
    done = run(home, strange, "--source", "甲", "--kind", "platform", "--map", "A列=name", "--map", "B=address", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["columns"] == {"A列": "name", "B列": "address"}


def test_an_import_killed_in_the_middle_is_finished_by_starting_it_again(home):
    file = write(home, [shop(serial) for serial in range(1, 3001)])
    words = (file, "--source", "甲", "--kind", "market", "--json")
    killed = subprocess.Popen(
        command(home, *words), cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and killed.poll() is None:
        try:
            if table(home, "select count(*) from registry_merchant")[0][0] >= 500:
                break
        except sqlite3.OperationalError:
            pass
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    had = table(home, "select count(*) from registry_merchant")[0][0]
    assert 0 < had < 3000, "the import was to be killed in the middle"
    assert table(home, "select state from registry_importrun") == [("applying",)]
    done = run(home, *words)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["rows"], answer["new"], answer["faulty"], answer["state"]) == (3000, 3000, 0, "applied")
    for name in ("merchant", "premises", "occupancy", "registerrecord"):
        assert table(home, f"select count(*) from registry_{name}") == [(3000,)], name
    assert table(home, "select count(*) from core_entry where action = 'register.imported'") == [(1,)]
    assert json.loads(run(home, *words).stdout)["unchanged"] == 3000
