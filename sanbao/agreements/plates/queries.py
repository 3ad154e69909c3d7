"""Questions about plates: the valid plate of a front, fronts with the state of their plate, and what a sheet holds."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from sanbao.agreements import queries as letters
from sanbao.agreements.plates.lifecycle import VALID
from sanbao.agreements.plates.models import Plate, PlateSheet, SheetLine
from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones.queries import Neighbour, Zone
from sanbao.core import documents
from sanbao.registry.models import Area, Premises
from sanbao.registry.queries import survivors

NONE = "none"
KINDS = (NONE, *VALID)
CODE_LENGTH = 10


def tidied(code: str) -> str:
    """A code as it was made, however it was typed: capitals without the hyphen."""
    return "".join(letter for letter in code.upper() if letter in documents.ALPHABET)[: CODE_LENGTH + 1]


def plate_numbered(code: str) -> Plate | None:
    """The plate of a code, valid or not, with its front, or that into which the front has gone since (1 query)."""
    related = ("premises__area__unit", "premises__area__parent__unit", "premises__segment__street")
    plate = Plate.objects.filter(code=tidied(code)).select_related(*related).first()
    if plate is not None and plate.premises.merged_into_id:
        plate.premises = survivors([plate.premises])[plate.premises_id]
    return plate


def valid_plate_of(premises: Premises) -> Plate | None:
    """The plate that is valid for a front now (1 query)."""
    return Plate.objects.filter(premises=premises, state__in=VALID).first()


def plates_of(premises: Premises) -> QuerySet[Plate]:
    """Every plate a front has had, the newest first."""
    return Plate.objects.filter(premises=premises).select_related("by").order_by("-issued_at", "-id")


def plated(area: Area | None, on: date) -> QuerySet[Premises]:
    """The fronts of an area on a day in walking order, each with `plate_state` (`none` without a valid plate) and `plate_code`."""
    here = Plate.objects.filter(premises=OuterRef("pk"), state__in=VALID)
    fronts = letters.fronts_on(area, on).annotate(
        plate_state=Coalesce(Subquery(here.values("state")[:1]), Value(NONE), output_field=CharField()),
        plate_code=Subquery(here.values("code")[:1]),
        plate_id=Subquery(here.values("pk")[:1]),
    )
    return letters.walking_order(fronts.select_related("area", "segment__street"))


def tally(fronts: QuerySet[Premises]) -> dict[str, int]:
    """How many of `plated` fronts are of each of `KINDS` (1 query)."""
    counted = dict.fromkeys(KINDS, 0)
    for row in fronts.order_by().values("plate_state").annotate(number=Count("pk")):
        counted[row["plate_state"]] += row["number"]
    return counted


def in_walking_order(plates: QuerySet[Plate]) -> QuerySet[Plate]:
    """Plates as one meets their fronts, with all that is printed of them (1 query)."""
    order = (
        "premises__segment__street__name",
        "premises__segment__number",
        "premises__side",
        "premises__start_m",
        "premises__code",
    )
    related = ("premises__area__unit", "premises__area__parent__unit", "premises__segment__street")
    return plates.select_related(*related).order_by(*order)


def lines_of(sheet: PlateSheet) -> QuerySet[SheetLine]:
    """The plates of a sheet in their order, with their fronts."""
    related = ("plate", "plate__premises__segment__street", "plate__premises__area__unit", "plate__premises__area__parent__unit")
    return SheetLine.objects.filter(sheet=sheet).select_related(*related).order_by("position")


def sheets() -> QuerySet[PlateSheet]:
    """Every order to print, the newest first, with how many plates it holds."""
    return PlateSheet.objects.select_related("by").annotate(count=Count("lines")).order_by("-ordered_at", "-id")


def nameless_zones(premises: Premises, on: date) -> list[Zone]:
    """The zones of a front for everybody's eyes: places by their address, neighbours without the name on their sign (9 queries)."""
    return [
        replace(
            zone,
            name=premises.address,
            left=_nameless(zone.left),
            right=_nameless(zone.right),
            shared_with=tuple(gettext("the front next door") for _each in zone.shared_with),
        )
        for zone in zones.zone_of(premises, on)
    ]


def _nameless(neighbour: Neighbour) -> Neighbour:
    return replace(neighbour, name=gettext("the front next door")) if neighbour.kind == zones.FRONT else neighbour


def facts_of(premises: Premises) -> dict[str, Any]:
    """Where a front lies in words that hold nothing of whoever trades there: street, number, side, metres."""
    street = premises.segment.street.name if premises.segment else ""
    _before, found, number = premises.address.partition(street) if street else ("", "", "")
    return {
        "street": street,
        "number": number.strip() if found and number.strip() else premises.address,
        "side": premises.get_side_display() if premises.side else "",
        "start": premises.start_m,
        "end": premises.end_m,
        "metres": premises.end_m - premises.start_m if premises.start_m is not None else None,
    }
