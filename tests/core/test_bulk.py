"""Writing many rows with one prepared statement gives what the models' own way gives."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from sanbao.core import bulk, district
from sanbao.registry.models import Premises
from tests.world import build_world


def test_rows_are_updated_as_if_each_had_been_saved(world):
    rows = [world.noodle_house, world.tea_house]
    for place, row in enumerate(rows):
        row.start_m, row.end_m, row.segment, row.gone_on = Decimal(place), Decimal("12.5"), None, None
        row.address, row.address_key, row.lon = f"新街{place}号", f"新街{place}号", 113.7
    bulk.update(rows, ["start_m", "end_m", "segment", "address", "address_key", "lon", "gone_on"])
    for place, row in enumerate(Premises.objects.filter(pk__in=[row.pk for row in rows]).order_by("address")):
        assert (row.start_m, row.end_m, row.segment, row.lon) == (Decimal(place), Decimal("12.5"), None, 113.7)
        assert (row.address, row.sign_name) == (f"新街{place}号", rows[place].sign_name)


def test_only_the_named_columns_are_written_and_nothing_for_no_rows(world, django_assert_num_queries):
    world.tea_house.sign_name, world.tea_house.address = "新招牌", "不写"
    bulk.update([world.tea_house], ["sign_name"])
    world.tea_house.refresh_from_db()
    assert (world.tea_house.sign_name, world.tea_house.address) == ("新招牌", "柳荫路3号")
    with django_assert_num_queries(0):
        bulk.update([], ["sign_name"])


def test_a_row_of_another_district_is_not_reached(world):
    build_world(990102)
    with district.use(990102):
        other = Premises.objects.get(address="柳荫路3号")
    other.district_id, other.sign_name = 990101, "别处"
    bulk.update([other], ["sign_name"])
    with district.use(990102):
        assert Premises.objects.get(pk=other.pk).sign_name == "清和茶庄"


def test_what_the_database_forbids_is_refused(world):
    world.tea_house.start_m, world.tea_house.end_m = Decimal(9), Decimal(3)
    with pytest.raises(IntegrityError):
        bulk.update([world.tea_house], ["start_m", "end_m"])
