"""Nothing is missed (不漏项): every front that needs a letter, against every item of the text in force there; no cell is without a state.

A letter is signed again as a whole; the matrix shows item by item what an earlier letter is still worth. A cell is *agreed* when the very
wording was promised (on whatever version), *not applicable* with its reason, *outdated* when the item read differently in the letter that
runs, *open* when no letter of the present operator runs or the item is new, and *elsewhere* when the item belongs to another unit's text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.utils.translation import gettext_lazy as _

from sanbao.agreements import coverage, queries
from sanbao.agreements.models import Agreement, Form, FormItem, ItemState
from sanbao.agreements.versions import AGREED, OPEN, OUTDATED, carried
from sanbao.registry.models import Area, Premises

NOT_APPLICABLE, ELSEWHERE = "not_applicable", "elsewhere"
STATES = (AGREED, NOT_APPLICABLE, OUTDATED, OPEN, ELSEWHERE)
LABELS = {
    AGREED: _("agreed"),
    NOT_APPLICABLE: _("not applicable here"),
    OUTDATED: _("agreed on an older wording"),
    OPEN: _("not agreed yet"),
    ELSEWHERE: _("not in this unit's text"),
}
CHUNK = 500


@dataclass(frozen=True)
class Column:
    """An item of the texts in force: `key` names it in addresses; items of units' versions carry their unit."""

    key: str
    item: FormItem
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """One item at one front: its state, the version of the letter behind it, and the reason where it does not apply."""

    state: str
    version: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        return str(LABELS[self.state])


@dataclass(frozen=True)
class Row:
    """One front with its kind of coverage, the letter that runs (or None), and a cell for each column."""

    front: Premises
    letter: Agreement | None
    cells: list[Cell]


