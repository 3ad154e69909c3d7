"""Questions about personal links and self-checks: whether a link opens, what a merchant has checked, how many check themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from sanbao.agreements import queries as letters
from sanbao.agreements.merchants.models import MerchantLink, SelfCheck, SelfCheckAnswer
from sanbao.agreements.models import Agreement, Form, FormItem
from sanbao.core import clock, links
from sanbao.law.workflow import Reason, gettext_noop
from sanbao.registry.models import Area, Merchant, Premises

PURPOSE = "merchant.page"
ENDED = gettext_noop("This personal link has been ended by the unit. Ask the unit for a new one.")
NOT_TENANT = gettext_noop(
    "This personal link belonged to the former operator of these premises. The present one gets a link of its own."
)


def token_of(link: MerchantLink) -> str:
    """The token of a personal link; always the same, so that the code can be printed again. The end of a link lies in its row."""
    return links.make_token(PURPOSE, link)


def link_of(token: str) -> MerchantLink | None:
    """The link a token names with all that its page shows (1 query); `BrokenLink` (403) when the token is forged."""
    related = ("premises__area__unit", "premises__area__parent__unit", "premises__segment__street", "merchant", "occupancy")
    return MerchantLink.objects.filter(pk=links.read_token(PURPOSE, token)).select_related(*related).first()


def why_closed(link: MerchantLink, at: datetime) -> Reason | None:
    """Why a link opens nothing at an instant: it was ended, or somebody else (or nobody) trades there on that day (1 query)."""
    if link.ended_at is not None:
        return Reason("link_ended", ENDED)
    present = letters.occupying_on(clock.local_day(at)).filter(premises=link.premises_id).first()
    if present is None or present.pk != link.occupancy_id:
        return Reason("not_tenant", NOT_TENANT)
    return None


def links_of(premises: Premises) -> QuerySet[MerchantLink]:
    """Every personal link for a front, the newest first."""
    return (
        MerchantLink.objects.filter(premises=premises).select_related("merchant", "by", "occupancy").order_by("-issued_at", "-id")
    )


def living_link_of(premises: Premises, at: datetime) -> MerchantLink | None:
    """The link that opens the page of the present merchant of a front, if one was handed over."""
    return next((each for each in links_of(premises).filter(ended_at=None) if why_closed(each, at) is None), None)


def living_links(area: Area | None, at: datetime) -> QuerySet[MerchantLink]:
    """The links that open a page now, in walking order: not ended, and of the merchant who trades there on the day (1 query)."""
    here = letters.occupying_on(clock.local_day(at)).filter(premises=OuterRef("premises"))
    found = MerchantLink.objects.filter(ended_at__isnull=True).alias(present=Subquery(here.values("pk")[:1]))
    found = found.filter(occupancy=F("present")).select_related("merchant", "premises__segment__street", "premises__area")
    if area is not None:
        found = found.filter(premises__area__path__startswith=area.path)
    place = (F("premises__segment__street__name").asc(nulls_last=True), "premises__segment__number", "premises__side")
    return found.order_by(*place, F("premises__start_m").asc(nulls_last=True), "id")


def letter_of(premises: Premises, merchant: Merchant, day: date) -> Agreement | None:
    """The merchant's letter that runs on a day (1 query)."""
    return letters.in_force(day).filter(premises=premises, merchant=merchant).select_related("form", "unit", "document").first()


def running_letter(premises: Premises, day: date) -> Agreement | None:
    """The letter of the present occupant that runs on a day, for the public page: its term, never its parties (2 queries)."""
    occupant = letters.occupant_of(premises, day)
    return letter_of(premises, occupant, day) if occupant else None


def items_of(form: Form | None, letter: Agreement | None = None) -> list[FormItem]:
    """The items a merchant answers for: those of the text, without what its letter calls not applicable (2 queries)."""
    if form is None:
        return []
    free = set()
    if letter is not None and letter.form_id == form.pk:
        free = set(letter.item_states.filter(answer="not_applicable").values_list("item_id", flat=True))
    return [item for item in form.items.order_by("position") if item.pk not in free]


def checks_of(link: MerchantLink) -> QuerySet[SelfCheck]:
    """The self-checks this merchant has made at this front, the newest first, counted by answer."""
    found = SelfCheck.objects.filter(premises=link.premises_id, merchant=link.merchant_id)
    kinds = {name: Count("answers", filter=Q(answers__answer=name)) for name in SelfCheckAnswer.Answer.values}
    return found.annotate(**kinds).order_by("-made_at", "-id")


def checkers(area: Area | None, on: date, days: int = 30) -> dict[str, Any]:
    """How many fronts of an area have a personal link, and how many of those checked themselves in the days up to `on` (2 queries).

    Counts only: which shop answered what is nobody's business but its own.
    """
    since, until = clock.at_local(on - timedelta(days=days - 1)), clock.at_local(on + timedelta(days=1))
    held = MerchantLink.objects.filter(ended_at__isnull=True, occupancy__until_on__isnull=True)
    made = SelfCheck.objects.filter(made_at__gte=since, made_at__lt=until)
    if area is not None:
        held, made = (
            held.filter(premises__area__path__startswith=area.path),
            made.filter(premises__area__path__startswith=area.path),
        )
    return {
        "links": held.count(),
        "fronts": made.order_by().values("premises").distinct().count(),
        "checks": made.count(),
        "days": days,
    }


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """The items of one duty in the order of the text; `code` chooses the picture."""

    code: str
    label: str
    items: list[FormItem]


def by_duty(items: Sequence[FormItem]) -> list[DutyGroup]:
    """Items under their duties, in the order of the text."""
    found: dict[str, DutyGroup] = {}
    for item in items:
        found.setdefault(item.duty, DutyGroup(item.duty, item.duty_name, [])).items.append(item)
    return list(found.values())
