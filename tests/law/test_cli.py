"""`sanbao law` as another program meets it: exit codes, JSON, tables in and out."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sanbao.law.register import rules

from .cases import ROOT, law


def answered(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_program_itself_answers_without_django() -> None:
    code = "import sys; from sanbao.law.cli import main; print(main(['explain', 'PL-45']), 'django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "0 False" and "《行政处罚法》第四十五条" in done.stdout


def test_a_reader_who_closes_the_line_meets_no_error() -> None:
    command = f"{sys.executable} -m sanbao.law.cli catalogue --on 2026-09-01 | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("V01\t") and done.stderr == ""


def test_a_rule_is_counted_from_a_naive_local_time() -> None:
    done = law("due", "--rule", "DL-02", "--start", "2026-09-28T16:00", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert found["ends"] == "2026-10-11T00:00:00+08:00"
    assert (found["last_day"], found["provisional"]) == ("2026-10-10", False)
    assert found["articles"] == ["PL-64", "PL-85"]


def test_a_figure_is_counted_with_and_without_rolling() -> None:
    asked = ("due", "--figure", "15", "--unit", "days", "--start", "2026-09-16", "--json")
    assert json.loads(law(*asked).stdout)["last_day"] == "2026-10-01"
    assert json.loads(law(*asked, "--roll").stdout)["last_day"] == "2026-10-08"


def test_a_start_with_a_zone_is_taken_to_the_local_day() -> None:
    found = json.loads(law("due", "--figure", "1", "--unit", "days", "--start", "2026-05-31T17:00Z", "--json").stdout)
    assert found["last_day"] == "2026-06-02"


def test_an_unknown_year_is_answered_provisionally() -> None:
    done = law("due", "--figure", "5", "--unit", "working_days", "--start", "2026-12-29", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["provisional"] is True


@pytest.mark.parametrize(
    "words",
    [
        ("due", "--rule", "DL-99", "--start", "2026-01-05"),
        ("due", "--rule", "DL-02", "--start", "yesterday"),
        ("due", "--rule", "DL-02", "--start", "2020-01-05"),
        ("due", "--rule", "DL-02", "--figure", "9", "--start", "2026-01-05"),
        ("due", "--figure", "five", "--unit", "days", "--start", "2026-01-05"),
        ("due", "--figure", "5", "--unit", "weeks", "--start", "2026-01-05"),
        ("due", "--figure", "5", "--start", "2026-01-05"),
        ("due", "--rule", "DL-02"),
        ("due", "--rule", "DL-02", "--start", ""),
        ("due", "--rule", "DL-14", "--figure", "9", "--start", "2026-01-05"),
        ("due", "--rule", "DL-02", "--unit", "days", "--start", "2026-01-05"),
        ("due", "--rule", "DL-02", "--roll", "--start", "2026-01-05"),
        ("due", "--rule", "DL-02", "--first-day", "--start", "2026-01-05"),
        ("due", "--unit", "days", "--start", "2026-01-05"),
        ("due", "--figure", "5", "--unit", "hours", "--roll", "--start", "2026-01-05"),
        ("due", "--figure", "5", "--unit", "working hours", "--first-day", "--start", "2026-01-05"),
        ("due", "--out", "/tmp/never.csv"),
        ("due", "--batch", "nowhere.csv"),
        ("due", "--batch", "nowhere.csv", "--out", "/tmp/never.csv"),
        ("explain", "PL-999"),
        ("explain", "DL-99"),
    ],
)
def test_a_question_nobody_can_answer_is_refused_in_one_sentence(words: tuple[str, ...]) -> None:
    done = law(*words)
    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("due", "--batch", "nowhere.csv"), "A batch needs both"),
        (("due", "--out", "nowhere.csv"), "A batch needs both"),
        (("due", "--rule", "DL-02"), "Say when the period starts"),
        (("due", "--figure", "5", "--start", "2026-01-05"), "Give --rule, or --figure and --unit"),
        (("due", "--unit", "days", "--start", "2026-01-05"), "Give --rule, or --figure and --unit"),
        (("due", "--rule", "DL-02", "--unit", "days", "--start", "2026-01-05"), "knows its own unit"),
        (("explain", "DL-99"), "has no rule “DL-99”"),
        (("explain", "XX-1"), "“XX-1” is not an article"),
    ],
)
def test_a_refusal_says_what_is_missing(words: tuple[str, ...], sentence: str) -> None:
    assert sentence in law(*words).stderr


def test_hours_are_counted_when_nothing_else_is_asked() -> None:
    found = json.loads(law("due", "--figure", "5", "--unit", "hours", "--start", "2026-01-05T09:00", "--json").stdout)
    assert found["ends"] == "2026-01-05T14:00:00+08:00"


def test_without_words_handed_over_those_of_the_program_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["sanbao law", "explain", "PL-999"])
    assert "“PL-999” is not an article" in law(own=True).stderr


def test_a_check_takes_its_words_in_any_order(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"state": "lead", "at": "2026-09-01T10:00:00+08:00"}')
    assert json.loads(law("check", "--json", str(facts)).stdout) == json.loads(law("check", str(facts), "--json").stdout)
    assert "check" in law("--help").stdout


def test_a_wrong_option_exits_with_two_and_help_with_zero() -> None:
    assert law("due", "--nonsense").returncode == 2
    assert law().returncode == law("catalogue").returncode == law("explain").returncode == law("check").returncode == 2
    assert law("check", "--help").stdout.startswith("usage: sanbao law check") and "a JSON file" in law("check", "--help").stdout
    assert law("--help").returncode == 0


def test_an_order_may_set_its_own_figure_and_a_first_day_may_count() -> None:
    assert (
        json.loads(law("due", "--rule", "DL-04", "--figure", "24", "--start", "2026-01-05", "--json").stdout)["rule"] == "DL-04"
    )
    asked = ("due", "--figure", "5", "--unit", "days", "--start", "2026-01-05", "--json")
    assert json.loads(law(*asked).stdout)["last_day"] == "2026-01-10"
    counted = json.loads(law(*asked, "--first-day").stdout)
    assert (counted["rule"], counted["last_day"], counted["last_safe_workday"]) == (None, "2026-01-09", "2026-01-09")


def test_a_period_tells_machines_what_it_does_not_have() -> None:
    party = json.loads(law("due", "--rule", "DL-08", "--start", "2026-09-16", "--json").stdout)
    clear = json.loads(law("due", "--rule", "DL-07", "--start", "2026-05-12", "--json").stdout)
    assert (party["last_safe_workday"], party["not_before"]) == (None, None)
    assert (clear["not_before"], clear["rule"]) == ("2026-05-22", "DL-07")


def test_people_read_only_what_there_is_to_say() -> None:
    shown = law("due", "--figure", "5", "--unit", "days", "--start", "2026-01-05").stdout
    words = [line.split()[0] for line in shown.splitlines()]
    assert words == ["starts", "ends", "last_day", "last_safe_workday", "legal_last_day", "provisional"]
    explained = law("explain", "DL-14").stdout
    assert "longest_of         DL-14R DL-14L" in explained and "unit" not in explained and "None" not in explained
    assert "figures            2021-07-15: 5" in law("explain", "DL-02").stdout
    assert all(len(line) > 19 for id_ in (*rules(), "PL-45", "GB54") for line in law("explain", id_).stdout.splitlines())
    assert law("explain", "DL-02").returncode == 0 and "《" in law("explain", "PL-45", "--json").stdout


def test_the_catalogue_of_a_day_is_listed_for_people_and_machines() -> None:
    for day, expected in (("2026-08-14", False), ("2026-08-15", True)):
        rows = json.loads(law("catalogue", "--on", day, "--json").stdout)
        assert ("V15R" in {row["id"] for row in rows}) is expected
    done = law("catalogue", "--on", "2026-08-15")
    assert done.returncode == 0 and done.stderr == "" and len(done.stdout.splitlines()) == len(rows)
    assert all(line.count("\t") == 3 for line in done.stdout.splitlines())
    assert "\\u" not in law("catalogue", "--on", "2026-08-15", "--json").stdout
    early = law("catalogue", "--on", "1900-01-01")
    assert (early.returncode, early.stdout) == (0, "") and "no row on 1900-01-01" in early.stderr


def test_an_article_and_a_rule_are_explained() -> None:
    article = json.loads(law("explain", "PL-45", "--json").stdout)
    assert article["label"] == "《行政处罚法》第四十五条" and article["wording"] == "condensed"
    row = json.loads(law("explain", "DL-14", "--json").stdout)
    assert row["longest_of"] == ["DL-14R", "DL-14L"] and {"RL-20", "ALL-46"} <= set(row["articles"])
    assert (row["unit"], row["clear"], row["set_locally"]) == (None, None, False)
    assert json.loads(law("explain", "DL-07", "--json").stdout)["clear"] == "workday"
    assert json.loads(law("explain", "DL-02", "--json").stdout)["cites"] == ["PL-64", "PL-85"]
    assert json.loads(law("explain", "AP-118", "--json").stdout)["in_force_until"] == "2026-08-14"
    assert article["in_force_until"] is None
    assert "听证" in law("explain", "DL-02").stdout


def test_a_table_of_figures_is_answered_and_faulty_rows_stop_nobody(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "id,start,figure,unit\n"
        "a,2026-09-28T16:00,5,working_days\n"
        "b,no day,5,days\n"
        "c,2026/3/6 17:00,2,working hours\n"
        "d,2026-12-28,7,working_days\n"
        "e,2026-01-05,5,fortnights\n"
        "f,2026-01-05,99999999999999999999,days\n"
        "g\n"
        "h,2026-10-03T20:15,24,hours\n",
        "utf-8",
    )
    done = law("due", "--batch", str(source), "--out", str(target))
    rows = {row["id"]: row for row in answered(target)}
    assert done.returncode == 0 and list(rows) == list("abcdefgh")
    assert rows["a"]["ends"] == "2026-10-11T00:00:00+08:00" and rows["a"]["error"] == ""
    assert rows["c"]["ends"] == "2026-03-09T09:30:00+08:00"
    assert (rows["d"]["last_day"], rows["d"]["provisional"]) == ("2027-01-06", "true")
    assert rows["h"]["ends"] == "2026-10-04T20:15:00+08:00"
    assert all(rows[name]["error"] and not rows[name]["ends"] for name in "befg")
    assert "8 rows answered, 4 of them faulty" in done.stderr


def test_a_table_of_rules_is_answered_also_from_a_chinese_spreadsheet(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(
        "id,start,rule\r\n案一,2026/9/29,DL-02\r\n案二,2026-09-16,DL-08\r\n案三,2026-09-16,DL-X\r\n".encode("gb18030")
    )
    assert law("due", "--batch", str(source), "--out", str(target)).returncode == 0
    one, two, three = answered(target)
    assert (one["id"], one["last_day"], one["articles"]) == ("案一", "2026-10-12", "PL-64;PL-85")
    assert two["last_day"] == "2026-10-08"
    assert "DL-X" in three["error"]


def test_a_table_without_the_needed_columns_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("name,day\na,2026-01-01\n", "utf-8")
    done = law("due", "--batch", str(source), "--out", str(tmp_path / "out.csv"))
    assert done.returncode == 2 and "columns" in done.stderr
