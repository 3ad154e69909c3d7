"""The pages and posts beside the main line of a case: opening one, measures, money, reminders, people, the discretion worksheet."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanbao.console import case_forms, case_forms_entry, case_forms_execution, case_forms_measures, case_page
from sanbao.console.views.penalties import SECTION, back, case_at, cleaned, proof_in
from sanbao.core import access, clock
from sanbao.penalties import answers, services, weighing
from sanbao.penalties.facts import investigators_of
from sanbao.penalties.models import Measure
from sanbao.penalties.services.investigating import OPEN
from sanbao.problems.models import Finding


@login_required
def open_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a case from a finding: the act, its day, the second investigator."""
    access.require(request.user, "case.handle")
    finding = get_object_or_404(Finding.objects.select_related("merchant", "premises"), pk=pk)
    day = clock.local_day(finding.found_at)
    given = {"conduct_on": day, "person": request.user, "auto_id": "open-%s", "label_suffix": ""}
    if request.method == "POST":
        form = case_forms_entry.OpenForm(request.POST, **given)
        case = services.open_lead(finding, by=request.user, at=clock.now(), **cleaned(form))
        return back(request, case.pk, _("The case is opened as a lead."))
    form = case_forms_entry.OpenForm(initial={"conduct_on": day}, **given)
    return render(request, "console/penalties/open.html", {**SECTION, "finding": finding, "form": form})


@login_required
def worksheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the facts to the band, from the band to the range, from the range to the sum, with reasons (PL 5, 32, 34, 37)."""
    row, now = case_at(request, pk), clock.now()
    mine = str(request.user.pk) in investigators_of(row) and row.state in OPEN and access.may(request.user, "case.handle")
    stored = answers.leniency_of(row.answers)
    facts = [(each, getattr(stored, each.key)) for each in answers.QUESTIONS if each.group == "leniency"]
    context = {
        **SECTION,
        "case": row,
        "act": case_page.act_of(row),
        "mine": mine,
        "leniency": facts,
        "penalty": case_page.penalty_of(row),
        "grounds": [words for code, words in answers.MITIGATION if code in row.mitigation],
        "objections": weighing.objections_of(row, now),
    }
    return render(request, "console/penalties/worksheet.html", context)


@login_required
@require_POST
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose a measure."""
    given = cleaned(case_forms_measures.ProposeForm(request.POST))
    services.propose_measure(case_at(request, pk), by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The measure is proposed; it waits for approval."))


@login_required
@require_POST
def approve(request: HttpRequest, pk: UUID, measure: UUID) -> HttpResponse:
    """The head approves a measure."""
    case = case_at(request, pk)
    services.approve_measure(get_object_or_404(Measure, pk=measure, case=case), by=request.user, at=clock.now())
    return back(request, pk, _("The measure is approved."))


@login_required
@require_POST
def measure_step(request: HttpRequest, pk: UUID, measure: UUID, name: str) -> HttpResponse:
    """Take a step of a measure."""
    row = get_object_or_404(Measure.objects.select_related("case"), pk=measure, case=case_at(request, pk))
    given = cleaned(case_forms_measures.step_form(row, name, request.POST))
    services.take_measure_step(row, name, by=request.user, at=clock.now(), **given)
    return back(request, pk, _("Done. The measure now stands at “%(state)s”.") % {"state": row.get_state_display()})


@login_required
@require_POST
def serve_reminder(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the service of the last reminder, or an attempt that failed."""
    row, at = case_at(request, pk), clock.now()
    mode, failed, proof = proof_in(request, cleaned(case_forms.ServiceForm(request.POST, request.FILES)), at)
    act = services.record_failed_service if failed else services.serve_reminder
    act(row, mode=mode, proof=proof, by=request.user, at=at)
    return back(request, pk, _("The failed attempt is on record.") if failed else _("The reminder is served."))


@login_required
@require_POST
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what the party states against the reminder."""
    given = cleaned(case_forms_execution.StatementForm(request.POST))
    services.record_reminder_statement(case_at(request, pk), by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The statement is on record; it is answered before anything is enforced."))


@login_required
@require_POST
def remind_substitute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the reminder before substitute performance."""
    given = cleaned(case_forms_execution.DutyForm(request.POST))
    services.remind_substitute(case_at(request, pk), by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The reminder is written and waits to be served."))


@login_required
@require_POST
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a part payment."""
    given = cleaned(case_forms_execution.PartForm(request.POST))
    services.record_payment(case_at(request, pk), by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The payment is on record."))


@login_required
@require_POST
def cash(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that cash was handed in."""
    services.hand_in_cash(case_at(request, pk), to_bank="to_bank" in request.POST, by=request.user, at=clock.now())
    return back(request, pk, _("The cash is on its way as the law demands."))


@login_required
@require_POST
def spot_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Report a penalty on the spot to the agency."""
    services.report_on_spot(case_at(request, pk), by=request.user, at=clock.now())
    return back(request, pk, _("Reported to the agency for its record."))


@login_required
@require_POST
def investigators(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the investigators."""
    row = case_at(request, pk)
    given = cleaned(case_forms_entry.InvestigatorsForm(request.POST, case=row))
    services.change_investigators(row, by=request.user, at=clock.now(), **given)
    return back(request, pk, _("The investigators are changed; the new ones declare themselves anew."))


@login_required
@require_POST
def recusal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The head refuses a recusal."""
    services.refuse_recusal(case_at(request, pk), by=request.user, at=clock.now(), **cleaned(case_forms.ReasonForm(request.POST)))
    return back(request, pk, _("The request for recusal is decided."))


@login_required
@require_POST
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the confirmed address."""
    services.confirm_address(
        case_at(request, pk), by=request.user, at=clock.now(), **cleaned(case_forms_entry.AddressForm(request.POST))
    )
    return back(request, pk, _("The confirmation of the address is on file."))


@login_required
@require_POST
def disagreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a discussion without agreement."""
    given = cleaned(case_forms.DiscussionForm(request.POST))
    given.pop("agreed")
    services.record_disagreement(case_at(request, pk), by=request.user, at=clock.now(), **given)
    return redirect("console:case", pk)


urlpatterns = [
    path("cases/open/<uuid:pk>/", open_case, name="case_open"),
    path("cases/<uuid:pk>/worksheet/", worksheet, name="case_worksheet"),
    path("cases/<uuid:pk>/measures/", propose, name="case_measure"),
    path("cases/<uuid:pk>/measures/<uuid:measure>/approve/", approve, name="case_measure_approve"),
    path("cases/<uuid:pk>/measures/<uuid:measure>/<slug:name>/", measure_step, name="case_measure_step"),
    path("cases/<uuid:pk>/reminder/", serve_reminder, name="case_reminder"),
    path("cases/<uuid:pk>/statement/", statement, name="case_statement"),
    path("cases/<uuid:pk>/substitute/", remind_substitute, name="case_substitute"),
    path("cases/<uuid:pk>/part/", part, name="case_part"),
    path("cases/<uuid:pk>/cash/", cash, name="case_cash"),
    path("cases/<uuid:pk>/spot/", spot_report, name="case_spot_report"),
    path("cases/<uuid:pk>/investigators/", investigators, name="case_investigators"),
    path("cases/<uuid:pk>/recusal/", recusal, name="case_recusal"),
    path("cases/<uuid:pk>/address/", address, name="case_address"),
    path("cases/<uuid:pk>/disagreement/", disagreement, name="case_disagreement"),
]
