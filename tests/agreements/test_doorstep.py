"""What a phone brings home: each taken once or refused on its own, at its own moment within bounds, whatever the phone's clock says."""

from base64 import b64encode
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from sanbao.agreements import batches, coverage, doorstep, parcels
from sanbao.agreements.doorstep import Brought, Given
from sanbao.agreements.models import Agreement, Attempt
from sanbao.core import files
from sanbao.core.errors import Forbidden
from sanbao.core.models import Attachment, Entry, IssuedDocument
from sanbao.registry import services as registry
from tests.agreements.conftest import EMPTY, SIGNATURE

LATER = timedelta(hours=6)


@pytest.fixture
def letters(world, form) -> list[Agreement]:
    """Two letters handed over at the beginning of the stories."""
    return batches.draft_letters([world.noodle_house, world.tea_house], by=world.clerk, at=world.at).letters


def brought(letter: Agreement, at, **changes) -> Brought:
    """A whole signature as the phone sends it."""
    values = {
        "client_id": uuid4(),
        "letter": letter.pk,
        "kind": "signed",
        "at": at,
        "signer_name": "李建国",
        "capacity": "operator",
        "items": {item.code: Given(agreed=True) for item in letter.form.items.all()},
        "consent_hash": letter.form.text_hash,
        "signature": SIGNATURE,
    }
    return Brought(**{**values, **changes})


def visit(letter: Agreement, at, kind: str = "nobody", **changes) -> Brought:
    return Brought(client_id=uuid4(), letter=letter.pk, kind=kind, at=at, **changes)


def send(world, *items: Brought, late=LATER, wrong=timedelta(0), by=None) -> list[doorstep.Outcome]:
    """Bring items home `late` after the story began, by a phone whose clock goes wrong by so much."""
    at = world.at + late
    return doorstep.receive_many(items, sent_at=at + wrong, by=by or world.gridworker, at=at)


def codes(outcome: doorstep.Outcome) -> list[str]:
    return [reason.code for reason in outcome.reasons]


def test_a_signature_keeps_the_moment_at_which_it_was_given(world, letters):
    moment = world.at + timedelta(hours=1)
    [done] = send(world, brought(letters[0], moment))
    letter = Agreement.objects.get(pk=letters[0].pk)
    assert (letter.state, letter.signed_at, done.number) == ("signed", moment, letter.number)
    assert Entry.objects.get(action="agreement.signed").by == world.gridworker
    assert coverage.audit(None, moment.date()).count["signed"] == 1


def test_the_same_envelope_sent_again_says_the_same_numbers_and_writes_nothing(world, letters):
    items = [brought(letters[0], world.at + timedelta(hours=1)), visit(letters[1], world.at + timedelta(hours=2))]
    first = send(world, *items)
    entries, papers = Entry.objects.count(), IssuedDocument.objects.count()
    assert send(world, *items, late=timedelta(days=20))[0] == first[0]
    assert send(world, *items) == first
    assert (Entry.objects.count(), IssuedDocument.objects.count()) == (entries, papers)


def test_each_is_refused_on_its_own_and_says_why(world, letters):
    newcomer, day = world.hardware_shop, world.at.date()
    registry.begin_occupancy(world.tea_house, newcomer, from_on=day, by=world.clerk, at=world.at)
    moment = world.at + timedelta(hours=1)
    lost = visit(Agreement(pk=uuid4()), moment)
    empty = brought(letters[0], moment, signature=b"")
    broken = brought(letters[0], moment, photo=b"no picture")
    blank = brought(letters[0], moment, signature=EMPTY)
    nul = brought(letters[0], moment, signer_name="李\0")
    outcomes = send(world, lost, empty, broken, blank, nul, brought(letters[1], moment), brought(letters[0], moment))
    assert [codes(each) for each in outcomes] == [
        ["unknown_letter"],
        ["photo_empty"],
        ["not_a_photo"],
        ["signature_empty"],
        ["bad_text"],
        ["not_operator"],
        [],
    ]
    assert Agreement.objects.filter(state="signed").count() == 1


@pytest.mark.parametrize(
    ("moved", "refused"),
    [
        (timedelta(minutes=-90), ["before_served"]),
        (LATER + timedelta(hours=1), ["in_the_future"]),
        (LATER + timedelta(minutes=1), []),
        (timedelta(minutes=-1), []),
    ],
)
def test_a_moment_is_bounded_by_the_handing_over_and_by_now(world, letters, moved, refused):
    [outcome] = send(world, brought(letters[0], world.at + moved))
    assert codes(outcome) == refused
    if not refused:
        signed_at = Agreement.objects.get(pk=letters[0].pk).signed_at
        assert world.at <= signed_at <= world.at + LATER


