"""The campaign of a hundred days: two plans, targets with daily readings, meetings with decisions, tasks in every state, three orphans."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sanbao.campaigns import services
from sanbao.campaigns.models import Campaign, Task
from sanbao.core import clock, office
from sanbao.core.models import Department, User
from sanbao.demo import people
from sanbao.demo.stage import Stage
from sanbao.evaluation.services import refresh_readings

NAME = "城市环境综合整治百日会战"
PHASES = (("动员部署", 12), ("集中整治", 68), ("巩固提高", 20))
TARGETS = (
    ("coverage", "门前三包责任书签订率", 95),
    ("findings_closed", "问题按期办结率", 90),
    ("orders_corrected", "责令改正按期完成率", 85),
    ("recheck_passed", "首次复查通过率", 85),
    ("tasks_verified", "任务按期核实率", 90),
    ("reports_answered", "群众反映按期答复率", 95),
)
# (title, unit or "streets" or "communities", days after its phase began, days given)
WORK = (
    ("完成辖区沿街店面摸底并建立台账", "streets", 1, 12),
    ("张贴整治通告，入户发放致商户的一封信", "communities", 2, 10),
    ("梳理占道经营重点路段并逐段明确责任人", "streets", 4, 14),
    ("完成主次干道果皮箱、垃圾收集点排查维修", "sanitation", 5, 20),
    ("清理背街小巷积存垃圾和卫生死角", "communities", 8, 25),
    ("补植行道树缺株，整修裸露树池", "greenery", 10, 40),
    ("重新施划重点路段非机动车停放线", "traffic", 11, 30),
    ("排查整治破损人行道和松动井盖", "housing", 13, 35),
    ("整治沿街乱贴乱画", "communities", 15, 22),
    ("督促在建工地规范设置围挡", "housing", 16, 18),
    ("组织餐饮店油烟净化设施检查", "bureau", 18, 24),
    ("开展早市夜市周边联合整治", "streets", 20, 30),
    ("规范门头招牌，拆除破损和超标牌匾", "bureau", 24, 35),
    ("推动未签店面责任书清零", "streets", 26, 40),
    ("深度清洗人行道和公交站台", "sanitation", 30, 25),
    ("拍摄整治前后对比专题片", "press", 32, 20),
    ("开展绿地内垃圾集中清理", "greenery", 36, 15),
    ("回访复查易反弹点位", "communities", 42, 20),
)
MEETINGS = (
    ("mobilisation", "百日会战动员大会", 0, ("部署百日会战总体方案", "明确各街道各部门责任分工")),
    ("dispatch", "第一次调度会", 9, ("通报摸底情况", "研究占道经营重点路段整治", "协调环卫车辆夜间作业")),
    ("dispatch", "第二次调度会", 23, ("通报责任书签订进度", "研究施工围挡问题", "研究破损人行道修复资金")),
    ("dispatch", "第三次调度会", 37, ("通报问题办结和复查情况", "研究易反弹路段值守办法")),
    ("routine", "第四次工作例会", 51, ("通报上月考核结果", "研究冬季清雪准备", "研究门头招牌整治难点")),
)
LATE, RETURNED, CANCELLED, SLOW_SHARE = 0.16, 0.12, 0.05, 0.2


def plan(stage: Stage) -> None:
    """Put the campaign on the timeline: launched on the first day, in its course up to yesterday."""
    stage.timeline.plan(stage.at(0, 9), _launch, stage)
    for day in range(1, stage.days + 1):
        # The reading of a day is taken in the first minutes of the next one.
        morning = stage.start + timedelta(days=day)
        stage.timeline.plan(clock.at_local(morning, 0, 5) if day < stage.days else stage.at(day - 1, 23, 58), _read, morning)


def _read(on: date, at: datetime) -> None:
    refresh_readings(on)


def _launch(stage: Stage, at: datetime) -> None:
    by = stage.who("dispatcher")
    campaign = services.launch(NAME, headquarters=stage.cast.units["hq"], starts_on=stage.start, phases=PHASES, by=by, at=at)
    _issue_plans(stage, campaign, by, at)
    for indicator, title, value in TARGETS:
        services.add_target(
            campaign, title=title, indicator=indicator, value=Decimal(value), due_on=campaign.ends_on, by=by, at=at
        )
    dice = stage.dice("campaign")
    scale = min(1.0, stage.days / 60)  # a short demonstration shows the same story, pressed together
    for kind, title, day, agenda in MEETINGS:
        held = stage.at(round(day * scale), 15)
        stage.timeline.plan(held - timedelta(hours=6), _meet, stage, campaign, kind, title, held, agenda)
    for work in WORK:
        _plan_work(stage, campaign, work, scale, dice)
    stage.timeline.plan(stage.at(stage.days - 3, 10), _orphans, stage, campaign)


def _issue_plans(stage: Stage, campaign: Campaign, by: User, at: datetime) -> None:
    units, first, last = stage.cast.units, campaign.starts_on, campaign.ends_on
    year = first.year
    measure = {"from_on": first, "until_on": last}
    services.issue_plan(
        campaign,
        issuer=units["hq"],
        number=f"望环指〔{year}〕12号",
        title="望桥区城市环境综合整治百日会战总体方案",
        items={
            "goal": [{"text": "沿街店面门前三包责任书签订率达到95%"}, {"text": "群众反映问题按期答复率达到95%"}],
            "requirement": [
                {"text": "先提醒、先帮助，后执法"},
                {"text": "不下罚款指标，不以罚代管"},
                {"text": "数据可查，逐级核实"},
            ],
            "step": [{"text": f"{name}（{length}天）"} for name, length in PHASES],
            "measure": [
                {"text": "逐街逐店签订责任书，不漏一户", "owner": units["street1"], "goal": 1, **measure},
                {"text": "受理群众反映，五日内答复", "owner": units["hq"], "goal": 2, **measure},
                {"text": "集中清理卫生死角", "owner": units["sanitation"], "goal": 2, **measure},
            ],
        },
        by=by,
        at=at + timedelta(minutes=10),
    )
    services.issue_plan(
        campaign,
        issuer=units["bureau"],
        number=f"望城管〔{year}〕31号",
        title="望桥区城市管理行政执法局百日会战实施方案",
        items={
            "goal": [{"text": "责令改正按期完成率达到85%"}],
            "requirement": [{"text": "两名以上持证执法人员执法"}, {"text": "全过程记录"}],
            "step": [{"text": "巡查发现、责令改正、复查、依法处理"}],
            "measure": [{"text": "占道经营和店外经营整治", "owner": units["bureau"], "goal": 1, **measure}],
        },
        by=by,
        at=at + timedelta(minutes=20),
    )


def _meet(stage: Stage, campaign: Campaign, kind: str, title: str, held: datetime, agenda: tuple[str, ...], at: datetime) -> None:
    """A meeting is called in the morning and held in the afternoon; its decisions become tasks, one item is put off."""
    dice = Random(title)
    by, units = stage.who("dispatcher"), _members(stage)
    meeting = services.call_meeting(
        campaign,
        kind=kind,
        title=title,
        held_at=held,
        place="区政府二楼会议室",
        host=stage.who("leader"),
        agenda=agenda,
        units=units,
        by=by,
        at=at,
    )
    done = held + timedelta(hours=1)
    for number, item in enumerate(meeting.agenda.all(), start=1):
        if number == 3:
            services.defer(item, to=clock.local_day(held) + timedelta(days=14), by=by, at=done)
            continue
        unit = dice.choice(units)
        task = services.decide(
            item,
            outcome=f"{item.text}：由{unit.short_name}牵头，十日内报结果",
            unit=unit,
            leader=_head_of(unit),
            person=_head_of(unit),
            due_at=clock.at_local(clock.local_day(held) + timedelta(days=10), 18),
            by=by,
            at=done,
        )
        _plan_course(stage, task, dice, done)
    present = {unit.pk: head for unit in units if (head := _head_of(unit)) and dice.random() < 0.9}
    services.close_meeting(meeting, present=present, by=by, at=done)


def _members(stage: Stage) -> list[Department]:
    return [unit for key, unit in stage.cast.units.items() if unit.kind in ("street", "department", "bureau") and key != "hq"]


def _head_of(unit: Department) -> User | None:
    """Who leads a unit: the first person posted to it who may report on tasks."""
    leading = unit.postings.filter(role__in=("unit_leader", "bureau_head"), until_on__isnull=True)
    posting = leading.select_related("user").order_by("pk").first()
    return posting.user if posting else None


def _plan_work(stage: Stage, campaign: Campaign, work: tuple[str, str, int, int], scale: float, dice: Random) -> None:
    title, whose, day, given = work
    units = {
        "streets": [f"street{n}" for n in range(1, 5)],
        "communities": [f"community{n}{m}" for n in range(1, 5) for m in range(1, 4)],
    }.get(whose, [whose])
    for key in units:
        begins = stage.at(round(day * scale), 10 + dice.randint(0, 5), dice.randint(0, 59))
        due = clock.at_local(clock.local_day(begins) + timedelta(days=max(4, round(given * scale * dice.uniform(0.8, 1.2)))), 18)
        stage.timeline.plan(begins, _assign, stage, campaign, title, key, due, dice.randint(0, 10**6))


def _assign(stage: Stage, campaign: Campaign, title: str, key: str, due: datetime, number: int, at: datetime) -> None:
    unit = stage.cast.units[key]
    head = _head_of(unit)
    task = services.assign(
        campaign,
        title=f"{title}（{unit.short_name}）",
        unit=unit,
        leader=head,
        person=head,
        due_at=due,
        by=stage.who("dispatcher"),
        at=at,
    )
    _plan_course(stage, task, Random(number), at)


def _plan_course(stage: Stage, task: Task, dice: Random, at: datetime) -> None:
    """Progress with photos, a report that it is done, and another's verification; some late, returned, cancelled, or never begun."""
    if task.person is None or dice.random() < 0.06:
        return
    if dice.random() < CANCELLED:
        stage.timeline.plan(at + timedelta(days=3), _cancel, stage, task)
        return
    span = task.due_at - at
    number = dice.randint(0, 10**6)
    stage.timeline.plan(_office_hour(at + span * 0.3, dice), _progress, stage, task, number)
    if dice.random() < SLOW_SHARE:
        return  # begun, and not finished yet
    late = dice.random() < LATE
    done = _office_hour(at + span * (dice.uniform(1.03, 1.3) if late else dice.uniform(0.5, 0.95)), dice)
    stage.timeline.plan(done, _finish, stage, task, number)
    checked = done + timedelta(days=dice.choice((1, 1, 2, 3)))
    if dice.random() < RETURNED:
        stage.timeline.plan(checked, _return, stage, task)
        stage.timeline.plan(checked + timedelta(days=2), _finish, stage, task, number + 1)
        checked += timedelta(days=4)
    stage.timeline.plan(checked, _verify, stage, task)


