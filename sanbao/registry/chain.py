"""The chain of duty (责任链): for any place of the district, the line district → unit → leader → person → premises → merchant.

A link without a name is a hole and says which. Names of people are for staff; the public is told the unit alone (`public_part`).
"""

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core import geo
from sanbao.core.district import current_id
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import District
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area, Premises
from sanbao.registry.placing import NEAR_M, Placer
from sanbao.registry.queries import register_list
from sanbao.registry.responsibility import HOLES, Duty, responsible_on

MOST_NEAR, MOST_FOUND = 5, 12
NO_FRONT, NO_MERCHANT = "no_front", "no_merchant"
HOLE_WORDS = {**HOLES, NO_FRONT: _("no front is known here"), NO_MERCHANT: _("nobody is recorded to trade here")}
NOT_A_PLACE = gettext_noop("Longitude and latitude are not a place on earth. Send degrees in WGS-84.")
OUTSIDE = gettext_noop("This place lies outside the district. Choose a place inside it.")
TITLES = {
    "district": _("district"),
    "unit": _("responsible unit"),
    "leader": _("leader in charge"),
    "person": _("person responsible"),
    "premises": _("premises"),
    "merchant": _("merchant"),
}


@dataclass(frozen=True)
class Link:
    """One link: its kind (a key of `TITLES`), the name, what else is known, and the code of its hole, if any."""

    kind: str
    name: str
    detail: str = ""
    hole: str = ""
    subject: Any = None

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    @property
    def missing(self) -> str:
        """The hole in words; empty for a whole link."""
        return str(HOLE_WORDS[self.hole]) if self.hole else ""


@dataclass(frozen=True)
class Chain:
    """The links for a place; how far its premises are from the point asked for (m), and other premises near by."""

    links: tuple[Link, ...]
    duty: Duty
    premises: Premises | None
    area: Area
    distance_m: float | None = None
    near: tuple[Premises, ...] = ()

    @property
    def holes(self) -> list[str]:
        return [link.hole for link in self.links if link.hole]


def chain_of(place: Premises | Area, day: date) -> Chain:
    """The chain of one front down to its merchant, or of an area down to its person."""
    front = place if isinstance(place, Premises) else None
    area, duty = front.area if front else place, responsible_on(place, day)
    links = _unit_links(area, duty) + (_front_links(front, day) if front else ())
    return Chain(links, duty, front, area)


def chain_at(lon: float, lat: float, day: date) -> Chain:
    """The chain of a point (WGS-84 degrees): of the nearest front within 60 m, else of the area there. Raises `Malformed`."""
    _insist_place(lon, lat)
    near = fronts_near(lon, lat)
    if near:
        found = chain_of(near[0][1], day)
        others = tuple(front for _distance, front in near[1:MOST_NEAR])
        return Chain(found.links, found.duty, found.premises, found.area, round(near[0][0], 1), others)
    found = chain_of(Placer().place({"lon": str(lon), "lat": str(lat)}).area, day)
    return replace(found, links=(*found.links, Link("premises", "", hole=NO_FRONT)))


def fronts_near(lon: float, lat: float, radius_m: float = NEAR_M) -> list[tuple[float, Premises]]:
    """The fronts within a radius with their distance in metres, the nearest first (1 query)."""
    fronts = Premises.objects.filter(cell__in=geo.neighbour_cells(lon, lat, radius_m), gone_on__isnull=True)
    fronts = fronts.exclude(state=Premises.State.DEMOLISHED).select_related("area")
    measured = [(geo.metres_between(lon, lat, front.lon, front.lat), front) for front in fronts]
    return sorted((pair for pair in measured if pair[0] <= radius_m), key=lambda pair: (pair[0], pair[1].code))


def search(text: str, day: date) -> list[Premises]:
    """The fronts whose sign, address, occupant or code holds the words, at most twelve; an exact code alone."""
    exact = Premises.objects.filter(Q(code=text.strip()), gone_on__isnull=True).select_related("area").first()
    return [exact] if exact else list(register_list(day, text=text)[:MOST_FOUND])


def public_part(chain: Chain) -> dict[str, str]:
    """What anybody may know: the area and the unit that answers, with its telephone."""
    unit = chain.duty.unit
    return {"area": chain.area.name, "unit": unit.name if unit else "", "phone": unit.phone if unit else ""}


def as_data(chain: Chain) -> dict[str, Any]:
    """The chain as plain data, for staff."""
    links = [
        {
            "kind": link.kind,
            "title": link.title,
            "name": link.name,
            "detail": link.detail,
            "hole": link.hole,
            "missing": link.missing,
        }
        for link in chain.links
    ]
    premises = chain.premises.code if chain.premises else None
    return {"links": links, "holes": chain.holes, "area": chain.area.name, "premises": premises, "distance_m": chain.distance_m}


def _unit_links(area: Area, duty: Duty) -> tuple[Link, ...]:
    district = District.objects.get(code=current_id())
    holes = {kind: next((hole for hole in duty.holes if kind in hole), "") for kind in ("unit", "leader", "person")}
    unit = duty.unit
    return (
        Link("district", district.name, area.name if area.parent_id else ""),
        Link("unit", unit.name if unit else "", unit.phone if unit else "", holes["unit"], unit),
        *(
            Link(kind, who.name if who else "", who.title if who else "", holes[kind], who)
            for kind, who in (("leader", duty.leader), ("person", duty.person))
        ),
    )


def _front_links(front: Premises, day: date) -> tuple[Link, ...]:
    occupant = front.occupancies.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)
    spell = occupant.select_related("merchant").order_by("-from_on", "-id").first()
    here = Link("premises", front.sign_name or front.address, front.address if front.sign_name else front.code, subject=front)
    if front.state == Premises.State.VACANT and spell is None:
        return here, Link("merchant", str(front.get_state_display()))
    if spell is None:
        return here, Link("merchant", "", hole=NO_MERCHANT)
    return here, Link("merchant", spell.merchant.name, subject=spell.merchant)


def _insist_place(lon: float, lat: float) -> None:
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise refuse("not_a_place", NOT_A_PLACE, status=Malformed)
    if not geo.inside(District.objects.get(code=current_id()).boundary, lon, lat):
        raise refuse("outside_district", OUTSIDE, status=Malformed)
