"""What a phone brings home from a shift: signatures, declined signatures, and doors at which nobody was met.

Each item is taken or refused on its own, once, however often it is sent: the phone's own id (`client_id`) tells. The moment on the
phone is kept, put right by what the phone's clock was wrong, within bounds: after the letter was handed over, not in the future, not
older than `MOST_DAYS`. Declining to sign has no consequence, and nobody met leaves the letter as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F

from sanbao.agreements import batches, rounds, services
from sanbao.agreements.batches import Signing
from sanbao.agreements.lifecycle import LETTER, REFUSED, SIGNED, Answer
from sanbao.agreements.models import Agreement, Attempt
from sanbao.core import files, journal
from sanbao.core.access import require
from sanbao.core.errors import Reason, Refusal
from sanbao.core.models import Entry, Photo, User
from sanbao.law.workflow import gettext_noop

MOST_DAYS = 7
SKEW = timedelta(minutes=2)
NOTE_CHARS, NAME_CHARS = 300, 60
SIGNABLE = LETTER.step("sign").source
VISITED, PHOTO_ROLE = "agreement.visited", "visit"

UNKNOWN_LETTER = gettext_noop("This letter is not in the register any more. Take the worklist along anew.")
IN_THE_FUTURE = gettext_noop("The moment of signing lies in the future. Set the clock of the phone, then sign anew.")
BEFORE_SERVED = gettext_noop(
    "The moment of signing lies before the letter was handed over. Set the clock of the phone, then sign anew."
)
TOO_OLD = gettext_noop("This was taken down more than %(days)s days ago and can no longer be entered. Visit the front again.")
SIGNED_ALREADY = gettext_noop("This letter has been signed already, in another way. Nothing is left to do.")
OVER = gettext_noop("This letter has ended or was replaced by a newer one meanwhile. Take the worklist along anew.")
BAD_TEXT = gettext_noop("A text holds a character that no text has, or is too long. Write it anew.")

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was answered about one item of the letter."""

    agreed: bool
    reason: str = ""


