"""Sending reports: one, up to a hundred in an envelope, photos by hash; and asking what became of one."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sanbao.api.answers import endpoint, json_answer, malformed, not_found, reasons_of
from sanbao.core import clock, files
from sanbao.core.errors import Malformed, refuse
from sanbao.law.workflow import gettext_noop
from sanbao.problems import queries, services
from sanbao.problems.intake import Incoming
from sanbao.problems.models import Report
from sanbao.problems.services import Outcome

MOST_ITEMS = 100
TOO_MANY = gettext_noop("An envelope holds 1 to %(most)s reports; this one holds %(found)s.")
NO_FILE = gettext_noop("Send the picture as the body, or as a form field called “photo”.")


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """Up to a hundred reports, each taken on its own."""

    items: list[Incoming]


class RawEnvelope(msgspec.Struct, forbid_unknown_fields=True):
    """The same with its items unread, for an envelope in which one of them is wrong."""

    items: list[msgspec.Raw]


one = msgspec.json.Decoder(Incoming)
many = msgspec.json.Decoder(Envelope)
many_raw = msgspec.json.Decoder(RawEnvelope)


def source_of(request: HttpRequest) -> str:
    """As whom a request speaks. Today everybody here is a citizen without a name; keys of other systems and a limit on the rate
    of requests belong in this place."""
    return Report.Source.CITIZEN


@endpoint("POST")
def send_report(request: HttpRequest) -> HttpResponse:
    """Receive one report: 201 with its number and what is known nearby, 200 if it was received before, 422 with every reason."""
    incoming, at = one.decode(request.body), clock.now()
    [outcome] = services.receive_many([incoming], source=source_of(request), by=None, at=at)
    if outcome.report is None:
        raise Malformed(*outcome.reasons)
    address = reverse("api:report", args=[outcome.report.number])
    return json_answer(_receipt(outcome), 200 if outcome.before else 201, Location=address)


@endpoint("POST")
def send_reports(request: HttpRequest) -> HttpResponse:
    """Receive up to a hundred reports in one transaction; 200, and for each item its number or every reason against it."""
    read, refused = _read_envelope(request.body)
    found = len(read) + len(refused)
    if not 1 <= found <= MOST_ITEMS:
        raise refuse("too_many_items", TOO_MANY, status=Malformed, most=MOST_ITEMS, found=found)
    outcomes = iter(services.receive_many(read, source=source_of(request), by=None, at=clock.now()) if read else ())
    results = [_receipt(refused[place] if place in refused else next(outcomes)) for place in range(found)]
    return json_answer({"results": results})


def _read_envelope(body: bytes) -> tuple[list[Incoming], dict[int, Outcome]]:
    """The readable items in their order, and the others by their place with the reason."""
    try:
        return many.decode(body).items, {}
    except msgspec.ValidationError:
        raw = many_raw.decode(body).items
    read: list[Incoming] = []
    refused: dict[int, Outcome] = {}
    for place, item in enumerate(raw):
        try:
            read.append(one.decode(item))
        except msgspec.MsgspecError as error:
            refused[place] = Outcome(None, (malformed(error),))
    return read, refused


def _receipt(outcome: Outcome) -> dict[str, Any]:
    if outcome.report is None:
        return {"status": "refused", "reasons": reasons_of(outcome.reasons)}
    return {
        "status": "accepted before" if outcome.before else "accepted",
        "number": outcome.report.number,
        "state": outcome.report.state,
        "received_at": outcome.report.received_at,
    }


@endpoint("GET", "HEAD")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """The public face of a report: class, place in words, state, reply; never the words or the contact of its sender."""
    found = queries.report_numbered(number)
    if found is None:
        raise not_found()
    return json_answer(_face(found))


def _face(found: Report) -> dict[str, Any]:
    return {
        "number": found.number,
        "class_code": found.class_code,
        "place": found.place,
        "area": found.area.name if found.area else None,
        "state": found.state,
        "received_at": found.received_at,
        "answered_at": found.answered_at,
        "reply": found.reply,
        "finding": {"state": found.finding.state, "due_at": found.finding.due_at} if found.finding else None,
    }


@endpoint("GET")
def nearby(request: HttpRequest) -> HttpResponse:
    """Reports of a class within 50 m in the last 14 days: to be looked at before sending the same again."""
    asked = msgspec.convert(request.GET.dict(), Nearby, strict=False)
    if reasons := services.objections_to(Incoming(class_code=asked.class_code, lon=asked.lon, lat=asked.lat)):
        raise Malformed(*reasons)
    found = queries.nearby_reports(asked.class_code, asked.lon, asked.lat, at=clock.now())
    return json_answer({"reports": [_face(each) for each in found]})


class Nearby(msgspec.Struct, forbid_unknown_fields=True):
    """Where and of which class duplicates are looked for."""

    class_code: str
    lon: float
    lat: float


@endpoint("POST")
def send_photo(request: HttpRequest) -> HttpResponse:
    """Receive one picture (JPEG, PNG or WebP) and answer with its SHA-256, by which a report names it."""
    kept = files.store_photo(_picture(request), by=None, at=clock.now())
    taken: datetime | None = kept.taken_at
    return json_answer({"sha256": kept.sha256, "width": kept.width, "height": kept.height, "taken_at": taken}, 201)


def _picture(request: HttpRequest) -> bytes:
    if not (request.content_type or "").startswith("multipart/"):
        return request.body
    upload = request.FILES.get("photo")
    if upload is None:
        raise refuse("no_file", NO_FILE, status=Malformed)
    return upload.read()
