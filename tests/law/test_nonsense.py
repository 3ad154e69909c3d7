"""Nonsense at the command line: one clear sentence and exit 2, or an error in its row, and never a traceback."""

import csv
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from sanbao.law.batch import parse_unit, run
from sanbao.law.calendar import WorkCalendar, official
from sanbao.law.sentences import one_line, shown

from .cases import law

LEAD = {"state": "lead", "at": "2026-09-01T10:00:00+08:00"}
HUGE = "9" * 5000
MANY = 100_000 if "SANBAO_DEEP" in os.environ else 4_000
TABLE = "id,start,rule\na,2026-09-28,DL-02\n"


def refused(*words: str, typed: bytes = b"") -> str:
    """The one sentence of a refusal."""
    done = law(*words, typed=typed)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout[:200]
    assert done.stderr.count("\n") == 1 and len(done.stderr) < 450 and "Traceback" not in done.stderr
    return done.stderr


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"workflow": []}, "workflow: “[]” is not one of penalty"),
    ({"workflow": None}, "workflow: “None” is not one of penalty"),
    ({"state": []}, "facts.state"),
    ({"state": "lost"}, "facts.state: “lost” is not one of lead"),
    ({"at": None}, "facts.at: “None” cannot be read: write it as text"),
    ({"at": 5}, "facts.at"),
    ({"at": "0001-01-01T00:00:00+08:00"}, "a day lies between the years 1900 and 2199"),
    ({"at": "9999-12-31T23:59:59-12:00"}, "a day lies between the years 1900 and 2199"),
    ({"at": "1899-12-31T23:59:59+08:00"}, "a day lies between the years 1900 and 2199"),
    ({"at": "2200-01-01T00:00:00+08:00"}, "a day lies between the years 1900 and 2199"),
    ({"at": "2026-09-01T10:00:00"}, "an instant needs its offset"),
    ({"conduct_on": "0000-01-01"}, "facts.conduct_on"),
    ({"conduct_on": 20260901}, "facts.conduct_on"),
    ({"party": {"born_on": "0001-01-01"}}, "facts.party.born_on"),
    ({"party": {"kind": "a\nb\r\nc"}}, "“a b c” is not one of citizen"),
    ({"party": {"kind": "x" * 100_000}}, "xxx…” is not one of citizen"),
    ({"party": {"kind": {}}}, "facts.party.kind"),
    ({"handlers": [[1]]}, "facts.handlers[0]"),
    ({"handlers": "abc"}, "facts.handlers: a list is expected"),
    ({"officers": [None]}, "facts.officers[0]: an object with named fields is expected"),
    ({"two\nlines": 1}, "unknown field “two lines”"),
    ({"days_suspended": 1.5}, "facts.days_suspended"),
    ({"days_suspended": True}, "facts.days_suspended"),
    ({"days_suspended": float("nan")}, "facts.days_suspended"),
    ({"sanction": {"fine": float("inf")}}, "write a sum as a whole number or as text"),
    ({"sanction": {"fine": "1e999999"}}, "a sum of that size cannot be written"),
    ({"sanction": {"fine": "10000000000000000"}}, "a sum of that size cannot be written"),
    ({"sanction": {"fine": "1e99999999999999999999"}}, "facts.sanction.fine"),
    ({"sanction": {"fine": "ten"}}, "“ten” cannot be read: this is no number"),
    ({"sanction": {"fine": "Infinity"}}, "a finite number and not negative"),
    ({"sanction": {"fine": "-0.01"}}, "a finite number and not negative"),
    ({"sanction": {"fine": []}}, "facts.sanction.fine"),
    ({"local": {}}, "facts.local: say “locked”, “demo” or name a file"),
    ({"local": "\0"}, "facts.local: say “locked”, “demo” or name a file"),
    ({"local": "x" * 5000}, "facts.local: say “locked”, “demo” or name a file"),
    ({"local": "/"}, "facts.local: say “locked”, “demo” or name a file"),
]


