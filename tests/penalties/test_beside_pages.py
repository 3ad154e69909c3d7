"""The pages beside the main line of a case: opening one, the worksheet, measures, money; each form leads to its service."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.penalties import services
from sanbao.penalties.models import Case
from tests.penalties.test_entry import lead, punish, spot
from tests.penalties.test_measures import ITEMS
from tests.penalties.test_pages import desk, page
from tests.penalties.test_procedure import codes

__all__ = ["desk", "lead", "spot"]


@pytest.fixture
def post(desk, monkeypatch, hands_or_spot):
    """Posts a form as somebody on some day; the answer must lead back to the page."""

    def send(person, name, days, *more, **data):
        at = hands_or_spot.at(days)
        monkeypatch.setattr(clock, "now", lambda: at)
        response = desk(person).post(reverse(f"console:{name}", args=[hands_or_spot.case.pk, *more]), data)
        assert response.status_code == 302, response.content.decode()[:1500]

    return send


@pytest.fixture
def hands_or_spot(spot):
    return spot


def local(hands, days) -> str:
    return hands.at(days).astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")


def test_a_case_is_opened_from_the_page_of_its_finding(desk, town, finding, monkeypatch):
    at = town.at + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: at)
    client, address = desk(town.liu), reverse("console:case_open", args=[finding.pk])
    assert address in client.get(reverse("console:problem", args=[finding.pk])).content.decode()
    assert client.get(address).status_code == 200
    day = clock.local_day(finding.found_at).isoformat()
    assert client.post(address, {"violation": "V05", "conduct_on": day, "second": town.chen.pk}).status_code == 302
    case = Case.objects.get()
    assert (case.state, case.violation) == ("lead", "V05")
    shown = desk(town.liu).get(reverse("console:problem", args=[finding.pk])).content.decode()
    assert address not in shown and case.number in shown
    assert desk(town.dispatcher).get(address).status_code == 403


def test_a_penalty_on_the_spot_goes_from_the_form_to_the_bank(post, spot, town):
    told = {"mode": "on_the_spot", "handed_at": local(spot, 0.1), "told_at": local(spot, 0.1), "recipient": "李建国"}
    ticks = {"signed": "on", "facts_certain": "on", "defence_heard": "on", "cash_reason": "small", "receipt_no": "X7"}
    post(town.liu, "case_step", 0.1, "punish_on_spot", **told, **ticks)
    post(town.liu, "case_cash", 1)
    post(town.liu, "case_cash", 2, to_bank="1")
    post(town.liu, "case_spot_report", 2)
    post(town.zhao, "case_step", 3, "close", duties_done="on", goods_disposed="on", correction_rechecked="on")
    spot.case.refresh_from_db()
    assert spot.case.state == "closed"


def test_things_are_proposed_approved_preserved_and_decided_on_the_page(post, desk, spot, lead, town):
    things = "折叠餐桌,3张,完好\n烧烤炉,1台,旧"
    post(town.liu, "case_measure", 0.1, kind="preservation", items=things, place="库房", reason="可能转移")
    row = lead.measures.get()
    post(town.zhao, "case_measure_approve", 0.15, row.pk)
    post(town.liu, "case_measure_step", 0.2, row.pk, "preserve", loss_feared="on", related="on", list_handed_over="on")
    response = desk(town.liu).get(reverse("console:case", args=[lead.pk]))
    assert any("折叠餐桌" in bar.text for bar in response.context["ribbon"].bars)
    post(town.liu, "case_measure_step", 2, row.pk, "dispose", decisions="退还\n退还")
    row.refresh_from_db()
    assert row.state == "disposed" and row.items[1] == {
        "name": "烧烤炉",
        "quantity": "1台",
        "condition": "旧",
        "decision": "退还",
    }


def test_a_measure_that_is_shut_says_why_on_the_page(desk, spot, lead, town, monkeypatch):
    services.propose_measure(
        lead, kind="preservation", items=ITEMS, place="库房", reason="可能转移", by=town.liu, at=spot.at(0.1)
    )
    monkeypatch.setattr(clock, "now", lambda: spot.at(0.2))
    with translation.override("zh-hans"):
        text = page(desk(town.liu), lead)
    assert "measures" in text and "行政机关负责人" in text


def test_the_reminder_is_served_answered_and_followed_by_the_court_through_the_forms(post, spot, lead, town):
    punish(spot)
    post(town.liu, "case_step", 25, "lapse")
    post(town.liu, "case_step", 26, "remind")
    post(town.liu, "case_reminder", 27, mode="direct", handed_at=local(spot, 27), recipient="李建国", signed="on")
    post(town.liu, "case_statement", 28, text="请求减免", received_at=local(spot, 28))
    post(town.liu, "case_step", 29, "answer_reminder", adopted="no", text="无法定减免情形")
    ticks = dict.fromkeys(("head_signed", "sealed", "opinion_and_reminder", "object_information"), "on")
    post(town.zhao, "case_step", 65, "apply_court", **ticks)
    post(town.liu, "case_step", 80, "grant_enforcement", ruling="granted", ruled_at=local(spot, 80), document="裁1号")
    lead.refresh_from_db()
    assert lead.state == "enforced"


def test_time_to_pay_and_its_parts_come_through_the_forms(post, desk, spot, lead, town):
    punish(spot)
    days = [clock.local_day(spot.at(each)).isoformat() for each in (20, 40)]
    schedule = f"{days[0]} 40\n{days[1]} 60"
    post(town.zhao, "case_step", 5, "postpone", applied_at=local(spot, 5), reason="困难", schedule=schedule)
    post(town.liu, "case_part", 20, amount="40", paid_on=days[0], receipt_no="P1")
    post(town.liu, "case_step", 39, "pay", amount="60", paid_on=days[1], receipt_no="P2")
    assert [row.amount for row in lead.payments.all()] == [Decimal(40), Decimal(60)]


def test_the_worksheet_shows_range_bands_and_the_objection_of_the_law(desk, spot, lead, town, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: spot.at(0.2))
    spot.propose("300", days=0.1)
    with translation.override("zh-hans"):
        text = desk(town.liu).get(reverse("console:case_worksheet", args=[lead.pk])).content.decode()
    assert "DEMO-2026-1" in text and "200" in text and "300" in text and "《行政处罚法》第五条" in text


def test_a_fine_keeps_to_its_band_or_names_a_ground(spot, lead):
    with pytest.raises(Refusal) as refusal:
        spot.propose("150", days=0.1, circumstance="general", weighing_reason="首次")
    assert codes(refusal) == {"outside_band"}
    spot.propose("80", days=0.1, circumstance="general", weighing_reason="首次，占道时间短")
    lead.refresh_from_db()
    assert lead.weighing == {"circumstance": "general", "reason": "首次，占道时间短"} and lead.benchmark == "DEMO-2026-1"
    lighter = {"mitigation": ["removed_harm"], "mitigation_reason": "主动恢复路面"}
    spot.propose("30", days=0.1, circumstance="general", **lighter)
    punish(spot)
    lead.refresh_from_db()
    assert lead.fine == Decimal(30)


def test_below_the_range_without_a_ground_is_refused(spot):
    spot.propose("30", days=0.1)
    with pytest.raises(Refusal) as refusal:
        punish(spot)
    assert codes(refusal) == {"in_range"}


def test_people_and_address_are_changed_through_the_forms(post, spot, lead, town):
    post(town.zhao, "case_investigators", 0.1, first=town.sun.pk, second=town.chen.pk, reason="调岗")
    post(town.sun, "case_address", 0.2, address="柳荫路1号", receiver="李建国", channel="短信 138")
    lead.refresh_from_db()
    assert lead.first_handler == town.sun and lead.address["channel"] == "短信 138"
