"""What the public may open: publications of every kind, and the campaign in figures. Reads frozen copies and counts, never live rows."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language

from sanbao.campaigns import queries as plans
from sanbao.campaigns.models import Campaign
from sanbao.core import clock
from sanbao.evaluation.rubric import rubric_on
from sanbao.publicity import figures, queries
from sanbao.publicity.merits import CRITERIA
from sanbao.publicity.models import Publication

SECTION = {"section": "published"}


def published(request: HttpRequest) -> HttpResponse:
    """Everything that is published now, by kind, the newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Publication.Kind.values else ""
    rows = queries.published(clock.now(), kind)
    page = Paginator(rows, 24).get_page(request.GET.get("page"))
    context = {**SECTION, "kind": kind, "kinds": Publication.Kind.choices, "page_obj": page}
    return render(request, "portal/publicity/published.html", context)


def publication(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One publication; a withdrawn one says only that it was withdrawn and why (PL 48), an ended one is gone."""
    row = queries.for_the_public(pk, clock.now())
    if row is None:
        if Publication.objects.filter(pk=pk, state=Publication.State.ENDED).exists():
            return render(request, "portal/publicity/gone.html", SECTION, status=410)
        raise Http404
    context = {
        **SECTION,
        "row": row,
        "english": (get_language() or "zh").startswith("en"),
        "merits": _merits(row),
    }
    name = "withdrawn" if row.state == Publication.State.WITHDRAWN else "publication"
    return render(request, f"portal/publicity/{name}.html", context)


def _merits(row: Publication) -> list[tuple[object, int]]:
    """How many records speak for a commended unit on each criterion; the `basis` of a decision is a text, not records."""
    if row.kind != Publication.Kind.COMMENDATION:
        return []
    return [(label, len(row.data.get("basis", {}).get(key, []))) for key, label in CRITERIA.items()]


def _campaign() -> Campaign:
    found = plans.current(clock.today())
    if found is None:
        raise Http404
    return found


def campaign_figures(request: HttpRequest) -> HttpResponse:
    """The campaign in figures: day n of a hundred, every target with its newest reading, the public's reports."""
    found, today = _campaign(), clock.today()
    context = {
        "section": "figures",
        "campaign": found,
        "ring": plans.ring(found, clock.now()),
        "figures": figures.figures(found, today),
        "said": figures.reports_since(found, clock.now()),
    }
    return render(request, "portal/publicity/figures.html", context)


def figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure opened by unit or area; the parts add up to it."""
    found, today = _campaign(), clock.today()
    shown = next((each for each in figures.figures(found, today) if each.indicator.key == name), None)
    if shown is None or name not in rubric_on(today).indicators:
        raise Http404
    parts = figures.parts_of(name, found, shown.on)
    context = {"section": "figures", "campaign": found, "figure": shown, "parts": parts}
    return render(request, "portal/publicity/figure.html", context)


def reports(request: HttpRequest) -> HttpResponse:
    """The public's reports in the campaign, each with class, road, day and state."""
    found = _campaign()
    context = {
        "section": "figures",
        "campaign": found,
        "said": figures.reports_since(found, clock.now()),
        "reports": figures.safe_reports(found, clock.now()),
        "most": figures.MOST,
    }
    return render(request, "portal/publicity/reports.html", context)


urlpatterns = [
    path("published/", published, name="published"),
    path("published/<uuid:pk>/", publication, name="publication"),
    path("figures/", campaign_figures, name="figures"),
    path("figures/reports/", reports, name="figure_reports"),
    path("figures/<slug:name>/", figure, name="figure"),
]
