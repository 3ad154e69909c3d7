"""Coverage (不漏户): every front of an area on a day is exactly one of six kinds, and every number opens its rows.

The denominator is the register of premises, not the heap of letters. One CASE expression decides the kind, so the kinds are disjoint and
their union is everything by construction. Any day may be asked: occupancy, term, exemption and the form in force are read as of that day.
Whether an empty front was *known to be vacant* is read from the register as it is now; the register keeps no history of that mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from sanbao.agreements import queries
from sanbao.agreements.models import Agreement
from sanbao.registry.models import Area, Premises

SIGNED, OLD_TEXT, OPERATOR_CHANGED, UNSIGNED, VACANT, EXEMPT = (
    "signed",
    "old_text",
    "operator_changed",
    "unsigned",
    "vacant",
    "exempt",
)
KINDS = (SIGNED, OLD_TEXT, OPERATOR_CHANGED, UNSIGNED, VACANT, EXEMPT)
MISSED = (UNSIGNED, OPERATOR_CHANGED, OLD_TEXT)
UNKNOWN = "unknown"

LABELS = {
    SIGNED: _("signed"),
    OLD_TEXT: _("signed on an old text"),
    OPERATOR_CHANGED: _("operator changed"),
    UNSIGNED: _("unsigned"),
    VACANT: _("vacant"),
    EXEMPT: _("exempt"),
    UNKNOWN: _("nobody knows who trades here"),
}
EMPTY_STATES = (Premises.State.VACANT, Premises.State.FITTING_OUT)


@dataclass(frozen=True)
class Share:
    """A part of a whole on a day; `percent` is None when there is nothing to divide by."""

    numerator: int
    denominator: int
    on: date

    @property
    def percent(self) -> Decimal | None:
        """Per cent with one decimal, rounded half up; never 100 unless the part is the whole, never 0 unless it is nothing."""
        if not self.denominator:
            return None
        exact = Decimal(self.numerator) * 100 / self.denominator
        rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
        if self.numerator < self.denominator:
            rounded = min(rounded, Decimal("99.9"))
        return max(rounded, Decimal("0.1")) if self.numerator else rounded


@dataclass(frozen=True)
class Tally:
    """How many fronts of each kind; `unknown` counts the unsigned ones where nobody knows who trades."""

    on: date
    count: dict[str, int]
    unknown: int = 0

    @property
    def total(self) -> int:
        return sum(self.count.values())

    @property
    def due(self) -> int:
        """Fronts that need a letter: all but the vacant and the exempt."""
        return self.total - self.count[VACANT] - self.count[EXEMPT]

    @property
    def share(self) -> Share:
        """Signed by the present operator on the text in force, of all that need a letter."""
        return Share(self.count[SIGNED], self.due, self.on)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The kinds in their fixed order with label and number, for tables and bars."""
        return [{"kind": kind, "label": LABELS[kind], "number": self.count[kind]} for kind in KINDS]


class Listed(NamedTuple):
    """A front in a list: its key as text, its code, address and sign."""

    key: str
    code: str
    address: str
    sign_name: str


@dataclass(frozen=True)
class Coverage(Tally):
    """The audit of one area on one day: the numbers and the rows behind each."""

    area: Area | None = None

    def premises(self, kind: str) -> QuerySet[Premises]:
        """The fronts of one kind (or `unknown`, or `all`) in walking order, each with `kind` and `occupant`."""
        return queries.walking_order(of_kind(classified(self.area, self.on), kind))


def classified(area: Area | None, on: date, fronts: QuerySet[Premises] | None = None) -> QuerySet[Premises]:
    """Every front of the area on the day, annotated with `kind`, `occupant` (merchant id or None) and `text` (id of the form in force).

    `kind` is one of `KINDS`, or `unknown` for those unsigned fronts where nobody knows who trades.
    """
    fronts = queries.fronts_on(area, on) if fronts is None else fronts
    text = queries.text_of_front(queries.texts_on(on), on)
    here = {"premises": OuterRef("pk")}
    running = queries.in_force(on).filter(**here)
    own = running.filter(merchant=OuterRef("occupant"))
    kind = Case(
        When(Exists(queries.exempt_on(on).filter(**here)), then=Value(EXEMPT)),
        When(Exists(own.filter(form=OuterRef("text"))), then=Value(SIGNED)),
        When(Exists(own), then=Value(OLD_TEXT)),
        When(Q(occupant__isnull=True, state__in=EMPTY_STATES), then=Value(VACANT)),
        When(Exists(running), then=Value(OPERATOR_CHANGED)),
        When(occupant__isnull=True, then=Value(UNKNOWN)),
        default=Value(UNSIGNED),
        output_field=CharField(),
    )
    occupant = queries.occupying_on(on).filter(**here).values("merchant_id")[:1]
    return fronts.annotate(occupant=Subquery(occupant, output_field=UUIDField()), text=text).annotate(kind=kind)


