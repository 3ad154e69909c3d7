"""What hangs at the door goes with the front when it turns out to be one with another: plates, personal links, self-checks, frontages.

Called for the same news as `following`, which takes care of letters. May run twice.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sanbao.agreements import queries
from sanbao.agreements.models import AdditionalFrontage, MerchantLink, Plate, SelfCheck
from sanbao.agreements.plates.lifecycle import VALID
from sanbao.core.models import Entry
from sanbao.registry.following import MERGED, follow, merge_of, note, noted
from sanbao.registry.models import PremisesMerge


def follow_premises(entry: Entry) -> None:
    """Let plates, links, self-checks and further frontages go with the front of which a journal entry tells."""
    follow(entry, (AdditionalFrontage,))
    merge = merge_of(entry)
    if merge is None:
        return
    if entry.action == MERGED:
        for model in (MerchantLink, SelfCheck):
            _take_along(merge, model, entry.data.get("party"), entry.data.get("is"))
        _take_plates(merge)
    else:
        for table in (MerchantLink, SelfCheck, Plate):
            _put_back(merge, table)


def _take_along(merge: PremisesMerge, model: Any, party: str | None, known_as: str | None) -> None:
    """Links and self-checks go with front and party; a link goes over to the occupancy that counts, if that has none yet."""
    former: dict[str, Any] = {}
    present = queries.occupying_on(date.max).filter(premises=merge.kept_id, until_on__isnull=True).first()
    for row in model.objects.filter(premises__in=[merge.kept_id, merge.merged_id]).order_by("pk"):
        before = _columns(row)
        row.premises_id = merge.kept_id
        if party and str(row.merchant_id) == party:
            row.merchant_id = UUID(known_as)
        if isinstance(row, MerchantLink) and present is not None and row.ended_at is None and row.occupancy_id != present.pk:
            held = MerchantLink.objects.filter(occupancy=present, ended_at__isnull=True).exists()
            row.occupancy_id = row.occupancy_id if held else present.pk
        if _columns(row) != before:
            former[str(row.pk)] = before
            row.save(update_fields=list(before))
    note(merge, model, former)


def _take_plates(merge: PremisesMerge) -> None:
    """The valid plate on the wall goes along unless the kept front has one; either opens the page of the kept front."""
    plates = Plate.objects.filter(premises=merge.merged_id)
    if Plate.objects.filter(premises=merge.kept_id, state__in=VALID).exists():
        plates = plates.exclude(state__in=VALID)
    former = {str(row.pk): _columns(row) for row in plates}
    note(merge, Plate, former)
    Plate.objects.filter(pk__in=list(former)).update(premises=merge.kept_id)


def _put_back(merge: PremisesMerge, model: Any) -> None:
    for pk, before in noted(merge, model).items():
        model.objects.filter(pk=pk, premises=merge.kept_id).update(**before)


def _columns(row: Any) -> dict[str, str]:
    """The columns by which a row belongs to a front and its party."""
    names = [name for name in ("premises_id", "merchant_id", "occupancy_id") if hasattr(row, name)]
    return {name: str(getattr(row, name)) for name in names}
