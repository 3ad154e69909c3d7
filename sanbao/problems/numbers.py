"""Numbers of reports and findings: per district, kind and year, in the same transaction as the row.

Numbers of papers are given by `core.documents`. A report's number ends in four characters of chance, so that nobody reads the
reports of others by counting.
"""

import secrets
from datetime import datetime

from sanbao.core import clock
from sanbao.core.serials import next_serials

# Without 0, O, 1, I, L and U: read out on the telephone and copied by hand.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def take(kind: str, at: datetime, count: int = 1) -> range:
    """Take the next `count` serials of a kind for the year of `at`, in one step; call inside the transaction of the rows."""
    return next_serials(kind, clock.local_day(at).year, count)


def report_numbers(at: datetime, count: int = 1) -> list[str]:
    """`2026-0000123-7QF4`: the year, a serial, and four characters of chance."""
    year = clock.local_day(at).year
    chance = secrets.token_bytes(4 * count)
    tails = ["".join(LETTERS[byte % 30] for byte in chance[n * 4 : n * 4 + 4]) for n in range(count)]
    return [f"{year}-{serial:07d}-{tail}" for serial, tail in zip(take("report", at, count), tails, strict=True)]


def finding_number(at: datetime) -> str:
    """`W2026-0000123`."""
    return f"W{clock.local_day(at).year}-{take('finding', at)[0]:07d}"
