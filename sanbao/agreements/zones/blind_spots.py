"""Blind spots: every metre without anybody, every double claim and every entry that contradicts another, street by street.

The same plans as the pictures, listed: what is not in this list is tiled, and what is in it has a place to the centimetre.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from sanbao.agreements.zones.queries import SIDES, SidePlan, metres, plans_of
from sanbao.registry.models import Area, Segment

UNEXPLAINED, NOBODYS, OVERLAP, CONTRADICTED, BEYOND, VOID = "unexplained", "nobody", "overlap", "contradicted", "beyond", "void"
LABELS = {
    UNEXPLAINED: _("gap between fronts, not explained"),
    NOBODYS: _("in nobody's zone"),
    OVERLAP: _("claimed by two fronts"),
    CONTRADICTED: _("explained, but a front stands there"),
    BEYOND: _("front reaches beyond the end of the segment"),
    VOID: _("decided boundary that no longer fits"),
}


@dataclass(frozen=True)
class Spot:
    """One thing to be mended: its kind, the side, where it begins and ends (metres), and whom it concerns."""

    kind: str
    segment: Segment
    side: str
    start: Decimal
    end: Decimal
    about: str = ""

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def metres(self) -> Decimal:
        return self.end - self.start


@dataclass(frozen=True)
class Sum:
    """How much of one kind there is."""

    kind: str
    number: int
    metres: Decimal

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])


def blind_spots(area: Area | None, on: date) -> list[Spot]:
    """Everything that wants mending in an area (None: the district) on a day, in walking order (7 queries)."""
    segments = Segment.objects.select_related("street", "area").order_by("street__name", "street_id", "number", "id")
    if area is not None:
        segments = segments.filter(area__path__startswith=area.path)
    found = list(segments)
    plans = plans_of(found, on)
    return [spot for segment in found for side in SIDES for spot in spots_of(plans[segment.pk, side])]


def spots_of(plan: SidePlan) -> list[Spot]:
    """What wants mending on one side, in order of place."""
    names, found = plan.names, plan.tiling
    spots = [_at(plan, UNEXPLAINED, start, end) for start, end in plan.unexplained]
    spots += [_at(plan, NOBODYS, each.start, each.end) for each in plan.blind]
    for start, end in found.overlaps:
        claiming = [front.name or front.address for front in plan.fronts if front.start * 100 < end and front.end * 100 > start]
        spots.append(_at(plan, OVERLAP, start, end, "、".join(claiming)))
    spots += [_at(plan, CONTRADICTED, each.start, each.end, _reason(each.about)) for each in found.contradicted]
    spots += [
        Spot(BEYOND, plan.segment, plan.side, metres(found.length), front.end, names[front.holder])
        for front in plan.fronts
        if front.end * 100 > found.length
    ]
    for each in plan.void:
        about = f"{names.get(each.premises_id, '')}、{names.get(each.neighbour_id, '')}".strip("、")
        spots.append(Spot(VOID, plan.segment, plan.side, each.at_m, each.at_m, about))
    return sorted(spots, key=lambda spot: (spot.start, spot.end, spot.kind))


def sums(spots: Iterable[Spot]) -> list[Sum]:
    """How many and how many metres of each kind, in the order of the kinds; every kind appears."""
    found = list(spots)
    return [
        Sum(kind, sum(spot.kind == kind for spot in found), sum((spot.metres for spot in found if spot.kind == kind), Decimal(0)))
        for kind in LABELS
    ]


def _at(plan: SidePlan, kind: str, start: int, end: int, about: str = "") -> Spot:
    return Spot(kind, plan.segment, plan.side, metres(start), metres(end), about)


def _reason(about: object) -> str:
    return str(about.get_reason_code_display()) if hasattr(about, "get_reason_code_display") else ""
