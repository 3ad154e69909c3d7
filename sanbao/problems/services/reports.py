"""What the office does with a report: take it up, decline it, merge it, answer it."""

from datetime import datetime

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import insist
from sanbao.core.models import User
from sanbao.problems import lifecycle
from sanbao.problems.models import Finding, Report
from sanbao.problems.services.findings import add_finding, seen_in
from sanbao.problems.services.moves import move_report
from sanbao.registry.models import Premises


@transaction.atomic
def accept_report(report: Report, *, premises: Premises | None = None, note: str = "", by: User, at: datetime) -> Finding:
    """Take a report up as a finding, at the premises the reader has confirmed (or none).

    What a merchant reports about its own zone becomes a finding about the place, never against that merchant.
    """
    access.require(by, "problem.accept", at)
    target = insist(lifecycle.REPORT.attempt("accept", lifecycle.ReportFacts(report.state)))
    finding = add_finding(seen_in(report, premises, note), by=by, at=at)
    move_report(report, target, finding=finding)
    Report.objects.filter(duplicate_of=report, state=Report.State.MERGED).update(finding=finding)
    journal.record("report.accepted", report, by=by, at=at, finding=str(finding.pk))
    return finding


@transaction.atomic
def decline_report(report: Report, *, reply: str, by: User, at: datetime) -> Report:
    """Decline a report with a reply that its sender can read."""
    access.require(by, "problem.accept", at)
    target = insist(lifecycle.REPORT.attempt("decline", lifecycle.ReportFacts(report.state, reply)))
    move_report(report, target, reply=reply.strip(), answered_at=at)
    journal.record("report.declined", report, by=by, at=at)
    return report


@transaction.atomic
def merge_report(report: Report, into: Report | Finding, *, by: User, at: datetime) -> Report:
    """Join a report to another one, or to a finding, about the same thing; it is answered with it and never hidden."""
    access.require(by, "problem.accept", at)
    if isinstance(into, Finding):
        mergeable, changes = into.state != Finding.State.CLOSED, {"finding": into, "duplicate_of": into.report}
    else:
        mergeable = into.pk != report.pk and into.state in (Report.State.RECEIVED, Report.State.ACCEPTED)
        changes = {"finding": into.finding, "duplicate_of": into}
    target = insist(lifecycle.REPORT.attempt("merge", lifecycle.ReportFacts(report.state, mergeable=mergeable)))
    move_report(report, target, **changes)
    Report.objects.filter(duplicate_of=report).update(**changes)
    journal.record("report.merged", report, by=by, at=at, into=journal.subject_of(into))
    return report
