"""Who answers for an area or a front on a day: the nearest rule of front, community, street, district; and where a name is missing.

A hole is a code of `HOLES`: no unit, a unit that has been dissolved, no leader or person named, or one who has left the unit's line (the
unit, those above it and those below it) by that day. Fronts follow the area in which they stand today, whatever the day asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sanbao.core.models import Department, Posting, User
from sanbao.registry.models import Area, Premises, Responsibility

HOLES = {
    "no_unit": _("no unit named"),
    "unit_dissolved": _("the unit no longer exists"),
    "no_leader": _("no leader named"),
    "leader_left": _("the leader has left"),
    "no_person": _("no person named"),
    "person_left": _("the person has left"),
}


@dataclass(frozen=True)
class Duty:
    """Who answers on a day. `rule` is the area or the front at which that is laid down, `row` the row that says so (None: `Area.unit`)."""

    unit: Department | None
    leader: User | None
    person: User | None
    rule: Area | Premises | None
    row: Responsibility | None
    holes: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of the table of responsibilities: a place, who answers, whether that comes from above, and how many fronts follow it."""

    place: Area | Premises
    duty: Duty
    inherited: bool
    fronts: int


def covering(day: date) -> QuerySet[Responsibility]:
    """The rows that hold on a day."""
    return Responsibility.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), from_on__lte=day)


def history_of(place: Area | Premises) -> QuerySet[Responsibility]:
    """Every row of a place, the newest first, with unit and people (1 query)."""
    return rows_of(place).select_related("unit", "leader", "person").order_by("-from_on", "-id")


def rows_of(place: Area | Premises) -> QuerySet[Responsibility]:
    """The rows laid down for exactly this place."""
    return Responsibility.objects.filter(**{"area" if isinstance(place, Area) else "premises": place})


class Duties:
    """The answers for one day, many at once (2 queries; 2 more when holes are looked at).

    `fronts` are the ids of the fronts that will be asked for; None reads the rules of all.
    """

    def __init__(self, day: date, fronts: Iterable[Any] | None = None) -> None:
        self.day = day
        self.areas = list(Area.objects.select_related("unit").order_by("path"))
        rows = covering(day).select_related("unit", "leader", "person")
        if fronts is not None:
            rows = rows.filter(Q(area__isnull=False) | Q(premises__in=list(fronts)))
        self.rows: dict[Any, Responsibility] = {row.area_id or row.premises_id: row for row in rows}
        self.rules: dict[Any, Area | None] = {}
        by_path: dict[str, Area | None] = {}
        for area in self.areas:
            above = by_path.get(area.path[: -len(area.code) - 1])
            lays_down = area.pk in self.rows or area.unit_id
            self.rules[area.pk] = by_path[area.path] = area if lays_down else above

    def of(self, place: Area | Premises) -> Duty:
        """Who answers for a place; for a front that was not among `fronts`, as if it had no rule of its own."""
        own = isinstance(place, Premises) and place.pk in self.rows
        rule = place if own else self.rules.get(place.area_id if isinstance(place, Premises) else place.pk)
        row = self.rows.get(rule.pk) if rule else None
        if row:
            return Duty(row.unit, row.leader, row.person, rule, row, self._holes(row.unit, row.leader, row.person))
        unit = rule.unit if isinstance(rule, Area) else None
        return Duty(unit, None, None, rule, None, self._holes(unit, None, None))

    def unit_of(self, place: Area | Premises) -> Department | None:
        """The unit alone, without a look at who has left."""
        own = self.rows.get(place.pk)
        rule = self.rules.get(place.area_id if isinstance(place, Premises) else place.pk)
        row = own or (self.rows.get(rule.pk) if rule else None)
        return row.unit if row else rule.unit if rule else None

    def areas_of(self, unit: Department) -> list[Any]:
        """The ids of the areas whose fronts a unit answers for, unless a front has a rule of its own."""
        return [area.pk for area in self.areas if (found := self.unit_of(area)) and found.pk == unit.pk]

    def following(self, rule: Area) -> list[Any]:
        """The ids of the areas that follow the rule laid down at an area."""
        return [pk for pk, found in self.rules.items() if found is not None and found.pk == rule.pk]

    def _holes(self, unit: Department | None, leader: User | None, person: User | None) -> tuple[str, ...]:
        found = []
        if unit is None:
            found.append("no_unit")
        elif unit.until_on and unit.until_on < self.day:
            found.append("unit_dissolved")
        for name, who in (("leader", leader), ("person", person)):
            if who is None:
                found.append(f"no_{name}")
            elif unit and not self.is_there(who, unit):
                found.append(f"{name}_left")
        return tuple(found)

    def is_there(self, who: User, unit: Department) -> bool:
        """Whether a person may act for a unit on the day: active, and posted in its line."""
        line = self._line(unit)
        return who.is_active and any(department in line for department in self._posted.get(who.pk, ()))

    @cached_property
    def _posted(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        postings = Posting.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=self.day), from_on__lte=self.day)
        for user, department in postings.values_list("user_id", "department_id"):
            found.setdefault(user, set()).add(department)
        return found

    @cached_property
    def _above(self) -> dict[int, int | None]:
        return dict(Department.objects.values_list("pk", "parent_id"))

    def _line(self, unit: Department) -> set[int]:
        """The unit, those above it and those below it."""
        return set(self._climb(unit.pk)) | {pk for pk in self._above if unit.pk in self._climb(pk)}

    def _climb(self, pk: int | None) -> Iterator[int]:
        while pk is not None:
            yield pk
            pk = self._above.get(pk)


