"""How decisions are made and on which law: for the public, with how to complain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language

from sanbao.core import clock
from sanbao.core.lawbook import lawbook
from sanbao.problems.facts import local_of


def law(request: HttpRequest) -> HttpResponse:
    """The law in force today."""
    context = {"section": "law", "book": lawbook(clock.today(), local_of()), "english": get_language() == "en"}
    return render(request, "portal/law.html", context)


urlpatterns = [path("law/", law, name="law")]
