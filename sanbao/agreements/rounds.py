"""Signing rounds: a named area, a time and the people who walk it. Who is to be reached is computed, so that nobody can be left off a list."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from sanbao.agreements import queries, reaching
from sanbao.agreements.models import Attempt, RoundMember, SigningRound
from sanbao.agreements.services import NO_FORM, NO_UNIT, unit_of
from sanbao.core import clock, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area, Premises

NAME_NEEDED = gettext_noop("A round needs a name of its own.")
DAYS_WRONG = gettext_noop("The round must end on or after its first day.")
NOBODY_WALKS = gettext_noop("Name at least one person who walks.")
RESULT_UNKNOWN = gettext_noop("Say what the call brought: nobody met, shop shut, or asked for time.")
NEXT_TOO_EARLY = gettext_noop("The next try lies after the day of the call.")
CLOSED_ALREADY = gettext_noop("This round is closed already.")
NOTE_NEEDED = gettext_noop("%(count)d fronts were never reached. Say why the round is closed all the same.")


@transaction.atomic
def open_round(
    name: str, *, area: Area, people: Sequence[User], from_on: date, until_on: date, by: User, at: datetime
) -> SigningRound:
    """Open a round in an area under the unit that answers for it, on the text in force on its first day."""
    require(by, "agreement.plan", at)
    name = " ".join(name.split())[:80]
    if not name or SigningRound.objects.filter(name=name).exists():
        raise refuse("name_needed", NAME_NEEDED, status=Malformed)
    if until_on < from_on:
        raise refuse("days_wrong", DAYS_WRONG, status=Malformed)
    if not people:
        raise refuse("nobody_walks", NOBODY_WALKS, status=Malformed)
    unit = unit_of(area)
    if unit is None:
        raise refuse("no_unit", NO_UNIT)
    form = queries.form_on(from_on, unit=unit)
    if form is None:
        raise refuse("no_form", NO_FORM)
    row = SigningRound.objects.create(
        name=name, area=area, unit=unit, form=form, from_on=from_on, until_on=until_on, opened_at=at
    )
    RoundMember.objects.bulk_create(RoundMember(round=row, person=person) for person in dict.fromkeys(people))
    journal.record("round.opened", row, by=by, at=at, area=area.code, from_on=from_on.isoformat(), until_on=until_on.isoformat())
    return row


@transaction.atomic
def record_attempt(
    premises: Premises, *, result: str, note: str = "", next_on: date | None = None, by: User, at: datetime
) -> Attempt:
    """Record a call that brought no signature, and when to try again. What was signed or declined is told by the letter itself."""
    require(by, "agreement.sign", at)
    day = clock.local_day(at)
    if result not in Attempt.Result.values:
        raise refuse("result_unknown", RESULT_UNKNOWN, status=Malformed)
    if next_on and next_on <= day:
        raise refuse("next_too_early", NEXT_TOO_EARLY, status=Malformed)
    attempt = Attempt.objects.create(
        premises=premises,
        merchant=queries.occupant_of(premises, day),
        result=result,
        at=at,
        on=day,
        by=by,
        next_on=next_on,
        note=note.strip()[:300],
    )
    journal.record("attempt.recorded", attempt, by=by, at=at, premises=str(premises.pk), result=result)
    return attempt


@transaction.atomic
def close_round(row: SigningRound, *, note: str, by: User, at: datetime) -> SigningRound:
    """Close a round and write down who is left, with the reason; a round that leaves somebody unreached needs a word of explanation."""
    require(by, "agreement.plan", at)
    day = clock.local_day(at)
    left = [
        {"premises": str(front.pk), "address": front.address, "sign_name": front.sign_name, "reach": front.reach}
        for front in queries.walking_order(fronts_of(row, day).exclude(reach=reaching.SIGNED))
    ]
    unreached = sum(each["reach"] not in reaching.REACHED for each in left)
    if unreached and not note.strip():
        raise refuse("note_needed", NOTE_NEEDED, count=unreached)
    values: dict[str, Any] = {"closed_at": at, "closed_on": day, "note": note.strip()[:300], "left": left}
    if not SigningRound.objects.filter(pk=row.pk, closed_at__isnull=True).update(**values):
        raise refuse("closed_already", CLOSED_ALREADY)
    for name, value in values.items():
        setattr(row, name, value)
    journal.record("round.closed", row, by=by, at=at, left=len(left), unreached=unreached)
    return row


def fronts_of(row: SigningRound, on: date) -> QuerySet[Premises]:
    """Every front of the round on a day: who lacks a letter, and who has signed since the round began."""
    return reaching.fronts(row.area, on, since=row.from_on)
