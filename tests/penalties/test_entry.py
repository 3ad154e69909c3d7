"""From a finding to a case: the check, the order, the penalty on the spot, referral, crime, suspension; and why each is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sanbao.core import files
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Entry
from sanbao.penalties import services
from sanbao.penalties.models import CaseDeadline
from sanbao.problems import services as problems
from sanbao.problems.services import Proof
from tests.penalties.conftest import Hands
from tests.penalties.test_procedure import actions_of, codes, forms_of, period
from tests.problems.conftest import SWORN, jpeg

REASON = "经核查，依法处理。"


@pytest.fixture
def lead(town, finding):
    """A case opened from the finding alone, for an act that may be penalised without an order before it."""
    at = town.at + timedelta(hours=1)
    return services.open_lead(finding, violation="V05", conduct_on=town.at.date(), second=town.chen, by=town.liu, at=at)


@pytest.fixture
def spot(town, lead):
    """The hands on that case, with facts, verified evidence and a small fine proposed."""
    hands = Hands(town, lead)
    hands.write(days=0.01)
    hands.propose("100", days=0.02)
    return hands


def punish(hands, days=0.05, mode="on_the_spot", proof=None, **changes):
    at = hands.at(days)
    proof = proof or Proof(recipient="李建国", signed=True)
    delivery = services.proposed_service(hands.case, mode=mode, proof=proof, by=hands.town.liu, at=at)
    given = {"facts_certain": True, "told_at": at, "defence_heard": True, "delivery": delivery, **changes}
    return hands.step("punish_on_spot", days=days, **given)


def test_a_lead_has_its_photos_on_the_desk_and_a_time_to_verify_it(lead, finding, town):
    assert (lead.state, lead.order, lead.finding) == ("lead", None, finding)
    assert list(lead.evidence.values_list("kind", flat=True)) == ["electronic"]
    assert period(lead, "DL-23").met_at is None
    with pytest.raises(Refusal) as refusal:
        services.open_lead(finding, violation="V05", conduct_on=town.at.date(), second=town.chen, by=town.liu, at=town.at)
    assert codes(refusal) == {"known"}


def test_two_certified_officers_open_a_lead_and_nobody_alone(finding, town):
    for second in (town.liu, town.gridworker):
        with pytest.raises(Malformed):
            services.open_lead(finding, violation="V05", conduct_on=town.at.date(), second=second, by=town.liu, at=town.at)
    with pytest.raises(Forbidden):
        services.open_lead(finding, violation="V05", conduct_on=town.at.date(), second=town.chen, by=town.dispatcher, at=town.at)


def test_a_patrol_is_checked_with_the_record_of_the_scene(spot, lead):
    spot.step("check", days=0.1, activity="patrol", text="餐桌占用盲道。")
    assert forms_of(lead) == ["D-03"] and period(lead, "DL-23").met_at is not None
    assert actions_of(lead)[-1] == "case.verified"


def test_an_inspection_needs_its_approval_its_notice_and_its_cap(spot, lead):
    for lacking in ({}, {"activity": "inspection"}):
        with pytest.raises(Refusal) as refusal:
            spot.step("check", days=0.1, **lacking)
        assert codes(refusal) == {"orderly_inspection"}
    whole = {"approved_at": spot.at(0.05), "approver": "赵刚", "notified": True, "item_published": True, "done_this_year": 1}
    with pytest.raises(Refusal):
        spot.step("check", days=0.1, activity="inspection", cap=1, **whole)
    spot.step("check", days=0.1, activity="inspection", cap=2, **whole)
    assert forms_of(lead) == ["D-01", "D-02", "D-03"]


def test_an_order_is_written_from_the_case_and_its_failure_leads_on(spot, lead, town):
    spot.step("check", days=0.1, activity="patrol")
    with pytest.raises(Refusal) as refusal:
        spot.step("order_correction", days=0.2, requirement="收回餐桌", reasonable=True)
    assert codes(refusal) == {"order_issued"}
    spot.step("order_correction", days=0.2, requirement="收回餐桌", correct_by=spot.at(1), reasonable=True)
    lead.refresh_from_db()
    order = lead.order
    problems.serve_order(order, mode="direct", proof=Proof(recipient="李建国", signed=True), by=town.liu, at=spot.at(0.3))
    for name, code in (("fail_correction", "order_not_corrected"), ("accept_correction", "order_corrected")):
        with pytest.raises(Refusal) as refusal:
            spot.step(name, days=0.5)
        assert codes(refusal) == {code}
    recheck(town, order, spot.at(2), passed=False)
    assert services.propose_from_order(Entry.objects.get(action="order.failed")) == lead
    spot.step("fail_correction", days=2.1)
    lead.refresh_from_db()
    assert lead.state == "rechecked" and lead.evidence.filter(kind="scene_record").exists()


def recheck(town, order, at, *, passed):
    seen = files.store_photo(jpeg("brown"), by=town.sun, at=at)
    problems.recheck(order, passed=passed, photos=[seen], second=town.chen, declared=SWORN, note="复查", by=town.sun, at=at)


def test_a_corrected_act_ends_without_a_penalty(spot, lead, town):
    spot.step("check", days=0.1, activity="patrol")
    spot.step("order_correction", days=0.2, requirement="收回餐桌", correct_by=spot.at(1), reasonable=True)
    lead.refresh_from_db()
    problems.serve_order(lead.order, mode="direct", proof=Proof(recipient="李建国", signed=True), by=town.liu, at=spot.at(0.3))
    recheck(town, lead.order, spot.at(2), passed=True)
    spot.step("accept_correction", days=2.1)
    lead.refresh_from_db()
    assert lead.state == "no_action"


def test_a_small_certain_act_is_penalised_on_the_spot(spot, lead):
    punish(spot)
    lead.refresh_from_db()
    assert (lead.state, lead.procedure) == ("served", "simple")
    assert forms_of(lead) == ["D-24", "D-26"]
    told = lead.papers.get(form="D-24").document.facts
    assert "先" in told["remedies"] and "示例区人民政府" in told["remedies"] and "六个月" not in told["remedies"]
    assert "壹佰元整" in str(told["sanction"])
    assert set(CaseDeadline.objects.filter(case=lead, met_at__isnull=True).values_list("rule", flat=True)) >= {"DL-08", "DL-14S"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"defence_heard": None}, "told_on_the_spot"),
        ({"facts_certain": False}, "fit_for_the_spot"),
        ({"proof": Proof(recipient="李建国")}, "service_proven"),
        ({"cash_reason": "small"}, "cash_allowed"),
    ],
)
def test_the_spot_is_refused_without_its_conditions(spot, changes, code):
    with pytest.raises(Refusal) as refusal:
        punish(spot, **changes)
    assert codes(refusal) == {code}


def test_a_fine_above_the_limit_of_the_spot_or_of_cash_is_refused(spot):
    spot.propose("150", days=0.03)
    with pytest.raises(Refusal) as refusal:
        punish(spot, cash_reason="small", receipt_no="X1")
    assert codes(refusal) == {"cash_allowed"}
    spot.propose("201", days=0.04)
    with pytest.raises(Refusal) as refusal:
        punish(spot)
    assert codes(refusal) == {"fit_for_the_spot", "in_range"}


def test_cash_is_handed_in_and_the_spot_reported_before_the_case_closes(spot, lead, town):
    punish(spot, cash_reason="small", receipt_no="X1")
    paid = lead.payments.get()
    assert (paid.amount, paid.cash, paid.receipt_no) == (Decimal(100), True, "X1")
    services.hand_in_cash(lead, to_bank=False, by=town.liu, at=spot.at(1))
    assert period(lead, "DL-09").met_at and period(lead, "DL-09B").met_at is None
    services.hand_in_cash(lead, to_bank=True, by=town.liu, at=spot.at(2))
    with pytest.raises(Refusal):
        services.hand_in_cash(lead, to_bank=True, by=town.liu, at=spot.at(2))
    done = {"duties_done": True, "goods_disposed": True, "correction_rechecked": True}
    with pytest.raises(Refusal) as refusal:
        spot.step("close", by=town.zhao, days=3, **done)
    assert codes(refusal) == {"duties_done"}
    services.report_on_spot(lead, by=town.liu, at=spot.at(3))
    with pytest.raises(Refusal):
        services.report_on_spot(lead, by=town.liu, at=spot.at(3))
    spot.step("close", by=town.zhao, days=4, **done)


def test_a_competent_agency_does_not_refer_a_case_away(spot, lead, town):
    with pytest.raises(Refusal) as refusal:
        spot.step("refer", reason=REASON, receiver="邻区城市管理局")
    assert codes(refusal) == {"not_competent"}
    services.record_facts(lead, conduct_in_area=False, by=town.liu, at=spot.at(1))
    with pytest.raises(Refusal):
        spot.step("refer", reason=REASON)
    spot.step("refer", reason=REASON, receiver="邻区城市管理局")
    lead.refresh_from_db()
    assert lead.state == "referred" and forms_of(lead) == ["D-34T"]


def test_a_minor_act_is_answered_with_education(spot, lead, town):
    with pytest.raises(Refusal) as refusal:
        spot.step("educate", reason=REASON)
    assert codes(refusal) == {"spared"}
    lenient = {"minor": True, "corrected_in_time": True, "harmless": True, "educated": True}
    services.record_facts(lead, by=town.liu, at=spot.at(1), **lenient)
    spot.step("educate", reason=REASON)
    lead.refresh_from_db()
    assert lead.state == "no_penalty" and forms_of(lead) == ["D-21"]


def test_a_suspected_crime_is_transferred_by_the_head_and_comes_back_on_paper(hands, town, case):
    hands.to_filed()
    whole = {"team": (town.liu, town.chen), "documents_complete": True, "reason": "涉嫌妨害公务", "receiver": "望桥区公安分局"}
    with pytest.raises(Forbidden):
        hands.step("transfer_crime", days=3, **whole)
    for lacking in ({"team": (town.liu, town.liu)}, {"documents_complete": None}):
        with pytest.raises(Refusal) as refusal:
            hands.step("transfer_crime", by=town.zhao, days=3, **{**whole, **lacking})
        assert codes(refusal) == {"crime_team"}
    hands.step("transfer_crime", by=town.zhao, days=3, **whole)
    assert "D-34C" in forms_of(case) and period(case, "DL-25").met_at is None
    with pytest.raises(Refusal) as refusal:
        hands.step("return_crime", days=5)
    assert codes(refusal) == {"crime_returned"}
    hands.step("return_crime", days=5, document="公不立字〔2026〕8号")
    case.refresh_from_db()
    assert case.state == "filed"
    hands.step("transfer_crime", by=town.zhao, days=6, **whole)
    with pytest.raises(Refusal):
        hands.step("end_crime", by=town.zhao, days=9)
    hands.step("end_crime", by=town.zhao, days=9, reason="已由公安机关立案")
    case.refresh_from_db()
    assert case.state == "closed"


def test_days_of_a_suspension_do_not_count_for_the_time_to_decide(hands, town, case):
    hands.to_filed()
    before = period(case, "DL-05").last_on
    with pytest.raises(Refusal) as refusal:
        hands.step("suspend", by=town.zhao, days=3)
    assert codes(refusal) == {"reasoned"}
    hands.step("suspend", by=town.zhao, days=3, reason="等待鉴定")
    hands.step("resume", by=town.zhao, days=13)
    assert (period(case, "DL-05").last_on - before).days == 10
    hands.step("terminate", by=town.zhao, days=14, reason="当事人死亡")
    case.refresh_from_db()
    assert case.state == "closed"
