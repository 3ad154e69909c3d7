"""Several registers, one truth: what is sure is joined, what people decide stays, and everything can be taken back."""

from datetime import timedelta

import pytest

from sanbao.core.errors import Refusal
from sanbao.registry import linking, matching, queries
from sanbao.registry.models import LinkRun, Occupancy, Premises, RecordLink, RegisterRecord
from tests.registry.registers import CAUTIOUS, NAMES, SURE, census, import_list, market, platform, record


@pytest.fixture
def lists(world):
    """Six shops in three lists, written in three ways."""
    for kind, row in (("census", census), ("market", market), ("platform", platform)):
        import_list(kind, [row(number) for number in range(len(NAMES))], by=world.clerk, at=world.at)
    return world


def link(world, model=SURE, **more):
    return linking.link_registers(by=world.clerk, at=world.at, model=model, **more)


def open_fronts():
    return Premises.objects.filter(gone_on__isnull=True, code__regex="^[CMP]").count()


def snapshot():
    """Everything that joining may touch, as it stands."""
    return [
        sorted(
            Premises.objects.values_list(
                "pk", "area", "segment", "side", "start_m", "lon", "sign_name", "state", "gone_on", "merged_into", "known_since"
            )
        ),
        sorted(Occupancy.objects.values_list("pk", "premises", "merchant", "from_on", "until_on")),
        sorted(RegisterRecord.objects.values_list("pk", "premises", "merchant", "gone_since")),
    ]


def between(one, other):
    """The link of two records, whichever way round it is kept."""
    return RecordLink.objects.get(one__in=[one, other], other__in=[one, other])


def test_what_is_doubtful_waits_for_people_and_becomes_one_front_when_they_say_so(lists):
    assert open_fronts() == 3 * len(NAMES)
    runs = link(lists, CAUTIOUS)
    assert [run.done_at for run in runs] == [lists.at] * 3
    assert open_fronts() == 3 * len(NAMES)
    while pair := RecordLink.objects.filter(state="suggested").first():
        matching.join_pair(pair, by=lists.clerk, at=lists.at)
    assert open_fronts() == len(NAMES)
    for number in range(len(NAMES)):
        assert len({record(kind, number).premises_id for kind in ("census", "market", "platform")}) == 1


def test_what_is_sure_becomes_one_front_at_once(lists):
    link(lists)
    assert open_fronts() == len(NAMES)
    assert not RecordLink.objects.filter(state="suggested").exists()


def test_the_front_is_that_of_the_census_and_the_party_that_of_the_market_register(lists):
    link(lists)
    front = record("census", 0).premises
    assert front.code.startswith("C")
    assert front.address == "柳荫路101号"
    occupant = queries.occupant_on(front, lists.at.date())
    assert occupant == record("market", 0).merchant == record("platform", 0).merchant
    assert occupant.credit_code
    assert front.occupancies.get().from_on.isoformat() == "2024-05-20"


def test_a_front_known_twice_counts_once_on_every_day(lists):
    link(lists)
    gone = Premises.objects.filter(merged_into__isnull=False)
    assert gone.exists()
    assert all(front.gone_on == front.known_since for front in gone)
    assert not set(queries.premises_in(None)) & set(gone)


def test_what_is_joined_can_be_separated_with_everything_back(lists):
    before = snapshot()
    link(lists)
    while pair := RecordLink.objects.filter(state="suggested").first():
        matching.join_pair(pair, by=lists.clerk, at=lists.at)
    while (
        pair := RecordLink.objects.filter(state="joined", merges__separated_at=None)
        .order_by("-merges__merged_at", "-merges__id")
        .first()
    ):
        matching.reopen_pair(pair, by=lists.clerk, at=lists.at)
    assert snapshot() == before


