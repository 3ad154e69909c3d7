"""Questions about places and parties; every answer may be asked for any day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from rapidfuzz import fuzz

from sanbao.core import geo
from sanbao.registry.models import Area, Merchant, Occupancy, Premises, Street
from sanbao.registry.text import address_key, name_key

SORTS = {
    "address": ("address_key", "id"),
    "-address": ("-address_key", "-id"),
    "name": ("occupant_name", "id"),
    "-name": ("-occupant_name", "-id"),
    "area": ("area__path", "address_key", "id"),
    "-area": ("-area__path", "-address_key", "-id"),
    "state": ("state", "address_key", "id"),
    "-state": ("-state", "-address_key", "-id"),
    "since": ("known_since", "id"),
    "-since": ("-known_since", "-id"),
}


def premises_in(area: Area | None) -> QuerySet[Premises]:
    """The fronts of an area and of everything below it (all of the district for None), without those demolished or gone."""
    fronts = Premises.objects.exclude(state=Premises.State.DEMOLISHED).filter(gone_on__isnull=True)
    return fronts.filter(area__path__startswith=area.path) if area else fronts


def occupancies_on(day: date) -> QuerySet[Occupancy]:
    """The occupancies covering a day, both ends included; where two meet on one day the later begun stands first."""
    covering = Occupancy.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)
    return covering.order_by(F("until_on").desc(nulls_first=True), "-from_on", "-id")


def occupant_on(premises: Premises, day: date) -> Merchant | None:
    """Who traded there on that day (1 query)."""
    found = occupancies_on(day).filter(premises=premises).select_related("merchant").first()
    return found.merchant if found else None


def with_occupant(fronts: QuerySet[Premises], day: date) -> QuerySet[Premises]:
    """Add `occupant`, `occupant_name`, `occupant_code`, `occupant_operator`, `occupant_phone` of a day to each front."""
    here = occupancies_on(day).filter(premises=OuterRef("pk"), district=OuterRef("district"))
    return fronts.annotate(
        occupant=Subquery(here.values("merchant_id")[:1]),
        occupant_name=Subquery(here.values("merchant__name")[:1]),
        occupant_code=Subquery(here.values("merchant__credit_code")[:1]),
        occupant_operator=Subquery(here.values("merchant__operator")[:1]),
        occupant_phone=Subquery(here.values("merchant__phone")[:1]),
    )


def register_list(
    day: date, *, area: Area | None = None, state: str = "", text: str = "", street: Street | None = None, sort: str = ""
) -> QuerySet[Premises]:
    """The list of fronts as the console shows and exports it: filtered, with occupants, in order."""
    fronts = Premises.objects.filter(gone_on__isnull=True)
    fronts = fronts.filter(area__path__startswith=area.path) if area else fronts
    fronts = fronts.filter(state=state) if state else fronts
    fronts = fronts.filter(segment__street=street) if street else fronts
    for word in text.split()[:5]:
        fronts = fronts.filter(_mentions(word, day))
    return with_occupant(fronts, day).select_related("area", "segment__street").order_by(*SORTS.get(sort, SORTS["address"]))


def _mentions(word: str, day: date) -> Q:
    """Whether sign, address, occupant or one of its codes holds a word; width, case and punctuation do not matter."""
    folded = name_key(word) or word
    merchants = Q(merchant__name_key__contains=folded) | Q(merchant__credit_code__startswith=word.upper())
    merchants |= Q(merchant__operator=word) | Q(merchant__phone__startswith=word)
    here = Occupancy.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), merchants, from_on__lte=day)
    places = Q(address_key__contains=address_key(word) or folded) | Q(sign_name__icontains=word) | Q(code__iexact=word)
    return places | Q(pk__in=here.values("premises_id"))


def survivors(fronts: Sequence[Premises]) -> dict[Any, Premises]:
    """The front into which each of these has gone by now, by the id of the one that went; those that stand are left out.

    A query for each link of the longest chain, mostly none.
    """
    by_id = {one.pk: one for one in fronts}
    while missing := {one.merged_into_id for one in by_id.values()} - {None} - set(by_id):
        by_id |= {one.pk: one for one in Premises.objects.filter(pk__in=missing)}
    found = {}
    for front in fronts:
        last = front
        while last.merged_into_id:
            last = by_id[last.merged_into_id]
        if last is not front:
            found[front.pk] = last
    return found


def streets_with_counts() -> QuerySet[Street]:
    """Every street with `segment_count` and `front_count`."""
    return Street.objects.order_by("name").annotate(
        segment_count=Count("segments", distinct=True),
        front_count=Count("segments__premises", distinct=True, filter=Q(segments__premises__gone_on__isnull=True)),
    )


def duplicates_near(premises: Premises, *, radius_m: float = 50.0, alike: float = 80.0) -> list[tuple[Premises, float]]:
    """Other fronts that may be the same one: near by or at the same address, with a name alike by `alike` of 100, likest first."""
    same = Q(address_key=premises.address_key) if premises.address_key else Q(pk__in=[])
    if premises.lon is not None and premises.lat is not None:
        same |= Q(cell__in=geo.neighbour_cells(premises.lon, premises.lat, radius_m))
    around = with_occupant(Premises.objects.filter(same, gone_on__isnull=True).exclude(pk=premises.pk), date.max)
    mine = _name_of(with_occupant(Premises.objects.filter(pk=premises.pk), date.max).get())
    scored = [(other, fuzz.WRatio(mine, _name_of(other))) for other in around if _near(premises, other, radius_m)]
    return sorted(((other, score) for other, score in scored if score >= alike), key=lambda pair: -pair[1])


def _name_of(front: Any) -> str:
    return name_key(front.sign_name or front.occupant_name or "")


def _near(one: Premises, other: Premises, radius_m: float) -> bool:
    if None in (one.lon, one.lat, other.lon, other.lat):
        return one.address_key == other.address_key
    return geo.metres_between(one.lon, one.lat, other.lon, other.lat) <= radius_m  # type: ignore[arg-type]
