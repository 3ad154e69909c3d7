"""Zones of real rows: services and their refusals, history and undoing, corners and stairs, rules and their days."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones import services as services
from sanbao.agreements.zones.models import NoFrontRange, ZoneDecision
from sanbao.agreements.zones.tiling import NOBODY, ZONE
from sanbao.core import clock
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Entry
from sanbao.registry import services as registry
from sanbao.registry.models import Segment
from tests.agreements.test_tiling import insist_exact

M = Decimal


@pytest.fixture
def segment(world) -> Segment:
    """The world's segment as the database knows it: two shops on the left up to 22 m, a vacant front on the right from 5 m to 17 m."""
    return Segment.objects.select_related("street").get(pk=world.segment.pk)


@pytest.fixture
def act(world):
    return {"by": world.dispatcher, "at": world.at}


def today(world):
    return clock.local_day(world.at)


def tiles(world, segment, side="left", later=0):
    plan = zones.plan_of(segment, side, today(world) + timedelta(days=later))
    insist_exact(plan.tiling, round(Decimal(segment.length_m) * 100))
    return [(each.kind, each.start / 100, each.end / 100) for each in plan.tiling.tiles]


def test_a_front_has_its_zone_with_neighbours_and_depth(world, segment, act):
    services.measure_side(segment, "left", pavement_m=M("3.5"), road_m=M(7), **act)
    (zone,) = zones.zone_of(world.tea_house, today(world))
    assert (zone.start, zone.end, zone.front) == (12, 25, (12, 22))
    assert (zone.left.name, zone.right.kind) == ("老李面馆", "nobody")
    assert (zone.depth.to, zone.depth.cm, zone.snow.cm) == ("kerb", 350, 1_050)
    assert zone.provisional and not zone.decided and zone.facade
    assert round(zone.bearing) == 90


def test_on_the_right_side_left_and_right_are_seen_from_the_road(world, segment, act):
    services.explain_range(segment, "right", M(17), M(30), reason_code="wall", **act)
    (zone,) = zones.zone_of(world.vacant_front, today(world))
    assert (zone.start, zone.end) == (0, 17)
    assert (zone.left.kind, zone.right.kind) == ("explained", "end")


def test_a_decided_boundary_moves_for_both_has_history_and_is_undone(world, segment, act):
    assert tiles(world, segment)[:2] == [(ZONE, 0, 12), (ZONE, 12, 25)]
    pair = (world.noodle_house, world.tea_house, segment, "left")
    services.decide_boundary(*pair, M(13), reason="台阶属面馆", **act)
    later = act | {"at": world.at + timedelta(days=2)}
    second = services.decide_boundary(*pair, M("11.5"), reason="重新丈量", **later)
    assert tiles(world, segment)[:2] == [(ZONE, 0, 13), (ZONE, 13, 25)]
    assert tiles(world, segment, later=2)[:2] == [(ZONE, 0, 11.5), (ZONE, 11.5, 25)]
    last = act | {"at": world.at + timedelta(days=4)}
    back = services.undo_decision(second, reason="量错了", **last)
    assert back.at_m == 13 and tiles(world, segment, later=4)[:2] == [(ZONE, 0, 13), (ZONE, 13, 25)]
    assert services.undo_decision(back, reason="撤销", **last) is None
    assert tiles(world, segment, later=4)[:2] == [(ZONE, 0, 12), (ZONE, 12, 25)]
    with pytest.raises(Refusal):
        services.undo_decision(second, reason="again", **last)
    actions = list(Entry.objects.order_by("id").values_list("action", flat=True))
    assert actions.count("boundary.decided") == 2 and actions.count("decision.undone") == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at_m": M(0)}, "out_of_reach"),
        ({"at_m": M(22)}, "out_of_reach"),
        ({"reason": "  "}, "reason_needed"),
        ({"side": "middle"}, "bad_side"),
        ({"side": "right"}, "not_neighbours"),
        ({"swapped": True}, "not_neighbours"),
    ],
)
def test_a_boundary_that_cannot_be_is_refused_with_the_reason(world, segment, act, change, code):
    given = {"at_m": M(13), "reason": "台阶", "side": "left", "swapped": False} | change
    pair = [world.noodle_house, world.tea_house]
    with pytest.raises(Refusal) as refusal:
        services.decide_boundary(
            *(pair[::-1] if given["swapped"] else pair), segment, given["side"], given["at_m"], reason=given["reason"], **act
        )
    assert refusal.value.reasons[0].code == code
    assert not ZoneDecision.objects.exists()


def test_a_boundary_that_no_longer_fits_is_reported_and_the_rule_counts(world, segment, act):
    services.decide_boundary(world.noodle_house, world.tea_house, segment, "left", M(13), reason="台阶", **act)
    registry.change_premises(world.noodle_house, end_m=M(5), **act)
    registry.change_premises(world.tea_house, start_m=M(5), end_m=M(9), **act)
    plan = zones.plan_of(segment, "left", today(world))
    assert [each.at_m for each in plan.void] == [13]
    assert tiles(world, segment)[:2] == [(ZONE, 0, 5), (ZONE, 5, 12)]


def test_a_gap_is_explained_or_reported(world, segment, act):
    plan = zones.plan_of(segment, "left", today(world))
    assert [(start / 100) for start, _ in plan.unexplained] == [22]
    row = services.explain_range(segment, "left", M(22), Decimal(segment.length_m), reason_code="works", reason="地铁围挡", **act)
    plan = zones.plan_of(segment, "left", today(world))
    assert plan.unexplained == () and plan.blind == () and plan.faults == 0
    services.end_range(row, by=world.clerk, at=world.at + timedelta(days=3))
    assert zones.plan_of(segment, "left", today(world) + timedelta(days=3)).faults == 2
    assert zones.plan_of(segment, "left", today(world) + timedelta(days=2)).faults == 0


