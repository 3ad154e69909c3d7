"""The campaign in figures for the public: what the nightly readings say, opened by unit or area and never by person, shop or address.

Reports are listed with class, road, day and state only. Their numbers stay away: who knows a number may follow the report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from sanbao.campaigns import queries as plans
from sanbao.campaigns.models import Campaign
from sanbao.core import clock
from sanbao.evaluation import indicators
from sanbao.evaluation.rubric import Indicator, rubric_on
from sanbao.evaluation.services import campaign_period, end_of
from sanbao.law.publicity import HIDDEN, mask_address
from sanbao.problems.classes import classes
from sanbao.problems.models import Report

WHERE = {
    "coverage": "area__name",
    "findings_closed": "unit__name",
    "orders_corrected": "finding__unit__name",
    "recheck_passed": "order__finding__unit__name",
    "tasks_verified": "unit__name",
    "reports_answered": "area__name",
}
PUBLIC_SOURCES = (Report.Source.CITIZEN, Report.Source.MERCHANT)
MOST = 200


@dataclass(frozen=True)
class Figure:
    """One figure with its base and its day; `share` is in per cent, or None where there is nothing to divide by."""

    indicator: Indicator
    numerator: int
    denominator: int
    on: date
    goal: float

    @property
    def share(self) -> float | None:
        return 100.0 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Part:
    """The part of a figure that belongs to one unit or area; `name` is empty where nobody answers yet."""

    name: str
    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        return 100.0 * self.numerator / self.denominator if self.denominator else None


def figures(campaign: Campaign, on: date) -> list[Figure]:
    """The newest reading of every target of the campaign that the rubric knows (2 queries)."""
    known = rubric_on(on).indicators
    return [
        Figure(
            known[line.target.indicator],
            line.reading.numerator,
            line.reading.denominator,
            line.reading.on,
            float(line.target.value),
        )
        for line in plans.board(campaign)
        if line.reading is not None and line.target.indicator in known
    ]


def parts_of(name: str, campaign: Campaign, on: date) -> list[Part]:
    """A figure opened by unit or area; the parts add up to the figure (1 query). `KeyError` for an unknown name."""
    rows = indicators.rows_of(name, None, campaign_period(campaign, on, end_of(on)), rubric_on(on))
    found: dict[str, list[int]] = {}
    counted = rows.denominator.order_by().values(WHERE[name], "standing").annotate(n=Count("pk"))
    for row in counted:
        part = found.setdefault(row[WHERE[name]] or "", [0, 0])
        part[0] += row["n"] if row["standing"] == indicators.DONE else 0
        part[1] += row["n"]
    return [Part(name, *part) for name, part in sorted(found.items())]


@dataclass(frozen=True)
class Said:
    """How many reports the public sent since the campaign began, how many were answered and how many were taken up."""

    received: int
    answered: int
    taken_up: int


def _public_reports(campaign: Campaign, at: datetime) -> QuerySet[Report]:
    began = clock.at_local(campaign.starts_on)
    return Report.objects.filter(source__in=PUBLIC_SOURCES, received_at__gte=began, received_at__lte=at)


def reports_since(campaign: Campaign, at: datetime) -> Said:
    """The public's reports in figures (1 query)."""
    counted = _public_reports(campaign, at).aggregate(
        received=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        taken=Count("pk", filter=Q(finding__isnull=False)),
    )
    return Said(counted["received"], counted["answered"], counted["taken"])


@dataclass(frozen=True)
class SafeReport:
    """A report as everybody may see it."""

    what: str
    road: str
    received_on: date
    state: str
    answered: bool


def safe_reports(campaign: Campaign, at: datetime) -> list[SafeReport]:
    """The newest reports of the public, without number, words, pictures, contact and house number (1 query)."""
    rows = _public_reports(campaign, at).select_related("premises__segment__street", "area").order_by("-received_at", "-id")
    return list(_safe(rows[:MOST]))


def _safe(rows: Iterable[Any]) -> Iterable[SafeReport]:
    for row in rows:
        known = classes().get(row.class_code)
        day = clock.local_day(row.received_at)
        yield SafeReport(known.name if known else "", road_of(row), day, row.get_state_display(), row.answered_at is not None)


def road_of(row: Report) -> str:
    """The road of a report as far as the register knows it, else its area: what senders wrote themselves is not shown."""
    if row.premises and row.premises.segment:
        return row.premises.segment.street.name
    road = mask_address(row.premises.address) if row.premises else HIDDEN
    return road if road != HIDDEN else str(row.area or "")
