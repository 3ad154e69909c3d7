"""The ordinary procedure from the failed order to its end, and every way in which it must not go."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sanbao.core import clock, documents
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Entry, IssuedDocument
from sanbao.penalties import services
from sanbao.penalties.models import Case, CaseDeadline, CaseDocument, StepTaken
from sanbao.problems.services import Proof


def codes(refusal) -> set[str]:
    return {reason.code for reason in refusal.value.reasons}


def actions_of(case) -> list[str]:
    return list(Entry.objects.filter(subject=f"penalties.case:{case.pk}").order_by("id").values_list("action", flat=True))


def forms_of(case) -> list[str]:
    return list(CaseDocument.objects.filter(case=case).values_list("form", flat=True))


def period(case, rule: str) -> CaseDeadline:
    return CaseDeadline.objects.get(case=case, rule=rule)


def test_a_failed_order_proposes_a_case_with_its_evidence_on_the_desk(case, failed, town):
    assert case.state == "rechecked"
    assert case.number == "望执案〔2026〕0001号"
    assert (case.merchant, case.violation, case.conduct_on) == (town.noodle_shop, "V02", date(2026, 9, 21))
    kinds = sorted(case.evidence.values_list("kind", flat=True))
    assert kinds == ["documentary", "documentary", "electronic", "electronic", "scene_record"]
    assert not case.evidence.filter(verified=True).exists()
    assert actions_of(case) == ["case.proposed"]


def test_the_same_news_twice_gives_one_case(case, failed):
    assert services.propose_from_order(failed) == case
    assert Case.objects.count() == 1


def test_from_the_failed_order_to_the_closed_case(hands, town, case):
    hands.to_decided()
    hands.decision_served()
    hands.step("pay", days=33, amount=Decimal(300), paid_on=clock.local_day(hands.at(33)), receipt_no="20261026-1")
    done = {"duties_done": True, "goods_disposed": True, "correction_rechecked": True}
    hands.step("close", by=town.zhao, days=40, **done)
    case.refresh_from_db()
    assert case.state == "closed"
    assert forms_of(case) == ["D-07", "D-15", "D-16", "D-26", "D-23", "D-26", "D-28", "D-36"]
    moves = [action for action in actions_of(case) if action in {f"case.{state}" for state in Case.State.values}]
    assert moves == [
        f"case.{state}" for state in ("filed", "reported", "noticed", "reviewed", "decided", "served", "paid", "closed")
    ]
    steps = StepTaken.objects.filter(case=case)
    assert [row.step for row in steps] == [
        "propose",
        "file",
        "report",
        "notify",
        "pass_review",
        "decide",
        "serve",
        "pay",
        "close",
    ]
    assert case.due_at is None


def test_the_decision_prints_what_the_law_demands(hands, case):
    hands.to_decided()
    paper = case.papers.get(form="D-23").document
    words = str(paper.facts)
    for part in (
        "叁佰元整",
        "六十日",
        "示例区人民政府",
        "六个月",
        "示例区人民法院",
        "十五日",
        "百分之三",
        "望执罚告字〔2026〕0001号",
        "示例市",
    ):
        assert part in words
    assert paper.number == "望执罚决字〔2026〕0001号"
    assert documents.pdf_bytes(paper).startswith(b"%PDF")


def test_a_step_keeps_the_facts_it_was_judged_by(hands, case):
    hands.to_filed()
    kept = StepTaken.objects.get(case=case, step="file")
    assert kept.facts["established"] is True
    assert kept.facts["local"] == "示例市示例区（虚构）"
    assert len(kept.facts["officers"]) == 2
    assert (kept.from_state, kept.to_state) == ("rechecked", "filed")


def test_a_case_is_not_filed_without_the_answers_and_all_gaps_are_named_at_once(hands, town, case):
    with pytest.raises(Refusal) as refusal:
        hands.step("file", by=town.zhao)
    assert codes(refusal) == {"no_conflict", "in_limitation", "standard_met"}
    case.refresh_from_db()
    assert case.state == "rechecked" and not forms_of(case)


@pytest.mark.parametrize("name", ["dispatcher", "leader", "clerk", "gridworker", "qian"])
def test_nobody_but_the_bureau_takes_a_legal_step(hands, town, name):
    hands.write()
    with pytest.raises(Forbidden):
        hands.step("file", by=getattr(town, name))


def test_an_officer_cannot_approve_the_filing(hands, town):
    hands.write()
    with pytest.raises(Forbidden):
        hands.step("file", by=town.liu)


def test_only_the_investigators_write_into_the_case(hands, town, case):
    with pytest.raises(Refusal) as refusal:
        services.record_facts(case, by=town.sun, at=town.at, established=True)
    assert codes(refusal) == {"not_yours"}


def test_an_answer_of_the_wrong_shape_is_refused(hands, town, case):
    for wrong in ({"established": "yes"}, {"capacity": "some"}, {"height": True}):
        with pytest.raises(Malformed):
            services.record_facts(case, by=town.liu, at=town.at, **wrong)


def test_without_local_decisions_nothing_is_punished_and_who_must_decide_is_named(hands, town):
    hands.to_filed()
    hands.propose()
    town.district.law_file = "local.toml"
    town.district.save()
    with pytest.raises(Refusal) as refusal:
        hands.step("report", days=4)
    assert {"granted", "grounded", "in_range"} <= codes(refusal)
    assert any("provincial government" in str(reason.params.get("who")) for reason in refusal.value.reasons)


def test_a_fine_above_the_range_is_refused(hands):
    hands.to_filed()
    hands.propose("1001", days=3)
    with pytest.raises(Refusal) as refusal:
        hands.step("report", days=4)
    assert codes(refusal) == {"in_range"}


def test_unverified_evidence_proves_nothing(hands, case):
    hands.to_filed()
    hands.propose(days=3)
    case.evidence.update(verified=None)
    with pytest.raises(Refusal) as refusal:
        hands.step("report", days=4)
    assert codes(refusal) == {"proven"}


def test_the_checklist_of_leniency_stops_a_penalty_where_the_act_was_minor_and_corrected(hands):
    hands.write(minor=True, corrected_in_time=True, harmless=True)
    hands.step("file", by=hands.town.zhao, days=2)
    hands.propose(days=3)
    with pytest.raises(Refusal) as refusal:
        hands.step("report", days=4)
    assert codes(refusal) == {"leniency_considered"}


def test_no_penalty_ends_with_its_own_decision(hands, town, case):
    hands.write(minor=True, corrected_in_time=True, harmless=True, educated=True)
    hands.step("file", by=town.zhao, days=2)
    hands.step("waive", by=town.zhao, days=5, reason="违法行为轻微并及时改正，没有造成危害后果。")
    case.refresh_from_db()
    assert case.state == "no_penalty"
    assert case.papers.get(form="D-20").document.number == "望执不罚决字〔2026〕0001号"
    assert period(case, "DL-05").met_at is not None


def test_a_lead_that_is_not_established_is_dropped_with_a_reason(hands, case):
    with pytest.raises(Refusal) as refusal:
        hands.step("drop", reason=" ")
    assert codes(refusal) == {"reasoned"}
    hands.step("drop", reason="经核实，餐桌不属于当事人。")
    case.refresh_from_db()
    assert case.state == "no_action"


def test_the_defence_window_runs_from_the_proof_of_service_and_not_before(hands, case):
    hands.to_noticed()
    assert not CaseDeadline.objects.filter(case=case, rule="DL-01").exists()
    hands.serve_notice(days=8)
    window = period(case, "DL-01")
    assert window.starts_at == hands.at(8)
    # served on 1 October 2026 at 10:00: the holiday and its make-up days are not working days of the window
    assert window.last_on == date(2026, 10, 13)
    case.refresh_from_db()
    assert case.due_rule in {"DL-01", "DL-05"}


def test_no_decision_while_the_window_runs_or_without_service(hands, case):
    hands.to_noticed()
    with pytest.raises(Refusal) as refusal:
        hands.step("pass_review", days=28)
    assert codes(refusal) == {"noticed_and_heard"}
    hands.serve_notice(days=8)
    with pytest.raises(Refusal):
        hands.step("pass_review", days=10)
    hands.step("pass_review", days=28)


def test_a_written_waiver_ends_the_window(hands, town, case):
    hands.to_noticed()
    with pytest.raises(Refusal):
        services.record_waiver(case, defence=True, hearing=False, by=town.liu, at=hands.at(9))
    hands.serve_notice(days=8)
    services.record_waiver(case, defence=True, hearing=False, by=town.liu, at=hands.at(9))
    hands.step("pass_review", days=9)
    assert period(case, "DL-01").met_at == hands.at(9)


def test_a_notice_without_a_signature_is_not_served(hands):
    hands.to_noticed()
    with pytest.raises(Refusal) as refusal:
        hands.serve_notice(proof=Proof(recipient="李建国"))
    assert codes(refusal) == {"service_proven"}


def test_a_defence_is_rechecked_before_anything_else(hands, town, case):
    hands.to_noticed()
    hands.serve_notice()
    hands.step("state_defence", days=9, text="当日为送货临时摆放。", received_at=hands.at(9))
    with pytest.raises(Refusal) as refusal:
        hands.step("pass_review", days=28)
    assert codes(refusal) == {"wrong_state"}
    with pytest.raises(Refusal):
        hands.step("recheck_defence", days=12, adopted=False, text="")
    hands.step("recheck_defence", days=12, adopted=False, text="监控与照片显示持续经营两日。")
    hands.step("pass_review", days=28)
    hands.step("decide", by=town.zhao, days=29, sealed=True)
    history = case.papers.get(form="D-23").document.facts["hearing_history"]
    assert "当日为送货临时摆放" in history and "不予采纳" in history
    assert "D-18" in forms_of(case)


def test_a_decision_heavier_than_the_notice_is_refused(hands, town):
    hands.to_noticed("300")
    hands.serve_notice()
    hands.propose("400", days=9)
    hands.step("pass_review", days=28)
    with pytest.raises(Refusal) as refusal:
        hands.step("decide", by=town.zhao, days=29, sealed=True)
    assert codes(refusal) == {"not_heavier"}


def test_a_difficult_case_needs_a_qualified_reviewer_who_does_not_handle_it(hands, town, case):
    hands.write(difficult=True)
    hands.step("file", by=town.zhao, days=2)
    hands.propose(days=3)
    hands.step("report", days=4)
    hands.step("notify", days=7)
    hands.serve_notice()
    with pytest.raises(Refusal) as refusal:
        hands.step("pass_review", days=28)
    assert codes(refusal) == {"legally_reviewed"}
    services.review_draft(case, passed=False, reasons="证据未说明经营者身份。", by=town.qian, at=hands.at(28))
    with pytest.raises(Refusal):
        hands.step("pass_review", days=28)
    services.review_draft(case, passed=True, reasons="事实清楚，程序合法。", by=town.qian, at=hands.at(28.5))
    hands.step("pass_review", days=29)
    assert forms_of(case).count("D-22") == 2


def test_only_the_head_decides_and_the_seal_is_asked_for(hands, town):
    hands.to_reviewed()
    with pytest.raises(Forbidden):
        hands.step("decide", by=town.liu, days=29, sealed=True)
    with pytest.raises(Refusal) as refusal:
        hands.step("decide", by=town.zhao, days=29)
    assert codes(refusal) == {"sealed"}


def test_a_late_decision_is_flagged_and_not_stopped(hands, town, case):
    hands.to_reviewed()
    hands.step("decide", by=town.zhao, days=120, sealed=True)
    assert [each["code"] for each in StepTaken.objects.get(case=case, step="decide").warnings] == ["in_time"]


def test_the_time_to_pay_runs_from_the_service_of_the_decision(hands, case):
    hands.to_decided()
    assert not CaseDeadline.objects.filter(case=case, rule="DL-08").exists()
    hands.decision_served(days=30)
    served = clock.local_day(hands.at(30))
    assert period(case, "DL-08").last_on >= served + timedelta(days=15)
    assert period(case, "DL-06").met_at is not None


def test_a_late_payment_owes_the_extra_fine_and_less_is_refused(hands, case):
    hands.to_decided()
    hands.decision_served(days=30)
    until = period(case, "DL-08").last_on
    paid_on = until + timedelta(days=10)
    days = (paid_on - clock.local_day(hands.began)).days + 1
    with pytest.raises(Refusal) as refusal:
        hands.step("pay", days=days, amount=Decimal(300), paid_on=paid_on, receipt_no="R1")
    assert codes(refusal) == {"paid_in_full"}
    hands.step("pay", days=days, amount=Decimal(390), paid_on=paid_on, receipt_no="R1")
    assert case.payments.get().extra == Decimal(90)


def test_a_case_with_an_unpaid_fine_is_not_closed(hands, town):
    hands.to_decided()
    hands.decision_served()
    with pytest.raises(Refusal) as refusal:
        hands.step("close", by=town.zhao, days=40, duties_done=True, goods_disposed=True, correction_rechecked=True)
    assert "duties_done" in codes(refusal)


def test_the_agency_revokes_its_own_decision_with_a_reason(hands, town, case):
    hands.to_decided()
    with pytest.raises(Refusal):
        hands.step("revoke", by=town.zhao, days=31)
    hands.step("revoke", by=town.zhao, days=31, reason="当事人身份认定有误")
    case.refresh_from_db()
    assert case.state == "revoked" and case.due_at is None
    assert "望执罚决字〔2026〕0001号" in case.papers.get(form="D-35").document.facts["decision"]


def test_two_people_cannot_take_the_same_step(hands, town, case):
    hands.write()
    stale = Case.objects.get(pk=case.pk)
    hands.step("file", by=town.zhao, days=2)
    with pytest.raises(Refusal) as refusal:
        services.take_step(stale, "file", by=town.zhao, at=hands.at(2))
    assert codes(refusal) == {"wrong_state"}
    assert IssuedDocument.objects.filter(kind="filing_approval").count() == 1


def test_a_refused_step_leaves_no_trace(hands, town, case):
    hands.to_reviewed()
    before = (actions_of(case), forms_of(case), IssuedDocument.objects.count())
    with pytest.raises(Refusal):
        hands.step("decide", by=town.zhao, days=29)
    assert (actions_of(case), forms_of(case), IssuedDocument.objects.count()) == before


def test_a_step_nobody_knows_is_an_error(hands):
    with pytest.raises(KeyError):
        hands.step("fly")
