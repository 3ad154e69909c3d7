"""Letters in batches: the same guards and the same rows as one by one, in few statements, and each refused on its own."""

from datetime import timedelta

import pytest

from sanbao.agreements import batches, services
from sanbao.agreements.batches import Signing
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement, ItemState
from sanbao.core import documents, files
from sanbao.core.errors import Forbidden, Refusal
from sanbao.core.models import Entry, IssuedDocument
from sanbao.registry.models import Occupancy
from tests.agreements.conftest import EMPTY, SIGNATURE, all_agreed, served, signed


@pytest.fixture
def letters(world, form) -> list[Agreement]:
    return batches.draft_letters([world.noodle_house, world.tea_house], by=world.clerk, at=world.at).letters


def given(world, letter, number=1, **changes) -> Signing:
    ink = files.store_photo(changes.pop("ink", SIGNATURE), by=None, at=world.at)
    values = {
        "agreement": letter,
        "signer_name": "李建国",
        "capacity": "operator",
        "signature": ink,
        "items": all_agreed(letter.form),
        "consent_hash": letter.form.text_hash,
        "client_id": f"phone-{number}",
        "by": world.gridworker,
        "at": world.at + timedelta(minutes=number),
    }
    return Signing(**{**values, **changes})


def facts_of(letter: Agreement) -> dict:
    letter.refresh_from_db()
    kept = ("state", "signed_on", "term_from", "term_until", "signer_name", "signer_capacity", "client_id", "unit_id", "form_id")
    answers = sorted(letter.item_states.values_list("item__code", "answer", "reason"))
    paper = {key: letter.document.facts[key] for key in ("items", "merchant", "signer", "term", "frontage", "signature")}
    return {name: getattr(letter, name) for name in kept} | {"answers": answers, "paper": paper}


def test_a_signature_in_a_batch_leaves_what_one_alone_leaves(world, form):
    world.noodle_house.refresh_from_db()
    alone = signed(world.noodle_house, by=world.clerk, at=world.at, client_id="phone-1", officer=world.gridworker)
    expected = facts_of(alone)
    ItemState.objects.all().delete()
    Agreement.objects.all().delete()
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    [done] = batches.sign_many([given(world, letter, at=world.at)])
    assert facts_of(done) == expected
    entry = Entry.objects.filter(action="agreement.signed").latest("id")
    assert entry.by == world.gridworker and entry.data["document"] == str(done.document_id)


def test_many_are_drafted_and_signed_in_few_statements(world, form, django_assert_max_num_queries):
    for front in (world.noodle_house, world.tea_house):
        assert front.area.unit  # read before: the worklist of a page brings areas and units along
    with django_assert_max_num_queries(16):
        drafted = batches.draft_letters([world.noodle_house, world.tea_house], by=world.clerk, at=world.at)
    signings = [given(world, letter, number) for number, letter in enumerate(drafted.letters, start=1)]
    with django_assert_max_num_queries(32):
        done = batches.sign_many(signings)
    assert [letter.state for letter in done] == ["signed", "signed"]
    assert sorted(letter.document.serial for letter in done) == [1, 2]
    assert all(documents.pdf_bytes(letter.document).startswith(b"%PDF") for letter in done)


def test_each_is_refused_on_its_own_with_every_reason(world, letters):
    first, second = letters
    bad = given(world, first, ink=EMPTY, signer_name=" ", items={"W1": Answer(False)}, consent_hash="x")
    refusal, good = batches.sign_many([bad, given(world, second, 2)])
    assert isinstance(refusal, Refusal)
    assert {reason.code for reason in refusal.reasons} == {
        "items_open",
        "reason_missing",
        "consent_missing",
        "signer_missing",
        "signature_empty",
    }
    first.refresh_from_db()
    assert first.state == "served" and good.state == "signed" and IssuedDocument.objects.count() == 1


def test_a_letter_for_an_operator_who_has_left_is_not_signed(world, letters):
    day = world.at.date() - timedelta(days=1)
    Occupancy.objects.filter(premises=world.noodle_house).update(until_on=day)
    [refusal] = batches.sign_many([given(world, letters[0])])
    assert [reason.code for reason in refusal.reasons] == ["not_operator"]


def test_the_same_signature_twice_is_one(world, letters):
    one = given(world, letters[0])
    first, again = batches.sign_many([one, one])
    [later] = batches.sign_many([one])
    assert first == again == later
    assert IssuedDocument.objects.count() == 1 and ItemState.objects.count() == 13


def test_a_renewed_letter_in_a_batch_replaces_the_former(world, form):
    former = signed(world.noodle_house, by=world.clerk, at=world.at)
    later = world.at + timedelta(days=350)
    drafted = batches.draft_letters([world.noodle_house, world.tea_house], by=world.clerk, at=later)
    [letter] = [each for each in drafted.letters if each.premises_id == world.noodle_house.pk]
    [done] = batches.sign_many([given(world, letter, at=later)])
    former.refresh_from_db()
    assert (former.state, done.state) == ("superseded", "signed")


def test_a_worklist_keeps_its_order_and_does_not_draft_twice(world, form):
    waiting = services.draft_letter(world.tea_house, by=world.clerk, at=world.at)
    done = batches.draft_letters([world.noodle_house, world.vacant_front, world.tea_house], by=world.clerk, at=world.at)
    assert [letter.premises_id for letter in done.letters] == [world.noodle_house.pk, world.tea_house.pk]
    assert done.letters[1].pk == waiting.pk
    assert Entry.objects.filter(action="agreement.drafted").count() == 2
    assert Entry.objects.filter(action="agreement.served").count() == 2
    again = batches.draft_letters([world.noodle_house], by=world.clerk, at=world.at)
    assert [letter.pk for letter in again.letters] == [done.letters[0].pk]


def test_who_may_not_sign_or_draft_is_refused(world, letters):
    with pytest.raises(Forbidden):
        batches.sign_many([given(world, letters[0], by=world.qian)])
    with pytest.raises(Forbidden):
        batches.draft_letters([world.tea_house], by=world.gridworker, at=world.at)
