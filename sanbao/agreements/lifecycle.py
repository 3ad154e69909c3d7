"""The life of a letter as a table of steps with guards. Pure: no database and no clock; `services.py` gathers the facts and asks here.

No step takes money and none leads to a penalty: declining to sign is recorded and has no consequence.
"""

from dataclasses import dataclass, field

from sanbao.law.workflow import Reason, Step, Workflow, gettext_noop

DRAFT, SERVED, SIGNED, REFUSED, NOTIFIED = "draft", "served", "signed", "refused", "notified"
ENDED, SUPERSEDED = "ended", "superseded"
WAITING = (DRAFT, SERVED)
HANDED = (SERVED, REFUSED, NOTIFIED)
OPEN = (DRAFT, *HANDED)
"""The states of a letter that may still be signed."""
PROPOSED, ISSUED, RETURNED = "proposed", "issued", "returned"


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
    photos: int = 0
    seen_by_two: bool = False
    later_letter: bool = False
    within_term: bool = True


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
PHOTO_MISSING = gettext_noop("A photo is needed: of the notice where it hangs or was left, or of the signed paper.")
ALONE = gettext_noop(
    "Two different persons are needed: a colleague who was there, a named witness, or whoever compares the paper."
)
LATER_LETTER = gettext_noop("A later letter of these premises has been signed. A paper letter never overwrites it.")
TERM_OVER = gettext_noop("The term of this paper letter is over already, or its day has not come. Sign a new letter.")


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


def note_given(facts: "LetterFacts | VersionFacts") -> Reason | None:
    return None if facts.note.strip() else Reason("note_missing", NOTE_MISSING)


def photo_given(facts: LetterFacts) -> Reason | None:
    """Paper and notices are believed by their photos."""
    return None if facts.photos else Reason("photo_missing", PHOTO_MISSING)


def seen_by_two(facts: LetterFacts) -> Reason | None:
    """Four eyes: nobody proves a notice or compares a paper alone."""
    return None if facts.seen_by_two else Reason("alone", ALONE)


def no_later_letter(facts: LetterFacts) -> Reason | None:
    """What was signed later stands."""
    return Reason("later_letter", LATER_LETTER) if facts.later_letter else None


def within_term(facts: LetterFacts) -> Reason | None:
    """A paper whose term is over covers nothing any more."""
    return None if facts.within_term else Reason("term_over", TERM_OVER)


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

PAPER = (
    present_operator,
    text_in_force,
    every_item_answered,
    only_known_items,
    reasons_given,
    signer_named,
    capacity_known,
    photo_given,
    no_later_letter,
    within_term,
)
"""What a paper letter must bring when it is typed in; the second person is asked for when it is compared."""

LETTER = Workflow(
    name="letter",
    states=(DRAFT, SERVED, SIGNED, REFUSED, NOTIFIED, ENDED, SUPERSEDED),
    initial=DRAFT,
    steps=(
        Step(
            "serve",
            OPEN,
            SERVED,
            (present_operator, text_in_force),
            label=gettext_noop("Hand over the letter"),
        ),
        Step("sign", HANDED, SIGNED, SIGNING, label=gettext_noop("Sign")),
        Step("enter", OPEN, SIGNED, (*PAPER, seen_by_two), label=gettext_noop("Confirm the paper letter")),
        Step("refuse", (SERVED, NOTIFIED), REFUSED, (note_given,), label=gettext_noop("Record that the signature was declined")),
        Step(
            "notify",
            OPEN,
            NOTIFIED,
            (present_operator, text_in_force, photo_given, seen_by_two),
            label=gettext_noop("Record a notice instead of a signature"),
        ),
        Step("end", (SIGNED, *OPEN), ENDED, (note_given,), label=gettext_noop("End the letter")),
        Step("supersede", (SIGNED, *OPEN), SUPERSEDED, label=gettext_noop("Replace by a newer letter")),
    ),
)


@dataclass(frozen=True)
class VersionFacts:
    """What is asked before a unit's version of the text is used. `faults` are the reasons found by `versions.faults_of`."""

    state: str
    template_in_force: bool = True
    by_another: bool = True
    begins_in_time: bool = True
    note: str = ""
    faults: tuple[Reason, ...] = ()


TEMPLATE_OLD = gettext_noop("The district has renewed its text since. Propose the local additions again on the text in force.")
SAME_PERSON = gettext_noop("Whoever proposed a version does not approve it.")
BEGINS_BADLY = gettext_noop(
    "A unit's version begins neither before its district's text nor on or before the unit's version in force."
)


def template_in_force(facts: VersionFacts) -> Reason | None:
    """Local additions belong to one text of the district and lapse with it."""
    return None if facts.template_in_force else Reason("template_old", TEMPLATE_OLD)


def by_another(facts: VersionFacts) -> Reason | None:
    return None if facts.by_another else Reason("same_person", SAME_PERSON)


def begins_in_time(facts: VersionFacts) -> Reason | None:
    return None if facts.begins_in_time else Reason("begins_badly", BEGINS_BADLY)


def nothing_weakened(facts: VersionFacts) -> Reason | None:
    """A unit adds; it never removes or weakens an item or a right of the district's text."""
    return next(iter(facts.faults), None)


VERSION = Workflow(
    name="form_version",
    states=(PROPOSED, ISSUED, RETURNED),
    initial=PROPOSED,
    steps=(
        Step(
            "approve",
            (PROPOSED,),
            ISSUED,
            (template_in_force, by_another, begins_in_time, nothing_weakened),
            label=gettext_noop("Approve the version"),
        ),
        Step("return", (PROPOSED,), RETURNED, (note_given,), label=gettext_noop("Return the version to the unit")),
    ),
)
