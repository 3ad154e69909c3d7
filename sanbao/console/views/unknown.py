"""How many does nobody know: known, estimated unknown and interval for each area, the fronts behind every number, and what to walk next."""

from math import ceil
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from sanbao.console.views.coverage import area_of, crumbs
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.tables import export_response
from sanbao.registry import captures, queries, sampling
from sanbao.registry.captures import Known
from sanbao.registry.estimate import Estimate, about, shown_interval
from sanbao.registry.models import Area, Register, Segment

SECTION = {"section": "register"}
ROWS, FEW = 50, 10
NO_LIST = gettext_lazy("in no list, found on the spot")
ONLY = gettext_lazy("only in: %(lists)s")
BOTH = gettext_lazy("in: %(lists)s")


@require_safe
@login_required
def unknown(request: HttpRequest) -> HttpResponseBase:
    """An area and its parts: what is known, and how much there probably is beside."""
    require(request.user, "register.view")
    area = area_of(request)
    whole = captures.known_in(area)
    lines = _lines(area, whole)
    if request.GET.get("export"):
        return _export(request, lines)
    context = {
        **SECTION,
        "area": area,
        "crumbs": crumbs(area),
        "whole": shown(whole),
        "lines": lines,
        "combinations": _combinations(whole),
        "models": _models(whole.unknown),
        "assumptions": [_(sentence) for sentence in whole.unknown.assumptions] if whole.unknown else [],
        "left_out": [Register.Kind(kind).label for kind in whole.unknown.left_out] if whole.unknown else [],
    }
    return render(request, "console/registry/unknown.html", context)


def shown(known: Known) -> dict[str, Any]:
    """The figures of an area as they are shown: rounded, with the reason where there is no estimate."""
    found = known.unknown
    row: dict[str, Any] = {"known": known.fronts, "undecided": known.undecided, "in_no_list": known.in_no_list}
    if found is None:
        return row | {"reason": known.estimate.reason}
    low, high = shown_interval(found)
    return row | {
        "unknown": about(found.unseen),
        "low": low,
        "high": high,
        "found": found,
        "share": found.percent_of(known.fronts, known.fronts),
    }


def _lines(area: Area | None, whole: Known) -> list[dict[str, Any]]:
    """The parts of an area, and what lies directly in it."""
    children = list(area.children.order_by("code")) if area else []
    by_area = captures.known_by_area(children, area) if children else {}
    lines = [{"area": each, "name": each.name, **shown(by_area[each.pk])} for each in children]
    direct = whole.fronts - sum(line["known"] for line in lines)
    if children and direct:
        lines.append({"area": None, "name": _("directly in %(area)s") % {"area": area}, "known": direct, "rest": True})
    return lines


def _combinations(whole: Known) -> list[dict[str, Any]]:
    """Which lists name how many fronts, the fullest combination first; each number opens its fronts."""
    rows = [
        {"label": lists_text(lists), "lists": ",".join(sorted(lists)), "number": number, "size": len(lists)}
        for lists, number in whole.histories.items()
    ]
    rows.sort(key=lambda row: (-row["size"], -row["number"], row["lists"]))
    if whole.in_no_list:
        rows.append({"label": NO_LIST, "lists": "", "number": whole.in_no_list, "size": 0})
    return rows


def lists_text(lists: frozenset[str]) -> str:
    """The kinds of lists in words."""
    names = pgettext("between the names of lists", ", ").join(
        str(Register.Kind(kind).label) for kind in captures.KINDS if kind in lists
    )
    return str(ONLY if len(lists) == 1 else BOTH) % {"lists": names}


def _models(found: Estimate | None) -> list[dict[str, Any]]:
    """The log-linear models and how far each is believed; those that hardly count are left out."""
    if found is None:
        return []
    rows = [
        {
            "pairs": [tuple(Register.Kind(kind).label for kind in pair) for pair in model.dependent],
            "share": round(model.share * 100),
            "unseen": about(max(0.0, model.unseen)),
        }
        for model in sorted(found.models, key=lambda model: -model.share)
    ]
    return [row for row in rows if row["share"]]


def _export(request: HttpRequest, lines: list[dict[str, Any]]) -> HttpResponseBase:
    header = [
        _("area"),
        _("known fronts"),
        _("estimated unknown, about"),
        _("at least"),
        _("at most"),
        _("level, %"),
        _("undecided pairs"),
    ]
    header += [_("why nothing is estimated")]
    rows = (
        [
            line["name"],
            line["known"],
            line.get("unknown"),
            line.get("low"),
            line.get("high"),
            95 if "low" in line else None,
            line.get("undecided"),
            line["reason"].text(_) if "reason" in line else "",
        ]
        for line in lines
    )
    return export_response(request, _("Known and unknown fronts"), header, rows, request.GET["export"])


