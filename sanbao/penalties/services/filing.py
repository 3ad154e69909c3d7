"""Putting a paper of any form into the file: what every paper of a case may use, and what the step adds under the form's keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sanbao.core.models import User
from sanbao.penalties import papers
from sanbao.penalties.models import Case, CaseDocument, StepTaken
from sanbao.penalties.services import paperwork


def put_paper(
    case: Case, form: str, facts: Mapping[str, Any], *, by: User, at: datetime, step: StepTaken | None = None
) -> CaseDocument:
    """Issue a paper of a form with the case's own facts and those given; the paper of the form as it lies in the file."""
    told = {**papers.common(case, at), **facts}
    return paperwork.issue_paper(case, form, told, by=by, at=at, step=step)
