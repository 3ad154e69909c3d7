"""Giving numbers without gaps: one counter per district, kind and year, moved inside the transaction of what is numbered."""

from typing import Final

from django.db import connection

from sanbao.core.district import current_id

# One statement, so that two transactions can never be given the same number, on the first day of a year neither.
TAKE: Final = (
    "INSERT INTO core_sequence (district_id, kind, year, last) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (district_id, kind, year) DO UPDATE SET last = core_sequence.last + excluded.last RETURNING last"
)


def next_serials(kind: str, year: int, count: int) -> range:
    """The next `count` numbers of a kind and year in one step; taken back if the caller's transaction fails."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [current_id(), kind, year, count])
        [last] = cursor.fetchone()
    return range(last - count + 1, last + 1)
