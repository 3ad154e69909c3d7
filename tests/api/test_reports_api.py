"""Reports over HTTP: one, many, photos, and problem details for whatever is refused."""

import json
from uuid import uuid4

import pytest

from sanbao.core.models import Entry, Photo
from sanbao.problems.models import Report
from tests.problems.conftest import INSIDE, jpeg, store, town  # noqa: F401
from tests.problems.test_receiving import huge_png

pytestmark = pytest.mark.usefixtures("town")


def body(**changes) -> dict:
    return {"class_code": "O02", "lon": INSIDE[0], "lat": INSIDE[1], "comment": "桌子摆在外面", **changes}


def post(client, path, value):
    data = value if isinstance(value, bytes | str) else json.dumps(value)
    return client.post(f"/api/v1/{path}", data, content_type="application/json")


def test_one_report_is_received_and_can_be_followed(client):
    answer = post(client, "reports", body(contact="13800000000"))
    assert answer.status_code == 201
    number = answer.json()["number"]
    assert answer["Location"] == f"/api/v1/reports/{number}"
    face = client.get(answer["Location"]).json()
    assert (face["state"], face["area"]) == ("received", "柳荫社区")
    assert "13800000000" not in json.dumps(face) and "comment" not in face
    assert Entry.objects.get().action == "report.received"


def test_the_same_report_sent_again_answers_with_the_same_number(client):
    same = body(client_id=str(uuid4()))
    first, again = post(client, "reports", same), post(client, "reports", same)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert again.json()["status"] == "accepted before"
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b'{"class_code": "O02", "lon": "east", "lat": 34.7}', "malformed"),
        (b'{"class_code": "O02", "lon": NaN, "lat": 34.7}', "malformed"),
        (json.dumps(body(colour="red")).encode(), "malformed"),
        (json.dumps(body(lon=0.0)).encode(), "outside_district"),
        (json.dumps(body(comment="x" * 1_000_000)).encode(), "too_long"),
        (json.dumps(body(comment="a\0b")).encode(), "bad_character"),
        (json.dumps(body(class_code="?")).encode(), "unknown_class"),
        (json.dumps(body(photos=["f" * 64])).encode(), "unknown_photo"),
    ],
)
def test_what_cannot_be_used_is_a_problem_with_its_reason_and_leaves_no_row(client, sent, code):
    answer = post(client, "reports", sent)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 422 and problem["reasons"][0]["code"] == code and problem["detail"]
    assert not Report.objects.exists() and not Entry.objects.exists()


def test_photos_are_sent_first_and_named_by_hash(client):
    kept = client.post("/api/v1/photos", jpeg(), content_type="image/jpeg")
    assert kept.status_code == 201
    answer = post(client, "reports", body(photos=[kept.json()["sha256"]]))
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (huge_png(), "photo_too_many_pixels"),
        (jpeg(size=(800, 600))[:4000], "photo_truncated"),
        (b"only words", "not_a_photo"),
        (b"", "photo_empty"),
    ],
)
def test_a_bad_picture_is_a_problem_and_leaves_no_row(client, data, code):
    answer = client.post("/api/v1/photos", data, content_type="image/jpeg")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Photo.objects.exists()


def test_in_an_envelope_each_report_stands_for_itself(client):
    items = [body(), {"class_code": 3}, body(lat=0.0), body(), "text"]
    answer = post(client, "reports:batch", {"items": items})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["accepted", "refused", "refused", "accepted", "refused"]
    assert results[2]["reasons"][0]["code"] == "outside_district"
    assert Report.objects.count() == Entry.objects.count() == 2


@pytest.mark.parametrize("count", [0, 101])
def test_an_envelope_holds_one_to_a_hundred(client, count):
    answer = post(client, "reports:batch", {"items": [body()] * count})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_items")
    assert not Report.objects.exists()


def test_duplicates_can_be_looked_for_before_sending(client):
    number = post(client, "reports", body()).json()["number"]
    where = {"class_code": "O02", "lon": INSIDE[0], "lat": INSIDE[1]}
    assert [row["number"] for row in client.get("/api/v1/reports:nearby", where).json()["reports"]] == [number]
    assert client.get("/api/v1/reports:nearby", {"class_code": "O02"}).status_code == 422


def test_unknown_numbers_and_wrong_methods_are_problems_too(client):
    missing = client.get("/api/v1/reports/2026-0000001-AAAA")
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    wrong = client.delete("/api/v1/reports")
    assert (wrong.status_code, wrong["Allow"]) == (405, "POST")


def test_a_character_that_no_database_keeps_is_refused_and_not_asked_for(client):
    named = post(client, "reports:batch", {"items": [{**body(), "photos": ["\0"]}]}).json()["results"][0]
    assert [reason["code"] for reason in named["reasons"]] == ["unknown_photo"]
    for answer in (
        client.get("/api/v1/reports/2026%00"),
        client.get("/api/v1/reports:nearby", {"class_code": "O\0", "lon": INSIDE[0], "lat": INSIDE[1]}),
        client.get("/follow/", {"number": "\0"}),
        client.post("/report/", {"comment": "\0"}),
    ):
        assert answer.status_code == 422, answer.request["PATH_INFO"]
    assert not Report.objects.exists()


def test_the_document_names_every_address(client):
    document = client.get("/api/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/reports",
        "/api/v1/reports:batch",
        "/api/v1/reports:nearby",
        "/api/v1/reports/{number}",
        "/api/v1/photos",
        "/api/v1/classes",
        "/api/v1/responsible",
    }
    incoming = document["paths"]["/api/v1/reports"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(incoming["required"]) == {"class_code", "lon", "lat"}
    assert client.get("/api/docs").status_code == 200
    assert len(client.get("/api/v1/classes").json()["classes"]) >= 25
