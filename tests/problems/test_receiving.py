"""Receiving reports: what is written, what is refused with nothing written, and what is received only once."""

import zlib
from struct import pack
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanbao.core.errors import Malformed, Refusal
from sanbao.core.models import Attachment, Entry, Photo
from sanbao.problems import queries, services
from sanbao.problems.intake import Incoming
from sanbao.problems.models import Report
from tests.problems.conftest import INSIDE, jpeg


def send(town, **changes):
    given = {
        "source": "citizen",
        "class_code": "H01",
        "lon": INSIDE[0],
        "lat": INSIDE[1],
        "comment": "门口全是垃圾",
        "place": "柳荫路1号门前",
        "by": None,
        "at": town.at,
    }
    return services.receive_report(**{**given, **changes})


def codes(refusal) -> set[str]:
    return {reason.code for reason in refusal.value.reasons}


def huge_png(side: int = 14_200) -> bytes:
    """A PNG of more than 200 million pixels in a few hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" * (1 + (side + 7) // 8)) * side, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def test_a_report_is_numbered_placed_and_written_in_the_journal(town):
    report = send(town, photos=[jpeg()])
    assert report.number.startswith("2026-0000001-") and len(report.number) == 17
    assert report.area == town.community_a
    assert report.state == "received"
    entry = Entry.objects.get(action="report.received")
    assert entry.subject == f"problems.report:{report.pk}"
    assert entry.data == {"class": "H01", "source": "citizen"}
    assert Attachment.objects.get(subject=entry.subject).role == "before"


def test_numbers_follow_one_another_and_start_anew_each_year(town):
    first, second = send(town), send(town)
    next_year = send(town, at=town.at.replace(year=2027))
    assert [first.number[:12], second.number[:12], next_year.number[:12]] == ["2026-0000001", "2026-0000002", "2027-0000001"]


def test_the_front_within_twenty_metres_is_noted(town):
    shop = town.noodle_house
    assert send(town, lon=shop.lon, lat=shop.lat).premises == shop
    assert send(town, lon=shop.lon, lat=shop.lat + 0.002).premises is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lon": 116.39, "lat": 39.9}, "outside_district"),
        ({"lon": float("nan")}, "not_a_place"),
        ({"lat": 95.0}, "not_a_place"),
        ({"comment": "垃" * 350_000}, "too_long"),
        ({"place": "路" * 161}, "too_long"),
        ({"contact": "1" * 61}, "too_long"),
        ({"class_code": "X99"}, "unknown_class"),
        ({"photos": [huge_png()]}, "photo_too_many_pixels"),
        ({"photos": [jpeg(size=(800, 600))[:3000]]}, "photo_truncated"),
        ({"photos": [b"This is a text file with another name.\n" * 40]}, "not_a_photo"),
        ({"photos": [jpeg(), b""]}, "photo_empty"),
        ({"source": "merchant"}, "no_zone"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason_and_leaves_no_report(town, changes, code):
    with pytest.raises(Malformed) as refusal:
        send(town, **changes)
    assert code in codes(refusal)
    assert all(refusal.value.texts())
    assert not Report.objects.exists()
    assert not Entry.objects.filter(action="report.received").exists()


def test_a_picture_that_is_refused_leaves_no_photo_either(town):
    with pytest.raises(Malformed):
        send(town, photos=[huge_png()])
    assert not Photo.objects.exists()


def test_every_reason_is_given_at_once(town):
    with pytest.raises(Malformed) as refusal:
        send(town, class_code="nope", lon=0.0, lat=0.0, comment="x" * 5000)
    assert codes(refusal) == {"unknown_class", "outside_district", "too_long"}


def test_the_same_report_sent_twice_is_received_once(town):
    client_id = uuid4()
    first, again = send(town, client_id=client_id), send(town, client_id=client_id)
    assert first.pk == again.pk
    assert Report.objects.count() == 1
    assert Entry.objects.filter(action="report.received").count() == 1


def test_staff_report_only_if_their_role_allows_it(town):
    send(town, source="officer", by=town.gridworker)
    with pytest.raises(Refusal) as refusal:
        send(town, source="officer", by=town.editor)
    assert codes(refusal) == {"not_allowed"}
    assert Report.objects.count() == 1


def item(**changes) -> Incoming:
    return Incoming(**{"class_code": "O02", "lon": INSIDE[0], "lat": INSIDE[1], **changes})


def test_each_item_of_a_batch_is_accepted_or_refused_on_its_own(town, photo):
    client_id = uuid4()
    known = send(town, client_id=client_id)
    twice = uuid4()
    outcomes = services.receive_many(
        [
            item(photos=(photo.sha256,)),
            item(lon=1.0),
            item(photos=("0" * 64,)),
            item(client_id=client_id),
            item(client_id=twice),
            item(client_id=twice),
        ],
        source="machine",
        by=None,
        at=town.at,
    )
    assert [bool(outcome.report) for outcome in outcomes] == [True, False, False, True, True, True]
    assert [reason.code for outcome in outcomes for reason in outcome.reasons] == ["outside_district", "unknown_photo"]
    assert outcomes[3].report == known and outcomes[3].before
    assert outcomes[5].report == outcomes[4].report and outcomes[5].before
    assert Report.objects.count() == 3
    assert Entry.objects.filter(action="report.received").count() == 3
    assert Attachment.objects.filter(photo=photo, role="before").count() == 1


def test_a_batch_asks_no_more_for_80_items_than_for_2(town):
    services.receive_many([item()], source="machine", by=None, at=town.at)
    asked = []
    for size in (2, 80):
        with CaptureQueriesContext(connection) as seen:
            services.receive_many([item(client_id=uuid4()) for _ in range(size)], source="machine", by=None, at=town.at)
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 10


def test_nearby_reports_of_the_class_are_offered_for_fourteen_days(town):
    first = send(town)
    found = queries.nearby_reports("H01", *INSIDE, at=town.at)
    assert [row.number for row in found] == [first.number]
    assert not queries.nearby_reports("O02", *INSIDE, at=town.at)
    assert not queries.nearby_reports("H01", INSIDE[0] + 0.01, INSIDE[1], at=town.at)
    assert not queries.nearby_reports("H01", *INSIDE, at=town.at.replace(month=10, day=6))
    send(town)
    assert Report.objects.count() == 2, "a duplicate is offered, not refused"
