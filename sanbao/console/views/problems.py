"""The queue of findings, recording one, and the page of one finding with its order, papers, photos and history."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sanbao.console.problem_forms import CloseForm, DispatchForm, FindingForm, insist_on, photos_of
from sanbao.console.said import said_about
from sanbao.core import clock, files, journal
from sanbao.core.access import may, require
from sanbao.core.exports import export_response
from sanbao.core.models import Department, Entry
from sanbao.penalties import queries as penalties
from sanbao.problems import facts, queries, services
from sanbao.problems.classes import classes, grouped
from sanbao.problems.models import Delivery, Finding, Order
from sanbao.problems.queries import Filters
from sanbao.problems.words import ACTIONS
from sanbao.registry.models import Area

SECTION = {"section": "problems"}
EXPORT_MOST = 50_000
TONES = {"open": "info", "ordered": "warn", "corrected": "ok", "failed": "bad", "closed": "muted"}
ORDER_TONES = {"issued": "warn", "served": "info", "due": "bad", "corrected": "ok", "failed": "bad", "withdrawn": "muted"}
STATES = (("unfinished", gettext_lazy("unfinished")), *Finding.State.choices, ("all", gettext_lazy("all")))


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    area = Area.objects.filter(code=asked.get("area", "")[:12]).first() if asked.get("area") else None
    unit = asked.get("unit", "")
    state = asked.get("state", "unfinished")
    return Filters(
        state=state if state in dict(STATES) else "unfinished",
        class_code=asked.get("class", "")[:12],
        area=area,
        unit=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
        overdue_at=clock.now() if asked.get("overdue") else None,
        handler=request.user if asked.get("mine") else None,
        text=asked.get("q", "").strip()[:40],
    )


@login_required
def problems(request: HttpRequest) -> HttpResponseBase:
    """The queue: filters in the address, the most urgent first, counts that open their rows."""
    require(request.user, "problem.view")
    filters = _filters(request)
    rows = queries.queue(filters)
    if request.GET.get("export"):
        return _export(request, rows)
    page = queries.page_of(queries.with_names(rows), ("due_at", "id"), cursor=request.GET.get("page", ""))
    count_of = cache(lambda wanted: queries.capped_count(queries.queue(wanted)))  # two figures may be the same
    count, more = count_of(filters)
    context = {
        **SECTION,
        "rows": [{"finding": row, "class": classes().get(row.class_code), "tone": TONES[row.state]} for row in page.rows],
        "page": page,
        "count": count,
        "more": more,
        "tiles": _tiles(request, count_of),
        "filters": filters,
        "states": STATES,
        "groups": grouped(),
        "areas": Area.objects.order_by("path"),
        "units": Department.objects.filter(district_id=facts.current_id()),
    }
    return render(request, "console/problems/queue.html", context)


def _tiles(request: HttpRequest, count_of: Callable[[Filters], tuple[int, bool]]) -> list[dict[str, Any]]:
    now = clock.now()
    wanted = (
        (gettext_lazy("unfinished"), "?state=unfinished", Filters(), ""),
        (gettext_lazy("overdue"), "?overdue=1", Filters(overdue_at=now), "bad"),
        (gettext_lazy("mine"), "?mine=1", Filters(handler=request.user), ""),
        (gettext_lazy("ordered to correct"), "?state=ordered", Filters(state="ordered"), ""),
        (gettext_lazy("not corrected in time"), "?state=failed", Filters(state="failed"), "bad"),
    )
    tiles = []
    for label, link, filters, tone in wanted:
        count, more = count_of(filters)
        tiles.append({"label": label, "link": link, "count": count, "more": more, "tone": tone if count else ""})
    return tiles


def _export(request: HttpRequest, rows: QuerySet[Finding]) -> HttpResponseBase:
    header = [
        _("number"),
        _("class of problem"),
        _("place in words"),
        _("premises"),
        _("area"),
        _("responsible unit"),
        _("state"),
    ]
    header += [_("found at"), _("to be handled by")]
    shown = queries.with_names(rows).order_by("due_at", "id")[:EXPORT_MOST]
    lines = (
        [
            row.number,
            classes()[row.class_code].name if row.class_code in classes() else row.class_code,
            row.place,
            str(row.premises or ""),
            str(row.area or ""),
            str(row.unit or ""),
            row.get_state_display(),
            row.found_at,
            row.due_at,
        ]
        for row in shown.iterator(chunk_size=1000)
    )
    return export_response(request, _("problems"), header, lines, request.GET["export"])


@login_required
def new_problem(request: HttpRequest) -> HttpResponse:
    """Record what an officer has seen."""
    require(request.user, "problem.find")
    if request.method == "POST":
        form, at = insist_on(FindingForm(request.POST)), clock.now()
        finding = services.record_finding(**form.seen(), photos=photos_of(request, at), by=request.user, at=at)
        return redirect("console:problem", finding.pk)
    return render(request, "console/problems/new.html", {**SECTION, "groups": grouped(), "front": request.GET.get("front", "")})


@login_required
def problem(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One finding: photos before and after, the order with its deadline, what may be done next and what not, and the history."""
    require(request.user, "problem.view")
    found = get_object_or_404(queries.with_names(Finding.objects.all()).select_related("report", "by"), pk=pk)
    orders = list(queries.orders_of(found))
    rechecks = list(queries.rechecks_of(found))
    at, said = clock.now(), said_about(found)
    context = {
        **SECTION,
        "said": said,
        "finding": found,
        "class": classes().get(found.class_code),
        "tone": TONES[found.state],
        "orders": [_order(request, order, at) for order in orders],
        "rechecks": rechecks,
        "reports": found.reports.order_by("id"),
        "timeline": _timeline([found, *orders, *rechecks, *found.reports.all(), *said["proofs"], *said["objections"]]),
        "units": Department.objects.filter(district_id=facts.current_id()),
        "officers": _officers(request, at),
        "row": facts.row_of(classes()[found.class_code].violation, at) if found.class_code in classes() else None,
        "violations": facts.rows_on(at),
        "cases": penalties.cases_of(found, orders) if may(request.user, "case.view", at) else (),
        **_photos(found, rechecks),
    }
    return render(request, "console/problems/problem.html", context)


