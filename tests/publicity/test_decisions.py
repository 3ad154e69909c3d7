"""Decisions, commendations and rankings: published only as the law allows, with persons masked and records behind the praise."""

from datetime import date, datetime, timedelta

import pytest

from sanbao.campaigns import services as plans
from sanbao.core import clock, journal
from sanbao.core.errors import Refusal
from sanbao.core.models import Entry
from sanbao.evaluation import services as appraisal
from sanbao.evaluation.models import Score
from sanbao.law.deadlines import due
from sanbao.law.publicity import latest_end, withdraw_by
from sanbao.penalties.services.periods import begin
from sanbao.publicity import decisions, facts, merits, services
from sanbao.publicity.models import Publication
from tests.publicity.conftest import CLEAN, DECISION

LATER = datetime(2026, 10, 3, 9, 0, tzinfo=clock.ZONE)


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


@pytest.fixture
def served(hands):
    """The news that the decision against the noodle shop was served."""
    hands.to_decided()
    hands.decision_served()
    return Entry.objects.get(action="case.served")


@pytest.fixture
def draft(served):
    return services.draft_from_case(served)


def check(draft, town, at, **changes):
    return services.review(draft, answers={**DECISION, **changes}, by=town.qian, at=at)


def test_a_served_decision_is_drafted_once_and_by_nobody(served, case) -> None:
    draft = services.draft_from_case(served)
    assert (draft.kind, draft.state, draft.proposed_by, draft.cause) == ("decision", "proposed", None, served)
    assert services.draft_from_case(served) is None
    services.discard(draft, reason="没有一定社会影响", by=_head(case), at=served.at)
    assert services.draft_from_case(served) is None
    assert Publication.objects.count() == 1


def _head(case):
    from sanbao.core.models import User

    return User.objects.get(username="zhao")


def test_the_public_copy_holds_what_the_law_asks_and_nothing_of_the_person(draft, case) -> None:
    case.refresh_from_db()
    assert draft.data["party"] == "望桥区老李面馆"
    assert draft.data["sanction"] == ["罚款人民币叁佰元整（￥300.00）"]
    assert draft.data["decided_on"] == clock.local_day(case.decided_at).isoformat()
    assert draft.data["number"] in draft.title
    text = str(draft.data) + draft.title
    for private in ("李建国", "13800000001", "柳荫路1号", case.merchant.credit_code):
        assert private not in text


def test_a_person_is_masked_and_so_is_a_person_in_the_name_of_a_business(case) -> None:
    case.merchant.kind, case.merchant.name = "person", "李建国"
    assert decisions.masked_party(case) == "李某某"
    case.merchant.kind, case.merchant.name = "individual", "望桥区李建国面馆"
    assert decisions.masked_party(case) == "望桥区李某某面馆"
    case.merchant.kind, case.merchant.name = "company", "望桥清和茶业有限公司"
    assert decisions.masked_party(case) == "望桥清和茶业有限公司"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"social_impact": False}, "decision_publishable"),
        ({"social_impact": None}, "decision_publishable"),
        ({"impact_assessed": None}, "decision_publishable"),
        ({"minor": True}, "protected_persons"),
        ({"police_penalty": None}, "protected_persons"),
    ],
)
def test_a_decision_without_its_conditions_is_not_cleared(draft, town, served, answers, code) -> None:
    with pytest.raises(Refusal) as refused:
        check(draft, town, served.at, **answers)
    assert codes(refused) == {code}


def test_a_decision_whose_service_is_not_proven_is_not_published(draft, town, served) -> None:
    from sanbao.problems.models import Delivery

    Delivery.objects.filter(subject=draft.source).update(signed=False)
    with pytest.raises(Refusal) as refused:
        check(draft, town, served.at)
    assert codes(refused) == {"decision_publishable"}


def test_a_decision_is_approved_by_the_head_of_its_agency_and_published_by_the_agency(draft, town, served) -> None:
    check(draft, town, served.at)
    with pytest.raises(Refusal) as refused:
        services.approve(draft, by=town.leader, at=served.at)
    assert codes(refused) == {"own_decision"}
    services.approve(draft, by=town.zhao, at=served.at)
    for person in (town.editor, town.leader):
        with pytest.raises(Refusal) as refused:
            services.publish(draft, by=person, at=served.at)
        assert codes(refused) == {"entitled_to_publish"}
    services.publish(draft, by=town.zhao, at=served.at)
    decided = date.fromisoformat(draft.data["decided_on"])
    assert draft.ends_on == latest_end("decision", decided, credit_class="general")


