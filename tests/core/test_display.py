"""How days, moments and deadlines read."""

from datetime import UTC, date, datetime, timedelta, timezone

from django.template import Context, Template
from django.utils import translation

from sanbao.core import display

CHINA = timezone(timedelta(hours=8))


def test_an_instant_late_in_the_evening_of_greenwich_is_shown_by_the_local_day() -> None:
    at = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    with translation.override("zh-hans"):
        shown = Template("{% load sanbao %}{{ at|day }} {{ at|moment }}").render(Context({"at": at}))
    assert shown.count("24日") == 2 and "04:30" in shown


def test_the_year_is_shown_only_when_it_differs() -> None:
    with translation.override("zh-hans"):
        assert "2026" not in display.day_text(date(2026, 11, 22), today=date(2026, 1, 1))
        assert "2027" in display.day_text(date(2027, 1, 4), today=date(2026, 1, 1))


def test_a_period_that_ends_with_the_day_is_shown_by_its_last_day_and_one_within_a_day_by_its_moment() -> None:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=CHINA)
    with translation.override("zh-hans"):
        whole = display.due_of(datetime(2026, 11, 28, 0, 0, tzinfo=CHINA), now=now)
        hour = display.due_of(datetime(2026, 11, 27, 17, 30, tzinfo=CHINA), now=now)
    assert "27日" in whole.text and ":" not in whole.text
    assert "27日" in hour.text and "17:30" in hour.text
    assert "5" in whole.left and whole.tone == "ok"


def test_what_is_over_is_overdue_and_what_is_close_is_due_soon() -> None:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=CHINA)
    assert display.due_of(now, now=now).tone == "bad"
    assert display.due_of(now + timedelta(hours=30), now=now).tone == "warn"
    assert display.due_of(now - timedelta(days=3), now=now, met=True).tone == "ok"


def test_a_deadline_in_a_year_without_a_calendar_still_says_how_long() -> None:
    now = datetime(2026, 12, 28, 10, 0, tzinfo=CHINA)
    with translation.override("en"):
        shown = display.due_of(datetime(2027, 1, 8, 0, 0, tzinfo=CHINA), now=now, provisional=True)
    assert shown.left == "10 days left" and shown.provisional
