"""The register of periods: figures by date, figures set locally, and files that contradict themselves."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sanbao.law import register
from sanbao.law.register import FigureRefused, NotInForce, UnknownRule, rule, rules

ROW = """
["DL-X"]
what = "a trial"
what_zh = "试"
figure = { 2026-01-01 = 5 }
starts = "now"
who = "party"
source = "none"
confidence = "INF"
"""


def test_a_later_figure_replaces_an_earlier_one_from_its_day() -> None:
    dated = replace(rule("DL-02"), figures=((date(2021, 7, 15), 5), (date(2030, 1, 1), 7)))
    assert [dated.figure_on(day) for day in (date(2021, 7, 15), date(2029, 12, 31), date(2030, 1, 1))] == [5, 5, 7]
    with pytest.raises(NotInForce, match="DL-02 has no figure for 2021-07-14: the first one holds from 2021-07-15"):
        dated.figure_on(date(2021, 7, 14))


def test_a_local_figure_is_taken_but_not_below_the_floor() -> None:
    public = rule("DL-18")
    assert [public.accept(figure) for figure in (29, 30, 31, 60)] == [30, 30, 31, 60]
    assert rule("DL-01").accept(3) == 3
    with pytest.raises(FigureRefused, match="DL-02 is fixed by PL-64, PL-85"):
        rule("DL-02").accept(5)
    with pytest.raises(FigureRefused, match="no fixed figure"):
        rule("DL-04").figure_on(date(2026, 1, 1))


def test_an_unknown_rule_keeps_its_name() -> None:
    with pytest.raises(UnknownRule) as fault:
        rule("DL-00")
    assert fault.value.rule == "DL-00"


def read(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> dict[str, register.Rule]:
    """The register as it would be with these files."""
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    monkeypatch.setattr(register, "PARAMETERS", folder)
    rules.cache_clear()
    try:
        return dict(rules())
    finally:
        rules.cache_clear()


def test_what_a_row_does_not_say_is_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(tmp_path, monkeypatch, deadlines=ROW)["DL-X"]
    assert (found.unit, found.roll, found.first_day, found.clear, found.local, found.at_least) == (
        "days",
        False,
        False,
        "",
        False,
        0,
    )
    assert (found.extension, found.cites, found.longest_of, found.figures) == ("", (), (), ((date(2026, 1, 1), 5),))


def test_a_row_that_stands_twice_or_has_a_strange_unit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="twice"):
        read(tmp_path, monkeypatch, deadlines=ROW, deadlines_more=ROW)
    with pytest.raises(ValueError, match="unknown unit 'weeks'"):
        read(tmp_path, monkeypatch, deadlines=ROW + 'unit = "weeks"', deadlines_more="")
