"""The desk of publicity and the public's pages: what is offered equals what is allowed, and nothing inside comes out."""

import re
from datetime import date, timedelta

import pytest

from sanbao.campaigns import services as plans
from sanbao.core import clock, files
from sanbao.evaluation import services as appraisal
from sanbao.problems import services as problems
from sanbao.publicity import figures, services
from sanbao.publicity.models import Publication
from tests.problems.conftest import INSIDE, jpeg
from tests.publicity.conftest import approved, published, reviewed

SECRETS = ("老李", "李建国", "13800000001", "柳荫路1号", "92990101")


@pytest.fixture(autouse=True)
def moment(town, monkeypatch):
    """It is ten minutes after the stories begin."""
    monkeypatch.setattr(clock, "now", lambda: town.at + timedelta(minutes=10))


@pytest.fixture
def desk(client, town):
    """A function that logs somebody in and answers with the browser."""

    def at_the_desk(name: str):
        client.force_login(getattr(town, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return at_the_desk


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.content.decode()


def test_the_whole_way_at_the_desk(desk, finding, photo, town) -> None:
    page = desk("dispatcher")
    row = page.post(f"/desk/publicity/exposure/{finding.pk}/").url
    marks = {"photo": photo.sha256, "rectangles": "6, 8 32 30\n50 50 20 20", "role": "before"}
    assert page.post(f"{row}mask/", marks).url == row
    page.post(f"{row}words/", {"title": "柳荫路店外经营", "body": "已责令限期改正。"})
    shown = text(page.get(row))
    found = Publication.objects.get()
    assert found.photo.sha256 in shown and photo.sha256 in shown and 'data-test="review"' not in shown
    answers = {"looked": "1", "minor": "no", "police_penalty": "no", "shows_reporter": "no", "names_party": "no"}
    assert 'data-test="review"' in text(desk("qian").get(row))
    page.post(f"{row}review/", answers)
    desk("zhao").post(f"{row}approve/")
    desk("editor").post(f"{row}publish/")
    found.refresh_from_db()
    assert found.state == Publication.State.PUBLISHED and len(found.masks[0]["rectangles"]) == 2


def test_a_check_with_open_questions_is_answered_with_every_reason(desk, masked) -> None:
    answer = desk("qian").post(f"/desk/publicity/{masked.pk}/review/", {"minor": "no"})
    assert text(answer, 409).count('<li class="reason') == 3
    answer = desk("qian").post(f"/desk/publicity/{masked.pk}/review/", {"looked": "1", "readable": ["faces"]})
    assert "人脸" in text(answer, 409) or "faces" in text(answer, 409)


def test_the_page_and_the_service_refuse_with_the_same_reason(desk, masked, town) -> None:
    services.edit(masked, title=masked.title, body="老李面馆", by=town.dispatcher, at=town.at)
    shown = text(desk("qian").get(f"/desk/publicity/{masked.pk}/"))
    button = re.search(r'<button[^>]*data-test="review">', shown).group(0)
    assert "disabled" in button and 'class="reason' in shown


@pytest.mark.parametrize("marks", ["6 8 32", "a b c d", "6 8 32 30 5"])
def test_marks_that_are_no_four_numbers_are_refused_in_words(desk, exposure, photo, marks) -> None:
    answer = desk("dispatcher").post(f"/desk/publicity/{exposure.pk}/mask/", {"photo": photo.sha256, "rectangles": marks})
    assert answer.status_code == 422


def test_whoever_may_neither_propose_nor_check_sees_no_picture_as_it_came_in(desk, masked, photo) -> None:
    shown = text(desk("liu").get(f"/desk/publicity/{masked.pk}/"))
    assert f'name="photo" value="{photo.sha256}"' not in shown and "data-test" not in shown


def test_the_list_shows_what_is_in_hand_and_exports_it(desk, masked) -> None:
    shown = text(desk("dispatcher").get("/desk/publicity/"))
    assert masked.title in shown
    csv = b"".join(desk("dispatcher").get("/desk/publicity/?export=csv").streaming_content).decode("utf-8-sig")
    assert len(csv.strip().splitlines()) == 2
    assert masked.title not in text(desk("dispatcher").get("/desk/publicity/?view=published"))


def test_a_failed_correction_is_offered_for_exposure_until_it_is_proposed(desk, failed, finding, town) -> None:
    assert f"/desk/publicity/exposure/{finding.pk}/" in text(desk("dispatcher").get("/desk/publicity/"))
    finding.refresh_from_db()
    services.propose_exposure(finding, by=town.dispatcher, at=town.at)
    assert f"/desk/publicity/exposure/{finding.pk}/" not in text(desk("dispatcher").get("/desk/publicity/"))


def test_publicity_is_not_for_the_grid(desk) -> None:
    assert desk("gridworker").get("/desk/publicity/").status_code == 403
    assert desk("liu").get("/desk/publicity/commend/").status_code == 403


def test_an_unknown_step_is_refused(desk, masked) -> None:
    assert desk("zhao").post(f"/desk/publicity/{masked.pk}/end/").status_code == 409


def test_the_public_sees_only_what_is_published_and_nobody_in_it(client, masked, town) -> None:
    for act in (lambda: None, lambda: reviewed(masked, town), lambda: services.approve(masked, by=town.zhao, at=town.at)):
        act()
        assert masked.title not in text(client.get("/published/"))
        assert client.get(f"/published/{masked.pk}/").status_code == 404
    services.publish(masked, by=town.editor, at=town.at)
    pages = [
        text(client.get(address)) for address in ("/", "/published/", "/published/?kind=exposure", f"/published/{masked.pk}/")
    ]
    for page in pages:
        assert masked.title in page and masked.photo.sha256 in page
        assert not any(secret in page for secret in SECRETS)
        assert masked.masks[0]["of"] not in page
    assert masked.title not in text(client.get("/published/?kind=ranking"))


def test_an_after_picture_stands_beside_the_one_before(client, masked, finding, town) -> None:
    after = files.store_photo(jpeg("blue"), by=town.liu, at=town.at)
    problems.close_finding(finding, closing="已收回", photos=[after], by=town.liu, at=town.at)
    services.mask_photo(masked, after, [], role="after", nothing_to_mask=True, by=town.dispatcher, at=town.at)
    published(masked, town)
    page = text(client.get(f"/published/{masked.pk}/"))
    assert masked.photo.sha256 in page and masked.photo_after.sha256 in page and after.sha256 not in page


def test_a_withdrawn_publication_says_why_and_nothing_else(client, shown, town) -> None:
    services.withdraw(shown, reason="地点有误", by=town.zhao, at=town.at)
    page = text(client.get(f"/published/{shown.pk}/"))
    assert "地点有误" in page and shown.title not in page and shown.body not in page and shown.photo.sha256 not in page
    assert client.get(f"/photos/{shown.photo.sha256}.jpg").status_code in (302, 404)


def test_an_ended_publication_is_gone(client, shown, town) -> None:
    services.end_expired(clock.local_day(town.at) + timedelta(days=60))
    page = text(client.get(f"/published/{shown.pk}/"), 410)
    assert shown.title not in page


def test_what_is_over_today_is_not_shown_even_before_the_night(client, shown, town, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: town.at + timedelta(days=60))
    assert client.get(f"/published/{shown.pk}/").status_code == 404
    assert shown.title not in text(client.get("/published/"))


@pytest.fixture
def campaign(town):
    found = plans.launch(
        "百日会战", headquarters=town.hq, starts_on=date(2026, 9, 1), phases=[("一", 100)], by=town.dispatcher, at=town.at
    )
    for name in ("coverage", "tasks_verified"):
        plans.add_target(found, title=name, indicator=name, value=95, due_on=found.ends_on, by=town.dispatcher, at=town.at)
    task = plans.assign(
        found,
        title="清理占道杂物",
        unit=town.department,
        due_at=town.at - timedelta(days=2),
        by=town.dispatcher,
        at=town.at - timedelta(days=3),
    )
    plans.report_done(task, text="完成", by=town.contact, at=town.at - timedelta(days=2, hours=1))
    appraisal.refresh_readings(town.at)
    return found


def test_the_first_page_begins_with_the_report_and_counts_the_days(client, campaign) -> None:
    page = text(client.get("/"))
    assert 'data-test="report"' in page and "<b>21</b>" in page
    assert page.index('data-test="report"') < page.index("百日会战")


def test_the_first_page_stands_without_campaign_and_publications(client, town) -> None:
    assert 'data-test="report"' in text(client.get("/"))
    assert client.get("/figures/").status_code == 404


def test_every_public_figure_opens_parts_that_add_up_to_it(client, campaign) -> None:
    shown = figures.figures(campaign, clock.today())
    assert {figure.indicator.key for figure in shown} == {"coverage", "tasks_verified"}
    for figure in shown:
        parts = figures.parts_of(figure.indicator.key, campaign, figure.on)
        assert sum(part.numerator for part in parts) == figure.numerator
        assert sum(part.denominator for part in parts) == figure.denominator > 0
        page = text(client.get(f"/figures/{figure.indicator.key}/"))
        assert all(part.name in page for part in parts) and not any(secret in page for secret in SECRETS)
    assert client.get("/figures/fines/").status_code == 404


def test_reports_are_listed_without_number_words_contact_and_house_number(client, campaign, town) -> None:
    report = problems.receive_report(
        source="citizen",
        class_code="H01",
        lon=INSIDE[0],
        lat=INSIDE[1],
        comment="老李面馆乱倒垃圾",
        place="柳荫路1号门口",
        contact="13900000009",
        by=None,
        at=town.at,
    )
    page = text(client.get("/figures/reports/"))
    assert "柳荫" in page
    for inside in (report.number, "老李面馆", "乱倒垃圾", "13900000009", "柳荫路1号"):
        assert inside not in page


def test_a_published_ranking_is_a_table_with_its_rules(client, campaign, town, monkeypatch) -> None:
    later = clock.at_local(date(2026, 10, 3), 9)
    ranking = appraisal.compute_ranking(date(2026, 9, 1), by=None, at=later)
    appraisal.freeze_ranking(ranking, by=town.leader, at=later)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(hours=1))
    found = services.propose_ranking(ranking, by=town.dispatcher, at=later)
    approved(found, town)
    services.publish(found, by=town.editor, at=later)
    page = text(client.get(f"/published/{found.pk}/"))
    assert town.street_office.name in page and "责任书覆盖率" in page
    assert found.title in text(client.get("/published/?kind=ranking"))


def test_the_desk_proposes_a_frozen_ranking_and_praises_with_records(desk, campaign, town, monkeypatch) -> None:
    later = clock.at_local(date(2026, 10, 3), 9)
    monkeypatch.setattr(clock, "now", lambda: later)
    ranking = appraisal.compute_ranking(date(2026, 9, 1), by=None, at=later)
    appraisal.freeze_ranking(ranking, by=town.leader, at=later)
    leader = desk("leader")
    assert f"/desk/publicity/ranking/{ranking.pk}/" in text(leader.get("/desk/ranking/?month=2026-09"))
    row = leader.post(f"/desk/publicity/ranking/{ranking.pk}/").url
    assert town.street_office.name in text(leader.get(row))
    answer = leader.post("/desk/publicity/commend/", {"unit": town.street_office.pk, "title": "通报表扬"})
    assert text(answer, 409).count('<li class="reason') == 3
