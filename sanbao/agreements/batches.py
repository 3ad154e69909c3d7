"""Many letters at once: a clerk's worklist to be drafted, and the signatures a grid worker's phone brings home.

The ordinary letters of a batch are written together in a few statements; whatever needs more than that (an earlier letter to be
replaced, an exemption, a signature sent twice) goes through the single service. Every letter is judged by the same guards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from sanbao.agreements import papers, queries, services, terms
from sanbao.agreements.lifecycle import DRAFT, HANDED, LETTER, OPEN, SIGNED, WAITING, Answer, LetterFacts
from sanbao.agreements.models import Agreement, Form
from sanbao.agreements.signature import is_signature
from sanbao.agreements.zones import queries as zones
from sanbao.core import bulk, clock, documents, files, journal
from sanbao.core.access import require
from sanbao.core.errors import Refusal, insist, refuse
from sanbao.core.models import Photo, User
from sanbao.registry.models import Premises
from sanbao.registry.responsibility import Duties


@dataclass(frozen=True)
class Drafted:
    """What became of a worklist: the letters ready to be handed over, and the fronts that were refused with the reason."""

    letters: list[Agreement] = field(default_factory=list)
    refused: list[tuple[Premises, Refusal]] = field(default_factory=list)


@transaction.atomic
def draft_letters(fronts: Iterable[Premises], *, by: User, at: datetime) -> Drafted:
    """Draft a letter and make its personal link for each front; what cannot be drafted is told with its reason and holds up nobody."""
    require(by, "agreement.plan", at)
    fronts, done, day = list(fronts), Drafted(), clock.local_day(at)
    texts = queries.texts_on(day)
    simple = _simple_fronts(fronts, day) if texts.template else {}
    made = _draft_together([front for front in fronts if front.pk in simple], simple, texts, by, at) if simple else {}
    for front in fronts:
        if front.pk in made:
            done.letters.append(made.pop(front.pk))
        else:
            _draft_alone(front, done, by, at)
    return done


def _simple_fronts(fronts: Sequence[Premises], day: date) -> dict[Any, Any]:
    """Premises id → merchant id of the fronts that have an operator, no letter that runs or waits, and no exemption (3 queries)."""
    ids = [front.pk for front in fronts]
    operating = _operating(ids, day)
    held = Agreement.objects.filter(premises__in=ids)
    busy = set(held.filter(state__in=OPEN).values_list("premises_id", flat=True))
    busy |= set(held.filter(queries.running(day)).values_list("premises_id", flat=True))
    busy |= set(queries.exempt_on(day).filter(premises__in=ids).values_list("premises_id", flat=True))
    duties = Duties(day, ids)
    units = {front.pk for front in fronts if duties.unit_of(front)}
    return {pk: merchant for pk, merchant in operating.items() if pk not in busy and pk in units}


def _operating(premises_ids: Sequence[Any], day: date) -> dict[Any, Any]:
    """Who operates each of these premises on a day, by ids (1 query)."""
    found: dict[Any, Any] = {}
    spells = queries.occupying_on(day).filter(premises__in=premises_ids)
    for premises, merchant in spells.values_list("premises_id", "merchant_id"):
        found.setdefault(premises, merchant)
    return found


def _draft_together(
    fronts: Sequence[Premises], operating: Mapping[Any, Any], texts: queries.Texts, by: User, at: datetime
) -> dict[Any, Agreement]:
    served = insist(LETTER.attempt("serve", LetterFacts(DRAFT)))
    fronts = list({front.pk: front for front in fronts}.values())
    duties = Duties(clock.local_day(at), [front.pk for front in fronts])
    rows = []
    for front, number in zip(fronts, papers.waiting_numbers(at, len(fronts)), strict=True):
        unit = duties.unit_of(front)
        form: Form = texts.of(unit.pk if unit else None)
        rows.append(
            Agreement(
                form=form,
                premises=front,
                merchant_id=operating[front.pk],
                unit=unit,
                number=number,
                state=served,
                drafted_at=at,
                served_at=at,
                link_expires_at=at + timedelta(days=form.link_days),
            )
        )
    bulk.insert(rows)
    journal.record_each(
        ("agreement.drafted", row, by, at, {"premises": str(row.premises_id), "form": row.form.version}) for row in rows
    )
    journal.record_each(("agreement.served", row, by, at, {"link_until": row.link_expires_at.isoformat()}) for row in rows)
    return {row.premises_id: row for row in rows}


def _draft_alone(front: Premises, done: Drafted, by: User, at: datetime) -> None:
    try:
        with transaction.atomic():
            letter = services.draft_letter(front, by=by, at=at)
            if letter.state in WAITING and not queries.link_is_alive(letter, at):
                services.signing_link(letter, by=by, at=at)
    except Refusal as reason:
        done.refused.append((front, reason))
    else:
        done.letters.append(letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One signature as it was given: on whose device (`by`; None: through the personal link) and at which instant."""

    agreement: Agreement
    signer_name: str
    capacity: str
    signature: Photo
    items: Mapping[str, Answer]
    consent_hash: str
    client_id: str
    photo: Photo | None = None
    by: User | None
    at: datetime


