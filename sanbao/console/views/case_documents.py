"""The document desk of a case: its papers with number, hash and service, previews and drafts of any form, and the archive bundle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from sanbao.core import access, clock, drafts
from sanbao.law import forms
from sanbao.law.workflow import Verdict
from sanbao.penalties import drafting, queries
from sanbao.penalties.models import Case, CaseDocument
from sanbao.penalties.services.archiving import ENDED, export_bundle
from sanbao.problems.models import Delivery


@dataclass(frozen=True)
class Paper:
    """One paper on the desk; `served_at` is the instant from which it counts as served, `waits` if it goes out and is not served."""

    row: CaseDocument
    served_at: datetime | None
    waits: bool


@dataclass(frozen=True)
class Next:
    """A form that a next step issues, and the label of that step; `open` if the step can be taken now."""

    form: forms.Form
    title: str
    step: str
    open: bool


def desk_of(case: Case, verdicts: Sequence[Verdict]) -> dict[str, object]:
    """What the desk shows: the papers in order of issue, the forms of the next steps, every form, and whether there is a bundle."""
    rows = list(case.papers.select_related("document").order_by("document__issued_at", "id"))
    ids = [row.document_id for row in rows]
    served = dict(
        Delivery.objects.filter(document__in=ids, deemed_at__isnull=False)
        .order_by("deemed_at")
        .values_list("document_id", "deemed_at")
    )
    papers = []
    for row in rows:
        at, known = served.get(row.document_id), forms.forms().get(row.form)
        papers.append(Paper(row, at, at is None and known is not None and known.outward))
    found: dict[str, Next] = {}
    for verdict in sorted(verdicts, key=lambda each: not each.allowed):
        for id_ in verdict.step.documents:
            if id_ in forms.forms() and id_ not in found:
                form = forms.form(id_)
                found[id_] = Next(form, title_of(form), verdict.step.label, verdict.allowed)
    every = [(form, title_of(form)) for form in forms.forms().values()]
    return {"desk_papers": papers, "next_forms": list(found.values()), "every_form": every, "bundle_ready": case.state in ENDED}


def title_of(form: forms.Form) -> str:
    """The title of a form in the reader's language; papers themselves are in Chinese."""
    return form.title if (get_language() or "").startswith("zh") else f"{form.title_en}（{form.title}）"


def _case(request: HttpRequest, pk: UUID) -> Case:
    access.require(request.user, "case.view")
    return get_object_or_404(queries.cases().select_related("order"), pk=pk)


def _known(form: str) -> forms.Form:
    try:
        return forms.form(form)
    except forms.UnknownForm as error:
        raise Http404 from error


@require_safe
@login_required
def preview(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """A paper as it would look now, marked as a preview; nothing is written."""
    pdf = drafting.preview(_case(request, pk), _known(form).id, clock.now())
    return HttpResponse(pdf, content_type="application/pdf", headers={"Cache-Control": "no-store"})


@require_safe
@login_required
def draft(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """An editable draft in Word's format, without number, seal or effect; nothing is written."""
    row, known = _case(request, pk), _known(form)
    data = drafting.draft(row, known.id, clock.now())
    return _download(data, drafts.MIME, f"{row.number} {known.title}（草稿）.docx")


@require_POST
@login_required
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The archive bundle of an ended case; who took it stands in the journal."""
    row = _case(request, pk)
    made = export_bundle(row, by=request.user, at=clock.now())
    return _download(made.data, "application/zip", f"{row.number}.zip")


def _download(data: bytes, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=mime, headers={"Cache-Control": "no-store"})
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


urlpatterns = [
    path("cases/<uuid:pk>/preview/<str:form>/", preview, name="case_preview"),
    path("cases/<uuid:pk>/draft/<str:form>/", draft, name="case_draft"),
    path("cases/<uuid:pk>/bundle/", bundle, name="case_bundle"),
]
