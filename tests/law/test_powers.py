"""Grants of powers, figures by date, ages: the small facts other guards stand on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sanbao.law.actors import Grant
from sanbao.law.figures import UnknownFigure, age_on, figure, local_day, rows_on

GRANT = Grant(
    agency="bureau",
    items=frozenset({"V01", "V02"}),
    areas=frozenset({"990101"}),
    grantor="province",
    grantor_level="province",
    document="No. 1",
    valid_from=date(2022, 1, 1),
    valid_to=date(2025, 12, 31),
)
EVERYTHING = frozenset({"*"})


@pytest.mark.parametrize(
    ("agency", "item", "area", "on", "reaches"),
    [
        ("bureau", "V02", "990101", date(2024, 6, 1), True),
        ("street", "V02", "990101", date(2024, 6, 1), False),
        ("bureau", "V03", "990101", date(2024, 6, 1), False),
        ("bureau", "V02", "990102", date(2024, 6, 1), False),
        ("bureau", "V02", "990101", date(2021, 12, 31), False),
        ("bureau", "V02", "990101", date(2022, 1, 1), True),
        ("bureau", "V02", "990101", date(2025, 12, 31), True),
        ("bureau", "V02", "990101", date(2026, 1, 1), False),
    ],
)
def test_a_grant_reaches_its_agency_items_areas_and_days(agency: str, item: str, area: str, on: date, reaches: bool) -> None:
    assert GRANT.covers(agency, item, area, on) is reaches


def test_a_grant_over_everything_everywhere_and_without_an_end() -> None:
    day = date(2030, 1, 1)
    assert replace(GRANT, valid_to=None).covers("bureau", "V02", "990101", day)
    assert replace(GRANT, items=EVERYTHING, valid_to=None).covers("bureau", "V99", "990101", day)
    assert replace(GRANT, areas=EVERYTHING, valid_to=None).covers("bureau", "V02", "990199", day)
    assert not replace(GRANT, areas=EVERYTHING, valid_to=None).covers("bureau", "V99", "990199", day)


def test_a_figure_holds_from_its_day_until_the_next_one() -> None:
    assert [figure("spot_fine_person", day) for day in (date(1996, 10, 1), date(2021, 7, 14), date(2021, 7, 15))] == [50, 50, 200]
    with pytest.raises(UnknownFigure, match="1996-09-30"):
        figure("spot_fine_person", date(1996, 9, 30))
    with pytest.raises(UnknownFigure, match="nothing"):
        figure("nothing", date(2026, 1, 1))


def test_the_figures_of_a_day_leave_out_what_did_not_hold_yet() -> None:
    now = {str(row["key"]): row["value"] for row in rows_on(date(2026, 1, 1))}
    then = {str(row["key"]): row["value"] for row in rows_on(date(2000, 1, 1))}
    assert (now["cash_small"], then["cash_small"]) == (100, 20)
    assert "failed_direct" in now and "failed_direct" not in then and "officers" in then


def test_a_legal_day_is_the_local_one_and_needs_an_offset() -> None:
    assert local_day(datetime(2026, 5, 31, 16, tzinfo=UTC)) == date(2026, 6, 1)
    with pytest.raises(ValueError, match="offset"):
        local_day(datetime(2026, 6, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2010, 6, 15), date(2026, 6, 14), 15),
        (date(2010, 6, 15), date(2026, 6, 15), 16),
        (date(2010, 6, 15), date(2026, 5, 20), 15),
        (date(2010, 6, 15), date(2026, 7, 1), 16),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
    ],
)
def test_full_years_of_age(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age
