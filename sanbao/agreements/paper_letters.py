"""Letters signed in ink: photographed, typed in by one person, compared with the photo by another; only then they count.

Four eyes always, never a setting: a letter typed in by one person alone would be a promise nobody can prove. A paper letter never
overwrites what was signed later, and is told from the others for ever (`means`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sanbao.agreements import papers, queries, services, terms
from sanbao.agreements.lifecycle import DRAFT, LETTER, OPEN, Answer, LetterFacts
from sanbao.agreements.models import Agreement, Form, ItemState, PaperEntry
from sanbao.core import clock, files, journal
from sanbao.core.access import require
from sanbao.core.errors import insist, refuse
from sanbao.core.models import Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Merchant, Premises

PHOTO_ROLE = "paper"
NOON = 12

ENTRY_WAITS = gettext_noop("A paper letter of this merchant has been typed in here already and waits for the second person.")
ENTRY_DONE = gettext_noop("This paper letter has been dealt with already.")
REJECTION_NOTE = gettext_noop("Say what does not agree with the photo.")


@transaction.atomic
def type_in(
    premises: Premises,
    *,
    signed_on: date,
    signer_name: str,
    capacity: str,
    items: Mapping[str, Answer],
    photos: Sequence[bytes | Photo],
    by: User,
    at: datetime,
) -> PaperEntry:
    """Type in a letter signed on paper, on the text that was in force on its day; it waits for a second person.

    Raises `Refusal` with every objection at once; nothing is written then.
    """
    require(by, "agreement.sign", at)
    merchant = queries.occupant_of(premises, signed_on)
    form = text_then(premises, signed_on)
    if merchant is None:
        raise refuse("no_operator", services.NO_OPERATOR)
    if form is None:
        raise refuse("no_form", services.NO_FORM)
    if PaperEntry.objects.filter(premises=premises, merchant=merchant, state=PaperEntry.State.TYPED).exists():
        raise refuse("entry_waits", ENTRY_WAITS)
    entry = PaperEntry(
        premises=premises,
        merchant=merchant,
        form=form,
        signed_on=signed_on,
        signer_name=signer_name.strip()[:60],
        signer_capacity=capacity,
        items={code: asdict(answer) for code, answer in items.items()},
        typed_by=by,
        typed_at=at,
    )
    insist(LETTER.attempt("enter", _facts(entry, DRAFT, len(photos), seen_by_two=True, day=clock.local_day(at))))
    entry.save(force_insert=True)
    for each in photos:
        photo = files.store_photo(each, by=by, at=at) if isinstance(each, bytes) else each
        files.attach(entry, photo, PHOTO_ROLE, by=by, at=at)
    journal.record("paper.typed", entry, by=by, at=at, premises=str(premises.pk), signed_on=signed_on.isoformat())
    return entry


@transaction.atomic
def confirm(entry: PaperEntry, *, by: User, at: datetime) -> Agreement:
    """Confirm after comparing with the photo: the letter is in force from the day it was signed, and its paper is issued."""
    require(by, "agreement.sign", at)
    waiting = Agreement.objects.filter(premises=entry.premises, merchant=entry.merchant, form=entry.form, state__in=OPEN).first()
    photos = list(files.attachments(entry, PHOTO_ROLE))
    facts = _facts(
        entry,
        waiting.state if waiting else DRAFT,
        len(photos),
        seen_by_two=entry.typed_by_id != by.pk,
        day=clock.local_day(at),
    )
    target = insist(LETTER.attempt("enter", facts))
    values = {
        "signed_at": clock.at_local(entry.signed_on, NOON),
        "signed_on": entry.signed_on,
        "term_from": entry.signed_on,
        "term_until": terms.last_day(entry.signed_on, entry.form.term_months),
        "signer_name": entry.signer_name,
        "signer_capacity": entry.signer_capacity,
        "means": Agreement.Means.PAPER,
        "photo": photos[0].photo,
    }
    letter = waiting or _new_letter(entry, at)
    services.end_former(letter, by=by, at=at)
    if waiting:
        services.move(letter, "enter", facts, **values)
    else:
        for name, value in {**values, "state": target}.items():
            setattr(letter, name, value)
        letter.save(force_insert=True)
    answers = {code: Answer(**answer) for code, answer in entry.items.items()}
    ItemState.objects.bulk_create(services.item_states(letter, answers))
    document = papers.issue_letter(letter, by=by, at=at)
    services.write(letter, target, document=document, number=document.number)
    _decide(entry, PaperEntry.State.CONFIRMED, letter=letter, by=by, at=at)
    journal.record("paper.confirmed", entry, by=by, at=at, letter=str(letter.pk))
    journal.record(
        "agreement.signed", letter, by=by, at=at, premises=str(letter.premises_id), merchant=str(letter.merchant_id),
        form=letter.form.version, document=str(document.pk), means="paper", signed_on=entry.signed_on.isoformat(),
    )  # fmt: skip
    return letter


@transaction.atomic
def reject(entry: PaperEntry, *, note: str, by: User, at: datetime) -> PaperEntry:
    """Reject what was typed in because it does not agree with the photo; it may be typed in again."""
    require(by, "agreement.sign", at)
    if not note.strip():
        raise refuse("note_missing", REJECTION_NOTE)
    _decide(entry, PaperEntry.State.REJECTED, note=note.strip()[:300], by=by, at=at)
    journal.record("paper.rejected", entry, by=by, at=at)
    return entry


def text_then(premises: Premises, day: date) -> Form | None:
    """The text that was in force at a front on a day."""
    return queries.form_on(day, unit=services.unit_of(premises))


def _facts(entry: PaperEntry, state: str, photos: int, *, seen_by_two: bool, day: date) -> LetterFacts:
    known = entry.signer_capacity in Agreement.Capacity.values
    last = terms.last_day(entry.signed_on, entry.form.term_months)
    later = Agreement.objects.filter(premises=entry.premises, signed_on__gte=entry.signed_on)
    return LetterFacts(
        state,
        party_operates=queries.occupant_of(entry.premises, day) == entry.merchant,
        text_in_force=text_then(entry.premises, entry.signed_on) == entry.form,
        item_codes=tuple(entry.form.items.values_list("code", flat=True)),
        answers={code: Answer(**answer) for code, answer in entry.items.items()},
        signer_named=bool(entry.signer_name),
        capacity_known=known,
        photos=photos,
        seen_by_two=seen_by_two,
        later_letter=later.exists(),
        within_term=entry.signed_on <= day <= last,
    )


def _new_letter(entry: PaperEntry, at: datetime) -> Agreement:
    """The letter of a paper that was never drafted here; not yet written."""
    merchant: Merchant = entry.merchant
    unit = services.unit_of(entry.premises)
    number = papers.waiting_number(at)
    return Agreement(form=entry.form, premises=entry.premises, merchant=merchant, unit=unit, number=number, drafted_at=at)


def _decide(entry: PaperEntry, state: str, *, by: User, at: datetime, **values: Any) -> None:
    values = {**values, "state": state, "compared_by": by, "compared_at": at}
    if state == PaperEntry.State.REJECTED and by.pk == entry.typed_by_id:
        values["compared_by"] = None  # whoever typed it takes it back
    if not PaperEntry.objects.filter(pk=entry.pk, state=PaperEntry.State.TYPED).update(**values):
        raise refuse("entry_done", ENTRY_DONE)
    for name, value in values.items():
        setattr(entry, name, value)
