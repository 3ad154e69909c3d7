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
    plausible,
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
        ("first = 2027-01-01", "first = 2025-12-31"),
        ("first = 2027-01-01\nlast = 2027-01-03", "first = 2029-01-01\nlast = 2029-01-03"),
        ('[[notice]]\nname = "trial notice"\naddress = "https://example.invalid"', "notice = []"),
        ("first = 2027-01-01\nlast = 2027-01-03", "first = 2027-01-03\nlast = 2027-01-01"),
    ],
)
def test_a_faulty_notice_is_refused(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "2027.toml").write_text(NEW_YEAR_2027.replace(old, new), "utf-8")
    with pytest.raises(FaultyNotice):
        read_calendar(tmp_path)


@pytest.mark.parametrize("first", ["2026-12-31", "2027-12-31"])
def test_a_block_may_reach_into_the_years_beside_its_own(tmp_path: Path, first: str) -> None:
    last = "2028-01-02" if first.startswith("2027") else "2027-01-03"
    text = NEW_YEAR_2027.replace("first = 2027-01-01", f"first = {first}").replace("last = 2027-01-03", f"last = {last}")
    (tmp_path / "2027.toml").write_text(text, "utf-8")
    assert read_calendar(tmp_path).is_off(date.fromisoformat(first), provisional=True)


@pytest.mark.parametrize(
    "sessions", [(), ((time(9), time(12)), (time(11), time(17))), ((time(9), time(9)),), ((time(12), time(9)),)]
)
def test_sessions_that_do_not_follow_one_another_are_refused(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar((), ZoneInfo("Asia/Shanghai"), sessions)


def test_a_notice_without_a_holiday_is_refused(tmp_path: Path) -> None:
    notice = NEW_YEAR_2027.partition("[[holiday]]")[0].replace("year = 2027", "year = 2027\nholiday = []")
    (tmp_path / "2027.toml").write_text(notice, "utf-8")
    with pytest.raises(FaultyNotice, match="at least one holiday"):
        read_calendar(tmp_path)


def known(*years: int) -> WorkCalendar:
    """The official calendar as if only these years had been announced."""
    whole = official()
    return WorkCalendar(tuple(each for each in whole.notices if each.year in years), whole.zone, whole.sessions)


@pytest.mark.parametrize(
    ("day", "count", "found", "unsure"),
    [
        (date(2025, 12, 30), 1, date(2025, 12, 31), False),
        (date(2025, 12, 31), 1, date(2026, 1, 4), False),
        (date(2026, 12, 31), 1, date(2027, 1, 1), True),
        (date(2016, 12, 30), 1, date(2017, 1, 3), True),
        (date(2024, 12, 31), 249, date(2026, 1, 4), False),
    ],
)
def test_working_days_are_counted_over_the_end_of_a_year(day: date, count: int, found: date, unsure: bool) -> None:
    assert official().nth_workday_after(day, count) == (found, unsure)


@pytest.mark.parametrize(
    ("day", "found", "unsure"),
    [
        (date(2026, 10, 3), date(2026, 10, 8), False),
        (date(2026, 10, 8), date(2026, 10, 8), False),
        (date(2016, 12, 31), date(2017, 1, 3), True),
        (date(2027, 1, 4), date(2027, 1, 4), True),
    ],
)
def test_the_next_working_day_counts_the_day_itself(day: date, found: date, unsure: bool) -> None:
    assert official().workday_from(day) == (found, unsure)


def test_the_next_working_day_is_unsure_where_the_next_year_is() -> None:
    assert known(2022).workday_from(date(2022, 12, 31)) == (date(2023, 1, 2), True)
    assert known(2022, 2023).workday_from(date(2022, 12, 31)) == (date(2023, 1, 3), False)


@pytest.mark.parametrize(
    ("day", "found", "unsure"),
    [
        (date(2026, 10, 8), date(2026, 10, 8), False),
        (date(2026, 10, 7), date(2026, 9, 30), False),
        (date(2026, 1, 3), date(2025, 12, 31), False),
        (date(2026, 1, 4), date(2026, 1, 4), False),
        (date(2017, 1, 1), date(2016, 12, 30), True),
        (date(2018, 1, 1), date(2017, 12, 29), False),
        (date(2027, 1, 2), date(2027, 1, 1), True),
    ],
)
def test_the_last_working_day_counts_the_day_itself(day: date, found: date, unsure: bool) -> None:
    assert official().workday_until(day) == (found, unsure)


def test_the_last_working_day_of_an_unknown_year_before_a_known_one_is_unsure() -> None:
    assert known(2022).workday_until(date(2023, 1, 1)) == (date(2022, 12, 30), True)


def test_a_day_can_be_meant_within_three_centuries() -> None:
    assert [plausible(date(year, 6, 1)) for year in (1899, 1900, 2199, 2200)] == [False, True, True, False]
