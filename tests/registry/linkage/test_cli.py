"""`sanbao link` as a stranger uses it: a real process, no home, no database."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
A = "id,name,address\na1,武侯区福记小面馆,科华北路12号\na2,老四川火锅,玉林南路8号\na3,蓝天文具店,人民路3号\n"
B = "编号,店名,地址\nb1,福記小麵,科华北路十二号\nb2,蓝天文具,人民路3号\nb9,阿强修表,科华北路12号附5号\n"


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "a.csv").write_text(A, "utf-8")
    (tmp_path / "b.csv").write_text(B, "gb18030")
    return tmp_path


def run(folder: Path, *words: str, language: str = "zh_CN.UTF-8") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SANBAO_", "DJANGO_", "LC_", "LANG"))}
    surroundings = kept | {"LANG": language, "SANBAO_HOME": str(folder / "no-home"), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    words = tuple(map(str, words))
    return subprocess.run(
        [sys.executable, "-m", "sanbao", "link", *words],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
    )


def pairs_in(text: str) -> set[tuple[str, str]]:
    return {(row["id_a"], row["id_b"]) for row in csv.DictReader(io.StringIO(text))}


def test_two_files_are_linked_without_a_home_and_nothing_is_written_but_the_pairs(lists):
    done = run(lists, "a.csv", "b.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "id_a,id_b,probability"
    assert pairs_in(done.stdout) == {("a1", "b1"), ("a3", "b2")}
    assert sorted(path.name for path in lists.iterdir()) == ["a.csv", "b.csv"]


def test_the_reasons_are_given_in_the_language_of_the_terminal(lists):
    chinese = run(lists, "a.csv", "b.csv", "--explain", "--out", "pairs.csv")
    assert chinese.returncode == 0
    assert chinese.stdout == ""
    assert "地址相同" in (lists / "pairs.csv").read_text("utf-8")
    assert "the addresses are the same" in run(lists, "a.csv", "b.csv", "--explain", language="C").stdout


def test_json_tells_which_columns_were_read(lists):
    answer = json.loads(run(lists, "a.csv", "b.csv", "--json", "--all", "--threshold", "0.001").stdout)
    assert answer["columns_b"] == {"address": "地址", "id": "编号", "name": "店名"}
    assert {(pair["id_a"], pair["id_b"]) for pair in answer["pairs"]} > {("a1", "b1"), ("a3", "b2")}


def test_columns_that_were_said_are_taken(lists):
    (lists / "c.csv").write_text("x,y,z\nk1,科华北路12号,福记小面\nk2,人民路3号,蓝天文具\n", "utf-8")
    done = run(lists, "a.csv", "c.csv", "--map-b", "id=x,name=z,address=y")
    assert pairs_in(done.stdout) == {("a1", "k1"), ("a3", "k2")}


@pytest.mark.parametrize(
    "words",
    [
        ("a.csv", "missing.csv"),
        ("a.csv", "empty.csv"),
        ("a.csv", "b.csv", "--map-a", "name=nome"),
        ("a.csv", "b.csv", "--map-a", "nonsense"),
        ("a.csv", "b.csv", "--threshold", "7"),
        ("a.csv", "b.csv", "--model", "a.csv"),
        ("a.csv", "b.csv", "--learn", "b.csv"),
        ("a.csv",),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(lists, words):
    (lists / "empty.csv").write_text("", "utf-8")
    done = run(lists, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_model_is_learned_from_labels_and_used(lists):
    (lists / "labels.csv").write_text("id_a,id_b,label\na1,b1,match\na3,b2,match\na1,b9,non-match\n", "utf-8")
    assert run(lists, "a.csv", "b.csv", "--learn", "labels.csv", "--out", "model.toml").returncode == 0
    done = run(lists, "a.csv", "b.csv", "--model", "model.toml")
    assert pairs_in(done.stdout) == {("a1", "b1"), ("a3", "b2")}


def test_two_thousand_rows_on_each_side_take_seconds(lists):
    for name in "ab":
        rows = "\n".join(f"{name}{n},福{chr(0x4E00 + n * 7)}{chr(0x5000 + n * 3)}记小面馆,科华北路{n}号" for n in range(2000))
        (lists / f"{name}.csv").write_text(f"id,name,address\n{rows}\n", "utf-8")
    begun = time.monotonic()
    found = pairs_in(run(lists, "a.csv", "b.csv").stdout)
    assert len({pair for pair in found if pair[0][1:] == pair[1][1:]}) >= 1990
    assert time.monotonic() - begun < 60
