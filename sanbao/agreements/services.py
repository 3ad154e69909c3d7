"""The one way to change forms, letters and exemptions. Nothing here takes money and nothing here leads to a penalty."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from sanbao.agreements import papers, queries, terms
from sanbao.agreements.form_text import FormText, read_form
from sanbao.agreements.lifecycle import LETTER, NOTIFIED, OPEN, REFUSED, SIGNED, Answer, LetterFacts
from sanbao.agreements.models import Agreement, Exemption, Form, FormItem, ItemState
from sanbao.agreements.signature import is_signature
from sanbao.core import clock, files, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, insist, refuse
from sanbao.core.models import Department, Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area, Merchant, Premises
from sanbao.registry.responsibility import unit_on

ALREADY_ISSUED = gettext_noop("Version %(version)s of this form has been issued already. A changed text needs a new version.")
BEGINS_TOO_EARLY = gettext_noop("A new version must begin after the one in force (from %(day)s).")
NO_FORM = gettext_noop("No form is in force on this day. Issue a form first.")
NO_OPERATOR = gettext_noop("Nobody is known to trade here. Record the operator in the register first.")
NO_UNIT = gettext_noop("No unit answers for this area. Name one in the register first.")
STILL_RUNNING = gettext_noop("A letter on the text in force runs until %(day)s and cannot be renewed yet.")
EXEMPT_NOW = gettext_noop("These premises are exempt on this day. End the exemption first.")
EXEMPT_ALREADY = gettext_noop("These premises are exempt already on these days.")
REASON_NEEDED = gettext_noop("Say why these premises need no letter.")
DAYS_REVERSED = gettext_noop("The last day lies before the first.")
MOVED_ON = gettext_noop("Somebody else has just changed this letter. Look at it again.")
SIGNED_ELSEWHERE = gettext_noop("This signature belongs to another letter.")


@transaction.atomic
def issue_form(text: FormText | str, *, by: User, at: datetime) -> Form:
    """Put a text of the district in force from its own first day; `text` may name a file of `forms/`.

    Letters signed on another text turn old from that day, and the units' versions of the former text lapse.
    """
    require(by, "agreement.issue", at)
    text = read_form(text) if isinstance(text, str) else text
    if Form.objects.filter(name=text.name, version=text.version).exists():
        raise refuse("form_issued_already", ALREADY_ISSUED, version=text.version)
    newest = Form.objects.filter(name=text.name, unit__isnull=True).order_by("-effective_from").first()
    if newest and text.effective_from <= newest.effective_from:
        raise refuse("form_begins_too_early", BEGINS_TOO_EARLY, day=newest.effective_from.isoformat())
    form = write_form(text, at=at)
    journal.record("form.issued", form, by=by, at=at, version=form.version, effective_from=form.effective_from.isoformat())
    return form


def write_form(text: FormText, *, at: datetime, **more: Any) -> Form:
    """Write a text and its items as rows; whoever calls has asked for permission and records it."""
    taken = ("name", "version", "title", "body", "scoring", "consent_text", "effective_from", "term_months", "renewal_days")
    values = {key: getattr(text, key) for key in (*taken, "link_days")}
    duties = [asdict(duty) for duty in text.duties]
    form = Form.objects.create(**values, duties=duties, text_hash=text.fingerprint(), issued_at=at, **more)
    FormItem.objects.bulk_create(
        FormItem(form=form, position=number, **asdict(item)) for number, item in enumerate(text.items, start=1)
    )
    return form


@transaction.atomic
def draft_letter(premises: Premises, *, by: User, at: datetime, form: Form | None = None) -> Agreement:
    """Write a numbered letter for the present operator; a letter to the same party on the same text that still waits is given back instead."""
    require(by, "agreement.plan", at)
    day = clock.local_day(at)
    unit = unit_of(premises, day)
    form = form or queries.form_on(day, unit=unit)
    merchant = queries.occupant_of(premises, day)
    if form is None:
        raise refuse("no_form", NO_FORM)
    if merchant is None:
        raise refuse("no_operator", NO_OPERATOR)
    if queries.exempt_on(day).filter(premises=premises).exists():
        raise refuse("exempt", EXEMPT_NOW)
    if unit is None:
        raise refuse("no_unit", NO_UNIT)
    _insist_not_running(premises, merchant, form, day)
    for earlier in Agreement.objects.filter(premises=premises, state__in=OPEN).order_by("id"):
        if earlier.form_id == form.pk and earlier.merchant_id == merchant.pk:
            return earlier
        supersede(earlier, by=by, at=at)
    agreement = Agreement.objects.create(
        form=form, premises=premises, merchant=merchant, unit=unit, number=papers.waiting_number(at), drafted_at=at
    )
    journal.record("agreement.drafted", agreement, by=by, at=at, premises=str(premises.pk), form=form.version)
    return agreement


@transaction.atomic
def signing_link(agreement: Agreement, *, by: User, at: datetime) -> str:
    """Hand the letter over: make its personal link, alive for the form's number of days, and give its path. An older link ends with its own day."""
    require(by, "agreement.sign" if agreement.state in (REFUSED, NOTIFIED) else "agreement.plan", at)
    facts = LetterFacts(agreement.state, **queries.parties_of(agreement, at))
    expires = at + timedelta(days=agreement.form.link_days)
    move(agreement, "serve", facts, served_at=agreement.served_at or at, link_expires_at=expires)
    journal.record("agreement.served", agreement, by=by, at=at, link_until=expires.isoformat())
    return link_path(agreement)


