"""What runs out: letters near their end or past it, whose merchant still trades there. Both are found from the letters as they stand."""

from datetime import date, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, UUIDField

from sanbao.agreements import coverage, queries
from sanbao.agreements.models import Agreement, Form
from sanbao.registry.models import Area


def ending(area: Area | None, on: date) -> QuerySet[Agreement]:
    """The letters of present operators that end within the renewal days of their form, soonest first (the form's own rule, 1 query)."""
    near = Q(pk__in=[])
    for form, days in Form.objects.values_list("pk", "renewal_days"):
        near |= Q(form=form, term_until__lte=on + timedelta(days=days))
    return _ordered(_of_operators(area, on).filter(queries.running(on)).filter(near))


def ended(area: Area | None, on: date) -> QuerySet[Agreement]:
    """The letters that ran out before a day at fronts that have been without one since, longest ago first."""
    bare = coverage.classified(area, on).filter(kind=coverage.UNSIGNED)
    past = _of_operators(area, on).filter(state=Agreement.State.SIGNED, term_until__lt=on, premises__in=bare.values("pk"))
    return _ordered(past)


def _of_operators(area: Area | None, on: date) -> QuerySet[Agreement]:
    here = queries.occupying_on(on).filter(premises=OuterRef("premises")).values("merchant_id")[:1]
    found = Agreement.objects.annotate(occupant=Subquery(here, output_field=UUIDField())).filter(merchant=F("occupant"))
    return found.filter(premises__area__path__startswith=area.path) if area else found


def _ordered(found: QuerySet[Agreement]) -> QuerySet[Agreement]:
    related = ("premises", "premises__area", "merchant", "unit", "form")
    return found.select_related(*related).order_by("term_until", "premises__address", "id")
