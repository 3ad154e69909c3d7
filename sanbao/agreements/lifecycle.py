"""The life of a letter as a table of steps with guards. Pure: no database and no clock; `services.py` gathers the facts and asks here.

No step takes money and none leads to a penalty: declining to sign is recorded and has no consequence.
"""

from dataclasses import dataclass, field

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop

DRAFT, SERVED, SIGNED, REFUSED, ENDED, SUPERSEDED = "draft", "served", "signed", "refused", "ended", "superseded"
WAITING = (DRAFT, SERVED)


@dataclass(frozen=True)
class Answer:
    """What was answered about one item: agreed or not, and why not."""

    agreed: bool
    reason: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """What the guards look at. `answers` maps the code of an item to its answer; `ink_ok` says whether the scribble is a signature."""

    state: str
    party_operates: bool = True
    text_in_force: bool = True
    link_alive: bool = True
    item_codes: tuple[str, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    consent_matches: bool = False
    signer_named: bool = False
    capacity_known: bool = False
    ink_ok: bool = False
    note: str = ""


NOT_OPERATOR = gettext_noop(
    "This letter was written for another operator of these premises. Draft a new letter for the present one."
)
OLD_TEXT = gettext_noop("The text of the letter has been renewed since. Draft a new letter on the text in force.")
LINK_EXPIRED = gettext_noop("The personal link of this letter has expired. Ask the unit that sent it for a new one.")
ITEMS_OPEN = gettext_noop("No item may be left open. Still to be answered: %(codes)s.")
ITEMS_UNKNOWN = gettext_noop("These items are not in the text of the letter: %(codes)s.")
REASON_MISSING = gettext_noop("An item that does not apply needs its reason: %(codes)s.")
CONSENT_MISSING = gettext_noop("The consent belongs to another text or was not given. Read the text again and give your consent.")
SIGNER_MISSING = gettext_noop("Write the name of the person who signs.")
CAPACITY_MISSING = gettext_noop("Say in what capacity the person signs.")
INK_MISSING = gettext_noop("The signature is empty or too small. Sign once more, large and clear.")
NOTE_MISSING = gettext_noop("Write down what was said, or why.")


def present_operator(facts: LetterFacts) -> Reason | None:
    """A letter binds only who operates the premises."""
    return None if facts.party_operates else Reason("not_operator", NOT_OPERATOR)


def text_in_force(facts: LetterFacts) -> Reason | None:
    """Nobody signs a text that has been replaced."""
    return None if facts.text_in_force else Reason("old_text", OLD_TEXT)


def link_alive(facts: LetterFacts) -> Reason | None:
    """A personal link lives so many days."""
    return None if facts.link_alive else Reason("link_expired", LINK_EXPIRED)


def every_item_answered(facts: LetterFacts) -> Reason | None:
    """No item is missed (不漏项)."""
    missing = [code for code in facts.item_codes if code not in facts.answers]
    return Reason("items_open", ITEMS_OPEN, params={"codes": " ".join(missing)}) if missing else None


def only_known_items(facts: LetterFacts) -> Reason | None:
    """What was answered is what the form asks."""
    unknown = sorted(set(facts.answers) - set(facts.item_codes))
    return Reason("items_unknown", ITEMS_UNKNOWN, params={"codes": " ".join(unknown)}) if unknown else None


def reasons_given(facts: LetterFacts) -> Reason | None:
    """“Not applicable” never stands without its reason."""
    bare = [code for code, answer in sorted(facts.answers.items()) if not answer.agreed and not answer.reason.strip()]
    return Reason("reason_missing", REASON_MISSING, params={"codes": " ".join(bare)}) if bare else None


def consent_given(facts: LetterFacts) -> Reason | None:
    """The consent carries the hash of the very text that was read."""
    return None if facts.consent_matches else Reason("consent_missing", CONSENT_MISSING)


def signer_named(facts: LetterFacts) -> Reason | None:
    return None if facts.signer_named else Reason("signer_missing", SIGNER_MISSING)


def capacity_known(facts: LetterFacts) -> Reason | None:
    return None if facts.capacity_known else Reason("capacity_missing", CAPACITY_MISSING)


def ink_enough(facts: LetterFacts) -> Reason | None:
    return None if facts.ink_ok else Reason("signature_empty", INK_MISSING)


def note_given(facts: LetterFacts) -> Reason | None:
    return None if facts.note.strip() else Reason("note_missing", NOTE_MISSING)


SIGNING = (
    present_operator,
    text_in_force,
    link_alive,
    every_item_answered,
    only_known_items,
    reasons_given,
    consent_given,
    signer_named,
    capacity_known,
    ink_enough,
)

LETTER = Workflow(
    name="letter",
    states=(DRAFT, SERVED, SIGNED, REFUSED, ENDED, SUPERSEDED),
    initial=DRAFT,
    steps=(
        Step(
            "serve",
            (DRAFT, SERVED, REFUSED),
            SERVED,
            (present_operator, text_in_force),
            label=gettext_noop("Hand over the letter"),
        ),
        Step("sign", (SERVED, REFUSED), SIGNED, SIGNING, label=gettext_noop("Sign")),
        Step("refuse", (SERVED,), REFUSED, (note_given,), label=gettext_noop("Record that the signature was declined")),
        Step("end", (SIGNED, SERVED, DRAFT, REFUSED), ENDED, (note_given,), label=gettext_noop("End the letter")),
        Step("supersede", (SIGNED, SERVED, DRAFT, REFUSED), SUPERSEDED, label=gettext_noop("Replace by a newer letter")),
    ),
)