@pytest.mark.parametrize(("change", "words"), FAULTY, ids=[words for _, words in FAULTY])
def test_faulty_facts_are_refused_with_their_place(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**LEAD, **change}))
    assert words in refused("check", str(file))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no JSON document: Expecting value at line 1, column 1"),
        (b"\x00" * 100, "no JSON document"),
        (b'{"a":1}{"b":2}', "Extra data"),
        (b"[" * 100_000, "nested too deeply"),
        (f'{{"at": {HUGE}}}'.encode(), "limit"),
        (json.dumps(LEAD).encode("utf-16"), "not in UTF-8"),
        ('{"state": "案"}'.encode("gb18030"), "not in UTF-8"),
        (b"[]", "must be an object"),
        (b"null", "must be an object"),
        (b'"lead"', "must be an object"),
        (b"{}", "the field “state” is missing"),
    ],
)
def test_what_is_no_document_is_refused(raw: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(raw)
    assert words in refused("check", str(file))
    assert words in refused("check", "-", typed=raw)


def test_a_byte_order_mark_does_no_harm_to_facts() -> None:
    done = law("check", "-", typed=b"\xef\xbb\xbf" + json.dumps(LEAD).encode())
    assert done.returncode == 1 and "no   refer" in done.stdout


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert "nowhere.json: No such file or directory." in refused("check", "nowhere.json")
    assert "Is a directory." in refused("check", str(tmp_path))
    assert "Is a directory." in refused("due", "--batch", str(tmp_path), "--out", str(tmp_path / "out.csv"))


@pytest.mark.parametrize(
    "text",
    ["x==", "locality = 5\n[[grant]]\nfoo = 1", "locality = 'x'\nremedy = 3", "locality = 'x'\n[hearing]\nperson = 1", "night = 5",
     "locality = 'x'\n[[amount]]\nrow = 'V02'\nmin = 'a'\nmax = 1", "locality = 'x'\n[[amount]]\nrow = 'V02'\nmin = 1\nmax = 2"],
)  # fmt: skip
def test_a_faulty_file_of_local_parameters_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "local.toml"
    file.write_text(text)
    assert "facts.local: " in refused("check", "-", typed=json.dumps({**LEAD, "local": str(file)}).encode())


def test_a_file_of_local_parameters_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "local.toml"
    file.write_text("x==")
    said = refused("check", "-", typed=json.dumps({**LEAD, "local": str(file)}).encode())
    assert "is no TOML file: Invalid value (at line 1, column 3)" in said
    file.write_text("locality = 5\nremedy = 3")
    assert "does not hold local parameters" in refused("check", "-", typed=json.dumps({**LEAD, "local": str(file)}).encode())


def test_a_sign_no_terminal_can_show_does_no_harm() -> None:
    facts = {**LEAD, "agency": "\ud800", "area": "a", "violation": "\ud800", "local": "demo"}
    assert law("check", "-", typed=json.dumps(facts).encode()).returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("catalogue", "--on", "yesterday"),
        ("catalogue", "--on", ""),
        ("catalogue", "--on", "0000-01-01"),
        ("catalogue", "--on", "9999-12-31"),
        ("catalogue", "--on", "2026-02-30"),
        ("explain", ""),
        ("explain", "a\nb"),
        ("explain", "x" * 10_000),
        ("explain", "PL-45\n"),
        ("explain", "PL-45.0"),
        ("explain", "PL-45.100"),
        ("explain", "PL-45(0)"),
        ("explain", "PL-٤٥"),
        ("explain", "PL-45.٣"),
        ("explain", "PL-" + HUGE),
        ("explain", "PL-45." + HUGE),
        ("explain", "DL-"),
        ("explain", "DL-99\nDL-02"),
        ("due", "--figure", HUGE, "--unit", "days", "--start", "2026-01-01"),
        ("due", "--figure", "-1", "--unit", "days", "--start", "2026-01-01"),
        ("due", "--figure", "1.5", "--unit", "days", "--start", "2026-01-01"),
        ("due", "--figure", "5", "--unit", "days", "--start", "0000-01-01"),
        ("due", "--figure", "5", "--unit", "days", "--start", "0001-01-01"),
        ("due", "--figure", "5", "--unit", "days", "--start", "1899-12-31"),
        ("due", "--figure", "1", "--unit", "hours", "--start", "9999-12-31T23:30"),
        ("due", "--figure", "1", "--unit", "months", "--start", "2200-01-01"),
        ("due", "--rule", "DL-02", "--start", "2026-01-01T00:00:00+99:00"),
    ],
)
def test_nonsense_words_are_refused_in_one_sentence(words: tuple[str, ...]) -> None:
    assert refused(*words)


