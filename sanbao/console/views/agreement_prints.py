"""Batches of letters to print, and the letters that run out."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements import printing, queries, renewals
from sanbao.agreements.models import Agreement, LetterPrint
from sanbao.console.views.coverage import SECTION, area_of, crumbs
from sanbao.core import clock, files
from sanbao.core.access import require
from sanbao.core.tables import export_response

ROWS = 50


@require_safe
@login_required
def print_batches(request: HttpRequest) -> HttpResponse:
    """The batches of letters that were printed or are being printed."""
    require(request.user, "agreement.plan")
    area, at = area_of(request), clock.now()
    page_obj = Paginator(LetterPrint.objects.select_related("by", "unit"), ROWS).get_page(request.GET.get("page"))
    waiting = queries.to_be_signed(area, at).count()
    context = {**SECTION, "area": area, "crumbs": crumbs(area), "page_obj": page_obj, "waiting": waiting}
    return render(request, "console/agreements/prints.html", context)


@require_POST
@login_required
def ask_print(request: HttpRequest) -> HttpResponse:
    """Have the letters that wait in an area printed as one file."""
    at = clock.now()
    letters = list(queries.to_be_signed(area_of(request), at)[: printing.AT_ONCE + 1])
    base = settings.PUBLIC_URL or request.build_absolute_uri("/")
    batch = printing.ask_print(letters, base=base, by=request.user, at=at)
    return redirect("console:print_batch", batch.pk)


@require_safe
@login_required
def print_batch(request: HttpRequest, pk: str) -> HttpResponse:
    """One batch: how far it is, and its file."""
    require(request.user, "agreement.plan")
    batch = get_object_or_404(LetterPrint.objects.select_related("by", "unit"), pk=pk)
    done = min(len(batch.parts) * printing.PART, len(batch.letters))
    context = {**SECTION, "batch": batch, "done": done, "of": len(batch.letters)}
    if request.headers.get("HX-Request"):
        return render(request, "console/agreements/print_progress.html", context)
    return render(request, "console/agreements/print.html", context)


@require_safe
@login_required
def print_file(request: HttpRequest, pk: str) -> HttpResponse:
    """The finished file of a batch."""
    require(request.user, "agreement.plan")
    batch = get_object_or_404(LetterPrint, pk=pk)
    if not batch.file:
        raise Http404
    response = HttpResponse(files.read_bytes(batch.file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letters-{batch.pk}.pdf"'
    return response


@require_safe
@login_required
def renewal_list(request: HttpRequest) -> HttpResponseBase:
    """The letters that end soon, and the fronts whose letter has run out."""
    require(request.user, "agreement.view")
    area, today = area_of(request), clock.today()
    past = request.GET.get("which") == "ended"
    soon, over = renewals.ending(area, today), renewals.ended(area, today)
    found = over if past else soon
    if request.GET.get("export"):
        header = [_("number"), _("address"), _("merchant"), _("unit"), _("version"), _("until")]
        lines = ([e.number, e.premises.address, e.merchant.name, e.unit, e.form.version, e.term_until] for e in found.iterator())
        return export_response(request, "renewals", header, lines, request.GET["export"])
    page_obj = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "area": area,
        "crumbs": crumbs(area),
        "past": past,
        "soon": soon.count(),
        "over": over.count(),
        "page_obj": page_obj,
        "rows": _renewal_rows(page_obj.object_list),
    }
    return render(request, "console/agreements/renewals.html", context)


def _renewal_rows(letters: Iterable[Agreement]) -> list[dict[str, Any]]:
    found = list(letters)
    waiting = queries.waiting_letters([each.premises_id for each in found])
    end = timedelta(days=1)
    return [
        {"letter": each, "ends_at": clock.at_local(each.term_until + end), "waiting": waiting.get(each.premises_id)}
        for each in found
    ]


urlpatterns = [
    path("letters/print/", print_batches, name="print_batches"),
    path("letters/print/ask/", ask_print, name="ask_print"),
    path("letters/print/<uuid:pk>/", print_batch, name="print_batch"),
    path("letters/print/<uuid:pk>/letters.pdf", print_file, name="print_file"),
    path("agreements/renewals/", renewal_list, name="renewals"),
]
