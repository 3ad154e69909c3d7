"""The pages of the appraisal: the month's table, the score ladder, the rows behind every figure, the rubric."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sanbao.campaigns import queries as plans
from sanbao.console import rows as reading
from sanbao.console.pictures import ladder
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.district import current_id
from sanbao.core.errors import refuse
from sanbao.core.models import Department
from sanbao.core.tables import export_response
from sanbao.evaluation import indicators, queries, services
from sanbao.evaluation.models import Ranking, Score
from sanbao.evaluation.period import Period, month_of
from sanbao.evaluation.rubric import Rubric, rubric_on
from sanbao.evaluation.scoring import shown
from sanbao.law.workflow import gettext_noop

SECTION = {"section": "evaluation"}
SIDES = {
    "denominator": gettext_lazy("all that count"),
    "numerator": gettext_lazy("done"),
    "missing": gettext_lazy("missing"),
    "open": gettext_lazy("can still be finished"),
}
BAD_DAY = gettext_noop("“%(text)s” is not a day; write it like 2026-11-22.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text if len(text) != 7 else f"{text}-01")
    except ValueError as error:
        raise refuse("bad_day", BAD_DAY, text=text[:20]) from error


@login_required
def ranking(request: HttpRequest) -> HttpResponseBase:
    """A month's table by group, with movement against the month before; exports what is shown."""
    require(request.user, "ranking.view")
    newest = queries.months().first()
    this_month = clock.today().replace(day=1)
    month = _day(request.GET["month"]).replace(day=1) if request.GET.get("month") else newest.month if newest else this_month
    found = queries.ranking_of(month)
    groups = queries.table(found) if found else []
    if found and request.GET.get("export"):
        header = [_("Group"), _("Rank"), _("Unit"), _("Score"), _("Grade"), _("Weight with data"), _("Movement")]
        lines = [
            [group.name, row.score.place, row.name, row.shown, row.score.grade, row.score.measured, row.movement]
            for group, mine in groups
            for row in mine
        ]
        return export_response(request, f"ranking-{month:%Y-%m}", header, lines, request.GET["export"])
    context = {
        **SECTION,
        "month": month,
        "this_month": this_month,
        "ranking": found,
        "groups": groups,
        "months": queries.months(),
        "over": month_of(month, clock.now()).over,
    }
    return render(request, "console/evaluation/ranking.html", context)


def _to(month: date) -> HttpResponse:
    return redirect(f"{reverse('console:ranking')}?month={month:%Y-%m}")


@login_required
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Compute a month's ranking as things stand now."""
    month = _day(request.POST.get("month", ""))
    return _to(services.compute_ranking(month, by=request.user, at=clock.now()).month)


