"""Two lists of shops find each other by name, address and place, and say why."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.city import invented_city
from sanbao.core.geo import wgs84_to_bd09, wgs84_to_gcj02
from sanbao.registry.linkage import Item, best_partners, link
from sanbao.registry.linkage.learning import judged
from sanbao.registry.linkage.levels import LEVELS
from sanbao.registry.linkage.linking import linkage

REGISTER = [
    Item("r1", "成都市武侯区福记小面馆", address="成都市武侯区科华北路12号附3号", lon=104.0801, lat=30.6312),
    Item("r2", "四川省永辉商贸有限公司（科华店）", address="武侯区科华北路14号1层", lon=104.0803, lat=30.6315),
    Item("r3", "四川省永辉商贸有限公司（玉林店）", address="武侯区玉林南路8号", lon=104.0581, lat=30.6291),
]


@pytest.fixture(scope="module")
def city():
    return invented_city(500, seed=11)


def pairs_of(a: list[Item], b: list[Item]) -> set[tuple[str, str]]:
    return {(pair.id_a, pair.id_b) for pair in best_partners(link(a, b))}


def without(items: list[Item], **fields: object) -> list[Item]:
    return [replace(item, **fields) for item in items]


def moved(items: list[Item], convert) -> list[Item]:
    return [
        item if item.lon is None else replace(item, **dict(zip(("lon", "lat"), convert(item.lon, item.lat), strict=True)))
        for item in items
    ]


def test_the_same_shop_is_found_under_its_short_name_in_traditional_characters():
    census = [Item("c1", "福記小麵館", address="科華北路十二號附3號", lon=104.08012, lat=30.63119)]
    assert pairs_of(REGISTER, census) == {("r1", "c1")}


def test_branches_of_one_chain_are_told_apart_by_their_place():
    census = [
        Item("c1", "永辉(玉林店)", address="玉林南路8号", lon=104.0581, lat=30.6291),
        Item("c2", "永辉(科华店)", address="科华北路14号", lon=104.0803, lat=30.6315),
    ]
    assert pairs_of(REGISTER, census) == {("r3", "c1"), ("r2", "c2")}


def test_another_shop_in_the_same_building_is_no_match():
    census = [Item("c1", "阿强修表", address="科华北路12号附5号", lon=104.0801, lat=30.6312)]
    assert pairs_of(REGISTER, census) == set()


def test_the_same_brand_in_another_street_is_no_match():
    census = [Item("c1", "永辉", address="人民南路30号", lon=104.0660, lat=30.6450)]
    assert pairs_of(REGISTER, census) == set()


def test_the_parts_of_every_pair_add_up_to_its_weight_but_for_the_same_prior(city):
    pairs = link(city.lists["census"], city.lists["platform"])
    priors = {round(pair.weight - sum(part.weight for part in pair.parts), 0) for pair in pairs}
    assert len(pairs) > 300
    assert len(priors) <= 2
    assert all(part.says and part.field for pair in pairs for part in pair.parts)


def test_an_empty_list_has_no_pairs_and_empty_rows_match_nothing():
    assert link([], REGISTER) == [] == link(REGISTER, [])
    nothing = [Item(f"e{n}") for n in range(20)]
    assert pairs_of(REGISTER + nothing, REGISTER + nothing) == {(item.id, item.id) for item in REGISTER}


@pytest.mark.parametrize(
    ("one", "two", "least"), [("register", "census", 0.92), ("register", "platform", 0.95), ("census", "platform", 0.95)]
)
def test_planted_pairs_of_an_invented_city_are_found(city, one, two, least):
    assert judged(pairs_of(city.lists[one], city.lists[two]), city.truth[one, two])[2] >= least


def test_lists_without_coordinates_and_lists_without_addresses_are_linked_all_the_same(city):
    a, b, truth = city.lists["census"], city.lists["platform"], city.truth["census", "platform"]
    blind = pairs_of(without(a, lon=None, lat=None), without(b, lon=None, lat=None))
    assert judged(blind, truth)[2] >= 0.93
    homeless = pairs_of(without(a, address=""), without(b, address=""))
    assert judged(homeless, truth)[2] >= 0.88


@pytest.mark.parametrize(
    "convert", [lambda lon, lat: (lat, lon), wgs84_to_gcj02, wgs84_to_bd09, lambda lon, lat: (lon + 0.004, lat - 0.002)]
)
def test_coordinates_that_are_swapped_or_of_another_system_are_told_apart(city, convert):
    a = city.lists["census"]
    b = without(moved(a, convert), alias="")
    done = linkage(a, b)
    same = [part for pair in done.pairs if pair.id_a == pair.id_b for part in pair.parts if part.field == "distance"]
    near = [part for part in same if part.says == LEVELS["distance"]["5"]]
    known = [item for item in a if item.lon is not None]
    assert len(near) >= 0.98 * len(known)


def test_lists_may_change_sides_and_their_rows_any_order(city):
    a, b = city.lists["register"], city.lists["platform"]
    straight = pairs_of(a, b)
    turned = {(one, two) for two, one in pairs_of(b, a)}
    shuffled = pairs_of(a[::-1], b[::-1])
    assert len(straight ^ turned) <= 0.02 * len(straight)
    assert len(straight ^ shuffled) <= 0.02 * len(straight)


def test_a_list_of_a_handful_finds_its_shops_in_a_long_one(city):
    truth = {pair for pair in city.truth["register", "platform"] if pair[0] in {item.id for item in city.lists["register"][:12]}}
    assert judged(pairs_of(city.lists["register"][:12], city.lists["platform"]), truth)[2] >= 0.85


def test_a_shop_that_stands_twice_in_one_list_has_one_partner(city):
    b = city.lists["platform"]
    doubled = b + [replace(item, id=f"{item.id}x") for item in b[:100]]
    found = pairs_of(city.lists["register"], doubled)
    assert len({one for one, _two in found}) == len(found) == len({two for _one, two in found})
    assert judged({(one, two.rstrip("x")) for one, two in found}, city.truth["register", "platform"])[2] >= 0.94


texts = st.text(st.sampled_from("福记面馆一2aé店路号()（· -#'\"\u3000"), max_size=12)
items = st.lists(
    st.builds(
        Item,
        id=st.uuids().map(str),
        name=texts,
        address=texts,
        lon=st.none() | st.floats(),
        lat=st.none() | st.floats(),
        phone=texts,
    ),
    max_size=6,
)


@given(items, items)
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_gives_probabilities_and_partners_one_to_one(a, b):
    pairs = link(a, b, floor=0.0)
    assert all(0 <= pair.probability <= 1 for pair in pairs)
    chosen = best_partners(pairs, 0.0)
    assert len({pair.id_a for pair in chosen}) == len({pair.id_b for pair in chosen}) == len(chosen)
    assert all(pair.probability >= 0.5 for pair in best_partners(pairs))
