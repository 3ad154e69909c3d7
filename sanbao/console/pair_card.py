"""How a pair of records reads at the matching desk: both sides field by field, and the evidence in words with its weight."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanbao.console.pictures import pair as drawing
from sanbao.registry import headers
from sanbao.registry.models import Premises, RecordLink, RegisterRecord
from sanbao.registry.placing import wgs84
from sanbao.registry.text import address_key, name_key

SHOWN = ("name", "sign_name", "address", "credit_code", "operator", "phone", "state", "area", "community", "registered_on")
FIELDS = {
    "name": _("name"),
    "trade": _("trade"),
    "branch": _("branch"),
    "number": _("store number"),
    "address": _("address"),
    "unit": _("building and room"),
    "distance": _("distance"),
    "code": _("credit code"),
    "phone": _("telephone"),
}
KEYS = {"address": address_key, "name": name_key, "sign_name": name_key}
MOST_BITS = 12.0
STATE_TONES = {"suggested": "info", "asked": "info", "doubted": "warn", "joined": "ok", "apart": "muted", "withdrawn": "muted"}


@dataclass(frozen=True)
class Line:
    """One field of both records; `same` is None where one of them says nothing."""

    label: Any
    one: str
    other: str
    same: bool | None


@dataclass(frozen=True)
class Evidence:
    """One reason: field, sentence, weight in bits, and the length of its bar (0 to 100, for or against)."""

    label: Any
    says: str
    weight: float
    length: float
    speaks_for: bool


@dataclass(frozen=True)
class Card:
    """Everything the desk shows of one pair."""

    link: RecordLink
    tone: str
    lines: list[Line]
    evidence: list[Evidence]
    plan: drawing.PairPicture | None
    metres: int | None


def card_of(link: RecordLink) -> Card:
    """The card of a pair read with its records, registers and fronts."""
    places = [wgs84(record.fields) for record in (link.one, link.other)]
    return Card(
        link=link,
        tone=STATE_TONES[link.state],
        lines=[line for name in SHOWN if (line := _line(name, link.one, link.other))],
        evidence=[_evidence(*part) for part in link.parts],
        plan=drawing.picture(*places),
        metres=drawing.metres_apart(*places),
    )


def masked_phone(phone: str) -> str:
    """Telephones with their middle figures hidden: enough to tell them apart, not enough to call."""
    return ",".join(f"{one[:3]}{'*' * max(0, len(one) - 7)}{one[-4:]}" if len(one) > 7 else one for one in phone.split(","))


def _state(value: str) -> str:
    return str(Premises.State(value).label) if value in Premises.State.values else value and gettext("closed or struck off")


SHOWN_AS = {"phone": masked_phone, "state": _state}


def cells_of(link: RecordLink) -> list[Any]:
    """The cells of the exported row of a pair."""
    cells: list[Any] = [link.get_state_display(), round(link.probability, 3), round(link.weight, 1)]
    for record in (link.one, link.other):
        fields = record.fields
        said = [fields.get(name, "") for name in ("name", "sign_name", "address", "credit_code", "operator")]
        cells += [record.register.source, record.row_number, *said, masked_phone(fields.get("phone", ""))]
    reasons = "; ".join(f"{gettext(says)} ({weight:+.1f})" for _field, says, weight in link.parts)
    return [*cells, card_of(link).metres, reasons, link.by.name if link.by else "", link.decided_at]


def export_header() -> list[str]:
    """The labels over `cells_of`."""
    side = [gettext("register"), gettext("row"), gettext("name"), gettext("name on the sign"), gettext("address")]
    side += [gettext("unified social credit code"), gettext("operator or legal representative"), gettext("telephone")]
    ends = [gettext("metres apart"), gettext("evidence"), gettext("decided by"), gettext("decided at")]
    return [
        gettext("state"), gettext("probability"), gettext("weight, bits"), *(f"A {label}" for label in side),
        *(f"B {label}" for label in side), *ends,
    ]  # fmt: skip


def _line(name: str, one: RegisterRecord, other: RegisterRecord) -> Line | None:
    said = [record.fields.get(name, "") for record in (one, other)]
    if not any(said):
        return None
    fold = KEYS.get(name, str)
    same = fold(said[0]) == fold(said[1]) if all(said) else None
    shown = [SHOWN_AS[name](value) for value in said] if name in SHOWN_AS else said
    return Line(headers.SHOWN_NAMES.get(name, name), shown[0], shown[1], same)


def _evidence(field: str, says: str, weight: float) -> Evidence:
    length = round(min(abs(weight), MOST_BITS) / MOST_BITS * 100, 1)
    return Evidence(FIELDS.get(field, field), gettext(says), weight, length, weight >= 0)
