"""The public's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def home(request: HttpRequest) -> HttpResponse:
    """Report in three taps, follow by number, see what is published."""
    return render(request, "portal/home.html", {"section": "home"})


urlpatterns = [path("", home, name="home")]
