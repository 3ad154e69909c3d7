"""The questions the law puts to whoever handles a case, and the answers as stored. An answer not given is absent, never guessed.

Pure: no rows, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sanbao.law.records import Leniency
from sanbao.law.workflow import gettext_noop as _

Shape = Literal["yes_no", "day", "choice"]
MITIGATION = (
    ("aged_14_17", _("the party was not yet of age")),
    ("partial_capacity", _("the party could discern or control the act only in part")),
    ("removed_harm", _("the party removed or lessened the harm of its own accord")),
    ("coerced", _("the party was coerced or lured by others")),
    ("volunteered", _("the party told of an act the agency did not know of")),
    ("merit", _("the party earned merit by helping the agency investigate")),
    ("other", _("another ground that a law, regulation or rule names")),
)
CAPACITIES = (
    ("full", _("could discern and control the act")),
    ("partial", _("could do so only in part")),
    ("none", _("could not do so")),
)
FACTS_TO_PROVE = (
    ("conduct", _("that the act took place")),
    ("party", _("that the party did it")),
    ("refusal", _("that the order to correct was not followed")),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key, group, sentence, the shape of its answer, and the article that asks it."""

    key: str
    group: str
    text: str
    cite: str
    shape: Shape = "yes_no"


QUESTIONS = (
    Question("established", "act", _("Do the facts meet the standard for filing a case?"), "PL-54"),
    Question("continuing", "act", _("Is the act continuous or continuing?"), "PL-36"),
    Question("conduct_ended_on", "act", _("On which day did it end?"), "PL-36", "day"),
    Question("conduct_in_area", "act", _("Did the act happen in this district?"), "PL-22"),
    Question("grave_harm", "act", _("Did it harm life, health or finances, with grave consequences?"), "PL-36"),
    Question("earlier_fine_checked", "act", _("Was it checked that no agency has already fined the same act?"), "PL-29"),
    Question("adult", "party", _("Was the party of age on the day of the act?"), "PL-30"),
    Question("capacity", "party", _("Could the party discern and control the act?"), "PL-31", "choice"),
    Question("no_conflict", "officers", _("Do both investigators declare that they have no interest in the case?"), "PL-43"),
    Question("showed_certificates", "officers", _("Did both investigators show their certificates?"), "PL-55"),
    Question("recusal_pending", "officers", _("Is a request for recusal open?"), "PL-43"),
    Question("minor", "leniency", _("Is the act minor?"), "PL-33"),
    Question("corrected_in_time", "leniency", _("Was it corrected in time?"), "PL-33"),
    Question("harmless", "leniency", _("Was there no harmful consequence?"), "PL-33"),
    Question("first_time", "leniency", _("Is it the party's first such act?"), "PL-33"),
    Question("slight_harm", "leniency", _("Was the harm slight?"), "PL-33"),
    Question("no_fault_proven", "leniency", _("Has the party proven that it was without fault?"), "PL-33"),
    Question("waived", "leniency", _("Is the penalty to be waived for these reasons?"), "PL-33"),
    Question("educated", "leniency", _("Was the party educated?"), "PL-33"),
    Question("major_public_interest", "review", _("Does the case touch a major public interest?"), "PL-58"),
    Question("difficult", "review", _("Are its facts difficult or its law intertwined?"), "PL-58"),
    Question("social_impact", "review", _("Has the case a certain social impact, so that the decision is published?"), "PL-48"),
    Question("complex_or_major", "review", _("Is it complex, or a major violation?"), "PL-57"),
)
GROUPS = (
    ("act", _("The act")),
    ("party", _("The party")),
    ("officers", _("The investigators")),
    ("leniency", _("Reasons against a penalty")),
    ("review", _("How it is to be decided")),
)
BY_KEY = {question.key: question for question in QUESTIONS}


def accept(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in the form in which they are stored; raises `ValueError` naming the question for anything else."""
    stored: dict[str, Any] = {}
    for key, value in given.items():
        shape = BY_KEY[key].shape if key in BY_KEY else None
        if value is None or (shape == "yes_no" and isinstance(value, bool)):
            stored[key] = value
        elif shape == "day" and isinstance(value, date):
            stored[key] = value.isoformat()
        elif shape == "choice" and value in dict(CAPACITIES):
            stored[key] = value
        else:
            raise ValueError(key)
    return stored


def day_of(stored: Mapping[str, Any], key: str) -> date | None:
    """A stored day, if answered."""
    value = stored.get(key)
    return date.fromisoformat(value) if value else None


def leniency_of(stored: Mapping[str, Any]) -> Leniency:
    """The checklist of PL 30 to 33 as the law asks for it."""
    asked = ("minor", "corrected_in_time", "harmless", "first_time", "slight_harm", "no_fault_proven", "educated")
    return Leniency(waived=bool(stored.get("waived")), **{key: stored.get(key) for key in asked})
