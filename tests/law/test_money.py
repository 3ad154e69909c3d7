"""Capitals against an independent writer, figures, and dates in characters."""

from datetime import date, datetime
from decimal import Decimal

import cn2an
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sanbao.law.chinese_dates import in_characters, in_figures, to_the_minute
from sanbao.law.money import capitals, figures, to_cents


@given(st.integers(1, 10**18 - 1) | st.builds(lambda n, zeros: n * 10**zeros, st.integers(1, 99999), st.integers(0, 12)))
@example(1)
@example(1_000_000_000_01)
def test_capitals_agree_with_an_independent_writer(cents: int) -> None:
    amount = Decimal(cents) / 100
    if amount < 10**16:
        assert capitals(amount) == cn2an.an2cn(f"{amount:.2f}", "rmb")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.50", "伍角"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("10200", "壹万零贰佰元整"),
        ("3000", "叁仟元整"),
        ("10.05", "壹拾元零伍分"),
        ("1999.995", "贰仟元整"),
        ("20000.35", "贰万元叁角伍分"),
        ("100005000", "壹亿零伍仟元整"),
        ("11000", "壹万壹仟元整"),
        ("10999", "壹万零玖佰玖拾玖元整"),
        ("1000000000000", "壹万亿元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
    ],
)
def test_amounts_are_written_as_banks_ask(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "10000000000000000"])
def test_what_cannot_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="capitals"):
        capitals(Decimal(amount))


def test_figures_have_separators_and_round_half_up() -> None:
    assert figures(Decimal("1234567.125")) == "1,234,567.13"
    assert figures(Decimal(0)) == "0.00"
    assert to_cents(Decimal("2.665")) == Decimal("2.67")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "二〇二六年十一月二十三日"),
        (date(2030, 10, 10), "二〇三〇年十月十日"),
        (date(2026, 1, 1), "二〇二六年一月一日"),
        (date(2026, 12, 31), "二〇二六年十二月三十一日"),
        (date(2026, 2, 20), "二〇二六年二月二十日"),
    ],
)
def test_dates_are_written_in_characters(day: date, words: str) -> None:
    assert in_characters(day) == words


def test_dates_and_times_are_written_in_figures() -> None:
    assert in_figures(date(2026, 1, 5)) == "2026年1月5日"
    assert to_the_minute(datetime.fromisoformat("2026-01-05T09:05+08:00")) == "2026年1月5日9时05分"
