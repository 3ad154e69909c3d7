"""Reading rankings: the newest, their rows by group, movement, and what finishing the open items would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from sanbao.core.models import Department
from sanbao.evaluation import scoring
from sanbao.evaluation.models import Ranking, Score
from sanbao.evaluation.period import Period, previous_month
from sanbao.evaluation.rubric import Group, Rubric, rubrics


def ranking_of(month: date) -> Ranking | None:
    """The ranking of a month, if there is one."""
    return Ranking.objects.filter(month=month.replace(day=1)).first()


def months() -> QuerySet[Ranking]:
    """Every ranking, the newest first."""
    return Ranking.objects.select_related("frozen_by").order_by("-month")


def rubric_of(ranking: Ranking) -> Rubric:
    """The version of the rubric a ranking was computed by; `KeyError` when its file was taken away."""
    return rubrics()[ranking.rubric]


def units_in(rubric: Rubric, period: Period) -> QuerySet[Department]:
    """The units that are appraised: of a kind with a group, and existing on a day of the period (S03)."""
    from sanbao.core.district import current_id

    living = Q(from_on__isnull=True) | Q(from_on__lte=period.last_on)
    living &= Q(until_on__isnull=True) | Q(until_on__gte=period.first_on)
    kinds = [group.kind for group in rubric.groups]
    return Department.objects.filter(living, district_id=current_id(), kind__in=kinds).order_by("code")


def scores_of(ranking: Ranking) -> QuerySet[Score]:
    """The scores of a ranking in the order of their places, group by group, with the unit."""
    return Score.objects.filter(ranking=ranking).select_related("unit", "ranking")


@dataclass(frozen=True)
class Standing:
    """One row of the table: the score, and its place against last month's (positive: risen; None: nothing to compare)."""

    score: Score
    before: int | None
    name: str
    out_of: int

    @property
    def shown(self) -> Any:
        """The score as printed."""
        return scoring.shown(self.score.points)

    @property
    def movement(self) -> int | None:
        if self.before is None or self.score.place is None:
            return None
        return self.before - self.score.place

    @property
    def distance(self) -> int:
        """By how many places it moved, up or down."""
        return abs(self.movement or 0)


def table(ranking: Ranking) -> list[tuple[Group, list[Standing]]]:
    """The ranking by group with the movement against the month before (3 queries)."""
    rubric = rubric_of(ranking)
    former = ranking_of(previous_month(ranking.month))
    before = dict(Score.objects.filter(ranking=former).values_list("unit_id", "place")) if former else {}
    rows = list(scores_of(ranking))
    found = []
    for group in rubric.groups:
        mine = sorted(
            (row for row in rows if row.group == group.kind), key=lambda row: (row.place is None, row.place or 0, row.unit.code)
        )
        placed = sum(row.place is not None for row in mine)
        found.append((group, [Standing(row, before.get(row.unit_id), row.unit.name, placed) for row in mine]))
    return [(group, mine) for group, mine in found if mine]


def counts_in(lines: Iterable[dict[str, Any]]) -> dict[str, scoring.Count]:
    """The counts a stored score was made of, by indicator."""
    return {
        line["indicator"]: scoring.Count(line["numerator"], line["denominator"], line["pending"], line["waiting"])
        for line in lines
    }


def result_of(score: Score) -> scoring.Result:
    """The score made again from its stored counts, exactly, by the rubric it was made by."""
    rubric = rubric_of(score.ranking)
    group = rubric.group_of(score.group)
    if group is None:
        raise KeyError(score.group)
    return scoring.score(rubric, group, counts_in(score.lines))


def rivals(score: Score) -> list[Fraction]:
    """The exact scores of the other placed units of the same group."""
    others = Score.objects.filter(ranking=score.ranking, group=score.group, place__isnull=False).exclude(pk=score.pk)
    found = (result_of(other).points for other in others.select_related("ranking"))
    return [points for points in found if points is not None]


@dataclass(frozen=True)
class Outlook:
    """What finishing some open items would bring: the new score and place, and the gain."""

    points: Fraction | None
    place: int | None
    gain: Fraction


def outlook(score: Score, finished: dict[str, int], others: list[Fraction]) -> Outlook:
    """The score and place if so many open items of each indicator were finished and all others stayed as they are."""
    rubric = rubric_of(score.ranking)
    group = rubric.group_of(score.group)
    if group is None:
        raise KeyError(score.group)
    counts = counts_in(score.lines)
    changed = {key: count.finished(finished.get(key, 0)) for key, count in counts.items()}
    now, then = scoring.score(rubric, group, counts), scoring.score(rubric, group, changed)
    if then.points is None or then.measured < rubric.minimum_measured:
        return Outlook(then.points, None, Fraction(0))
    place = 1 + sum(points > then.points for points in others)
    return Outlook(then.points, place, then.points - (now.points or Fraction(0)))
