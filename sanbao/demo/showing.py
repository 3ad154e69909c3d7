"""Appraisal and publicity: last month's ranking frozen and published, exposures, a penalty decision, praise, and drafts in every state."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sanbao.core import clock
from sanbao.core.models import Department
from sanbao.demo.stage import Stage
from sanbao.demo.words import COMMENTS
from sanbao.evaluation import services as appraisal
from sanbao.evaluation.period import next_month, previous_month
from sanbao.problems.models import Finding
from sanbao.problems.services import close_finding, record_finding
from sanbao.publicity import merits, services
from sanbao.publicity.models import Publication
from sanbao.publicity.queries import pictures_for

EXPOSURES = ("published", "published", "ended", "published", "approved", "reviewed", "proposed", "withdrawn", "discarded")
LASTING = ("O04", "G02", "H04", "F02", "H05", "G04", "O06")
WAITED = 6  # days from the finding to the exposure
NO_PRIVACY = {
    "readable": [],
    "minor": False,
    "police_penalty": False,
    "shows_reporter": False,
    "names_party": False,
    "names_person": False,
    "consent": True,
    "social_impact": True,
    "impact_assessed": True,
}
# What is hidden in a drawn scene: the boards with the shops' names.
MASK = ((0.02, 0.28, 0.96, 0.16),)


def plan(stage: Stage) -> None:
    """Put the month's ends and the desk's days on the timeline."""
    for first in _months(stage):
        begins = next_month(first)
        if begins < stage.today:
            stage.timeline.plan(clock.at_local(begins, 9), _rank, stage, first)
    for number, state in enumerate(EXPOSURES):
        day = max(1, stage.days - 2 - WAITED - len(EXPOSURES) + number)
        stage.timeline.plan(stage.at(day, 10, number), _leave_open, stage, state, number)
    stage.timeline.plan(stage.at(stage.days - 2, 16), _publish_decisions, stage)
    stage.timeline.plan(stage.at(stage.days - 2, 17), _praise, stage)
    stage.timeline.plan(stage.at(stage.days - 1, 22), _rank_running_month, stage)


def _months(stage: Stage) -> list[date]:
    """The months that the simulated days touch; at least the last whole one."""
    found, first = [], min(stage.start.replace(day=1), previous_month(stage.today))
    while first < stage.today:
        found.append(first)
        first = next_month(first)
    return found


def _rank(stage: Stage, month: date, at: datetime) -> None:
    """On the first day of a month: compute the month before, freeze it, and publish it."""
    ranking = appraisal.compute_ranking(month, by=stage.who("dispatcher"), at=at)
    ranking = appraisal.freeze_ranking(ranking, by=stage.who("leader"), at=at + timedelta(hours=1))
    draft = services.propose_ranking(ranking, by=stage.who("dispatcher"), at=at + timedelta(hours=2))
    _lead_to_published(stage, draft, at + timedelta(hours=3))


def _rank_running_month(stage: Stage, at: datetime) -> None:
    appraisal.compute_ranking(clock.local_day(at), by=stage.who("dispatcher"), at=at)


def _lead_to_published(stage: Stage, draft: Publication, at: datetime, *, head: str = "leader", hand: str = "editor") -> None:
    services.review(draft, answers=NO_PRIVACY, by=stage.who("qian"), at=at)
    services.approve(draft, by=stage.who(head), at=at + timedelta(hours=1))
    services.publish(draft, by=stage.who(hand), at=at + timedelta(hours=2))


def _leave_open(stage: Stage, state: str, number: int, at: datetime) -> None:
    """A problem of the street that nobody has put right; days later it comes before the public, led as far as `state` says."""
    dice = stage.dice(f"exposure:{number}")
    front, code, by = dice.choice(stage.town.fronts), LASTING[number % len(LASTING)], stage.who("he")
    finding = record_finding(
        class_code=code,
        lon=front.lon,
        lat=front.lat,
        place=f"{front.piece.street}（近{front.address}）",
        note=COMMENTS[code][1],
        photos=[stage.photo(number, code, by, at)],
        by=by,
        at=at,
    )
    stage.timeline.plan(at + timedelta(days=WAITED), _expose, stage, finding, state)


def _expose(stage: Stage, finding: Finding, state: str, at: datetime) -> None:
    draft = services.propose_exposure(
        finding, body="发现后超过办理时限仍未整改，现予曝光，请责任单位限期整改并反馈。", by=stage.who("dispatcher"), at=at
    )
    draft = _with_picture(stage, draft, finding, at)
    for reached, step in _steps(stage, draft, at):
        if state in reached:
            step()
    if state == "ended":
        close_finding(finding, closing="曝光后已整改到位。", by=stage.who("liu"), at=at + timedelta(hours=9))


def _with_picture(stage: Stage, draft: Publication, finding: Finding, at: datetime) -> Publication:
    pictures = [use.photo for use in pictures_for(finding)]
    if not pictures:
        return draft
    return services.mask_photo(draft, pictures[0], MASK, by=stage.who("dispatcher"), at=at + timedelta(minutes=5))


def _steps(stage: Stage, draft: Publication, at: datetime) -> list[tuple[frozenset[str], Callable[[], Any]]]:
    """(the final states that pass through a step, the step), in order."""
    shown = {"published", "ended", "withdrawn"}
    hour = timedelta(hours=1)
    return [
        (
            frozenset({"reviewed", "approved", *shown}),
            lambda: services.review(draft, answers=NO_PRIVACY, by=stage.who("qian"), at=at + hour),
        ),
        (frozenset({"approved", *shown}), lambda: services.approve(draft, by=stage.who("leader"), at=at + 2 * hour)),
        (frozenset(shown), lambda: services.publish(draft, by=stage.who("editor"), at=at + 3 * hour)),
        (
            frozenset({"withdrawn"}),
            lambda: services.withdraw(draft, reason="地点标注有误，予以撤下并更正。", by=stage.who("leader"), at=at + 5 * hour),
        ),
        (
            frozenset({"discarded"}),
            lambda: services.discard(draft, reason="责任单位当日已整改，不再曝光。", by=stage.who("dispatcher"), at=at + hour),
        ),
    ]


def _publish_decisions(stage: Stage, at: datetime) -> None:
    """Of the drafts that served decisions have set off, all but one are checked and published."""
    drafts = list(Publication.objects.filter(kind="decision", state="proposed").order_by("proposed_at", "id"))
    for draft in drafts[:-1] or drafts:
        _lead_to_published(stage, draft, at, head="zhao", hand="zhao")


def _praise(stage: Stage, at: datetime) -> None:
    """Praise for the unit for which most is on record under every criterion; a second one waits."""
    units = Department.objects.filter(district_id=stage.areas[min(stage.areas)].district_id, kind__in=("street", "department"))
    scored = []
    for unit in units.order_by("code"):
        found = merits.merits_of(unit)
        if all(found.values()):
            scored.append((sum(map(len, found.values())), unit.code, unit, found))
    for number, (_count, _code, unit, found) in enumerate(sorted(scored, key=lambda row: (-row[0], row[1]))[:2]):
        draft = services.commend(
            unit,
            title=f"{unit.short_name or unit.name}：重视到位、措施到位、成效明显",
            body="主要负责同志每次到会，任务按期完成并经核实，月度考核名列前茅，予以表扬。",
            basis={criterion: [merit.subject for merit in rows[:5]] for criterion, rows in found.items()},
            by=stage.who("dispatcher"),
            at=at,
        )
        if number == 0:
            _lead_to_published(stage, draft, at + timedelta(minutes=30))