def responsible_on(place: Area | Premises, day: date) -> Duty:
    """Who answered for an area or a front on a day."""
    return Duties(day, [place.pk]).of(place)


def unit_on(place: Area | Premises, day: date) -> Department | None:
    """The unit that answered for an area or a front on a day (2 queries)."""
    return Duties(day, [place.pk]).unit_of(place)


def answered_by(unit: Department, day: date) -> Q:
    """The fronts a unit answers for on a day, as a condition on `Premises` (2 queries now)."""
    own = covering(day).filter(premises__isnull=False)
    areas = Duties(day, ()).areas_of(unit)
    return Q(pk__in=own.filter(unit=unit).values("premises_id")) | Q(area__in=areas) & ~Q(pk__in=own.values("premises_id"))


def following(rule: Area, day: date) -> Q:
    """The fronts that follow the rule laid down at an area, as a condition on `Premises` (2 queries now)."""
    own = covering(day).filter(premises__isnull=False)
    return Q(area__in=Duties(day, ()).following(rule)) & ~Q(pk__in=own.values("premises_id"))


def overview(day: date, *, unit: Department | None = None, holes_only: bool = False) -> list[Line]:
    """The table of responsibilities of a day: every area in the order of the tree, then the fronts with a rule of their own (6 queries)."""
    duties = Duties(day)
    own = {pk for pk, row in duties.rows.items() if row.premises_id}
    known = Premises.objects.filter(gone_on__isnull=True).exclude(pk__in=own).order_by()
    standing = dict(known.values("area").annotate(n=Count("pk")).values_list("area", "n"))
    lines = [_line(area, duties, standing) for area in duties.areas]
    fronts = Premises.objects.filter(pk__in=own).select_related("area").order_by("address_key", "id")
    lines += [Line(front, duties.of(front), inherited=False, fronts=1) for front in fronts]
    if unit:
        lines = [line for line in lines if line.duty.unit and line.duty.unit.pk == unit.pk]
    return [line for line in lines if line.duty.holes and not line.inherited] if holes_only else lines


def _line(area: Area, duties: Duties, standing: dict[Any, int]) -> Line:
    """The fronts of an inheriting area are counted where the rule stands; where no rule stands at all, here."""
    duty = duties.of(area)
    inherited = duty.rule is not None and duty.rule.pk != area.pk
    fronts = standing.get(area.pk, 0) if duty.rule is None else sum(standing.get(pk, 0) for pk in duties.following(area))
    return Line(area, duty, inherited, 0 if inherited else fronts)
