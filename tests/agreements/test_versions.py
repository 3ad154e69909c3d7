"""Forms as data, and units' versions of the district's text: added to, never taken from, compared, approved, lapsing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sanbao.agreements import batches, coverage, queries, renewals, services, versioning
from sanbao.agreements.form_text import THREE, faults_of, parse_form, read_form, shipped
from sanbao.agreements.models import Form
from sanbao.agreements.versions import difference, faults_of_version, with_additions
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.registry.models import Premises
from tests.agreements.conftest import served, signed, signing
from tests.agreements.test_services import _text, actions, codes

RIGHTS = "三、乙方的权利"
LOCAL = {RIGHTS: ["门前地面由街道每周冲洗一次。"]}
ITEM = ("order", "夜市摊位在二十二时前收摊，收摊后清扫地面。", "收摊后地面是否清扫干净？")


def proposed(world, *, on: date | None = None, items=(ITEM,)) -> Form:
    first = on or world.at.date()
    return versioning.propose_version(
        world.street_office, paragraphs=LOCAL, items=items, effective_from=first, by=world.clerk, at=world.at
    )


def approved(world, **more) -> Form:
    return versioning.approve_version(proposed(world, **more), by=world.dispatcher, at=world.at)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_form_fits_together_and_takes_no_money(name):
    text = read_form(name)
    assert faults_of(text) == []
    assert "不收押金，不作处罚依据" in text.body[-1]["heading"]
    assert {item.duty for item in text.items} == {duty.code for duty in text.duties}


def test_three_four_and_five_duties_are_data():
    assert [len(read_form(name).duties) for name in ("2026", "2026_four", "2026_five")] == [3, 4, 5]
    assert read_form("2026").duties == THREE and read_form("2026").scoring == {}
    assert read_form("2026_four").scoring["points"] == 1000
    assert sum(item.points for item in read_form("2026_five").items) == 100


def test_a_form_whose_points_or_duties_do_not_fit_is_not_read():
    text = read_form("2026_four")
    first = text.items[0]
    assert faults_of(replace(text, items=(replace(first, duty="music"), *text.items[1:])))
    assert faults_of(replace(text, items=(replace(first, points=1), *text.items[1:])))
    assert faults_of(replace(text, items=(*text.items, first)))
    with pytest.raises(ValueError):
        parse_form("name = 1 = 2")


def test_the_form_of_an_earlier_release_keeps_its_hash():
    assert read_form("2026").fingerprint().startswith("8b6325d9")


def test_a_form_of_five_duties_is_issued_signed_and_printed_with_its_own_words(world, form):
    text = replace(read_form("2026_five"), effective_from=date(2026, 9, 20))
    five = services.issue_form(text, by=world.dispatcher, at=world.at)
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    assert letter.form == five
    printed = {item["duty"] for item in letter.document.facts["items"]}
    assert printed == {"包卫生", "包绿化", "包秩序", "包设施", "包立面亮化"}
    assert letter.document.facts["items"][0]["points"] == "12分，每处扣2分"


def test_a_difference_names_what_was_added_changed_and_removed_down_to_the_words():
    old = read_form("2026")
    items = tuple(
        replace(item, wording=item.wording.replace("每天", "每天早晚")) if item.code == "W1" else item for item in old.items
    )
    new = replace(old, items=items[:-1])
    found = difference(old, with_additions(new, version="x", effective_from=date(2027, 1, 1), paragraphs=LOCAL, items=[ITEM]))
    assert (found.added, found.changed, found.removed) == (["U1"], ["W1"], ["Z5"])
    [changed] = [item for item in found.items if item.code == "W1"]
    assert [(piece.mark, piece.words) for piece in changed.line.pieces if piece.mark != "same"] == [("added", "早晚")]
    assert [line.pieces[0].words for line in found.paragraphs] == LOCAL[RIGHTS]
    assert difference(old, old).paragraphs == [] and not difference(old, old).changed


def test_a_version_that_takes_anything_away_is_refused_with_every_reason():
    text = read_form("2026")
    body = [{**part, "paragraphs": part["paragraphs"][:1]} if part["heading"] == RIGHTS else part for part in text.body]
    weaker = replace(text, body=body, items=text.items[1:], term_months=60)
    assert {reason.code for reason in faults_of_version(text, weaker)} == {
        "paragraph_lost",
        "item_lost",
        "terms_changed",
        "nothing_added",
    }


def test_additions_never_ask_for_money(world, form):
    with pytest.raises(Refusal) as refusal:
        proposed(world, items=[("order", "签订时交押金五百元。", "是否已交押金？")])
    assert codes(refusal) == {"no_money"}
    assert Form.objects.count() == 1


def test_a_unit_proposes_the_district_approves_and_only_then_it_is_used(world, form):
    version = proposed(world)
    assert version.version == "2026-1/ST-A-1" and actions(version) == ["form.proposed"]
    assert queries.form_on(world.at.date(), unit=world.street_office) == form
    with pytest.raises(Refusal) as refusal:
        proposed(world)
    assert codes(refusal) == {"waits_already"}
    with pytest.raises(Forbidden):
        versioning.approve_version(version, by=world.clerk, at=world.at)
    versioning.approve_version(version, by=world.dispatcher, at=world.at)
    assert queries.form_on(world.at.date(), unit=world.street_office) == version
    assert queries.form_on(world.at.date(), unit=world.street_office_2) == form
    assert queries.form_on(world.at.date()) == form
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    assert letter.form == version and letter.item_states.filter(item__code="U1").count() == 1
    assert any(LOCAL[RIGHTS][0] in part["paragraphs"] for part in letter.document.facts["sections"])


def test_who_proposed_does_not_approve_and_strangers_do_not_propose(world, form):
    version = versioning.propose_version(
        world.street_office, paragraphs=LOCAL, items=[], effective_from=world.at.date(), by=world.dispatcher, at=world.at
    )
    with pytest.raises(Refusal) as refusal:
        versioning.approve_version(version, by=world.dispatcher, at=world.at)
    assert codes(refusal) == {"same_person"}
    with pytest.raises(Forbidden):
        versioning.propose_version(
            world.street_office, paragraphs=LOCAL, items=[], effective_from=world.at.date(), by=world.clerk_2, at=world.at
        )


def test_a_version_is_returned_with_a_reason_and_may_be_proposed_again(world, form):
    version = proposed(world)
    with pytest.raises(Refusal):
        versioning.return_version(version, note=" ", by=world.dispatcher, at=world.at)
    versioning.return_version(version, note="收摊时间请与夜市办法一致", by=world.dispatcher, at=world.at)
    assert Form.objects.get(pk=version.pk).state == "returned" and actions(version)[-1] == "form.returned"
    assert proposed(world).version == "2026-1/ST-A-2"


def test_half_an_item_and_an_unknown_section_are_refused(world, form):
    for paragraphs, items in (
        ({}, [("order", "只有内容", "")]),
        ({}, [("music", "唱歌", "唱了吗？")]),
        ({"没有这一节": ["x"]}, []),
    ):
        with pytest.raises(Malformed):
            versioning.propose_version(
                world.street_office,
                paragraphs=paragraphs,
                items=items,
                effective_from=world.at.date(),
                by=world.clerk,
                at=world.at,
            )


def test_a_unit_version_turns_the_letters_of_its_own_fronts_old_and_of_no_others(world, form):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    Premises.objects.filter(pk=world.tea_house.pk).update(area=world.area_b)
    world.tea_house.refresh_from_db()
    signed(world.tea_house, by=world.clerk_2, at=world.at)
    approved(world, on=world.at.date() + timedelta(days=3))
    before, after = (
        dict(coverage.classified(None, world.at.date() + timedelta(days=n)).values_list("pk", "kind")) for n in (2, 3)
    )
    assert (before[world.noodle_house.pk], after[world.noodle_house.pk]) == ("signed", "old_text")
    assert (before[world.tea_house.pk], after[world.tea_house.pk]) == ("signed", "signed")


def test_a_letter_on_the_plain_text_waits_in_vain_where_a_unit_version_is_in_force(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    approved(world)
    with pytest.raises(Refusal) as refusal:
        services.sign(letter, **signing(letter), by=None, at=world.at)
    assert codes(refusal) == {"old_text"}


def test_a_new_text_of_the_district_lets_the_unit_versions_of_the_old_one_lapse(world, form):
    version = approved(world)
    signed(world.noodle_house, by=world.clerk, at=world.at)
    new = services.issue_form(_text("2026-2", date(2026, 10, 1)), by=world.dispatcher, at=world.at)
    assert queries.form_on(date(2026, 9, 30), unit=world.street_office) == version
    assert queries.form_on(date(2026, 10, 1), unit=world.street_office) == new
    assert coverage.classified(None, date(2026, 10, 1)).get(pk=world.noodle_house.pk).kind == "old_text"
    assert queries.versions_to_renew(date(2026, 9, 30)) == []
    assert queries.versions_to_renew(date(2026, 10, 1)) == [version]
    later = world.at + timedelta(days=15)
    again = versioning.propose_version(
        world.street_office, paragraphs=LOCAL, items=[ITEM], effective_from=later.date(), by=world.clerk, at=later
    )
    assert again.template == new and queries.versions_to_renew(date(2026, 10, 20)) == []


def test_batches_take_each_front_its_units_own_text(world, form):
    Premises.objects.filter(pk=world.tea_house.pk).update(area=world.area_b)
    world.tea_house.refresh_from_db()
    version = approved(world)
    done = batches.draft_letters([world.noodle_house, world.tea_house], by=world.clerk, at=world.at)
    assert [letter.form for letter in done.letters] == [version, form]


def test_a_letter_is_to_be_renewed_so_many_days_before_its_end_as_its_own_form_says(world, form):
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    near = letter.term_until - timedelta(days=form.renewal_days)
    assert list(renewals.ending(None, near - timedelta(days=1))) == []
    assert list(renewals.ending(None, near)) == list(renewals.ending(world.area_a, letter.term_until)) == [letter]
    after = letter.term_until + timedelta(days=1)
    assert list(renewals.ending(None, after)) == [] and list(renewals.ended(None, after)) == [letter]
    assert list(renewals.ended(world.area_b, after)) == []
    again = signed(world.noodle_house, by=world.clerk, at=world.at + timedelta(days=350))
    assert list(renewals.ending(None, again.signed_on)) == [] and list(renewals.ended(None, after)) == []
