"""Moving a report or a finding to its next state, only if nobody was faster; and answering those who reported a matter."""

from datetime import datetime

from sanbao.core import journal
from sanbao.core.errors import insist, refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop
from sanbao.problems import lifecycle
from sanbao.problems.models import Finding, Order, Report

MOVED_ON = gettext_noop("Someone else was faster: this has changed since you opened it. Look at it again.")


def move_report(report: Report, target: str, **changes: object) -> None:
    """Compare and set the state of a report; `Refusal` if someone was faster."""
    _move(report, Report, target, changes)


def move_finding(finding: Finding, target: str, **changes: object) -> None:
    """Compare and set the state of a finding; `Refusal` if someone was faster."""
    _move(finding, Finding, target, changes)


def move_order(order: Order, target: str, **changes: object) -> None:
    """Compare and set the state of an order; `Refusal` if someone was faster."""
    _move(order, Order, target, changes)


def answer_reports(finding: Finding, *, reply: str, by: User, at: datetime) -> int:
    """Answer everybody who reported the matter of a finding; returns how many. Called where a finding ends."""
    waiting = list(Report.objects.filter(finding=finding, state__in=[Report.State.ACCEPTED, Report.State.MERGED]))
    for report in waiting:
        target = insist(lifecycle.REPORT.attempt("answer", lifecycle.ReportFacts(report.state, reply)))
        move_report(report, target, reply=reply, answered_at=at)
    journal.record_many("report.answered", ((report, {"finding": str(finding.pk)}) for report in waiting), by=by, at=at)
    return len(waiting)


def _move(row: Report | Finding | Order, model: type, target: str, changes: dict[str, object]) -> None:
    if not model.objects.filter(pk=row.pk, state=row.state).update(state=target, **changes):
        raise refuse("moved_on", MOVED_ON)
    row.state = target
    for name, value in changes.items():
        setattr(row, name, value)
