"""CaseFacts: everything a guard of the penalty procedure may look at, frozen at the instant of one step.

No clock, no database: whoever asks builds the facts. `at` is the instant of the step, aware. An answer that is None has not
been given, and a guard that needs it refuses; a record that is None has not been made.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from .actors import Actor, Approval, EarlierFine, Grant, Officer, Party
from .local import LOCKED, Local
from .records import (
    Cash,
    Closing,
    Collective,
    CourtFile,
    Crime,
    Decision,
    Defence,
    Evidence,
    Execution,
    Hearing,
    Inspection,
    LegalReview,
    Leniency,
    Notice,
    Payments,
    Remedy,
    Reminder,
    Sanction,
    Service,
)

__all__ = [
    "Actor",
    "Approval",
    "CaseFacts",
    "Cash",
    "Closing",
    "Collective",
    "CourtFile",
    "Crime",
    "Decision",
    "Defence",
    "EarlierFine",
    "Evidence",
    "Execution",
    "Grant",
    "Hearing",
    "Inspection",
    "LegalReview",
    "Leniency",
    "Notice",
    "Officer",
    "OrderRecord",
    "Party",
    "Payments",
    "Remedy",
    "Reminder",
    "Sanction",
    "Service",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """The order to correct that came before the penalty, as the case sees it (PL 28); its own life is in `rectification`."""

    service: Service | None = None
    deadline_at: datetime | None = None
    rechecked_at: datetime | None = None
    corrected: bool | None = None
    by: frozenset[str] = frozenset()
    recheckers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The facts of one case at the instant of one step.

    agency, area, violation: ids as in the grants and the catalogue. `norms` names every catalogue row that fits the same act.
    `conduct_on` is the day of the act, `conduct_ended_on` the end of a continuous or continuing one. `law_version` is the
    first day of validity of the catalogue row the decision rests on, `law_reason` why (PL 37). `handlers` are the ids of the
    investigators; `works_cost` is the cost of illegal works where the
    range is a share of it; `officers` those who take part in this very step. `sanction` is the penalty as now proposed or decided.
    `approval` is the head's approval of this very step.
    """

    state: str
    at: datetime
    local: Local = LOCKED
    procedure: Literal["ordinary", "simple"] = "ordinary"

    actor: Actor | None = None
    officers: tuple[Officer, ...] = ()
    handlers: frozenset[str] = frozenset()
    recusal_pending: bool = False
    agency: str | None = None
    area: str | None = None
    conduct_in_area: bool | None = None

    violation: str | None = None
    norms: tuple[str, ...] = ()
    party: Party = field(default_factory=Party)
    conduct_on: date | None = None
    conduct_ended_on: date | None = None
    continuing: bool | None = None
    discovered_on: date | None = None
    grave_harm: bool | None = None
    law_version: date | None = None
    law_reason: str = ""
    works_cost: Decimal | None = None
    facts_certain: bool | None = None
    established: bool | None = None
    facts_to_prove: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()
    leniency: Leniency = field(default_factory=Leniency)
    earlier_fines: tuple[EarlierFine, ...] | None = None
    inspection: Inspection | None = None
    order: OrderRecord | None = None

    approval: Approval | None = None
    reason: str = ""
    filed_at: datetime | None = None
    days_suspended: int = 0
    sanction: Sanction = field(default_factory=Sanction)
    told_orally_at: datetime | None = None
    oral_defence_heard: bool | None = None
    notice: Notice | None = None
    earlier_notices: tuple[Notice, ...] = ()
    defences: tuple[Defence, ...] = ()
    hearing: Hearing | None = None
    legal_review: LegalReview | None = None
    major_public_interest: bool | None = None
    difficult: bool | None = None
    complex_or_major: bool | None = None
    collective: Collective | None = None

    decision: Decision | None = None
    service: Service | None = None
    cash: Cash | None = None
    payments: Payments = field(default_factory=Payments)
    remedies: tuple[Remedy, ...] = ()
    reminder: Reminder | None = None
    execution: Execution | None = None
    court: CourtFile | None = None
    crime: Crime | None = None
    closing: Closing | None = None

    @property
    def stage(self) -> Literal["first", "refusal"]:
        """Whether the party failed an order to correct, on which many ranges depend."""
        return "refusal" if self.order is not None and self.order.corrected is False else "first"

    @property
    def law_day(self) -> date | None:
        """The day whose law judges the act: its own, or the end of a continuous or continuing one (PL 37)."""
        return self.conduct_ended_on or self.conduct_on

    @property
    def punishes(self) -> bool:
        """Whether a fine above nothing is proposed."""
        return bool(self.sanction.fine)
