"""The campaign's pages: the plan and its ring, tasks, meetings."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sanbao.campaigns import queries, services
from sanbao.campaigns.lifecycle import TASK, TaskFacts
from sanbao.campaigns.models import AgendaItem, Campaign, Meeting, Plan, Task
from sanbao.console.pictures import ring as ring_picture
from sanbao.core import clock, files, journal
from sanbao.core.access import require
from sanbao.core.errors import refuse
from sanbao.core.models import Department, User
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop

SECTION = {"section": "campaign"}
STATES = (
    ("open", gettext_lazy("open tasks")),
    ("overdue", gettext_lazy("overdue")),
    ("orphan", gettext_lazy("without a person")),
    ("done", gettext_lazy("reported done")),
    ("verified", gettext_lazy("verified")),
    ("all", gettext_lazy("all")),
)


def _campaign() -> Campaign:
    found = queries.current(clock.today())
    if found is None:
        raise refuse("no_campaign", gettext_noop("No campaign has been launched yet; the headquarters launches one."))
    return found


@login_required
def campaign(request: HttpRequest) -> HttpResponse:
    """The plan, the ring, the targets beside what the indicators say."""
    require(request.user, "campaign.view")
    found = queries.current(clock.today())
    if found is None:
        return render(request, "console/campaigns/none.html", SECTION)
    plans = Plan.objects.filter(campaign=found).select_related("issuer").prefetch_related("items__owner", "items__tasks")
    context = {
        **SECTION,
        "campaign": found,
        "picture": ring_picture.picture(queries.ring(found, clock.now())),
        "lines": queries.board(found),
        "plans": plans,
        "meetings": Meeting.objects.filter(campaign=found)[:6],
        "orphans": queries.orphans(found, clock.today())[:8],
    }
    return render(request, "console/campaigns/campaign.html", context)


def _filtered(request: HttpRequest, found: Campaign) -> QuerySet[Task]:
    state = request.GET.get("state", "open")
    at = clock.now()
    chosen = {
        "open": lambda: queries.open_tasks(found),
        "overdue": lambda: queries.overdue_tasks(found, at),
        "orphan": lambda: queries.orphans(found, clock.today()),
        "done": lambda: queries.tasks_of(found).filter(state=Task.State.DONE),
        "verified": lambda: queries.tasks_of(found).filter(state=Task.State.VERIFIED),
    }.get(state, lambda: queries.tasks_of(found))()
    verified_on = request.GET.get("verified_on")
    if verified_on:
        try:
            chosen = queries.verified_on(found, date.fromisoformat(verified_on))
        except ValueError as error:
            raise refuse(
                "bad_day", gettext_noop("“%(text)s” is not a day; write it like 2026-11-22."), text=verified_on
            ) from error
    unit = request.GET.get("unit", "")
    if unit.isdigit():
        chosen = chosen.filter(unit_id=int(unit))
    if request.GET.get("mine"):
        chosen = chosen.filter(person=request.user)
    return chosen.order_by("due_at", "pk")


@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """The list of tasks with its filters in the address; exports what is shown."""
    require(request.user, "campaign.view")
    found = _campaign()
    rows = _filtered(request, found)
    if request.GET.get("export"):
        header = [_("Task"), _("Unit"), _("Leader"), _("Person"), _("Due"), _("State")]
        lines = ([t.title, str(t.unit), str(t.leader or ""), str(t.person or ""), t.due_at, t.get_state_display()] for t in rows)
        return export_response(request, "tasks", header, lines, request.GET["export"])
    context = {
        **SECTION,
        "campaign": found,
        "page_obj": Paginator(rows, 50).get_page(request.GET.get("page")),
        "states": STATES,
        "state": request.GET.get("state", "open"),
        "units": Department.objects.filter(pk__in=queries.tasks_of(found).values("unit")),
        "unit": request.GET.get("unit", ""),
    }
    return render(request, "console/campaigns/tasks.html", context)


@login_required
def task(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One task: who answers, what was reported with which evidence, what may be done next."""
    require(request.user, "campaign.view")
    row = get_object_or_404(queries.tasks_of(_campaign()), pk=pk)
    evidence = row.progress.filter(photo__isnull=False).count()
    facts = TaskFacts(state=row.state, actor=request.user.pk, doer=row.done_by_id, evidence=evidence, reason="-")
    context = {
        **SECTION,
        "task": row,
        "steps": TASK.open_steps(facts),
        "progress": row.progress.select_related("by", "photo"),
        "entries": journal.entries_of(row),
        "people": User.objects.filter(department=row.unit, is_active=True),
    }
    return render(request, "console/campaigns/task.html", context)


