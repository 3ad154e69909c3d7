"""The pages of cases: what they show is what the services allow, and every form leads to its service."""

import csv
import io
import itertools
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from sanbao.console.case_page import offers_of
from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.penalties import services
from sanbao.penalties.models import Case


@pytest.fixture
def desk(client, town, settings):
    """A browser at the district's site; `desk(person)` logs somebody in."""
    settings.DISTRICT_CODE = town.district.code
    from sanbao.core import middleware

    middleware._known_district.cache_clear()

    def enter(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    yield enter
    middleware._known_district.cache_clear()


@pytest.fixture
def now(hands, monkeypatch):
    """The page's clock stands a month after the proposal."""
    at = hands.at(29)
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


def page(client, case) -> str:
    response = client.get(reverse("console:case", args=[case.pk]))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("stage", ["case", "to_filed", "to_noticed", "to_reviewed", "to_decided"])
def test_the_page_offers_exactly_what_the_service_takes(hands, town, case, now, stage):
    if stage != "case":
        getattr(hands, stage)()
    case.refresh_from_db()
    for person in (town.liu, town.zhao, town.qian):
        for offer in offers_of(case, person):
            if offer.allowed or offer.verdict.step.name == "serve":
                continue
            with pytest.raises(Refusal) as refusal:
                services.take_step(case, offer.verdict.step.name, by=person, at=now, reason="…", text="…", received_at=now)
            assert {reason.code for reason in refusal.value.reasons} & {reason.code for reason in offer.reasons}


def test_a_refused_step_stands_on_the_page_with_its_reason_and_its_article(desk, town, case, hands, now):
    with translation.override("zh-hans"):
        text = page(desk(town.zhao), case)
    assert "offer-shut" in text and "《行政处罚法》第五十四条" in text
    assert 'action="{}"'.format(reverse("console:case_step", args=[case.pk, "file"])) not in text
    hands.write()
    assert 'action="{}"'.format(reverse("console:case_step", args=[case.pk, "file"])) in page(desk(town.zhao), case)


def test_the_ribbon_shows_steps_periods_and_the_service_of_the_notice(desk, town, case, hands, now):
    hands.to_decided()
    response = desk(town.liu).get(reverse("console:case", args=[case.pk]))
    ribbon = response.context["ribbon"]
    assert len(ribbon.beads) == 7  # six steps and the service of the notice
    assert {bar.tone for bar in ribbon.bars} == {"met", "ok"}
    assert all(0 <= bead.x <= 1000 and bead.label_y > 0 for bead in ribbon.beads)
    assert ribbon.off and "<svg" in response.content.decode()


def test_labels_of_beads_in_one_lane_do_not_touch(desk, town, case, hands, now):
    from sanbao.console.pictures.case_ribbon import _wide

    hands.to_decided()
    beads = desk(town.liu).get(reverse("console:case", args=[case.pk])).context["ribbon"].beads
    for lane in {bead.label_y for bead in beads}:
        row = sorted((bead.label_x, bead.label_x + _wide(bead.label)) for bead in beads if bead.label_y == lane)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(row))


def test_those_without_business_here_do_not_see_cases(desk, town, case):
    for person in (town.dispatcher, town.leader, town.clerk, town.editor):
        client = desk(person)
        assert client.get(reverse("console:cases")).status_code == 403
        assert client.get(reverse("console:case", args=[case.pk])).status_code == 403


def test_the_list_filters_in_the_address_and_exports_what_it_shows(desk, town, case, hands, now):
    hands.to_decided()
    client = desk(town.liu)
    assert case.number in client.get(reverse("console:cases")).content.decode()
    assert case.number not in client.get(reverse("console:cases"), {"view": "ended"}).content.decode()
    assert case.number not in client.get(reverse("console:cases"), {"q": "清和"}).content.decode()
    assert case.number in client.get(reverse("console:cases"), {"q": "老李", "state": "decided"}).content.decode()
    raw = b"".join(client.get(reverse("console:cases"), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw)))
    assert len(rows) == 2 and case.number in rows[1]


def test_the_list_stays_at_few_queries_however_many_cases(desk, town, case, hands, now, django_assert_max_num_queries):
    hands.to_filed()
    client = desk(town.liu)
    client.get(reverse("console:cases"))
    copies = [Case(**_copy(case), number=f"N{serial}") for serial in range(30)]
    Case.objects.bulk_create(copies)
    with django_assert_max_num_queries(14):
        client.get(reverse("console:cases"))


def _copy(case: Case) -> dict:
    skip = {"id", "number", "order_id", "cause_id", "district_id"}
    return {field.attname: getattr(case, field.attname) for field in case._meta.concrete_fields if field.attname not in skip}


