"""The extra fine beyond the table of dates: stays, the cap, rounding, refusals."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.law.extra_fine import Stay, counted_days, days_to_cap, extra_fine, reaches_cap_on, terms
from sanbao.law.register import NotInForce

DUE = date(2026, 6, 1)
fines = st.decimals(Decimal("0.01"), Decimal("999999.99"), places=2)
late = st.integers(0, 400).map(lambda days: DUE + timedelta(days=days))
stays = st.lists(
    st.tuples(st.integers(-30, 120), st.integers(0, 90)).map(
        lambda pair: Stay(DUE + timedelta(days=pair[0]), DUE + timedelta(days=sum(pair)))
    ),
    max_size=4,
)


@given(fines, late, stays)
def test_it_never_exceeds_the_fine_and_never_falls_below_nothing(fine: Decimal, paid_on: date, held: list[Stay]) -> None:
    assert 0 <= extra_fine(fine, DUE, paid_on, held).amount <= fine


@given(late, stays)
def test_counted_days_are_those_in_no_stay(paid_on: date, held: list[Stay]) -> None:
    days = (DUE + timedelta(days=offset) for offset in range(1, (paid_on - DUE).days + 1))
    free = [day for day in days if not any(stay.first <= day <= (stay.until or paid_on) for stay in held)]
    assert counted_days(DUE, paid_on, held) == len(free)


def test_a_pending_remedy_stays_it_to_this_day() -> None:
    assert extra_fine(Decimal(1000), DUE, date(2026, 9, 1), [Stay(date(2026, 6, 4))]).days == 2


def test_paying_in_time_costs_nothing() -> None:
    assert extra_fine(Decimal(1000), DUE, DUE).amount == Decimal("0.00")
    assert extra_fine(Decimal(1000), DUE, DUE - timedelta(days=3)).days == 0


def test_the_cap_is_reached_on_the_thirty_fourth_day() -> None:
    assert days_to_cap(DUE) == 34
    reached = reaches_cap_on(DUE)
    assert extra_fine(Decimal(500), DUE, reached).capped
    assert not extra_fine(Decimal(500), DUE, reached - timedelta(days=1)).capped


def test_half_a_cent_is_rounded_up_once_at_the_end() -> None:
    assert extra_fine(Decimal("0.50"), DUE, DUE + timedelta(days=1)).amount == Decimal("0.02")
    assert extra_fine(Decimal("0.50"), DUE, DUE + timedelta(days=3)).amount == Decimal("0.05")


def test_stays_add_their_article() -> None:
    assert "PL-73" not in extra_fine(Decimal(1), DUE, DUE).articles
    assert "PL-73" in extra_fine(Decimal(1), DUE, DUE, [Stay(DUE)]).articles


@pytest.mark.parametrize("fine", ["0", "-5", "NaN", "Infinity"])
def test_a_fine_that_is_none_carries_no_extra_fine(fine: str) -> None:
    with pytest.raises(ValueError, match="no extra fine"):
        extra_fine(Decimal(fine), DUE, DUE)


def test_a_stay_cannot_end_before_it_begins_nor_a_rate_hold_before_its_day() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Stay(DUE, DUE - timedelta(days=1))
    with pytest.raises(NotInForce):
        extra_fine(Decimal(1), date(2021, 7, 14), DUE)


def test_the_first_day_of_a_rate_has_it() -> None:
    first = terms().rates[0].since
    assert extra_fine(Decimal(100), first, first + timedelta(days=1)).amount == Decimal("3.00")


def test_whether_the_day_of_payment_counts_is_data(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(terms(), counts_payment_day=False)
    monkeypatch.setattr("sanbao.law.extra_fine.terms", lambda: changed)
    assert extra_fine(Decimal(1000), DUE, DUE + timedelta(days=10)).days == 9


def test_a_rate_that_fills_the_cap_exactly_has_reached_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = tuple(replace(rate, per_day=Decimal("0.05")) for rate in terms().rates)
    changed = replace(terms(), rates=rates)
    monkeypatch.setattr("sanbao.law.extra_fine.terms", lambda: changed)
    assert days_to_cap(DUE) == 20
    assert extra_fine(Decimal(1000), DUE, DUE + timedelta(days=20)).capped
    assert not extra_fine(Decimal(1000), DUE, DUE + timedelta(days=19)).capped


def test_a_stay_of_one_day_is_a_stay() -> None:
    assert counted_days(DUE, DUE + timedelta(days=5), [Stay(DUE + timedelta(days=2), DUE + timedelta(days=2))]) == 4
