"""Which fronts stand in which lists, and what follows for those that nobody knows; for any area. Reading only.

Counted are fronts at which somebody trades today: a vacant front has no party that a market register or a platform could list. A kind of
list is one list here, however many sources of the kind there are: two platforms copy from each other, the market register does not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Value

from sanbao.core import geo
from sanbao.registry import queries
from sanbao.registry.desk import suggested_pairs
from sanbao.registry.estimate import Estimate, NoEstimate, estimate, widened, without_known
from sanbao.registry.models import Area, Premises, Register, RegisterRecord, Segment
from sanbao.registry.sampling import Stretch

KINDS: tuple[str, ...] = tuple(Register.Kind.values)
LIKELY = 0.5
Lists = frozenset[str]


@dataclass(frozen=True)
class Pair:
    """Two fronts that may be one, in which lists each stands, the areas they lie in, and how probable it is."""

    fronts: tuple[Any, Any]
    lists: tuple[Lists, Lists]
    areas: tuple[Any, Any]
    probability: float


@dataclass(frozen=True)
class Known:
    """What is known of an area: fronts in all, how many stand in exactly which lists, and what is estimated beyond.

    `in_no_list` were found on the spot only; they are known, and taken off the estimate.
    """

    fronts: int
    histories: Mapping[Lists, int]
    in_no_list: int
    undecided: int
    estimate: Estimate | NoEstimate

    @property
    def unknown(self) -> Estimate | None:
        """The estimate, or None where there can be none."""
        return self.estimate if isinstance(self.estimate, Estimate) else None


def known_in(area: Area | None) -> Known:
    """What is known, and estimated, of an area and everything below it (5 queries)."""
    return _known(_histories(area).values(), _pairs(area))


def known_by_area(areas: Sequence[Area], within: Area | None) -> dict[Any, Known]:
    """The same for each of `areas`, all of them under `within`, by area id (6 queries however many areas)."""
    counted, pairs = _histories(within), _pairs(within)
    ids = {*counted, *(area for pair in pairs for area in pair.areas)}
    paths = dict(Area.objects.filter(pk__in=ids).values_list("pk", "path"))
    return {
        each.pk: _known(
            [counts for pk, counts in counted.items() if paths[pk].startswith(each.path)],
            [pair for pair in pairs if all(paths[pk].startswith(each.path) for pk in pair.areas)],
        )
        for each in areas
    }


def fronts_in(area: Area | None, lists: Iterable[str]) -> QuerySet[Premises]:
    """The fronts of an area that stand in exactly these kinds of lists, for the rows behind a number."""
    wanted = set(lists)
    return _flagged(area).filter(**{f"in_{kind}": kind in wanted for kind in KINDS})


def singletons_by_segment(area: Area | None) -> dict[Any, tuple[int, int]]:
    """(fronts, fronts that only one list or none names) of each street segment in the area, by segment id (2 queries)."""
    found: dict[Any, tuple[int, int]] = {}
    flags = [f"in_{kind}" for kind in KINDS]
    rows = _flagged(area).filter(segment__isnull=False).order_by().values("segment_id", *flags).annotate(number=Count("pk"))
    for row in rows:
        fronts, single = found.get(row["segment_id"], (0, 0))
        alone = sum(row[flag] for flag in flags) <= 1
        found[row["segment_id"]] = (fronts + row["number"], single + (row["number"] if alone else 0))
    return found


def stretches_in(area: Area | None) -> dict[Any, tuple[Segment, Stretch]]:
    """The street segments of an area as the planner of a walk sees them, by segment id (3 queries)."""
    counted = singletons_by_segment(area)
    segments = Segment.objects.select_related("street", "area")
    segments = segments.filter(area__path__startswith=area.path) if area else segments
    return {one.pk: (one, _stretch(one, *counted.get(one.pk, (0, 0)))) for one in segments}


def _stretch(segment: Segment, fronts: int, single: int) -> Stretch:
    lon, lat = geo.point_along(segment.line, float(segment.length_m) / 2)
    order = (segment.area.path, segment.street.name, segment.number)
    return Stretch(segment.pk, order, fronts, single, float(segment.length_m), lon, lat)


def _flagged(area: Area | None) -> QuerySet[Premises]:
    """The fronts at which somebody trades, each with `in_<kind>` for every kind of list (1 query for the registers)."""
    sources: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for pk, kind in Register.objects.values_list("pk", "kind"):
        sources[kind].append(pk)
    here = RegisterRecord.objects.filter(premises=OuterRef("pk"), district=OuterRef("district"), gone_since__isnull=True)
    flags: dict[str, Any] = {
        f"in_{kind}": Exists(here.filter(register__in=ids)) if ids else Value(False) for kind, ids in sources.items()
    }
    return queries.premises_in(area).filter(state=Premises.State.OPEN).annotate(**flags)


def _lists(row: Mapping[str, Any]) -> Lists:
    return frozenset(kind for kind in KINDS if row[f"in_{kind}"])


def _histories(area: Area | None) -> dict[Any, Counter[Lists]]:
    """How many fronts stand in exactly which lists, by the id of the area they lie in (2 queries)."""
    found: dict[Any, Counter[Lists]] = {}
    rows = _flagged(area).order_by().values("area_id", *(f"in_{kind}" for kind in KINDS)).annotate(number=Count("pk"))
    for row in rows:
        found.setdefault(row["area_id"], Counter())[_lists(row)] += row["number"]
    return found


def _pairs(area: Area | None) -> list[Pair]:
    """The undecided pairs of two fronts of the area (3 queries)."""
    rows = list(suggested_pairs())
    ids = {pk for one, other, _probability in rows for pk in (one, other)}
    fronts = {row["pk"]: row for row in _flagged(area).filter(pk__in=ids).values("pk", "area_id", *(f"in_{k}" for k in KINDS))}
    return [
        Pair(
            (one, other), (_lists(fronts[one]), _lists(fronts[other])), (fronts[one]["area_id"], fronts[other]["area_id"]), chance
        )
        for one, other, chance in rows
        if one in fronts and other in fronts
    ]


def _known(counted: Iterable[Counter[Lists]], pairs: Sequence[Pair]) -> Known:
    counts: Counter[Lists] = Counter()
    for each in counted:
        counts += each
    alone = counts.get(frozenset(), 0)
    likely = _as_one(counts, [pair for pair in pairs if pair.probability >= LIKELY])
    found = estimate(_listed(likely))
    if isinstance(found, Estimate):
        others = [estimate(_listed(each)) for each in (counts, _as_one(counts, pairs))] if pairs else []
        found = without_known(widened(found, others), alone)
    return Known(sum(counts.values()), _listed(counts), alone, len(pairs), found)


def _listed(counts: Mapping[Lists, int]) -> dict[Lists, int]:
    return {lists: number for lists, number in counts.items() if lists and number}


def _as_one(counts: Counter[Lists], pairs: Sequence[Pair]) -> Counter[Lists]:
    """The counts as they would be if each of these pairs were one front."""
    group: dict[Any, Any] = {}
    lists: dict[Any, Lists] = {}
    found = Counter(counts)

    def root(front: Any) -> Any:
        while group[front] != front:
            front = group[front]
        return front

    for pair in pairs:
        for front, stands_in in zip(pair.fronts, pair.lists, strict=True):
            group.setdefault(front, front)
            lists.setdefault(front, stands_in)
        one, other = root(pair.fronts[0]), root(pair.fronts[1])
        if one != other:
            found.subtract((lists[one], lists[other]))
            group[other], lists[one] = one, lists[one] | lists[other]
            found[lists[one]] += 1
    return found
