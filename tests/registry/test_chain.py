"""The chain of duty: for any place, from the district down to the merchant, with each missing name as a hole; pages, command, exports."""

import json

import pytest

from sanbao.core import geo
from sanbao.core.errors import Malformed
from sanbao.registry import assigning, chain, cli
from sanbao.registry.models import Area, Occupancy, Premises, Responsibility
from tests.world import LINE


@pytest.fixture
def named(world):
    """柳荫街道 with its leader and its person."""
    people = {"leader": world.clerk, "person": world.gridworker}
    return assigning.assign_responsibility(
        world.community_a,
        world.street_office,
        from_on=world.at.date(),
        reason="街道分工",
        **people,
        by=world.dispatcher,
        at=world.at,
    )


def names(found: chain.Chain) -> list[str]:
    return [link.name for link in found.links]


def test_a_whole_chain_names_everybody_from_the_district_to_the_merchant(world, named):
    found = chain.chain_of(world.noodle_house, world.at.date())
    assert names(found) == ["望桥区", "望桥区柳荫街道办事处", "李芳", "吴霞", "老李面馆", "望桥区老李面馆"]
    assert found.holes == []


def test_a_point_on_the_pavement_finds_the_front_before_it(world, named):
    lon, lat = geo.point_along(LINE, 6, 3, "left")
    found = chain.chain_at(lon, lat, world.at.date())
    assert found.premises == world.noodle_house and found.distance_m == pytest.approx(5, abs=0.5)
    assert world.tea_house in found.near


def test_a_point_without_a_front_shows_the_area_and_the_hole(world, named):
    found = chain.chain_at(113.695, 34.715, world.at.date())
    assert found.premises is None and found.area == world.community_a
    assert found.holes == ["no_front"] and [link.kind for link in found.links][-1] == "premises"
    assert [link.kind for link in chain.chain_of(world.community_a, world.at.date()).links][-1] == "person"


def test_missing_names_are_holes_each_in_its_place(world):
    Occupancy.objects.all().delete()
    found = chain.chain_of(world.noodle_house, world.at.date())
    assert [(link.kind, link.hole) for link in found.links if link.hole] == [
        ("leader", "no_leader"),
        ("person", "no_person"),
        ("merchant", "no_merchant"),
    ]
    assert all(link.missing for link in found.links if link.hole)
    Area.objects.update(unit=None)
    assert chain.chain_of(world.vacant_front, world.at.date()).links[1].hole == "no_unit"
    assert chain.chain_of(world.vacant_front, world.at.date()).links[-1].hole == ""  # a vacant front has nobody to miss


@pytest.mark.parametrize("place", [(181, 34.72), (float("nan"), 34.72), (113.7, float("inf")), (120.0, 30.0)])
def test_a_place_that_is_none_or_outside_is_refused(world, place):
    with pytest.raises(Malformed):
        chain.chain_at(*place, world.at.date())


def test_the_public_learns_the_unit_and_no_names(world, named):
    said = json.dumps(chain.public_part(chain.chain_of(world.noodle_house, world.at.date())), ensure_ascii=False)
    assert "望桥区柳荫街道办事处" in said
    for secret in ("李芳", "吴霞", "老李面馆"):
        assert secret not in said


