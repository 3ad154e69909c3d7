"""The pages of zones through Django's own client, and the drawing on letters, phones and papers."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import translation

from sanbao.agreements import papers, queries
from sanbao.agreements import services as letters
from sanbao.agreements.strip import strip_of
from sanbao.agreements.zones import drawing
from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones import services as zone_services
from sanbao.agreements.zones.blind_spots import blind_spots, sums
from sanbao.agreements.zones.models import AdditionalFrontage, NoFrontRange, SideMeasure, ZoneDecision, ZoneRuleChoice
from sanbao.console.pictures import strip as pictures
from sanbao.core import clock
from sanbao.registry import services as registry
from sanbao.registry.models import Segment
from tests.agreements.conftest import served, signed
from tests.agreements.test_pages import page

M = Decimal


@pytest.fixture
def desk(client, world, form):
    client.force_login(world.dispatcher, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def segment(world) -> Segment:
    return Segment.objects.select_related("street").get(pk=world.segment.pk)


def change(client, segment, expect: int = 302, **sent):
    response = client.post(reverse("console:change_zones", args=[segment.pk]), sent)
    assert response.status_code == expect, response.content[:3000]
    return response


def test_a_street_is_mended_from_its_page(desk, world, segment):
    before = page(desk, "console:segment_zones", segment.pk)
    assert "台阶" not in before and before.count('data-test="explain"') == 3
    change(desk, segment, act="measure", side="left", pavement_m="3.5", road_m="")
    change(desk, segment, act="explain", side="left", start_m="22", end_m="40", reason_code="green", reason="街心花园")
    pair = {"before": world.noodle_house.pk, "after": world.tea_house.pk}
    change(desk, segment, act="boundary", side="left", at_m="12.5", reason="台阶属面馆", **pair)
    change(desk, segment, act="depth", side="left", premises=world.tea_house.pk, depth_m="4", reason="到花坛")
    change(desk, segment, act="entrance", side="right", premises=world.vacant_front.pk, entrance="market", reason="市场东门")
    change(desk, segment, act="front_again", side="right", code=world.tea_house.code, start_m="30", end_m="34", kind="back_lane")
    shown = page(desk, "console:segment_zones", segment.pk)
    for words in ("台阶属面馆", "街心花园", "到花坛", "市场东门", "3.5", "后巷"):
        assert words in shown, words
    assert "<script>" not in shown and "nan" not in shown.lower()
    row = ZoneDecision.objects.get(kind="boundary")
    change(desk, segment, act="undo", row=row.pk, reason="量错了")
    change(desk, segment, act="end_range", row=NoFrontRange.objects.get().pk)
    change(desk, segment, act="end_frontage", row=AdditionalFrontage.objects.get().pk)
    assert "量错了" in page(desk, "console:segment_zones", segment.pk)
    assert SideMeasure.objects.get().pavement_m == M("3.5")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "dance"}, 422),
        ({"act": "explain", "side": "left", "start_m": "zwölf", "end_m": "40", "reason_code": "green"}, 422),
        ({"act": "explain", "side": "left", "start_m": "NaN", "end_m": "40", "reason_code": "green"}, 422),
        ({"act": "explain", "side": "left", "start_m": "1e9", "end_m": "2e9", "reason_code": "green"}, 422),
        ({"act": "explain", "side": "left", "start_m": "1e99", "end_m": "2e99", "reason_code": "green"}, 422),
        ({"act": "explain", "side": "left", "start_m": "0", "end_m": "10", "reason_code": "green"}, 409),
        ({"act": "boundary", "side": "left", "before": "rubbish", "after": "", "at_m": "4", "reason": "x"}, 422),
        ({"act": "front_again", "side": "left", "code": "nobody", "start_m": "30", "end_m": "40", "kind": "corner"}, 422),
        ({"act": "measure", "side": "left"}, 422),
        ({"act": "undo", "row": "00000000-0000-7000-8000-000000000000", "reason": "x"}, 404),
        ({"act": "undo", "row": "rubbish", "reason": "x"}, 422),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_written(desk, world, segment, sent, status):
    change(desk, segment, expect=status, **sent)
    for model in (NoFrontRange, ZoneDecision, AdditionalFrontage, SideMeasure):
        assert not model.objects.exists()


def test_blind_spots_are_counted_listed_and_exported_and_each_opens_its_street(desk, world, segment):
    spots = blind_spots(world.area_a, clock.today())
    shown = page(desk, "console:blind_spots", area=world.area_a.code)
    assert f'data-test="count">{len(spots)}<' in shown
    assert reverse("console:segment_zones", args=[segment.pk]) in shown
    for each in sums(spots):
        rows = page(desk, "console:blind_spots", area=world.area_a.code, kind=each.kind)
        assert f'data-test="count">{each.number}<' in rows
    assert 'data-test="count">0<' in page(desk, "console:blind_spots", area=world.area_b.code)
    for fmt, magic in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        response = desk.get(reverse("console:blind_spots"), {"export": fmt, "kind": "nobody"})
        assert b"".join(response.streaming_content).startswith(magic)


def test_blind_spots_name_overlaps_contradictions_and_lost_decisions(world, form, segment):
    act = {"by": world.dispatcher, "at": world.at}
    zone_services.explain_range(segment, "left", M(25), M(30), reason_code="wall", **act)
    zone_services.decide_boundary(world.noodle_house, world.tea_house, segment, "left", M(13), reason="台阶", **act)
    registry.change_premises(world.noodle_house, end_m=M(5), **act)
    registry.change_premises(world.tea_house, start_m=M(6), end_m=M(27), **act)
    registry.add_premises(
        address="柳荫路9号", area=world.community_a, segment=segment, side="left", start_m=M(4), end_m=M(6), **act
    )
    found = {(spot.kind, spot.start, spot.end) for spot in blind_spots(None, clock.local_day(world.at)) if spot.side == "left"}
    assert ("overlap", 4, 5) in found and ("contradicted", 25, 30) in found and ("void", 13, 13) in found
    assert ("unexplained", 30, segment.length_m) in found


def test_the_district_chooses_its_rule_on_a_page(desk, client, world, segment):
    assert "state-warn" in page(desk, "console:zone_rule")
    assert desk.post(reverse("console:zone_rule"), {"rule": "beijing", "reason": ""}).status_code == 422
    assert desk.post(reverse("console:zone_rule"), {"rule": "beijing", "reason": "指挥部会议"}).status_code == 302
    assert ZoneRuleChoice.objects.get().rule == "beijing" and "指挥部会议" in page(desk, "console:zone_rule")
    client.force_login(world.clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("console:zone_rule"), {"rule": "shaoyang", "reason": "x"}).status_code == 403


def test_the_drawing_is_on_the_letter_the_phone_and_the_paper_and_stays_as_signed(desk, client, world, segment):
    now = clock.now()
    act = {"by": world.dispatcher, "at": now}
    waiting = served(world.tea_house, by=world.clerk, at=now)
    phone = client.get(letters.link_path(waiting)).content.decode()
    assert 'data-test="zone"' in phone and "清和茶庄" in phone
    assert 'data-test="zone"' in page(desk, "console:premises_letters", world.tea_house.pk)
    letter = signed(world.noodle_house, by=world.clerk, at=now)
    (kept,) = letter.document.facts["zones"]
    assert "老李面馆" in kept["drawing"] and any("左邻" in line for line in kept["lines"])
    zone_services.decide_boundary(world.noodle_house, world.tea_house, segment, "left", M(11), reason="重新丈量", **act)
    again = queries.letter(letter.pk)
    assert again.document.facts["zones"] == [kept]
    assert kept["drawing"] in page(desk, "console:agreement", letter.pk)
    assert papers.letter_facts(again)["zones"] != [kept]


def test_a_drawing_is_well_formed_and_harmless_whatever_the_names(world, segment):
    registry.change_premises(world.tea_house, sign_name="<b>&\"'茶</b>", by=world.dispatcher, at=world.at)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for front in (world.noodle_house, world.tea_house, world.vacant_front):
                for each in drawing.shown(zones.zone_of(front, clock.local_day(world.at))):
                    root = ElementTree.fromstring(each["drawing"])
                    assert root.attrib["viewBox"] == "0 0 420 388"
                    assert not {"script", "b", "style"} & {element.tag.rpartition("}")[2] for element in root.iter()}
                    assert len(each["lines"]) >= 4


def test_the_strip_shows_what_is_explained_and_whose_zone_it_is(world, form, segment):
    act = {"by": world.dispatcher, "at": world.at}
    zone_services.explain_range(segment, "left", M(22), M(60), reason_code="green", **act)
    other = registry.add_premises(address="柳荫路5号楼上", area=world.community_a, sign_name="楼上诊所", **act)
    zone_services.add_frontage(other, segment, "right", M(17), M(19), kind="stair", **act)
    strip = strip_of(segment, clock.local_day(world.at))
    assert [(piece.kind, piece.start, piece.end) for piece in strip.left.gaps] == [
        ("explained", 22, 60),
        ("gap", 60, strip.length),
    ]
    assert strip.right.fronts[-1].front.address == "柳荫路5号楼上" and strip.unplaced == ()
    shown = pictures.picture(strip)
    assert "piece-explained" in shown.pieces and "band-nobody" in shown.zones
    assert f"{strip.nobodys_metres:.1f}" in " ".join(shown.alarms)
