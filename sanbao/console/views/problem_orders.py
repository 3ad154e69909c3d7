"""The steps of an order to correct: issue, serve, try to serve, extend, withdraw, recheck; and its papers as PDF."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from sanbao.console.problem_forms import (
    ExtendForm,
    OrderForm,
    RecheckForm,
    ServiceForm,
    WithdrawForm,
    insist_on,
    photos_of,
)
from sanbao.core import clock, documents
from sanbao.core.access import require
from sanbao.core.models import IssuedDocument
from sanbao.problems import services
from sanbao.problems.models import Finding, Order


def _order(pk: UUID) -> Order:
    return get_object_or_404(Order.objects.select_related("finding", "first_officer", "second_officer"), pk=pk)


def _back(order: Order) -> HttpResponse:
    return redirect("console:problem", order.finding_id)


@login_required
@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue an order for a finding; the person who sends the form is the first officer."""
    form = insist_on(OrderForm(request.POST))
    data = form.cleaned_data
    order = services.issue_order(
        get_object_or_404(Finding, pk=pk),
        violation=data["violation"],
        requirement=data["requirement"],
        correct_by=data["correct_by"],
        officers=(request.user, data["second"]),
        declared=form.declared(),
        by=request.user,
        at=clock.now(),
    )
    return _back(order)


@login_required
@require_POST
def serve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that it was served, or that an attempt failed."""
    form, order, at = insist_on(ServiceForm(request.POST)), _order(pk), clock.now()
    require(request.user, "order.serve", at)
    photo = next(iter(photos_of(request, at, "proof")), None)
    record = services.record_attempt if request.POST.get("result") == "failed" else services.serve_order
    record(order, mode=form.cleaned_data["mode"], proof=form.proof(photo), by=request.user, at=at)
    return _back(order)


@login_required
@require_POST
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Extend the deadline on request."""
    order = _order(pk)
    services.extend_order(order, **insist_on(ExtendForm(request.POST)).cleaned_data, by=request.user, at=clock.now())
    return _back(order)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the order back."""
    order = _order(pk)
    services.withdraw_order(order, **insist_on(WithdrawForm(request.POST)).cleaned_data, by=request.user, at=clock.now())
    return _back(order)


@login_required
@require_POST
def recheck(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a recheck."""
    form, order, at = insist_on(RecheckForm(request.POST)), _order(pk), clock.now()
    require(request.user, "order.recheck", at)
    data = form.cleaned_data
    services.recheck(
        order,
        passed=data["passed"],
        photos=photos_of(request, at),
        second=data["second"],
        note=data["note"],
        declared=form.declared(),
        client_id=data["client_id"],
        by=request.user,
        at=at,
    )
    return _back(order)


@login_required
@require_safe
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A paper of this room as it was issued."""
    require(request.user, "problem.view")
    found = get_object_or_404(IssuedDocument, pk=pk, subject__startswith="problems.")
    response = HttpResponse(documents.pdf_bytes(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.check_code}.pdf"'
    return response


urlpatterns = [
    path("problems/<uuid:pk>/order/", issue, name="order_issue"),
    path("orders/<uuid:pk>/serve/", serve, name="order_serve"),
    path("orders/<uuid:pk>/extend/", extend, name="order_extend"),
    path("orders/<uuid:pk>/withdraw/", withdraw, name="order_withdraw"),
    path("orders/<uuid:pk>/recheck/", recheck, name="order_recheck"),
    path("problems/papers/<uuid:pk>.pdf", paper, name="problem_paper"),
]
