"""“Law in force today”: every figure the system uses, with source and confidence; read only."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language

from sanbao.core import clock
from sanbao.core.errors import refuse
from sanbao.core.lawbook import lawbook
from sanbao.law.workflow import gettext_noop
from sanbao.problems.facts import local_of


@login_required
def law(request: HttpRequest) -> HttpResponse:
    """The law on a day given as `?on=2026-08-15`, else today."""
    wanted = request.GET.get("on", "")
    try:
        on = date.fromisoformat(wanted) if wanted else clock.today()
    except ValueError as error:
        raise refuse("bad_day", gettext_noop("“%(text)s” is not a day; write it like 2026-11-22."), text=wanted) from error
    context = {"section": "law", "book": lawbook(on, local_of()), "english": get_language() == "en"}
    return render(request, "console/law.html", context)


urlpatterns = [path("law/", law, name="law")]
