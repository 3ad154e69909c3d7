"""What merchants say about matters that name them: proofs of correction to be seen, objections to be answered in writing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements.merchants import queries as merchants
from sanbao.console.views.coverage import area_of
from sanbao.core import clock, files
from sanbao.core.access import may, require
from sanbao.core.tables import export_response
from sanbao.problems import queries as problems
from sanbao.problems.models import Report
from sanbao.problems.voices import queries, services
from sanbao.problems.voices.models import CorrectionProof, Objection

SECTION = {"section": "voices"}
ROWS = 50
KINDS = {
    "objections": gettext_lazy("objections to be answered"),
    "proofs": gettext_lazy("proofs to be seen"),
    "answered": gettext_lazy("answered objections"),
    "seen": gettext_lazy("seen proofs"),
}


def _rows_of(kind: str) -> Any:
    return {
        "objections": lambda: queries.unanswered(),
        "proofs": lambda: queries.unseen_proofs(),
        "answered": lambda: queries.objections().filter(state=Objection.State.ANSWERED).order_by("-answered_at", "-id"),
        "seen": lambda: queries.proofs().filter(seen_at__isnull=False).order_by("-seen_at", "-id"),
    }[kind]()


@require_safe
@login_required
def voices(request: HttpRequest) -> HttpResponseBase:
    """One kind of what merchants have sent, the most urgent first; and how many shops check themselves (a count, never their answers)."""
    require(request.user, "problem.view")
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "objections"
    rows = _rows_of(kind)
    if request.GET.get("export"):
        return _export(request, rows, kind)
    page_obj = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "kind": kind,
        "page_obj": page_obj,
        "rows": [_row(each) for each in page_obj],
        "tiles": [{"kind": each, "label": label, "number": _rows_of(each).count()} for each, label in KINDS.items()],
        "own": _self_found(),
        "checkers": merchants.checkers(area_of(request), clock.today()),
    }
    return render(request, "console/voices/voices.html", context)


def _self_found() -> dict[str, Any]:
    """How many of all reports merchants made about their own zones: what they find themselves only ever counts for them."""
    own, more_own = problems.capped_count(problems.reports_in("all", Report.Source.MERCHANT))
    whole, more = problems.capped_count(problems.reports_in("all"))
    return {"own": f"{own}+" if more_own else own, "all": f"{whole}+" if more else whole}


def _row(said: CorrectionProof | Objection) -> dict[str, Any]:
    objected = isinstance(said, Objection)
    return {
        "said": said,
        "about": queries.class_name(said.finding),
        "sent_at": said.received_at if objected else said.sent_at,
        "done_at": said.answered_at if objected else said.seen_at,
    }


def _export(request: HttpRequest, rows: Any, kind: str) -> HttpResponseBase:
    header = [
        _("number"), _("problem"), _("class of problem"), _("place in words"), _("merchant"), _("order to correct"), _("sent at"),
        _("to be answered by"), _("answered or seen at"), _("result"),
    ]  # fmt: skip
    return export_response(request, kind, header, map(_cells, rows.iterator(chunk_size=1000)), request.GET["export"])


def _cells(said: CorrectionProof | Objection) -> list[Any]:
    about = [said.finding.number, queries.class_name(said.finding), said.finding.place, str(said.merchant)]
    order = said.order.number if said.order else ""
    if isinstance(said, Objection):
        return [said.number, *about, order, said.received_at, said.due_at, said.answered_at, said.get_outcome_display()]
    return ["", *about, order, said.sent_at, said.due_at, said.seen_at, ""]


@require_safe
@login_required
def objection(request: HttpRequest, pk: str) -> HttpResponse:
    """One objection with its matter; the form of the answer for whoever may judge it."""
    require(request.user, "problem.view")
    found = get_object_or_404(queries.objections(), pk=pk)
    context = {
        **SECTION,
        "objection": found,
        "about": queries.class_name(found.finding),
        "photos": files.attachments(found, "evidence"),
        "outcomes": Objection.Outcome.choices,
        "own_cause": queries.in_own_cause(found, request.user),
        "may_answer": may(request.user, "order.recheck" if found.order_id else "problem.accept", clock.now()),
    }
    return render(request, "console/voices/objection.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, pk: str) -> HttpResponse:
    """Answer an objection in writing."""
    found = get_object_or_404(queries.objections(), pk=pk)
    services.answer_objection(
        found,
        outcome=request.POST.get("outcome", ""),
        reply=request.POST.get("reply", ""),
        by=request.user,
        at=clock.now(),
    )
    messages.success(request, _("Answered. The merchant reads it on its own page."))
    return redirect("console:objection", found.pk)


@require_POST
@login_required
def see(request: HttpRequest, pk: str) -> HttpResponse:
    """Mark a proof as seen and go to its problem."""
    proof = get_object_or_404(queries.proofs(), pk=pk)
    services.see_proof(proof, by=request.user, at=clock.now())
    messages.success(request, _("Marked as seen. It closes nothing: recheck or close as usual."))
    return redirect("console:problem", proof.finding_id)


urlpatterns = [
    path("voices/", voices, name="voices"),
    path("voices/objections/<uuid:pk>/", objection, name="objection"),
    path("voices/objections/<uuid:pk>/answer/", answer, name="answer_objection"),
    path("voices/proofs/<uuid:pk>/seen/", see, name="see_proof"),
]
