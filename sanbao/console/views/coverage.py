"""Coverage from the district down to one front, the worklist of what is missed, and the street strips."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements import batches, queries
from sanbao.agreements import coverage as audits
from sanbao.agreements import strip as strips_room
from sanbao.console.pictures import strip as drawing
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.errors import refuse
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.registry import captures
from sanbao.registry.estimate import about, shown_interval
from sanbao.registry.models import Area, Merchant, Premises, Segment

SECTION = {"section": "agreements"}
ROWS, STRIPS = 50, 40
AT_ONCE = 500
NOTHING_CHOSEN = gettext_noop("No front was chosen. Tick the fronts that need a letter.")


def area_of(request: HttpRequest) -> Area | None:
    """The area that is looked at: the one named, else the top of the tree, else None."""
    named = request.GET.get("area") or request.POST.get("area")
    if named:
        return get_object_or_404(Area.objects.select_related("parent", "unit"), code=named)
    return Area.objects.filter(parent__isnull=True).order_by("code").first()


def day_of(request: HttpRequest) -> date:
    """The day that is looked at, today unless one is named."""
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()


def crumbs(area: Area | None) -> list[Area]:
    """The area and all above it, the highest first (1 query)."""
    if area is None:
        return []
    codes = [code for code in area.path.split("/") if code]
    return sorted(Area.objects.filter(code__in=codes), key=lambda each: len(each.path))


@require_safe
@login_required
def coverage(request: HttpRequest) -> HttpResponseBase:
    """How much of an area is covered on a day, and the same for each of its parts."""
    require(request.user, "agreement.view")
    area, on = area_of(request), day_of(request)
    whole = audits.audit(area, on)
    lines = _lines(area, on, whole)
    if request.GET.get("export"):
        return _export_lines(request, lines, on)
    context = {
        **SECTION,
        "area": area,
        "on": on,
        "crumbs": crumbs(area),
        "whole": whole,
        "bar": bar(whole),
        "lines": lines,
        "kinds": [(kind, audits.LABELS[kind]) for kind in audits.KINDS],
        "legend": drawing.LEGEND,
        "form": queries.form_on(on),
        "estimated": _estimated(area, on, whole),
    }
    return render(request, "console/agreements/coverage.html", context)


def _estimated(area: Area | None, on: date, whole: audits.Tally) -> dict[str, Any] | None:
    """The covered part of all fronts there probably are, those nobody knows included; only for today, and only where it can be said."""
    found = captures.known_in(area).unknown if on == clock.today() else None
    if found is None or not whole.due:
        return None
    percent, lowest, highest = found.percent_of(whole.share.numerator, whole.due)
    low, high = shown_interval(found)
    return {
        "unknown": about(found.unseen),
        "low": low,
        "high": high,
        "percent": percent,
        "low_percent": lowest,
        "high_percent": highest,
    }


@require_safe
@login_required
def coverage_lists(request: HttpRequest) -> HttpResponseBase:
    """Every front of an area with its state, all the lists behind the numbers in one file."""
    require(request.user, "agreement.view")
    area, on = area_of(request), day_of(request)
    found = audits.listed(area, on)
    header = [_("state"), _("code"), _("address"), _("name on the sign"), _("day")]
    rows = ([audits.LABELS[kind], row.code, row.address, row.sign_name, on] for kind, each in found.rows.items() for row in each)
    return export_response(request, "coverage-lists", header, rows, request.GET.get("export", "csv"))


def bar(tally: audits.Tally) -> list[dict[str, Any]]:
    """The parts of a tally as pieces of a bar of width 100, the last reaching its end."""
    pieces, reached = [], 0
    for part in tally.parts:
        if part["number"]:
            width = part["number"] * 1000 / tally.total
            pieces.append({**part, "x": f"{reached / 10:.2f}", "width": f"{width / 10:.2f}"})
            reached += width
    return pieces


def _lines(area: Area | None, on: date, whole: audits.Tally) -> list[dict[str, Any]]:
    """The parts of an area: those below it and what lies in none of them; for the lowest areas, its street segments."""
    children = list(area.children.order_by("code")) if area else []
    if not children:
        return _segment_lines(area, on) if area else []
    tallies = audits.tally_by_area(children, area, on)
    lines = [_line(each.name, tallies[each.pk], f"area={each.code}", child=each) for each in children]
    rest = {kind: whole.count[kind] - sum(line["tally"].count[kind] for line in lines) for kind in audits.KINDS}
    if any(rest.values()):
        tally = audits.Tally(on, rest, whole.unknown - sum(line["tally"].unknown for line in lines))
        lines.append(_line(_("directly in %(area)s") % {"area": area}, tally, f"area={area.code}&direct=1"))
    return lines


def _segment_lines(area: Area, on: date) -> list[dict[str, Any]]:
    tallies = audits.tally_by_segment(area, on)
    segments = (
        Segment.objects.filter(pk__in=[pk for pk in tallies if pk]).select_related("street").order_by("street__name", "number")
    )
    lines = []
    for each in segments:
        name = _("%(street)s, segment %(number)s") % {"street": each.street.name, "number": each.number}
        lines.append(_line(name, tallies[each.pk], f"area={area.code}&segment={each.pk}", segment=each))
    if None in tallies:
        lines.append(_line(_("without a street"), tallies[None], f"area={area.code}&segment=none"))
    return lines


def _line(name: str, tally: audits.Tally, where: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "tally": tally, "where": where, "bar": bar(tally), **more}


def _export_lines(request: HttpRequest, lines: list[dict[str, Any]], on: date) -> HttpResponseBase:
    header = [
        _("part"),
        *(audits.LABELS[kind] for kind in audits.KINDS),
        _("all fronts"),
        _("need a letter"),
        _("covered, %"),
        _("day"),
    ]
    rows = (
        [line["name"], *line["tally"].count.values(), line["tally"].total, line["tally"].due, line["tally"].share.percent, on]
        for line in lines
    )
    return export_response(request, "coverage", header, rows, request.GET["export"])


def _narrowed(request: HttpRequest, area: Area | None, on: date) -> QuerySet[Premises]:
    """The classified fronts that the address of the page asks for, in walking order."""
    fronts = audits.classified(area, on)
    segment = request.GET.get("segment")
    if request.GET.get("direct"):
        fronts = fronts.filter(area=area)
    if segment:
        fronts = fronts.filter(segment__isnull=True) if segment == "none" else fronts.filter(segment=segment)
    if text := request.GET.get("q", "").strip():
        fronts = fronts.filter(Q(address__icontains=text) | Q(sign_name__icontains=text) | Q(code=text))
    return queries.walking_order(fronts.select_related("area", "segment", "segment__street"))


def _filled(fronts: Iterable[Premises], on: date) -> list[dict[str, Any]]:
    """Rows for a page or a file: each front with its kind in words, its operator and its letters (3 queries)."""
    found = list(fronts)
    held, waiting = audits.letters_behind(found, on), queries.waiting_letters([each.pk for each in found])
    names = dict(Merchant.objects.filter(pk__in={each.occupant for each in found if each.occupant}).values_list("pk", "name"))
    return [
        {
            "front": each,
            "kind": each.kind,
            "label": audits.LABELS[each.kind],
            "tone": TONES[each.kind],
            "occupant": names.get(each.occupant, ""),
            "letter": held.get(each.pk),
            "waiting": waiting.get(each.pk),
        }
        for each in found
    ]


TONES = {
    audits.SIGNED: "ok",
    audits.OLD_TEXT: "warn",
    audits.OPERATOR_CHANGED: "warn",
    audits.UNSIGNED: "warn",
    audits.UNKNOWN: "bad",
    audits.VACANT: "muted",
    audits.EXEMPT: "info",
}


def _export_rows(request: HttpRequest, name: str, fronts: QuerySet[Premises], on: date) -> HttpResponseBase:
    header = [
        _("street"), _("segment"), _("side"), _("from, m"), _("to, m"), _("code"), _("address"), _("name on the sign"), _("operator"),
        _("state"), _("letter"), _("until"), _("waiting letter"), _("day"),
    ]  # fmt: skip
    return export_response(request, name, header, (_cells(row, on) for row in _filled(fronts, on)), request.GET["export"])


def _cells(row: dict[str, Any], on: date) -> list[Any]:
    front, letter = row["front"], row["letter"]
    street, number = (front.segment.street.name, front.segment.number) if front.segment else ("", "")
    place = [street, number, front.get_side_display(), front.start_m, front.end_m, front.code, front.address, front.sign_name]
    running = [letter.number, letter.term_until] if letter else ["", ""]
    return [*place, row["occupant"], row["label"], *running, row["waiting"].number if row["waiting"] else "", on]


def _list_page(kinds_of: Callable[[HttpRequest], tuple[str, ...]], template: str, name: str) -> Callable[..., HttpResponseBase]:
    """A page that lists fronts of some kinds, with filters in its address and an export of what is shown."""

    @require_safe
    @login_required
    def page(request: HttpRequest) -> HttpResponseBase:
        require(request.user, "agreement.view")
        area, on, kinds = area_of(request), day_of(request), kinds_of(request)
        fronts = _narrowed(request, area, on)
        wanted = [*kinds, audits.UNKNOWN] if audits.UNSIGNED in kinds else list(kinds)
        fronts = fronts.filter(kind__in=wanted) if kinds != ("all",) else fronts
        if request.GET.get("export"):
            return _export_rows(request, name, fronts, on)
        page_obj = Paginator(fronts, ROWS).get_page(request.GET.get("page"))
        choices = [*audits.KINDS, audits.UNKNOWN] if name == "fronts" else [*audits.MISSED, audits.UNKNOWN]
        context = {
            **SECTION,
            "area": area,
            "on": on,
            "crumbs": crumbs(area),
            "page_obj": page_obj,
            "rows": _filled(page_obj.object_list, on),
            "kind": request.GET.get("kind", ""),
            "choices": [(kind, audits.LABELS[kind]) for kind in choices],
        }
        return render(request, template, context)

    return page


def _one_kind(request: HttpRequest) -> tuple[str, ...]:
    kind = request.GET.get("kind", "")
    return (kind,) if kind in audits.LABELS else ("all",)


def _missed_kinds(request: HttpRequest) -> tuple[str, ...]:
    kind = request.GET.get("kind", "")
    return (kind,) if kind in (*audits.MISSED, audits.UNKNOWN) else audits.MISSED


coverage_rows = _list_page(_one_kind, "console/agreements/fronts.html", "fronts")
unsigned = _list_page(_missed_kinds, "console/agreements/unsigned.html", "unsigned")


@require_POST
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """Draft letters for the chosen fronts and make their personal links."""
    chosen = request.POST.getlist("premises")[:AT_ONCE]
    if not chosen:
        raise refuse("nothing_chosen", NOTHING_CHOSEN)
    fronts = queries.walking_order(Premises.objects.filter(pk__in=chosen).select_related("area", "area__unit", "segment__street"))
    done = batches.draft_letters(fronts, by=request.user, at=clock.now())
    ready = len(done.letters)
    text = ngettext("%(count)d letter is ready to be signed.", "%(count)d letters are ready to be signed.", ready)
    messages.success(request, text % {"count": ready})
    for front, refusal in done.refused:
        messages.warning(request, _("%(front)s: %(reason)s") % {"front": front.address, "reason": " ".join(refusal.texts())})
    area = request.POST.get("area", "")
    return redirect(f"{reverse('console:signing_links')}?area={area}")


@require_safe
@login_required
def strip(request: HttpRequest, pk: str) -> HttpResponse:
    """One street segment: the picture, and the same in words as a table."""
    require(request.user, "agreement.view")
    on = day_of(request)
    segment = get_object_or_404(Segment.objects.select_related("street", "area"), pk=pk)
    found = strips_room.strip_of(segment, on)
    sides = [(_("left side"), found.left), (_("right side"), found.right)]
    context = {
        **SECTION,
        "on": on,
        "segment": segment,
        "crumbs": crumbs(segment.area),
        "picture": drawing.picture(found),
        "legend": drawing.LEGEND,
        "sides": [(name, _in_words(layout)) for name, layout in sides],
        "unplaced": found.unplaced,
        "neighbours": Segment.objects.filter(street=segment.street).exclude(pk=segment.pk).order_by("number"),
    }
    return render(request, "console/agreements/strip.html", context)


def _in_words(layout: strips_room.Layout) -> list[dict[str, Any]]:
    words = drawing.Words()
    pieces = sorted(layout.pieces, key=lambda piece: (piece.start, piece.end))
    return [
        {
            "piece": piece,
            "label": words.of(piece) if piece.kind == strips_room.EXPLAINED else words.long[piece.kind],
            "tone": "info" if piece.kind == strips_room.EXPLAINED else TONES.get(piece.kind, "bad"),
        }
        for piece in pieces
    ]


@require_safe
@login_required
def strips(request: HttpRequest) -> HttpResponse:
    """Forty street strips to a page, all to one scale: nobody missed, at a glance."""
    require(request.user, "agreement.view")
    area, on = area_of(request), day_of(request)
    found = Segment.objects.select_related("street", "area").order_by("street__name", "street_id", "number", "id")
    if area:
        found = found.filter(area__path__startswith=area.path)
    if street := request.GET.get("street"):
        found = found.filter(street__name__icontains=street)
    page_obj = Paginator(found, STRIPS).get_page(request.GET.get("page"))
    pictures = drawing.pictures(strips_room.strips_of(list(page_obj.object_list), on))
    context = {
        **SECTION,
        "area": area,
        "on": on,
        "crumbs": crumbs(area),
        "page_obj": page_obj,
        "pictures": pictures,
        "legend": drawing.LEGEND,
        "street": street or "",
    }
    return render(request, "console/agreements/strips.html", context)


urlpatterns = [
    path("coverage/", coverage, name="coverage"),
    path("coverage/fronts/", coverage_rows, name="coverage_rows"),
    path("coverage/unsigned/", unsigned, name="unsigned"),
    path("coverage/lists/", coverage_lists, name="coverage_lists"),
    path("coverage/draft/", draft, name="draft_letters"),
    path("strips/", strips, name="strips"),
    path("strips/<uuid:pk>/", strip, name="strip"),
]