def link_path(agreement: Agreement) -> str:
    """The path of the signing page behind the letter's present link."""
    return reverse("field:sign", args=[papers.token_of(agreement)])


@transaction.atomic
def sign(
    agreement: Agreement,
    *,
    signer_name: str,
    capacity: str,
    signature: bytes | Photo,
    items: Mapping[str, Answer],
    consent_hash: str,
    client_id: str,
    photo: bytes | Photo | None = None,
    by: User | None,
    at: datetime,
) -> Agreement:
    """Sign a letter once: every item answered, consent to this very text, a real signature; issues the paper.

    `by` is None when the merchant signs through the personal link, else the officer on whose device it is done. The same `client_id` sent again
    gives the signed letter back and writes nothing. A former letter of the premises ends. Raises `Refusal` with every objection at once.
    """
    if by is not None:
        require(by, "agreement.sign", at)
    if (before := _signed_before(agreement, client_id)) is not None:
        return before
    given = signature if isinstance(signature, bytes) else files.open_original(signature).read()
    facts = LetterFacts(
        agreement.state,
        **queries.parties_of(agreement, at),
        link_alive=by is not None or queries.link_is_alive(agreement, at),
        item_codes=tuple(agreement.form.items.values_list("code", flat=True)),
        answers=dict(items),
        consent_matches=consent_hash == agreement.form.text_hash,
        signer_named=bool(signer_name.strip()),
        capacity_known=capacity in Agreement.Capacity.values,
        ink_ok=is_signature(given),
    )
    insist(LETTER.attempt("sign", facts))
    kept = [_photo(each, by=by, at=at) for each in (signature, photo)]
    day = clock.local_day(at)
    end_former(agreement, by=by, at=at)
    move(
        agreement,
        "sign",
        facts,
        signed_at=at,
        signed_on=day,
        term_from=day,
        term_until=terms.last_day(day, agreement.form.term_months),
        signer_name=signer_name.strip(),
        signer_capacity=capacity,
        signature=kept[0],
        photo=kept[1],
        client_id=client_id,
    )
    ItemState.objects.bulk_create(item_states(agreement, items))
    document = papers.issue_letter(agreement, by=by, at=at)
    write(agreement, SIGNED, document=document, number=document.number)
    journal.record(
        "agreement.signed", agreement, by=by, at=at, premises=str(agreement.premises_id), merchant=str(agreement.merchant_id),
        form=agreement.form.version, document=str(document.pk),
    )  # fmt: skip
    return agreement


def _signed_before(agreement: Agreement, client_id: str) -> Agreement | None:
    before = Agreement.objects.filter(client_id=client_id).first()
    if before is not None and before.pk != agreement.pk:
        raise refuse("signed_elsewhere", SIGNED_ELSEWHERE, status=Malformed)
    return before


@transaction.atomic
def record_refusal(agreement: Agreement, *, note: str, by: User, at: datetime) -> Agreement:
    """Write down that the signature was declined and what was said. It has no consequence; the letter may still be signed later."""
    require(by, "agreement.sign", at)
    move(agreement, "refuse", LetterFacts(agreement.state, note=note), refused_at=at, note=note.strip())
    journal.record("agreement.refused", agreement, by=by, at=at)
    return agreement


