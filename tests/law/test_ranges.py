"""Ranges, thresholds, bands and milder law as tables: who is reached, from which day, at which figure."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sanbao.law import sanctions
from sanbao.law.figures import UnknownFigure
from sanbao.law.local import LOCKED, Band, Local, LocalAmount, Threshold, demo, parse_local
from sanbao.law.records import Sanction
from sanbao.law.sanctions import (
    CATALOGUE,
    Range,
    UnknownViolation,
    applicable,
    bands_for,
    capped,
    catalogue,
    catalogue_on,
    hearing_required,
    lawful_range,
    milder,
    rectify_first,
    simple_allowed,
    spot_limit,
    violation,
)

from .faults import clear_caches

DAY = date(2026, 6, 10)


def span(low: object, high: object, **more: Any) -> Range:
    return Range(min=Decimal(str(low)), max=Decimal(str(high)), **more)


@pytest.mark.parametrize(
    ("given", "asked", "fits"),
    [
        ({}, ("person", "first", None, None), True),
        ({}, ("unit", "refusal", "owner", True), True),
        ({"party": "unit"}, ("unit", "first", None, None), True),
        ({"party": "unit"}, ("person", "first", None, None), False),
        ({"stage": "refusal"}, ("person", "refusal", None, None), True),
        ({"stage": "refusal"}, ("person", "first", None, None), False),
        ({"role": "builder"}, ("unit", "first", "builder", None), True),
        ({"role": "builder"}, ("unit", "first", "owner", None), False),
        ({"role": "builder"}, ("unit", "first", None, None), False),
        ({"own_waste": True}, ("person", "first", None, True), True),
        ({"own_waste": True}, ("person", "first", None, False), False),
        ({"own_waste": True}, ("person", "first", None, None), False),
        ({"own_waste": False}, ("person", "first", None, None), True),
        ({"own_waste": False}, ("person", "first", None, True), False),
    ],
)
def test_a_range_fits_party_stage_role_and_waste(given: dict[str, Any], asked: Any, fits: bool) -> None:
    assert span(1, 2, **given).fits(*asked) is fits


def test_a_share_of_the_cost_becomes_yuan_when_the_cost_is_known() -> None:
    share = span(5, 10, unit="percent_of_cost", provision="P-1", level="law", party="unit")
    assert share.in_yuan(None) is None
    assert share.in_yuan(Decimal(2000)) == span(100, 200, provision="P-1", level="law", party="unit")
    assert span(5, 10).in_yuan(None) == span(5, 10)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((100, 500), (100, 500), "older"),
        ((100, 500), (100, 499), "newer"),
        ((100, 500), (99, 500), "newer"),
        ((100, 500), (99, 499), "newer"),
        ((100, 500), (101, 500), "older"),
        ((100, 500), (100, 501), "older"),
        ((100, 500), (101, 501), "older"),
        ((100, 500), (99, 501), "undetermined"),
        ((100, 500), (101, 499), "undetermined"),
    ],
)
def test_the_milder_range_is_lower_at_no_end_higher(before: Any, after: Any, verdict: str) -> None:
    assert milder(span(*before), span(*after)) == verdict


def test_yuan_and_shares_cannot_be_compared() -> None:
    assert milder(span(1, 2), span(1, 2, unit="percent_of_cost")) == "undetermined"
    assert milder(None, None) == "older"


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        (("department_rule", 5000, 50000), [("law", 2000, 20000)], (5000, 20000)),
        (("department_rule", 5000, 50000), [("law", 2000, 4000)], (4000, 4000)),
        (("department_rule", 5000, 50000), [("local_rule", 1, 2)], (5000, 50000)),
        (("department_rule", 5000, 50000), [("law", 2000, 60000)], (5000, 50000)),
        (("department_rule", 5000, 50000), [("", 1, 2)], (5000, 50000)),
        (("department_rule", 5000, 50000), [("law", 1, 30000), ("admin_regulation", 1, 20000)], (5000, 20000)),
        (("law", 5000, 50000), [("law", 1, 2)], (5000, 50000)),
        (("law", 5000, 50000), [("department_rule", 1, 2)], (5000, 50000)),
        (("", 5000, 50000), [("law", 1, 2)], (5000, 50000)),
    ],
)
def test_a_norm_of_a_higher_level_is_the_ceiling(own: Any, others: Any, expected: Any) -> None:
    level, low, high = own
    found = capped(
        span(low, high, level=level, party="unit", provision="P-1", basis="b"), [span(a, b, level=c) for c, a, b in others]
    )
    assert (found.min, found.max) == expected
    assert (found.level, found.party, found.provision, found.basis) == (level, "unit", "P-1", "b")


def test_a_share_is_no_ceiling_for_yuan() -> None:
    own = span(5000, 50000, level="department_rule")
    assert capped(own, [span(1, 2, level="law", unit="percent_of_cost")]) is own


def test_a_row_holds_from_its_first_to_its_last_day() -> None:
    old, new = violation("V30", date(2026, 8, 14)), violation("V30", date(2026, 8, 15))
    assert (old.valid_from, old.valid_to, new.valid_to) == (date(2018, 10, 26), date(2026, 8, 14), None)
    assert [old.holds(day) for day in (date(2018, 10, 25), date(2018, 10, 26), date(2026, 8, 14), date(2026, 8, 15))] == [
        False,
        True,
        True,
        False,
    ]
    assert new.holds(date(2199, 1, 1))
    with pytest.raises(UnknownViolation, match="V30 on 2018-10-25"):
        violation("V30", date(2018, 10, 25))
    assert {row.id for row in catalogue_on(date(1992, 8, 1))} < {row.id for row in catalogue_on(DAY)}


def amount(**more: Any) -> LocalAmount:
    given = {
        "row": "V02",
        "party": "any",
        "stage": "any",
        "min": Decimal(1),
        "max": Decimal(2),
        "provision": "P-1",
        "level": "local_rule",
    }
    return LocalAmount(**{**given, "basis": "b", "valid_from": date(2022, 1, 1), **more})


@pytest.mark.parametrize(
    ("given", "asked", "found"),
    [
        ({}, {}, True),
        ({"row": "V01"}, {}, False),
        ({"party": "unit"}, {}, False),
        ({"party": "person"}, {}, True),
        ({"stage": "refusal"}, {}, False),
        ({"stage": "refusal"}, {"stage": "refusal"}, True),
        ({}, {"on": date(2021, 12, 31)}, False),
        ({}, {"on": date(2022, 1, 1)}, True),
        ({"valid_to": date(2026, 6, 10)}, {}, True),
        ({"valid_to": date(2026, 6, 9)}, {}, False),
    ],
)
def test_a_local_amount_reaches_its_row_party_stage_and_days(given: dict[str, Any], asked: dict[str, Any], found: bool) -> None:
    local = Local(locality="x", amounts=(amount(**given),))
    range_ = lawful_range(violation("V02", DAY), "person", local, asked.get("on", DAY), stage=asked.get("stage", "first"))
    assert (range_ is not None) is found
    if range_:
        assert (range_.min, range_.max, range_.provision, range_.level, range_.basis) == (1, 2, "P-1", "local_rule", "b")


def test_a_local_amount_for_a_row_of_the_police_gives_no_range() -> None:
    local = Local(locality="x", amounts=(amount(row="V46"),))
    assert lawful_range(violation("V46", DAY), "person", local, DAY) is None


@pytest.mark.parametrize(
    ("row", "given", "first"),
    [
        ("V02", {}, True),
        ("V02", {"rectify_first": False}, False),
        ("V02", {"rectify_first": False, "row": "V01"}, True),
        ("V02", {"rectify_first": False, "valid_from": date(2026, 6, 10)}, False),
        ("V02", {"rectify_first": False, "valid_from": date(2026, 6, 11)}, True),
        ("V38", {}, False),
        ("V38", {"row": "V38", "rectify_first": True}, True),
    ],
)
def test_the_local_provision_decides_whether_an_order_comes_first(row: str, given: dict[str, Any], first: bool) -> None:
    assert rectify_first(violation(row, DAY), Local(locality="x", amounts=(amount(**given),)), DAY) is first


def test_an_act_before_the_row_that_judges_later_is_for_a_person_to_compare() -> None:
    found = applicable("V15R", date(2026, 8, 20), date(2026, 8, 10), "unit", LOCKED)
    assert found.why == "undetermined" and found.row.valid_from == date(2026, 8, 15)
    same = applicable("V30", date(2026, 8, 20), date(2026, 9, 1), "person", LOCKED)
    assert (same.why, same.row.valid_from, same.range and same.range.max) == ("same", date(2026, 8, 15), 5000)


def penalty(*kinds: Any, **more: Any) -> Sanction:
    return Sanction(kinds=frozenset(kinds), **{name: Decimal(str(value)) for name, value in more.items()})


@pytest.mark.parametrize(
    "kind",
    ["downgrade", "revoke_licence", "stop_business", "close_down", "restrict_career", "confiscate_goods", "remove_building"],
)
def test_grave_kinds_always_carry_a_hearing(kind: Any) -> None:
    assert hearing_required(penalty(kind), "citizen", LOCKED) is True


@pytest.mark.parametrize(
    ("sanction", "kind", "required"),
    [
        (penalty("warning"), "citizen", False),
        (penalty("fine", fine=0), "citizen", False),
        (penalty("fine", fine=3000), "citizen", False),
        (penalty("fine", fine="3000.01"), "citizen", True),
        (penalty("fine", fine="3000.01"), "individual_business", True),
        (penalty("fine", fine=50000), "unit", False),
        (penalty("fine", fine="50000.01"), "unit", True),
        (penalty("confiscate_gains", confiscation=3000), "citizen", False),
        (penalty("confiscate_gains", confiscation=3001), "citizen", True),
        (penalty("fine", "confiscate_gains", fine=100, confiscation=3001), "citizen", True),
        (penalty("fine", "confiscate_gains", fine=100, confiscation=100), "citizen", False),
        (penalty("suspend_licence"), "citizen", False),
    ],
)
def test_a_hearing_is_due_above_the_local_sums(sanction: Sanction, kind: Any, required: bool) -> None:
    assert hearing_required(sanction, kind, demo()) is required


def test_confiscation_without_a_threshold_of_its_own_is_not_decided() -> None:
    local = replace(demo(), hearing=replace(demo().hearing, confiscation_same_threshold=False))
    assert hearing_required(penalty("confiscate_gains", confiscation=3001), "citizen", local) is None
    assert hearing_required(penalty("confiscate_gains", confiscation=1), "citizen", local) is None
    assert hearing_required(penalty("fine", fine=1), "citizen", local) is False
    assert hearing_required(penalty("fine", "confiscate_gains", fine=3001, confiscation=1), "citizen", local) is True


@pytest.mark.parametrize(
    ("op", "sum_", "reached"), [("GE", 99, False), ("GE", 100, True), ("GE", 101, True), ("GT", 100, False), ("GT", 101, True)]
)
def test_a_threshold_includes_its_figure_or_not(op: Any, sum_: int, reached: bool) -> None:
    assert Threshold(Decimal(100), op).reached(Decimal(sum_)) is reached


def test_the_limit_on_the_spot_follows_party_and_day() -> None:
    assert [spot_limit(kind, demo(), DAY) for kind in ("citizen", "individual_business", "unit")] == [200, 200, 3000]
    assert spot_limit("individual_business", replace(demo(), party_class_individual_business="unit"), DAY) == 3000
    with pytest.raises(UnknownFigure):
        spot_limit("citizen", demo(), date(1996, 9, 30))


@pytest.mark.parametrize(
    ("sanction", "certain", "allowed"),
    [
        (penalty("fine", fine=200), True, True),
        (penalty("fine", fine=200), False, False),
        (penalty("fine", fine=200), None, False),
        (penalty("fine", fine="200.01"), True, False),
        (penalty("warning"), True, True),
        (penalty("warning", "fine", fine=200), True, True),
        (penalty(fine=200), True, False),
        (penalty("fine", "criticism", fine=200), True, False),
        (penalty("fine", fine=200, confiscation=5000), True, False),
    ],
)
def test_on_the_spot_only_a_warning_or_a_small_fine_for_certain_facts(sanction: Sanction, certain: Any, allowed: bool) -> None:
    assert simple_allowed(sanction, "citizen", demo(), DAY, facts_certain=certain) is allowed


def band(**more: Any) -> Band:
    given = {
        "version": "1",
        "row": "V02",
        "party": "any",
        "stage": "any",
        "circumstance": "x",
        "min": Decimal(1),
        "max": Decimal(2),
    }
    return Band(**{**given, "valid_from": date(2025, 1, 1), **more})


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, True),
        ({"row": "V01"}, False),
        ({"party": "person"}, True),
        ({"party": "unit"}, False),
        ({"stage": "first"}, True),
        ({"stage": "refusal"}, False),
        ({"valid_from": DAY}, True),
        ({"valid_from": date(2026, 6, 11)}, False),
        ({"valid_to": DAY}, True),
        ({"valid_to": date(2026, 6, 9)}, False),
    ],
)
def test_a_band_reaches_its_row_party_stage_and_days(given: dict[str, Any], found: bool) -> None:
    assert bool(bands_for(Local(locality="x", bands=(band(**given),)), "V02", "person", "first", DAY)) is found


def test_the_mildest_band_comes_first() -> None:
    bands = (band(min=Decimal(5), max=Decimal(9)), band(min=Decimal(1), max=Decimal(4)), band(min=Decimal(1), max=Decimal(3)))
    assert [each.max for each in bands_for(Local(locality="x", bands=bands), "V02", "person", "first", DAY)] == [3, 4, 9]


def test_a_file_that_decides_nothing_leaves_everything_open() -> None:
    local = parse_local({"locality": "x"})
    assert (
        not local.invented and local.warning_en == local.warning_zh == "" and local.grants == local.amounts == local.bands == ()
    )
    for name in ("hearing", "collective", "organ", "court", "defence_window", "public_notice_days", "night", "exposure_basis"):
        assert getattr(local, name) is None, name
    assert (
        local.party_class("individual_business") == local.party_class("citizen") == "person"
        and local.party_class("unit") == "unit"
    )
    assert (
        local.who_sets("hearing") == ""
        and parse_local({"locality": "x", "unset": {"hearing": "the province"}}).who_sets("hearing") == "the province"
    )


def test_what_a_file_decides_is_read() -> None:
    local = demo()
    assert local.invented and "Invented" in local.warning_en and "虚构" in local.warning_zh
    assert (local.organ, local.court, local.defence_window, local.public_notice_days) == (
        "示例区人民政府",
        "示例区人民法院",
        5,
        30,
    )
    assert local.hearing and local.hearing.confiscation_same_threshold and local.hearing.valid_from == date(2021, 7, 15)
    assert (
        local.collective
        and (local.collective.quorum, local.collective.sums["unit"]) == (3, 50000)
        and "close_down" in local.collective.kinds
    )
    more = {"night": [21, 7], "exposure_basis": "X-1", "party_class_individual_business": "unit", "invented": True}
    night = parse_local({"locality": "x", **more})
    assert (night.night, night.exposure_basis, night.party_class("individual_business"), night.invented) == (
        (21, 7),
        "X-1",
        "unit",
        True,
    )
    assert {(each.row, each.party, each.stage, each.min) for each in local.amounts} >= {
        ("V03", "unit", "refusal", 500),
        ("V05", "any", "first", 50),
    }
    assert [each.rectify_first for each in local.amounts if each.row == "V05"] == [False]


def test_a_grant_is_found_for_its_agency_item_area_and_day() -> None:
    found = demo().grant_for("bureau", "V02", "990101", DAY)
    assert found and found.items == frozenset({"*"}) and found.grantor_level == "province"
    assert demo().grant_for("street", "V02", "990101", DAY) is None and LOCKED.grant_for("bureau", "V02", "990101", DAY) is None


def versions(folder: Path, monkeypatch: pytest.MonkeyPatch, *days: tuple[str, str]) -> list[date]:
    """The first days of the versions of one row, read from a catalogue of its own."""
    row = (CATALOGUE / "appearance.toml").read_text("utf-8").split("[[row]]")[1]
    plain = re.sub(r"valid_(from|to) = .*\n", "", row)
    spans = [f"[[row]]{plain}\n".replace("id = ", f"valid_from = {since}\n{until}\nid = ", 1) for since, until in days]
    (folder / "rows.toml").write_text("".join(spans), "utf-8")
    monkeypatch.setattr(sanctions, "CATALOGUE", folder)
    catalogue.cache_clear()
    try:
        return [each.valid_from for rows in catalogue().values() for each in rows]
    finally:
        clear_caches(keep=set())  # rows are compared by identity: none of this catalogue may stay remembered


def test_versions_of_a_row_follow_one_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = versions(tmp_path, monkeypatch, ("2026-08-15", ""), ("2020-01-01", "valid_to = 2026-08-14"))
    assert found == [date(2020, 1, 1), date(2026, 8, 15)]


@pytest.mark.parametrize("until", ["", "valid_to = 2026-08-15", "valid_to = 2027-01-01"])
def test_versions_that_hold_on_the_same_day_are_refused(until: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="two versions hold on 2026-08-15"):
        versions(tmp_path, monkeypatch, ("2020-01-01", until), ("2026-08-15", ""))


def test_the_hours_a_row_suggests_are_a_span() -> None:
    hours = {row.id: row.rectify_hours for row in catalogue_on(DAY) if row.rectify_hours}
    assert hours and all(low <= high for low, high in hours.values()) and any(low < high for low, high in hours.values())
