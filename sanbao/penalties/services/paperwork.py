"""Issuing the papers of a case under their forms in the procedure manual."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sanbao.core import documents
from sanbao.core.models import User
from sanbao.penalties.models import Case, CaseDocument, StepTaken

# form: (kind of number, template, title)
FORMS = {
    "D-07": ("filing_approval", "filing_approval", "立案审批表"),
    "D-15": ("investigation_report", "investigation_report", "案件调查终结报告"),
    "D-16": ("penalty_notice", "penalty_notice", "行政处罚事先告知书"),
    "D-18": ("defence_review", "defence_review", "陈述申辩复核意见书"),
    "D-19": ("hearing_announcement", "hearing_announcement", "听证通知书"),
    "D-19R": ("hearing_record", "hearing_record", "听证笔录"),
    "D-20": ("no_penalty_decision", "no_penalty_decision", "不予行政处罚决定书"),
    "D-22": ("legal_review", "legal_review", "法制审核意见书"),
    "D-22b": ("collective_record", "collective_record", "集体讨论记录"),
    "D-23": ("penalty_decision", "penalty_decision", "行政处罚决定书"),
    "D-26": ("service_receipt", "service_receipt", "送达回证"),
    "D-35": ("revocation", "revocation", "撤销行政处罚决定书"),
    "D-36": ("closing_approval", "closing_approval", "结案审批表"),
}


def issue_paper(
    case: Case, form: str, facts: Mapping[str, Any], *, by: User, at: datetime, step: StepTaken | None = None
) -> CaseDocument:
    """Issue a numbered paper in the name of the agency and put it into the file of the case."""
    kind, template, title = FORMS[form]
    document = documents.issue(kind, case, template, facts, title=title, department=case.department, by=by, at=at)
    return CaseDocument.objects.create(case=case, form=form, document=document, step=step)
