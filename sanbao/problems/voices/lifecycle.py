"""What a merchant may send about a matter and how an objection is answered. Pure: no rows, no clock.

Neither table has a step that moves a finding or an order: a proof closes nothing and an objection stops nothing by itself.
"""

from dataclasses import dataclass

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop

RECEIVED, ANSWERED = "received", "answered"
OUTCOMES = ("upheld", "partly", "not_upheld")

NOT_NAMED = gettext_noop("This matter does not name your shop.")
OVER = gettext_noop("This matter has been closed already; no proof is needed any more.")
NOTHING_SENT = gettext_noop("Add a photo or write a few words about what was done.")
NO_GROUNDS = gettext_noop("Write what is not right, in your own words.")
STILL_OPEN = gettext_noop("Your objection %(number)s to this matter is being looked at. You will find the answer here.")
NO_REPLY = gettext_noop("Write to the merchant what was looked at and why it is so.")
NO_OUTCOME = gettext_noop("Choose whether the objection is right, right in part, or not.")
OWN_CAUSE = gettext_noop("Whoever found the matter or issued the order does not judge the objection to it. Ask a colleague.")


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What is looked at when a proof comes in."""

    names_merchant: bool
    unfinished: bool
    says_something: bool


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """What the guards of an objection look at. `open_number` is that of an earlier one that still waits for its answer."""

    state: str = ""
    names_merchant: bool = True
    grounds: str = ""
    open_number: str = ""
    reply: str = ""
    outcome: str = ""
    own_cause: bool = False


def objections_to_proof(facts: ProofFacts) -> tuple[Reason, ...]:
    """Every reason against a proof."""
    found = (
        None if facts.names_merchant else Reason("not_named", NOT_NAMED),
        None if facts.unfinished else Reason("over", OVER),
        None if facts.says_something else Reason("nothing_sent", NOTHING_SENT),
    )
    return tuple(reason for reason in found if reason)


def named(facts: ObjectionFacts) -> Reason | None:
    """Only the merchant that a matter names may object to it."""
    return None if facts.names_merchant else Reason("not_named", NOT_NAMED)


def grounds_given(facts: ObjectionFacts) -> Reason | None:
    """An objection says what is not right, in any words."""
    return None if facts.grounds.strip() else Reason("no_grounds", NO_GROUNDS)


def none_open(facts: ObjectionFacts) -> Reason | None:
    """One objection to a matter at a time; after its answer another may follow."""
    return Reason("still_open", STILL_OPEN, params={"number": facts.open_number}) if facts.open_number else None


def reply_given(facts: ObjectionFacts) -> Reason | None:
    """The answer says what was looked at and why."""
    return None if facts.reply.strip() else Reason("no_reply", NO_REPLY)


def outcome_chosen(facts: ObjectionFacts) -> Reason | None:
    """The answer says whether the objection is right, in part, or not."""
    return None if facts.outcome in OUTCOMES else Reason("no_outcome", NO_OUTCOME)


def another_judges(facts: ObjectionFacts) -> Reason | None:
    """Nobody judges an objection to an act of his own."""
    return Reason("own_cause", OWN_CAUSE) if facts.own_cause else None


OBJECTION = Workflow(
    "objection",
    ("sent", RECEIVED, ANSWERED),
    (
        Step("receive", ("sent",), RECEIVED, (named, grounds_given, none_open), label=gettext_noop("Send the objection")),
        Step("answer", (RECEIVED,), ANSWERED, (reply_given, outcome_chosen, another_judges), label=gettext_noop("Answer")),
    ),
    "sent",
)
