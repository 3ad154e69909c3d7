"""Issuing the papers of a case: the one door. What a form must say is asked of the law before it is numbered.

A service gives the facts under the keys of `sanbao/law/forms`; amounts, days and instants may be given as they are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sanbao.core import documents
from sanbao.core.errors import Refusal
from sanbao.core.models import User
from sanbao.law import forms
from sanbao.penalties import papers
from sanbao.penalties.models import Case, CaseDocument, StepTaken

TEMPLATE = "case_paper"
# form: (kind of number, template, title)
FORMS = {form.id: (form.kind, TEMPLATE, form.title) for form in forms.forms().values()}


def issue_paper(
    case: Case, form: str, facts: Mapping[str, Any], *, by: User, at: datetime, step: StepTaken | None = None
) -> CaseDocument:
    """Issue a numbered paper in the name of the agency and put it into the file of the case.

    Raises `Refusal` with an objection for each required field that the facts leave open, `UnknownForm` for an unknown form.
    """
    kind, template, title = FORMS[forms.form(form).id]
    told = papers.dressed(case, form, facts, at)
    objections = forms.missing(forms.form(form), told)
    if objections:
        raise Refusal(*objections)
    document = documents.issue(kind, case, template, told, title=title, department=case.department, by=by, at=at)
    return CaseDocument.objects.create(case=case, form=form, document=document, step=step)


def preview_paper(case: Case, form: str, facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF as it would look, marked as a preview; what is still missing is shown as 【label】. Nothing is written."""
    kind, template, title = FORMS[forms.form(form).id]
    told = papers.dressed(case, form, facts, at)
    return documents.preview(template, told, kind=kind, title=title, department=case.department)
