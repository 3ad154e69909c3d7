"""Launching a campaign, issuing its plans, setting targets and recording what the indicators say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from sanbao.campaigns.models import Campaign, Phase, Plan, PlanItem, Reading, Target
from sanbao.core import journal
from sanbao.core.access import require
from sanbao.core.errors import Refusal, refuse
from sanbao.core.models import Department, User
from sanbao.law.workflow import Reason, gettext_noop

DAYS = 100


@transaction.atomic
def launch(
    name: str,
    *,
    headquarters: Department,
    starts_on: date,
    phases: Sequence[tuple[str, int]],
    by: User,
    at: datetime,
    days: int = DAYS,
    round_number: int = 1,
) -> Campaign:
    """Launch a campaign; `phases` are (name, number of days) and must fill the campaign exactly."""
    require(by, "campaign.manage", at)
    if sum(length for _, length in phases) != days:
        raise refuse("phases_do_not_fill", gettext_noop("The phases must add up to %(days)s days."), days=days)
    campaign = Campaign.objects.create(
        name=name,
        round_number=round_number,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days - 1),
        state=Campaign.State.LAUNCHED,
        headquarters=headquarters,
    )
    first = starts_on
    for number, (phase, length) in enumerate(phases, 1):
        last = first + timedelta(days=length - 1)
        Phase.objects.create(campaign=campaign, number=number, name=phase, from_on=first, until_on=last)
        first = last + timedelta(days=1)
    journal.record("campaign.launched", campaign, by=by, at=at, starts_on=starts_on.isoformat(), days=days)
    return campaign


def missing_in(items: Mapping[str, Sequence[Any]]) -> tuple[Reason, ...]:
    """Why a plan cannot be issued: one of the four kinds is empty (S37), or a measure has no owner or days (S07)."""
    reasons = [
        Reason(
            "plan_part_missing",
            gettext_noop("The plan has no %(part)s; all four parts must be there."),
            params={"part": kind.label},
        )
        for kind in PlanItem.Kind
        if not items.get(kind)
    ]
    for number, measure in enumerate(items.get(PlanItem.Kind.MEASURE, ()), 1):
        if not (measure.get("owner") and measure.get("from_on") and measure.get("until_on")):
            reasons.append(
                Reason(
                    "measure_without_owner",
                    gettext_noop("Measure %(number)s has no owner or no days."),
                    params={"number": number},
                )
            )
    return tuple(reasons)


@transaction.atomic
def issue_plan(
    campaign: Campaign,
    *,
    issuer: Department,
    number: str,
    title: str,
    items: Mapping[str, Sequence[Mapping[str, Any]]],
    by: User,
    at: datetime,
) -> Plan:
    """Issue a plan of goals, requirements, steps and measures; each item has `text`, a measure also `owner`, `from_on`, `until_on`, `goal`."""
    require(by, "campaign.manage", at)
    reasons = missing_in(items)
    if reasons:
        raise Refusal(*reasons)
    plan = Plan.objects.create(campaign=campaign, issuer=issuer, number=number, title=title, issued_at=at)
    goals: dict[int, PlanItem] = {}
    for kind in PlanItem.Kind:
        for place, item in enumerate(items[kind], 1):
            values = dict(item)
            goal = goals.get(values.pop("goal", 0))
            row = PlanItem.objects.create(plan=plan, kind=kind, number=place, goal=goal, **values)
            if kind == PlanItem.Kind.GOAL:
                goals[place] = row
    journal.record("plan.issued", plan, by=by, at=at, number=number)
    return plan


@transaction.atomic
def add_target(
    campaign: Campaign,
    *,
    title: str,
    indicator: str,
    value: Decimal,
    due_on: date,
    by: User,
    at: datetime,
    goal: PlanItem | None = None,
) -> Target:
    """Set a target in per cent of an indicator; an indicator of fines or cases is refused by name (PL 74)."""
    require(by, "campaign.manage", at)
    if any(word in indicator for word in ("fine", "penalt", "case")):
        raise refuse("no_penalty_targets", gettext_noop("Fines and case numbers cannot be a target of appraisal."), "PL-74")
    target = Target.objects.create(campaign=campaign, goal=goal, title=title, indicator=indicator, value=value, due_on=due_on)
    journal.record("target.set", target, by=by, at=at, indicator=indicator, value=str(value))
    return target


@transaction.atomic
def record_reading(target: Target, *, on: date, numerator: int, denominator: int, at: datetime) -> Reading:
    """Write down what the indicator says on a day; a second reading of the same day replaces the first."""
    reading, _ = Reading.objects.update_or_create(
        target=target, on=on, defaults={"numerator": numerator, "denominator": denominator}
    )
    journal.record("reading.recorded", target, by=None, at=at, on=on.isoformat(), numerator=numerator, denominator=denominator)
    return reading


def targets_of(campaigns: Iterable[Campaign]) -> list[Target]:
    """The targets of some campaigns (1 query)."""
    return list(Target.objects.filter(campaign__in=list(campaigns)))
