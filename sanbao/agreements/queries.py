"""Reading forms and letters: which form is in force, which letters run on a day, which wait. Coverage itself is in `coverage.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Prefetch, Q, QuerySet, UUIDField, Value, When
from django.db.models.expressions import Combinable

from sanbao.agreements.form_text import FRONT_DUTY, DutyText, FormText, ItemText
from sanbao.agreements.lifecycle import LETTER, OPEN, LetterFacts, link_alive, present_operator, text_in_force
from sanbao.agreements.models import Agreement, Exemption, Form, ItemState
from sanbao.core import clock
from sanbao.core.models import Department
from sanbao.law.workflow import Reason
from sanbao.registry.models import Area, Occupancy, Premises
from sanbao.registry.responsibility import answered_by, unit_on


@dataclass(frozen=True)
class Texts:
    """The texts in force on a day: the district's own, and the approved versions of it by unit (department id)."""

    template: Form | None
    versions: dict[int, Form]

    def of(self, unit: int | None) -> Form | None:
        """The text for the fronts of a unit: its version of the district's text in force, else that text itself."""
        return self.versions.get(unit, self.template)


def texts_on(day: date, name: str = FRONT_DUTY) -> Texts:
    """The texts in force on a day (1 query). A unit's version lapses with the district's text that it adds to."""
    begun = Form.objects.filter(name=name, state=Form.State.ISSUED, effective_from__lte=day).order_by("-effective_from", "-id")
    rows = list(begun.select_related("unit").defer("body", "consent_text"))
    template = next((row for row in rows if row.unit_id is None), None)
    versions: dict[int, Form] = {}
    for row in rows:
        if template and row.template_id == template.pk:
            versions.setdefault(row.unit_id, row)
    return Texts(template, versions)


def form_on(day: date, name: str = FRONT_DUTY, *, unit: Department | None = None) -> Form | None:
    """The text in force on a day: the district's, or a unit's version of it where the unit has one (1 query)."""
    return texts_on(day, name).of(unit.pk if unit else None)


def versions_to_renew(day: date, name: str = FRONT_DUTY) -> list[Form]:
    """The newest version of each unit that has lapsed with the district's text and has no successor, proposed or issued (2 queries)."""
    texts = texts_on(day, name)
    versions = Form.objects.filter(name=name, unit__isnull=False).exclude(state=Form.State.RETURNED)
    followed, lapsed = set(), {}
    for form in versions.select_related("unit", "template").order_by("effective_from", "id"):
        if texts.template is None or form.template.effective_from >= texts.template.effective_from:
            followed.add(form.unit_id)
        elif form.state == Form.State.ISSUED:
            lapsed[form.unit_id] = form
    return [form for unit, form in lapsed.items() if unit not in followed]


def text_of(form: Form) -> FormText:
    """A form as the text it was issued from (1 query), for comparing."""
    shared = ("name", "version", "title", "body", "consent_text", "effective_from", "term_months", "renewal_days", "link_days")
    columns = [column.name for column in fields(ItemText)]
    items = tuple(ItemText(**{column: getattr(item, column) for column in columns}) for item in form.items.all())
    duties = tuple(DutyText(**duty) for duty in form.duties)
    return FormText(**{name: getattr(form, name) for name in shared}, items=items, duties=duties, scoring=form.scoring)


def text_of_front(texts: Texts, day: date) -> Combinable:
    """The id of the text in force for a front on a day, as an expression over premises; queries only where units have versions."""
    plain = Value(texts.template.pk if texts.template else None, output_field=UUIDField())
    own = [When(answered_by(form.unit, day), then=Value(form.pk, output_field=UUIDField())) for form in texts.versions.values()]
    return Case(*own, default=plain, output_field=UUIDField()) if own else plain


def running(day: date, prefix: str = "") -> Q:
    """The letters that were signed and running on a day, as a condition; the same rule as `Agreement.covers`."""
    rules = Q(**{f"{prefix}signed_on__lte": day, f"{prefix}term_from__lte": day, f"{prefix}term_until__gte": day})
    return rules & (Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day}))


def in_force(day: date) -> QuerySet[Agreement]:
    """The letters running on a day."""
    return Agreement.objects.filter(running(day))


def exempt_on(day: date) -> QuerySet[Exemption]:
    """The exemptions covering a day."""
    return Exemption.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)


def occupying_on(day: date) -> QuerySet[Occupancy]:
    """The occupancies covering a day; where two meet on one day the one that began later counts and stands first."""
    covering = Occupancy.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)
    return covering.order_by("-from_on", "-id")


def occupant_of(premises: Premises, day: date) -> Any:
    """The merchant in the premises on a day, or None (1 query)."""
    found = occupying_on(day).filter(premises=premises).select_related("merchant").first()
    return found.merchant if found else None


def fronts_on(area: Area | None, day: date) -> QuerySet[Premises]:
    """All premises of an area and everything under it that existed on a day; of the whole district when `area` is None."""
    existing = Premises.objects.filter(known_since__lte=day).filter(Q(gone_on__isnull=True) | Q(gone_on__gt=day))
    existing = existing.exclude(state=Premises.State.DEMOLISHED, gone_on__isnull=True)
    if area is None:
        return existing
    return existing.filter(area__in=Area.objects.filter(path__startswith=area.path).values("pk"))


