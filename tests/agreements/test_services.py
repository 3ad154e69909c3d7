"""Letters through the services: the rows and the journal say the same."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from sanbao.agreements import batches, queries, services
from sanbao.agreements.form_text import read_form
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement, Exemption, Form, ItemState
from sanbao.core import documents
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.journal import entries_of
from sanbao.core.models import Entry, IssuedDocument
from sanbao.registry.models import Occupancy
from tests.agreements.conftest import DOT, EMPTY, all_agreed, drawing, served, signed, signing


def actions(obj) -> list[str]:
    return [entry.action for entry in entries_of(obj)]


def codes(refusal) -> set[str]:
    return {reason.code for reason in refusal.value.reasons}


def test_the_shipped_form_has_items_for_all_three_duties_and_takes_no_deposit(form):
    assert {item.duty for item in form.items.all()} == {"hygiene", "greenery", "order"}
    assert actions(form) == ["form.issued"]
    assert "不收押金，不作处罚依据" in form.body[-1]["heading"]
    assert form.text_hash == read_form("2026").fingerprint()


def test_a_version_is_issued_once_and_a_new_one_begins_later(world, form):
    with pytest.raises(Refusal) as refusal:
        services.issue_form("2026", by=world.dispatcher, at=world.at)
    assert codes(refusal) == {"form_issued_already"}
    with pytest.raises(Refusal) as refusal:
        services.issue_form(_text("2026-0", form.effective_from), by=world.dispatcher, at=world.at)
    assert codes(refusal) == {"form_begins_too_early"}
    with pytest.raises(Forbidden):
        services.issue_form(_text("2027-1", date(2027, 1, 1)), by=world.clerk, at=world.at)
    assert Form.objects.count() == 1


def test_a_letter_is_drafted_for_the_present_operator_and_only_once(world, form):
    letter = services.draft_letter(world.noodle_house, by=world.clerk, at=world.at)
    assert (letter.merchant, letter.unit, letter.state) == (world.noodle_shop, world.street_office, "draft")
    assert letter.number == "待签2026-000001"
    assert services.draft_letter(world.noodle_house, by=world.clerk, at=world.at) == letter
    assert actions(letter) == ["agreement.drafted"]


def test_no_letter_is_drafted_where_nobody_is_known_or_the_front_is_exempt(world, form):
    with pytest.raises(Refusal) as refusal:
        services.draft_letter(world.vacant_front, by=world.clerk, at=world.at)
    assert codes(refusal) == {"no_operator"}
    services.exempt_premises(
        world.tea_house, reason_code="works", reason="围挡施工", from_on=date(2026, 9, 1), by=world.clerk, at=world.at
    )
    with pytest.raises(Refusal) as refusal:
        services.draft_letter(world.tea_house, by=world.clerk, at=world.at)
    assert codes(refusal) == {"exempt"}
    with pytest.raises(Forbidden):
        services.draft_letter(world.noodle_house, by=world.editor, at=world.at)
    assert not Agreement.objects.exists()


def test_a_signed_letter_has_its_term_its_items_its_paper_and_its_entry(world, form):
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    row = queries.letter(letter.pk)
    assert (row.state, row.signed_on, row.term_from, row.term_until) == (
        "signed",
        date(2026, 9, 21),
        date(2026, 9, 21),
        date(2027, 9, 20),
    )
    assert row.item_states.count() == form.items.count()
    assert row.number == row.document.number == "望柳街三包责字〔2026〕0001号"
    assert documents.pdf_bytes(row.document).startswith(b"%PDF")
    assert actions(letter) == ["agreement.drafted", "agreement.served", "agreement.signed"]
    assert entries_of(letter).last().data["form"] == form.version
    assert "李建国" not in str(entries_of(letter).last().data)


def test_signing_again_with_the_same_client_id_changes_nothing(world, form):
    letter = signed(world.noodle_house, by=world.clerk, at=world.at, client_id="phone-1")
    before = Entry.objects.count()
    again = services.sign(
        Agreement.objects.get(pk=letter.pk), **signing(letter, "phone-1"), by=None, at=world.at + timedelta(minutes=1)
    )
    assert (again.pk, again.signed_at) == (letter.pk, world.at)
    assert Entry.objects.count() == before
    assert IssuedDocument.objects.count() == 1
    other = served(world.tea_house, by=world.clerk, at=world.at)
    with pytest.raises(Malformed):
        services.sign(other, **signing(other, "phone-1"), by=None, at=world.at)
    with pytest.raises(Refusal) as refusal:
        services.sign(again, **signing(letter, "phone-2"), by=None, at=world.at)
    assert codes(refusal) == {"wrong_state"}


def test_every_objection_to_a_signature_is_told_at_once_and_nothing_is_written(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    before = Entry.objects.count()
    answers = all_agreed(form)
    del answers["W1"]
    answers["L1"] = Answer(False, " ")
    answers["X9"] = Answer(True)
    bad = signing(letter, signer_name=" ", capacity="king", signature=EMPTY, items=answers, consent_hash="0" * 64)
    with pytest.raises(Refusal) as refusal:
        services.sign(letter, **bad, by=None, at=world.at)
    assert codes(refusal) == {
        "items_open",
        "items_unknown",
        "reason_missing",
        "consent_missing",
        "signer_missing",
        "capacity_missing",
        "signature_empty",
    }
    assert Agreement.objects.get(pk=letter.pk).state == "served"
    assert not ItemState.objects.exists()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("scribble", [EMPTY, DOT, b"", b"not a picture", drawing([(0, 120), (600, 120)], size=(600, 4))])
def test_an_empty_scribble_is_no_signature(scribble):
    from sanbao.agreements.signature import is_signature

    assert not is_signature(scribble)


def test_ink_on_transparent_ground_is_a_signature():
    from sanbao.agreements.signature import is_signature

    assert is_signature(drawing([(60, 180), (140, 40), (200, 200), (400, 60)], background=""))


def test_an_item_that_does_not_apply_keeps_its_reason(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    answers = {**all_agreed(form), "L1": Answer(False, "门前没有树")}
    services.sign(letter, **signing(letter, items=answers), by=None, at=world.at)
    state = ItemState.objects.get(item__code="L1")
    assert state.reason == "门前没有树"
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemState.objects.filter(pk=state.pk).update(reason="")


def test_a_link_signs_only_while_it_lives_but_an_officer_may_still_take_the_signature(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    late = world.at + timedelta(days=form.link_days)
    with pytest.raises(Refusal) as refusal:
        services.sign(letter, **signing(letter), by=None, at=late)
    assert codes(refusal) == {"link_expired"}
    assert services.sign(letter, **signing(letter), by=world.gridworker, at=late).state == "signed"


def test_declining_is_recorded_without_consequence_and_the_letter_may_be_signed_later(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    services.record_refusal(letter, note="先看看再说", by=world.gridworker, at=world.at)
    assert actions(letter)[-1] == "agreement.refused"
    assert entries_of(letter).last().data == {}
    assert services.draft_letter(world.noodle_house, by=world.clerk, at=world.at) == letter
    later = world.at + timedelta(days=2)
    assert services.sign(letter, **signing(letter), by=None, at=later).state == "signed"


def test_an_ended_letter_covers_the_days_before_and_none_after(world, form):
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    services.end_agreement(letter, note="停止经营", by=world.clerk, at=world.at + timedelta(days=10))
    row = Agreement.objects.get(pk=letter.pk)
    assert row.covers(date(2026, 9, 30)) and not row.covers(date(2026, 10, 1))
    assert queries.in_force(date(2026, 9, 30)).count() == 1
    assert queries.in_force(date(2026, 10, 1)).count() == 0
    assert actions(letter)[-1] == "agreement.ended"
    with pytest.raises(Refusal):
        services.end_agreement(row, note="再来一次", by=world.clerk, at=world.at)


def test_a_new_text_replaces_the_letter_on_the_old_one(world, form):
    old = signed(world.noodle_house, by=world.clerk, at=world.at)
    services.issue_form(_text("2026-2", date(2026, 10, 1)), by=world.dispatcher, at=world.at)
    later = world.at + timedelta(days=20)
    new = signed(world.noodle_house, by=world.clerk, at=later)
    assert Agreement.objects.get(pk=old.pk).state == "superseded"
    assert actions(old)[-1] == "agreement.ended"
    assert new.form.version == "2026-2"
    assert new.number.endswith("0002号")


def test_a_waiting_letter_on_an_old_text_cannot_be_signed(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    services.issue_form(_text("2026-2", date(2026, 9, 25)), by=world.dispatcher, at=world.at)
    with pytest.raises(Refusal) as refusal:
        services.sign(letter, **signing(letter), by=None, at=world.at + timedelta(days=5))
    assert codes(refusal) == {"old_text"}


def test_a_letter_to_an_operator_who_left_cannot_be_signed_and_the_next_one_replaces_it(world, form):
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    _change_operator(world, date(2026, 9, 25))
    later = world.at + timedelta(days=5)
    with pytest.raises(Refusal) as refusal:
        services.sign(letter, **signing(letter), by=None, at=later)
    assert codes(refusal) == {"not_operator"}
    new = services.draft_letter(world.noodle_house, by=world.clerk, at=later)
    assert new.merchant == world.hardware_shop
    assert Agreement.objects.get(pk=letter.pk).state == "superseded"


def test_the_letter_of_a_former_operator_ends_when_the_present_one_signs(world, form):
    old = signed(world.noodle_house, by=world.clerk, at=world.at)
    _change_operator(world, date(2026, 10, 1))
    signed(world.noodle_house, by=world.clerk, at=world.at + timedelta(days=20))
    row = Agreement.objects.get(pk=old.pk)
    assert (row.state, row.ended_on) == ("ended", date(2026, 10, 11))


def test_a_running_letter_is_renewed_only_near_its_end(world, form):
    first = signed(world.noodle_house, by=world.clerk, at=world.at)
    with pytest.raises(Refusal) as refusal:
        services.draft_letter(world.noodle_house, by=world.clerk, at=world.at + timedelta(days=100))
    assert codes(refusal) == {"still_running"}
    second = signed(world.noodle_house, by=world.clerk, at=world.at + timedelta(days=340))
    assert second.pk != first.pk
    assert Agreement.objects.get(pk=first.pk).state == "superseded"


def test_the_database_keeps_one_letter_in_force_per_premises_and_merchant(world, form):
    letter = signed(world.noodle_house, by=world.clerk, at=world.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            form=form,
            premises=letter.premises,
            merchant=letter.merchant,
            number="2",
            state="signed",
            drafted_at=world.at,
            signed_at=world.at,
            signed_on=letter.signed_on,
            term_from=letter.term_from,
            term_until=letter.term_until,
        )


def test_a_letter_changed_by_somebody_else_meanwhile_is_not_changed_again(world, form):
    mine = served(world.noodle_house, by=world.clerk, at=world.at)
    theirs = Agreement.objects.get(pk=mine.pk)
    services.end_agreement(theirs, note="写错了地址", by=world.clerk, at=world.at)
    with pytest.raises(Refusal) as refusal:
        services.record_refusal(mine, note="不签", by=world.gridworker, at=world.at)
    assert codes(refusal) == {"moved_on"}


def test_exemptions_need_a_reason_and_do_not_meet(world, form):
    grant = {"reason_code": "public_body", "by": world.clerk, "at": world.at}
    given = services.exempt_premises(
        world.tea_house, reason="机关单位", from_on=date(2026, 1, 1), until_on=date(2026, 6, 30), **grant
    )
    assert actions(given) == ["exemption.granted"]
    for reason, first, last in (
        ("", date(2027, 1, 1), None),
        ("机关", date(2026, 6, 30), None),
        ("机关", date(2027, 2, 1), date(2027, 1, 1)),
    ):
        with pytest.raises(Refusal):
            services.exempt_premises(world.tea_house, reason=reason, from_on=first, until_on=last, **grant)
    services.exempt_premises(world.tea_house, reason="机关单位", from_on=date(2026, 7, 1), **grant)
    assert Exemption.objects.count() == 2


def test_a_worklist_is_drafted_with_links_and_every_refusal_is_told(world, form):
    done = batches.draft_letters([world.noodle_house, world.vacant_front, world.tea_house], by=world.clerk, at=world.at)
    assert {letter.premises for letter in done.letters} == {world.noodle_house, world.tea_house}
    assert [(front, reason.reasons[0].code) for front, reason in done.refused] == [(world.vacant_front, "no_operator")]
    assert all(letter.state == "served" and services.link_path(letter) for letter in done.letters)


def _text(version: str, first: date):
    from dataclasses import replace

    return replace(read_form("2026"), version=version, effective_from=first)


def _change_operator(world, on: date) -> None:
    Occupancy.objects.filter(premises=world.noodle_house).update(until_on=on - timedelta(days=1))
    Occupancy.objects.create(premises=world.noodle_house, merchant=world.hardware_shop, from_on=on)
