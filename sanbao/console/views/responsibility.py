"""Tiered responsibility at the desk: the table with its holes, one place with its history and decisions, and the fronts behind a figure."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanbao.console.responsibility_forms import PeopleForm, ReturnForm, UnitForm
from sanbao.core import clock
from sanbao.core.access import may, require
from sanbao.core.errors import Reason, Refusal
from sanbao.core.models import Department
from sanbao.core.tables import export_response
from sanbao.registry import assigning, chain, responsibility
from sanbao.registry.models import Area, Premises, Responsibility
from sanbao.registry.queries import with_occupant

SECTION = {"section": "register"}
ROWS = 50
# What may be decided about a place: its form and its service.
DECISIONS: dict[str, tuple[type[forms.Form], Callable[..., Responsibility]]] = {
    "name": (PeopleForm, assigning.name_people),
    "assign": (UnitForm, assigning.assign_responsibility),
    "return": (ReturnForm, assigning.give_back),
}


@require_safe
@login_required
def table(request: HttpRequest) -> HttpResponseBase:
    """Every place where a unit is laid down, with its people and its holes; only one unit's, or only those with holes."""
    require(request.user, "register.view")
    unit, holes_only = _unit(request), bool(request.GET.get("holes"))
    lines = responsibility.overview(clock.today(), unit=unit, holes_only=holes_only)
    if request.GET.get("export"):
        return _export(request, lines)
    every = lines if holes_only and not unit else responsibility.overview(clock.today(), holes_only=True)
    context = {
        **SECTION,
        "rows": [_row(line) for line in lines],
        "units": Department.objects.order_by("code"),
        "unit": unit,
        "holes_only": holes_only,
        "hole_count": len(every),
    }
    return render(request, "console/registry/responsibility.html", context)


def _unit(request: HttpRequest) -> Department | None:
    asked = request.GET.get("unit", "")
    return get_object_or_404(Department, pk=int(asked)) if asked.isdecimal() and len(asked) < 10 else None


def _row(line: responsibility.Line) -> dict[str, Any]:
    place = line.place
    behind = f"area={place.code}" if isinstance(place, Area) else ""
    return {
        "line": line,
        "depth": place.path.count("/") - 1 if isinstance(place, Area) else 0,
        "kind": place.get_kind_display() if isinstance(place, Area) else _("front with a unit of its own"),
        "url": page_of(place),
        "fronts_url": f"{reverse('console:responsible_fronts')}?{behind}" if behind else page_of(place),
        "holes": [responsibility.HOLES[hole] for hole in line.duty.holes],
        "missing": {kind: _missing(line.duty, kind) for kind in ("unit", "leader", "person")},
    }


def _missing(duty: responsibility.Duty, kind: str) -> str:
    """The hole of one column in words."""
    return next((str(responsibility.HOLES[hole]) for hole in duty.holes if kind in hole), "")


def _export(request: HttpRequest, lines: list[responsibility.Line]) -> HttpResponseBase:
    header = [
        _("place"), _("responsible unit"), _("leader in charge"), _("person responsible"), _("from"), _("document number"),
        _("from the area above"), _("fronts"), _("missing"),
    ]  # fmt: skip
    rows = (_cells(line) for line in lines)
    return export_response(request, _("Responsibility"), header, rows, request.GET["export"])


def _cells(line: responsibility.Line) -> list[Any]:
    duty, row = line.duty, line.duty.row
    people = [duty.unit or "", duty.leader or "", duty.person or ""]
    decided = [row.from_on, row.document_number] if row else ["", ""]
    missing = "; ".join(str(responsibility.HOLES[hole]) for hole in duty.holes)
    return [str(line.place), *map(str, people), *decided, _("yes") if line.inherited else "", line.fronts, missing]