def test_publishing_ends_the_time_to_publish_and_withdrawing_the_time_to_withdraw(draft, town, served) -> None:
    case = facts.case_of(draft)
    for rule in ("DL-16", "DL-17"):
        begin(case, due(rule, served.at))
    check(draft, town, served.at)
    services.approve(draft, by=town.zhao, at=served.at)
    services.publish(draft, by=town.zhao, at=served.at)
    met = dict(case.deadlines.filter(rule__in=("DL-16", "DL-17")).values_list("rule", "met_at"))
    assert met == {"DL-16": None, "DL-17": served.at}
    services.withdraw(draft, reason="决定已撤销", by=town.zhao, at=served.at + timedelta(days=1))
    assert case.deadlines.get(rule="DL-16").met_at == served.at + timedelta(days=1)


def test_a_minor_matter_ends_sooner(draft, town, served) -> None:
    check(draft, town, served.at, credit_class="minor")
    services.approve(draft, by=town.zhao, at=served.at)
    services.publish(draft, by=town.zhao, at=served.at)
    assert draft.ends_on == latest_end("decision", date.fromisoformat(draft.data["decided_on"]), credit_class="minor")


def test_private_figures_in_the_words_around_a_decision_are_refused(draft, town, served) -> None:
    services.edit(draft, title=draft.title, body="联系电话13800000001", by=town.editor, at=served.at)
    with pytest.raises(Refusal) as refused:
        check(draft, town, served.at)
    assert codes(refused) == {"private_text"}


def test_a_revoked_decision_must_be_withdrawn_in_three_working_days(draft, town, served) -> None:
    check(draft, town, served.at)
    services.approve(draft, by=town.zhao, at=served.at)
    services.publish(draft, by=town.zhao, at=served.at)
    revoked = journal.record("case.revoked", facts.case_of(draft), by=town.zhao, at=served.at + timedelta(days=1))
    assert services.mark_annulled(revoked) == [draft] and services.mark_annulled(revoked) == []
    draft.refresh_from_db()
    due = withdraw_by(draft.annulled_at).ends
    assert facts.withdrawal_due(draft) == due
    services.withdraw(draft, reason="行政处罚决定已被撤销", by=town.qian, at=due + timedelta(minutes=1))
    entry = Entry.objects.get(action="publication.withdrawn")
    assert draft.state == "withdrawn" and entry.data["warnings"] == ["withdrawn_in_time"]


def test_a_withdrawal_in_time_is_not_marked(draft, town, served) -> None:
    check(draft, town, served.at)
    services.approve(draft, by=town.zhao, at=served.at)
    services.publish(draft, by=town.zhao, at=served.at)
    services.mark_annulled(journal.record("case.revoked", facts.case_of(draft), by=town.zhao, at=served.at))
    draft.refresh_from_db()
    services.withdraw(draft, reason="决定已变更", by=town.qian, at=facts.withdrawal_due(draft) - timedelta(minutes=1))
    assert Entry.objects.get(action="publication.withdrawn").data["warnings"] == []


def test_the_draft_of_a_revoked_decision_is_dropped(draft, town, served) -> None:
    services.mark_annulled(journal.record("case.revoked", facts.case_of(draft), by=town.zhao, at=served.at))
    draft.refresh_from_db()
    assert draft.state == "discarded"


