"""The story above the staircase, on one page: when this is written in the journal, that follows.

Each reaction is named by its dotted path and is called as `reaction(entry)` by the worker, perhaps twice; it must be idempotent.
Each daily duty is called as `duty(day)` once per district and legal day.
"""

FOLLOW_PREMISES = [
    "sanbao.agreements.following.follow_premises",
    "sanbao.agreements.carrying.follow_premises",
    "sanbao.problems.services.following.follow_premises",
    "sanbao.penalties.services.following.follow_premises",
]
REACTIONS: dict[str, list[str]] = {
    # An order failed: the legal path is proposed, nobody decides it here (S56).
    "order.failed": ["sanbao.penalties.services.propose_from_order"],
    # A decision was served: it may be published, after masking and approval (PL 48).
    "case.served": ["sanbao.publicity.services.draft_from_case"],
    "case.revoked": ["sanbao.publicity.services.mark_annulled"],
    # What was exposed has been put right: the exposure ends.
    "order.corrected": ["sanbao.publicity.services.end_put_right"],
    "finding.closed": ["sanbao.publicity.services.end_put_right"],
    # Two lists had named one front twice: what hangs on it goes with it, and back again (ADR 0013).
    "premises.merged": FOLLOW_PREMISES,
    "premises.separated": FOLLOW_PREMISES,
}
DAILY: list[str] = [
    "sanbao.evaluation.services.refresh_readings",
    "sanbao.evaluation.services.keep_ranking",
    "sanbao.publicity.services.end_expired",
]
