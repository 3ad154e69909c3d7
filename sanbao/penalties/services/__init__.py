"""The one way to change a case: open, write down, take a step, serve, review, pay, preserve, seize."""

from sanbao.penalties.services.beside import approve_measure, propose_measure, take_measure_step
from sanbao.penalties.services.hearings import call_hearing, serve_hearing_notice
from sanbao.penalties.services.investigating import add_evidence, propose_penalty, record_facts, verify_evidence
from sanbao.penalties.services.opening import change_investigators, confirm_address, open_lead, refuse_recusal
from sanbao.penalties.services.performing import (
    hand_in_cash,
    record_disagreement,
    record_payment,
    record_reminder_statement,
    remind_substitute,
    report_on_spot,
    serve_reminder,
)
from sanbao.penalties.services.proposing import propose_from_order
from sanbao.penalties.services.remedies import end_remedy, record_remedy
from sanbao.penalties.services.serving import proposed_service, record_failed_service, record_waiver, serve_notice
from sanbao.penalties.services.steps import review_draft, take_step

__all__ = [
    "add_evidence",
    "approve_measure",
    "call_hearing",
    "change_investigators",
    "confirm_address",
    "end_remedy",
    "hand_in_cash",
    "open_lead",
    "propose_from_order",
    "propose_measure",
    "propose_penalty",
    "proposed_service",
    "record_disagreement",
    "record_facts",
    "record_failed_service",
    "record_payment",
    "record_remedy",
    "record_reminder_statement",
    "record_waiver",
    "refuse_recusal",
    "remind_substitute",
    "report_on_spot",
    "review_draft",
    "serve_hearing_notice",
    "serve_notice",
    "serve_reminder",
    "take_measure_step",
    "take_step",
    "verify_evidence",
]
