"""Changing the register by hand at the desk: what is written, what is refused, and what a change of tenant does to coverage."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sanbao.agreements import coverage
from sanbao.core import clock
from sanbao.registry import queries
from sanbao.registry.models import Merchant, Premises
from tests.world import credit_code

FRONT = {"address": "柳荫路99号", "area": "", "sign_name": "新开的店", "state": "open"}
TENANT = {"name": "王记早点铺", "kind": "individual", "credit_code": "", "operator": "王芳", "phone": ""}


@pytest.fixture
def desk(world, client):
    client.force_login(world.clerk)
    return client


def test_a_front_seen_on_the_spot_is_added_and_shown(desk, world):
    sent = {
        **FRONT,
        "area": world.community_a.code,
        "segment": world.segment.pk,
        "side": "left",
        "start_m": "250",
        "end_m": "256.5",
    }
    answer = desk.post(reverse("console:add_front"), sent, follow=True)
    front = Premises.objects.get(address="柳荫路99号")
    assert answer.redirect_chain == [(reverse("console:premises", args=[front.pk]), 302)]
    assert (front.segment, str(front.end_m - front.start_m)) == (world.segment, "6.50")
    assert "新开的店" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"address": ""}, {"area": "no such"}, {"start_m": "3"}, {"lon": "113.7"}, {"lon": "999", "lat": "1"}, {"state": "mars"}],
)
def test_a_front_that_cannot_be_is_refused_and_what_was_typed_stays(desk, world, wrong):
    before = Premises.objects.count()
    answer = desk.post(reverse("console:add_front"), {**FRONT, "area": world.community_a.code, **wrong})
    assert answer.status_code == 422
    assert "新开的店" in answer.content.decode()
    assert Premises.objects.count() == before


def test_a_stretch_beyond_the_segment_is_refused_with_its_length(desk, world):
    sent = {**FRONT, "area": world.community_a.code, "segment": world.segment.pk, "side": "left", "start_m": "1", "end_m": "9999"}
    answer = desk.post(reverse("console:add_front"), sent)
    assert answer.status_code == 422
    assert str(float(world.segment.length_m)) in answer.content.decode()


def test_the_facts_of_a_front_are_changed(desk, world):
    address = reverse("console:change_front", args=[world.vacant_front.pk])
    assert world.vacant_front.address in desk.get(address).content.decode()
    desk.post(address, {**FRONT, "area": world.area_a.code, "state": "fitting_out"})
    world.vacant_front.refresh_from_db()
    assert (world.vacant_front.sign_name, world.vacant_front.state) == ("新开的店", "fitting_out")


def test_a_new_tenant_takes_over_the_same_day_and_the_front_needs_a_new_letter(desk, world):
    today = clock.today()
    front = world.noodle_house
    desk.post(reverse("console:new_operator", args=[front.pk]), {**TENANT, "from_on": today.isoformat()})
    assert queries.occupant_on(front, today).name == "王记早点铺"
    assert queries.occupant_on(front, today - timedelta(days=1)) == world.noodle_shop
    assert front in coverage.audit(None, today).premises("unsigned")


def test_a_known_credit_code_names_the_merchant_that_has_it(desk, world):
    sent = {**TENANT, "credit_code": world.hardware_shop.credit_code, "from_on": clock.today().isoformat()}
    desk.post(reverse("console:new_operator", args=[world.vacant_front.pk]), sent)
    assert queries.occupant_on(world.vacant_front, clock.today()) == world.hardware_shop


def test_a_wrong_credit_code_is_refused_and_nobody_moves_in(desk, world):
    wrong = credit_code("92", 410100, 77)[:-1] + "*"
    answer = desk.post(
        reverse("console:new_operator", args=[world.vacant_front.pk]),
        {**TENANT, "credit_code": wrong, "from_on": clock.today().isoformat()},
    )
    assert answer.status_code == 422
    assert not Merchant.objects.filter(name="王记早点铺").exists()
    assert queries.occupant_on(world.vacant_front, clock.today()) is None


def test_who_moves_out_leaves_the_front_vacant(desk, world):
    desk.post(reverse("console:leave_front", args=[world.noodle_house.pk]), {"on": clock.today().isoformat()})
    world.noodle_house.refresh_from_db()
    assert world.noodle_house.state == "vacant"
    assert queries.occupant_on(world.noodle_house, clock.today() + timedelta(days=1)) is None


def test_only_who_may_edit_sees_and_reaches_the_forms(client, world):
    client.force_login(world.liu)
    page = client.get(reverse("console:premises", args=[world.noodle_house.pk])).content.decode()
    assert reverse("console:new_operator", args=[world.noodle_house.pk]) not in page
    assert client.get(reverse("console:add_front")).status_code == 403
