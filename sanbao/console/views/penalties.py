"""The pages of cases: the list by deadline, and one case with its ribbon, its next lawful steps and its file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sanbao.console import case_beside, case_forms, case_page
from sanbao.console.pictures import case_ribbon
from sanbao.console.views import case_documents
from sanbao.core import access, clock, files
from sanbao.core.errors import Malformed, refuse
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import answers, queries, services
from sanbao.penalties.details import open_verdicts
from sanbao.penalties.facts import investigators_of
from sanbao.penalties.models import Case
from sanbao.penalties.services.investigating import OPEN
from sanbao.problems import facts as problem_facts
from sanbao.problems.services import Proof

SECTION = {"section": "cases"}
VIEWS = (
    ("open", gettext_lazy("running cases")),
    ("overdue", gettext_lazy("overdue")),
    ("soon", gettext_lazy("due within seven days")),
    ("ended", gettext_lazy("ended cases")),
    ("all", gettext_lazy("all")),
)
BAD_FORM = gettext_noop("The form is not filled in properly: %(fields)s.")


def _cases(request: HttpRequest):
    access.require(request.user, "case.view")
    return queries.cases()


def case_at(request: HttpRequest, pk: UUID) -> Case:
    return get_object_or_404(_cases(request).select_related("order"), pk=pk)


@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """Every case, the soonest deadline first; filters stand in the address, the export is what is shown."""
    access.require(request.user, "case.view")
    now = clock.now()
    rows = queries.filtered(request.GET.dict(), now=now)
    if request.GET.get("export"):
        return export_response(request, "cases", *_table(rows), request.GET["export"])
    counts = queries.counts(now=now)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    for row in page:
        row.act, row.tone, row.due = case_page.act_of(row), case_page.TONES.get(row.state, "info"), case_page.next_due(row, now)
    context = {
        **SECTION,
        "page_obj": page,
        "views": [(key, label, counts[key]) for key, label in VIEWS],
        "view": request.GET.get("view", "open"),
        "states": Case.State.choices,
    }
    return render(request, "console/penalties/cases.html", context)


def _table(rows: Any) -> tuple[list[str], Iterator[list[Any]]]:
    header = [
        _("Case number"),
        _("Party"),
        _("Place"),
        _("Act"),
        _("State"),
        _("Next deadline"),
        _("Fine, yuan"),
        _("Investigators"),
    ]
    lines = (
        [
            row.number,
            row.merchant.name,
            row.place,
            case_page.act_of(row),
            str(row.get_state_display()),
            row.due_at,
            row.fine,
            f"{row.first_handler} {row.second_handler}",
        ]
        for row in rows
    )
    return header, lines


@login_required
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: ribbon, next lawful steps, facts, penalty, evidence, service, papers, history."""
    row, now = case_at(request, pk), clock.now()
    offers = case_page.offers_of(row, request.user)
    steps, periods = list(queries.steps_of(row)), list(queries.deadlines_of(row))
    notice = row.notices.select_related("document").last()
    mine = str(request.user.pk) in investigators_of(row) and row.state in OPEN and access.may(request.user, "case.handle")
    context = {
        **SECTION,
        "case": row,
        "act": case_page.act_of(row),
        "tone": case_page.TONES.get(row.state, "info"),
        "ribbon": case_ribbon.picture(case_ribbon.events_of(steps, row.notices.all()), periods, now),
        "offers": offers,
        "history": [(each, case_ribbon.label_of(each), case_page.warnings_of(each)) for each in steps],
        "periods": [(each, case_ribbon.words_of(each), case_ribbon.due_of(each, now)) for each in periods],
        "due": case_page.next_due(row, now),
        "capacities": answers.CAPACITIES,
        **case_documents.desk_of(row, [offer.verdict for offer in offers]),
        "evidence": row.evidence.select_related("photo", "document"),
        "facts_to_prove": answers.FACTS_TO_PROVE,
        "questions": case_page.questions_of(row),
        "mine": mine,
        "penalty": case_page.penalty_of(row),
        "notice": notice,
        "notice_service": notice and problem_facts.service_of(notice),
        "may_serve": access.may(request.user, "case.serve"),
        "may_review": access.may(request.user, "case.review") and row.state in ("noticed", "heard", "reviewed"),
        "service_form": case_forms.ServiceForm(
            initial={"handed_at": now.astimezone(clock.ZONE)}, auto_id="notice-%s", label_suffix=""
        ),
        **case_page.hearing_of(row, request.user),
        **case_page.remedies_of(row, request.user),
        **case_beside.beside_of(row, request.user, now),
        **case_beside.money_of(row, request.user, now),
        **case_beside.people_of(row, request.user),
        "deliveries": queries.services_of(row),
        "waiver_form": case_forms.WaiverForm(label_suffix=""),
        "review_form": case_forms.ReviewForm(auto_id="review-%s", label_suffix=""),
        "evidence_form": case_forms.EvidenceForm(
            initial={"obtained_at": now.astimezone(clock.ZONE)}, auto_id="evidence-%s", label_suffix=""
        ),
        "defences": row.defences.filter(reminder__isnull=True),
        "reviews": row.reviews.select_related("by"),
        "payments": row.payments.all(),
    }
    return render(request, "console/penalties/case.html", context)


