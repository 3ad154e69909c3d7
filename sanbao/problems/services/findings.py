"""Findings: recording what was seen, giving it to a unit, closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from sanbao.core import access, clock, files, journal
from sanbao.core.errors import Malformed, insist, refuse
from sanbao.core.geo import cell_of
from sanbao.core.models import Department, Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.problems import lifecycle, numbers
from sanbao.problems.classes import classes
from sanbao.problems.ground import ground
from sanbao.problems.intake import OUTSIDE, UNKNOWN_CLASS
from sanbao.problems.models import Finding, Report
from sanbao.problems.services.moves import MOVED_ON, answer_reports, move_finding
from sanbao.registry.models import Area, Merchant, Occupancy, Premises
from sanbao.registry.responsibility import unit_on

NO_PLACE = gettext_noop("Say where it is: choose the premises or give the place.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a finding is about. The merchant is the occupant of the premises on that day, unless `names_merchant` is False."""

    class_code: str
    lon: float | None
    lat: float | None
    place: str = ""
    note: str = ""
    premises: Premises | None = None
    area: Area | None = None
    names_merchant: bool = True
    report: Report | None = None
    client_id: UUID | None = None


@transaction.atomic
def record_finding(
    *,
    class_code: str,
    premises: Premises | None = None,
    lon: float | None = None,
    lat: float | None = None,
    place: str = "",
    note: str = "",
    photos: Sequence[Photo] = (),
    client_id: UUID | None = None,
    by: User,
    at: datetime,
) -> Finding:
    """Record what an officer has seen, at premises or at a place (WGS-84) inside the district; a known `client_id` answers again."""
    access.require(by, "problem.find", at)
    known = Finding.objects.filter(client_id=client_id).first() if client_id else None
    if known:
        return known
    if class_code not in classes():
        raise refuse("unknown_class", UNKNOWN_CLASS, status=Malformed, code=class_code[:20])
    seen = _placed(Seen(class_code=class_code, lon=lon, lat=lat, place=place, note=note, premises=premises, client_id=client_id))
    finding = add_finding(seen, by=by, at=at)
    for photo in photos:
        files.attach(finding, photo, "before", by=by, at=at)
    return finding


def _placed(seen: Seen) -> Seen:
    front = seen.premises
    lon = front.lon if front and seen.lon is None else seen.lon
    lat = front.lat if front and seen.lat is None else seen.lat
    area = front.area if front else None
    if lon is None or lat is None:
        if not front:
            raise refuse("no_place", NO_PLACE, status=Malformed)
    else:
        [(inside, area_id)] = ground().places([(lon, lat)])
        if not inside:
            raise refuse("outside_district", OUTSIDE, status=Malformed)
        area = area or (Area.objects.get(pk=area_id) if area_id else None)
    return Seen(
        class_code=seen.class_code,
        lon=lon,
        lat=lat,
        place=seen.place or (front.address if front else ""),
        note=seen.note,
        premises=front,
        area=area,
        client_id=seen.client_id,
    )


def seen_in(report: Report, premises: Premises | None, note: str) -> Seen:
    """What a report says, as the matter of a finding."""
    own = report.source == Report.Source.MERCHANT
    front = premises or (report.premises if own else None)
    return Seen(
        class_code=report.class_code,
        lon=report.lon,
        lat=report.lat,
        place=report.place or (front.address if front else ""),
        note=note or report.comment,
        premises=front,
        area=report.area or (front.area if front else None),
        names_merchant=not own,
        report=report,
    )


def add_finding(seen: Seen, *, by: User, at: datetime) -> Finding:
    """Write the row and its entry; the unit is the one that answers for the front or the area, else the author's own. No permission asked."""
    place = seen.premises or seen.area
    unit = (unit_on(place, clock.local_day(at)) if place else None) or by.department
    placed = seen.lon is not None and seen.lat is not None
    finding = Finding.objects.create(
        number=numbers.finding_number(at),
        report=seen.report,
        class_code=seen.class_code,
        premises=seen.premises,
        merchant=_occupant(seen.premises, at) if seen.names_merchant else None,
        area=seen.area,
        unit=unit,
        handler=None if seen.report else by,
        place=seen.place,
        lon=seen.lon,
        lat=seen.lat,
        cell=cell_of(seen.lon, seen.lat) if placed else None,
        note=seen.note,
        found_at=at,
        by=by,
        client_id=seen.client_id,
        due_at=classes()[seen.class_code].due(at),
    )
    facts = {"class": seen.class_code, "report": str(seen.report.pk)} if seen.report else {"class": seen.class_code}
    journal.record("finding.recorded", finding, by=by, at=at, **facts)
    return finding


def _occupant(premises: Premises | None, at: datetime) -> Merchant | None:
    if premises is None:
        return None
    day = clock.local_day(at)
    spells = Occupancy.objects.filter(premises=premises, from_on__lte=day).select_related("merchant").order_by("-from_on", "-id")
    spell = spells.first()
    return spell.merchant if spell and (spell.until_on is None or day <= spell.until_on) else None


@transaction.atomic
def dispatch_finding(finding: Finding, *, unit: Department, handler: User | None = None, by: User, at: datetime) -> Finding:
    """Give a finding to a unit and, if known, a person."""
    access.require(by, "problem.dispatch", at)
    if not Finding.objects.filter(pk=finding.pk, state=finding.state).update(unit=unit, handler=handler):
        raise refuse("moved_on", MOVED_ON)
    finding.unit, finding.handler = unit, handler
    journal.record("finding.dispatched", finding, by=by, at=at, unit=unit.pk, handler=handler.pk if handler else None)
    return finding


@transaction.atomic
def close_finding(finding: Finding, *, closing: str, photos: Sequence[Photo] = (), by: User, at: datetime) -> Finding:
    """Close a finding with a sentence and, where there are any, photos of the place afterwards; whoever reported it is answered."""
    access.require(by, "problem.close", at)
    facts = lifecycle.FindingFacts(finding.state, closing)
    move_finding(finding, insist(lifecycle.FINDING.attempt("close", facts)), closing=closing.strip(), closed_at=at)
    for photo in photos:
        files.attach(finding, photo, "after", by=by, at=at)
    journal.record("finding.closed", finding, by=by, at=at)
    answer_reports(finding, reply=closing.strip(), by=by, at=at)
    return finding