def walking_order(fronts: QuerySet[Premises]) -> QuerySet[Premises]:
    """Premises as one meets them: along a street, one side after the other; those without a place on a street last."""
    return fronts.order_by(
        F("segment__street__name").asc(nulls_last=True), "segment__number", "side", F("start_m").asc(nulls_last=True), "id"
    )


def letters(*, area: Area | None = None, state: str = "", text: str = "", form: Form | None = None) -> QuerySet[Agreement]:
    """Letters for the list, newest first, with premises, merchant, form and unit (1 query)."""
    found = Agreement.objects.select_related("premises", "premises__area", "merchant", "form", "unit")
    if area is not None:
        found = found.filter(premises__area__path__startswith=area.path)
    if state:
        found = found.filter(state=state)
    if form is not None:
        found = found.filter(form=form)
    if text:
        named = Q(number__icontains=text) | Q(merchant__name__icontains=text)
        found = found.filter(named | Q(premises__address__icontains=text) | Q(premises__sign_name__icontains=text))
    return found.order_by("-drafted_at", "-id")


def letter(pk: Any) -> Agreement:
    """One letter with everything its page shows (3 queries); `Agreement.DoesNotExist`."""
    related = (
        "form",
        "premises",
        "premises__area",
        "premises__segment__street",
        "merchant",
        "unit",
        "signature",
        "photo",
        "document",
    )
    states = Prefetch("item_states", ItemState.objects.select_related("item__form").order_by("item__position"))
    return Agreement.objects.select_related(*related).prefetch_related(states, "form__items").get(pk=pk)


def letters_by_id(ids: Sequence[Any]) -> list[Agreement]:
    """These letters with what their papers say, in the order of the ids (2 queries)."""
    related = ("form", "merchant", "unit", "premises__segment__street")
    found = Agreement.objects.filter(pk__in=ids).select_related(*related).prefetch_related("form__items")
    rows = {str(letter.pk): letter for letter in found}
    return [rows[str(pk)] for pk in ids if str(pk) in rows]


def waiting_letters(premises_ids: Sequence[Any]) -> dict[Any, Agreement]:
    """The letter that may still be signed at each of these premises (handed over, declined or made known), by premises id (1 query)."""
    found = Agreement.objects.filter(premises__in=premises_ids, state__in=OPEN).select_related("merchant", "premises", "form")
    return {each.premises_id: each for each in found}


def to_be_signed(area: Area | None, at: datetime) -> QuerySet[Agreement]:
    """The letters with a living link, in walking order (1 query)."""
    found = Agreement.objects.filter(state=Agreement.State.SERVED, link_expires_at__gt=at)
    if area is not None:
        found = found.filter(premises__area__path__startswith=area.path)
    found = found.select_related("premises", "premises__segment__street", "merchant", "unit", "form")
    place = (F("premises__segment__street__name").asc(nulls_last=True), "premises__segment__number", "premises__side")
    return found.order_by(*place, F("premises__start_m").asc(nulls_last=True), "id")


def letters_of(premises: Premises) -> QuerySet[Agreement]:
    """All letters of one front, newest first."""
    return letters().filter(premises=premises)


def link_is_alive(agreement: Agreement, at: datetime) -> bool:
    """Whether the personal link of a letter still works at an instant."""
    return agreement.link_expires_at is not None and at < agreement.link_expires_at


def parties_of(agreement: Agreement, at: datetime) -> dict[str, bool]:
    """Whether the letter's merchant operates the premises and its text is in force there at an instant (2 queries, 3 with unit versions)."""
    return parties_on(agreement, clock.local_day(at))


def parties_on(agreement: Agreement, day: date) -> dict[str, bool]:
    """The same on a day; the letter need not be written yet."""
    occupant, texts = occupant_of(agreement.premises, day), texts_on(day, agreement.form.name)
    unit = unit_on(agreement.premises, day) if texts.versions else None
    return {
        "party_operates": occupant == agreement.merchant,
        "text_in_force": texts.of(unit.pk if unit else None) == agreement.form,
    }


def why_not_signable(agreement: Agreement, at: datetime) -> tuple[Reason, ...]:
    """Why the letter cannot be signed through its link at all, whatever is filled in; empty when it can."""
    facts = LetterFacts(agreement.state, **parties_of(agreement, at), link_alive=link_is_alive(agreement, at))
    standing = {guard(facts) for guard in (present_operator, text_in_force, link_alive)} - {None}
    verdict = LETTER.attempt("sign", facts)
    return tuple(reason for reason in verdict.objections if reason.code == "wrong_state" or reason in standing)


def standing_of(agreement: Agreement, day: date) -> str:
    """What may be known of a letter: `in_force`, `ended`, `waiting` or `not_yet`. It lapses on the very day its merchant leaves the front."""
    if agreement.signed_on is None:
        return "waiting"
    if agreement.covers(day):
        left = occupant_of(agreement.premises, day) != agreement.merchant
        return "ended" if left else "in_force"
    return "not_yet" if day < max(agreement.signed_on, agreement.term_from) else "ended"
