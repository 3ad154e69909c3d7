"""What a case file records: evidence, notices, defences, hearings, reviews, decisions, service, payment, execution.

Every class is frozen, every instant aware, every sum a Decimal in yuan. A record that is None has not been made; an answer
inside a record that is None has not been given.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from .actors import Approval

EvidenceKind = Literal[
    "documentary", "physical", "audiovisual", "electronic", "testimony", "party_statement", "expert_opinion", "scene_record"
]
PenaltyKind = Literal[
    "warning", "criticism", "fine", "confiscate_gains", "confiscate_goods", "suspend_licence", "downgrade", "revoke_licence",
    "restrict_business", "stop_business", "close_down", "restrict_career", "detention", "remove_building",
]  # fmt: skip
ServiceMode = Literal["on_the_spot", "direct", "leaving", "elsewhere", "electronic", "mail", "via_other", "public_notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How the officers came to the place: a patrol of public space, or an inspection with its approval (State Office 2024 No. 54)."""

    activity: Literal["patrol", "inspection"] | None = None
    kind: Literal["routine", "case", "special"] = "routine"
    approved_at: datetime | None = None
    notified: bool | None = None
    item_published: bool | None = None
    done_this_year: int | None = None
    cap: int | None = None
    superior_order: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence (PL 46); `proves` names the facts it supports, `relied_on` is False for what stays a mere lead.

    For electronic monitoring (`monitoring`) the level of its basis, the vetting and the published site decide (PL 41).
    """

    kind: EvidenceKind
    proves: frozenset[str] = frozenset()
    relied_on: bool = True
    verified: bool | None = None
    lawfully_obtained: bool | None = None
    monitoring: bool = False
    basis_level: Literal["law", "admin_regulation", "local", "none"] | None = None
    vetted: bool | None = None
    site_published: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """The answers to the checklist of PL 30 to 33; every question must be answered before a notice."""

    minor: bool | None = None
    corrected_in_time: bool | None = None
    harmless: bool | None = None
    first_time: bool | None = None
    slight_harm: bool | None = None
    no_fault_proven: bool | None = None
    waived: bool = False
    educated: bool | None = None

    @property
    def answered(self) -> bool:
        asked = (self.minor, self.corrected_in_time, self.harmless, self.first_time, self.slight_harm, self.no_fault_proven)
        return None not in asked

    @property
    def forbids_penalty(self) -> bool:
        """PL 33(1) first sentence and PL 33(2): there must be no penalty."""
        return bool((self.minor and self.corrected_in_time and self.harmless) or self.no_fault_proven)

    @property
    def permits_waiver(self) -> bool:
        """PL 33(1) second sentence: the penalty may be waived."""
        return bool(self.first_time and self.slight_harm and self.corrected_in_time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """A penalty, proposed or final; `benchmark` is the version and `benchmark_amount` the point the band names.

    `mitigation` holds the grounds ("aged_14_17", "partial_capacity", "removed_harm", "coerced", "volunteered", "merit", "other").
    """

    kinds: frozenset[PenaltyKind] = frozenset()
    fine: Decimal | None = None
    confiscation: Decimal | None = None
    mitigation: frozenset[str] = frozenset()
    mitigation_reason: str = ""
    benchmark: str | None = None
    benchmark_amount: Decimal | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One completed service with its proof (PL 61; CPL 87 to 95); `at` is the instant it counts as served.

    `signed` for a signature, `refused` with `witnesses` or `media` for leaving, `consent` for the signed confirmation of
    electronic service. For a public notice `posted_on` is the last posting and `failed_direct`, `failed_other` what was tried.
    """

    mode: ServiceMode
    at: datetime
    signed: bool = False
    refused: bool = False
    witnesses: int = 0
    media: bool = False
    consent: bool = False
    receipt: bool = False
    posted_on: date | None = None
    failed_direct: int = 0
    failed_other: int = 0
    whereabouts_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice before a penalty (PL 44) and, if `hearing_offered`, of the right to a hearing (PL 63, 64)."""

    sanction: Sanction
    issued_at: datetime
    complete: bool | None = None
    hearing_offered: bool = False
    service: Service | None = None
    new_facts: bool = False
    waived_at: datetime | None = None
    hearing_waived_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defence:
    """A statement or defence and what became of it (PL 45)."""

    received_at: datetime
    rechecked_at: datetime | None = None
    adopted: bool | None = None
    reasons: str = ""

    @property
    def settled(self) -> bool:
        return self.rechecked_at is not None and self.adopted is not None and bool(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """A hearing from request to record (PL 64); `absent` if the party stayed away or left, which gives it up."""

    requested_at: datetime
    withdrawn_at: datetime | None = None
    notice_service: Service | None = None
    scheduled_at: datetime | None = None
    chair: str | None = None
    chair_conflict: bool | None = None
    public: bool | None = None
    private_reason: str = ""
    held_at: datetime | None = None
    absent: bool = False
    record_signed: bool | None = None
    agents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalReview:
    """The legal review of the proposed decision (PL 58)."""

    by: str
    at: datetime
    passed: bool
    qualified: bool | None = None
    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collective:
    """A collective discussion by the agency's heads (PL 57)."""

    at: datetime
    heads_present: int
    agreed: bool
    recorded: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision paper, as drafted or issued (PL 52, 59): what it prints and whether it bears seal and date."""

    issued_at: datetime | None = None
    complete: bool | None = None
    sealed: bool | None = None
    dated_on: date | None = None
    reconsideration_first: bool | None = None
    offers_direct_suit: bool | None = None
    reconsideration_days: int | None = None
    litigation_months: int | None = None
    organ: str | None = None
    court: str | None = None
    online_channel: bool | None = None
    extra_fine_stated: bool | None = None
    in_name_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """Money taken on the spot (PL 68 to 70); `reason` is "small", "hard_to_collect" or "remote_asked"."""

    amount: Decimal
    at: datetime
    reason: Literal["small", "hard_to_collect", "remote_asked"] | None = None
    receipt_no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """What has been paid of the fine and the extra fine, and what was postponed (PL 66, 67, 72)."""

    paid: Decimal = Decimal(0)
    receipt_no: str | None = None
    extra_due: Decimal | None = None
    applied_at: datetime | None = None
    postponement: Approval | None = None
    last_instalment_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Reconsideration or litigation (RL, ALL); while `ended_at` is None the extra fine does not run (PL 73)."""

    kind: Literal["reconsideration", "litigation"]
    filed_at: datetime
    ended_at: datetime | None = None
    outcome: Literal["upheld", "changed", "annulled", "unlawful", "withdrawn"] | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The written reminder before enforcement (CL 35, 36, 54)."""

    service: Service | None = None
    complete: bool | None = None
    extra_fine: Decimal | None = None
    defences: tuple[Defence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """Enforcement by the agency's own power (CL 37, 43, 44, 50 to 52)."""

    kind: Literal["removal", "substitute"] | None = None
    at: datetime | None = None
    power_from_law: bool | None = None
    written_decision: bool | None = None
    urgent: bool = False
    urgent_reason: str = ""
    cuts_utilities: bool | None = None
    notice_posted: bool | None = None
    substitute_ground: bool | None = None
    budget: Decimal | None = None
    reminder_service: Service | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtFile:
    """The application to the people's court and its outcome (CL 53 to 58)."""

    head_signed: bool | None = None
    sealed: bool | None = None
    dated_on: date | None = None
    decision: bool | None = None
    opinion_and_reminder: bool | None = None
    object_information: bool | None = None
    ruling: Literal["granted", "refused", "terminated"] | None = None
    ruled_at: datetime | None = None

    @property
    def complete(self) -> bool:
        papers = (self.head_signed, self.sealed, self.decision, self.opinion_and_reminder, self.object_information)
        return all(papers) and self.dated_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What has to be finished before a case is closed and bound (PL 47; record law)."""

    duties_done: bool | None = None
    goods_disposed: bool | None = None
    correction_rechecked: bool | None = None
    documents_complete: bool | None = None
    hash_sealed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crime:
    """A transfer to the police for suspected crime (PL 27) and its return."""

    team: int = 0
    decided: Approval | None = None
    documents_complete: bool | None = None
    returned_document: str | None = None
