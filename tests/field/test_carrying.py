"""The phone's door: a worklist that works without scripts, a parcel and an envelope for scripts, and what makes it an application."""

import json
import re
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from sanbao.agreements import batches
from sanbao.core import clock, files
from tests.agreements.conftest import SIGNATURE, form  # noqa: F401


@pytest.fixture
def letters(world, form):  # noqa: F811
    """Two letters handed over an hour ago."""
    at = clock.now() - timedelta(hours=1)
    return batches.draft_letters([world.noodle_house, world.tea_house], by=world.clerk, at=at).letters


@pytest.fixture
def worker(client, world):
    client.force_login(world.gridworker)
    return client


def post(client, items, sent_at=None):
    body = json.dumps({"sent_at": (sent_at or clock.now()).isoformat(), "items": items})
    return client.post("/m/carry/envelope/", body, content_type="application/json")


def visit(letter) -> dict:
    return {"client_id": str(uuid4()), "letter": str(letter.pk), "kind": "nobody", "at": clock.now().isoformat()}


def test_the_worklist_shows_the_letters_of_the_workers_own_unit_with_their_links(worker, letters):
    text = worker.get("/m/letters/").content.decode()
    assert text.index("老李面馆") < text.index("清和茶庄")
    assert len(re.findall(r'href="/m/sign/', text)) == 2
    assert "老李面馆" not in worker.get("/m/letters/?area=990101002").content.decode()
    assert "老李面馆" in worker.get("/m/letters/?area=&segment=nonsense").content.decode()


def test_the_parcel_names_its_owner(worker, world, letters):
    answer = worker.get("/m/carry/parcel/?area=").json()
    assert answer["owner"] == {"id": world.gridworker.pk, "name": "吴霞"}
    assert [row["sign_name"] for row in answer["letters"]] == ["老李面馆", "清和茶庄"]


def test_an_envelope_with_an_unreadable_item_loses_only_that_one(worker, letters):
    answer = post(worker, [{"kind": "signed"}, visit(letters[0]), {**visit(letters[1]), "extra": 1}])
    assert [each["status"] for each in answer.json()["results"]] == ["refused", "accepted", "refused"]
    assert answer.json()["results"][1]["number"] == letters[0].number


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"sent_at": "2026-09-21", "items": []}', '{"items": 7}'])
def test_an_envelope_that_is_none_is_refused_with_a_reason(worker, letters, body):
    answer = worker.post("/m/carry/envelope/", body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["reasons"][0]["detail"]


def test_an_envelope_holds_at_most_fifty(worker, letters):
    assert post(worker, []).status_code == 422
    answer = post(worker, [visit(letters[0])] * 51)
    assert answer.status_code == 422 and answer.json()["code"] == "too_many_items"


def test_without_a_login_scripts_are_told_and_nothing_is_written(client, letters):
    for address in ("/m/carry/who/", "/m/carry/parcel/"):
        assert client.get(address).status_code == 401
    assert post(client, [visit(letters[0])]).status_code == 401
    assert client.get("/m/letters/").status_code == 302


def test_who_takes_no_signatures_is_refused(client, world, letters):
    client.force_login(world.qian)
    assert client.get("/m/letters/").status_code == 403
    assert client.get("/m/carry/who/").status_code == 403
    assert post(client, [visit(letters[0])]).json()["code"] == "not_allowed"


def test_an_envelope_needs_the_token_against_forgery(world, letters):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.gridworker)
    assert post(strict, [visit(letters[0])]).status_code == 403
    token = strict.get("/m/carry/who/").json()["token"]
    body = json.dumps({"sent_at": clock.now().isoformat(), "items": [visit(letters[0])]})
    answer = strict.post("/m/carry/envelope/", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_the_offline_page_holds_nothing_of_anybody_and_every_word_it_needs(client, worker, letters):
    shell = client.get("/m/carry/").content.decode()
    for secret in ("老李面馆", "吴霞", "csrfmiddlewaretoken"):
        assert secret not in shell
    scripts = "".join(Path(finders.find(f"field/{name}.js")).read_text() for name in ("carry", "tray"))
    for word in set(re.findall(r"\bwords\.([a-zA-Z]+)", scripts)):
        attribute = re.sub(r"([A-Z])", lambda found: "-" + found.group(1).lower(), word)
        assert f'data-{attribute}="' in shell, word


def test_every_file_the_service_worker_keeps_is_there_and_every_module_is_kept(client, world):
    text = client.get("/m/worker.js").content.decode()
    kept = json.loads(re.search(r"KEPT = (\[.*\]);", text).group(1))
    names = [address.removeprefix("/static/") for address in kept]
    assert all(finders.find(name) for name in names)
    for name in names:
        if name.endswith(".js"):
            for other in re.findall(r'from "\./([a-z]+\.js)"', Path(finders.find(name)).read_text()):
                assert f"field/{other}" in names
    assert set(re.findall(r'/static/([^"]+\.(?:css|js))"', client.get("/m/carry/").content.decode())) <= set(names)


def test_the_manifest_is_one_a_browser_installs(client, world):
    answer = client.get("/m/app.webmanifest")
    found = answer.json()
    assert answer["Content-Type"].startswith("application/manifest+json")
    assert found["start_url"] == "/m/carry/" and found["display"] == "standalone" and found["scope"] == "/m/"
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in found["icons"])


def test_a_photo_of_the_front_goes_along_with_the_visit(worker, world, letters):
    answer = post(worker, [{**visit(letters[0]), "photo": b64encode(SIGNATURE).decode()}])
    assert answer.json()["results"][0]["status"] == "accepted"
    assert files.attachments(letters[0]).count() == 1
