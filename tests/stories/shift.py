"""A grid worker's shift, as far as the office is concerned: letters handed out before it, and what changes meanwhile. Runs inside the
story's installation."""

from datetime import timedelta

from sanbao.agreements import batches, coverage
from sanbao.agreements.models import Agreement
from sanbao.core import clock
from sanbao.core.models import Entry
from sanbao.registry import services as registry
from sanbao.registry.models import Merchant, Premises
from tests.stories.stage import person


def hand_out() -> int:
    """Draft the letters of the noodle shop, the tea house and a hardware shop that has just moved in; how many wait."""
    at = clock.now() - timedelta(hours=2)
    hardware = Merchant.objects.get(operator="张顺")
    registry.begin_occupancy(
        Premises.objects.get(state="vacant"), hardware, from_on=clock.local_day(at), by=person("clerk"), at=at
    )
    fronts = Premises.objects.select_related("area__unit", "segment__street").order_by("code")
    return len(batches.draft_letters(fronts, by=person("clerk"), at=at).letters)


def tenant_changes() -> None:
    """While the worker is out, the office enters that somebody else has taken over the tea house."""
    at = clock.now()
    newcomer = registry.add_merchant("望桥区新来书店", kind="individual", operator="新来", by=person("clerk"), at=at)
    tea_house = Premises.objects.get(sign_name="清和茶庄")
    registry.begin_occupancy(tea_house, newcomer, from_on=clock.local_day(at), by=person("clerk"), at=at)


def signed() -> str:
    """How many fronts coverage counts as signed, how many letters are signed, and how many entries say so."""
    entries = Entry.objects.filter(action="agreement.signed").count()
    letters = Agreement.objects.filter(state="signed").count()
    return f"{coverage.audit(None, clock.today()).count['signed']} {letters} {entries}"
