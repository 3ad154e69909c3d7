"""Receiving reports, one or a hundred at once: judge all in one pass, write all in one transaction, number them in one step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from sanbao.core import access, bulk, files, journal
from sanbao.core.errors import Malformed, Reason, refuse
from sanbao.core.geo import cell_of
from sanbao.core.models import Attachment, Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.problems import numbers
from sanbao.problems.ground import Ground, ground, nearest_premises
from sanbao.problems.intake import Incoming, is_place, objections
from sanbao.problems.models import Report
from sanbao.registry.models import Premises

HASH = re.compile(r"[0-9a-f]{64}")
NO_ZONE = gettext_noop("A merchant reports what is wrong in front of its own door: use the link or the code on your door plate.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: its report, `before` if it had been received already, or every reason against it."""

    report: Report | None
    reasons: tuple[Reason, ...] = ()
    before: bool = False


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who sends, and for a merchant its own zone."""

    source: str
    by: User | None
    at: datetime
    zone: Premises | None = None


def receive_report(
    *,
    source: str,
    class_code: str,
    lon: float,
    lat: float,
    comment: str = "",
    place: str = "",
    photos: Sequence[Photo | bytes] = (),
    contact: str = "",
    client_id: UUID | None = None,
    premises: Premises | None = None,
    by: User | None,
    at: datetime,
) -> Report:
    """Receive one report with its photos (rows or bytes); a `client_id` received before answers with the report of then.

    `premises` is the reporter's own zone, required from a merchant. Raises `Malformed` with every reason, and then no report is
    written; bytes that are no usable photo are refused before anything is.
    """
    sender = _Sender(source, by, at, premises)
    _may_send(sender)
    known = [photo for photo in photos if isinstance(photo, Photo)]
    incoming = Incoming(
        class_code=class_code, lon=lon, lat=lat, comment=comment, place=place, contact=contact, client_id=client_id
    )
    if reasons := objections_to(incoming):
        raise Malformed(*reasons)
    stored = [files.store_photo(photo, by=by, at=at) for photo in photos if not isinstance(photo, Photo)]
    by_hash = {photo.sha256: photo for photo in known + stored}
    [outcome] = _receive([msgspec.structs.replace(incoming, photos=tuple(by_hash))], sender, by_hash)
    if outcome.report is None:
        raise Malformed(*outcome.reasons)
    return outcome.report


def objections_to(incoming: Incoming) -> list[Reason]:
    """Every reason against one report without photos, before anything is sent or written. 2 queries."""
    [(inside, _area)] = ground().places([_point_of(incoming)])
    return objections(incoming, inside=inside, photos={})


def receive_many(
    items: Sequence[Incoming], *, source: str, premises: Premises | None = None, by: User | None, at: datetime
) -> list[Outcome]:
    """Receive many reports in one transaction; each is accepted or refused on its own. Photos are named by hash, sent before.

    About 10 statements for any number of items. An item refused writes nothing; one with a known `client_id` answers with the
    report received then.
    """
    sender = _Sender(source, by, at, premises)
    _may_send(sender)
    named = {photo for item in items for photo in item.photos if HASH.fullmatch(photo)}  # anything else names no photo
    photos = {photo.sha256: photo for photo in Photo.objects.filter(sha256__in=named)} if named else {}
    return _receive(items, sender, photos)


def _receive(items: Sequence[Incoming], sender: _Sender, photos: Mapping[str, Photo]) -> list[Outcome]:
    judged = _judge(items, sender, photos, ground())
    try:
        return _write(items, judged, {}, sender, photos)
    except IntegrityError:  # a client id is known: almost every report is new, so nobody asks before
        return _write(items, judged, _received_before(items), sender, photos)


def _may_send(sender: _Sender) -> None:
    if sender.source == Report.Source.OFFICER:
        access.require(sender.by, "problem.report", sender.at)
    if sender.source == Report.Source.MERCHANT and sender.zone is None:
        raise refuse("no_zone", NO_ZONE, status=Malformed)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Every reason against one item, the area it lies in, and the front it lies before (for a merchant its own)."""

    reasons: list[Reason]
    area: UUID | None
    front: UUID | None


def _judge(items: Sequence[Incoming], sender: _Sender, photos: Mapping[str, Photo], here: Ground) -> list[_Judged]:
    """Look at every item before the transaction begins, so that nobody else waits meanwhile."""
    points = [_point_of(item) for item in items]
    fronts = [sender.zone.pk] * len(items) if sender.zone else nearest_premises(points)
    return [
        _Judged(objections(item, inside=inside, photos=photos), area, front)
        for item, (inside, area), front in zip(items, here.places(points), fronts, strict=True)
    ]


def _point_of(item: Incoming) -> tuple[float, float]:
    """Where an item lies; figures that are no place at all stand for a place outside."""
    return (item.lon, item.lat) if is_place(item) else (0.0, 0.0)


@transaction.atomic
def _write(
    items: Sequence[Incoming],
    judged: Sequence[_Judged],
    before: Mapping[UUID | None, Report],
    sender: _Sender,
    photos: Mapping[str, Photo],
) -> list[Outcome]:
    outcomes: list[Outcome | None] = [None] * len(items)
    fresh: list[int] = []
    first: dict[UUID, int] = {}
    for place, (item, found) in enumerate(zip(items, judged, strict=True)):
        if found.reasons:
            outcomes[place] = Outcome(None, tuple(found.reasons))
        elif item.client_id in before:
            outcomes[place] = Outcome(before[item.client_id], before=True)
        elif item.client_id is None or first.setdefault(item.client_id, place) == place:
            fresh.append(place)
    rows = _rows([items[place] for place in fresh], [judged[place] for place in fresh], sender)
    _insert(rows, [items[place] for place in fresh], sender, photos)
    for place, row in zip(fresh, rows, strict=True):
        outcomes[place] = Outcome(row)
    return [outcome or Outcome(rows[fresh.index(first[items[n].client_id])], before=True) for n, outcome in enumerate(outcomes)]


def _received_before(items: Sequence[Incoming]) -> dict[UUID | None, Report]:
    wanted = [item.client_id for item in items if item.client_id]
    return {row.client_id: row for row in Report.objects.filter(client_id__in=wanted)} if wanted else {}


def _rows(items: Sequence[Incoming], judged: Sequence[_Judged], sender: _Sender) -> list[Report]:
    if not items:
        return []
    given = numbers.report_numbers(sender.at, len(items))
    return [
        Report(
            number=number,
            source=sender.source,
            class_code=item.class_code,
            comment=item.comment,
            lon=item.lon,
            lat=item.lat,
            cell=cell_of(item.lon, item.lat),
            place=item.place,
            area_id=found.area,
            premises_id=found.front,
            contact=item.contact,
            client_id=item.client_id,
            received_at=sender.at,
            by=sender.by,
        )
        for number, item, found in zip(given, items, judged, strict=True)
    ]


def _insert(rows: list[Report], items: Sequence[Incoming], sender: _Sender, photos: Mapping[str, Photo]) -> None:
    if not rows:
        return
    bulk.insert(rows)
    attached = [
        Attachment(subject=journal.subject_of(row), role="before", photo=photos[name], added_at=sender.at, by=sender.by)
        for row, item in zip(rows, items, strict=True)
        for name in dict.fromkeys(item.photos)
    ]
    bulk.insert(attached)
    facts = ((row, {"class": row.class_code, "source": row.source}) for row in rows)
    journal.record_many("report.received", facts, by=sender.by, at=sender.at)
