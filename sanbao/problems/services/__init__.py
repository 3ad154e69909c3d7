"""The one way to change anything in this room: reports, findings, orders to correct, service of papers, rechecks."""

from sanbao.problems.services.findings import close_finding, dispatch_finding, record_finding
from sanbao.problems.services.orders import (
    Declared,
    Proof,
    delivery_of,
    extend_order,
    insist_no_own_report,
    issue_order,
    record_attempt,
    serve_order,
    withdraw_order,
)
from sanbao.problems.services.receiving import Outcome, objections_to, receive_many, receive_report
from sanbao.problems.services.rechecks import recheck
from sanbao.problems.services.reports import accept_report, decline_report, merge_report

__all__ = [
    "Declared",
    "Outcome",
    "Proof",
    "accept_report",
    "close_finding",
    "decline_report",
    "delivery_of",
    "dispatch_finding",
    "extend_order",
    "insist_no_own_report",
    "issue_order",
    "merge_report",
    "objections_to",
    "receive_many",
    "receive_report",
    "recheck",
    "record_attempt",
    "record_finding",
    "serve_order",
    "withdraw_order",
]
