"""The story above the staircase, on one page: when this is written in the journal, that follows.

Each reaction is named by its dotted path and is called as `reaction(entry)` by the worker, perhaps twice; it must be idempotent.
Each daily duty is called as `duty(day)` once per district and legal day.
"""

REACTIONS: dict[str, list[str]] = {
    # An order failed: the legal path is proposed, nobody decides it here (S56).
    "order.failed": ["sanbao.penalties.services.propose_from_order"],
    # A decision was served: it may be published, after masking and approval (PL 48).
    "case.served": ["sanbao.publicity.services.draft_from_case"],
    "case.revoked": ["sanbao.publicity.services.mark_annulled"],
    # What was exposed has been put right: the exposure ends.
    "order.corrected": ["sanbao.publicity.services.end_put_right"],
    "finding.closed": ["sanbao.publicity.services.end_put_right"],
}
DAILY: list[str] = [
    "sanbao.evaluation.services.refresh_readings",
    "sanbao.evaluation.services.keep_ranking",
    "sanbao.publicity.services.end_expired",
]