def test_the_command_says_the_chain_in_words_and_as_data(world, named, capsys):
    assert cli.main(["chain", "--premises", world.noodle_house.code]) == 0
    assert "李芳" in capsys.readouterr().out
    assert cli.main(["chain", "--lon", "113.70006", "--lat", "34.72003", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["premises"] == world.noodle_house.code and [link["kind"] for link in said["links"]] == list(chain.TITLES)


@pytest.mark.parametrize(
    "given", [[], ["--lon", "113.7"], ["--premises", "nix"], ["--premises", "x", "--district", "1"], ["--lon", "0", "--lat", "0"]]
)
def test_the_command_refuses_with_a_sentence(world, given, capsys):
    assert cli.main(["chain", *given]) == 2
    assert capsys.readouterr().err.strip()


def test_the_page_finds_a_place_by_words_by_code_and_by_coordinates(client, world, named):
    client.force_login(world.liu)
    page = "/desk/register/chain/"
    for asked in ("q=老李面馆", f"premises={world.noodle_house.code}", "lon=113.70006&lat=34.72003"):
        text = client.get(f"{page}?{asked}").content.decode()
        assert 'data-test="link-merchant"' in text and "吴霞" in text
    assert client.get(f"{page}?q=柳荫路").content.decode().count("?premises=") == 3
    assert client.get(f"{page}?q=没有这家店").status_code == 200
    assert client.get(f"{page}?premises=nix").status_code == 404
    for asked in ("lon=abc&lat=1", "lon=113.7", "lon=200&lat=1", "lon=120&lat=30"):
        refused = client.get(f"{page}?{asked}")
        assert refused.status_code == 422 and 'data-test="reasons"' in refused.content.decode()


def test_the_table_shows_each_hole_and_exports_what_it_shows(client, world, named):
    client.force_login(world.dispatcher)
    text = client.get("/desk/register/responsibility/?holes=1").content.decode()
    assert "石桥街道" in text and "柳荫社区</a>" not in text
    exported = client.get("/desk/register/responsibility/?export=csv").getvalue().decode("utf-8-sig")
    assert len(exported.strip().splitlines()) == 5 and "吴霞" in exported
    mine = (
        client.get(f"/desk/register/responsibility/fronts/?unit={world.street_office.pk}&export=csv")
        .getvalue()
        .decode("utf-8-sig")
    )
    assert len(mine.strip().splitlines()) == 4
    assert client.get(f"/desk/register/responsibility/fronts/?area={world.community_a.code}").status_code == 200


def test_a_transfer_is_decided_on_the_page_of_the_front(client, world, named):
    client.force_login(world.dispatcher)
    page = f"/desk/register/responsibility/fronts/{world.noodle_house.pk}/"
    facts = {
        "decision": "assign",
        "unit": world.department.pk,
        "person": world.contact.pk,
        "from_on": "2026-09-22",
        "reason": "行业主管",
    }
    assert client.post(page, {**facts, "reason": ""}).status_code == 422
    assert client.post(page, {**facts, "leader": world.liu.pk}).status_code == 422
    assert client.post(page, {**facts, "decision": "something"}).status_code == 404
    assert client.post(page, facts).status_code == 302
    row = Responsibility.objects.get(premises=world.noodle_house)
    assert (row.unit, row.leader, row.person) == (world.department, None, world.contact)
    text = client.get(page).content.decode()
    assert "行业主管" in text and "王建" in text
    assert client.post(page, {"decision": "return", "from_on": "2026-09-30", "reason": "期满"}).status_code == 302


def test_a_clerk_sees_only_what_the_clerk_may_decide(client, world, named):
    client.force_login(world.clerk)
    own = client.get(f"/desk/register/responsibility/areas/{world.community_a.code}/").content.decode()
    other = client.get(f"/desk/register/responsibility/areas/{world.area_b.code}/").content.decode()
    assert 'data-test="name"' in own and 'data-test="assign"' not in own
    assert 'data-test="name"' not in other
    assert client.get("/desk/register/responsibility/areas/nix/").status_code == 404


def test_the_front_has_its_chain_on_its_own_page(client, world, named):
    client.force_login(world.liu)
    text = client.get(f"/desk/register/{world.noodle_house.pk}/").content.decode()
    assert 'data-test="chain"' in text and "吴霞" in text


def test_the_search_takes_an_exact_code_alone(world):
    assert chain.search(world.tea_house.code, world.at.date()) == [world.tea_house]
    assert Premises.objects.count() == len(chain.search("柳荫路", world.at.date()))


def test_machines_and_the_public_ask_which_unit_answers_for_a_place(client, world, named):
    answer = client.get("/api/v1/responsible?lon=113.70006&lat=34.72003")
    assert answer.json() == {"area": "柳荫社区", "unit": "望桥区柳荫街道办事处", "phone": "0371-00000000"}
    for asked in ("", "?lon=113.7", "?lon=nan&lat=34", "?lon=120&lat=30"):
        assert client.get(f"/api/v1/responsible{asked}").status_code == 422
