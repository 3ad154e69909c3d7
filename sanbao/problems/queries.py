"""Questions about reports, findings and orders: queues with keyset paging, counts that stop early, duplicates nearby."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from sanbao.core import links
from sanbao.core.geo import metres_between, neighbour_cells, point_along
from sanbao.core.models import Department, User
from sanbao.problems.models import Delivery, Finding, Order, Recheck, Report
from sanbao.registry.models import Area, Premises, Segment, Street
from sanbao.registry.queries import survivors

SHOP_LINK = "merchant-report"
NEARBY_M = 50.0
NEARBY_DAYS = 14
COUNT_UP_TO = 10_000
# “Is one of these” and not “is true”: SQLite finds the rows in the index only when a value is compared.
YES = (True,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a queue of findings shows; empty means no filter. `state` may be `unfinished` (the default of the page) or `all`."""

    state: str = "unfinished"
    class_code: str = ""
    area: Area | None = None
    unit: int | None = None
    overdue_at: datetime | None = None
    handler: User | None = None
    text: str = ""


def queue(filters: Filters) -> QuerySet[Finding]:
    """The findings that match, unordered; 1 query when read (1 more for the tree below an area)."""
    found = Finding.objects.all()
    if filters.state == "unfinished":
        found = found.filter(unfinished__in=YES)
    elif filters.state != "all":
        found = found.filter(state=filters.state)
    if filters.class_code:
        found = found.filter(class_code=filters.class_code)
    if filters.area:
        found = found.filter(area__in=list(areas_below(filters.area)))
    if filters.unit:
        found = found.filter(unit_id=filters.unit)
    if filters.overdue_at:
        found = found.filter(due_at__lte=filters.overdue_at, unfinished__in=YES)
    if filters.handler:
        found = found.filter(handler=filters.handler)
    if filters.text:
        found = found.filter(Q(number__startswith=filters.text) | Q(place__contains=filters.text))
    return found


def areas_below(area: Area) -> QuerySet[Any]:
    """The ids of an area and everything below it."""
    return Area.objects.filter(path__startswith=area.path).order_by().values_list("id", flat=True)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a queue, and the cursors of the pages beside it (empty where there is none)."""

    rows: list[Any]
    next: str
    previous: str


def page_of(rows: QuerySet[Any], keys: tuple[str, str], *, cursor: str = "", size: int = 50, descending: bool = False) -> Page:
    """One page of rows ordered by two columns, found by value instead of by counting: the hundredth page costs as much as the first.

    `cursor` comes from a former page (`>` for the rows after it, `<` for those before it); a broken one gives the first page.
    """
    backwards, after = _read(cursor)
    rising = descending == backwards
    if after:
        rows = rows.filter(_beyond(keys, after, rising))
    signs = [key if rising else f"-{key}" for key in keys]
    found = list(rows.order_by(*signs)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(after), more) if backwards else (more, bool(after))
    return Page(
        found,
        _cursor(">", keys, found[-1]) if found and has_next else "",
        _cursor("<", keys, found[0]) if found and has_previous else "",
    )


def _beyond(keys: tuple[str, str], after: tuple[Any, Any], rising: bool) -> Q:
    """Rows after a pair of values; the first condition is a plain bound, which the index can use."""
    side = "gt" if rising else "lt"
    first, second = keys
    if first == second:
        return Q(**{f"{first}__{side}": after[0]})
    return Q(**{f"{first}__{side}e": after[0]}) & (Q(**{f"{first}__{side}": after[0]}) | Q(**{f"{second}__{side}": after[1]}))


def _cursor(way: str, keys: tuple[str, str], row: Any) -> str:
    values = [value.isoformat() if isinstance(value, datetime) else str(value) for value in (getattr(row, key) for key in keys)]
    return base64.urlsafe_b64encode(json.dumps([way, *values]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[bool, tuple[Any, Any] | None]:
    if not cursor:
        return False, None
    try:
        way, first, second = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return way == "<", (_value(first), _value(second))
    except (ValueError, binascii.Error, TypeError):
        return False, None


def _value(text: str) -> Any:
    try:
        return UUID(text)
    except ValueError:
        moment = parse_datetime(text)
        if moment is None:
            raise
        return moment


def capped_count(rows: QuerySet[Any], up_to: int = COUNT_UP_TO) -> tuple[int, bool]:
    """How many rows there are, counted at most to `up_to`, and whether there are more."""
    counted = rows.order_by().values("pk")[: up_to + 1].count()
    return min(counted, up_to), counted > up_to


def with_names(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with what a list shows of them, in the same query."""
    return rows.select_related("premises", "merchant", "area", "unit", "handler")


def reports_in(state: str, source: str = "") -> QuerySet[Report]:
    """Reports in a state (or all of them), of one source or of any, with what a list shows."""
    found = Report.objects.select_related("area", "premises")
    found = found.filter(source=source) if source else found
    return found if state == "all" else found.filter(state=state)


