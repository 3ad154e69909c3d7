"""A case goes with its front when that turns out to be one with another, and back again; its party and its papers stay. May run twice."""

from sanbao.core.models import Entry
from sanbao.penalties.models import Case
from sanbao.registry.following import follow


def follow_premises(entry: Entry) -> None:
    """Let cases go with the front of which a journal entry tells."""
    follow(entry, (Case,))
