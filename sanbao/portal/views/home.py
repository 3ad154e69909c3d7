"""The public's first page: report, follow, the campaign in figures, what was published last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from sanbao.campaigns import queries as plans
from sanbao.core import clock, district
from sanbao.publicity import figures, queries

LATEST = 6


def home(request: HttpRequest) -> HttpResponse:
    """Report in three taps, follow by number, day n of the campaign, the latest publications."""
    context = {"section": "home"}
    if district.known_id() is not None:
        now, today = clock.now(), clock.today()
        campaign = plans.current(today)
        context |= {
            "campaign": campaign,
            "ring": plans.ring(campaign, now) if campaign else None,
            "figures": figures.figures(campaign, today)[:4] if campaign else [],
            "said": figures.reports_since(campaign, now) if campaign else None,
            "latest": queries.published(now)[:LATEST],
        }
    return render(request, "portal/home.html", context)


urlpatterns = [path("", home, name="home")]
