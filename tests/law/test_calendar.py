"""The official calendar against an independent one, its edges, and its files."""

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from sanbao.law.calendar import (
    HOLIDAYS,
    FaultyNotice,
    UnknownYear,
    WorkCalendar,
    official,
    read_calendar,
    read_notice,
)

FIRST, LAST = 2017, 2026
NEW_YEAR_2027 = """
year = 2027
[[notice]]
name = "trial notice"
address = "https://example.invalid"
[[holiday]]
name = "元旦"
first = 2027-01-01
last = 2027-01-03
make_up = [2027-01-09]
"""


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_every_day_agrees_with_an_independent_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366)]
    ours = official()
    assert [day for day in days if day.year == year and ours.is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_every_year_names_its_notice_and_the_festivals(year: int) -> None:
    notice = read_notice(HOLIDAYS / f"{year}.toml")
    assert all(address.split("//")[1].startswith("www.gov.cn/") for _, address in notice.papers)
    assert {"元旦", "春节", "清明节", "劳动节", "端午节"} <= {block.name for block in notice.blocks}


def test_an_unknown_year_is_refused_unless_asked_provisionally() -> None:
    friday, saturday = date(2027, 1, 1), date(2027, 1, 2)
    with pytest.raises(UnknownYear, match="2027"):
        official().is_workday(friday)
    with pytest.raises(UnknownYear):
        official().is_off(date(2016, 12, 30))
    assert official().is_workday(friday, provisional=True)
    assert official().is_off(saturday, provisional=True)
    assert not official().knows(friday)


def test_a_holiday_block_is_closed_whole_and_a_weekend_is_none() -> None:
    ours = official()
    saturday_in_block, ordinary_saturday, make_up = date(2026, 10, 3), date(2026, 10, 17), date(2026, 10, 10)
    assert ours.is_statutory_holiday(saturday_in_block)
    assert not ours.is_statutory_holiday(ordinary_saturday)
    assert not ours.is_statutory_holiday(make_up)
    block = ours.holiday(date(2026, 10, 2))
    assert block is not None and (block.name, block.first, block.last) == ("国庆节", date(2026, 10, 1), date(2026, 10, 7))


def test_nobody_takes_an_unknown_day_for_no_holiday() -> None:
    with pytest.raises(UnknownYear):
        official().is_statutory_holiday(date(2027, 10, 1))


def test_days_of_december_arranged_by_the_next_notice_count() -> None:
    assert official().is_workday(date(2018, 12, 29))
    assert official().is_statutory_holiday(date(2018, 12, 31))


def test_a_notice_that_arrives_later_settles_its_year(tmp_path: Path) -> None:
    (tmp_path / "2027.toml").write_text(NEW_YEAR_2027, "utf-8")
    wider = read_calendar(HOLIDAYS, tmp_path)
    assert wider.is_off(date(2027, 1, 1)) and wider.is_workday(date(2027, 1, 9))
    assert wider.nth_workday_after(date(2026, 12, 31), 1) == (date(2027, 1, 4), False)
    assert official().nth_workday_after(date(2026, 12, 31), 1) == (date(2027, 1, 1), True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("make_up = [2027-01-09]", "make_up = [2027-01-08]"),
        ("last = 2027-01-03", "last = 2026-12-30"),
        ("first = 2027-01-01", 'begins = "2027-01-01"'),
        ("make_up = [2027-01-09]", "make_up = [2027-01-03]"),
        ("year = 2027", "year = 2028"),
    ],
)
def test_a_faulty_notice_is_refused(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "2027.toml").write_text(NEW_YEAR_2027.replace(old, new), "utf-8")
    with pytest.raises(FaultyNotice):
        read_calendar(tmp_path)


def test_overlapping_sessions_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar((), ZoneInfo("Asia/Shanghai"), ((time(9), time(12)), (time(11), time(17))))