def test_what_was_joined_last_is_separated_first(lists):
    import_list("market", [market(0)], by=lists.clerk, at=lists.at)
    link(lists)
    early = between(record("census", 0), record("platform", 0))
    front = record("census", 0).premises
    other = lists.noodle_house
    Premises.objects.filter(pk=front.pk).update(merged_into=other)
    with pytest.raises(Refusal) as refused:
        matching.part_pair(early, by=lists.clerk, at=lists.at)
    assert refused.value.reasons[0].code == "joined_further"
    assert str(other) in refused.value.texts()[0]
    assert between(record("census", 0), record("platform", 0)).state == "joined"


def test_decisions_of_people_survive_every_later_run(lists):
    link(lists, CAUTIOUS)
    for step, number in ((matching.part_pair, 1), (matching.join_pair, 2), (matching.ask_street, 3)):
        step(between(record("census", number), record("platform", number)), by=lists.clerk, at=lists.at)
    decided = sorted(RecordLink.objects.filter(by=lists.clerk).values_list("pk", "state"))
    link(lists, again=True)
    assert sorted(RecordLink.objects.filter(by=lists.clerk).values_list("pk", "state")) == decided
    assert len(decided) == 3
    assert record("census", 1).premises_id != record("platform", 1).premises_id
    assert record("census", 2).premises_id == record("platform", 2).premises_id


def test_a_second_run_without_a_new_import_has_nothing_to_do_and_forced_it_changes_nothing(lists):
    link(lists)
    links, rows = list(RecordLink.objects.values()), snapshot()
    assert linking.pairs_waiting() == 0
    assert link(lists) == []
    assert [run.counts["joined"] for run in link(lists, again=True)] == [0, 0, 0]
    assert list(RecordLink.objects.values()) == links
    assert snapshot() == rows


def test_a_new_import_links_only_the_register_that_changed(lists):
    link(lists)
    import_list(
        "platform", [platform(number) for number in range(1, len(NAMES))], by=lists.clerk, at=lists.at + timedelta(days=1)
    )
    assert linking.pairs_waiting() == 2
    assert {"platform"} <= {run.one.kind for run in link(lists)} | {"platform"}
    assert LinkRun.objects.count() == 5


def test_an_import_after_the_join_leaves_it_alone(lists):
    link(lists)
    later = lists.at + timedelta(days=3)
    before = {kind: record(kind, 0).premises_id for kind in ("census", "market", "platform")}
    assert len(set(before.values())) == 1
    import_list("platform", [platform(number, phone="13711112222") for number in range(len(NAMES))], by=lists.clerk, at=later)
    import_list("market", [market(number, phone="13733334444") for number in range(len(NAMES))], by=lists.clerk, at=later)
    assert {kind: record(kind, 0).premises_id for kind in before} == before
    front = record("census", 0).premises
    assert queries.occupant_on(front, later.date()) == record("market", 0).merchant
    assert record("market", 0).merchant.phone == "13733334444"
    assert record("market", 0).merchant.name == NAMES[0][1]


def test_a_platform_that_renames_a_shop_does_not_drive_out_the_registered_operator(lists):
    link(lists)
    later = lists.at + timedelta(days=3)
    import_list("platform", [platform(0, name="全新名字小食铺"), *map(platform, range(1, len(NAMES)))], by=lists.clerk, at=later)
    assert queries.occupant_on(record("census", 0).premises, later.date()) == record("market", 0).merchant


def test_a_census_that_finds_somebody_else_does(lists):
    link(lists)
    later = lists.at + timedelta(days=3)
    import_list("census", [census(0, name="新来的饺子馆"), *map(census, range(1, len(NAMES)))], by=lists.clerk, at=later)
    assert queries.occupant_on(record("census", 0).premises, later.date()).name == "新来的饺子馆"