def cleaned(form: forms.Form) -> dict[str, Any]:
    """The cleaned form, or a refusal that names the fields."""
    if form.is_valid():
        return form.cleaned_data
    fields = "、".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
    raise refuse("bad_form", BAD_FORM, status=Malformed, fields=fields)


def proof_in(request: HttpRequest, given: dict[str, Any], at: Any) -> tuple[str, bool, Proof]:
    """Mode, whether the attempt failed, and the proof, taken out of what a form with a service gives."""
    picture = given.pop("picture", None)
    photo = files.store_photo(picture.read(), by=request.user, at=at) if picture else None
    mode, failed = given.pop("mode"), given.pop("failed", False)
    given["witness_count"] = given.get("witness_count") or 0
    told = {name: given.pop(name) for name in list(given) if name in Proof.__dataclass_fields__ and name != "photo"}
    return mode, failed, Proof(photo=photo, **told)


def back(request: HttpRequest, pk: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("console:case", pk)


@login_required
@require_POST
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Take a step with what its form brings."""
    row, at = case_at(request, pk), clock.now()
    if name not in {each.step.name for each in open_verdicts(row, request.user, at)}:
        at_state = {"state": row.get_state_display()}
        raise refuse("wrong_state", gettext_noop("This step cannot be taken now: the case stands at “%(state)s”."), **at_state)
    given = cleaned(case_forms.step_form(name, request.POST, request.FILES))
    if name in ("serve", "punish_on_spot"):
        mode, failed, proof = proof_in(request, given, at)
        if failed:
            services.record_failed_service(row, mode=mode, proof=proof, by=request.user, at=at)
            return back(request, pk, _("The failed attempt is on record."))
        given["delivery"] = services.proposed_service(row, mode=mode, proof=proof, by=request.user, at=at)
    services.take_step(row, name, by=request.user, at=at, **given)
    return back(request, pk, _("Done. The case now stands at “%(state)s”.") % {"state": row.get_state_display()})


@login_required
@require_POST
def facts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the facts and the answers."""
    given = case_forms.answers_given(request.POST)
    findings = request.POST.get("findings", "")
    services.record_facts(case_at(request, pk), findings=findings, by=request.user, at=clock.now(), **given)
    return back(request, pk, _("Facts and answers are written down."))


@login_required
@require_POST
def penalty(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the proposed penalty."""
    row = case_at(request, pk)
    given = cleaned(case_page.penalty_of(row, request.POST)["form"])
    services.propose_penalty(row, by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The proposed penalty is written down."))


@login_required
@require_POST
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lay a piece of evidence on the desk."""
    row, at = case_at(request, pk), clock.now()
    given = cleaned(case_forms.EvidenceForm(request.POST, request.FILES))
    picture = given.pop("picture")
    photo = files.store_photo(picture.read(), by=request.user, at=at) if picture else None
    services.add_evidence(row, photo=photo, by=request.user, at=at, **given)
    return back(request, pk, _("The piece of evidence lies on the desk."))


@login_required
@require_POST
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark the pieces of evidence."""
    row = case_at(request, pk)
    verified, lawful = set(request.POST.getlist("verified")), set(request.POST.getlist("lawful"))
    marks = {str(each): (str(each) in verified, str(each) in lawful) for each in row.evidence.values_list("pk", flat=True)}
    services.verify_evidence(row, marks, by=request.user, at=clock.now())
    return back(request, pk, _("The evidence is marked."))


@login_required
@require_POST
def serve_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the service of the notice, or an attempt that failed."""
    row, at = case_at(request, pk), clock.now()
    mode, failed, proof = proof_in(request, cleaned(case_forms.ServiceForm(request.POST, request.FILES)), at)
    act = services.record_failed_service if failed else services.serve_notice
    act(row, mode=mode, proof=proof, by=request.user, at=at)
    return back(request, pk, _("The failed attempt is on record.") if failed else _("Served; the party's time runs from now on."))


@login_required
@require_POST
def call_hearing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name time, place and chair of a hearing and issue its notice."""
    row = case_at(request, pk)
    given = cleaned(case_forms.call_form(row, request.POST))
    conflict = False if given.pop("no_conflict") else None
    services.call_hearing(row, chair_conflict=conflict, by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The hearing is called; its notice waits to be served."))


@login_required
@require_POST
def serve_hearing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the service of the notice of the hearing."""
    row, at = case_at(request, pk), clock.now()
    mode, _failed, proof = proof_in(request, cleaned(case_forms.ServiceForm(request.POST, request.FILES)), at)
    services.serve_hearing_notice(row, mode=mode, proof=proof, by=request.user, at=at)
    return back(request, pk, _("The notice of the hearing is served."))


@login_required
@require_POST
def remedy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a remedy, or the end of the pending one."""
    row, at = case_at(request, pk), clock.now()
    if "outcome" in request.POST:
        services.end_remedy(row, by=request.user, at=at, **cleaned(case_forms.RemedyEndForm(request.POST)))
        return back(request, pk, _("The end of the remedy is on record."))
    services.record_remedy(row, by=request.user, at=at, **cleaned(case_forms.RemedyForm(request.POST)))
    return back(request, pk, _("The remedy is on record; the extra fine does not run while it is pending."))


@login_required
@require_POST
def waiver(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what the party waived in writing."""
    services.record_waiver(case_at(request, pk), by=request.user, at=clock.now(), **cleaned(case_forms.WaiverForm(request.POST)))
    return back(request, pk, _("The waiver is on record."))


@login_required
@require_POST
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the legal review."""
    services.review_draft(case_at(request, pk), by=request.user, at=clock.now(), **cleaned(case_forms.ReviewForm(request.POST)))
    return back(request, pk, _("The review is written down."))


urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/<uuid:pk>/", case, name="case"),
    path("cases/<uuid:pk>/step/<slug:name>/", step, name="case_step"),
    path("cases/<uuid:pk>/facts/", facts, name="case_facts"),
    path("cases/<uuid:pk>/penalty/", penalty, name="case_penalty"),
    path("cases/<uuid:pk>/evidence/", evidence, name="case_evidence"),
    path("cases/<uuid:pk>/evidence/verify/", verify, name="case_verify"),
    path("cases/<uuid:pk>/notice/", serve_notice, name="case_notice"),
    path("cases/<uuid:pk>/hearing/", call_hearing, name="case_hearing"),
    path("cases/<uuid:pk>/hearing/notice/", serve_hearing, name="case_hearing_notice"),
    path("cases/<uuid:pk>/remedy/", remedy, name="case_remedy"),
    path("cases/<uuid:pk>/waiver/", waiver, name="case_waiver"),
    path("cases/<uuid:pk>/review/", review, name="case_review"),
]