@require_safe
@login_required
def unknown_fronts(request: HttpRequest) -> HttpResponseBase:
    """The fronts that stand in exactly the named lists."""
    require(request.user, "register.view")
    area, today = area_of(request), clock.today()
    lists = frozenset(request.GET.get("lists", "").split(",")) & set(captures.KINDS)
    fronts = queries.with_occupant(captures.fronts_in(area, lists), today).select_related("area", "segment__street")
    fronts = fronts.order_by("area__path", "address_key", "id")
    label = lists_text(lists) if lists else str(NO_LIST)
    if request.GET.get("export"):
        header = [
            _("code"),
            _("name on the sign"),
            _("occupant"),
            _("address"),
            _("area"),
            _("street"),
            _("known since"),
            _("lists"),
        ]
        rows = (_cells(front, label) for front in fronts.iterator(chunk_size=2000))
        return export_response(request, _("Fronts by list"), header, rows, request.GET["export"])
    page = Paginator(fronts, ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "area": area,
        "crumbs": crumbs(area),
        "label": label,
        "page_obj": page,
        "lists": ",".join(sorted(lists)),
    }
    return render(request, "console/registry/unknown_fronts.html", context)


def _cells(front: Any, label: str) -> list[Any]:
    street = front.segment.street.name if front.segment else ""
    return [front.code, front.sign_name, front.occupant_name, front.address, front.area.name, street, front.known_since, label]


@require_safe
@login_required
def sample(request: HttpRequest) -> HttpResponseBase:
    """Which segments to walk next, for a number of segments or a wished width of the interval, as a worklist in walking order."""
    require(request.user, "register.view")
    area = area_of(request)
    known = captures.known_in(area)
    found, stretches = known.unknown, captures.stretches_in(area)
    each = [stretch for _segment, stretch in stretches.values()]
    asked = {name: _number(request.GET.get(name, ""), most) for name, most in (("n", 500), ("half", 100_000), ("seed", 10**6))}
    context: dict[str, Any] = {**SECTION, "area": area, "areas": Area.objects.order_by("path"), "crumbs": crumbs(area)}
    context |= {"asked": asked, "whole": shown(known), "segments": len(each)}
    if found is None or not each:
        return render(request, "console/registry/sample.html", context)
    seed = asked["seed"] or 1
    number = (
        sampling.segments_for(each, found, half=asked["half"], seed=seed) if asked["half"] else asked["n"] or min(FEW, len(each))
    )
    walk = sampling.plan(each, found, segments=len(each) if number is None else number, seed=seed)
    expected = sampling.expected_unknown(each, found.unseen)
    rows = [{"segment": stretches[one.key][0], "stretch": one, "expected": expected[one.key]} for one in walk.chosen]
    if request.GET.get("export"):
        return _export_walk(request, rows)
    context |= {"walk": walk, "rows": rows, "seed": seed, "out_of_reach": number is None}
    context |= {"before": about(walk.before, ceil), "after": about(walk.after, ceil), "kilometres": walk.length_m / 1000}
    return render(request, "console/registry/sample.html", context)


def _number(value: str, most: int) -> int | None:
    return min(int(value), most) if value.isascii() and value.isdigit() and int(value) else None


def _export_walk(request: HttpRequest, rows: list[dict[str, Any]]) -> HttpResponseBase:
    header = [
        _("place in the walk"),
        _("area"),
        _("street"),
        _("segment"),
        _("metres"),
        _("known fronts"),
        _("of them in one list only"),
    ]
    header += [_("longitude"), _("latitude"), _("walked on"), _("walked by"), _("new fronts found")]
    cells = ([place, *_walk_cells(row["segment"], row["stretch"]), "", "", ""] for place, row in enumerate(rows, start=1))
    return export_response(request, _("Worklist of the verification walk"), header, cells, request.GET["export"])


def _walk_cells(segment: Segment, stretch: sampling.Stretch) -> list[Any]:
    place = [segment.area.name, segment.street.name, segment.number, segment.length_m]
    return [*place, stretch.fronts, stretch.single, round(stretch.lon, 6), round(stretch.lat, 6)]


urlpatterns = [
    path("register/unknown/sample/", sample, name="sample"),
    path("register/unknown/", unknown, name="unknown"),
    path("register/unknown/fronts/", unknown_fronts, name="unknown_fronts"),
]
