"""What may become of a pair of records that may speak of one front. Pure: no database and no clock.

A run of linkage may suggest, doubt and withdraw; whatever a person has decided, only a person changes.
"""

from dataclasses import dataclass

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop

SUGGESTED, ASKED, DOUBTED, JOINED, APART, WITHDRAWN = "suggested", "asked", "doubted", "joined", "apart", "withdrawn"
UNDECIDED = (SUGGESTED, ASKED, DOUBTED)

JOINED_FURTHER = gettext_noop(
    "Since then these premises were joined with %(name)s. Separate that pair first; then these two can be separated."
)


@dataclass(frozen=True)
class LinkFacts:
    """What the guards look at: `joined_further` names the premises into which the kept ones have gone since, if any."""

    state: str
    joined_further: str = ""


def stands_alone(facts: LinkFacts) -> Reason | None:
    """What was joined last is separated first."""
    if not facts.joined_further:
        return None
    return Reason("joined_further", JOINED_FURTHER, params={"name": facts.joined_further})


LINK = Workflow(
    name="link",
    states=(SUGGESTED, ASKED, DOUBTED, JOINED, APART, WITHDRAWN),
    initial=SUGGESTED,
    steps=(
        Step("join", UNDECIDED, JOINED, label=gettext_noop("The same front")),
        Step("part", (*UNDECIDED, JOINED), APART, (stands_alone,), label=gettext_noop("Different fronts")),
        Step("ask", (SUGGESTED, DOUBTED), ASKED, label=gettext_noop("Ask the street")),
        Step("reopen", (ASKED, JOINED, APART), SUGGESTED, (stands_alone,), label=gettext_noop("Take the decision back")),
        Step("doubt", (JOINED,), DOUBTED),
        Step("withdraw", (SUGGESTED,), WITHDRAWN),
        Step("suggest", (WITHDRAWN,), SUGGESTED),
    ),
)