def _office_hour(at: datetime, dice: Random) -> datetime:
    return clock.at_local(clock.local_day(at), dice.randint(9, 17), dice.randint(0, 59))


def _progress(stage: Stage, task: Task, number: int, at: datetime) -> None:
    photo = stage.photo(number, "H01" if number % 2 else "", task.person, at)
    services.report_progress(task, text="已组织人员开展工作，进度过半。", photo=photo, by=task.person, at=at)


def _finish(stage: Stage, task: Task, number: int, at: datetime) -> None:
    photo = stage.photo(number, "", task.person, at) if number % 6 else None
    services.report_done(task, text="已按要求完成，现场见照片。" if photo else "已完成。", photo=photo, by=task.person, at=at)


def _return(stage: Stage, task: Task, at: datetime) -> None:
    reason = "现场抽查仍有两处未整改到位，请补齐照片后重报。"
    services.return_task(task, reason=reason, by=stage.who("dispatcher"), at=at)


def _verify(stage: Stage, task: Task, at: datetime) -> None:
    services.verify(task, by=stage.who("dispatcher"), at=at)


def _cancel(stage: Stage, task: Task, at: datetime) -> None:
    services.cancel(task, reason="与市级专项任务重复，合并办理。", by=stage.who("dispatcher"), at=at)


def _orphans(stage: Stage, campaign: Campaign, at: datetime) -> None:
    """Work nobody answers for: a community without a leader, a task whose person was posted elsewhere, one nobody was named for."""
    number, place = people.LEADERLESS
    left = stage.who("contact")
    for title, key, person in (
        ("冬季清雪责任路段划分", f"community{number}{place}", None),
        ("老旧小区周边人行道修复", "housing", left),
        ("夜市油烟投诉集中回访", "bureau", None),
    ):
        unit = stage.cast.units[key]
        due = clock.at_local(stage.today + timedelta(days=9), 18)
        services.assign(
            campaign, title=title, unit=unit, person=person, leader=_head_of(unit), due_at=due, by=stage.who("dispatcher"), at=at
        )
    posting: Any = left.postings.get(until_on__isnull=True)
    office.end_posting(posting, until_on=clock.local_day(at), by=stage.who("admin"), at=at + timedelta(hours=2))
