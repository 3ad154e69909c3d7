"""The ways to change the register by hand; imports are in `importing` and are named here too.

Every change is required, checked, written and recorded in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext
from pypinyin import lazy_pinyin

from sanbao.core import access, bulk, clock, geo, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Department, User
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry.codes import read_code
from sanbao.registry.importer import REASONS
from sanbao.registry.importing import apply_import, drop_import, plan_import, plan_run, read_plan, receive_import
from sanbao.registry.models import Area, Merchant, Occupancy, Premises, Segment, Street
from sanbao.registry.placing import root_area

__all__ = [
    "Frontage",
    "add_area",
    "add_merchant",
    "add_premises",
    "add_segment",
    "add_street",
    "apply_import",
    "begin_occupancy",
    "change_operator",
    "change_premises",
    "drop_import",
    "end_occupancy",
    "measure_frontages",
    "plan_import",
    "plan_run",
    "read_plan",
    "receive_import",
    "root_area",
]

CHANGEABLE = frozenset(
    {"area", "segment", "side", "start_m", "end_m", "address", "sign_name", "state", "lon", "lat", "gone_on", "code"}
)
SAME_OCCUPANT = _("%(name)s is already the occupant of these premises.")
NO_OCCUPANT = _("Nobody occupies these premises, so nobody can leave them.")
BEFORE_ENTRY = _("The occupant came on %(from_on)s; the occupancy cannot end before.")
GONE = _("These premises are gone since %(gone_on)s.")
BAD_CODE = _("The credit code cannot be right. %(why)s")
CODE_TAKEN = _("The credit code %(credit_code)s already belongs to %(name)s.")
BAD_FRONTAGE = _("A frontage is a stretch of its segment: from at least 0 m to at most %(length)s m, longer than nothing.")
BAD_LINE = _("The line of a segment needs at least two different points of longitude and latitude.")
NAME_TAKEN = _("“%(name)s” is already in the register.")
NO_NAME = _("A name is needed.")
UNKNOWN_CHANGE = _("These facts of premises cannot be changed: %(names)s.")


@transaction.atomic
def add_area(
    code: str,
    name: str,
    *,
    kind: str,
    parent: Area | None = None,
    unit: Department | None = None,
    boundary: list | None = None,
    by: User,
    at: datetime,
) -> Area:
    """Add an area under its parent (the district's own area if none is given); `boundary` is a WGS-84 ring."""
    access.require(by, "register.edit", at)
    above = parent if parent or kind == Area.Kind.DISTRICT else root_area()
    if Area.objects.filter(code=code).exists():
        raise refuse("name_taken", NAME_TAKEN, name=code)
    path = f"{above.path if above else ''}{code}/"
    area = Area.objects.create(code=code, name=name, kind=kind, parent=above, unit=unit, boundary=boundary or [], path=path)
    journal.record("area.added", area, by=by, at=at, code=code)
    return area


@transaction.atomic
def add_street(name: str, *, by: User, at: datetime) -> Street:
    """Add a street; its pinyin is made from the name."""
    access.require(by, "register.edit", at)
    name = " ".join(name.split())[:60]
    if not name:
        raise refuse("name_missing", NO_NAME, status=Malformed)
    if Street.objects.filter(name=name).exists():
        raise refuse("name_taken", NAME_TAKEN, name=name)
    street = Street.objects.create(name=name, pinyin="".join(lazy_pinyin(name))[:120])
    journal.record("street.added", street, by=by, at=at)
    return street


@transaction.atomic
def add_segment(street: Street, line: list, *, area: Area, by: User, at: datetime, number: int | None = None) -> Segment:
    """Add a stretch of a street, drawn as WGS-84 [lon, lat] pairs; its length is measured, its number is the next one."""
    access.require(by, "register.edit", at)
    try:
        length = round(geo.line_length(line), 2)
    except (ValueError, TypeError, IndexError) as error:
        raise refuse("bad_line", BAD_LINE, status=Malformed) from error
    last = Segment.objects.filter(street=street).aggregate(last=Max("number"))["last"] or 0
    segment = Segment.objects.create(
        street=street, area=area, number=number or last + 1, line=line, length_m=Decimal(str(length))
    )
    journal.record("segment.added", segment, by=by, at=at, street=str(street.pk), length_m=length)
    return segment


@transaction.atomic
def add_premises(
    *,
    address: str,
    area: Area,
    by: User,
    at: datetime,
    code: str = "",
    segment: Segment | None = None,
    side: str = "",
    start_m: Decimal | float | None = None,
    end_m: Decimal | float | None = None,
    sign_name: str = "",
    state: str = Premises.State.OPEN,
    lon: float | None = None,
    lat: float | None = None,
) -> Premises:
    """Add a front seen on the spot; metres along the segment, position WGS-84. Without a code it gets the next one of its area."""
    access.require(by, "register.edit", at)
    _insist_frontage(segment, start_m, end_m)
    premises = Premises.objects.create(
        code=code or _next_code(area),
        area=area,
        segment=segment,
        side=side,
        start_m=start_m,
        end_m=end_m,
        address=address[:160],
        sign_name=sign_name[:120],
        state=state,
        lon=lon,
        lat=lat,
        cell=geo.cell_of(lon, lat) if lon is not None and lat is not None else None,
        known_since=clock.local_day(at),
    )
    journal.record("premises.added", premises, by=by, at=at, area=str(area.pk))
    return premises


@transaction.atomic
def change_premises(premises: Premises, *, by: User, at: datetime, **changes: Any) -> Premises:
    """Change facts of premises (`CHANGEABLE`); what stays the same is not recorded."""
    access.require(by, "register.edit", at)
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise refuse("unknown_change", UNKNOWN_CHANGE, status=Malformed, names=", ".join(sorted(unknown)))
    premises = Premises.objects.get(pk=premises.pk)
    changed = sorted(name for name, value in changes.items() if getattr(premises, name) != value)
    if not changed:
        return premises
    for name in changed:
        setattr(premises, name, changes[name])
    _insist_frontage(premises.segment, premises.start_m, premises.end_m)
    if {"lon", "lat"} & set(changed):
        known = premises.lon is not None and premises.lat is not None
        premises.cell = geo.cell_of(premises.lon, premises.lat) if known else None  # type: ignore[arg-type]
    premises.save(update_fields=[*changed, "address_key", "cell"])
    journal.record("premises.changed", premises, by=by, at=at, fields=changed)
    return premises


@dataclass(frozen=True, slots=True)
class Frontage:
    """Where a front begins and ends along one side of a segment, metres from the segment's first point."""

    premises: Premises
    segment: Segment
    side: str
    start_m: Decimal
    end_m: Decimal


@transaction.atomic
def measure_frontages(measured: Sequence[Frontage], *, by: User, at: datetime) -> int:
    """Enter the frontages a walk has measured, many in a few statements; gaps and overlaps are left for the strip to show."""
    access.require(by, "register.edit", at)
    for one in measured:
        _insist_frontage(one.segment, one.start_m, one.end_m)
        front = one.premises
        front.segment, front.side, front.start_m, front.end_m = one.segment, one.side, one.start_m, one.end_m
        front.chainage_m = (one.start_m + one.end_m) / 2
    columns = ["segment", "side", "start_m", "end_m", "chainage_m"]
    rows = [one.premises for one in measured]
    bulk.update(rows, columns)
    journal.record_many("premises.changed", ((row, {"fields": sorted(columns)}) for row in rows), by=by, at=at)
    return len(rows)


@transaction.atomic
def add_merchant(
    name: str,
    *,
    kind: str,
    by: User,
    at: datetime,
    credit_code: str = "",
    operator: str = "",
    phone: str = "",
    scope: str = "",
    registered_on: date | None = None,
) -> Merchant:
    """Add a merchant; refuses a credit code that cannot be right or belongs to another."""
    access.require(by, "register.edit", at)
    read = read_code(credit_code)
    if credit_code and not read.credit_code:
        why = REASONS.get(read.fault, REASONS["credit_code_length"])
        detail = dict(read.detail) or {"value": credit_code, "length": len(credit_code)}
        raise refuse("bad_credit_code", BAD_CODE, status=Malformed, why=gettext(why) % detail)
    taken = Merchant.objects.filter(credit_code=read.credit_code).first() if credit_code else None
    if taken:
        raise refuse("credit_code_taken", CODE_TAKEN, credit_code=read.credit_code, name=taken.name)
    merchant = Merchant.objects.create(
        name=name[:160],
        kind=kind,
        credit_code=read.credit_code or None,
        operator=operator[:60],
        phone=phone[:30],
        scope=scope[:1000],
        registered_on=registered_on,
    )
    journal.record("merchant.added", merchant, by=by, at=at)
    return merchant


@transaction.atomic
def begin_occupancy(premises: Premises, merchant: Merchant, *, from_on: date, by: User, at: datetime) -> Occupancy:
    """From `from_on` this merchant trades in the premises; the former occupant's time ends that day."""
    access.require(by, "register.edit", at)
    premises = Premises.objects.get(pk=premises.pk)
    if premises.gone_on:
        raise refuse("premises_gone", GONE, gone_on=premises.gone_on)
    former = Occupancy.objects.filter(premises=premises, until_on__isnull=True).select_related("merchant").first()
    if former and former.merchant_id == merchant.pk:
        raise refuse("same_occupant", SAME_OCCUPANT, name=merchant.name)
    if former:
        _end(former, from_on, by=by, at=at)
    occupancy = Occupancy.objects.create(premises=premises, merchant=merchant, from_on=from_on)
    if premises.state in (Premises.State.VACANT, Premises.State.FITTING_OUT):
        Premises.objects.filter(pk=premises.pk).update(state=Premises.State.OPEN)
    journal.record("occupancy.begun", occupancy, by=by, at=at, premises=str(premises.pk), merchant=str(merchant.pk))
    return occupancy


@transaction.atomic
def change_operator(
    premises: Premises,
    *,
    name: str,
    kind: str,
    from_on: date,
    credit_code: str = "",
    operator: str = "",
    phone: str = "",
    by: User,
    at: datetime,
) -> Occupancy:
    """From `from_on` this merchant trades here: the one that has the credit code, else one that is added now."""
    code = read_code(credit_code).credit_code
    merchant = Merchant.objects.filter(credit_code=code).first() if code else None
    merchant = merchant or add_merchant(name, kind=kind, credit_code=credit_code, operator=operator, phone=phone, by=by, at=at)
    return begin_occupancy(premises, merchant, from_on=from_on, by=by, at=at)


@transaction.atomic
def end_occupancy(premises: Premises, *, on: date, by: User, at: datetime) -> Occupancy:
    """The present occupant's last day is `on`; the premises are vacant until somebody else comes."""
    access.require(by, "register.edit", at)
    present = Occupancy.objects.filter(premises=premises, until_on__isnull=True).first()
    if present is None:
        raise refuse("no_occupant", NO_OCCUPANT)
    _end(present, on, by=by, at=at)
    Premises.objects.filter(pk=premises.pk, state=Premises.State.OPEN).update(state=Premises.State.VACANT)
    return present


def _end(occupancy: Occupancy, on: date, *, by: User, at: datetime) -> None:
    if on < occupancy.from_on:
        raise refuse("before_entry", BEFORE_ENTRY, from_on=occupancy.from_on)
    occupancy.until_on = on
    occupancy.save(update_fields=["until_on"])
    ids = {"premises": str(occupancy.premises_id), "merchant": str(occupancy.merchant_id)}
    journal.record("occupancy.ended", occupancy, by=by, at=at, **ids)


def _insist_frontage(segment: Segment | None, start_m: Any, end_m: Any) -> None:
    if start_m is None and end_m is None:
        return
    length = float(segment.length_m) if segment else 0.0
    if start_m is None or end_m is None or not 0 <= float(start_m) < float(end_m) <= length + 0.01:
        raise refuse("bad_frontage", BAD_FRONTAGE, status=Malformed, length=length)


def _next_code(area: Area) -> str:
    """The next free number of an area, `<area>-0001`."""
    taken = Premises.objects.filter(code__startswith=f"{area.code}-").values_list("code", flat=True)
    last = max((int(code.rpartition("-")[2]) for code in taken if code.rpartition("-")[2].isdigit()), default=0)
    return f"{area.code}-{last + 1:04d}"