def test_what_is_older_than_a_week_is_not_entered_any_more(world, letters):
    [outcome] = send(world, brought(letters[0], world.at + timedelta(hours=1)), late=timedelta(days=8))
    assert codes(outcome) == ["too_old"]


@pytest.mark.parametrize("wrong", [timedelta(days=-3), timedelta(hours=5), timedelta(days=400)])
def test_a_phone_whose_clock_goes_wrong_is_put_right(world, letters, wrong):
    moment = world.at + timedelta(hours=1)
    [outcome] = send(world, brought(letters[0], moment + wrong), wrong=wrong)
    assert not outcome.reasons
    assert Agreement.objects.get(pk=letters[0].pk).signed_at == moment


def test_declining_is_written_down_and_may_be_followed_by_a_signature_in_the_same_envelope(world, letters):
    signature = brought(letters[0], world.at + timedelta(hours=3))
    declined = visit(letters[0], world.at + timedelta(hours=1), "declined", note="要先问老板")
    assert [codes(each) for each in send(world, signature, declined)] == [[], []]
    letter = Agreement.objects.get(pk=letters[0].pk)
    assert letter.state == "signed" and letter.refused_at == world.at + timedelta(hours=1)
    [entry] = Entry.objects.filter(action="agreement.visited")
    assert entry.data == {"met": "declined", "client_id": str(declined.client_id)}


def test_declining_needs_what_was_said(world, letters):
    [outcome] = send(world, visit(letters[0], world.at + timedelta(hours=1), "declined"))
    assert codes(outcome) == ["note_missing"]
    assert not Entry.objects.filter(action="agreement.visited").exists()


def test_nobody_met_leaves_the_letter_waiting_and_keeps_the_photo(world, letters):
    [outcome] = send(world, visit(letters[0], world.at + timedelta(hours=1), photo=SIGNATURE))
    letter = Agreement.objects.get(pk=letters[0].pk)
    assert (letter.state, outcome.number) == ("served", letters[0].number)
    attempt = Attempt.objects.get(premises=letter.premises)
    assert (attempt.result, attempt.at, attempt.by) == ("not_met", world.at + timedelta(hours=1), world.gridworker)
    assert files.attachments(letter, doorstep.PHOTO_ROLE).count() == Attachment.objects.count() == 1


def test_a_letter_signed_otherwise_meanwhile_says_so(world, letters):
    moment = world.at + timedelta(hours=1)
    send(world, brought(letters[0], moment))
    again, late = send(world, brought(letters[0], moment), visit(letters[0], moment, "declined", note="不在"))
    assert (codes(again), codes(late)) == (["signed_already"], ["letter_over"])


def test_who_may_not_take_signatures_brings_nothing(world, letters):
    with pytest.raises(Forbidden):
        send(world, brought(letters[0], world.at), by=world.qian)


def test_a_parcel_holds_what_signing_needs_and_no_more(world, letters):
    found = parcels.parcel_of(parcels.worklist(None, None, world.at), world.at)
    first = found["letters"][0]
    assert set(first) == {"id", "number", "form", "address", "sign_name", "street", "side", "merchant", "phone", "unit"}
    assert first["phone"] == "***0001"
    text = msgspec.json.encode(found).decode()
    for secret in (world.noodle_shop.phone, world.noodle_shop.credit_code, world.noodle_shop.operator):
        assert secret not in text
    assert found["forms"][0]["hash"] == letters[0].form.text_hash and len(found["forms"][0]["items"]) == 13


def test_a_parcel_follows_the_walk_along_the_street(world, letters):
    along = parcels.worklist(world.area_a, world.segment, world.at)
    assert [letter.premises for letter in along] == [world.noodle_house, world.tea_house]
    assert not parcels.worklist(world.area_b, None, world.at).exists()


def test_a_brought_item_reads_from_json_with_its_pictures(world, letters):
    item = {"client_id": str(UUID(int=7)), "letter": str(letters[0].pk), "kind": "nobody", "at": "2026-09-21T11:00:00+08:00"}
    text = msgspec.json.encode({**item, "photo": b64encode(SIGNATURE).decode()})
    assert msgspec.json.decode(text, type=Brought).photo == SIGNATURE
