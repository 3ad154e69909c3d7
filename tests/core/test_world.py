"""The cast itself must be beyond doubt: codes, places, postings and certificates."""

import pytest
from django.contrib.auth import authenticate
from stdnum.cn import uscc

from sanbao.core import access, district, geo
from sanbao.registry.models import Occupancy, Premises
from tests.world import PASSWORD, PEOPLE, build_world, credit_code


def test_every_credit_code_is_valid(world):
    assert all(uscc.is_valid(merchant.credit_code) for merchant in world.merchants)


def test_a_made_credit_code_is_valid_for_any_serial():
    assert all(uscc.is_valid(credit_code("92", 990101, serial)) for serial in range(1, 200))


def test_everything_lies_inside_the_boundary_and_beside_its_own_frontage(world):
    for premises in (world.noodle_house, world.tea_house, world.vacant_front):
        assert geo.inside(world.district.boundary, premises.lon, premises.lat)
        distance, along, side = geo.locate(world.segment.line, premises.lon, premises.lat)
        assert distance == pytest.approx(8, abs=0.01)
        assert float(premises.start_m) < along < float(premises.end_m)
        assert side == premises.side
    assert float(world.segment.length_m) == pytest.approx(300, abs=5)


def test_everybody_holds_the_role_and_can_log_in(world, rf):
    for attribute, (_name, _unit, role, _title) in PEOPLE.items():
        assert getattr(world, attribute).roles_on(world.at.date()) == {role}
        assert role in access.ROLES
    assert authenticate(rf.post("/"), username="liu", password=PASSWORD) == world.liu


def test_the_officers_hold_certificates_and_the_reviewer_a_qualification(world):
    assert all(person.certificate_at(world.at) for person in (world.liu, world.chen, world.sun))
    assert world.qian.certificate_at(world.at, "legal") is not None
    assert world.gridworker.certificate_at(world.at) is None


def test_two_districts_stand_side_by_side_and_do_not_see_each_other(world):
    other = build_world(990102)
    with district.use(990102):
        assert Premises.objects.count() == 3
        assert not Premises.objects.filter(pk=world.noodle_house.pk).exists()
        assert Occupancy.objects.get(premises=other.noodle_house).merchant == other.noodle_shop
