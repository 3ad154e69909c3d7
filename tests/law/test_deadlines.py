"""Properties of counting, the units, the register, and the speed of one deadline."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.law.calendar import WorkCalendar, official
from sanbao.law.citations import cite
from sanbao.law.deadlines import NaiveTime, count, due
from sanbao.law.register import UNITS, FigureRefused, NotInForce, UnknownRule, rule, rules

from .clock import scaled_microseconds

LOCAL = ZoneInfo("Asia/Shanghai")
ALLOWED_MICROSECONDS = 20

EARLIEST, LATEST = datetime(2022, 6, 1), datetime(2026, 8, 1)  # noqa: DTZ001 hypothesis adds the zone

starts = st.datetimes(EARLIEST, LATEST, timezones=st.sampled_from([LOCAL, UTC]))
figures = st.integers(1, 90)
units = st.sampled_from(UNITS)


@given(starts, starts, figures, units, st.booleans())
def test_a_later_start_never_ends_earlier(one: datetime, other: datetime, figure: int, unit: Any, roll: bool) -> None:
    early, late = sorted((one, other))
    assert count(figure, unit, early, roll=roll).ends <= count(figure, unit, late, roll=roll).ends


@given(starts, figures, units, st.booleans())
def test_a_larger_figure_never_ends_earlier(start: datetime, figure: int, unit: Any, roll: bool) -> None:
    assert count(figure, unit, start, roll=roll).ends <= count(figure + 1, unit, start, roll=roll).ends


@given(starts, figures, st.sampled_from(["days", "months", "working_days"]))
def test_a_rolling_period_never_ends_on_a_day_off(start: datetime, figure: int, unit: Any) -> None:
    assert official().is_workday(count(figure, unit, start, roll=True).last_day, provisional=True)


@given(starts, figures)
def test_working_days_between_start_and_end_are_as_many_as_the_figure(start: datetime, figure: int) -> None:
    last, day, worked = count(figure, "working_days", start).last_day, start.astimezone(LOCAL).date(), 0
    while day < last:
        day += timedelta(days=1)
        worked += official().is_workday(day, provisional=True)
    assert worked == figure


@given(starts, figures)
def test_the_last_safe_workday_is_the_last_one_within_the_period(start: datetime, figure: int) -> None:
    period = count(figure, "days", start)
    safe, day = None, period.starts.date()
    while day <= period.last_day:
        safe = day if official().is_workday(day) else safe
        day += timedelta(days=1)
    assert period.last_safe_workday == safe


@given(starts, st.integers(1, 60))
def test_working_hours_pass_only_inside_sessions(start: datetime, figure: int) -> None:
    period = count(figure, "working_hours", start)
    spent, day = timedelta(), period.starts.date()
    while day <= period.ends.date():
        if official().is_workday(day, provisional=True):
            for opens, closes in official().sessions:
                begin = max(datetime.combine(day, opens, LOCAL), period.starts)
                end = min(datetime.combine(day, closes, LOCAL), period.ends)
                spent += max(end - begin, timedelta())
        day += timedelta(days=1)
    assert spent == timedelta(hours=figure)


@given(starts, st.sampled_from(sorted(name for name, row in rules().items() if row.figures or row.longest_of)))
def test_every_rule_ends_after_it_starts_and_is_over_exactly_at_its_end(start: datetime, name: str) -> None:
    since = max((part.figures[0][0] for part in (rule(n) for n in rule(name).longest_of or (name,))), default=date.min)
    if start.astimezone(LOCAL).date() < since:
        with pytest.raises(NotInForce):
            due(name, start)
        return
    period = due(name, start)
    assert period.starts < period.ends
    assert period.is_over(period.ends) and not period.is_over(period.ends - timedelta(microseconds=1))


@given(starts)
def test_the_remedies_end_with_the_later_of_both(start: datetime) -> None:
    assert due("DL-14", start).ends == max(due("DL-14R", start).ends, due("DL-14L", start).ends)


@given(starts, figures)
def test_the_answer_does_not_depend_on_the_zone_of_the_question(start: datetime, figure: int) -> None:
    elsewhere = start.astimezone(ZoneInfo("America/New_York"))
    assert count(figure, "days", start).ends == count(figure, "days", elsewhere).ends


@pytest.mark.parametrize(
    ("start", "figure", "ends"),
    [
        ("2026-03-06T17:00", 2, "2026-03-09T09:30"),
        ("2025-12-31T17:00", 4, "2026-01-04T11:30"),
        ("2026-03-07T10:00", 4, "2026-03-09T15:00"),
        ("2026-02-27T17:00", 2, "2026-02-28T09:30"),
        ("2026-02-14T17:00", 4, "2026-02-24T11:30"),
        ("2026-03-06T17:00", 1, "2026-03-06T18:00"),
        ("2026-03-06T12:30", 7, "2026-03-09T12:00"),
        ("2026-03-06T18:00", 7, "2026-03-09T18:00"),
        ("2026-03-06T18:00", 14, "2026-03-10T18:00"),
        ("2026-03-06T12:00", 1, "2026-03-06T15:30"),
    ],
)
def test_working_hours_follow_sessions_and_make_up_days(start: str, figure: int, ends: str) -> None:
    begins = datetime.fromisoformat(start).replace(tzinfo=LOCAL)
    assert count(figure, "working_hours", begins).ends == datetime.fromisoformat(ends).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "provisional"), [("2026-12-31T17:00", True), ("2016-12-30T17:00", True), ("2026-12-31T09:00", False)]
)
def test_working_hours_are_unsure_where_the_holidays_are_not_known(start: str, provisional: bool) -> None:
    begins = datetime.fromisoformat(start).replace(tzinfo=LOCAL)
    assert count(4, "working_hours", begins).provisional is provisional


def test_working_hours_within_a_day_of_an_unknown_year_are_unsure() -> None:
    assert count(1, "working_hours", datetime(2027, 3, 1, 9, tzinfo=LOCAL)).provisional
    assert not count(1, "working_hours", datetime(2026, 3, 2, 9, tzinfo=LOCAL)).provisional


@pytest.mark.parametrize(
    ("start", "last"),
    [("2026-01-05T00:00", "2026-01-05"), ("2026-01-05T00:01", "2026-01-06"), ("2026-01-04T23:59", "2026-01-05")],
)
def test_hours_that_end_at_midnight_end_on_the_day_before(start: str, last: str) -> None:
    begins = datetime.fromisoformat(start).replace(tzinfo=LOCAL)
    assert count(24, "hours", begins).last_day == date.fromisoformat(last)


def test_the_first_day_counts_only_where_it_is_asked_for() -> None:
    monday = date(2026, 6, 1)
    assert count(1, "working_days", monday, first_day=True).last_day == monday
    assert count(1, "working_days", monday).last_day == date(2026, 6, 2)
    assert (due("DL-10", monday).last_day, due("DL-10", monday).legal_last_day) == (date(2026, 6, 30), date(2026, 7, 1))
    assert due("DL-02", monday).legal_last_day == due("DL-02", monday).last_day == date(2026, 6, 8)


def test_an_act_waits_for_the_next_day_or_for_the_next_working_day() -> None:
    assert due("DL-13", date(2026, 6, 2)).not_before == date(2026, 6, 6)
    assert due("DL-07", date(2026, 6, 3)).not_before == date(2026, 6, 15)
    assert due("DL-02", date(2026, 6, 3)).not_before is None


def test_clear_days_are_unsure_where_the_year_before_or_after_is() -> None:
    crossing = due("DL-07", date(2026, 12, 22))
    assert (crossing.last_day, crossing.not_before, crossing.provisional) == (date(2026, 12, 31), date(2027, 1, 1), True)
    assert not due("DL-07", date(2026, 12, 14)).provisional
    whole = official()
    gap = WorkCalendar(tuple(each for each in whole.notices if each.year != 2021), whole.zone, whole.sessions)
    assert due("DL-07", date(2021, 12, 28), calendar=gap).provisional
    assert not due("DL-07", date(2021, 12, 28)).provisional


def test_of_two_remedies_one_unsure_makes_the_answer_unsure() -> None:
    assert not due("DL-14R", date(2026, 9, 1)).provisional and due("DL-14L", date(2026, 9, 1)).provisional
    assert due("DL-14", date(2026, 9, 1)).provisional
    assert not due("DL-14", date(2026, 3, 2)).provisional


def test_a_period_is_counted_in_the_calendar_that_is_handed_over() -> None:
    whole = official()
    empty = WorkCalendar((), whole.zone, whole.sessions)
    assert due("DL-02", date(2026, 4, 30), calendar=empty).last_day == date(2026, 5, 7)
    assert count(5, "working_days", date(2026, 4, 30), calendar=empty).provisional
    assert due("DL-02", date(2026, 4, 30)) == due("DL-02", date(2026, 4, 30), calendar=whole)


def test_a_century_is_the_longest_period_and_a_unit_the_shortest() -> None:
    assert count(100, "years", date(2026, 1, 1)).last_day == date(2126, 1, 1)
    assert count(1, "years", date(2026, 1, 1)).last_day == date(2027, 1, 1)
    with pytest.raises(FigureRefused):
        count(101, "years", date(2026, 1, 1))


def test_a_rule_made_of_others_takes_no_figure() -> None:
    with pytest.raises(FigureRefused, match="DL-14R, DL-14L"):
        due("DL-14", date(2026, 1, 5), figure=9)


def test_a_late_evening_in_utc_belongs_to_the_next_local_day() -> None:
    assert count(1, "days", datetime(2026, 5, 31, 17, tzinfo=UTC)).last_day == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("unit", "figure"), [("weeks", 1), ("days", 0), ("days", -3), ("months", 10**9), ("working_days", 10**12)]
)
def test_what_nobody_can_count_is_refused(unit: Any, figure: int) -> None:
    with pytest.raises(FigureRefused):
        count(figure, unit, date(2026, 1, 1))


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTime):
        due("DL-02", datetime(2026, 9, 28, 16))  # noqa: DTZ001
    with pytest.raises(NaiveTime):
        due("DL-02", date(2026, 9, 28)).is_over(datetime(2026, 9, 29))  # noqa: DTZ001


def test_an_unknown_rule_says_so() -> None:
    with pytest.raises(UnknownRule, match="DL-99"):
        due("DL-99", date(2026, 1, 1))


def test_a_day_before_the_first_figure_is_refused() -> None:
    with pytest.raises(NotInForce, match="2021-07-15"):
        due("DL-02", date(2021, 7, 14))
    assert due("DL-02", date(2021, 7, 15)).last_day == date(2021, 7, 22)


def test_a_fixed_figure_cannot_be_replaced_and_an_open_one_must_be_given() -> None:
    with pytest.raises(FigureRefused, match="PL-64"):
        due("DL-02", date(2026, 1, 5), figure=3)
    with pytest.raises(FigureRefused):
        due("DL-04", date(2026, 1, 5))
    assert due("DL-04", date(2026, 1, 5), figure=24).ends == datetime(2026, 1, 6, tzinfo=LOCAL)


def test_a_local_figure_never_falls_below_the_statutory_floor() -> None:
    assert due("DL-18", date(2026, 1, 5), figure=15) == due("DL-18", date(2026, 1, 5))


def test_only_what_depends_on_holidays_is_provisional() -> None:
    late = date(2026, 12, 30)
    assert due("DL-08", late).provisional and due("DL-05", late).provisional and due("DL-06", late).provisional
    assert not due("DL-11", late).provisional and not due("DL-18", late).provisional
    assert not count(1, "working_days", late).provisional


def test_every_row_of_the_register_is_complete_and_cites_known_articles() -> None:
    assert {f"DL-{number:02}" for number in range(1, 36)} <= set(rules())
    for row in rules().values():
        assert row.what and row.what_zh and row.source and row.starts, row.id
        assert row.who in {"party", "agency", "third", "none"} and row.clear in {"", "day", "workday"}
        assert row.confidence in {"C2", "C1", "INF", "UNCONFIRMED"}
        assert row.figures or row.local or row.longest_of, row.id
        assert not (row.roll and row.who != "party"), f"{row.id}: only a party's period rolls"
        for article in row.cites:
            cite(article)


def test_one_deadline_takes_no_longer_than_twenty_microseconds() -> None:
    start = datetime(2026, 9, 28, 16, tzinfo=LOCAL)
    due("DL-02", start)
    for name in ("DL-02", "DL-05", "DL-08", "DL-14"):
        assert scaled_microseconds(lambda name=name: due(name, start), times=200) <= ALLOWED_MICROSECONDS