@pytest.mark.parametrize(("day", "last"), [("1900-01-01", "1900-01-02"), ("2199-12-31", "2200-01-01")])
def test_the_first_and_the_last_day_that_can_be_meant_are_counted(day: str, last: str) -> None:
    done = law("due", "--figure", "1", "--unit", "days", "--start", day, "--json")
    assert json.loads(done.stdout)["last_day"] == last


def batch(raw: bytes, folder: Path) -> tuple[list[dict[str, str]], str]:
    """The answers to a table, and what was said about it."""
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(raw)
    done = law("due", "--batch", str(source), "--out", str(target))
    assert done.returncode == 0 and done.stdout == ""
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), done.stderr


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n\n\n", b"id;start;rule\na;2026-09-28;DL-02\n", b"id,start\na,b\n", b"id,rule\na,DL-02\n", b"start,rule\n2026-01-01,DL-02\n",
     b"id,start,figure\na,2026-01-01,5\n", b"id,start,unit\na,2026-01-01,days\n", b"\xff\xfe\xff", TABLE.encode("utf-16"),
     b"id,start,rule\n" + b"x" * 200_000 + b",2026-09-28,DL-02\n"],
)  # fmt: skip
def test_what_is_no_table_is_refused_and_writes_nothing(raw: bytes, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(raw)
    refused("due", "--batch", str(source), "--out", str(target))
    assert not target.exists()


def test_a_table_is_never_overwritten_by_its_answers(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(TABLE)
    assert "overwrite" in refused("due", "--batch", str(source), "--out", str(tmp_path / ".." / tmp_path.name / "in.csv"))
    assert source.read_text() == TABLE
    assert "No such file" in refused("due", "--batch", str(source), "--out", str(tmp_path / "nowhere" / "out.csv"))


@pytest.mark.parametrize(
    "raw",
    [b"\xef\xbb\xbf" + TABLE.encode(), b" id , start ,rule\r\na,2026-09-28,DL-02\r\n", b"id, start, rule\na, 2026-09-28, DL-02\n",
     b'id, start, rule\na, "2026-09-28", "DL-02"\n',
     b"id,start,rule,\na,2026-09-28,DL-02,,more,and more\n", b'id,start,rule\n"a","2026/9/28","DL-02"'],
)  # fmt: skip
def test_small_blemishes_of_a_table_are_forgiven(raw: bytes, tmp_path: Path) -> None:
    rows, said = batch(raw, tmp_path)
    assert [(row["id"], row["last_day"], row["error"]) for row in rows] == [("a", "2026-10-10", "")]
    assert "1 rows answered, 0 of them faulty" in said


def test_strange_signs_inside_a_cell_break_no_row(tmp_path: Path) -> None:
    names = ["a\u2028b", "a\x0cb", "a\x85b", "一\n二"]
    text = "id,start,rule\n" + "".join(f'"{name}",2026-09-28,DL-02\n' for name in names)
    rows, _ = batch(text.encode(), tmp_path)
    assert [row["id"] for row in rows] == names and not any(row["error"] for row in rows)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("", "no start"),
        (",,", "no start"),
        ("0001-01-01,DL-02,,", "between the years"),
        ("9999-12-31,DL-02,,", "between the years"),
        ("0000-01-01,DL-02,,", "not a date"),
        ("46293,DL-02,,", "not a date"),
        ("2026-09-28,,,", "needs a rule, or a figure and its unit"),
        ("2026-09-28,,5,", "needs a rule, or a figure and its unit"),
        ("2026-09-28,,,days", "needs a rule, or a figure and its unit"),
        ("2026-09-28,DL-99,,", "no rule “DL-99”"),
        ("2026-09-28,DL-02,9,", "fixed by PL-64"),
        ("2026-09-28,DL-14,9,", "longest of"),
        ("2026-09-28,DL-04,,", "no fixed figure"),
        ("2026-09-28,,5,weeks", "“weeks” is not a unit"),
        (f"2026-09-28,,{HUGE},days", "not a whole number"),
        ("2026-09-28,,99999999999999999999,days", "cannot be counted"),
        ("1999-09-28,DL-02,,", "no figure for 1999-09-28"),
    ],
)
def test_a_faulty_row_says_why_and_the_next_one_is_answered(cells: str, words: str, tmp_path: Path) -> None:
    rows, said = batch(f"id,start,rule,figure,unit\na,{cells}\nb,2026-09-28,DL-02,,\n".encode(), tmp_path)
    faulty, good = rows
    assert words in faulty["error"] and not faulty["ends"] and not faulty["last_day"] and not faulty["articles"]
    assert (good["last_day"], good["provisional"], good["error"]) == ("2026-10-10", "false", "")
    assert said.startswith("Row 1 (a): ") and "2 rows answered, 1 of them faulty" in said and said.count("\n") == 2


