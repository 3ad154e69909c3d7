"""The hearing: offered where the sum demands it, called with clear days, held by an impartial chair, then reviewed."""

import pytest

from sanbao.core.errors import Malformed, Refusal
from sanbao.penalties import services
from sanbao.penalties.models import CaseDeadline, Hearing
from tests.penalties.conftest import SIGNED
from tests.penalties.test_procedure import codes, forms_of


@pytest.fixture
def requested(hands, town, case):
    """A notice with the right to a hearing, served on day 8, and a request on day 10."""
    hands.to_noticed()
    notice = case.notices.get()
    notice.hearing_offered = True  # the sum alone would not demand it here; an agency may always offer one
    notice.save()
    hands.serve_notice(days=8)
    hands.step("request_hearing", days=10, received_at=hands.at(10))
    return case


def call(hands, town, days=20, **changes):
    given = {
        "scheduled_at": hands.at(40),
        "place": "执法局二楼会议室",
        "chair": town.qian,
        "chair_conflict": False,
        "public": True,
    }
    return services.call_hearing(hands.case, by=town.zhao, at=hands.at(days), **{**given, **changes})


def hold(hands, days=40, **changes):
    given = {"held_at": hands.at(days), "record_signed": True, "text": "当事人陈述：愿意改正，请求从轻。"}
    return hands.step("hold_hearing", days=days, **{**given, **changes})


def test_a_request_in_time_opens_a_hearing_and_bars_the_decision(requested, hands):
    requested.refresh_from_db()
    assert requested.state == "hearing"
    assert CaseDeadline.objects.get(case=requested, rule="DL-02").met_at == hands.at(10)
    with pytest.raises(Refusal):
        hands.step("pass_review", days=30)


def test_a_request_after_its_time_is_refused(hands, town, case):
    hands.to_noticed()
    notice = case.notices.get()
    notice.hearing_offered = True
    notice.save()
    hands.serve_notice(days=8)
    with pytest.raises(Refusal) as refusal:
        hands.step("request_hearing", days=28, received_at=hands.at(28))
    assert codes(refusal) == {"requested_in_time"}


def test_where_no_hearing_was_offered_none_can_be_requested(hands):
    hands.to_noticed()
    hands.serve_notice()
    with pytest.raises(Refusal) as refusal:
        hands.step("request_hearing", days=9, received_at=hands.at(9))
    assert codes(refusal) == {"requested_in_time"}


def test_a_hearing_called_served_and_held_leads_to_the_review(requested, hands, town):
    call(hands, town)
    services.serve_hearing_notice(requested, mode="direct", proof=SIGNED, by=town.liu, at=hands.at(21))
    hold(hands)
    requested.refresh_from_db()
    assert requested.state == "heard"
    assert [form for form in forms_of(requested) if form.startswith("D-19")] == ["D-19", "D-19R"]
    with pytest.raises(Refusal) as refusal:  # after a hearing the legal review is a must
        hands.step("pass_review", days=41)
    assert codes(refusal) == {"legally_reviewed"}
    services.review_draft(requested, passed=True, reasons="听证意见已逐项核实。", by=town.qian, at=hands.at(42))
    hands.step("pass_review", days=43)


def test_without_served_notice_or_clear_days_the_hearing_is_not_held(requested, hands, town):
    call(hands, town, scheduled_at=hands.at(24))
    with pytest.raises(Refusal) as refusal:
        hold(hands, days=24)
    assert "hearing_announced" in codes(refusal)
    services.serve_hearing_notice(requested, mode="direct", proof=SIGNED, by=town.liu, at=hands.at(21))
    with pytest.raises(Refusal) as refusal:
        hold(hands, days=24)
    assert codes(refusal) == {"hearing_announced"}


def test_an_investigator_does_not_chair(requested, hands, town):
    call(hands, town, chair=town.chen)
    services.serve_hearing_notice(requested, mode="direct", proof=SIGNED, by=town.liu, at=hands.at(21))
    with pytest.raises(Refusal) as refusal:
        hold(hands)
    assert codes(refusal) == {"impartial_chair"}


def test_an_unsigned_record_is_no_record(requested, hands, town):
    call(hands, town)
    services.serve_hearing_notice(requested, mode="direct", proof=SIGNED, by=town.liu, at=hands.at(21))
    for changes in ({"record_signed": False}, {"text": ""}):
        with pytest.raises(Refusal) as refusal:
            hold(hands, **changes)
        assert codes(refusal) == {"hearing_recorded"}


def test_a_withdrawn_request_leads_back_to_the_notice(requested, hands, case):
    hands.step("withdraw_hearing", days=12, received_at=hands.at(12))
    case.refresh_from_db()
    assert case.state == "noticed"
    hands.step("pass_review", days=28)


def test_a_call_names_everything_or_is_refused(requested, hands, town):
    for wrong in ({"place": " "}, {"scheduled_at": hands.at(1)}, {"public": False}):
        with pytest.raises(Malformed):
            call(hands, town, **wrong)
    assert Hearing.objects.get().document is None