@transaction.atomic
def sign_many(signings: Sequence[Signing]) -> list[Agreement | Refusal]:
    """Sign many letters in one transaction; each is signed or refused on its own, in the given order.

    About four statements a letter; the papers are rendered beside each other. A letter that somebody else moves in the same moment
    fails the whole batch, which may simply be sent again.
    """
    for by, at in {(each.by, clock.local_day(each.at)): (each.by, each.at) for each in signings if each.by}.values():
        require(by, "agreement.sign", at)
    letters = _fresh(signings)
    alone = _alone(signings, letters)
    judge = _Judge(signings, letters)
    outcomes: dict[int, Agreement | Refusal] = {}
    ready: list[Signing] = []
    for number, each in enumerate(signings):
        if number in alone:
            continue
        verdict = LETTER.attempt("sign", judge.facts(each))
        if verdict.allowed:
            outcomes[number] = letters[each.agreement.pk]
            ready.append(each)
        else:
            outcomes[number] = Refusal(*verdict.objections)
    _write(ready, letters)
    outcomes |= {number: _sign_alone(signings[number]) for number in sorted(alone)}
    return [outcomes[number] for number in range(len(signings))]


def _fresh(signings: Sequence[Signing]) -> dict[Any, Agreement]:
    related = ("form", "merchant", "unit", "premises__segment__street")
    rows = Agreement.objects.filter(pk__in={each.agreement.pk for each in signings}).select_related(*related)
    return {row.pk: row for row in rows.prefetch_related("form__items")}


def _alone(signings: Sequence[Signing], letters: Mapping[Any, Agreement]) -> set[int]:
    """The places of those that end another letter, were sent before, or come twice in the batch (2 queries)."""
    premises = {letters[each.agreement.pk].premises_id for each in signings}
    former = set(Agreement.objects.filter(premises__in=premises, state=SIGNED).values_list("premises_id", flat=True))
    known = set(Agreement.objects.filter(client_id__in=[each.client_id for each in signings]).values_list("client_id", flat=True))
    found, seen = set(), set()
    for number, each in enumerate(signings):
        letter = letters[each.agreement.pk]
        if letter.premises_id in former or letter.premises_id in seen or each.client_id in known:
            found.add(number)
        seen.add(letter.premises_id)
        known.add(each.client_id)
    return found


