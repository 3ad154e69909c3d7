"""The story above the staircase, on one page: when this is written in the journal, that follows.

Each reaction is named by its dotted path and is called as `reaction(entry)` by the worker, perhaps twice; it must be idempotent.
"""

REACTIONS: dict[str, list[str]] = {}
DAILY: list[str] = []
