"""Two lists of shops find each other by name, address and place, and say why."""

from sanbao.registry.linkage import Item, best_partners, link


def pairs_of(a: list[Item], b: list[Item]) -> set[tuple[str, str]]:
    return {(pair.id_a, pair.id_b) for pair in best_partners(link(a, b))}


REGISTER = [
    Item("r1", "成都市武侯区福记小面馆", address="成都市武侯区科华北路12号附3号", lon=104.0801, lat=30.6312),
    Item("r2", "四川省永辉商贸有限公司（科华店）", address="武侯区科华北路14号1层", lon=104.0803, lat=30.6315),
    Item("r3", "四川省永辉商贸有限公司（玉林店）", address="武侯区玉林南路8号", lon=104.0581, lat=30.6291),
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


def test_the_parts_of_a_pair_add_up_to_its_weight_with_the_prior():
    pair = link(REGISTER, REGISTER)[0]
    rest = pair.weight - sum(part.weight for part in pair.parts)
    assert pair.probability > 0.99
    assert {part.field for part in pair.parts} >= {"name", "address", "distance"}
    assert (
        abs(rest - (link(REGISTER, REGISTER)[-1].weight - sum(part.weight for part in link(REGISTER, REGISTER)[-1].parts))) < 0.1
    )


def test_an_empty_list_has_no_pairs():
    assert link([], REGISTER) == [] == link(REGISTER, [])