def _order(request: HttpRequest, order: Order, at: Any) -> dict[str, Any]:
    open_now = order.state in ("issued", "served", "due")
    over = order.state == Order.State.SERVED and order.correct_by <= at
    return {
        "order": order,
        "state": Order.State.DUE.label if over else order.get_state_display(),
        "tone": ORDER_TONES[Order.State.DUE if over else order.state],
        "steps": facts.open_steps(order, by=request.user, at=at) if open_now else [],
        "bar": _bar(order, at) if order.served_at else None,
        "deliveries": queries.deliveries_of(journal.subject_of(order)),
        "modes": Delivery.Mode.choices,
    }


def _bar(order: Order, at: Any) -> dict[str, Any]:
    """How much of the time given has passed, in per cent."""
    whole = (order.correct_by - order.served_at).total_seconds()
    passed = ((order.ended_at or at) - order.served_at).total_seconds()
    return {"passed": max(0, min(100, round(100 * passed / whole))) if whole > 0 else 100}


def _officers(request: HttpRequest, at: Any) -> list[Any]:
    people = facts.certified_people(at)
    return [person for person in people if person.pk != request.user.pk]


def _photos(found: Finding, rechecks: list[Any]) -> dict[str, Any]:
    before = [use.photo for use in files.attachments(found, "before")]
    if found.report:
        before += [use.photo for use in files.attachments(found.report, "before")]
    after = [use.photo for use in files.attachments(found, "after")]
    for each in rechecks:
        after += [use.photo for use in files.attachments(each, "recheck")]
    return {"before": before, "after": after, "pair": (before[0], after[-1]) if before and after else None}


def _timeline(rows: list[Any]) -> list[dict[str, Any]]:
    subjects = [journal.subject_of(row) for row in rows]
    found = Entry.objects.filter(district_id=facts.current_id(), subject__in=subjects).select_related("by").order_by("at", "id")
    return [{"at": entry.at, "by": entry.by, "label": ACTIONS.get(entry.action, entry.action)} for entry in found]


@login_required
@require_POST
def dispatch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it to a unit and a person."""
    form = insist_on(DispatchForm(request.POST))
    finding = get_object_or_404(Finding, pk=pk)
    services.dispatch_finding(finding, **form.cleaned_data, by=request.user, at=clock.now())
    return redirect("console:problem", pk)


@login_required
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close it with a sentence and photos."""
    form, at = insist_on(CloseForm(request.POST)), clock.now()
    require(request.user, "problem.close", at)
    finding = get_object_or_404(Finding, pk=pk)
    services.close_finding(finding, closing=form.cleaned_data["closing"], photos=photos_of(request, at), by=request.user, at=at)
    return redirect("console:problem", pk)


urlpatterns = [
    path("problems/", problems, name="problems"),
    path("problems/new/", new_problem, name="problem_new"),
    path("problems/<uuid:pk>/", problem, name="problem"),
    path("problems/<uuid:pk>/dispatch/", dispatch, name="problem_dispatch"),
    path("problems/<uuid:pk>/close/", close, name="problem_close"),
]
