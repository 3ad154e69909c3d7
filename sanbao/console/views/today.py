"""The first page of the staff: what must I do now, by when, and why."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """My due and overdue, my approvals."""
    return render(request, "console/today.html", {"section": "today"})


urlpatterns = [path("", today, name="today")]