def test_a_join_that_the_lists_no_longer_support_is_laid_before_a_person_and_nothing_is_torn_apart(lists):
    link(lists)
    later = lists.at + timedelta(days=3)
    import_list("platform", [platform(0, "天南海北旅行社", "远山大道9号"), *map(platform, range(1, 6))], by=lists.clerk, at=later)
    linking.link_registers(by=lists.clerk, at=later, model=SURE)
    pair = between(record("census", 0), record("platform", 0))
    assert pair.state == "doubted"
    assert record("census", 0).premises_id == record("platform", 0).premises_id
    matching.part_pair(pair, by=lists.clerk, at=later)
    assert record("census", 0).premises_id != record("platform", 0).premises_id


def test_a_list_that_names_one_front_twice_is_asked_about_and_never_joined_by_itself(world):
    import_list("census", [census(0)], by=world.clerk, at=world.at)
    twice = [platform(0), ["W900", NAMES[0][2], "柳荫路101号二楼", *platform(0)[3:]]]
    import_list("platform", twice, by=world.clerk, at=world.at)
    link(world)
    assert sorted(RecordLink.objects.values_list("state", flat=True)) == ["joined", "suggested"]
    assert open_fronts() == 2
    matching.join_pair(RecordLink.objects.get(state="suggested"), by=world.clerk, at=world.at)
    assert open_fronts() == 1


def test_two_doors_of_one_party_stay_two_fronts_and_trouble_nobody(world):
    two = [census(0), census(1, name=NAMES[0][0], address="柳荫路109号")]
    import_list("census", two, by=world.clerk, at=world.at)
    import_list("platform", [platform(0)], by=world.clerk, at=world.at)
    link(world)
    assert sorted(RecordLink.objects.values_list("state", flat=True)) == ["joined"]
    assert open_fronts() == 2


def test_two_parties_with_different_codes_are_joined_by_people_only(world):
    import_list("census", [census(0)], by=world.clerk, at=world.at)
    front = record("census", 0).premises
    merchant = queries.occupant_on(front, world.at.date())
    merchant.credit_code = world.noodle_shop.credit_code[:17] + "Z"
    merchant.save()
    import_list("market", [market(0)], by=world.clerk, at=world.at)
    link(world)
    pair = RecordLink.objects.get()
    assert pair.state == "suggested"
    matching.join_pair(pair, by=world.clerk, at=world.at)
    assert queries.occupant_on(front, world.at.date()) == record("market", 0).merchant
    assert record("census", 0).merchant == merchant
    matching.reopen_pair(pair, by=world.clerk, at=world.at)
    assert queries.occupant_on(front, world.at.date()) == merchant


def test_rival_suggestions_leave_the_desk_with_the_decision_and_come_back_when_it_is_taken_back(world):
    import_list("census", [census(0), census(1, name="胖嫂刀削面", address="柳荫路103号")], by=world.clerk, at=world.at)
    import_list("market", [market(0, address="望桥区柳荫路102号")], by=world.clerk, at=world.at)
    link(world, CAUTIOUS)
    pairs = RecordLink.objects.filter(state="suggested")
    assert pairs.count() == 2
    matching.join_pair(pairs.first(), by=world.clerk, at=world.at)
    assert sorted(RecordLink.objects.values_list("state", flat=True)) == ["joined", "withdrawn"]
    matching.reopen_pair(RecordLink.objects.get(state="joined"), by=world.clerk, at=world.at)
    assert pairs.count() == 2


def test_a_pair_is_decided_once_and_only_by_those_who_may(lists):
    link(lists, CAUTIOUS)
    pair = RecordLink.objects.filter(state="suggested").first()
    same = RecordLink.objects.get(pk=pair.pk)
    with pytest.raises(Refusal):
        matching.join_pair(pair, by=lists.gridworker, at=lists.at)
    matching.join_pair(pair, by=lists.clerk, at=lists.at)
    with pytest.raises(Refusal) as refused:
        matching.part_pair(same, by=lists.clerk_2, at=lists.at)
    assert refused.value.reasons[0].code == "moved_on"
    with pytest.raises(Refusal):
        linking.link_registers(by=lists.gridworker, at=lists.at)
