"""The register's pages as people meet them: list, front, upload, preview, confirmation, result."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sanbao.core.models import Job
from sanbao.registry import services, tasks
from sanbao.registry.models import ImportRun, Merchant
from tests.registry.lists import csv_of, shop
from tests.world import credit_code


@pytest.fixture
def desk(world, client):
    client.force_login(world.clerk)
    return client


def upload(client, rows, header=None, kind="market", name="名单.csv"):
    file = SimpleUploadedFile(name, csv_of(rows, header))
    return client.post(reverse("console:imports"), {"file": file, "source": "市场监管局", "kind": kind})


def test_strangers_are_sent_to_the_login_and_others_are_refused(world, client):
    assert client.get(reverse("console:register")).status_code == 302
    client.force_login(world.editor)
    for name in ("console:register", "console:imports", "console:streets"):
        assert client.get(reverse(name)).status_code == 403


def test_the_list_shows_counts_and_exports_exactly_what_is_shown(desk, world):
    page = desk.get(reverse("console:register"), {"q": "老李"})
    assert page.context["page_obj"].paginator.count == 1
    assert "老李面馆" in page.content.decode()
    assert "清和" not in page.content.decode()
    body = b"".join(desk.get(reverse("console:register"), {"q": "老李", "export": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert len(rows) == 2
    assert world.noodle_shop.credit_code in rows[1]
    assert desk.get(reverse("console:register"), {"export": "xlsx"}).status_code == 200


def test_the_page_of_a_front_tells_its_history_and_what_registers_say(desk, world):
    services.begin_occupancy(world.noodle_house, world.hardware_shop, from_on=world.at.date(), by=world.clerk, at=world.at)
    text = desk.get(reverse("console:premises", args=[world.noodle_house.pk])).content.decode()
    assert world.noodle_shop.name in text
    assert world.hardware_shop.name in text
    assert world.area_a.name in text


def test_an_upload_is_shown_first_and_written_only_when_confirmed(desk, world):
    before = Merchant.objects.count()
    response = upload(desk, [shop(11), shop(12, name=""), shop(13)])
    run = ImportRun.objects.get()
    assert response.headers["Location"] == reverse("console:import_run", args=[run.pk])
    page = desk.get(response.headers["Location"])
    assert [tab["count"] for tab in page.context["tabs"]][:4] == [2, 0, 0, 1]
    assert "望桥区第11小吃店" in page.content.decode()
    faulty = desk.get(response.headers["Location"], {"tab": "faulty"})
    assert [(row["number"], bool(row["text"])) for row in faulty.context["page_obj"]] == [(3, True)]
    assert Merchant.objects.count() == before
    desk.post(response.headers["Location"], {"action": "confirm"})
    run.refresh_from_db()
    assert run.state == "applied"
    assert run.by == world.clerk
    assert Merchant.objects.count() == before + 2


def test_the_preview_sets_old_and_new_values_side_by_side(desk):
    desk.post(upload(desk, [shop(11), shop(13)]).headers["Location"], {"action": "confirm"})
    where = upload(desk, [shop(11, phone="13911112222")]).headers["Location"]
    text = desk.get(where, {"tab": "changed"}).content.decode()
    assert "<del>13800000000</del>" in text
    assert "<ins>13911112222</ins>" in text
    assert [row["name"] for row in desk.get(where, {"tab": "gone"}).context["page_obj"]] == ["望桥区第13小吃店"]


def test_a_header_nobody_knows_leads_to_the_mapping_form_and_on_to_the_preview(desk):
    where = upload(desk, [["甲店", "柳荫路1号"]], ["壹", "贰"]).headers["Location"]
    page = desk.get(where)
    assert [column["values"] for column in page.context["columns"]] == [["甲店"], ["柳荫路1号"]]
    wrong = desk.post(where, {"action": "plan", "column": ["A", "B"], "field": ["-", "address"], "sheet": ""})
    assert wrong.status_code == 422
    desk.post(where, {"action": "plan", "column": ["A", "B"], "field": ["name", "address"], "sheet": ""})
    run = ImportRun.objects.get()
    assert (run.state, run.counts["new"]) == ("planned", 1)
    assert desk.get(where, {"mapping": "1"}).context["columns"][0]["field"] == "name"


def test_a_file_that_is_no_list_is_refused_on_the_same_page(desk):
    file = SimpleUploadedFile("a.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 60)
    page = desk.post(reverse("console:imports"), {"file": file, "source": "甲", "kind": "market"})
    assert page.status_code == 422
    assert page.context["error"].reasons[0].code == "picture"
    assert not ImportRun.objects.exists()


def test_a_large_import_is_confirmed_at_once_and_done_by_the_worker(desk, monkeypatch):
    monkeypatch.setattr("sanbao.console.views.registry.AT_ONCE", 1)
    where = upload(desk, [shop(11), shop(13)]).headers["Location"]
    for _twice in range(2):
        desk.post(where, {"action": "confirm"})
    job = Job.objects.get()
    assert job.name == "sanbao.registry.tasks.apply_import"
    page = desk.get(where)
    assert page.context["in_progress"]
    assert not page.context["may_confirm"]
    tasks.apply_import(**job.args)
    assert ImportRun.objects.get().state == "applied"
    assert not desk.get(where).context["in_progress"]


def test_a_dropped_preview_is_listed_as_dropped(desk):
    where = upload(desk, [shop(11)]).headers["Location"]
    desk.post(where, {"action": "drop"})
    assert ImportRun.objects.get().state == "dropped"
    assert desk.get(reverse("console:imports")).status_code == 200
    assert desk.get(where).status_code == 200


def test_streets_are_listed_with_their_fronts_and_new_ones_added(desk, world):
    page = desk.get(reverse("console:streets"))
    assert [(one.name, one.segment_count, one.front_count) for one in page.context["page_obj"]] == [("柳荫路", 1, 3)]
    desk.post(reverse("console:streets"), {"name": "槐树街"})
    assert desk.post(reverse("console:streets"), {"name": "槐树街"}).status_code == 409
    assert desk.get(reverse("console:streets"), {"q": "槐"}).context["page_obj"].paginator.count == 1
    assert desk.get(reverse("console:register"), {"street": world.street.name}).context["page_obj"].paginator.count == 3


def test_a_code_is_found_in_the_list(desk, world):
    page = desk.get(reverse("console:register"), {"q": credit_code("92", world.district.code, 1)})
    assert page.context["page_obj"].paginator.count == 1
