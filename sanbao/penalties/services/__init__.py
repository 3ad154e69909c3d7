"""The one way to change a case: propose, write down, take a step, serve, review, pay."""

from sanbao.penalties.services.hearings import call_hearing, serve_hearing_notice
from sanbao.penalties.services.investigating import add_evidence, propose_penalty, record_facts, verify_evidence
from sanbao.penalties.services.proposing import propose_from_order
from sanbao.penalties.services.remedies import end_remedy, record_remedy
from sanbao.penalties.services.serving import proposed_service, record_failed_service, record_waiver, serve_notice
from sanbao.penalties.services.steps import review_draft, take_step

__all__ = [
    "add_evidence",
    "call_hearing",
    "end_remedy",
    "propose_from_order",
    "propose_penalty",
    "proposed_service",
    "record_facts",
    "record_failed_service",
    "record_remedy",
    "record_waiver",
    "review_draft",
    "serve_hearing_notice",
    "serve_notice",
    "take_step",
    "verify_evidence",
]
