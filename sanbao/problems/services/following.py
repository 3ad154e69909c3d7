"""Reports and findings go with their front when it turns out to be one with another, and back again. May run twice.

The party of a finding stays as it was written: who is answerable is established by the case, not by a comparison of lists.
"""

from sanbao.core.models import Entry
from sanbao.problems.models import Finding, Report
from sanbao.registry.following import follow


def follow_premises(entry: Entry) -> None:
    """Let reports and findings go with the front of which a journal entry tells."""
    follow(entry, (Report, Finding))
