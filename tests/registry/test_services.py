"""The register changed by hand: who may, what is refused, what the journal keeps, and what is true on which day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from sanbao.core import geo
from sanbao.core.errors import Forbidden, Refusal
from sanbao.core.journal import entries_of
from sanbao.registry import queries, services
from sanbao.registry.models import Occupancy, Premises
from tests.world import credit_code

DAY = date(2026, 9, 1)


def test_a_new_occupant_ends_the_former_ones_time(world):
    services.begin_occupancy(world.noodle_house, world.hardware_shop, from_on=DAY, by=world.clerk, at=world.at)
    assert queries.occupant_on(world.noodle_house, DAY - timedelta(days=1)) == world.noodle_shop
    assert queries.occupant_on(world.noodle_house, DAY) == world.hardware_shop
    assert Occupancy.objects.filter(premises=world.noodle_house, until_on__isnull=True).count() == 1


def test_a_front_that_loses_its_occupant_is_vacant_and_one_that_gains_one_is_open(world):
    services.end_occupancy(world.noodle_house, on=DAY, by=world.clerk, at=world.at)
    world.noodle_house.refresh_from_db()
    assert world.noodle_house.state == "vacant"
    assert queries.occupant_on(world.noodle_house, DAY + timedelta(days=1)) is None
    services.begin_occupancy(world.vacant_front, world.hardware_shop, from_on=DAY, by=world.clerk, at=world.at)
    world.vacant_front.refresh_from_db()
    assert world.vacant_front.state == "open"


def test_what_makes_no_sense_is_refused(world):
    by, at = world.clerk, world.at
    for attempt in (
        lambda: services.begin_occupancy(world.noodle_house, world.noodle_shop, from_on=DAY, by=by, at=at),
        lambda: services.end_occupancy(world.vacant_front, on=DAY, by=by, at=at),
        lambda: services.end_occupancy(world.noodle_house, on=date(2020, 1, 1), by=by, at=at),
        lambda: services.add_merchant("甲", kind="individual", credit_code="92990101000000001X", by=by, at=at),
        lambda: services.add_merchant("甲", kind="individual", credit_code=world.noodle_shop.credit_code, by=by, at=at),
        lambda: services.change_premises(world.noodle_house, end_m=9000, by=by, at=at),
        lambda: services.change_premises(world.noodle_house, known_since=DAY, by=by, at=at),
        lambda: services.add_street(world.street.name, by=by, at=at),
        lambda: services.add_segment(world.street, [[113.7, 34.72], [113.7, 34.72]], area=world.area_a, by=by, at=at),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.texts()


def test_those_who_only_look_may_not_change(world):
    for person in (world.liu, world.editor, world.gridworker):
        with pytest.raises(Forbidden):
            services.change_premises(world.noodle_house, sign_name="x", by=person, at=world.at)
        with pytest.raises(Forbidden):
            services.begin_occupancy(world.vacant_front, world.hardware_shop, from_on=DAY, by=person, at=world.at)


def test_the_database_itself_refuses_two_present_occupants(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(premises=world.noodle_house, merchant=world.hardware_shop, from_on=DAY)


def test_a_change_keeps_the_keys_for_comparison_and_is_recorded_once(world):
    changed = services.change_premises(world.noodle_house, address="柳荫路１号院", by=world.clerk, at=world.at)
    assert changed.address_key == "柳荫路1号院"
    services.change_premises(changed, address="柳荫路１号院", by=world.clerk, at=world.at)
    assert [entry.data for entry in entries_of(changed)] == [{"fields": ["address"]}]


def test_new_areas_streets_segments_and_fronts_fit_together(world):
    by, at = world.clerk, world.at
    area = services.add_area("990101001002", "槐树社区", kind="community", parent=world.area_a, by=by, at=at)
    street = services.add_street("槐树街", by=by, at=at)
    line = [[113.701, 34.715], [113.703, 34.715]]
    first = services.add_segment(street, line, area=area, by=by, at=at)
    second = services.add_segment(street, line, area=area, by=by, at=at)
    assert (first.number, second.number, street.pinyin) == (1, 2, "huaishujie")
    assert float(first.length_m) == pytest.approx(geo.line_length(line), abs=0.01)
    front = services.add_premises(address="槐树街1号", area=area, segment=first, side="left", start_m=0, end_m=5, by=by, at=at)
    other = services.add_premises(address="槐树街3号", area=area, by=by, at=at)
    assert (front.code, other.code) == ("990101001002-0001", "990101001002-0002")
    assert set(queries.premises_in(area)) == {front, other}
    assert front in queries.premises_in(world.area_district)
    assert front not in queries.premises_in(world.area_b)


def test_demolished_and_gone_fronts_are_not_counted(world):
    before = queries.premises_in(world.area_a).count()
    services.change_premises(world.vacant_front, state="demolished", by=world.clerk, at=world.at)
    services.change_premises(world.tea_house, gone_on=DAY, by=world.clerk, at=world.at)
    assert queries.premises_in(world.area_a).count() == before - 2


@pytest.mark.parametrize("words", ["老李", "老李面", "柳荫路1号", "柳荫路１号", "李建国", "1380000000", "清和 柳荫路"])
def test_the_list_is_found_by_any_word_that_people_know(world, words):
    found = queries.register_list(DAY, text=words)
    assert 1 <= found.count() <= 2
    assert world.vacant_front not in found


def test_the_list_sorts_and_filters_and_finds_nothing_for_nonsense(world):
    assert queries.register_list(DAY, text="不存在的店").count() == 0
    assert list(queries.register_list(DAY, state="vacant")) == [world.vacant_front]
    assert queries.register_list(DAY, area=world.area_b).count() == 0
    up, down = (list(queries.register_list(DAY, sort=sort)) for sort in ("address", "-address"))
    assert up == down[::-1]
    code = credit_code("92", world.district.code, 1)
    assert [front.occupant_code for front in queries.register_list(DAY, text=code)] == [code]


def test_a_second_record_of_the_same_front_is_found_beside_it(world):
    lon, lat = world.noodle_house.lon, world.noodle_house.lat
    twin = services.add_premises(
        address="某处", area=world.community_a, sign_name="老李面馆(柳荫路店)", lon=lon, lat=lat, by=world.clerk, at=world.at
    )
    assert [other for other, _score in queries.duplicates_near(world.noodle_house)] == [twin]
    assert Premises.objects.count() == 4
