"""Putting right: what citizens, merchants and officers report day by day, what is found, and how most of it ends the same day.

Orders to correct and what follows from them are in `orders`.
"""

from datetime import datetime, timedelta
from random import Random

from sanbao.core import clock
from sanbao.demo import orders, words
from sanbao.demo.fronts import Front
from sanbao.demo.stage import Stage
from sanbao.problems import services
from sanbao.problems.intake import Incoming
from sanbao.problems.models import Finding, Report

# Reports and findings a day for a district of a thousand fronts; small districts have a few all the same.
REPORTS_A_DAY, FINDINGS_A_DAY = 2.0, 2.2
LEAST_REPORTS, LEAST_FINDINGS = 2.0, 2.4
DEPARTMENT_OF = {
    "F01": "housing",
    "F02": "housing",
    "F03": "housing",
    "F04": "sanitation",
    "G05": "greenery",
    "H02": "sanitation",
}
PUBLIC = ("F01", "F02", "F03", "F04", "G05", "G04", "O01", "O04", "H05")
ORDERED_SHARE = 0.24
AUTHORS = ("liu", "he", "sun", "luo", "chen", "tang")


def plan(stage: Stage) -> None:
    """Put every day's reports and findings on the timeline."""
    dice = stage.dice("patrol")
    trading = [front for front in stage.town.fronts if front.shop]
    # A third of the trouble comes from one front in twelve, as everywhere.
    worst = dice.sample(trading, max(6, len(trading) // 12))
    for day in range(stage.days):
        for _number in range(_how_many(REPORTS_A_DAY, LEAST_REPORTS, stage, dice)):
            front = dice.choice(worst if dice.random() < 0.35 else trading)
            at = stage.at(day, dice.randint(7, 21), dice.randint(0, 59))
            stage.timeline.plan(at, _report, stage, front, dice.random(), dice.randint(0, 10**6))
        for _number in range(_how_many(FINDINGS_A_DAY, LEAST_FINDINGS, stage, dice)):
            front = dice.choice(worst if dice.random() < 0.35 else trading)
            at = stage.at(day, dice.randint(8, 17), dice.randint(0, 59))
            stage.timeline.plan(at, _find, stage, front, dice.random(), dice.randint(0, 10**6))


def _how_many(rate: float, least: float, stage: Stage, dice: Random) -> int:
    mean = max(least, rate * stage.size / 1000)
    return max(0, round(dice.gauss(mean, mean**0.5 / 1.6)))


def _class_at(front: Front, dice: Random) -> str:
    """What is wrong there: mostly what its trade brings with it, sometimes a matter of the street itself."""
    return dice.choice(PUBLIC) if dice.random() < 0.25 else dice.choice(front.shop.trade.classes)


def _report(stage: Stage, front: Front, chance: float, number: int, at: datetime) -> None:
    """One report arrives: from a citizen, from a grid worker, or from a merchant about its own zone; some are sent twice."""
    dice = Random(number)
    code, premises = _class_at(front, dice), stage.premises[front.number]
    source = "citizen" if chance < 0.62 else "officer" if chance < 0.88 else "merchant"
    by = stage.grid_for(premises) if source == "officer" else None
    photo = stage.photo(number, code, by, at)
    said = words.COMMENTS[code][source == "officer"]
    incoming = Incoming(
        class_code=code,
        lon=round(front.lon + dice.uniform(-1, 1) * 3e-5, 6),
        lat=round(front.lat + dice.uniform(-1, 1) * 3e-5, 6),
        comment=said,
        place=f"{front.address}{front.shop.sign}门前",
        photos=(photo.sha256,) if dice.random() < 0.85 else (),
        contact=f"1000{9_000_000 + number % 999_999:07d}" if source == "citizen" and dice.random() < 0.6 else "",
    )
    own = premises if source == "merchant" else None
    [outcome] = services.receive_many([incoming], source=source, premises=own, by=by, at=at)
    if outcome.report is None:
        raise AssertionError([reason.text() for reason in outcome.reasons])
    echo = None
    if source == "citizen" and dice.random() < 0.12:
        [again] = services.receive_many([incoming], source=source, by=None, at=at + timedelta(minutes=25))
        echo = again.report
    if dice.random() < 0.93 or stage.today - clock.local_day(at) > timedelta(days=4):
        read_at = at + timedelta(hours=dice.choice((1, 2, 3, 14, 20)))
        stage.timeline.plan(read_at, _read, stage, outcome.report, echo, front, number)


def _read(stage: Stage, report: Report, echo: Report | None, front: Front, number: int, at: datetime) -> None:
    """The dispatcher or the clerk takes a report up, declines it with a reply, or joins it to another."""
    dice = Random(number + 1)
    premises = stage.premises[front.number]
    by = stage.who("dispatcher") if dice.random() < 0.6 else stage.clerk_for(premises)
    if dice.random() < 0.1 and report.source != "officer":
        services.decline_report(report, reply=dice.choice(words.DECLINES), by=by, at=at)
        return
    named = premises if report.class_code not in PUBLIC else None
    finding = services.accept_report(report, premises=named, by=by, at=at)
    if echo:
        services.merge_report(echo, finding, by=by, at=at + timedelta(minutes=3))
    _follow(stage, finding, front, report.source == "merchant", dice, at)


def _find(stage: Stage, front: Front, chance: float, number: int, at: datetime) -> None:
    """An officer on patrol records what is seen, with a photo."""
    dice = Random(number)
    code = _class_at(front, dice)
    by = stage.who(AUTHORS[number % len(AUTHORS)])
    place = {"premises": stage.premises[front.number]}
    if code in PUBLIC:
        place = {"lon": front.lon, "lat": front.lat, "place": f"{front.address}附近"}
    finding = services.record_finding(
        class_code=code, **place, note=words.COMMENTS[code][1], photos=[stage.photo(number, code, by, at)], by=by, at=at
    )
    _follow(stage, finding, front, False, dice, at)


def _follow(stage: Stage, finding: Finding, front: Front, own: bool, dice: Random, at: datetime) -> None:
    """What becomes of a finding: an order, a department, or work on the spot; a few lie too long."""
    orderable = finding.class_code in words.REQUIREMENTS and finding.merchant_id and not own
    if orderable and dice.random() < ORDERED_SHARE * 2:
        stage.timeline.plan(at + timedelta(minutes=25), orders.issue, stage, finding, front, dice.randint(0, 10**6))
        return
    unit = DEPARTMENT_OF.get(finding.class_code)
    if unit:
        stage.timeline.plan(at + timedelta(minutes=20), _dispatch, stage, finding, unit)
    late = dice.random()
    left = finding.due_at - at
    if late < 0.80:
        ends = at + left * dice.uniform(0.15, 0.85)
    elif late < 0.93:
        ends = finding.due_at + timedelta(hours=dice.randint(3, 60))
    else:
        return  # nobody saw to it: overdue, and in red on every board
    stage.timeline.plan(_by_day(ends), _close, stage, finding, front, dice.randint(0, 10**6))


def _dispatch(stage: Stage, finding: Finding, unit: str, at: datetime) -> None:
    services.dispatch_finding(finding, unit=stage.cast.units[unit], by=stage.who("dispatcher"), at=at)


def _close(stage: Stage, finding: Finding, front: Front, number: int, at: datetime) -> None:
    by = stage.who("liu") if number % 3 else stage.clerk_for(stage.premises[front.number])
    after = [stage.photo(number, "", by, at)] if number % 10 < 7 else []
    closing = words.CLOSINGS[number % len(words.CLOSINGS)]
    services.close_finding(finding, closing=closing, photos=after, by=by, at=at)


def _by_day(at: datetime) -> datetime:
    """An instant in the small hours moved to the morning."""
    local = at.astimezone(clock.ZONE)
    return local.replace(hour=8, minute=20) if local.hour < 7 else at
