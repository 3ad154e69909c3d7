"""What may be published and for how long: facts, the workflow of a publication, masking, end dates (PL 48; PIPL 25, 26).

The guards are in `guards.publicity`. Nothing here stores or shows anything.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .actors import Actor, Approval
from .deadlines import Due, due
from .guards import pick
from .guards.publicity import no_blanket_closure, no_fines_in_appraisal
from .local import LOCKED, Local
from .records import Service
from .workflow import Reason, Step, Workflow
from .workflow import gettext_noop as _

PublicationKind = Literal["decision", "exposure", "commendation", "rules"]
CREDIT_ENDS = {"minor": "DL-35", "general": "DL-32", "serious": "DL-34"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """The facts of one publication at the instant of one step; `readable` lists what can still be recognised."""

    state: str
    at: datetime
    local: Local = LOCKED
    kind: PublicationKind | None = None
    actor: Actor | None = None
    approval: Approval | None = None
    procedure: Literal["ordinary", "simple"] = "ordinary"
    citizen: bool | None = None
    service: Service | None = None
    social_impact: bool | None = None
    privacy_checked: bool | None = None
    impact_assessed: bool | None = None
    minor: bool | None = None
    police_penalty: bool | None = None
    shows_reporter: bool | None = None
    readable: frozenset[str] | None = None
    names_party: bool | None = None
    naming_basis: str | None = None
    names_person: bool | None = None
    consent: bool | None = None
    ends_on: date | None = None
    latest_end: date | None = None
    annulled_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFacts:
    """What an indicator, target, ranking or bonus counts."""

    measures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrderFacts:
    """An order given within a campaign to more than one party."""

    stops_whole_trade: bool | None = None
    ground: str | None = None
    approved_by_government: bool | None = None


PUBLICATION = Workflow(
    "publication",
    ("drafted", "published", "withdrawn", "ended", "discarded"),
    (
        Step(
            "publish",
            ("drafted",),
            "published",
            pick("G-PUBLISHER", "G-PUB", "G-MINOR", "G-EXPOSE", "G-NAME", "G-CONSENT", "G-END"),
            cites=("PL-48", "PIPL-25"),
            starts=("DL-16",),
            label=_("Publish"),
        ),
        Step(
            "withdraw",
            ("published",),
            "withdrawn",
            pick("G-REASON", "G-3WD"),
            cites=("PL-48",),
            documents=("D-35",),
            label=_("Withdraw the publication"),
        ),
        Step("end", ("published",), "ended", cites=("PIPL-47",), label=_("End the publication")),
        Step("discard", ("drafted",), "discarded", cites=("PIPL-47",), label=_("Discard the draft")),
    ),
    initial="drafted",
)


def metric_objection(measures: frozenset[str]) -> Reason | None:
    """The objection to an indicator, target or bonus that counts these measures, if any (PL 74)."""
    return no_fines_in_appraisal(MetricFacts(measures=measures))


def campaign_objection(facts: CampaignOrderFacts) -> Reason | None:
    """The objection to an order within a campaign, if any (BE 59)."""
    return no_blanket_closure(facts)


def latest_end(kind: PublicationKind, start: datetime | date, *, credit_class: str = "general") -> date | None:
    """The last day a publication of that kind may be shown; None for rules and commendations, which have no end.

    A decision follows the credit class ("minor", "general", "serious") from the day of the document, an exposure its own period.
    """
    if kind == "exposure":
        return due("DL-30", start).last_day
    return due(CREDIT_ENDS[credit_class], start).last_day if kind == "decision" else None


def withdraw_by(annulled_at: datetime) -> Due:
    """The period to withdraw a publication after the decision was changed or annulled (PL 48)."""
    return due("DL-16", annulled_at)


COMPOUND_SURNAMES = (
    "欧阳", "司马", "上官", "诸葛", "司徒", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司空", "端木",
)  # fmt: skip
HIDDEN = "***"


def mask_name(name: str) -> str:
    """A natural person's name for the public: surname and 某, one for each further character but at most two."""
    name = name.strip()
    if not name:
        return ""
    if re.fullmatch(r"[A-Za-z][A-Za-z .'-]*", name):
        return f"{name[0]}{HIDDEN}"
    if "·" in name:
        return f"{name.split('·', 1)[0][:1]}某某"
    surname = next((each for each in COMPOUND_SURNAMES if name.startswith(each) and len(name) > len(each)), name[:1])
    return surname + "某" * min(max(len(name) - len(surname), 1), 2)


def mask_plate(plate: str) -> str:
    """A number plate for the public: province, letter and the last two characters."""
    plate = re.sub(r"[\s·.\-]", "", plate)
    return f"{plate[:2]}{HIDDEN}{plate[-2:]}" if len(plate) >= 6 else HIDDEN


def mask_phone(phone: str) -> str:
    """A telephone number for internal lists: its last four digits; never for the public."""
    digits = re.sub(r"\D", "", phone)
    return f"{HIDDEN}{digits[-4:]}" if len(digits) > 6 else HIDDEN


def mask_id(number: str) -> str:
    """An identity number for internal lists: first three and last two characters; never for the public."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if len(number) >= 15 else HIDDEN


def mask_address(address: str) -> str:
    """An address for the public: down to the road, without numbers, buildings and rooms."""
    road = re.match(r"^(.*?(?:路|街|道|巷|弄|里|胡同|大街|大道))", address)
    if road:
        return road.group(1)
    area = re.match(r"^(.*?(?:区|县|镇|乡|街道))", address)
    return area.group(1) if area else HIDDEN


def mask_licence_name(licence_name: str, operator: str) -> str:
    """The licence name of an individual business, with the operator's own name masked where it is part of it."""
    operator = operator.strip()
    return licence_name.replace(operator, mask_name(operator)) if len(operator) > 1 else licence_name