def of_kind(fronts: QuerySet[Premises], kind: str) -> QuerySet[Premises]:
    """Those of `classified` fronts that are of one kind; `unknown` and `all` too; `KeyError` for any other word."""
    if kind == "all":
        return fronts
    if kind == UNKNOWN:
        return fronts.filter(kind=UNKNOWN)
    if kind == UNSIGNED:
        return fronts.filter(kind__in=(UNSIGNED, UNKNOWN))
    return fronts.filter(kind={each: each for each in KINDS}[kind])


def audit(area: Area | None, on: date) -> Coverage:
    """Count every front of an area (None: the whole district) on a day by kind (2 queries)."""
    counted = _counted(classified(area, on), ())
    tally = _tally(on, counted)
    return Coverage(on=on, count=tally.count, unknown=tally.unknown, area=area)


@dataclass(frozen=True)
class Listing:
    """The audit of one area on one day with the list behind every number, read in one pass: number and list cannot disagree."""

    on: date
    rows: dict[str, list[Listed]]

    @property
    def tally(self) -> Tally:
        """The numbers: the lengths of the lists."""
        count = {kind: len(self.rows[kind]) for kind in KINDS}
        count[UNSIGNED] += len(self.rows[UNKNOWN])
        return Tally(self.on, count, len(self.rows[UNKNOWN]))


def listed(area: Area | None, on: date) -> Listing:
    """Every front of an area (None: the whole district) on a day, in the list of its kind or of `unknown`; no order (2 queries).

    Keys are read as text: a hundred thousand of them are not made into objects only to be counted and written down.
    """
    rows: dict[str, list[Listed]] = {kind: [] for kind in (*KINDS, UNKNOWN)}
    found = classified(area, on).order_by().annotate(key=Cast("pk", CharField()))
    for kind, *row in found.values_list("kind", "key", "code", "address", "sign_name"):
        rows[kind].append(Listed(*row))
    return Listing(on, rows)


def tally_by_area(areas: Sequence[Area], within: Area | None, on: date) -> dict[Any, Tally]:
    """A tally for each of `areas`, all of them under `within`, by area id (3 queries however many areas)."""
    rows = list(_counted(classified(within, on), ("area_id",)))
    paths = dict(Area.objects.filter(pk__in={row["area_id"] for row in rows}).values_list("pk", "path"))
    return {each.pk: _tally(on, (row for row in rows if paths[row["area_id"]].startswith(each.path))) for each in areas}


def tally_by_segment(area: Area, on: date) -> dict[Any, Tally]:
    """A tally for each street segment that has fronts in the area, by segment id (None: fronts not placed on a street; 2 queries)."""
    rows = list(_counted(classified(area, on), ("segment_id",)))
    segments = {row["segment_id"] for row in rows}
    return {pk: _tally(on, (row for row in rows if row["segment_id"] == pk)) for pk in segments}


def letters_behind(fronts: Sequence[Premises], on: date) -> dict[Any, Agreement]:
    """The letter running on the day at each of these fronts, that of the occupant before any other's (1 query)."""
    found: dict[Any, Agreement] = {}
    occupant = {front.pk: getattr(front, "occupant", None) for front in fronts}
    for each in (
        queries.in_force(on).filter(premises__in=list(occupant)).select_related("merchant", "form").order_by("signed_at", "id")
    ):
        held = found.get(each.premises_id)
        if held is None or held.merchant_id != occupant[each.premises_id]:
            found[each.premises_id] = each
    return found


def _counted(fronts: QuerySet[Premises], by: tuple[str, ...]) -> QuerySet[Premises, dict[str, Any]]:
    return fronts.order_by().values(*by, "kind").annotate(number=Count("pk"))


def _tally(on: date, rows: Iterable[dict[str, Any]]) -> Tally:
    count = dict.fromkeys(KINDS, 0)
    unknown = 0
    for row in rows:
        kind = UNSIGNED if row["kind"] == UNKNOWN else row["kind"]
        count[kind] += row["number"]
        unknown += row["number"] if row["kind"] == UNKNOWN else 0
    return Tally(on, count, unknown)