@pytest.fixture
def praised(town):
    """A department that came to a meeting, finished a task in time, and stands well in a frozen ranking."""
    campaign = plans.launch(
        "百日会战", headquarters=town.hq, starts_on=date(2026, 9, 1), phases=[("一", 100)], by=town.dispatcher, at=town.at
    )
    meeting = plans.call_meeting(
        campaign,
        kind="dispatch",
        title="调度会",
        held_at=town.at,
        place="三楼",
        host=town.leader,
        agenda=["进度"],
        units=[town.department, town.street_office],
        by=town.dispatcher,
        at=town.at,
    )
    item = meeting.agenda.get()
    task = plans.decide(
        item, outcome="清理占道杂物", unit=town.department, due_at=town.at + timedelta(days=1), by=town.dispatcher, at=town.at
    )
    plans.close_meeting(meeting, present={town.department.pk: town.unit_leader}, by=town.dispatcher, at=town.at)
    plans.report_done(task, text="完成", by=town.contact, at=town.at)
    plans.verify(task, by=town.dispatcher, at=town.at)
    ranking = appraisal.compute_ranking(date(2026, 9, 1), by=None, at=LATER)
    appraisal.freeze_ranking(ranking, by=town.leader, at=LATER)
    town.ranking, town.meeting, town.task = ranking, meeting, task
    return town


def basis(town) -> dict[str, list[str]]:
    return {criterion: [merit.subject for merit in found] for criterion, found in merits.merits_of(town.department).items()}


def test_praise_names_the_records_that_earned_it(praised) -> None:
    found = services.commend(praised.department, basis=basis(praised), title="通报表扬", by=praised.leader, at=LATER)
    kept = {criterion: [row["subject"] for row in rows] for criterion, rows in found.data["basis"].items()}
    score = Score.objects.get(ranking=praised.ranking, unit=praised.department)
    assert kept == {
        "attention": [journal.subject_of(praised.meeting)],
        "measures": [journal.subject_of(praised.task)],
        "effect": [journal.subject_of(score)],
    }


@pytest.mark.parametrize("criterion", ["attention", "measures", "effect"])
def test_praise_without_a_record_for_each_criterion_is_refused(praised, criterion) -> None:
    with pytest.raises(Refusal) as refused:
        services.commend(
            praised.department, basis={**basis(praised), criterion: []}, title="通报表扬", by=praised.leader, at=LATER
        )
    assert codes(refused) == {"no_merit"} and len(refused.value.reasons) == 1


def test_the_records_of_another_unit_praise_nobody(praised) -> None:
    with pytest.raises(Refusal) as refused:
        services.commend(praised.street_office, basis=basis(praised), title="通报表扬", by=praised.leader, at=LATER)
    assert len(refused.value.reasons) == 3


def test_a_person_is_praised_by_name_only_with_consent(praised) -> None:
    found = services.commend(praised.department, basis=basis(praised), title="通报表扬", by=praised.leader, at=LATER)
    for answers, code in (({"names_person": True}, "praised_with_consent"), ({"names_person": None}, "praised_with_consent")):
        with pytest.raises(Refusal) as refused:
            services.review(found, answers={**CLEAN, **answers}, by=praised.qian, at=LATER)
        assert codes(refused) == {code}
    services.review(found, answers={**CLEAN, "names_person": True, "consent": True}, by=praised.qian, at=LATER)


def test_a_ranking_is_published_only_frozen_and_as_it_was_frozen(praised) -> None:
    running = appraisal.compute_ranking(date(2026, 10, 1), by=None, at=LATER)
    with pytest.raises(Refusal) as refused:
        services.propose_ranking(running, by=praised.leader, at=LATER)
    assert codes(refused) == {"not_frozen"}
    found = services.propose_ranking(praised.ranking, by=praised.dispatcher, at=LATER)
    services.review(found, answers=CLEAN, by=praised.qian, at=LATER)
    services.approve(found, by=praised.leader, at=LATER)
    services.publish(found, by=praised.editor, at=LATER)
    rows = [row for group in found.data["groups"] for row in group["rows"]]
    assert {row["unit"] for row in rows} == {praised.street_office.name, praised.street_office_2.name, praised.department.name}
    assert found.data["digest"] == praised.ranking.digest == appraisal.digest_of(praised.ranking)
    assert found.ends_on is None
    Score.objects.filter(ranking=praised.ranking).update(place=9)
    found.refresh_from_db()
    assert 9 not in [row["place"] for group in found.data["groups"] for row in group["rows"]]


def test_no_fine_and_no_case_is_in_a_published_ranking(praised) -> None:
    found = services.propose_ranking(praised.ranking, by=praised.leader, at=LATER)
    assert not any(word in str(found.data) for word in ("罚款", "案件", "处罚"))