def test_a_row_too_short_for_its_id_is_answered_without_one(tmp_path: Path) -> None:
    rows, said = batch(b"start,rule,id\n2026-09-28,DL-02\n2026-09-28,DL-99\n", tmp_path)
    assert [(row["id"], row["last_day"]) for row in rows] == [("", "2026-10-10"), ("", "")] and "Row 2 ()" in said


def test_answers_replace_older_ones_and_follow_the_calendar_handed_over(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,start,rule\na,2026-09-28,DL-02\n")
    target.write_text("old answers")
    whole = official()
    assert run(source, target) == (1, []) and "2026-10-10,false" in target.read_text()
    run(source, target, WorkCalendar((), whole.zone, whole.sessions))
    assert "2026-10-05,true" in target.read_text()


def test_a_row_with_a_figure_and_a_row_with_a_rule_and_a_local_figure(tmp_path: Path) -> None:
    text = "id,start,rule,figure,unit\na,2026-09-28,,5,Working-Days\nb,2026-09-28,DL-04,24,\nc,2026-12-30,DL-02,,\n"
    rows, _ = batch(text.encode(), tmp_path)
    assert [row["ends"][:13] for row in rows] == ["2026-10-11T00", "2026-09-29T00", "2027-01-07T00"]
    assert [row["provisional"] for row in rows] == ["false", "false", "true"]


def test_only_the_first_faults_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    rows, said = batch(("id,start,rule\n" + "a,b,c\n" * 100).encode(), tmp_path)
    assert len(rows) == 100 and said.count("\n") == 21 and "100 rows answered, 100 of them faulty" in said


def test_many_rows_are_answered_one_by_one(tmp_path: Path) -> None:
    lines = (f"{n},2026-0{n % 9 + 1}-{n % 28 + 1:02},{n % 40},{'working_days' if n % 2 else 'days'}" for n in range(MANY))
    began = time.monotonic()
    rows, said = batch(("id,start,figure,unit\n" + "\n".join(lines)).encode(), tmp_path)
    assert len(rows) == MANY and f"{MANY // 40} of them faulty" in said
    assert [row["id"] for row in rows[:3]] == ["0", "1", "2"] and all(
        bool(row["error"]) == (int(row["id"]) % 40 == 0) for row in rows
    )
    assert time.monotonic() - began < 120


def test_a_unit_is_known_however_it_is_written() -> None:
    assert [parse_unit(text) for text in (" Working days", "WORKING-HOURS", "months ")] == [
        "working_days",
        "working_hours",
        "months",
    ]


def test_a_sentence_is_one_line_and_not_too_long() -> None:
    assert shown("a\n b\tc ") == "a b c"
    assert shown("x" * 60) == "x" * 60 and shown("x" * 61) == "x" * 59 + "…"
    assert one_line(FileNotFoundError(2, "No such file", "a.csv")) == "a.csv: No such file."
    assert one_line(OSError("gone")) == "gone" and one_line(OSError(5, "broken")) == "[Errno 5] broken"
