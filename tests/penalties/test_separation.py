"""Who may not do what in one case: finders and recheckers, investigators, reviewers, chairs and deciders keep apart."""

import pytest

from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Certificate, Posting
from sanbao.penalties import services
from sanbao.problems import services as problems
from sanbao.problems.services import Proof
from tests.penalties.conftest import SIGNED
from tests.penalties.test_procedure import actions_of, codes
from tests.problems.conftest import SWORN, issue, serve


def make_head(person, town):
    """This officer also serves as deputy head of the bureau from today on."""
    Posting.objects.create(user=person, role="bureau_head", department=person.department, from_on=town.at.date())
    del person._postings_read


def change(hands, first, second, days=3, by=None, reason="工作调整"):
    return services.change_investigators(
        hands.case, first=first, second=second, reason=reason, by=by or hands.town.zhao, at=hands.at(days)
    )


def test_whoever_found_and_ordered_does_not_recheck_alone(town, finding, photo):
    order = issue(town, finding)
    serve(town, order)
    with pytest.raises(Refusal) as refusal:
        problems.recheck(
            order, passed=False, photos=[photo], second=town.chen, declared=SWORN, note="…", by=town.liu, at=order.correct_by
        )
    assert "another_rechecks" in codes(refusal)


def test_an_officer_outside_the_case_takes_no_step_of_it(hands, town):
    hands.to_filed()
    hands.propose(days=3)
    with pytest.raises(Refusal) as refusal:
        hands.step("report", by=town.sun, days=4)
    assert codes(refusal) == {"not_yours"}


def test_an_investigator_who_is_also_head_neither_approves_nor_decides(hands, town):
    hands.to_reviewed()
    make_head(town.liu, town)
    with pytest.raises(Refusal) as refusal:
        hands.step("decide", by=town.liu, days=29, sealed=True)
    assert codes(refusal) == {"approved_by_head"}


def test_a_former_investigator_does_not_decide_either(hands, town, case):
    hands.to_reviewed()
    change(hands, town.sun, town.chen, days=28.5)
    make_head(town.liu, town)
    with pytest.raises(Refusal) as refusal:
        hands.step("decide", by=town.liu, days=29, sealed=True)
    assert "approved_by_head" in codes(refusal)


def test_a_reviewer_does_not_decide(hands, town, case):
    hands.to_noticed()
    hands.serve_notice()
    services.review_draft(case, passed=True, reasons="同意。", by=town.qian, at=hands.at(28))
    hands.step("pass_review", days=28)
    make_head(town.qian, town)
    with pytest.raises(Refusal) as refusal:
        hands.step("decide", by=town.qian, days=29, sealed=True)
    assert codes(refusal) == {"reviewer_decides"}


def test_an_investigator_does_not_review_the_own_draft(hands, town, case):
    hands.to_noticed()
    hands.serve_notice()
    Posting.objects.create(user=town.liu, role="legal_reviewer", department=town.liu.department, from_on=town.at.date())
    del town.liu._postings_read
    services.review_draft(case, passed=True, reasons="同意。", by=town.liu, at=hands.at(28))
    with pytest.raises(Refusal) as refusal:
        hands.step("pass_review", days=28)
    assert codes(refusal) == {"legally_reviewed"}


def test_investigators_are_changed_by_the_head_and_declare_themselves_anew(hands, town, case):
    hands.to_filed()
    with pytest.raises(Forbidden):
        change(hands, town.sun, town.chen, by=town.liu)
    with pytest.raises(Malformed):
        change(hands, town.sun, town.sun)
    with pytest.raises(Malformed):
        change(hands, town.sun, town.chen, reason=" ")
    change(hands, town.sun, town.chen)
    case.refresh_from_db()
    assert case.first_handler == town.sun and case.former_handlers == [str(town.liu.pk)]
    assert "no_conflict" not in case.answers and actions_of(case)[-1] == "case.investigators_changed"
    with pytest.raises(Refusal) as refusal:
        services.record_facts(case, by=town.liu, at=hands.at(4), established=True)
    assert codes(refusal) == {"not_yours"}


