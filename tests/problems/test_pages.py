"""The pages of staff and public: who may open them, what they offer, and that long queues cost no more than short ones."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanbao.core import clock
from sanbao.core.models import Photo
from sanbao.problems import queries, services
from sanbao.problems.models import Finding, Order, Report
from sanbao.problems.queries import Filters
from tests.problems.conftest import INSIDE, issue, jpeg, serve
from tests.problems.test_receiving import huge_png, send


@pytest.fixture
def now(monkeypatch, town):
    """The pages read the clock; here it stands where the stories are told."""
    monkeypatch.setattr(clock, "now", lambda: town.at + timedelta(hours=1))
    return town.at + timedelta(hours=1)


def enter(client, person):
    client.force_login(person)
    return client


def test_strangers_are_asked_to_log_in(client, town, finding):
    for address in ("/desk/problems/", f"/desk/problems/{finding.pk}/", "/desk/reports/"):
        assert client.get(address).status_code == 302


def test_those_without_the_role_are_refused(client, town, finding):
    assert enter(client, town.editor).get("/desk/problems/").status_code == 403


@pytest.mark.parametrize("address", ["/desk/problems/", "/desk/reports/"])
def test_a_list_asks_the_same_for_2_rows_and_for_20(client, town, photo, address, now):
    enter(client, town.liu)
    asked = []
    for rows in (2, 18):
        for _each in range(rows):
            services.record_finding(class_code="O02", premises=town.noodle_house, by=town.liu, at=town.at)
            send(town)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 16


def test_pages_follow_one_another_without_gaps_and_lead_back(town):
    made = [
        services.record_finding(class_code="O02", premises=town.noodle_house, by=town.liu, at=town.at + timedelta(minutes=n // 2))
        for n in range(7)
    ]
    rows = queries.queue(Filters())
    seen, cursor, pages = [], "", []
    while True:
        page = queries.page_of(rows, ("due_at", "id"), cursor=cursor, size=3)
        pages.append([row.pk for row in page.rows])
        seen += page.rows
        if not page.next:
            break
        cursor = page.next
    assert [row.pk for row in seen] == [row.pk for row in sorted(made, key=lambda row: (row.due_at, row.pk))]
    back = queries.page_of(rows, ("due_at", "id"), cursor=page.previous, size=3)
    assert [row.pk for row in back.rows] == pages[-2]
    assert back.next and back.previous


@pytest.mark.parametrize("cursor", ["x", "////", "WzEsMl0", "bnVsbA"])
def test_a_broken_cursor_gives_the_first_page(client, town, finding, cursor, now):
    assert finding.number in enter(client, town.liu).get("/desk/problems/", {"page": cursor}).content.decode()


def test_a_count_stops_early(town, finding):
    services.record_finding(class_code="O02", premises=town.noodle_house, by=town.liu, at=town.at)
    assert queries.capped_count(queries.queue(Filters()), up_to=1) == (1, True)
    assert queries.capped_count(queries.queue(Filters()), up_to=2) == (2, False)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, True),
        ({"state": "closed"}, False),
        ({"class": "H01"}, False),
        ({"class": "O02"}, True),
        ({"area": "990101001"}, True),
        ({"area": "990101002"}, False),
        ({"overdue": "1"}, False),
        ({"mine": "1"}, True),
        ({"q": "柳荫路1号"}, True),
        ({"state": "nonsense", "unit": "x"}, True),
    ],
)
def test_the_queue_is_filtered_by_its_address(client, town, finding, asked, shown, now):
    page = enter(client, town.liu).get("/desk/problems/", asked).content.decode()
    assert (finding.number in page) is shown


def test_the_queue_is_exported_as_shown(client, town, finding, now):
    answer = enter(client, town.liu).get("/desk/problems/", {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert finding.number in text and "柳荫路1号" in text


def test_an_officer_orders_serves_and_rechecks_on_the_page(client, town, finding, now, monkeypatch):
    page = f"/desk/problems/{finding.pk}/"
    enter(client, town.liu)
    told = {"showed_certificates": "1", "no_conflict": "1", "reasonable": "1", "second": town.chen.pk}
    order_form = {**told, "violation": "V02", "requirement": "收回店内", "correct_by": "2026-09-22T10:00"}
    assert client.post(f"{page}order/", order_form).status_code == 302
    order = Order.objects.get()
    assert order.correct_by == town.at + timedelta(days=1)
    assert client.get(f"/desk/problems/papers/{order.document_id}.pdf").content.startswith(b"%PDF")
    refused = client.post(f"/desk/orders/{order.pk}/serve/", {"mode": "direct", "result": "served"})
    assert refused.status_code == 409
    client.post(f"/desk/orders/{order.pk}/serve/", {"mode": "direct", "signed": "1", "recipient": "李建国", "result": "served"})
    enter(client, town.sun)
    early = client.get(page).content.decode()
    assert 'data-test="step-fall_due"' in early and 'data-test="recheck-no"' not in early
    look = {"passed": "no", "second": town.liu.pk, "showed_certificates": "1"}
    photo = lambda: SimpleUploadedFile("a.jpg", jpeg("red"), "image/jpeg")
    assert client.post(f"/desk/orders/{order.pk}/recheck/", {**look, "photos": photo()}).status_code == 409
    monkeypatch.setattr(clock, "now", lambda: town.at + timedelta(days=1))
    assert 'data-test="recheck-no"' in client.get(page).content.decode()
    assert client.post(f"/desk/orders/{order.pk}/recheck/", {**look, "photos": photo()}).status_code == 302
    order.refresh_from_db()
    assert order.state == "failed"
    assert "data-compare" in client.get(page).content.decode()


def test_a_form_that_cannot_be_read_names_the_field(client, town, finding, now):
    answer = enter(client, town.liu).post(f"/desk/problems/{finding.pk}/order/", {"violation": "V02", "correct_by": "soon"})
    assert answer.status_code == 422
    assert Order.objects.count() == 0


def test_a_report_stands_beside_what_is_known_nearby(client, town, finding, now):
    shop = town.noodle_house
    report = send(town, class_code="O02", lon=shop.lon, lat=shop.lat)
    page = enter(client, town.clerk).get(f"/desk/reports/{report.pk}/").content.decode()
    assert finding.number in page and "老李面馆" in page
    assert client.post(f"/desk/reports/{report.pk}/merge/", {"into": finding.number}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.finding) == ("merged", finding)


def test_a_finding_is_recorded_from_the_page(client, town, now):
    sent = {"class_code": "O03", "front": town.tea_house.code, "photos": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")}
    assert enter(client, town.liu).post("/desk/problems/new/", sent).status_code == 302
    assert Finding.objects.get().merchant == town.tea_company
    wrong = client.post("/desk/problems/new/", {**sent, "front": "nowhere", "photos": ""})
    assert wrong.status_code == 422


def public(**changes):
    return {"class_code": "H01", "lon": INSIDE[0], "lat": INSIDE[1], "place": "柳荫路1号", "comment": "有味道", **changes}


def test_a_citizen_reports_with_a_photo_and_follows_by_number(client, town, now):
    assert client.get("/report/").status_code == 200
    answer = client.post("/report/", public(photos=SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"), contact="13900000000"))
    report = Report.objects.get()
    assert answer["Location"] == f"/follow/{report.number}/"
    page = client.get(answer["Location"]).content.decode()
    assert report.number in page and "13900000000" not in page and "有味道" not in page
    assert client.get("/follow/", {"number": report.number.lower()}).status_code == 302
    assert client.get("/follow/", {"number": "2026-0000001-XXXX"}).status_code == 404


def test_before_and_after_are_shown_once_it_was_taken_up(client, town, now):
    report = send(town, photos=[jpeg()])
    address = f"/follow/{report.number}/"
    assert "<img class" not in client.get(address).content.decode()
    finding = services.accept_report(report, premises=town.noodle_house, by=town.clerk, at=town.at)
    [picture] = re.findall(r'src="(/photos/[^"]+)"', client.get(address).content.decode())
    assert client.get(picture.replace("&amp;", "&")).status_code == 200
    services.close_finding(finding, closing="已清扫", by=town.clerk, at=town.at)
    assert "已清扫" in client.get(address).content.decode()


def test_what_is_known_nearby_is_shown_before_sending(client, town, now):
    first = send(town)
    shown = client.post("/report/", public(photos=SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")))
    assert first.number in shown.content.decode()
    assert Report.objects.count() == 1
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()))
    assert client.post("/report/", again).status_code == 302
    assert Report.objects.count() == 2


def test_a_street_is_enough_where_the_phone_does_not_tell_the_place(client, town, now):
    client.post("/report/", public(lon="", lat="", street=str(town.street.pk), place="3号"))
    assert Report.objects.get().premises == town.tea_house
    assert client.post("/report/", public(lon="", lat="", place="")).status_code == 422


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"lon": "116.4", "lat": "39.9"}, 422),
        ({"class_code": "?"}, 422),
        ({"comment": "x" * 1_000_000}, 422),
        ({"shop": "0192.0.forged"}, 403),
    ],
)
def test_what_cannot_be_used_is_refused_on_the_page_too(client, town, changes, status, now):
    assert client.post("/report/", public(**changes)).status_code == status
    assert not Report.objects.exists()


@pytest.mark.parametrize("data", [huge_png(), jpeg(size=(800, 600))[:3000], b"words in a file called .jpg"])
def test_a_bad_picture_is_refused_on_the_page(client, town, data, now):
    answer = client.post("/report/", public(photos=SimpleUploadedFile("photo.jpg", data, "image/jpeg")))
    assert answer.status_code == 422
    assert not Report.objects.exists() and not Photo.objects.exists()


def test_a_merchants_link_reports_from_its_own_zone(client, town, now):
    token = queries.shop_token(town.noodle_house)
    assert "老李面馆" in client.get("/report/", {"shop": token}).content.decode()
    client.post("/report/", public(lon="", lat="", shop=token))
    report = Report.objects.get()
    assert (report.source, report.premises) == ("merchant", town.noodle_house)


def test_an_order_beside_its_deadline_shows_how_much_time_has_passed(client, town, finding, now):
    order = issue(town, finding)
    serve(town, order)
    page = enter(client, town.liu).get(f"/desk/problems/{finding.pk}/").content.decode()
    assert "<progress" in page
