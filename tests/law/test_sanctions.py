"""The catalogue: every row complete, dated, cited; amounts only where a norm gives them; ranges, bands, older or milder."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import sanbao.law
from sanbao.law.citations import cite
from sanbao.law.local import LOCKED, demo
from sanbao.law.records import Sanction
from sanbao.law.sanctions import (
    UnknownViolation,
    applicable,
    bands_for,
    catalogue,
    catalogue_on,
    hearing_required,
    lawful_range,
    levels,
    milder,
    simple_allowed,
    violation,
)

BEFORE, AFTER = date(2026, 8, 14), date(2026, 8, 15)
ROWS = [row for versions in catalogue().values() for row in versions]


def test_the_catalogue_holds_every_number_of_the_manual():
    assert {f"V{number:02}" for number in range(1, 47)} <= set(catalogue())
    assert {row.id for row in catalogue_on(AFTER)} - {row.id for row in catalogue_on(BEFORE)} == {"V15R"}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.id}@{row.valid_from}" for row in ROWS])
def test_every_row_is_complete_and_cites_known_articles(row):
    assert row.title and row.title_zh and row.conduct and row.conduct_zh and row.publication and row.department
    assert row.parties and row.level in levels()
    for id_ in (*row.provisions, *row.penalty, *(each.provision for each in row.ranges)):
        cite(id_)
    assert (row.amount == "national") == bool(row.ranges)
    assert all(each.min <= each.max for each in row.ranges)


def test_a_locked_locality_gives_no_figure_for_a_local_row():
    for row in catalogue_on(AFTER):
        for party in ("person", "unit"):
            for stage in ("first", "refusal"):
                if row.amount != "national":
                    assert lawful_range(row, party, LOCKED, AFTER, stage=stage) is None
    assert lawful_range(violation("V02", AFTER), "person", demo(), AFTER, stage="refusal").max == 1000
    assert LOCKED.grants == () and LOCKED.hearing is None and LOCKED.who_sets("hearing")


@pytest.mark.parametrize(
    ("id_", "party", "stage", "why", "low", "high"),
    [
        ("V30", "person", "first", "newer", 500, 5000),
        ("V30", "person", "refusal", "older", 500, 20000),
        ("V11", "unit", "first", "older", 50000, 500000),
        ("V11", "person", "first", "older", 100, 500),
        ("V12", "unit", "first", "undetermined", 50000, 500000),
        ("V15", "unit", "first", "older", 2000, 20000),
        ("V21", "unit", "first", "undetermined", 10000, 100000),
        ("V32", "person", "first", "newer", 500, 2000),
        ("V38", "person", "first", "same", 0, 20000),
    ],
)
def test_conduct_before_the_code_decided_after_it(id_, party, stage, why, low, high):
    found = applicable(id_, BEFORE, date(2026, 9, 10), party, LOCKED, stage)
    assert (found.why, found.range.min, found.range.max) == (why, low, high)


def test_an_act_that_was_no_violation_stays_none():
    with pytest.raises(UnknownViolation):
        applicable("V15R", BEFORE, AFTER, "unit", LOCKED)


def test_ranges_that_cross_cannot_be_compared():
    row = violation("V30", AFTER)
    first, second = row.ranges
    assert milder(first, second) == "older"
    assert milder(second, first) == "newer"
    assert milder(None, first) == "older"
    assert milder(first, None) == "newer"


def test_own_waste_under_the_code_is_for_persons_alone():
    row = violation("V11", AFTER)
    assert lawful_range(row, "person", LOCKED, AFTER, own_waste=True).max == 1000
    assert lawful_range(row, "person", LOCKED, AFTER).min == 100000
    assert lawful_range(row, "unit", LOCKED, AFTER, own_waste=True).min == 100000


def test_hearings_follow_the_local_operator_and_are_unknown_without_one():
    fine = Sanction(kinds=frozenset({"fine"}), fine=Decimal(3000))
    assert hearing_required(fine, "citizen", demo()) is False
    assert hearing_required(fine, "citizen", LOCKED) is None
    assert hearing_required(Sanction(kinds=frozenset({"warning"})), "citizen", LOCKED) is False
    assert hearing_required(Sanction(kinds=frozenset({"remove_building"})), "unit", LOCKED) is True


def test_the_spot_limits_are_dated():
    fine = Sanction(kinds=frozenset({"fine"}), fine=Decimal(200))
    assert simple_allowed(fine, "citizen", demo(), date(2021, 7, 15), facts_certain=True)
    assert not simple_allowed(fine, "citizen", demo(), date(2021, 7, 14), facts_certain=True)
    assert not simple_allowed(fine, "citizen", demo(), AFTER, facts_certain=None)


def test_bands_follow_row_party_stage_and_day():
    names = [band.circumstance for band in bands_for(demo(), "V02", "person", "refusal", AFTER)]
    assert names == ["minor", "general", "serious"]
    assert bands_for(demo(), "V02", "person", "first", AFTER) == []
    assert bands_for(demo(), "V02", "person", "refusal", date(2024, 12, 31)) == []


def test_no_figure_of_a_norm_stands_in_the_code():
    """Numbers above one are cache sizes and the hundred of a percentage, nothing else."""
    law = Path(sanbao.law.__file__).parent
    names = ("sanctions", "penalty", "execution_steps", "rectification", "measures", "facts", "records", "local", "figures")
    for path in [*(law / f"{name}.py" for name in names), *(law / "guards").glob("*.py")]:
        text = re.sub(r"maxsize=\d+|Decimal\(100\)", "0", path.read_text())
        found = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and type(node.value) is int]
        assert not [value for value in found if value > 1], path.name