def test_who_reviewed_or_approved_does_not_become_an_investigator(hands, town, case):
    hands.to_noticed()
    hands.serve_notice()
    services.review_draft(case, passed=True, reasons="同意。", by=town.qian, at=hands.at(28))
    Certificate.objects.create(
        user=town.qian, kind="enforcement", number="Q-1", from_on=town.at.date(), until_on=town.at.date().replace(year=2030)
    )
    for person in (town.qian, town.zhao):
        with pytest.raises(Refusal) as refusal:
            change(hands, person, town.chen, days=28)
        assert codes(refusal) == {"barred"}


def test_a_recusal_is_decided_by_the_head_and_stops_the_case_meanwhile(hands, town, case):
    hands.write(recusal_pending=True)
    with pytest.raises(Refusal) as refusal:
        hands.step("file", by=town.zhao, days=2)
    assert codes(refusal) == {"no_conflict"}
    with pytest.raises(Refusal) as refusal:
        services.record_facts(case, by=town.liu, at=hands.at(2), recusal_pending=False)
    assert codes(refusal) == {"recusal"}
    services.refuse_recusal(case, reason="不存在利害关系", by=town.zhao, at=hands.at(2))
    hands.step("file", by=town.zhao, days=2)


def test_electronic_service_rests_on_the_signed_confirmation_alone(hands, town, case):
    hands.to_noticed()
    told = Proof(recipient="李建国", consent=True, receipt="LOG-1")
    with pytest.raises(Refusal) as refusal:
        hands.serve_notice(mode="electronic", proof=told)
    assert codes(refusal) == {"service_proven"}
    services.confirm_address(
        case, address="柳荫路1号", receiver="李建国", channel="微信 lijianguo", by=town.liu, at=hands.at(7.5)
    )
    row = hands.serve_notice(mode="electronic", proof=told)
    assert row.consent and case.papers.filter(form="D-25").exists()


@pytest.mark.parametrize(
    ("mode", "lacking", "whole"),
    [
        ("leaving", Proof(refused=True), Proof(refused=True, witnesses="社区王主任", witness_count=1)),
        ("mail", Proof(recipient="李建国"), Proof(recipient="李建国", receipt="EMS1")),
        ("via_other", Proof(recipient="部队"), Proof(recipient="部队", signed=True)),
        ("on_the_spot", Proof(), SIGNED),
        ("elsewhere", Proof(refused=True, witness_count=2), None),
    ],
)
def test_each_way_of_service_has_its_own_proof(hands, photo, mode, lacking, whole):
    hands.to_noticed()
    with pytest.raises(Refusal) as refusal:
        hands.serve_notice(mode=mode, proof=lacking)
    assert codes(refusal) == {"service_proven"}
    row = hands.serve_notice(mode=mode, proof=whole or Proof(refused=True, photo=photo))
    assert row.deemed_at == hands.at(8)


def test_a_public_notice_comes_last_and_counts_from_its_end(hands, town, case):
    hands.to_noticed()
    posted = Proof(posted_on=hands.at(8).date(), whereabouts_unknown=False)
    with pytest.raises(Refusal) as refusal:
        hands.serve_notice(mode="public_notice", proof=posted, days=40)
    assert codes(refusal) == {"other_ways_tried"}
    for mode in ("direct", "mail"):
        services.record_failed_service(case, mode=mode, proof=Proof(note="查无此人"), by=town.liu, at=hands.at(8))
    with pytest.raises(Malformed):
        hands.serve_notice(mode="public_notice", proof=posted, days=20)
    row = hands.serve_notice(mode="public_notice", proof=posted, days=40)
    assert (row.deemed_at.date() - posted.posted_on).days >= 30


def test_heads_who_disagree_send_the_case_back(hands, town, case):
    hands.to_reviewed()
    talk = {"heads": "赵刚、李副局长、王副局长", "heads_present": 3}
    with pytest.raises(Refusal) as refusal:
        hands.step("discuss", by=town.zhao, days=29, agreed=True, text="…", heads_present=2)
    assert codes(refusal) == {"discussion_held"}
    services.record_disagreement(case, text="裁量理由不充分。", by=town.zhao, at=hands.at(29), **talk)
    hands.step("return_review", by=town.zhao, days=29.5)
    case.refresh_from_db()
    assert case.state == "filed"