class Matrix:
    """The matrix of an area (None: the whole district) on a day. Counting takes a handful of queries, whatever the number of fronts."""

    def __init__(self, area: Area | None, on: date) -> None:
        self.area, self.on = area, on
        self.texts = queries.texts_on(on)

    @cached_property
    def fronts(self) -> QuerySet[Premises]:
        """The fronts that need a letter, each with `kind`, `occupant`, `text`, and `held`/`held_form`: the letter that runs and its form."""
        own = queries.in_force(self.on).filter(premises=OuterRef("pk"), merchant=OuterRef("occupant"))
        newest = Case(When(form=OuterRef("text"), then=Value(0)), default=Value(1), output_field=IntegerField())
        own = own.annotate(rank=newest).order_by("rank", "-signed_at", "-id")
        needing = coverage.classified(self.area, self.on).exclude(kind__in=(coverage.VACANT, coverage.EXEMPT))
        return needing.annotate(
            held=Subquery(own.values("pk")[:1], output_field=UUIDField()),
            held_form=Subquery(own.values("form_id")[:1], output_field=UUIDField()),
        )

    @cached_property
    def pairs(self) -> dict[tuple[Any, Any], int]:
        """How many fronts have which text in force and which form behind their running letter (form ids; None: no letter)."""
        rows = self.fronts.order_by().values_list("text", "held_form").annotate(number=Count("pk"))
        return {(text, held): number for text, held, number in rows}

    @cached_property
    def columns(self) -> list[Column]:
        """Every item of every text in force here: the district's, then what units have added."""
        if self.texts.template is None:
            return []
        here = {text for text, _held in self.pairs}
        shown = [Column(item.code, item) for item in self._items[self.texts.template.pk]]
        for form in sorted(self.texts.versions.values(), key=lambda form: form.version):
            if form.pk in here:
                local = [item for item in self._items[form.pk] if item.local]
                shown += [Column(f"{item.code}@{form.unit_id}", item, form.unit.short_name or form.unit.name) for item in local]
        return shown

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many fronts stand in which state, by key of the column."""
        found = {column.key: dict.fromkeys(STATES, 0) for column in self.columns}
        for (text, held), number in self.pairs.items():
            for key, state in self._worth(text, held).items():
                found[key][state] += number
        for text, held, code, number in self._not_applicable():
            key = self._key_of(text, code)
            if self._worth(text, held).get(key) == AGREED:
                found[key][AGREED] -= number
                found[key][NOT_APPLICABLE] += number
        return found

    def fronts_in(self, key: str, state: str) -> QuerySet[Premises]:
        """The fronts whose cell of a column is in a state, in walking order."""
        worth = AGREED if state == NOT_APPLICABLE else state
        chosen = Q(pk__in=[])
        for text, held in self.pairs:
            if self._worth(text, held).get(key) == worth:
                chosen |= Q(text=text, held_form=held) if held else Q(text=text, held_form__isnull=True)
        fronts = self.fronts.filter(chosen)
        if worth == AGREED:
            excused = Exists(
                ItemState.objects.filter(
                    agreement=OuterRef("held"), item__code=key.partition("@")[0], answer=ItemState.Answer.NOT_APPLICABLE
                )
            )
            fronts = fronts.filter(excused if state == NOT_APPLICABLE else ~excused)
        return queries.walking_order(fronts)

    def rows(self, fronts: Sequence[Premises]) -> list[Row]:
        """Fronts (from `fronts` or `fronts_in`) with a cell for each column (2 queries)."""
        letters = Agreement.objects.select_related("form").in_bulk([front.held for front in fronts if front.held])
        states = ItemState.objects.filter(agreement__in=list(letters), answer=ItemState.Answer.NOT_APPLICABLE)
        excused = {(row.agreement_id, row.item.code): row.reason for row in states.select_related("item")}
        return [self._row(front, letters.get(front.held), excused) for front in fronts]

    def all_rows(self, fronts: QuerySet[Premises]) -> Iterator[Row]:
        """Every row, some hundreds at a time, for an export."""
        kept = fronts.select_related("area", "segment__street")
        for start in range(0, kept.count(), CHUNK):
            yield from self.rows(list(kept[start : start + CHUNK]))

    def _row(self, front: Premises, letter: Agreement | None, excused: dict[tuple[Any, str], str]) -> Row:
        worth, cells = self._worth(front.text, front.held_form), []
        for column in self.columns:
            state, reason = worth.get(column.key, ELSEWHERE), ""
            if state == AGREED and letter and (letter.pk, column.item.code) in excused:
                state, reason = NOT_APPLICABLE, excused[letter.pk, column.item.code]
            cells.append(Cell(state, letter.form.version if letter and state not in (OPEN, ELSEWHERE) else "", reason))
        return Row(front, letter, cells)

    def _worth(self, text: Any, held: Any) -> dict[str, str]:
        """The state of every column at a front with this text in force and this form behind its letter, before reasons are read."""
        if (text, held) not in self._known_worth:
            mine = {self._key_of(text, item.code): item.wording for item in self._items.get(text, ())}
            agreed = {self._key_of(held, item.code): item.wording for item in self._items.get(held, ())}
            states = carried(agreed, mine)
            self._known_worth[text, held] = {column.key: states.get(column.key, ELSEWHERE) for column in self.columns}
        return self._known_worth[text, held]

    @cached_property
    def _known_worth(self) -> dict[tuple[Any, Any], dict[str, str]]:
        return {}

    @cached_property
    def _forms(self) -> dict[Any, Form]:
        ids = {pk for pair in self.pairs for pk in pair if pk}
        ids |= {self.texts.template.pk} if self.texts.template else set()
        found: dict[Any, Form] = Form.objects.defer("body", "consent_text").in_bulk(ids)
        return found

    @cached_property
    def _items(self) -> dict[Any, list[FormItem]]:
        items: dict[Any, list[FormItem]] = {pk: [] for pk in self._forms}
        for item in FormItem.objects.filter(form__in=list(items)).order_by("position"):
            item.form = self._forms[item.form_id]
            items[item.form_id].append(item)
        return items

    def _key_of(self, form: Any, code: str) -> str:
        """The key of an item's column: items that a unit has added are told from those of other units."""
        local = any(item.local and item.code == code for item in self._items.get(form, ()))
        return f"{code}@{self._forms[form].unit_id}" if local else code

    def _not_applicable(self) -> Iterator[tuple[Any, Any, str, int]]:
        """(text, form of the letter, code, number of fronts) of the items that were answered with a reason instead of a promise."""
        answered = ItemState.objects.filter(answer=ItemState.Answer.NOT_APPLICABLE).order_by()
        for text in (self.texts.template, *self.texts.versions.values()):
            held = self.fronts.filter(text=text.pk if text else None).order_by().values("held")
            counted = answered.filter(agreement__in=held).values_list("item__form", "item__code").annotate(n=Count("pk"))
            for form, code, number in counted:
                yield text.pk if text else None, form, code, number