@pytest.mark.parametrize(
    ("start", "end", "code", "reason", "expected"),
    [
        (M(10), M(24), "wall", "", "front_stands"),
        (M(40), M(40), "wall", "", "bad_stretch"),
        (M(40), M(4000), "wall", "", "bad_stretch"),
        (M(40), M(50), "lake", "", "unknown_kind"),
        (M(40), M(50), "other", " ", "reason_needed"),
        (M(31), M(50), "wall", "", "explained_already"),
    ],
)
def test_an_explanation_that_cannot_be_is_refused(world, segment, act, start, end, code, reason, expected):
    services.explain_range(segment, "left", M(25), M(32), reason_code="green", **act)
    with pytest.raises(Refusal) as refusal:
        services.explain_range(segment, "left", start, end, reason_code=code, reason=reason, **act)
    assert refusal.value.reasons[0].code == expected
    assert NoFrontRange.objects.count() == 1


def test_a_corner_shop_is_one_party_with_two_zones(world, segment, act):
    other = registry.add_segment(world.street, [[113.70328, 34.72], [113.70328, 34.7212]], area=world.community_a, **act)
    row = services.add_frontage(world.tea_house, other, "right", M(0), M(8), kind="corner", **act)
    found = zones.zone_of(world.tea_house, today(world))
    assert [(zone.number, zone.side, zone.start, zone.end) for zone in found] == [(1, "left", 12, 25), (2, "right", 0, 11)]
    services.end_frontage(row, by=world.clerk, at=world.at + timedelta(days=1))
    assert len(zones.zone_of(world.tea_house, today(world) + timedelta(days=1))) == 1
    with pytest.raises(Refusal):
        services.add_frontage(world.tea_house, segment, "left", M(20), M(26), kind="second_door", **act)


def test_shops_upstairs_with_only_a_stair_share_its_zone(world, segment, act):
    upstairs = [
        registry.add_premises(address=f"柳荫路5号{n}楼", area=world.community_a, sign_name=f"{n}楼诊所", **act) for n in (2, 3)
    ]
    for each in upstairs:
        services.add_frontage(each, segment, "left", M(22), M(24), kind="stair", **act)
    (zone,) = zones.zone_of(upstairs[0], today(world))
    assert (zone.start, zone.end, zone.shared_with) == (22, 27, ("3楼诊所",))
    assert zones.plan_of(segment, "left", today(world)).tiling.overlaps == ()


def test_depth_and_entrance_are_decided_on_the_spot(world, segment, act):
    services.choose_rule("shaoyang", reason="区指挥部会议确定", **act)
    services.declare_entrance(world.tea_house, segment, "left", "market", reason="菜市场东门", **act)
    services.decide_depth(world.tea_house, segment, "left", M(6), reason="到花坛边", **act)
    (zone,) = zones.zone_of(world.tea_house, today(world))
    assert (zone.end, zone.depth.cm, zone.decided, zone.provisional) == (37, 600, True, False)
    for wrong in (lambda: services.declare_entrance(world.tea_house, segment, "left", "harbour", reason="x", **act),
                  lambda: services.decide_depth(world.tea_house, segment, "left", M(0), reason="x", **act),
                  lambda: services.decide_depth(world.tea_house, segment, "right", M(4), reason="x", **act),
                  lambda: services.choose_rule("nonsense", reason="x", **act),
                  lambda: services.choose_rule("shaoyang", reason="x", **act),
                  lambda: services.measure_side(segment, "left", pavement_m=None, road_m=None, **act)):  # fmt: skip
        with pytest.raises(Refusal):
            wrong()


def test_a_rule_counts_from_its_day_and_the_past_keeps_its_own(world, segment, act):
    services.choose_rule("beijing", reason="会议", by=world.dispatcher, at=world.at + timedelta(days=1))
    assert (NOBODY, 25, segment.length_m) in [(k, s, M(str(e))) for k, s, e in tiles(world, segment)]
    assert [kind for kind, _, _ in tiles(world, segment, later=1)] == [ZONE, ZONE]


def test_only_those_whose_duty_it_is_may_change_zones(world, segment):
    for by in (world.liu, world.editor):
        act = {"by": by, "at": world.at}
        for attempt in (
            lambda act=act: services.choose_rule("beijing", reason="x", **act),
            lambda act=act: services.explain_range(segment, "left", M(30), M(40), reason_code="wall", **act),
            lambda act=act: services.decide_depth(world.tea_house, segment, "left", M(4), reason="x", **act),
            lambda act=act: services.add_frontage(world.tea_house, segment, "right", M(30), M(33), kind="corner", **act),
            lambda act=act: services.measure_side(segment, "left", pavement_m=M(3), road_m=None, **act),
        ):
            with pytest.raises(Forbidden):
                attempt()
    with pytest.raises(Malformed):
        services.measure_side(segment, "up", pavement_m=M(3), road_m=None, by=world.clerk, at=world.at)


def test_many_sides_are_read_in_a_fixed_number_of_queries(world, segment, act, django_assert_num_queries):
    services.explain_range(segment, "left", M(30), M(40), reason_code="wall", **act)
    services.add_frontage(world.tea_house, segment, "right", M(40), M(44), kind="back_lane", **act)
    other = registry.add_segment(world.street, [[113.70328, 34.72], [113.70328, 34.7212]], area=world.community_a, **act)
    with django_assert_num_queries(6):
        zones.plans_of([segment], today(world))
    with django_assert_num_queries(6):
        zones.plans_of([segment, other], today(world))
    with django_assert_num_queries(8):
        zones.zones_of([world.tea_house, world.noodle_house, world.vacant_front], today(world))
