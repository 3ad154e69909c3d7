"""Incoming reports: the list, and one report beside what is already known near it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sanbao.core import clock, files
from sanbao.core.access import require
from sanbao.core.exports import export_response
from sanbao.problems import queries, services
from sanbao.problems.classes import classes
from sanbao.problems.models import Finding, Report
from sanbao.registry.models import Premises

SECTION = {"section": "reports"}
TONES = {"received": "warn", "accepted": "info", "declined": "muted", "merged": "muted", "answered": "ok"}
STATES = (*Report.State.choices, ("all", gettext_lazy("all")))


@login_required
def reports(request: HttpRequest) -> HttpResponseBase:
    """Reports of a state, the newest first."""
    require(request.user, "problem.view")
    state = request.GET.get("state", "received")
    state = state if state in dict(STATES) else "received"
    source = request.GET.get("source", "")
    rows = queries.reports_in(state, source if source in Report.Source.values else "")
    if request.GET.get("export"):
        header = [_("number"), _("class of problem"), _("place in words"), _("area"), _("state"), _("received at")]
        lines = (
            [row.number, _name(row), row.place, str(row.area or ""), row.get_state_display(), row.received_at]
            for row in rows.order_by("-id")[:50_000].iterator(chunk_size=1000)
        )
        return export_response(request, _("reports"), header, lines, request.GET["export"])
    page = queries.page_of(rows, ("id", "id"), cursor=request.GET.get("page", ""), descending=True)
    count, more = queries.capped_count(rows)
    context = {
        **SECTION,
        "rows": [{"report": row, "class": classes().get(row.class_code), "tone": TONES[row.state]} for row in page.rows],
        "page": page,
        "count": count,
        "more": more,
        "state": state,
        "states": STATES,
        "source": source,
        "sources": Report.Source.choices,
    }
    return render(request, "console/problems/reports.html", context)


def _name(row: Report) -> str:
    found = classes().get(row.class_code)
    return found.name if found else row.class_code


@login_required
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report with its photos; reports and findings of the same class nearby stand beside it."""
    require(request.user, "problem.view")
    found = get_object_or_404(Report.objects.select_related("area", "premises", "finding", "duplicate_of"), pk=pk)
    beside = queries.nearby_reports(found.class_code, found.lon, found.lat, at=found.received_at, but=found)
    context = {
        **SECTION,
        "report": found,
        "class": classes().get(found.class_code),
        "tone": TONES[found.state],
        "photos": [use.photo for use in files.attachments(found)],
        "fronts": queries.fronts_near(found.lon, found.lat),
        "near_reports": beside,
        "near_findings": queries.nearby_findings(found.class_code, found.lon, found.lat),
        "open": found.state == Report.State.RECEIVED,
    }
    return render(request, "console/problems/report.html", context)


@login_required
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it up at the premises chosen, or at none."""
    front = request.POST.get("front", "")
    premises = Premises.objects.filter(code=front).first() if front else None
    note = request.POST.get("note", "")[:4000]
    finding = services.accept_report(
        get_object_or_404(Report, pk=pk), premises=premises, note=note, by=request.user, at=clock.now()
    )
    return redirect("console:problem", finding.pk)


@login_required
@require_POST
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decline it with a reply."""
    reply = request.POST.get("reply", "")[:1000]
    services.decline_report(get_object_or_404(Report, pk=pk), reply=reply, by=request.user, at=clock.now())
    return redirect("console:reports")


@login_required
@require_POST
def merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Join it to the report or finding of that number."""
    number = request.POST.get("into", "").strip()
    into = Finding.objects.filter(number=number).first() or get_object_or_404(Report, number=number)
    services.merge_report(get_object_or_404(Report, pk=pk), into, by=request.user, at=clock.now())
    return redirect("console:report", pk)


urlpatterns = [
    path("reports/", reports, name="reports"),
    path("reports/<uuid:pk>/", report, name="report"),
    path("reports/<uuid:pk>/accept/", accept, name="report_accept"),
    path("reports/<uuid:pk>/decline/", decline, name="report_decline"),
    path("reports/<uuid:pk>/merge/", merge, name="report_merge"),
]
