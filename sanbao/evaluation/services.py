"""Every change of this room: computing and freezing a month's ranking, and writing the targets' readings down to the campaign."""

import hashlib
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from sanbao.campaigns.models import Campaign, Reading, Target
from sanbao.campaigns.services import record_reading
from sanbao.core import access, clock, journal
from sanbao.core.errors import refuse
from sanbao.core.models import Department, User
from sanbao.evaluation import indicators, queries, scoring
from sanbao.evaluation.models import Ranking, Score
from sanbao.evaluation.period import Period, month_of
from sanbao.evaluation.rubric import Rubric, rubric_on
from sanbao.law.workflow import gettext_noop

FROZEN = gettext_noop("The ranking of this month is frozen and is not computed again.")
NOT_BEGUN = gettext_noop("This month has not begun yet; there is nothing to compute.")
RUNNING = gettext_noop("The month is still running. A ranking is frozen when its month is over.")
STALE = gettext_noop("This ranking was computed before its month was over. Compute it once more, then freeze it.")


@transaction.atomic
def compute_ranking(period: date, *, by: User | None, at: datetime) -> Ranking:
    """Compute the ranking of the month in which the day `period` lies, as things stand at `at`; as often as wanted until it is frozen.

    `by` is None for the nightly work. Queries: about three for each unit and indicator.
    """
    if by is not None:
        access.require(by, "ranking.compute", at)
    month = month_of(period, at)
    if at < month.start:
        raise refuse("month_not_begun", NOT_BEGUN)
    rubric = rubric_on(month.last_on)
    ranking, new = Ranking.objects.get_or_create(
        month=month.first_on, defaults={"rubric": rubric.version, "computed_at": at, "computed_by": by}
    )
    if not new:
        open_ = Ranking.objects.filter(pk=ranking.pk, state=Ranking.State.COMPUTED)
        if not open_.update(rubric=rubric.version, computed_at=at, computed_by=by):
            raise refuse("ranking_frozen", FROZEN)
        ranking.refresh_from_db()
        Score.objects.filter(ranking=ranking).delete()
    rows = _scores(ranking, rubric, month)
    Score.objects.bulk_create(rows)
    journal.record("ranking.computed", ranking, by=by, at=at, month=f"{ranking}", rubric=rubric.version, units=len(rows))
    return ranking


def _scores(ranking: Ranking, rubric: Rubric, period: Period) -> list[Score]:
    results = {unit: _measure(unit, rubric, period) for unit in queries.units_in(rubric, period)}
    rows = []
    for group in rubric.groups:
        mine = {unit: result for unit, result in results.items() if unit.kind == group.kind}
        enough = {unit: result.points if result.measured >= rubric.minimum_measured else None for unit, result in mine.items()}
        placed = scoring.places(enough)
        rows += [_row(ranking, unit, group.kind, result, placed[unit]) for unit, result in mine.items()]
    return rows


def _measure(unit: Department, rubric: Rubric, period: Period) -> scoring.Result:
    group = rubric.group_of(unit.kind)
    if group is None:
        raise KeyError(unit.kind)
    counts = {key: indicators.rows_of(key, unit, period, rubric).count() for key in group.weights}
    return scoring.score(rubric, group, counts)


def _row(ranking: Ranking, unit: Department, group: str, result: scoring.Result, place: int | None) -> Score:
    return Score(
        ranking=ranking,
        unit=unit,
        group=group,
        points=None if result.points is None else Decimal(int(result.points * 10**8)).scaleb(-8),
        grade=result.grade,
        place=place,
        measured=result.measured,
        lines=[_line(line) for line in result.lines],
    )


def _line(line: scoring.Line) -> dict[str, Any]:
    return {
        "indicator": line.indicator,
        "weight": line.weight,
        "numerator": line.count.numerator,
        "denominator": line.count.denominator,
        "pending": line.count.pending,
        "waiting": line.count.waiting,
        "lost": str(Fraction(line.lost)),
    }


@transaction.atomic
def freeze_ranking(ranking: Ranking, *, by: User, at: datetime) -> Ranking:
    """Freeze a ranking for good; only when its month is over and it was computed after that. The journal keeps its hash."""
    access.require(by, "ranking.freeze", at)
    if ranking.state == Ranking.State.FROZEN:
        raise refuse("ranking_frozen", FROZEN)
    end = month_of(ranking.month, at).end
    if at < end:
        raise refuse("month_running", RUNNING)
    if ranking.computed_at < end:
        raise refuse("ranking_stale", STALE)
    digest = digest_of(ranking)
    open_ = Ranking.objects.filter(pk=ranking.pk, state=Ranking.State.COMPUTED, computed_at=ranking.computed_at)
    if not open_.update(state=Ranking.State.FROZEN, frozen_at=at, frozen_by=by, digest=digest):
        raise refuse("ranking_moved_on", gettext_noop("Somebody has just computed or frozen this ranking; look at it again."))
    ranking.refresh_from_db()
    journal.record("ranking.frozen", ranking, by=by, at=at, month=f"{ranking}", sha256=digest)
    return ranking


def digest_of(ranking: Ranking) -> str:
    """SHA-256 over the whole ranking in a fixed writing: equal as long as nothing in it was changed."""
    rows = Score.objects.filter(ranking=ranking).order_by("unit_id")
    content = [
        [
            row.unit_id,
            row.group,
            None if row.points is None else f"{row.points:.8f}",
            row.grade,
            row.place,
            row.measured,
            row.lines,
        ]
        for row in rows
    ]
    text = json.dumps([str(ranking), ranking.rubric, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def campaign_period(campaign: Campaign | None, on: date, as_of: datetime) -> Period:
    """The stretch a campaign's figures cover: from its first day (without a campaign: of the month) to `on`."""
    first = min(campaign.starts_on, on) if campaign else on.replace(day=1)
    return Period(first, on, as_of)


def end_of(on: date) -> datetime:
    """The first instant after a legal day."""
    return clock.at_local(on + timedelta(days=1))


@transaction.atomic
def refresh_readings(at: date | datetime) -> list[Reading]:
    """Write down, for every target of a running campaign, what its indicator said at the end of the day before `at`; the nightly work.

    A target whose indicator the rubric does not know gets no reading and stays visible as "no data yet". May run twice.
    """
    today = clock.local_day(at) if isinstance(at, datetime) else at
    on, instant = today - timedelta(days=1), clock.at_local(today)
    rubric = rubric_on(on)
    running = Campaign.objects.filter(state=Campaign.State.LAUNCHED, starts_on__lte=on, ends_on__gte=on)
    written = []
    for target in Target.objects.filter(campaign__in=list(running)).select_related("campaign"):
        if target.indicator not in rubric.indicators:
            continue
        count = indicators.rows_of(target.indicator, None, campaign_period(target.campaign, on, instant), rubric).count()
        written.append(record_reading(target, on=on, numerator=count.numerator, denominator=count.denominator, at=instant))
    return written


def keep_ranking(at: date | datetime) -> Ranking | None:
    """Compute the running month's ranking anew as of the beginning of the day, unless that month is frozen; the nightly work."""
    today = clock.local_day(at) if isinstance(at, datetime) else at
    known = queries.ranking_of(today - timedelta(days=1))
    if known is not None and known.state == Ranking.State.FROZEN:
        return None
    return compute_ranking(today - timedelta(days=1), by=None, at=clock.at_local(today))
