"""Issued papers for the staff: the bytes as they were issued, never rendered again."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from sanbao.core import documents
from sanbao.core.access import require
from sanbao.core.models import IssuedDocument

# Which verb opens the papers of which room; a room not named here is open to every logged-in person.
VERBS = {"penalties": "case.view", "problems": "problem.view", "agreements": "agreement.view", "campaigns": "campaign.view"}


@require_safe
@login_required
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One issued paper as PDF."""
    row = get_object_or_404(IssuedDocument, pk=pk)
    verb = VERBS.get(row.subject.partition(".")[0])
    if verb:
        require(request.user, verb)
    response = HttpResponse(documents.pdf_bytes(row), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{row.title} {row.number}.pdf")
    response["Cache-Control"] = "private, max-age=86400"
    return response


urlpatterns = [path("documents/<uuid:pk>.pdf", document, name="document")]
