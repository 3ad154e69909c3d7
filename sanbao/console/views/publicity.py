"""The desk of publicity: proposals, masking side by side, the privacy check, approval, publication, withdrawal."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sanbao.console import publication_forms as fields
from sanbao.console.rows import address
from sanbao.core import clock, journal
from sanbao.core.access import may, require
from sanbao.core.district import current_id
from sanbao.core.errors import refuse
from sanbao.core.models import Department, Photo
from sanbao.core.tables import export_response
from sanbao.evaluation.models import Ranking
from sanbao.law.workflow import gettext_noop
from sanbao.problems.models import Finding
from sanbao.publicity import facts, merits, queries, services
from sanbao.publicity.models import LIVE, Publication

SECTION = {"section": "publicity"}
VIEWS = (
    ("open", gettext_lazy("in hand")),
    ("published", gettext_lazy("published")),
    ("to_withdraw", gettext_lazy("to be withdrawn")),
    ("withdrawn", gettext_lazy("withdrawn")),
    ("ended", gettext_lazy("ended")),
    ("discarded", gettext_lazy("discarded")),
)
PICTURES = {"before": gettext_lazy("before"), "after": gettext_lazy("afterwards"), "recheck": gettext_lazy("at the recheck")}
VERBS = {
    "review": ("publication.review",),
    "approve": ("publication.approve",),
    "publish": ("publication.publish",),
    "withdraw": ("publication.withdraw",),
    "send_back": ("publication.approve", "publication.review"),
    "discard": ("publication.approve", "publication.propose"),
}
NO_SUCH_STEP = gettext_noop("There is no such step.")


@login_required
def publicity(request: HttpRequest) -> HttpResponseBase:
    """What is in hand, published and to be withdrawn; and the failed corrections that might be exposed."""
    require(request.user, "publication.view")
    view, kind = request.GET.get("view", "open"), request.GET.get("kind", "")
    kind = kind if kind in Publication.Kind.values else ""
    rows = queries.desk(state=view if view in dict(VIEWS) else "open", kind=kind)
    if request.GET.get("export"):
        header = [_("Title"), _("Kind"), _("State"), _("Proposed"), _("Published"), _("Shown until"), _("Reason")]
        lines = (
            [
                row.title,
                row.get_kind_display(),
                row.get_state_display(),
                row.proposed_at,
                row.published_at,
                row.ends_on,
                row.reason,
            ]
            for row in rows
        )
        return export_response(request, f"publications-{view}", header, lines, request.GET["export"])
    counted = queries.counts()
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    for row in page:
        row.due = facts.withdrawal_due(row) if row.state == Publication.State.PUBLISHED else None
    context = {
        **SECTION,
        "view": view,
        "views": [(key, label, counted[key]) for key, label in VIEWS],
        "kind": kind,
        "kinds": Publication.Kind.choices,
        "page_obj": page,
        "candidates": _candidates() if may(request.user, "publication.propose") else [],
    }
    return render(request, "console/publicity/list.html", context)


def _candidates() -> list[Finding]:
    """Failed corrections without a live publication, the newest first: what S54 means by exposing in time."""
    failed = Finding.objects.filter(state=Finding.State.FAILED).select_related("area").order_by("-found_at", "-id")[:40]
    live = set(Publication.objects.filter(kind="exposure", state__in=LIVE).values_list("source", flat=True))
    return [row for row in failed if journal.subject_of(row) not in live][:8]


@login_required
def publication(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One publication: what the public will see beside where it comes from, what was answered, and what may be done next."""
    require(request.user, "publication.view")
    row = get_object_or_404(queries.desk(), pk=pk)
    finding, case = facts.finding_of(row), facts.case_of(row)
    case = case if may(request.user, "case.view") else None
    inside = finding is not None and (may(request.user, "publication.propose") or may(request.user, "publication.review"))
    context = {
        **SECTION,
        "row": row,
        "finding": finding,
        "finding_url": address("console:problem", finding.pk) if finding else "",
        "case": case,
        "case_url": address("console:case", case.pk) if case else "",
        "pictures": [(use, PICTURES[use.role]) for use in queries.pictures_for(finding)] if finding and inside else [],
        "masks": _masks(row),
        "steps": _steps(request, row),
        "questions": fields.questions_for(row),
        "readable": fields.READABLE,
        "credit": fields.CREDIT,
        "words": fields.WordsForm(initial={"title": row.title, "body": row.body}),
        "changeable": row.state == Publication.State.PROPOSED and may(request.user, "publication.propose"),
        "entries": journal.entries_of(row),
        "due": facts.withdrawal_due(row) if row.state == Publication.State.PUBLISHED else None,
        "merit_names": merits.CRITERIA,
    }
    return render(request, "console/publicity/publication.html", context)


