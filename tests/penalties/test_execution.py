"""After the decision: time to pay, extra fine, reminder, court, own power, self-correction; and why each is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sanbao.core import clock
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.penalties import services
from sanbao.penalties.models import CaseDeadline
from sanbao.penalties.services import periods
from tests.penalties.conftest import SIGNED
from tests.penalties.test_entry import lead, punish, spot
from tests.penalties.test_procedure import codes, forms_of, period

__all__ = ["lead", "spot"]
DONE = {"duties_done": True, "goods_disposed": True, "correction_rechecked": True}


@pytest.fixture
def served(hands, case):
    """An ordinary decision of 300 yuan, served on day 30."""
    hands.to_decided()
    hands.decision_served(days=30)
    return case


@pytest.fixture
def overdue(spot, lead):
    """A penalty on the spot of 100 yuan whose time to pay has run out."""
    punish(spot)
    spot.step("lapse", days=25)
    return lead


@pytest.fixture
def urged(overdue, spot):
    """Reminded on day 26, the reminder served on day 27."""
    spot.step("remind", days=26)
    services.serve_reminder(overdue, mode="direct", proof=SIGNED, by=spot.town.liu, at=spot.at(27))
    return overdue


def day(hands, days):
    return clock.local_day(hands.at(days))


def postpone(hands, days=35, by=None, **changes):
    parts = ((day(hands, 50), Decimal(100)), (day(hands, 80), Decimal(200)))
    given = {"applied_at": hands.at(days), "reason": "家庭困难", "schedule": parts, **changes}
    return hands.step("postpone", by=by or hands.town.zhao, days=days, **given)


def test_time_to_pay_is_granted_by_the_head_with_a_schedule_that_fits(served, hands, town):
    with pytest.raises(Forbidden):
        postpone(hands, by=town.liu)
    with pytest.raises(Refusal) as refusal:
        postpone(hands, applied_at=None)
    assert codes(refusal) == {"hardship_granted"}
    for wrong in (((day(hands, 50), Decimal(299)),), ((day(hands, 30), Decimal(300)),)):
        with pytest.raises(Malformed):
            postpone(hands, schedule=wrong)
    postpone(hands)
    assert served.instalments.count() == 2 and "D-27" in forms_of(served)
    assert period(served, "DL-08").met_at and period(served, "DL-15I").met_at is None


def test_instalments_in_time_owe_no_extra_fine_and_the_case_lapses_only_after_the_last(served, hands, town):
    postpone(hands)
    services.record_payment(served, amount=Decimal(100), paid_on=day(hands, 50), receipt_no="P1", by=town.liu, at=hands.at(50))
    with pytest.raises(Refusal) as refusal:
        hands.step("lapse", days=70)
    assert codes(refusal) == {"unperformed"}
    with pytest.raises(Refusal):
        services.record_payment(served, amount=Decimal(50), paid_on=day(hands, 60), receipt_no="P1", by=town.liu, at=hands.at(60))
    hands.step("pay", days=79, amount=Decimal(200), paid_on=day(hands, 79), receipt_no="P2")
    assert sum(row.extra for row in served.payments.all()) == 0
    hands.step("close", by=town.zhao, days=80, **DONE)


def test_after_the_last_instalment_the_extra_fine_runs_on_what_is_open(served, hands, town):
    postpone(hands)
    services.record_payment(served, amount=Decimal(100), paid_on=day(hands, 50), receipt_no="P1", by=town.liu, at=hands.at(50))
    hands.step("lapse", days=81)
    with pytest.raises(Refusal) as refusal:
        hands.step("pay", days=90, amount=Decimal(200), paid_on=day(hands, 90), receipt_no="P2")
    assert codes(refusal) == {"paid_in_full"}
    hands.step("pay", days=90, amount=Decimal(260), paid_on=day(hands, 90), receipt_no="P2")
    assert served.payments.last().extra == Decimal(60)  # ten days of three per cent on 200 yuan


def test_the_time_to_pay_does_not_lapse_early(served, hands):
    with pytest.raises(Refusal) as refusal:
        hands.step("lapse", days=32)
    assert codes(refusal) == {"unperformed"}


def test_the_reminder_names_fine_and_extra_fine_and_its_time_runs_from_service(overdue, spot, town):
    spot.step("remind", days=26)
    row = overdue.reminders.get()
    until = period(overdue, "DL-08").last_on
    assert row.extra == 3 * (day(spot, 26) - until).days
    assert "D-29" in forms_of(overdue) and not CaseDeadline.objects.filter(case=overdue, rule="DL-12").exists()
    with pytest.raises(Refusal) as refusal:
        spot.step("apply_court", by=town.zhao, days=70, **COURT)
    assert codes(refusal) == {"court_open"}
    services.serve_reminder(overdue, mode="direct", proof=SIGNED, by=town.liu, at=spot.at(27))
    assert period(overdue, "DL-12").starts_at == spot.at(27)
    with pytest.raises(Refusal):
        services.serve_reminder(overdue, mode="direct", proof=SIGNED, by=town.liu, at=spot.at(28))


def test_no_reminder_while_a_remedy_stops_the_extra_fine(overdue, spot, town):
    services.record_remedy(overdue, kind="reconsideration", filed_at=spot.at(26), by=town.liu, at=spot.at(26))
    with pytest.raises(Refusal) as refusal:
        spot.step("remind", days=27)
    assert codes(refusal) == {"extra_fine_lawful"}


COURT = {"head_signed": True, "sealed": True, "opinion_and_reminder": True, "object_information": True}


def test_a_statement_against_the_reminder_bars_the_court_until_it_is_answered(urged, spot, town):
    with pytest.raises(Refusal) as refusal:
        spot.step("answer_reminder", days=28, adopted=False, text="…")
    assert codes(refusal) == {"reminder_answered"}
    services.record_reminder_statement(urged, text="已经整改，请求免除。", received_at=spot.at(28), by=town.liu, at=spot.at(28))
    with pytest.raises(Refusal) as refusal:
        spot.step("apply_court", by=town.zhao, days=65, **COURT)
    assert "statements_settled" in codes(refusal)
    spot.step("answer_reminder", days=30, adopted=False, text="加处罚款依法计算。")
    assert forms_of(urged)[-1] == "D-18"
    spot.step("apply_court", by=town.zhao, days=65, **COURT)


def test_the_court_is_asked_only_in_its_window_with_whole_papers(urged, spot, town):
    with pytest.raises(Refusal) as refusal:
        spot.step("apply_court", by=town.zhao, days=40, **COURT)
    assert codes(refusal) == {"court_open"}
    with pytest.raises(Refusal) as refusal:
        spot.step("apply_court", by=town.zhao, days=65, **{**COURT, "sealed": None})
    assert codes(refusal) == {"court_open"}
    spot.step("apply_court", by=town.zhao, days=65, **COURT)
    assert {"D-33", "D-33L"} <= set(forms_of(urged))


def test_a_ruling_leads_on_and_a_refusal_closes_with_a_time_to_object(urged, spot, town):
    spot.step("apply_court", by=town.zhao, days=65, **COURT)
    for name, code in (("grant_enforcement", "court_ruled"), ("refuse_enforcement", "court_refused")):
        with pytest.raises(Refusal) as refusal:
            spot.step(name, days=80, ruled_at=spot.at(80))
        assert codes(refusal) == {code}
    spot.step("refuse_enforcement", days=80, ruling="refused", ruled_at=spot.at(80), document="（2026）望行审3号")
    urged.refresh_from_db()
    assert urged.state == "closed" and urged.due_rule == "DL-28"


def test_a_granted_enforcement_is_enforced(urged, spot, town):
    spot.step("apply_court", by=town.zhao, days=65, **COURT)
    spot.step("grant_enforcement", days=80, ruling="granted", ruled_at=spot.at(80), document="（2026）望行审3号")
    urged.refresh_from_db()
    assert urged.state == "enforced"


def substitute(hands, days=45, **changes):
    given = {
        "enforce_as": "substitute",
        "enforce_at": hands.at(days),
        "power_from_law": True,
        "written_decision": True,
        "cuts_utilities": False,
        "substitute_ground": True,
        "budget": Decimal(200),
        "performer": "望桥环卫公司",
        "reason": "杂物危害交通安全，逾期未清除",
    }
    return hands.step("enforce", by=hands.town.zhao, days=days, **{**given, **changes})


def test_substitute_performance_waits_for_its_own_reminder(urged, spot, town):
    with pytest.raises(Refusal) as refusal:
        substitute(spot)
    assert codes(refusal) == {"substitute_ripe"}
    services.remind_substitute(urged, duty="清除堆放的杂物", by=town.liu, at=spot.at(40))
    services.serve_reminder(urged, mode="direct", proof=SIGNED, by=town.liu, at=spot.at(41))
    with pytest.raises(Refusal):
        substitute(spot, days=42)
    for changes, code in (
        ({"power_from_law": None}, "own_power"),
        ({"written_decision": None}, "own_power"),
        ({"enforce_at": spot.at(48.5)}, "not_by_night"),
        ({"cuts_utilities": None}, "no_utilities_cut"),
        ({"enforce_as": "removal"}, "removal_ripe"),
        ({"budget": None}, "substitute_ripe"),
    ):
        with pytest.raises(Refusal) as refusal:
            substitute(spot, days=48, **changes)
        assert codes(refusal) == {code}
    substitute(spot, days=48)
    urged.refresh_from_db()
    assert urged.state == "enforced" and {"D-32U", "D-32"} <= set(forms_of(urged))


def test_a_decision_that_was_never_published_has_nothing_to_withdraw(served, hands, town):
    case = served
    hands.step("revoke", by=town.zhao, days=33, reason="主体认定有误")
    assert not CaseDeadline.objects.filter(case=case, rule="DL-16").exists()


def test_the_withdrawal_of_a_publication_has_its_deadline(hands, town, case):
    hands.write(social_impact=True)
    hands.step("file", by=town.zhao, days=2)
    hands.propose(days=3)
    hands.step("report", days=4)
    hands.step("notify", days=7)
    hands.serve_notice()
    hands.step("pass_review", days=28)
    hands.step("decide", by=town.zhao, days=29, sealed=True)
    hands.decision_served(days=30)
    periods.note_published(case, hands.at(31))
    hands.step("revoke", by=town.zhao, days=33, reason="主体认定有误")
    case.refresh_from_db()
    assert case.due_rule == "DL-16" and period(case, "DL-16").starts_at == hands.at(33)
    periods.note_withdrawn(case, hands.at(34))
    case.refresh_from_db()
    assert case.due_at is None


def test_an_upheld_reconsideration_opens_the_time_to_sue(served, hands, town):
    services.record_remedy(served, kind="reconsideration", filed_at=hands.at(31), by=town.liu, at=hands.at(31))
    ended = hands.at(60)
    services.end_remedy(served, outcome="upheld", document="望复决字〔2026〕3号", ended_at=ended, by=town.liu, at=ended)
    assert period(served, "DL-19").last_on >= clock.local_day(ended) + timedelta(days=15)


def test_a_penalty_on_the_spot_is_revoked_under_its_own_number(spot, lead, town):
    punish(spot)
    number = lead.papers.get(form="D-24").document.number
    spot.step("revoke", by=town.zhao, days=3, reason="事实认定有误")
    assert lead.papers.get(form="D-35").document.facts["decision"] == number
    assert not CaseDeadline.objects.filter(case=lead, rule="DL-08", met_at__isnull=True).exists()


def test_a_changed_decision_is_annulled_and_a_pending_remedy_bars_the_court(urged, spot, town):
    filed = {"kind": "reconsideration", "filed_at": spot.at(40), "by": town.liu, "at": spot.at(40)}
    services.record_remedy(urged, **filed)
    with pytest.raises(Refusal) as refusal:
        spot.step("apply_court", by=town.zhao, days=65, **COURT)
    assert {"court_open", "extra_fine_lawful"} <= codes(refusal)
    ended = spot.at(70)
    services.end_remedy(urged, outcome="changed", document="望复决字〔2026〕5号", ended_at=ended, by=town.liu, at=ended)
    spot.step("annul", by=town.zhao, days=71, reason="复议决定变更")
    urged.refresh_from_db()
    assert urged.state == "revoked"
