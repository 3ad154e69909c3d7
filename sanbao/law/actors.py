"""Who acts and on whom a case is conducted: the small frozen facts about people, organisations and powers.

What was recorded about papers, hearings and service is in `records`; the whole case is in `facts`. In every one of these
classes an *answer* that is None has not been given and keeps the guards closed; a *record* that is None has not been made.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Organisation = Literal["bureau", "street", "department", "headquarters", "police", "court", "party", "system"]
PartyKind = Literal["citizen", "individual_business", "unit"]
PartyClass = Literal["person", "unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who presses the button: a person of an organisation; `head` if the agency's head or an authorised deputy (PL 57)."""

    id: str
    organisation: Organisation
    head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A person who takes part in the act, with the certificate that makes it lawful (PL 42, 55).

    `kind` is "assistant" for auxiliary staff, grid workers and temps; `conflict` answers the question of recusal (PL 43).
    """

    id: str
    kind: Literal["officer", "assistant"] = "officer"
    certificate: str | None = None
    certified_from: date | None = None
    certified_to: date | None = None
    showed_certificate: bool | None = None
    conflict: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The party; `born_on` or, where no date of birth is needed, `adult` answers PL 30, `capacity` answers PL 31.

    `role` picks the range where a provision sets one per role (for example "builder" or "transporter").
    """

    kind: PartyKind | None = None
    born_on: date | None = None
    adult: bool | None = None
    capacity: Literal["full", "partial", "none"] | None = None
    role: str | None = None
    own_waste: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A decision that gives an agency power over items in areas (PL 18, 24); items and areas may be "*"."""

    agency: str
    items: frozenset[str]
    areas: frozenset[str]
    grantor: str
    grantor_level: Literal["state_council", "province", "city", "district"]
    document: str
    valid_from: date
    valid_to: date | None = None
    publication: str | None = None
    original_agency: str | None = None

    def covers(self, agency: str, item: str, area: str, on: date) -> bool:
        """Whether the grant reaches this agency, item, area and day."""
        return (
            self.agency == agency
            and (item in self.items or "*" in self.items)
            and (area in self.areas or "*" in self.areas)
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A written yes or no: who, in what function, when and with what reason."""

    by: str
    head: bool
    at: datetime
    granted: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierFine:
    """A fine that any agency has already imposed for the same act (PL 29)."""

    agency: str
    on: date
    amount: Decimal
