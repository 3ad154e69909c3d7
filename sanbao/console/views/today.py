"""The first page of the staff: what must I do now, by when, and why; the headquarters also sees the hundred days."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from sanbao.campaigns import queries as campaigns
from sanbao.console import today as gathering
from sanbao.console.pictures import ring as ring_picture
from sanbao.core import clock
from sanbao.core.access import may


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """My due and overdue, my approvals; ring and orphans for those who manage the campaign."""
    at = clock.now()
    context = {"section": "today", "piles": gathering.piles_of(request.user, at)}
    campaign = campaigns.current(clock.today()) if may(request.user, "campaign.view", at) else None
    if campaign is not None:
        context |= {
            "campaign": campaign,
            "picture": ring_picture.picture(campaigns.ring(campaign, at)),
            "lines": campaigns.board(campaign),
        }
    return render(request, "console/today.html", context)


urlpatterns = [path("", today, name="today")]
