"""The extra fine for late payment (加处罚款): its days, its amount, its cap, and the days that do not count.

Rate, cap and convention are data (`parameters/extra_fine.toml`). Whether an extra fine may be claimed at all (stated in the
decision, decision valid) is a guard's question, not answered here.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from pathlib import Path

from sanbao.law.calendar import DAY
from sanbao.law.money import to_cents
from sanbao.law.register import NotInForce

PARAMETERS = Path(__file__).parent / "parameters" / "extra_fine.toml"


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of a reconsideration or suit, first and last included; `until` is none while it is pending (PL 73)."""

    first: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.first:
            raise ValueError(f"A stay cannot end on {self.until} before it began on {self.first}.")


@dataclass(frozen=True, slots=True)
class ExtraFine:
    """What is owed on top: counted days, yuan with two places, whether the cap was reached, and the articles."""

    days: int
    amount: Decimal
    capped: bool
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """One dated row: share of the fine per day and in all."""

    since: date
    per_day: Decimal
    cap: Decimal
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Every dated rate, the articles on stays, and whether the day of payment counts."""

    rates: tuple[Rate, ...]
    stay_cites: tuple[str, ...]
    counts_payment_day: bool

    def rate_on(self, day: date) -> Rate:
        """The rate that holds on a day; raises `NotInForce`."""
        for rate in reversed(self.rates):
            if rate.since <= day:
                return rate
        raise NotInForce("extra fine", day, self.rates[0].since)


@lru_cache(maxsize=1)
def terms() -> Terms:
    """The parameters, read once."""
    with PARAMETERS.open("rb") as file:
        raw = tomllib.load(file)
    rates = [Rate(row["from"], Decimal(row["per_day"]), Decimal(row["cap"]), tuple(row["cites"])) for row in raw["rate"]]
    rates.sort(key=lambda rate: rate.since)
    return Terms(tuple(rates), tuple(raw["stay"]["cites"]), raw["counts_payment_day"])


def extra_fine(fine: Decimal, pay_until: date, paid_on: date, stays: Sequence[Stay] = ()) -> ExtraFine:
    """The extra fine on a fine of so many yuan due on `pay_until` and paid on `paid_on` (PL 72, 73; CL 45).

    Every calendar day after the last day for payment counts, holidays too; days of a stay do not. Rounded half up once, at
    the end; never more than the cap. Part payment is not treated here. Raises `ValueError` for a fine that is not positive.
    """
    if not fine.is_finite() or fine <= 0:
        raise ValueError(f"A fine of {fine} yuan carries no extra fine.")
    known = terms()
    rate = known.rate_on(pay_until)
    last = paid_on if known.counts_payment_day else paid_on - DAY
    days = counted_days(pay_until, last, stays)
    full, cap = fine * rate.per_day * days, fine * rate.cap
    articles = rate.cites + (known.stay_cites if stays else ())
    return ExtraFine(days, to_cents(min(full, cap)), full >= cap, articles)


def counted_days(pay_until: date, last: date, stays: Sequence[Stay] = ()) -> int:
    """Days after `pay_until` up to and with `last` that lie in no stay; overlapping stays are not counted twice."""
    days, free_from = max(0, (last - pay_until).days), pay_until + DAY
    for stay in sorted(stays, key=lambda stay: stay.first):
        begin = max(stay.first, free_from)
        end = min(stay.until or last, last)
        if begin <= end:
            days -= (end - begin).days + 1
            free_from = end + DAY
    return days


def days_to_cap(on: date) -> int:
    """How many counted days fill the cap at the rate of a day."""
    rate = terms().rate_on(on)
    return int((rate.cap / rate.per_day).to_integral_value(ROUND_CEILING))


def reaches_cap_on(pay_until: date) -> date:
    """The day on which the extra fine reaches its cap if nothing is paid and nothing stays it."""
    return pay_until + timedelta(days=days_to_cap(pay_until))
