"""What the matching desk shows: pairs by state, area and register, and how many of each. Reading only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from sanbao.core.models import User
from sanbao.registry.lifecycle import APART, ASKED, DOUBTED, JOINED, SUGGESTED, WITHDRAWN
from sanbao.registry.models import Area, RecordLink, Register

TO_DECIDE = (SUGGESTED, DOUBTED)
BY_PEOPLE, BY_ITSELF = "by_people", "by_itself"
LISTED = ("undecided", ASKED, BY_ITSELF, BY_PEOPLE, APART, WITHDRAWN)


@dataclass(frozen=True)
class Filters:
    """Which pairs are looked at: those of an area, and those between certain registers."""

    area: Area | None = None
    register: Register | None = None
    other: Register | None = None


def pairs(which: str = "undecided", filters: Filters | None = None) -> QuerySet[RecordLink]:
    """The pairs of one sort (`LISTED`), the most probable first, with their records, registers and fronts; `KeyError` for another word."""
    found = RecordLink.objects.filter(_SORTS[which])
    related = ("register", "premises__area", "premises__segment__street", "merchant")
    found = found.select_related("by", *(f"{side}__{name}" for side in ("one", "other") for name in related))
    return _filtered(found, filters or Filters()).order_by("-probability", "id")


_SORTS: dict[str, Q] = {
    "undecided": Q(state__in=TO_DECIDE),
    ASKED: Q(state=ASKED),
    BY_ITSELF: Q(state=JOINED, by__isnull=True),
    BY_PEOPLE: Q(state=JOINED, by__isnull=False),
    APART: Q(state=APART),
    WITHDRAWN: Q(state=WITHDRAWN),
}


def counts(filters: Filters | None = None) -> dict[str, int]:
    """How many pairs there are of each sort (1 query)."""
    rows = _filtered(RecordLink.objects.all(), filters or Filters()).order_by()
    return rows.aggregate(**{name: Count("pk", filter=sort) for name, sort in _SORTS.items()})


def _filtered(rows: QuerySet[RecordLink], filters: Filters) -> QuerySet[RecordLink]:
    if filters.area:
        inside = {"premises__area__path__startswith": filters.area.path}
        rows = rows.filter(Q(**_of("one", inside)) | Q(**_of("other", inside)))
    for register in filter(None, (filters.register, filters.other)):
        rows = rows.filter(Q(one__register=register) | Q(other__register=register))
    return rows


def _of(side: str, conditions: dict[str, Any]) -> dict[str, Any]:
    return {f"{side}__{name}": value for name, value in conditions.items()}


def last_decided(person: User, states: Iterable[str] = (JOINED, APART, ASKED)) -> RecordLink | None:
    """The pair that this person decided last, to be taken back (1 query)."""
    found = RecordLink.objects.filter(by=person, state__in=list(states)).select_related("one", "other")
    return found.order_by("-decided_at", "-id").first()


def suggested_pairs() -> Iterable[tuple[Any, Any, float]]:
    """(front, other front, probability) of every pair that nobody has decided yet, the most probable first (1 query)."""
    rows = RecordLink.objects.filter(state__in=(SUGGESTED, ASKED), one__premises__isnull=False, other__premises__isnull=False)
    return rows.order_by("-probability", "id").values_list("one__premises_id", "other__premises_id", "probability")
