"""Limitation, publication, dishonesty records and the court window beyond the table of dates."""

from datetime import UTC, date, datetime

import pytest

from sanbao.law.calendar import WorkCalendar, official
from sanbao.law.windows import court_window, limitation, publication_window, record_period, remedies


def test_grave_harm_extends_limitation_to_five_years() -> None:
    ended, found = date(2022, 3, 1), date(2027, 3, 1)
    assert limitation(ended, found).barred
    assert not limitation(ended, found, grave=True).barred
    assert limitation(ended, date(2027, 3, 2), grave=True).barred


def test_an_act_that_ended_on_leap_day_is_barred_after_the_end_of_february() -> None:
    assert limitation(date(2024, 2, 29), date(2026, 2, 28)).barred is False
    assert limitation(date(2024, 2, 29), date(2026, 3, 1)).barred is True


def test_a_decision_served_too_late_has_an_empty_publication_window() -> None:
    window = publication_window(date(2026, 4, 28), date(2026, 5, 20))
    assert window.first > window.last


def test_service_late_in_the_evening_in_utc_opens_the_window_on_the_local_day() -> None:
    assert publication_window(date(2026, 6, 1), datetime(2026, 6, 1, 16, 30, tzinfo=UTC)).first == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("grade", "repair_from", "ends_on"),
    [
        ("minor", None, date(2026, 8, 31)),
        ("general", date(2026, 8, 31), date(2027, 5, 31)),
        ("serious", date(2027, 5, 31), date(2029, 5, 31)),
    ],
)
def test_a_dishonesty_record_is_shown_by_its_grade(grade: str, repair_from: date | None, ends_on: date) -> None:
    period = record_period(grade, date(2026, 5, 31))  # type: ignore[arg-type]
    assert (period.repair_from, period.ends_on) == (repair_from, ends_on)


def test_an_on_the_spot_penalty_offers_reconsideration_alone() -> None:
    assert remedies(date(2026, 8, 6), on_the_spot=True).litigation is None
    ordinary = remedies(date(2026, 8, 6))
    assert ordinary.litigation is not None and ordinary.expiry.last_day == ordinary.litigation.last_day


def test_the_court_window_opens_when_the_remedies_are_over() -> None:
    served = date(2026, 1, 15)
    window = court_window(served)
    assert window.first == remedies(served).expiry.ends.date()
    assert window.last == date(2026, 10, 15) and not window.provisional


def test_both_remedies_are_told_with_their_own_last_day() -> None:
    found = remedies(date(2026, 8, 4))
    assert found.litigation is not None
    assert (found.reconsideration.last_day, found.litigation.last_day) == (date(2026, 10, 8), date(2027, 2, 4))
    assert (found.reconsideration.rule, found.litigation.rule, found.expiry.rule) == ("DL-14R", "DL-14L", "DL-14")


def test_a_court_window_is_unsure_where_the_end_of_the_remedies_was() -> None:
    whole = official()
    gap = WorkCalendar(tuple(each for each in whole.notices if each.year != 2022), whole.zone, whole.sessions)
    served = date(2022, 5, 10)
    assert court_window(served, calendar=gap).provisional and not court_window(served).provisional
