"""What is printed on a plate: place, code, QR, whom to call. Nothing of whoever trades there: the plate outlives the tenant."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import segno

from sanbao.agreements.plates import queries
from sanbao.agreements.plates.models import Plate
from sanbao.core import clock, documents
from sanbao.core.models import Department, District
from sanbao.registry.responsibility import Duties

TEMPLATE = "plates"
TITLE = "门前三包责任牌"


def url_of(plate: Plate, address: str) -> str:
    """What the code of a plate opens, on the site at `address` (`https://sanbao.example.cn`)."""
    return f"{address.rstrip('/')}/p/{plate.code}/"


def plate_facts(plate: Plate, address: str, unit: Department | None) -> dict[str, Any]:
    """One plate as plain JSON, already in words; the plates speak Chinese whatever the language of the page."""
    place = queries.facts_of(plate.premises)
    return {
        "street": place["street"],
        "number": place["number"],
        "code": str(plate),
        "qr": _qr(url_of(plate, address)),
        "unit": unit.name if unit else "",
        "phone": unit.phone if unit else "",
    }


def render(
    plates: Sequence[Plate], *, size: str, address: str, district: District, department: Department, at: datetime
) -> bytes:
    """The PDF of these plates in their order, one size; raises `Malformed` for a character that no font can write."""
    duties = Duties(clock.local_day(at), [each.premises_id for each in plates])
    facts = {
        "size": size,
        "district": district.name,
        "plates": [plate_facts(each, address, duties.unit_of(each.premises)) for each in plates],
    }
    return documents.sheet(TEMPLATE, facts, kind="plate", title=TITLE, foot="", department=department, at=at)


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
