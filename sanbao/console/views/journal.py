"""The journal as people read it: filter by subject and action, and the proof of the chain."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from sanbao.core import district, exports
from sanbao.core.access import require
from sanbao.core.models import Entry, Seal


@login_required
def journal(request: HttpRequest) -> HttpResponse:
    """Entries, newest first; exports what is shown."""
    require(request.user, "journal.view")
    rows = Entry.objects.filter(district_id=district.current_id()).select_related("by").order_by("-id")
    action, subject = request.GET.get("action", "").strip(), request.GET.get("subject", "").strip()
    if action:
        rows = rows.filter(action=action)
    if subject:
        rows = rows.filter(subject=subject)
    if request.GET.get("export"):
        header = ["id", "at", "action", "subject", "by", "data"]
        lines = ([row.pk, row.at, row.action, row.subject, row.by_id or "", str(row.data)] for row in rows[:50_000])
        return exports.export_response(request, "journal", header, lines, request.GET["export"])
    head = Seal.objects.filter(district_id=district.current_id()).order_by("-number").first()
    context = {
        "section": "journal",
        "page_obj": Paginator(rows, 60).get_page(request.GET.get("page")),
        "action": action,
        "subject": subject,
        "head": head,
    }
    return render(request, "console/journal.html", context)


urlpatterns = [path("journal/", journal, name="journal")]
