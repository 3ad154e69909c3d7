"""The lives of a report and of a finding, as tables of steps. Orders follow `sanbao.law.rectification`. Pure: no rows, no clock."""

from dataclasses import dataclass

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop

NO_REPLY = gettext_noop("Write to the person who reported it why nothing follows, or where it belongs.")
MERGED_WITH_ITSELF = gettext_noop("A report cannot be merged with itself or with one that has been merged already.")
NO_CLOSING = gettext_noop("Write in a sentence how this was put right or why it is closed.")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the guards of a report look at."""

    state: str
    reply: str = ""
    mergeable: bool = True


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What the guards of a finding look at."""

    state: str
    closing: str = ""


def has_reply(facts: ReportFacts) -> Reason | None:
    return None if facts.reply.strip() else Reason("no_reply", NO_REPLY)


def can_merge(facts: ReportFacts) -> Reason | None:
    return None if facts.mergeable else Reason("merged_with_itself", MERGED_WITH_ITSELF)


def has_closing(facts: FindingFacts) -> Reason | None:
    return None if facts.closing.strip() else Reason("no_closing", NO_CLOSING)


REPORT = Workflow(
    "report",
    ("received", "accepted", "declined", "merged", "answered"),
    (
        Step("accept", ("received",), "accepted", label=gettext_noop("Take it up")),
        Step("decline", ("received",), "declined", (has_reply,), label=gettext_noop("Decline with a reply")),
        Step("merge", ("received",), "merged", (can_merge,), label=gettext_noop("Merge")),
        Step("answer", ("accepted", "merged"), "answered", (has_reply,), label=gettext_noop("Answer")),
    ),
    "received",
)

FINDING = Workflow(
    "finding",
    ("open", "ordered", "corrected", "failed", "closed"),
    (
        Step("order", ("open",), "ordered", label=gettext_noop("Order correction")),
        Step("release", ("ordered",), "open", label=gettext_noop("Free after a withdrawn order")),
        Step("correct", ("ordered",), "corrected", label=gettext_noop("Corrected")),
        Step("fail", ("ordered",), "failed", label=gettext_noop("Not corrected")),
        Step("close", ("open", "corrected", "failed"), "closed", (has_closing,), label=gettext_noop("Close")),
    ),
    "open",
)
