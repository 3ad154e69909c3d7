"""The answers and proofs that a step may be handed, as one flat record; each step uses its own few. Nothing is judged here."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sanbao.core.models import User
from sanbao.problems.models import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything a step may be handed. Amounts in yuan; `delivery` is an unsaved row; an answer that is None was not given."""

    reason: str = ""
    text: str = ""
    received_at: datetime | None = None
    adopted: bool | None = None
    heads_present: int | None = None
    heads: str = ""
    agreed: bool | None = None
    new_facts: bool = False
    sealed: bool | None = None
    held_at: datetime | None = None
    absent: bool = False
    agents: int = 0
    record_signed: bool | None = None
    delivery: Delivery | None = None
    amount: Decimal | None = None
    paid_on: date | None = None
    receipt_no: str = ""
    duties_done: bool | None = None
    goods_disposed: bool | None = None
    correction_rechecked: bool | None = None
    # entry: to whom it is referred, how the officers came to the place, the order, the penalty on the spot, the crime
    receiver: str = ""
    activity: str = ""
    visit_kind: str = "routine"
    approved_at: datetime | None = None
    approver: str = ""
    notified: bool | None = None
    item_published: bool | None = None
    done_this_year: int | None = None
    cap: int | None = None
    superior_order: bool = False
    urgent: bool = False
    requirement: str = ""
    correct_by: datetime | None = None
    reasonable: bool | None = None
    facts_certain: bool | None = None
    told_at: datetime | None = None
    defence_heard: bool | None = None
    cash_reason: str = ""
    team: tuple[User, ...] = ()
    documents_complete: bool | None = None
    document: str = ""
    # execution: postponement, court, own power
    applied_at: datetime | None = None
    schedule: tuple[tuple[date, Decimal], ...] = ()
    head_signed: bool | None = None
    opinion_and_reminder: bool | None = None
    object_information: bool | None = None
    ruling: str = ""
    ruled_at: datetime | None = None
    enforce_as: str = ""
    enforce_at: datetime | None = None
    power_from_law: bool | None = None
    written_decision: bool | None = None
    urgent_reason: str = ""
    cuts_utilities: bool | None = None
    notice_posted: bool | None = None
    substitute_ground: bool | None = None
    budget: Decimal | None = None
    performer: str = ""
