"""What does not belong here is answered with a clear sentence and a 4xx, and leaves no row behind."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.stories import pictures

TABLES = '"problems.Report", "core.Photo", "core.Attachment", "core.Entry", "agreements.Agreement"'
INSIDE = {"lon": "113.70006", "lat": "34.72006"}
OUTSIDE = {"lon": "121.47", "lat": "31.23"}
WORDS = {"class_code": "O02", "place": "柳荫路1号门前", "comment": "桌子占道"}
TRUNCATED = pictures.street_front()[:9_000]
TEXT = "这不是照片。".encode() * 500


@pytest.fixture
def sender(house) -> requests.Session:
    """A browser without a face: it has opened the form and holds its token."""
    session = requests.Session()
    session.trust_env = False
    page = session.get(f"{house.url}/report/", timeout=30)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found
    session.headers["X-CSRFToken"] = found[1]
    session.headers["Referer"] = f"{house.url}/report/"
    return session


@pytest.fixture(scope="module")
def rows_before(house) -> str:
    """How many rows there are before anything is sent."""
    return house.stage(f"count({TABLES})")


@pytest.fixture(autouse=True)
def no_row(house, rows_before) -> Iterator[None]:
    """None of these stories writes a row."""
    yield
    assert house.stage(f"count({TABLES})") == rows_before


def answer_of(response: requests.Response) -> str:
    """The sentence of a refusal; fails when the answer is a success, a crash or says nothing."""
    assert 400 <= response.status_code < 500, response.text[:500]
    reasons = re.findall(r'<li class="reason[^>]*>(.*?)</li>', response.text, re.S)
    assert reasons, response.text[:2000]
    return re.sub(r"<[^>]+>|\s+", " ", " ".join(reasons)).strip()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("大图.png", pictures.huge_png(), "像素"),
        ("断片.jpg", TRUNCATED, "照片|图片|完整"),
        ("文字.jpg", TEXT, "照片|图片"),
    ],
    ids=["200 megapixels", "truncated", "text named jpg"],
)
def test_a_picture_that_is_none_is_refused_in_words(house, sender, name, data, says):
    sent = {"photos": (name, data, "image/jpeg")}
    response = sender.post(f"{house.url}/report/", data={**WORDS, **INSIDE}, files=sent, timeout=60)
    assert re.search(says, answer_of(response))


def test_a_place_outside_the_district_is_refused_with_what_to_do(house, sender):
    response = sender.post(f"{house.url}/report/", data={**WORDS, **OUTSIDE}, timeout=30)
    assert "区" in answer_of(response)


def test_a_report_without_a_place_is_refused_with_what_to_do(house, sender):
    response = sender.post(f"{house.url}/report/", data={**WORDS, "place": ""}, timeout=30)
    assert "位置" in answer_of(response) or "地点" in answer_of(response) or "哪里" in answer_of(response)


def test_a_megabyte_of_words_is_refused_with_the_limit(house, sender):
    response = sender.post(f"{house.url}/report/", data={**WORDS, **INSIDE, "comment": "长" * 1_000_000}, timeout=60)
    assert "4000" in answer_of(response).replace(",", "").replace(" ", "")


def test_a_class_that_does_not_exist_is_refused(house, sender):
    response = sender.post(f"{house.url}/report/", data={**WORDS, **INSIDE, "class_code": "X99"}, timeout=30)
    assert "X99" in answer_of(response)


def test_numbers_that_are_none_are_refused(house, sender):
    for lon in ("nan", "inf", "1e999", "九"):
        response = sender.post(f"{house.url}/report/", data={**WORDS, "lon": lon, "lat": "34.72"}, timeout=30)
        assert answer_of(response)


def test_a_forged_signing_link_is_refused_before_anything_is_read(house, sender):
    token = "019e0000-0000-7000-8000-000000000000.0.forged"
    for response in (
        sender.get(f"{house.url}/m/sign/{token}/", timeout=30),
        sender.post(f"{house.url}/m/sign/{token}/", data={"signer_name": "某人"}, timeout=30),
    ):
        assert response.status_code == 403
        assert answer_of(response)


def test_the_same_holds_for_machines_with_problem_details(house):
    for item in (
        {"class_code": "O02", "lon": 121.47, "lat": 31.23},
        {"class_code": "O02", "lon": 113.70006},
        {"class_code": 7},
        [],
    ):
        response = requests.post(f"{house.url}/api/v1/reports", json=item, timeout=30, headers={"Accept-Language": "zh-CN"})
        assert 400 <= response.status_code < 500
        assert response.headers["content-type"].startswith("application/problem+json")
        assert response.json()["title"]


def test_a_body_that_is_cut_off_does_not_hurt_the_server(house):
    parts = urlsplit(house.url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    line.putrequest("POST", "/api/v1/reports")
    line.putheader("Content-Type", "application/json")
    line.putheader("Content-Length", "100000")
    line.endheaders(b'{"class_code": "O02"')
    line.close()
    assert requests.get(f"{house.url}/", timeout=30).status_code == 200
