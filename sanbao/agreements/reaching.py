"""How far one has come with every front that needs a letter: from untouched to signed, in one word each, found and never stored.

A front is *reached* when its operator was met or informed: signed, made known by notice, declined, asked for time, or letter handed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from sanbao.agreements import coverage, queries
from sanbao.agreements.models import Agreement, Attempt, ZoneNotice
from sanbao.registry.models import Area, Premises

SIGNED, NOTIFIED, REFUSED, PUT_OFF, HANDED, NOT_MET, SHUT, DRAFTED, UNTOUCHED = (
    "signed",
    "notified",
    "refused",
    "put_off",
    "handed",
    "not_met",
    "shut",
    "drafted",
    "untouched",
)
WORDS = (SIGNED, NOTIFIED, REFUSED, PUT_OFF, HANDED, NOT_MET, SHUT, DRAFTED, UNTOUCHED)
REACHED = (SIGNED, NOTIFIED, REFUSED, PUT_OFF, HANDED)
LABELS = {
    SIGNED: _("signed"),
    NOTIFIED: _("informed by notice"),
    REFUSED: _("signature declined"),
    PUT_OFF: _("asked for time"),
    HANDED: _("letter handed over"),
    NOT_MET: _("nobody met"),
    SHUT: _("shop shut"),
    DRAFTED: _("letter drafted only"),
    UNTOUCHED: _("not begun"),
}


@dataclass(frozen=True)
class Progress:
    """How many fronts stand where; `after` counts those whose next try is due."""

    count: dict[str, int]
    due: int = 0

    @property
    def total(self) -> int:
        return sum(self.count.values())

    @property
    def reached(self) -> int:
        return sum(self.count[word] for word in REACHED)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The words in their fixed order with label and number, for tables and bars."""
        return [{"kind": word, "label": LABELS[word], "number": self.count[word]} for word in WORDS]


def fronts(area: Area | None, on: date, since: date | None = None) -> QuerySet[Premises]:
    """The fronts that lack a letter on a day, and with `since` also those that have signed from that day on.

    Annotated as `coverage.classified`, with `reach` (one of `WORDS`), `called_on` and `next_on` of the last call that brought no signature.
    """
    every = coverage.classified(area, on)
    wanted = Q(kind__in=(*coverage.MISSED, coverage.UNKNOWN))
    if since:
        signed = queries.in_force(on).filter(premises=OuterRef("pk"), merchant=OuterRef("occupant"), signed_on__gte=since)
        wanted |= Q(kind=coverage.SIGNED) & Q(Exists(signed))
    letters = Agreement.objects.filter(premises=OuterRef("pk"), merchant=OuterRef("occupant"), form=OuterRef("text"))
    notices = ZoneNotice.objects.filter(
        premises=OuterRef("pk"),
        letter__merchant=OuterRef("occupant"),
        letter__form=OuterRef("text"),
        noticed_on__lte=on,
    )
    whose = Q(merchant=OuterRef("occupant")) | Q(merchant__isnull=True)
    calls = Attempt.objects.filter(whose, premises=OuterRef("pk"), on__lte=on).order_by("-at", "-id")
    calls = calls.filter(on__gte=since) if since else calls
    found = every.filter(wanted).annotate(
        called=Subquery(calls.values("result")[:1]),
        called_on=Subquery(calls.values("on")[:1], output_field=DateField()),
        next_on=Subquery(calls.values("next_on")[:1], output_field=DateField()),
    )
    return found.annotate(reach=_reach(letters, notices))


def _reach(letters: QuerySet[Agreement], notices: QuerySet[ZoneNotice]) -> Case:
    return Case(
        When(kind=coverage.SIGNED, then=Value(SIGNED)),
        When(Exists(notices), then=Value(NOTIFIED)),
        When(Exists(letters.filter(state=Agreement.State.REFUSED)), then=Value(REFUSED)),
        *(When(called=result, then=Value(result)) for result in Attempt.Result.values),
        When(Exists(letters.filter(state=Agreement.State.SERVED)), then=Value(HANDED)),
        When(Exists(letters.filter(state=Agreement.State.DRAFT)), then=Value(DRAFTED)),
        default=Value(UNTOUCHED),
        output_field=CharField(),
    )


def progress(found: QuerySet[Premises], on: date) -> Progress:
    """Count fronts (from `fronts`) by word (2 queries)."""
    count = dict.fromkeys(WORDS, 0)
    for row in found.order_by().values("reach").annotate(number=Count("pk")):
        count[row["reach"]] += row["number"]
    return Progress(count, due=due(found, on).count())


def due(found: QuerySet[Premises], on: date) -> QuerySet[Premises]:
    """Those of the fronts that are to be called at again on or before a day."""
    return found.filter(next_on__lte=on).exclude(reach=SIGNED)


def calls_at(fronts_shown: Iterable[Premises], on: date) -> dict[Any, list[Attempt]]:
    """The calls at each of these fronts that brought no signature, oldest first, by premises id (1 query)."""
    found: dict[Any, list[Attempt]] = {}
    ids = [front.pk for front in fronts_shown]
    for call in Attempt.objects.filter(premises__in=ids, on__lte=on).select_related("by").order_by("at", "id"):
        found.setdefault(call.premises_id, []).append(call)
    return found