class Brought(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of the tray; `signature` (PNG) and `photo` (JPEG) are bytes, as base64 in JSON. A visit needs neither."""

    client_id: UUID
    letter: UUID
    kind: Literal["signed", "declined", "nobody"]
    at: Moment
    signer_name: str = ""
    capacity: str = ""
    items: dict[str, Given] = {}
    consent_hash: str = ""
    signature: bytes = b""
    photo: bytes = b""
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of an item: the number of its letter, or every reason why it was not taken."""

    number: str = ""
    reasons: tuple[Reason, ...] = ()


def receive_many(brought: Sequence[Brought], *, sent_at: datetime, by: User, at: datetime) -> list[Outcome]:
    """Take in what a phone brings, in its order; `sent_at` is the phone's clock at `at` and tells how wrong it goes.

    Visits are written before signatures, since who declined in the morning may sign in the evening. Raises `Refusal` when the person
    may not sign, or when somebody else changes one of the letters in the same moment; then the whole may simply be sent again.
    """
    require(by, "agreement.sign", at)
    wrong = at - sent_at if abs(at - sent_at) > SKEW else timedelta(0)
    letters = {row.pk: row for row in Agreement.objects.filter(pk__in={each.letter for each in brought})}
    before = _signed_before(brought)
    outcomes: dict[int, Outcome] = {}
    signings: dict[int, Signing] = {}
    for place, each in enumerate(brought):
        letter = letters.get(each.letter)
        if letter is None:
            outcomes[place] = Outcome(reasons=(Reason("unknown_letter", UNKNOWN_LETTER),))
        elif before.get(str(each.client_id)) == letter.pk:
            outcomes[place] = Outcome(letter.number)
        else:
            taken = _take(each, letter, each.at + wrong, by=by, at=at)
            if isinstance(taken, Signing):
                signings[place] = taken
            else:
                outcomes[place] = taken
    signed = batches.sign_many(list(signings.values())) if signings else []
    for place, done in zip(signings, signed, strict=True):
        outcomes[place] = Outcome(reasons=done.reasons) if isinstance(done, Refusal) else Outcome(done.number)
    return [outcomes[place] for place in range(len(brought))]


def _signed_before(brought: Sequence[Brought]) -> dict[str | None, UUID]:
    """Which of these signatures have been taken already: client id → letter (1 query)."""
    known = Agreement.objects.filter(client_id__in=[str(each.client_id) for each in brought])
    return dict(known.values_list("client_id", "pk"))


def _take(each: Brought, letter: Agreement, moment: datetime, *, by: User, at: datetime) -> Signing | Outcome:
    """A signature ready for the batch, or what became of a visit; what cannot be is refused with its reasons."""
    reasons = _objections(each, letter, moment, at)
    if reasons:
        return Outcome(reasons=reasons)
    moment = min(max(moment, letter.served_at or moment), at)
    try:
        if each.kind == "signed":
            return _signing(each, letter, by=by, at=moment)
        return Outcome(record_visit(letter, each, by=by, at=moment).number)
    except Refusal as refusal:
        return Outcome(reasons=refusal.reasons)


def _objections(each: Brought, letter: Agreement, moment: datetime, at: datetime) -> tuple[Reason, ...]:
    found = []
    if letter.state == SIGNED and each.kind == "signed":
        found.append(Reason("signed_already", SIGNED_ALREADY))
    elif letter.state not in SIGNABLE and each.kind != "nobody":
        found.append(Reason("letter_over", OVER))
    if moment > at + SKEW:
        found.append(Reason("in_the_future", IN_THE_FUTURE))
    if letter.served_at and moment < letter.served_at - SKEW:
        found.append(Reason("before_served", BEFORE_SERVED))
    if moment < at - timedelta(days=MOST_DAYS):
        found.append(Reason("too_old", TOO_OLD, params={"days": MOST_DAYS}))
    texts = [each.signer_name, each.note, *(given.reason for given in each.items.values())]
    if any("\0" in text for text in texts) or len(each.note) > NOTE_CHARS or len(each.signer_name) > NAME_CHARS:
        found.append(Reason("bad_text", BAD_TEXT))
    return tuple(found)


def _signing(each: Brought, letter: Agreement, *, by: User, at: datetime) -> Signing:
    return Signing(
        agreement=letter,
        signer_name=each.signer_name,
        capacity=each.capacity,
        signature=files.store_photo(each.signature, by=by, at=at),
        items={code: Answer(given.agreed, given.reason[:200]) for code, given in each.items.items()},
        consent_hash=each.consent_hash,
        client_id=str(each.client_id),
        photo=files.store_photo(each.photo, by=by, at=at) if each.photo else None,
        by=by,
        at=at,
    )


@transaction.atomic
def record_visit(letter: Agreement, visit: Brought, *, by: User, at: datetime) -> Agreement:
    """Write down that the signature was declined, or that nobody was met; the same visit sent again writes nothing."""
    require(by, "agreement.sign", at)
    # Writing the row first lets two senders of one visit come after one another.
    Agreement.objects.filter(pk=letter.pk).update(state=F("state"))
    letter = Agreement.objects.select_related("premises").get(pk=letter.pk)
    client_id = str(visit.client_id)
    known = Entry.objects.filter(district_id=letter.district_id, subject=journal.subject_of(letter), action=VISITED)
    if client_id in {entry.data.get("client_id") for entry in known}:
        return letter
    if visit.kind == "nobody":
        rounds.record_attempt(letter.premises, result=Attempt.Result.NOT_MET, by=by, at=at)
    elif letter.state != REFUSED:
        services.record_refusal(letter, note=visit.note, by=by, at=at)
    photo: Photo | None = files.store_photo(visit.photo, by=by, at=at) if visit.photo else None
    if photo:
        files.attach(letter, photo, PHOTO_ROLE, by=by, at=at)
    journal.record(VISITED, letter, by=by, at=at, met=visit.kind, client_id=client_id)
    return letter
