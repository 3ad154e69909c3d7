"""Changing the register by hand: a front seen on the spot, its facts, who moves in and who moves out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from sanbao.console.register_forms import FrontForm, LeavingForm, OperatorForm, facts_of
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.errors import Reason, Refusal
from sanbao.registry import queries, services
from sanbao.registry.models import Area, Premises


@login_required
def add_front(request: HttpRequest) -> HttpResponse:
    """A front that no list knows."""
    require(request.user, "register.edit")
    area = Area.objects.filter(code=request.GET.get("area", "")[:12]).first()
    form = FrontForm(request.POST or None, initial={"area": area.code if area else None, "state": Premises.State.OPEN})
    return _answer(request, form, _("Add a front"), lambda facts: _added(request, facts), reverse("console:register"))


@login_required
def change_front(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The facts of one front."""
    require(request.user, "register.edit")
    front = _front(pk)
    form = FrontForm(request.POST or None, initial=facts_of(front))
    return _answer(request, form, _("Change the front"), lambda facts: _changed(request, front, facts), _page(front))


@login_required
def new_operator(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody else trades here from a day on; the former occupant's time ends that day."""
    require(request.user, "register.edit")
    front = _front(pk)
    form = OperatorForm(request.POST or None, initial={"from_on": clock.today().isoformat()})
    note = _("A letter that the former merchant signed does not bind the new one: the front needs a new letter from that day on.")
    return _answer(
        request, form, _("Another merchant moves in"), lambda facts: _moved_in(request, front, facts), _page(front), note
    )


@login_required
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The present occupant gives up the front."""
    require(request.user, "register.edit")
    front = _front(pk)
    form = LeavingForm(request.POST or None, initial={"on": clock.today().isoformat()})
    note = _("From the next day on the front is vacant until somebody else moves in.")
    return _answer(
        request, form, _("The merchant moves out"), lambda facts: _moved_out(request, front, facts), _page(front), note
    )


def _answer(
    request: HttpRequest, form: forms.Form, title: str, write: Callable[[dict[str, Any]], Premises], back: str, note: str = ""
) -> HttpResponse:
    """Show the form, or write what it says; what is refused is shown again as it was filled in, with every reason."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            front = write(form.cleaned_data)
        except Refusal as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("Recorded."))
            return redirect(_page(front))
    refused = bool(reasons or form.errors)
    context = {"section": "register", "form": form, "title": title, "reasons": reasons, "back": back, "note": note}
    return render(request, "console/registry/edit.html", context, status=422 if refused else 200)


def _front(pk: UUID) -> Premises:
    return get_object_or_404(Premises.objects.select_related("area"), pk=pk)


def _page(front: Premises) -> str:
    return reverse("console:premises", args=[front.pk])


def _added(request: HttpRequest, facts: dict[str, Any]) -> Premises:
    return services.add_premises(**facts, by=request.user, at=clock.now())


def _changed(request: HttpRequest, front: Premises, facts: dict[str, Any]) -> Premises:
    return services.change_premises(front, **facts, by=request.user, at=clock.now())


def _moved_in(request: HttpRequest, front: Premises, facts: dict[str, Any]) -> Premises:
    services.change_operator(front, **facts, by=request.user, at=clock.now())
    return front


def _moved_out(request: HttpRequest, front: Premises, facts: dict[str, Any]) -> Premises:
    services.end_occupancy(front, on=facts["on"], by=request.user, at=clock.now())
    return front


def actions_of(request: HttpRequest, front: Premises) -> list[tuple[str, str]]:
    """(title, address) of what may be changed about a front, for its page."""
    if front.gone_on:
        return []
    lines = [("change_front", _("Change the front")), ("new_operator", _("Another merchant moves in"))]
    if queries.occupant_on(front, clock.today()):
        lines.append(("leave_front", _("The merchant moves out")))
    return [(title, reverse(f"console:{name}", args=[front.pk])) for name, title in lines]


urlpatterns = [
    path("register/add/", add_front, name="add_front"),
    path("register/<uuid:pk>/change/", change_front, name="change_front"),
    path("register/<uuid:pk>/operator/", new_operator, name="new_operator"),
    path("register/<uuid:pk>/leave/", leave, name="leave_front"),
]