def nearby_reports(class_code: str, lon: float, lat: float, *, at: datetime, but: Report | None = None) -> list[Report]:
    """Reports of the class within 50 m in the last 14 days that were neither declined nor merged, nearest first. 1 query."""
    rows = Report.objects.filter(
        cell__in=neighbour_cells(lon, lat, NEARBY_M),
        class_code=class_code,
        received_at__gt=at - timedelta(days=NEARBY_DAYS),
        received_at__lte=at,
    ).exclude(state__in=[Report.State.DECLINED, Report.State.MERGED])
    if but:
        rows = rows.exclude(pk=but.pk)
    return _nearest(rows.select_related("premises")[:200], lon, lat)


def nearby_findings(class_code: str, lon: float, lat: float) -> list[Finding]:
    """Unfinished findings of the class within 50 m, nearest first. 1 query."""
    rows = Finding.objects.filter(cell__in=neighbour_cells(lon, lat, NEARBY_M), class_code=class_code, unfinished__in=YES)
    return _nearest(rows.select_related("premises", "merchant")[:200], lon, lat)


def _nearest(rows: Any, lon: float, lat: float) -> list[Any]:
    measured = [(metres_between(lon, lat, row.lon, row.lat), row) for row in rows]
    measured.sort(key=lambda pair: pair[0])
    return [row for metres, row in measured if metres <= NEARBY_M]


def fronts_near(lon: float, lat: float, *, radius_m: float = 60.0, most: int = 8) -> list[Premises]:
    """The fronts around a place, nearest first, to choose from. 1 query."""
    rows = Premises.objects.filter(cell__in=neighbour_cells(lon, lat, radius_m), gone_on=None).exclude(state="demolished")
    measured = sorted(((metres_between(lon, lat, row.lon, row.lat), row.pk, row) for row in rows), key=lambda each: each[:2])
    return [row for metres, _pk, row in measured if metres <= radius_m][:most]


def report_numbered(number: str) -> Report | None:
    """The report of a number, as people type it."""
    return Report.objects.filter(number=number.strip().upper()).select_related("finding", "area").first()


def open_orders() -> QuerySet[Order]:
    """Orders not ended, the most urgent first."""
    states = (Order.State.ISSUED, Order.State.SERVED, Order.State.DUE)
    return (
        Order.objects.filter(state__in=states)
        .select_related("finding__merchant", "finding__premises")
        .order_by("correct_by", "id")
    )


def of_premises(premises: Premises) -> QuerySet[Finding]:
    """Every finding at a front, the newest first."""
    return Finding.objects.filter(premises=premises).select_related("merchant", "unit").order_by("-found_at", "-id")


def of_unit(unit: Department) -> QuerySet[Finding]:
    """The unfinished findings a unit answers for, the most urgent first."""
    return with_names(queue(Filters(unit=unit.pk))).order_by("due_at", "id")


def orders_of(finding: Finding) -> QuerySet[Order]:
    """The orders of a finding with officers and paper, oldest first."""
    return finding.orders.select_related("first_officer", "second_officer", "document").order_by("issued_at", "id")


def deliveries_of(subject: str) -> QuerySet[Delivery]:
    """Every attempt to serve the paper of a subject (`room.model:id`), oldest first."""
    return Delivery.objects.filter(subject=subject).select_related("by", "proof").order_by("at", "id")


def rechecks_of(finding: Finding) -> QuerySet[Recheck]:
    """The rechecks of all orders of a finding."""
    return Recheck.objects.filter(order__finding=finding).select_related("by", "second", "document").order_by("at", "id")


def place_named(street: Street | None, text: str) -> tuple[float, float] | None:
    """The (lon, lat) of a front whose address or sign holds the text, else of the middle of the street. At most 2 queries."""
    text = text.strip()
    fronts = Premises.objects.filter(lon__isnull=False, lat__isnull=False, gone_on=None)
    if street:
        fronts = fronts.filter(segment__street=street)
    if text:
        named = fronts.filter(Q(address__contains=text) | Q(sign_name__contains=text)).order_by("code")
        if front := named.first():
            return front.lon, front.lat
    segment = Segment.objects.filter(street=street).order_by("number").first() if street else None
    return point_along(segment.line, float(segment.length_m) / 2) if segment else None


def streets() -> QuerySet[Street]:
    """The streets to choose from."""
    return Street.objects.order_by("pinyin", "name")


def shop_token(premises: Premises, *, expires_at: datetime | None = None) -> str:
    """The token of the link by which a merchant reports what is wrong in its own zone, until `expires_at` if it is given."""
    return links.make_token(SHOP_LINK, premises, expires_at=expires_at)


def shop_of(token: str) -> Premises | None:
    """The premises of such a link, or those into which they have gone since; `BrokenLink` (403) when it is forged."""
    front = Premises.objects.filter(pk=links.read_token(SHOP_LINK, token)).first()
    return survivors([front]).get(front.pk, front) if front else None
