"""The stage for tests of the appraisal: a month with letters, findings, an order, tasks and reports, all made through the services."""

from datetime import date, timedelta

import pytest

from sanbao.agreements import services as letters
from sanbao.campaigns import services as plans
from sanbao.problems import services as problems
from tests.agreements.conftest import signed
from tests.problems.conftest import INSIDE, SWORN, issue, jpeg, serve, store  # noqa: F401

PHASES = (("动员部署", 20), ("集中整治", 60), ("巩固提高", 20))


@pytest.fixture
def town(world):
    """The world with the invented locality's powers and a form in force."""
    world.district.law_file = "local_demo.toml"
    world.district.save()
    letters.issue_form("2026", by=world.dispatcher, at=world.at)
    return world


@pytest.fixture
def campaign(town):
    return plans.launch(
        "百日会战", headquarters=town.hq, starts_on=date(2026, 9, 1), phases=PHASES, by=town.dispatcher, at=town.at
    )


def find(town, *, code="O02", at=None, front=None):
    from sanbao.core import files

    at = at or town.at
    photo = files.store_photo(jpeg(), by=town.liu, at=at)
    return problems.record_finding(
        class_code=code, premises=front or town.noodle_house, note="三张餐桌摆出店外", photos=[photo], by=town.liu, at=at
    )


def recheck(town, order, *, passed, at):
    from sanbao.core import files

    photo = files.store_photo(jpeg("navy"), by=town.sun, at=at)
    return problems.recheck(
        order, passed=passed, photos=[photo], second=town.chen, note="见照片", declared=SWORN, by=town.sun, at=at
    )


@pytest.fixture
def busy(town, campaign):
    """One letter signed and one not; a finding closed in time and one late; an order corrected; three tasks; two reports."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    signed(town.noodle_house, by=town.clerk, at=town.at + hour)

    closed, late = find(town), find(town, at=town.at + hour, front=town.tea_house)
    problems.close_finding(closed, closing="已清理", by=town.liu, at=town.at + 2 * hour)
    problems.close_finding(late, closing="已清理", by=town.liu, at=late.due_at + hour)

    order = issue(town, find(town))
    serve(town, order)
    order.refresh_from_db()
    recheck(town, order, passed=True, at=order.correct_by + hour)

    tasks = [
        plans.assign(
            campaign,
            title=f"任务{n}",
            unit=town.street_office,
            due_at=town.at + n * day,
            person=town.clerk,
            by=town.dispatcher,
            at=town.at,
        )
        for n in (1, 2, 3)
    ]
    for task in tasks[:2]:
        plans.report_done(task, text="完成", by=town.clerk, at=town.at + hour)
    plans.verify(tasks[0], by=town.dispatcher, at=town.at + 3 * day)

    reports = [
        problems.receive_report(
            source="citizen", class_code="H01", lon=INSIDE[0], lat=INSIDE[1], comment=f"垃圾{n}", by=None, at=town.at
        )
        for n in (1, 2)
    ]
    problems.decline_report(reports[0], reply="不属本区管辖，已转交", by=town.clerk, at=town.at + day)
    town.tasks, town.order, town.closed, town.late, town.reports = tasks, order, closed, late, reports
    return town