@login_required
@require_POST
def task_step(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """Take one step of a task."""
    row = get_object_or_404(queries.tasks_of(_campaign()), pk=pk)
    by, at = request.user, clock.now()
    text = request.POST.get("text", "").strip()
    upload = request.FILES.get("photo")
    photo = files.store_photo(upload.read(), by=by, at=at) if upload else None
    if step in {"report_progress", "report_done"}:
        getattr(services, step)(row, text=text, photo=photo, by=by, at=at)
    elif step == "verify":
        services.verify(row, by=by, at=at)
    elif step in {"return_task", "cancel"}:
        getattr(services, step)(row, reason=text, by=by, at=at)
    elif step == "reassign":
        services.reassign(row, person=get_object_or_404(User, pk=request.POST.get("person")), by=by, at=at)
    return redirect("console:task", pk=row.pk)


class DecisionForm(forms.Form):
    """What a decision needs to become a task."""

    outcome = forms.CharField(max_length=300, label=gettext_lazy("Decision"))
    unit = forms.ModelChoiceField(Department.objects.all(), label=gettext_lazy("Unit"))
    leader = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False, label=gettext_lazy("Leader"))
    person = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False, label=gettext_lazy("Person"))
    due_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), label=gettext_lazy("Due on"))


class MeetingForm(forms.Form):
    """What a meeting needs to be called."""

    kind = forms.ChoiceField(choices=Meeting.Kind, label=gettext_lazy("Kind"))
    title = forms.CharField(max_length=100, label=gettext_lazy("Title"))
    held_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), label=gettext_lazy("Time"))
    place = forms.CharField(max_length=100, label=gettext_lazy("Place"))
    agenda = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), label=gettext_lazy("Agenda, one item a line"))
    units = forms.ModelMultipleChoiceField(Department.objects.all(), label=gettext_lazy("Units asked to come"))


@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting, newest first, and a form to call one."""
    require(request.user, "campaign.view")
    found = _campaign()
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        agenda = [line.strip() for line in values.pop("agenda").splitlines() if line.strip()]
        row = services.call_meeting(found, **values, agenda=agenda, host=request.user, by=request.user, at=clock.now())
        return redirect("console:meeting", pk=row.pk)
    rows = Meeting.objects.filter(campaign=found).select_related("host").prefetch_related("agenda")
    return render(request, "console/campaigns/meetings.html", {**SECTION, "campaign": found, "meetings": rows, "form": form})


@login_required
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: agenda with outcomes, decisions as tasks, who was there."""
    require(request.user, "campaign.view")
    row = get_object_or_404(Meeting.objects.select_related("host", "campaign"), pk=pk)
    agenda = row.agenda.prefetch_related("tasks__unit", "tasks__person")
    context = {
        **SECTION,
        "meeting": row,
        "agenda": agenda,
        "attendances": row.attendances.select_related("unit", "person"),
        "decision_form": DecisionForm(),
        "open_items": [item for item in agenda if not item.outcome and not item.deferred_to],
    }
    return render(request, "console/campaigns/meeting.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the decision on an item, which becomes a task, or put the item off."""
    item = get_object_or_404(AgendaItem.objects.select_related("meeting__campaign"), pk=pk)
    by, at = request.user, clock.now()
    if request.POST.get("defer_to"):
        services.defer(item, to=date.fromisoformat(request.POST["defer_to"]), by=by, at=at)
        return redirect("console:meeting", pk=item.meeting_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise refuse("decision_incomplete", gettext_noop("A decision needs its words, a unit and a day."))
    values = dict(form.cleaned_data)
    due_at = clock.at_local(values.pop("due_on"), 18)
    services.decide(item, due_at=due_at, by=by, at=at, **values)
    return redirect("console:meeting", pk=item.meeting_id)


@login_required
@require_POST
def close_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a meeting with the people who were there."""
    row = get_object_or_404(Meeting, pk=pk)
    chosen = {key.removeprefix("present-"): value for key, value in request.POST.items() if key.startswith("present-") and value}
    people = User.objects.in_bulk([int(value) for value in chosen.values()])
    present = {int(unit): people[int(value)] for unit, value in chosen.items()}
    services.close_meeting(row, present=present, by=request.user, at=clock.now())
    return redirect("console:meeting", pk=row.pk)


urlpatterns = [
    path("campaign/", campaign, name="campaign"),
    path("tasks/", tasks, name="tasks"),
    path("tasks/<uuid:pk>/", task, name="task"),
    path("tasks/<uuid:pk>/<slug:step>/", task_step, name="task_step"),
    path("meetings/", meetings, name="meetings"),
    path("meetings/<uuid:pk>/", meeting, name="meeting"),
    path("agenda/<uuid:pk>/decide/", decide, name="decide"),
    path("meetings/<uuid:pk>/close/", close_meeting, name="close_meeting"),
]