@login_required
@require_POST
def freeze(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Freeze a ranking for good."""
    found = get_object_or_404(Ranking, pk=pk)
    return _to(services.freeze_ranking(found, by=request.user, at=clock.now()).month)


@login_required
def score(request: HttpRequest, month: str, unit: int) -> HttpResponse:
    """One unit's ladder from 100 down to its score, each step with its rule and its rows, and what finishing would bring."""
    require(request.user, "ranking.view")
    row = get_object_or_404(Score.objects.select_related("ranking", "unit"), ranking__month=_day(month), unit_id=unit)
    rubric, result, others = queries.rubric_of(row.ranking), queries.result_of(row), queries.rivals(row)
    lines = [_line(line, row, rubric, others) for line in result.lines]
    all_open = queries.outlook(row, {line["key"]: line["open"] for line in lines}, others)
    context = {
        **SECTION,
        "score": row,
        "ranking": row.ranking,
        "group": rubric.group_of(row.group),
        "rubric": rubric,
        "grade": next((grade for grade in rubric.grades if grade.letter == row.grade), None),
        "shown": shown(result.points),
        "ladder": ladder.picture(result, {line["key"]: line for line in lines}),
        "lines": lines,
        "all_open": all_open,
        "all_shown": shown(all_open.points),
        "all_gain": float(all_open.gain),
        "any_open": any(line["open"] for line in lines) and row.ranking.state == Ranking.State.COMPUTED,
        "what_if": _what_if(rubric, lines, others),
        "out_of": len(others) + 1 if row.place else len(others),
    }
    return render(request, "console/evaluation/score.html", context)


def _line(line: Any, row: Score, rubric: Rubric, others: list[Any]) -> dict[str, Any]:
    count, indicator = line.count, rubric.indicators[line.indicator]
    outlook = queries.outlook(row, {line.indicator: count.open}, others)
    return {
        "key": line.indicator,
        "indicator": indicator,
        "weight": line.weight,
        "base": shown(line.base),
        "count": asdict(count),
        "share": None if line.share is None else float(line.share * 100),
        "lost": float(line.lost),
        "missing": count.denominator - count.numerator,
        "open": count.open,
        "outlook": outlook,
        "outlook_shown": shown(outlook.points),
        "gain": float(outlook.gain),
        "rows": f"{reverse('console:indicator', args=[line.indicator])}?ranking={row.ranking_id}&unit={row.unit_id}",
    }


def _what_if(rubric: Rubric, lines: list[dict[str, Any]], others: list[Any]) -> dict[str, Any]:
    counted = [
        {"key": each["key"], "weight": each["weight"], "down": each["indicator"].direction == "down", **each["count"]}
        for each in lines
    ]
    grades = [{"letter": grade.letter, "from": grade.lowest} for grade in rubric.grades]
    return {"lines": counted, "others": [float(each) for each in others], "grades": grades, "minimum": rubric.minimum_measured}


@login_required
def indicator(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows behind a figure: of a unit or the whole district, one side of the fraction; exports what is shown."""
    require(request.user, "ranking.view")
    period, rubric = _period(request)
    if name not in rubric.indicators:
        raise Http404
    wanted = request.GET.get("unit", "")
    unit = get_object_or_404(Department, pk=wanted, district_id=current_id()) if wanted.isdigit() else None
    side = request.GET.get("side", "denominator")
    if side not in SIDES:
        raise Http404
    found = indicators.rows_of(name, unit, period, rubric)
    chosen = reading.with_names(name, found.side(side))
    if request.GET.get("export"):
        header = [_("What"), _("Where"), _("Due"), _("Done"), _("State"), _("Counts")]
        lines = ([r.what, r.where, r.due, r.done, r.note, str(r.standing)] for r in reading.shown(name, chosen))
        return export_response(request, f"{name}-{period.day}-{side}", header, lines, request.GET["export"])
    page = Paginator(chosen, 100).get_page(request.GET.get("page"))
    count = found.count()
    context = {
        **SECTION,
        "indicator": rubric.indicators[name],
        "unit": unit,
        "period": period,
        "count": count,
        "share": None if count.share is None else float(count.share * 100),
        "missing": count.denominator - count.numerator,
        "side": side,
        "sides": SIDES,
        "page_obj": page,
        "rows": reading.shown(name, page),
        "drift": _drift(request, name, unit, count),
    }
    return render(request, "console/evaluation/indicator.html", context)


def _period(request: HttpRequest) -> tuple[Period, Rubric]:
    """Of the ranking named, else of the campaign (or the month) up to the end of a day that has passed, or until now."""
    if request.GET.get("ranking"):
        try:
            found = get_object_or_404(Ranking, pk=UUID(request.GET["ranking"]))
        except ValueError as error:
            raise Http404 from error
        return found.period, queries.rubric_of(found)
    on = _day(request.GET.get("on") or clock.today().isoformat())
    as_of = min(clock.now(), services.end_of(on))
    if request.GET.get("from"):
        return Period(min(_day(request.GET["from"]), on), on, as_of), rubric_on(on)
    return services.campaign_period(plans.current(on), on, as_of), rubric_on(on)


def _drift(request: HttpRequest, name: str, unit: Department | None, count: Any) -> dict[str, int] | None:
    """The figure as it stands in the ranking, where the rows have been changed since it was computed."""
    if unit is None or not request.GET.get("ranking"):
        return None
    row = Score.objects.filter(ranking=request.GET["ranking"], unit=unit).first()
    kept = queries.counts_in(row.lines).get(name) if row else None
    if kept is None or (kept.numerator, kept.denominator) == (count.numerator, count.denominator):
        return None
    return {"numerator": kept.numerator, "denominator": kept.denominator}


@login_required
def rubric(request: HttpRequest) -> HttpResponse:
    """The rubric in words beside its numbers."""
    require(request.user, "ranking.view")
    found = rubric_on(clock.today())
    groups = [(group, [(found.indicators[key], weight) for key, weight in group.weights.items()]) for group in found.groups]
    context = {**SECTION, "rubric": found, "groups": groups, "yesterday": clock.today() - timedelta(days=1)}
    return render(request, "console/evaluation/rubric.html", context)


urlpatterns = [
    path("ranking/", ranking, name="ranking"),
    path("ranking/compute/", compute, name="compute_ranking"),
    path("ranking/<uuid:pk>/freeze/", freeze, name="freeze_ranking"),
    path("ranking/<str:month>/<int:unit>/", score, name="score"),
    path("indicator/<slug:name>/", indicator, name="indicator"),
    path("rubric/", rubric, name="rubric"),
]
