"""Papers before they are issued: what is already known for a form, its preview as PDF and its editable draft. Writes nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sanbao.core import documents, drafts
from sanbao.law import forms
from sanbao.penalties import papers
from sanbao.penalties.models import Case
from sanbao.penalties.services.paperwork import preview_paper

FACTS: Mapping[str, Callable[[Case, datetime], dict[str, Any]]] = {
    "D-15": lambda case, at: papers.report(case, at),
    "D-16": lambda case, at: papers.notice(case, at, hearing=False),
    "D-17": lambda case, at: papers.notice(case, at, hearing=True),
    "D-20": lambda case, at: papers.no_penalty(case, at, ""),
    "D-23": lambda case, at: papers.decision(case, at),
}


def known_facts(case: Case, form: str, at: datetime) -> dict[str, Any]:
    """What is known for a form now: the case's own facts, else those of the last paper of that form as it was issued."""
    last = case.papers.select_related("document").filter(form=form).last()
    if form not in FACTS and last is not None:
        return dict(last.document.facts)
    return FACTS[form](case, at) if form in FACTS else papers.common(case, at)


def preview(case: Case, form: str, at: datetime) -> bytes:
    """The PDF as it would look now, marked as a preview; raises `UnknownForm`."""
    return preview_paper(case, form, _unframed(known_facts(case, form, at)), at=at)


def draft(case: Case, form: str, at: datetime) -> bytes:
    """The editable draft (DOCX) of a form with what is known now; what is missing stands as 【label】. Raises `UnknownForm`."""
    told = papers.dressed(case, form, _unframed(known_facts(case, form, at)), at)
    return drafts.make_draft(forms.form(form).title, told["parts"], agency=case.department.name, at=at)


def _unframed(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of an issued paper without what the issue put around them: number, check code, date, parts."""
    frame = {*documents.FRAME, "parts", "form"}
    return {key: value for key, value in facts.items() if key not in frame}
