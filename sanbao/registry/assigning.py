"""Giving responsibility for an area or a front to a unit, naming its people, and giving a front back to its area. History stays.

At any instant exactly one unit answers: a new row ends the former one on its own first day, and never reaches behind the last one.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from sanbao.core import journal
from sanbao.core.access import may, require
from sanbao.core.errors import Forbidden, Malformed, Reason, refuse
from sanbao.core.models import Department, User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area, Premises, Responsibility
from sanbao.registry.responsibility import Duties, rows_of, unit_on

NO_REASON = gettext_noop("Say why the responsibility is given, or by which decision.")
LATER_ROW = gettext_noop("A later decision has been entered already (from %(day)s). Choose that day or a later one.")
SAME_AGAIN = gettext_noop("%(unit)s answers for this place already, with the same people.")
DISSOLVED = gettext_noop("%(unit)s no longer exists on that day. Choose another unit.")
NOT_POSTED = gettext_noop("%(name)s is not posted to %(unit)s, nor above or below it, on that day. Enter the posting first.")
NOBODY_ANSWERS = gettext_noop("No unit answers for this place on that day. Give it to a unit first.")
NOT_YOURS = gettext_noop("Another unit answers for this place. Only that unit or the headquarters names its people.")
NOTHING_OWN = gettext_noop("This place follows the area above it already.")
GONE = gettext_noop("These premises are gone since %(gone_on)s.")


@transaction.atomic
def assign_responsibility(
    place: Area | Premises,
    unit: Department,
    *,
    from_on: date,
    reason: str,
    leader: User | None = None,
    person: User | None = None,
    document_number: str = "",
    by: User,
    at: datetime,
) -> Responsibility:
    """From `from_on` a unit answers for a place; a front taken over by a department leaves its street's line this way (条块)."""
    require(by, "responsibility.assign", at)
    return _write(place, unit, from_on, reason, (leader, person), document_number, by=by, at=at)


@transaction.atomic
def name_people(
    place: Area | Premises,
    *,
    from_on: date,
    leader: User | None,
    person: User | None,
    reason: str,
    document_number: str = "",
    by: User,
    at: datetime,
) -> Responsibility:
    """Name the leader and the person for a place, its unit staying the same; the unit itself may do that, and the headquarters."""
    require(by, "responsibility.name", at)
    unit = unit_on(place, from_on)
    if unit is None:
        raise refuse("nobody_answers", NOBODY_ANSWERS)
    if by.department_id not in (unit.pk, unit.parent_id) and not may(by, "responsibility.assign", at):
        raise Forbidden(Reason("not_yours", NOT_YOURS))
    return _write(place, unit, from_on, reason, (leader, person), document_number, by=by, at=at)


@transaction.atomic
def give_back(place: Area | Premises, *, from_on: date, reason: str, by: User, at: datetime) -> Responsibility:
    """End a place's own rule: from `from_on` it follows the area above it again."""
    require(by, "responsibility.assign", at)
    _insist_reason(reason)
    _lock(place)
    last = rows_of(place).filter(ended_on__isnull=True).select_related("unit").first()
    if last is None:
        raise refuse("nothing_own", NOTHING_OWN)
    _end(last, from_on)
    after = unit_on(place, from_on)
    facts = {"unit": after.pk if after else None, "former_unit": last.unit_id, "from": from_on.isoformat()}
    journal.record("responsibility.returned", place, by=by, at=at, **facts)
    _tell_units(place, last.unit, after, from_on, by=by, at=at)
    return last


def _write(
    place: Area | Premises,
    unit: Department,
    from_on: date,
    reason: str,
    people: tuple[User | None, User | None],
    document_number: str,
    *,
    by: User,
    at: datetime,
) -> Responsibility:
    _insist_reason(reason)
    _insist_able(place, unit, people, from_on)
    _lock(place)
    former = unit_on(place, from_on)
    last = rows_of(place).order_by("-from_on", "-id").first()
    if last and last.ended_on is None and (last.unit_id, last.leader, last.person) == (unit.pk, *people):
        raise refuse("same_again", SAME_AGAIN, unit=unit.name)
    if last:
        _end(last, from_on)
    row = Responsibility.objects.create(
        area=place if isinstance(place, Area) else None,
        premises=place if isinstance(place, Premises) else None,
        unit=unit,
        leader=people[0],
        person=people[1],
        from_on=from_on,
        reason=reason.strip()[:300],
        document_number=document_number.strip()[:80],
    )
    facts = {"row": str(row.pk), "unit": unit.pk, "former_unit": former.pk if former else None, "from": from_on.isoformat()}
    journal.record("responsibility.assigned", place, by=by, at=at, **facts)
    _tell_units(place, former, unit, from_on, by=by, at=at)
    return row


def _insist_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("no_reason", NO_REASON, status=Malformed)


def _insist_able(place: Area | Premises, unit: Department, people: tuple[User | None, User | None], on: date) -> None:
    if isinstance(place, Premises) and place.gone_on and place.gone_on <= on:
        raise refuse("premises_gone", GONE, gone_on=place.gone_on)
    if unit.until_on and unit.until_on < on:
        raise refuse("unit_dissolved", DISSOLVED, unit=unit.name)
    duties = Duties(on, ())
    for who in people:
        if who is not None and not duties.is_there(who, unit):
            raise refuse("not_posted", NOT_POSTED, name=who.name, unit=unit.name)


def _lock(place: Area | Premises) -> None:
    """Writing the place's row first lets two decisions about it come after one another."""
    type(place).objects.filter(pk=place.pk).update(code=F("code"))


def _end(row: Responsibility, on: date) -> None:
    if on < row.from_on:
        raise refuse("later_row", LATER_ROW, day=row.from_on.isoformat())
    if row.ended_on is None or row.ended_on > on:
        Responsibility.objects.filter(pk=row.pk).update(ended_on=on)
        row.ended_on = on


def _tell_units(
    place: Area | Premises, former: Department | None, unit: Department | None, from_on: date, *, by: User, at: datetime
) -> None:
    """When the unit changes, both units' own journals say so."""
    if (former and former.pk) == (unit and unit.pk):
        return
    facts = {"place": journal.subject_of(place), "from": from_on.isoformat()}
    if former:
        journal.record("unit.relieved", former, by=by, at=at, **facts)
    if unit:
        journal.record("unit.charged", unit, by=by, at=at, **facts)