def _masks(row: Publication) -> list[dict[str, Any]]:
    """Each blurred copy beside the picture it was made from."""
    made = []
    for mask in row.masks:
        copy = row.photo if mask["role"] == "before" else row.photo_after
        made.append(
            {
                "role": mask["role"],
                "label": PICTURES[mask["role"]],
                "of": mask["of"],
                "copy": copy,
                "parts": len(mask["rectangles"]),
            }
        )
    return made


def _steps(request: HttpRequest, row: Publication) -> list[facts.OpenStep]:
    steps = facts.open_steps(row, by=request.user, at=clock.now())
    return [step for step in steps if any(may(request.user, verb) for verb in VERBS[step.name])]


@login_required
@require_POST
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Take one step of a publication."""
    row = get_object_or_404(Publication, pk=pk)
    given: dict[str, Any] = {"by": request.user, "at": clock.now()}
    if name == "review":
        services.review(row, answers=fields.answers_in(row, request.POST), **given)
    elif name in ("approve", "publish"):
        getattr(services, name)(row, **given)
    elif name in ("withdraw", "send_back", "discard"):
        getattr(services, name)(row, reason=request.POST.get("reason", ""), **given)
    else:
        raise refuse("no_such_step", NO_SUCH_STEP)
    return redirect("console:publication", pk=row.pk)


@login_required
@require_POST
def mask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the blurred copy of a picture from the marked parts, or take a picture out."""
    row = get_object_or_404(Publication, pk=pk)
    role = "after" if request.POST.get("role") == "after" else "before"
    if request.POST.get("drop"):
        services.drop_photo(row, role=role, by=request.user, at=clock.now())
        return redirect("console:publication", pk=row.pk)
    services.mask_photo(
        row,
        get_object_or_404(Photo, sha256=request.POST.get("photo", "")),
        fields.rectangles_in(request.POST.get("rectangles", "")),
        role=role,
        nothing_to_mask=bool(request.POST.get("nothing")),
        by=request.user,
        at=clock.now(),
    )
    return redirect("console:publication", pk=row.pk)


@login_required
@require_POST
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the words of a proposal."""
    row = get_object_or_404(Publication, pk=pk)
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    services.edit(row, title=title, body=body, by=request.user, at=clock.now())
    return redirect("console:publication", pk=row.pk)


@login_required
@require_POST
def propose_exposure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose to expose a problem, without anybody's name."""
    found = get_object_or_404(Finding.objects.select_related("premises__segment__street", "area", "report"), pk=pk)
    row = services.propose_exposure(found, by=request.user, at=clock.now())
    return redirect("console:publication", pk=row.pk)


@login_required
@require_POST
def propose_ranking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose to publish a frozen ranking."""
    row = services.propose_ranking(get_object_or_404(Ranking, pk=pk), by=request.user, at=clock.now())
    return redirect("console:publication", pk=row.pk)


@login_required
def commend(request: HttpRequest) -> HttpResponse:
    """Choose a unit and the records that speak for it on each criterion, and propose to praise it."""
    require(request.user, "publication.propose")
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    units = Department.objects.filter(district_id=current_id(), kind__in=["street", "department"])
    unit = get_object_or_404(units, pk=wanted) if wanted.isdigit() else None
    if request.method == "POST" and unit:
        basis = {criterion: request.POST.getlist(criterion) for criterion in merits.CRITERIA}
        title, body = request.POST.get("title", ""), request.POST.get("body", "")
        row = services.commend(unit, basis=basis, title=title, body=body, by=request.user, at=clock.now())
        return redirect("console:publication", pk=row.pk)
    found = merits.merits_of(unit) if unit else {}
    criteria = [(key, label, found.get(key, [])) for key, label in merits.CRITERIA.items()]
    context = {**SECTION, "units": units, "unit": unit, "criteria": criteria}
    return render(request, "console/publicity/commend.html", context)


urlpatterns = [
    path("publicity/", publicity, name="publicity"),
    path("publicity/commend/", commend, name="commend"),
    path("publicity/exposure/<uuid:pk>/", propose_exposure, name="propose_exposure"),
    path("publicity/ranking/<uuid:pk>/", propose_ranking, name="propose_ranking"),
    path("publicity/<uuid:pk>/", publication, name="publication"),
    path("publicity/<uuid:pk>/mask/", mask, name="publication_mask"),
    path("publicity/<uuid:pk>/words/", edit, name="publication_words"),
    path("publicity/<uuid:pk>/<slug:name>/", step, name="publication_step"),
]
