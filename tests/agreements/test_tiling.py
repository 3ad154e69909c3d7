"""Tiling: no gap and no overlap between zones, whatever was measured and in whatever order it was changed; each rule's table."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanbao.agreements.zones import tiling
from sanbao.agreements.zones.rules import DEFAULT, centimetres, depth_of, known_rules, read_rule, snow_of
from sanbao.agreements.zones.tiling import EXPLAINED, NOBODY, ZONE, Boundary, Lateral, NoFront, Span, tile

TABLE = tomllib.loads((Path(__file__).parent / "zones.toml").read_text("utf-8"))["case"]
LENGTH = 10_000
places = st.integers(-500, LENGTH + 500)
extents = st.tuples(places, st.integers(1, 4_000)).map(lambda pair: (pair[0], pair[0] + pair[1]))
spans = st.lists(
    st.builds(
        lambda who, extent, shared, reach: Span(who, *extent, shared, reach),
        st.integers(0, 12), extents, st.booleans(), st.sampled_from([0, 0, 0, 500, 1_500]),
    ),
    max_size=10,
)  # fmt: skip
no_fronts = st.lists(
    st.builds(lambda extent, about: NoFront(*extent, about), extents, st.sampled_from(["wall", "green"])), max_size=4
)
boundaries = st.lists(st.builds(Boundary, st.integers(0, 12), st.integers(0, 12), places), max_size=4)
limits = st.none() | st.integers(0, 3_000)
laterals = st.builds(Lateral, limits, st.integers(0, 1_500), limits)


def insist_exact(found: tiling.Tiling, length: int = LENGTH) -> None:
    """The tiles follow one another from 0 to the length and their kinds add up to it."""
    reached = 0
    for each in found.tiles:
        assert each.start == reached and each.width > 0, found.tiles
        assert bool(each.holders) == (each.kind == ZONE)
        reached = each.end
    assert reached == length
    assert sum(found.metres(kind) for kind in (ZONE, EXPLAINED, NOBODY)) == length


@settings(max_examples=400)
@given(spans, laterals, no_fronts, boundaries)
def test_zones_neither_overlap_nor_leave_anything_unsaid(fronts, lateral, closed, decided):
    found = tile(fronts, LENGTH, lateral, closed, decided)
    insist_exact(found)
    for at in range(0, LENGTH, 97):
        claims = {(max(s.start, 0), min(s.end, LENGTH), n) for n, s in enumerate(fronts) if s.start <= at < s.end}
        explained = any(each.start <= at < each.end for each in closed)
        assert any(start <= at < end for start, end in found.gaps) == (not claims and not explained)
        doubled = any(start <= at < end for start, end in found.overlaps)
        assert not doubled or len(claims) > 1
        assert doubled or len({(start, end) for start, end, _ in claims}) < 2
        piece = next(each for each in found.tiles if each.start <= at < each.end)
        if claims:
            assert piece.kind == ZONE
        elif explained:
            assert piece.kind == EXPLAINED


@settings(max_examples=200)
@given(spans, no_fronts)
def test_where_the_rule_says_to_the_neighbour_nothing_is_nobodys(fronts, closed):
    found = tile(fronts, LENGTH, Lateral())
    assert found.metres(NOBODY) == (0 if any(s.start < LENGTH and s.end > 0 for s in fronts) else LENGTH)
    shut = tile(fronts, LENGTH, Lateral(), closed)
    for each in shut.tiles:
        if each.kind == NOBODY:
            # Only between two explained stretches, where no front stands, may something stay nobody's.
            assert not any(s.start < each.end and s.end > each.start for s in fronts)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 800), st.integers(200, 1_500)), min_size=1, max_size=9), laterals)
def test_fronts_measured_well_keep_all_they_have(steps, lateral):
    reached, fronts = 0, []
    for number, (gap, width) in enumerate(steps):
        fronts.append(Span(number, reached + gap, reached + gap + width))
        reached += gap + width
    found = tile(fronts, reached + 100, lateral)
    insist_exact(found, reached + 100)
    assert not found.overlaps and not found.without_zone
    for front in fronts:
        (mine,) = found.zones_of(front.holder)
        assert mine.start <= front.start and front.end <= mine.end


@settings(max_examples=200)
@given(spans, laterals, no_fronts)
def test_the_order_in_which_fronts_are_read_does_not_matter_unless_two_are_the_same(fronts, lateral, closed):
    different = list({(max(s.start, 0), min(s.end, LENGTH)): s for s in fronts}.values())
    assert tile(different, LENGTH, lateral, closed).tiles == tile(different[::-1], LENGTH, lateral, closed).tiles


def test_a_decided_boundary_moves_for_both_and_is_void_when_it_no_longer_fits():
    fronts, at_11 = [Span("a", 0, 1_000), Span("b", 1_000, 2_000)], Boundary("a", "b", 1_100)
    moved = tile(fronts, 2_000, Lateral(), boundaries=[at_11])
    assert [(each.holders, each.start, each.end) for each in moved.tiles] == [(("a",), 0, 1_100), (("b",), 1_100, 2_000)]
    assert moved.void == ()
    apart = tile([Span("a", 0, 1_000), Span("c", 1_000, 1_500), Span("b", 1_500, 2_000)], 2_000, Lateral(), boundaries=[at_11])
    assert apart.void == (at_11,)
    shorter = tile([Span("a", 0, 400), Span("b", 400, 1_050)], 2_000, Lateral(), boundaries=[at_11])
    assert shorter.void == (at_11,)


def test_a_shop_upstairs_shares_the_zone_of_the_stair():
    stair = [Span("upstairs", 400, 600, shared=True), Span("dentist", 400, 600, shared=True)]
    found = tile([Span("shop", 0, 400), *stair, Span("tea", 600, 1_000)], 1_000, Lateral())
    assert [each.holders for each in found.tiles] == [("shop",), ("upstairs", "dentist"), ("tea",)]
    assert not found.overlaps


def test_an_explanation_where_a_front_stands_is_reported_and_the_front_counts():
    wall = NoFront(500, 1_500, "wall")
    found = tile([Span("a", 0, 1_000)], 2_000, Lateral(edge_within=0), [wall])
    assert [(each.kind, each.start, each.end) for each in found.tiles] == [
        (ZONE, 0, 1_000),
        (EXPLAINED, 1_000, 1_500),
        (NOBODY, 1_500, 2_000),
    ]
    assert found.contradicted == (wall,)
    assert found.gaps == ((1_500, 2_000),)


@pytest.mark.parametrize("case", TABLE, ids=[case["name"] for case in TABLE])
def test_the_table_a_street_clerk_can_read(case):
    rule = read_rule(case["rule"])
    fronts = [
        Span(
            each["who"],
            centimetres(each["from"]),
            centimetres(each["to"]),
            reach=rule.entrance_reach.get(each.get("entrance"), 0),
        )
        for each in case["fronts"]
    ]
    closed = [NoFront(centimetres(each["from"]), centimetres(each["to"]), each["why"]) for each in case.get("no_fronts", [])]
    decided = [Boundary(each["left"], each["right"], centimetres(each["at"])) for each in case.get("decided", [])]
    found = tile(fronts, centimetres(case["length"]), rule.lateral, closed, decided)
    insist_exact(found, centimetres(case["length"]))
    assert [_row(each) for each in found.tiles] == [" ".join(line.split()) for line in case["tiles"].strip().splitlines()]


def _row(each: tiling.Tile) -> str:
    what = "+".join(each.holders) if each.kind == ZONE else f"({each.about})" if each.kind == EXPLAINED else "nobody"
    return f"{each.start / 100:g} - {each.end / 100:g} {what}"


def test_the_zone_goes_out_to_the_kerb_and_snow_to_the_middle_of_the_road():
    rule = read_rule(DEFAULT)
    assert (depth_of(rule, 350, 700).to, depth_of(rule, 350, 700).cm) == ("kerb", 350)
    assert (depth_of(rule, None, None).to, depth_of(rule, None, None).cm) == ("kerb", None)
    assert (depth_of(rule, 0, 700).to, depth_of(rule, 0, 700).cm) == ("centre_line", 700)
    assert depth_of(read_rule("shaoyang"), 0, 700).cm == 300
    assert depth_of(rule, 350, 700, 200).decided and depth_of(rule, 350, 700, 200).cm == 200
    assert snow_of(rule, 350, 700).cm == 1_050 and snow_of(rule, None, 700).cm is None
    assert snow_of(read_rule("beijing"), 350, 700) is None


def test_every_rule_says_where_it_comes_from():
    rules = known_rules()
    assert rules[0].name == DEFAULT and len(rules) >= 5
    assert all(rule.source and rule.note and rule.title for rule in rules)
    with pytest.raises(KeyError):
        read_rule("../forms/2026")
