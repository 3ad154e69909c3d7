"""The life of a plate as a table of steps with guards. Pure: no rows, no clock."""

from dataclasses import dataclass

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop

ISSUED, HANDED_OVER, MOUNTED, LOST, REPLACED, WITHDRAWN = "issued", "handed_over", "mounted", "lost", "replaced", "withdrawn"
VALID = (ISSUED, HANDED_OVER, MOUNTED)

NOTE_MISSING = gettext_noop("Write down what became of the plate.")


@dataclass(frozen=True, slots=True)
class PlateFacts:
    """What the guards look at."""

    state: str
    note: str = ""


def note_given(facts: PlateFacts) -> Reason | None:
    """A plate does not cease to be valid without a sentence about why."""
    return None if facts.note.strip() else Reason("note_missing", NOTE_MISSING)


PLATE = Workflow(
    "plate",
    (ISSUED, HANDED_OVER, MOUNTED, LOST, REPLACED, WITHDRAWN),
    (
        Step("hand_over", (ISSUED,), HANDED_OVER, label=gettext_noop("Mark as handed over")),
        Step("mount", (ISSUED, HANDED_OVER), MOUNTED, label=gettext_noop("Mark as mounted")),
        Step("lose", VALID, LOST, (note_given,), label=gettext_noop("Lost: issue a new one")),
        Step("replace", VALID, REPLACED, (note_given,), label=gettext_noop("Damaged or wrong: issue a new one")),
        Step("withdraw", VALID, WITHDRAWN, (note_given,), label=gettext_noop("Withdraw without a new one")),
    ),
    ISSUED,
)
