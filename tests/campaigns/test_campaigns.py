"""The campaign: plans that are whole, tasks closed by another hand, meetings whose decisions become tasks."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from sanbao.campaigns import queries, services
from sanbao.campaigns.models import Campaign, PlanItem, Task
from sanbao.core import clock, journal
from sanbao.core.errors import Refusal
from sanbao.core.models import Entry, Posting

PHASES = (("动员部署", 20), ("集中整治", 60), ("巩固提高", 20))


@pytest.fixture
def campaign(world) -> Campaign:
    return services.launch(
        "环境综合整治百日会战", headquarters=world.hq, starts_on=date(2026, 9, 1), phases=PHASES, by=world.dispatcher, at=world.at
    )


def items(world, **changes):
    measure = {
        "text": "逐户签订责任书",
        "owner": world.street_office,
        "from_on": date(2026, 9, 1),
        "until_on": date(2026, 10, 1),
        "goal": 1,
    }
    found = {
        PlanItem.Kind.GOAL: [{"text": "沿街门店责任书签订不漏户"}],
        PlanItem.Kind.REQUIREMENT: [{"text": "主要领导亲自抓"}],
        PlanItem.Kind.STEP: [{"text": "先摸底、后签订"}],
        PlanItem.Kind.MEASURE: [measure],
    }
    return found | changes


def given(campaign, world, **changes) -> Task:
    values = {"title": "清理占道杂物", "unit": world.department, "due_at": world.at + timedelta(days=3), "person": world.contact}
    return services.assign(campaign, **(values | changes), by=world.dispatcher, at=world.at)


def test_a_campaign_has_a_hundred_days_and_its_phases_fill_them(campaign) -> None:
    assert (campaign.ends_on - campaign.starts_on).days + 1 == 100
    phases = list(campaign.phases.all())
    assert phases[0].from_on == campaign.starts_on and phases[-1].until_on == campaign.ends_on
    assert all(a.until_on + timedelta(days=1) == b.from_on for a, b in pairwise(phases))


def test_phases_that_do_not_fill_the_days_are_refused(world) -> None:
    with pytest.raises(Refusal) as refused:
        services.launch(
            "x", headquarters=world.hq, starts_on=date(2026, 9, 1), phases=PHASES[:2], by=world.dispatcher, at=world.at
        )
    assert refused.value.reasons[0].code == "phases_do_not_fill"
    assert not Campaign.objects.exists()


def test_a_plan_with_an_empty_part_and_an_unowned_measure_is_refused_with_both_reasons(campaign, world) -> None:
    broken = items(world, **{PlanItem.Kind.STEP: [], PlanItem.Kind.MEASURE: [{"text": "无人负责"}]})
    with pytest.raises(Refusal) as refused:
        services.issue_plan(campaign, issuer=world.hq, number="1", title="t", items=broken, by=world.dispatcher, at=world.at)
    assert [reason.code for reason in refused.value.reasons] == ["plan_part_missing", "measure_without_owner"]


def test_an_issued_plan_ties_its_measure_to_its_goal(campaign, world) -> None:
    plan = services.issue_plan(
        campaign, issuer=world.hq, number="1", title="方案", items=items(world), by=world.dispatcher, at=world.at
    )
    measure = plan.items.get(kind=PlanItem.Kind.MEASURE)
    assert measure.goal.kind == PlanItem.Kind.GOAL
    assert Entry.objects.filter(action="plan.issued", subject=journal.subject_of(plan)).exists()


@pytest.mark.parametrize("indicator", ["fines_collected", "cases_decided", "penalties"])
def test_fines_and_cases_cannot_be_a_target(campaign, world, indicator) -> None:
    with pytest.raises(Refusal) as refused:
        services.add_target(
            campaign, title="t", indicator=indicator, value=Decimal(90), due_on=campaign.ends_on, by=world.dispatcher, at=world.at
        )
    assert refused.value.reasons[0].cites == ("PL-74",)


def test_the_newest_reading_stands_beside_its_target(campaign, world) -> None:
    target = services.add_target(
        campaign,
        title="签订率",
        indicator="coverage",
        value=Decimal(100),
        due_on=campaign.ends_on,
        by=world.dispatcher,
        at=world.at,
    )
    assert queries.board(campaign)[0].share is None
    services.record_reading(target, on=date(2026, 9, 2), numerator=1, denominator=4, at=world.at)
    services.record_reading(target, on=date(2026, 9, 3), numerator=3, denominator=4, at=world.at)
    line = queries.board(campaign)[0]
    assert line.share == 75.0 and not line.reached


def test_a_reading_without_a_base_is_no_data_and_not_zero(campaign, world) -> None:
    target = services.add_target(
        campaign,
        title="签订率",
        indicator="coverage",
        value=Decimal(0),
        due_on=campaign.ends_on,
        by=world.dispatcher,
        at=world.at,
    )
    services.record_reading(target, on=date(2026, 9, 2), numerator=0, denominator=0, at=world.at)
    line = queries.board(campaign)[0]
    assert line.share is None and not line.reached


def test_a_task_is_reported_by_one_and_verified_by_another(campaign, world) -> None:
    task = given(campaign, world)
    services.report_progress(task, text="已清理一半", by=world.contact, at=world.at)
    services.report_done(task, text="清理完毕", by=world.contact, at=world.at)
    services.verify(task, by=world.dispatcher, at=world.at)
    assert task.state == Task.State.VERIFIED
    actions = list(Entry.objects.filter(subject=journal.subject_of(task)).values_list("action", flat=True))
    assert actions == ["task.assigned", "task.progressed", "task.done", "task.verified"]


def test_the_doer_never_closes_the_task(campaign, world) -> None:
    Posting.objects.create(user=world.dispatcher, department=world.hq, role="contact", from_on=date(2026, 1, 1))
    del world.dispatcher._postings_read
    task = given(campaign, world, unit=world.hq, person=world.dispatcher)
    services.report_done(task, text="完成", by=world.dispatcher, at=world.at)
    with pytest.raises(Refusal) as refused:
        services.verify(task, by=world.dispatcher, at=world.at)
    assert refused.value.reasons[0].code == "same_person"


def test_a_task_is_returned_only_with_a_reason(campaign, world) -> None:
    task = given(campaign, world)
    services.report_done(task, text="完成", by=world.contact, at=world.at)
    with pytest.raises(Refusal):
        services.return_task(task, reason=" ", by=world.dispatcher, at=world.at)
    services.return_task(task, reason="照片不是该路段", by=world.dispatcher, at=world.at)
    assert task.state == Task.State.IN_PROGRESS and task.done_by is None


def test_a_contact_may_not_assign(campaign, world) -> None:
    with pytest.raises(Refusal):
        services.assign(campaign, title="t", unit=world.hq, due_at=world.at + timedelta(days=1), by=world.contact, at=world.at)
    assert not Task.objects.exists()


def test_two_people_cannot_both_move_a_task(campaign, world) -> None:
    task = given(campaign, world)
    stale = Task.objects.get(pk=task.pk)
    services.report_done(task, text="完成", by=world.contact, at=world.at)
    with pytest.raises(Refusal) as refused:
        services.report_progress(stale, text="进行中", by=world.contact, at=world.at)
    assert refused.value.reasons[0].code == "moved_on"


def test_a_task_without_a_person_or_whose_person_left_is_an_orphan(campaign, world) -> None:
    nobody = given(campaign, world, person=None)
    kept = given(campaign, world)
    on = clock.local_day(world.at)
    assert list(queries.orphans(campaign, on)) == [nobody]
    Posting.objects.filter(user=world.contact).update(until_on=on - timedelta(days=1))
    assert set(queries.orphans(campaign, on)) == {nobody, kept}


def test_a_meeting_closes_only_when_every_item_has_an_outcome(campaign, world) -> None:
    meeting = services.call_meeting(
        campaign,
        kind="dispatch",
        title="调度会",
        held_at=world.at,
        place="三楼会议室",
        host=world.leader,
        agenda=["责任书签订进度", "夜市管理"],
        units=[world.street_office, world.department],
        by=world.dispatcher,
        at=world.at,
    )
    first, second = meeting.agenda.all()
    task = services.decide(
        first,
        outcome="柳荫街道一周内补签到位",
        unit=world.street_office,
        person=world.clerk,
        due_at=world.at + timedelta(days=7),
        by=world.dispatcher,
        at=world.at,
    )
    assert task.decision == first and task.source == journal.subject_of(meeting)
    with pytest.raises(Refusal) as refused:
        services.close_meeting(meeting, present={}, by=world.dispatcher, at=world.at)
    assert refused.value.reasons[0].params == {"numbers": "2"}
    services.defer(second, to=date(2026, 9, 28), by=world.dispatcher, at=world.at)
    services.close_meeting(meeting, present={world.street_office.pk: world.clerk}, by=world.dispatcher, at=world.at)
    there = {row.unit: row.person for row in meeting.attendances.select_related("unit", "person")}
    assert there == {world.street_office: world.clerk, world.department: None}


def test_the_ring_counts_verified_work_by_day_and_opens_its_rows(campaign, world) -> None:
    task = given(campaign, world)
    late = given(campaign, world, due_at=world.at + timedelta(hours=1))
    services.report_done(task, text="完成", by=world.contact, at=world.at)
    services.verify(task, by=world.dispatcher, at=world.at)
    ring = queries.ring(campaign, world.at + timedelta(hours=2))
    day = clock.local_day(world.at)
    assert ring.day_number == 21 and ring.verified[20] == 1 and sum(ring.verified) == 1
    assert (ring.overdue, ring.open) == (1, 1)
    assert list(queries.verified_on(campaign, day)) == [task]
    assert list(queries.overdue_tasks(campaign, world.at + timedelta(hours=2))) == [late]


def test_the_pages_show_the_ring_the_tasks_and_the_meeting(campaign, world, client) -> None:
    task = given(campaign, world, person=None)
    client.force_login(world.dispatcher, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/campaign/").content.decode()
    assert "<svg" in page and task.title in page
    assert task.title in client.get("/desk/tasks/?state=orphan").content.decode()
    csv = b"".join(client.get("/desk/tasks/?state=orphan&export=csv").streaming_content).decode("utf-8-sig")
    assert task.title in csv
    assert client.get(f"/desk/tasks/{task.pk}/").status_code == 200
    client.post(f"/desk/tasks/{task.pk}/reassign/", {"person": world.contact.pk})
    task.refresh_from_db()
    assert task.person == world.contact
    assert client.get("/desk/meetings/").status_code == 200
