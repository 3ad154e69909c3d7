"""Runs the table of dates (`dates.toml`) against periods, windows and extra fines."""

import tomllib
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sanbao.law.calendar import official
from sanbao.law.deadlines import Due, due
from sanbao.law.extra_fine import Stay, extra_fine
from sanbao.law.windows import court_window, limitation, publication_window, record_period, remedies

VECTORS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "dates.toml").read_text("utf-8"))["vector"]
NUMBERED = {f"T{number}" for number in range(1, 38)}


def _answer(row: dict[str, Any]) -> Any:
    asked = {key: value for key, value in row.items() if key not in {"id", "part", "facts", "ask", "expect", "rule"}}
    match row.get("ask"):
        case None:
            return due(row["rule"], asked.pop("start"), **asked)
        case "extra_fine":
            stays = [Stay(first, until) for first, until in asked.pop("stays", [])]
            return extra_fine(Decimal(asked.pop("fine")), **asked, stays=stays)
        case "court_window":
            return court_window(asked.pop("served"), **asked)
        case "publication_window":
            return publication_window(**asked)
        case "record_period":
            return record_period(**asked)
        case "remedies":
            return remedies(asked.pop("served"), **asked)
        case "limitation":
            return limitation(**asked)
        case other:
            raise AssertionError(f"nobody answers {other}")


def _found(answer: Any, name: str, expected: Any) -> Any:
    if name == "over_on":
        return expected if answer.is_over(datetime.combine(expected, time(), official().zone)) else "not over"
    if name == "first_day_after":
        return answer.ends.date()
    found = getattr(answer, name)
    if found is None:
        return "none"
    if isinstance(found, Due):
        return found.last_day
    return str(found) if isinstance(found, Decimal) else found


@pytest.mark.parametrize("row", VECTORS, ids=[f"{row['id']} {row.get('part', '')}".strip() for row in VECTORS])
def test_the_table_of_dates_holds(row: dict[str, Any]) -> None:
    answer = _answer(row)
    assert {name: _found(answer, name, expected) for name, expected in row["expect"].items()} == row["expect"]


def test_every_numbered_vector_is_in_the_table() -> None:
    assert {row["id"] for row in VECTORS} == NUMBERED


def test_a_case_decided_on_the_last_day_is_in_time() -> None:
    period = due("DL-05", date(2026, 9, 1))
    assert not period.is_over(datetime(2026, 11, 30, 23, 59, 59, tzinfo=official().zone))
    assert period.is_over(datetime(2026, 12, 1, tzinfo=official().zone))
