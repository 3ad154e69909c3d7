"""Door plates: which fronts have one, issuing and printing them in walking order, ticking them off, and the plate of one front."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements.plates import queries, services, tasks
from sanbao.agreements.plates.models import Plate, PlateSheet
from sanbao.console.views.coverage import area_of, crumbs
from sanbao.core import clock, files
from sanbao.core.access import require
from sanbao.core.errors import refuse
from sanbao.core.tables import export_response
from sanbao.registry.models import Area, Premises, Street

SECTION = {"section": "agreements"}
ROWS, AT_ONCE = 100, 5_000
LABELS = {queries.NONE: gettext_lazy("no plate"), **dict(Plate.State.choices)}
TONES = {"none": "warn", "issued": "info", "handed_over": "info", "mounted": "ok", "lost": "bad"}


def _narrowed(request: HttpRequest, area: Area | None, *, all_kinds: bool = False) -> QuerySet[Premises]:
    """The fronts that the address of the page (or the form sent from it) asks for, with their plates, in walking order."""
    data = request.GET if request.method == "GET" else request.POST
    fronts = queries.plated(area, clock.today())
    if street := data.get("street", "").strip():
        fronts = fronts.filter(segment__street__name=street)
    if text := data.get("q", "").strip():
        fronts = fronts.filter(Q(address__icontains=text) | Q(code=text) | Q(plate_code=queries.tidied(text) or "-"))
    kind = data.get("kind", "")
    return fronts.filter(plate_state=kind) if kind in queries.KINDS and not all_kinds else fronts


@require_safe
@login_required
def plates(request: HttpRequest) -> HttpResponseBase:
    """Every front of an area with the state of its plate, in walking order; tick, issue, print, mark."""
    require(request.user, "agreement.view")
    area = area_of(request)
    fronts = _narrowed(request, area)
    if request.GET.get("export"):
        return _export_fronts(request, fronts)
    counted = queries.tally(_narrowed(request, area, all_kinds=True))
    page_obj = Paginator(fronts, ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "area": area,
        "crumbs": crumbs(area),
        "page_obj": page_obj,
        "rows": [_row(front) for front in page_obj],
        "tiles": [
            {"kind": kind, "label": LABELS[kind], "number": counted[kind], "tone": TONES[kind] if kind == "none" else ""}
            for kind in queries.KINDS
        ],
        "kind": request.GET.get("kind", ""),
        "streets": Street.objects.order_by("pinyin", "name"),
        "street": request.GET.get("street", ""),
        "sizes": PlateSheet.Size.choices,
    }
    return render(request, "console/plates/plates.html", context)


def _row(front: Premises) -> dict[str, Any]:
    plate = f"{front.plate_code[:5]}-{front.plate_code[5:]}" if front.plate_code else ""
    return {"front": front, "label": LABELS[front.plate_state], "tone": TONES[front.plate_state], "plate": plate}


def _export_fronts(request: HttpRequest, fronts: QuerySet[Premises]) -> HttpResponseBase:
    header = [_("street"), _("segment"), _("side"), _("from, m"), _("code"), _("address"), _("plate"), _("state of the plate")]
    rows = ([*_where(row["front"]), row["plate"], row["label"]] for row in map(_row, fronts.iterator(chunk_size=1000)))
    return export_response(request, "plates", header, rows, request.GET["export"])


def _where(front: Premises) -> list[Any]:
    street, number = (front.segment.street.name, front.segment.number) if front.segment else ("", "")
    return [street, number, front.get_side_display(), front.start_m, front.code, front.address]


@require_POST
@login_required
def issue(request: HttpRequest) -> HttpResponse:
    """Issue plates where none is valid for the ticked fronts (or all that the page shows), and order them printed."""
    require(request.user, "agreement.plan")
    at = clock.now()
    fronts = _narrowed(request, area_of(request))
    if not request.POST.get("all"):
        fronts = fronts.filter(pk__in=request.POST.getlist("premises")[:AT_ONCE])
    chosen = list(fronts[:AT_ONCE])
    if not chosen:
        raise refuse("no_plates", services.NO_PLATES)
    street = chosen[0].segment.street.name if chosen[0].segment else chosen[0].area.name
    title = _("%(street)s, %(count)s plates") % {"street": street, "count": len(chosen)}
    address, size = request.build_absolute_uri("/"), request.POST.get("size", "")
    sheet = services.issue_sheet(chosen, size=size, address=address, title=title, by=request.user, at=at)
    if sheet.of_parts == 1:
        services.print_part(sheet, at=at)
    else:
        tasks.print_sheet.using(uniq=f"plates:{sheet.pk}").enqueue(sheet=str(sheet.pk))
    return redirect("console:plate_sheet", sheet.pk)


@require_POST
@login_required
def mark(request: HttpRequest) -> HttpResponse:
    """Tick off plates as handed over or mounted, from the list of fronts or from a sheet."""
    chosen = Q(premises__in=request.POST.getlist("premises")[:AT_ONCE]) | Q(pk__in=request.POST.getlist("plate")[:AT_ONCE])
    found = list(Plate.objects.filter(chosen, state__in=services.VALID))
    if not found:
        raise refuse("no_plates", services.NO_PLATES)
    done = services.mark_plates(found, request.POST.get("step", ""), by=request.user, at=clock.now())
    text = ngettext("%(count)d plate is marked.", "%(count)d plates are marked.", len(done.plates))
    messages.success(request, text % {"count": len(done.plates)})
    for plate, refusal in done.refused:
        messages.warning(request, _("%(front)s: %(reason)s") % {"front": plate, "reason": " ".join(refusal.texts())})
    sheet = request.POST.get("sheet", "")
    if sheet:
        return redirect("console:plate_sheet", get_object_or_404(PlateSheet, pk=sheet).pk)
    return redirect(f"{reverse('console:plates')}?area={request.POST.get('area', '')}")


@require_safe
@login_required
def sheets(request: HttpRequest) -> HttpResponseBase:
    """Every order to print."""
    require(request.user, "agreement.view")
    found = queries.sheets()
    if request.GET.get("export"):
        header = [_("sheet"), _("size"), _("plates"), _("ordered at"), _("by"), _("printed at")]
        rows = ([each.title, each.get_size_display(), each.count, each.ordered_at, each.by, each.printed_at] for each in found)
        return export_response(request, "plate-sheets", header, rows, request.GET["export"])
    page_obj = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "console/plates/sheets.html", {**SECTION, "page_obj": page_obj})


@require_safe
@login_required
def sheet(request: HttpRequest, pk: str) -> HttpResponseBase:
    """One order to print: the PDFs as they come, and the list to tick off on the way."""
    require(request.user, "agreement.view")
    found = get_object_or_404(PlateSheet.objects.select_related("by"), pk=pk)
    lines = queries.lines_of(found)
    if request.GET.get("export"):
        header = [
            _("number"), _("street"), _("segment"), _("side"), _("from, m"), _("code"), _("address"), _("plate"), _("state of the plate"),
        ]  # fmt: skip
        rows = ([line.position, *_where(line.plate.premises), str(line.plate), line.plate.get_state_display()] for line in lines)
        return export_response(request, "plate-list", header, rows, request.GET["export"])
    page_obj = Paginator(lines, services.PER_PART).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "sheet": found,
        "done": len(found.parts),
        "parts": [_part(found, number, page_obj.paginator.count) for number in range(len(found.parts))],
        "page_obj": page_obj,
        "rows": [{"line": line, "plate": line.plate, "tone": TONES.get(line.plate.state, "muted")} for line in page_obj],
        "valid": services.VALID,
    }
    return render(request, "console/plates/sheet.html", context)


def _part(sheet: PlateSheet, number: int, count: int) -> dict[str, Any]:
    first = number * services.PER_PART + 1
    return {"number": number + 1, "first": first, "last": min(count, first + services.PER_PART - 1)}


@require_safe
@login_required
def sheet_pdf(request: HttpRequest, pk: str, part: int) -> HttpResponse:
    """One part of a sheet as PDF."""
    require(request.user, "agreement.view")
    found = get_object_or_404(PlateSheet, pk=pk)
    if not 1 <= part <= len(found.parts):
        raise Http404
    response = HttpResponse(files.read_bytes(found.parts[part - 1]), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="plates-{part}.pdf"'
    return response


urlpatterns = [
    path("plates/", plates, name="plates"),
    path("plates/issue/", issue, name="issue_plates"),
    path("plates/mark/", mark, name="mark_plates"),
    path("plates/sheets/", sheets, name="plate_sheets"),
    path("plates/sheets/<uuid:pk>/", sheet, name="plate_sheet"),
    path("plates/sheets/<uuid:pk>/<int:part>.pdf", sheet_pdf, name="plate_sheet_pdf"),
]