@require_safe
@login_required
def fronts(request: HttpRequest) -> HttpResponseBase:
    """The fronts behind a figure: those a unit answers for, or those that follow the rule of an area."""
    require(request.user, "register.view")
    today, unit = clock.today(), _unit(request)
    area = get_object_or_404(Area, code=request.GET["area"]) if request.GET.get("area") else None
    found = Premises.objects.filter(gone_on__isnull=True)
    if area:
        found = found.filter(responsibility.following(area, today))
    if unit:
        found = found.filter(responsibility.answered_by(unit, today))
    found = with_occupant(found, today).select_related("area").order_by("area__path", "address_key", "id")
    if request.GET.get("export"):
        header = [_("code"), _("name on the sign"), _("occupant"), _("address"), _("area"), _("state")]
        rows = (
            [f.code, f.sign_name, f.occupant_name, f.address, f.area.name, f.get_state_display()] for f in found.iterator(2000)
        )
        return export_response(request, _("Fronts"), header, rows, request.GET["export"])
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "console/registry/responsible_fronts.html", {**SECTION, "page_obj": page, "area": area, "unit": unit})


@login_required
def area_page(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers for an area, who did, and what may be decided about it."""
    return _place_page(request, get_object_or_404(Area.objects.select_related("unit", "parent"), code=code))


@login_required
def front_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same for one front, which may have a unit of its own (条块)."""
    return _place_page(request, get_object_or_404(Premises.objects.select_related("area"), pk=pk))


def page_of(place: Area | Premises) -> str:
    """The address of a place's page of responsibility."""
    if isinstance(place, Area):
        return reverse("console:area_responsibility", args=[place.code])
    return reverse("console:front_responsibility", args=[place.pk])


def _place_page(request: HttpRequest, place: Area | Premises) -> HttpResponse:
    require(request.user, "register.view")
    decided = request.POST.get("decision", "")
    if request.method == "POST" and decided not in DECISIONS:
        raise Http404
    form = DECISIONS[decided][0](request.POST) if request.method == "POST" else None
    reasons: tuple[Reason, ...] = ()
    if form is not None and form.is_valid():
        try:
            DECISIONS[decided][1](place, **form.cleaned_data, by=request.user, at=clock.now())
        except Refusal as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("Recorded."))
            return redirect(page_of(place))
    today = clock.today()
    found, own = chain.chain_of(place, today), responsibility.history_of(place)
    context = {
        **SECTION,
        "place": place,
        "chain": found,
        "duty": found.duty,
        "own": found.duty.row is not None and found.duty.rule == place,
        "rule_url": page_of(found.duty.rule) if found.duty.rule and found.duty.rule != place else "",
        "history": own,
        "today": today,
        "reasons": reasons,
        "forms": _forms(request, place, found.duty, decided, form),
    }
    refused = bool(reasons or (form is not None and form.errors))
    return render(request, "console/registry/place_responsibility.html", context, status=422 if refused else 200)


def _forms(
    request: HttpRequest, place: Area | Premises, duty: responsibility.Duty, decided: str, sent: forms.Form | None
) -> list[dict[str, Any]]:
    """The decisions this person may take about the place, the one that was just refused as it was filled in."""
    assigns = may(request.user, "responsibility.assign")
    own_unit = duty.unit is not None and request.user.department_id in (duty.unit.pk, duty.unit.parent_id)
    offered = []
    if duty.unit and may(request.user, "responsibility.name") and (assigns or own_unit):
        offered.append(("name", _("Name its people"), _("The unit stays the same.")))
    if assigns:
        note = _("From that day on this unit answers, and nobody else. Letters that are signed keep the unit that signed them.")
        offered.append(("assign", _("Give this place to a unit"), note))
    if assigns and duty.row is not None and duty.rule == place:
        offered.append(("return", _("Give it back to the area above"), ""))
    initial = {
        "from_on": clock.today().isoformat(),
        "unit": duty.unit.pk if duty.unit else None,
        "leader": duty.leader.pk if duty.leader else None,
        "person": duty.person.pk if duty.person else None,
    }
    return [
        {
            "key": key,
            "title": title,
            "note": note,
            "form": sent if sent is not None and key == decided else DECISIONS[key][0](initial=initial, auto_id=f"{key}-%s"),
            "open": key == decided,
        }
        for key, title, note in offered
    ]


urlpatterns = [
    path("register/responsibility/", table, name="responsibility"),
    path("register/responsibility/fronts/", fronts, name="responsible_fronts"),
    path("register/responsibility/areas/<str:code>/", area_page, name="area_responsibility"),
    path("register/responsibility/fronts/<uuid:pk>/", front_page, name="front_responsibility"),
]