class _Judge:
    """Gathers what the guards of a signature look at, for many letters at once."""

    def __init__(self, signings: Sequence[Signing], letters: Mapping[Any, Agreement]) -> None:
        self.letters = letters
        premises = [letter.premises_id for letter in letters.values()]
        days = {clock.local_day(each.at) for each in signings}
        self.operating = {day: _operating(premises, day) for day in days}
        names = {letter.form.name for letter in letters.values()}
        self.texts = {(day, name): queries.texts_on(day, name) for day in days for name in names}
        self.duties = {day: Duties(day, premises) for day in days} if any(each.versions for each in self.texts.values()) else {}
        self.ink: dict[Any, bool] = {}

    def facts(self, each: Signing) -> LetterFacts:
        letter, day = self.letters[each.agreement.pk], clock.local_day(each.at)
        return LetterFacts(
            letter.state,
            party_operates=self.operating[day].get(letter.premises_id) == letter.merchant_id,
            text_in_force=self._text(letter, day) == letter.form,
            link_alive=each.by is not None or queries.link_is_alive(letter, each.at),
            item_codes=tuple(item.code for item in letter.form.items.all()),
            answers=dict(each.items),
            consent_matches=each.consent_hash == letter.form.text_hash,
            signer_named=bool(each.signer_name.strip()),
            capacity_known=each.capacity in Agreement.Capacity.values,
            ink_ok=self._ink_ok(each.signature),
        )

    def _text(self, letter: Agreement, day: date) -> Form | None:
        unit = self.duties[day].unit_of(letter.premises) if self.duties else None
        return self.texts[day, letter.form.name].of(unit.pk if unit else None)

    def _ink_ok(self, photo: Photo) -> bool:
        if photo.pk not in self.ink:
            with files.open_original(photo) as opened:
                self.ink[photo.pk] = is_signature(opened.read())
        return self.ink[photo.pk]


def _sign_alone(each: Signing) -> Agreement | Refusal:
    try:
        with transaction.atomic():
            return services.sign(
                each.agreement,
                signer_name=each.signer_name,
                capacity=each.capacity,
                signature=each.signature,
                items=each.items,
                consent_hash=each.consent_hash,
                client_id=each.client_id,
                photo=each.photo,
                by=each.by,
                at=each.at,
            )
    except Refusal as reason:
        return reason


def _write(ready: Sequence[Signing], letters: Mapping[Any, Agreement]) -> None:
    if not ready:
        return
    drafts, states = [], []
    places = _places(ready, letters)
    for each in ready:
        letter = letters[each.agreement.pk]
        _fill(letter, each)
        answered = services.item_states(letter, each.items)
        states += answered
        facts = papers.letter_facts(letter, answered, places[clock.local_day(each.at)][letter.premises_id])
        drafts.append(documents.Draft(letter, facts, letter.form.title, letter.unit, each.by, each.at))
    issued = documents.issue_many(papers.KIND, papers.TEMPLATE, drafts)
    for each, document in zip(ready, issued, strict=True):
        _save(letters[each.agreement.pk], document)
    bulk.insert(states)
    journal.record_each(
        (
            "agreement.signed",
            letter,
            each.by,
            each.at,
            {
                "premises": str(letter.premises_id),
                "merchant": str(letter.merchant_id),
                "form": letter.form.version,
                "document": str(document.pk),
            },
        )
        for each, document in zip(ready, issued, strict=True)
        for letter in [letters[each.agreement.pk]]
    )


def _places(ready: Sequence[Signing], letters: Mapping[Any, Agreement]) -> dict[Any, dict[Any, list[zones.Zone]]]:
    """Day → premises id → zones of everything that is signed on that day (8 queries a day)."""
    fronts: dict[Any, list[Premises]] = {}
    for each in ready:
        fronts.setdefault(clock.local_day(each.at), []).append(letters[each.agreement.pk].premises)
    return {day: zones.zones_of(there, day) for day, there in fronts.items()}


COLUMNS = (
    "signed_at", "signed_on", "term_from", "term_until", "signer_name", "signer_capacity", "signature", "photo", "client_id",
)  # fmt: skip


def _fill(letter: Agreement, each: Signing) -> None:
    day = clock.local_day(each.at)
    letter.signed_at, letter.signed_on, letter.term_from = each.at, day, day
    letter.term_until = terms.last_day(day, letter.form.term_months)
    letter.signer_name, letter.signer_capacity = each.signer_name.strip(), each.capacity
    letter.signature, letter.photo, letter.client_id = each.signature, each.photo, each.client_id


def _save(letter: Agreement, document: Any) -> None:
    values = {name: getattr(letter, name) for name in COLUMNS} | {"document": document, "number": document.number}
    if not Agreement.objects.filter(pk=letter.pk, state__in=HANDED).update(state=SIGNED, **values):
        raise refuse("moved_on", services.MOVED_ON)
    letter.state, letter.document, letter.number = SIGNED, document, document.number


__all__ = ["Drafted", "Signing", "draft_letters", "sign_many"]