def test_the_forms_lead_a_case_from_the_sheet_to_the_decision(desk, town, case, now):
    def post(person, name, *more, **data):
        response = desk(person).post(reverse(f"console:{name}", args=[case.pk, *more]), data)
        assert response.status_code == 302, response.content.decode()[:2000]

    sheet = {"established": "yes", "continuing": "no", "grave_harm": "no", "earlier_fine_checked": "yes", "adult": "yes"}
    sheet |= {"capacity": "full", "no_conflict": "yes", "showed_certificates": "yes", "minor": "no", "corrected_in_time": "no"}
    sheet |= {"harmless": "no", "first_time": "yes", "slight_harm": "yes", "no_fault_proven": "no", "major_public_interest": "no"}
    sheet |= {"difficult": "no", "complex_or_major": "no", "findings": "店外摆放餐桌经营，逾期未改正。"}
    post(town.liu, "case_facts", **sheet)
    pieces = [str(pk) for pk in case.evidence.values_list("pk", flat=True)]
    post(town.liu, "case_verify", verified=pieces, lawful=pieces)
    post(town.zhao, "case_step", "file", reason="")
    post(town.liu, "case_penalty", kinds=["fine"], fine="300", benchmark="DEMO-2026-1", correction="将餐桌收回店内")
    post(town.liu, "case_step", "report")
    post(town.liu, "case_step", "notify")
    handed = now.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")
    post(town.liu, "case_notice", mode="direct", handed_at=handed, recipient="李建国", signed="on")
    post(town.liu, "case_waiver", defence="on")
    post(town.liu, "case_step", "pass_review")
    post(town.zhao, "case_step", "decide", sealed="on")
    post(town.liu, "case_step", "serve", mode="direct", handed_at=handed, recipient="李建国", signed="on")
    post(town.liu, "case_step", "pay", amount="300", paid_on=clock.local_day(now).isoformat(), receipt_no="R-1")
    post(town.zhao, "case_step", "close", duties_done="on", goods_disposed="on", correction_rechecked="on")
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.papers.get(form="D-07").document.facts["opinion"] == "同意立案。"


def test_a_refused_post_is_answered_with_every_reason(desk, town, case, now):
    response = desk(town.zhao).post(reverse("console:case_step", args=[case.pk, "file"]), {"reason": ""})
    assert response.status_code == 409
    assert response.content.decode().count('class="reason') >= 3


def test_a_paper_is_given_as_it_was_issued_and_previews_write_nothing(desk, town, case, hands, now):
    hands.to_filed()
    hands.propose()
    paper = case.papers.get(form="D-07").document
    client = desk(town.liu)
    answer = client.get(reverse("console:document", args=[paper.pk]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    for form in ("D-15", "D-16", "D-20", "D-23"):
        assert client.get(reverse("console:case_preview", args=[case.pk, form])).content.startswith(b"%PDF")
    assert case.papers.count() == 1
    assert desk(town.dispatcher).get(reverse("console:document", args=[paper.pk])).status_code == 403


def test_a_window_of_the_party_that_has_run_out_is_not_called_overdue(desk, town, case, hands, monkeypatch):
    hands.to_noticed()
    hands.serve_notice()
    at = hands.at(8) + timedelta(days=25)
    monkeypatch.setattr(clock, "now", lambda: at)
    response = desk(town.liu).get(reverse("console:cases"), {"view": "overdue"})
    assert case.number not in response.content.decode()


def test_a_hearing_is_called_served_and_held_through_the_forms(desk, town, case, hands, monkeypatch):
    hands.to_noticed()
    case.notices.update(hearing_offered=True)
    hands.serve_notice(days=8)

    def post(person, name, days, *more, **data):
        monkeypatch.setattr(clock, "now", lambda: hands.at(days))
        response = desk(person).post(reverse(f"console:{name}", args=[case.pk, *more]), data)
        assert response.status_code == 302, response.content.decode()[:2000]
        return page(desk(person), case)

    def local(days):
        return hands.at(days).astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")

    post(town.liu, "case_step", 10, "request_hearing", received_at=local(10))
    call = {"scheduled_at": local(40), "place": "执法局二楼会议室", "chair": town.qian.pk, "no_conflict": "on", "public": "on"}
    assert reverse("console:case_hearing_notice", args=[case.pk]) not in post(town.zhao, "case_hearing", 20, **call)
    assert reverse("console:case_hearing_notice", args=[case.pk]) in page(desk(town.liu), case)
    post(town.liu, "case_hearing_notice", 21, mode="direct", handed_at=local(21), recipient="李建国", signed="on")
    post(town.liu, "case_step", 40, "hold_hearing", held_at=local(40), agents="0", text="当事人陈述意见。", record_signed="on")
    case.refresh_from_db()
    assert case.state == "heard"