@transaction.atomic
def end_agreement(agreement: Agreement, *, note: str, by: User, at: datetime) -> Agreement:
    """End a letter for a stated reason from today on; past days keep what was true of them."""
    require(by, "agreement.plan", at)
    move(agreement, "end", LetterFacts(agreement.state, note=note), ended_on=clock.local_day(at), note=note.strip())
    journal.record("agreement.ended", agreement, by=by, at=at, state=agreement.state)
    return agreement


@transaction.atomic
def exempt_premises(
    premises: Premises, *, reason_code: str, reason: str, from_on: date, until_on: date | None = None, by: User, at: datetime
) -> Exemption:
    """Let premises go without a letter of their own for a reason in words, from one day to another, both included."""
    require(by, "agreement.plan", at)
    if reason_code not in Exemption.ReasonCode.values or not reason.strip():
        raise refuse("reason_needed", REASON_NEEDED, status=Malformed)
    if until_on and until_on < from_on:
        raise refuse("days_reversed", DAYS_REVERSED, status=Malformed)
    meeting = Exemption.objects.filter(premises=premises).exclude(until_on__lt=from_on)
    if (meeting.filter(from_on__lte=until_on) if until_on else meeting).exists():
        raise refuse("exempt_already", EXEMPT_ALREADY)
    exemption = Exemption.objects.create(
        premises=premises, reason_code=reason_code, reason=reason.strip(), from_on=from_on, until_on=until_on, granted_at=at
    )
    journal.record("exemption.granted", exemption, by=by, at=at, premises=str(premises.pk), reason_code=reason_code)
    return exemption


def unit_of(place: Area | Premises, day: date | None = None) -> Department | None:
    """The unit that answers for an area or a front on a day, today unless one is named: by the nearest rule (2 queries)."""
    return unit_on(place, day or clock.today())


def _insist_not_running(premises: Premises, merchant: Merchant, form: Form, day: date) -> None:
    running = queries.in_force(day).filter(premises=premises, merchant=merchant, form=form).first()
    if running and not terms.may_renew(running.term_until, form.renewal_days, day):
        raise refuse("still_running", STILL_RUNNING, day=running.term_until.isoformat())


def end_former(agreement: Agreement, *, by: User | None, at: datetime) -> None:
    """Before a letter comes into force: replace the same party's, end those of parties who are gone."""
    day = clock.local_day(at)
    for former in Agreement.objects.filter(premises=agreement.premises, state=SIGNED).order_by("id"):
        if former.merchant_id == agreement.merchant_id:
            supersede(former, by=by, at=at)
        else:
            move(former, "end", LetterFacts(former.state, note="-"), ended_on=day)
            journal.record("agreement.ended", former, by=by, at=at, state=former.state)


def supersede(agreement: Agreement, *, by: User | None, at: datetime) -> None:
    """Replace a letter by a newer one from today on."""
    move(agreement, "supersede", LetterFacts(agreement.state), ended_on=clock.local_day(at))
    journal.record("agreement.ended", agreement, by=by, at=at, state=agreement.state)


def _photo(given: bytes | Photo | None, *, by: User | None, at: datetime) -> Photo | None:
    return files.store_photo(given, by=by, at=at) if isinstance(given, bytes) else given


def item_states(agreement: Agreement, items: Mapping[str, Answer]) -> list[ItemState]:
    """The rows that keep what was answered about each item, not yet written."""
    known = {item.code: item for item in agreement.form.items.all()}
    answers = ItemState.Answer
    return [
        ItemState(
            agreement=agreement,
            item=known[code],
            answer=answers.AGREED if answer.agreed else answers.NOT_APPLICABLE,
            reason="" if answer.agreed else answer.reason.strip(),
        )
        for code, answer in items.items()
    ]


def move(agreement: Agreement, step: str, facts: LetterFacts, **values: Any) -> None:
    """Ask the lifecycle, then compare and set the state; the object in hand is brought up to date."""
    target = insist(LETTER.attempt(step, facts))
    write(agreement, agreement.state, state=target, **values)


def write(agreement: Agreement, was: str, **values: Any) -> None:
    """Compare and set columns of a letter that stands in the state `was`; the object in hand is brought up to date."""
    if not Agreement.objects.filter(pk=agreement.pk, state=was).update(**values):
        raise refuse("moved_on", MOVED_ON)
    for key, value in values.items():
        setattr(agreement, key, value)
