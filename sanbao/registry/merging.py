"""Joining the fronts of pairs of records, many in a few statements, and separating them again with everything back.

Called by `linking` inside its transaction; asks no permission itself. Other rooms hear of it through the journal
(`premises.merged`, `premises.separated`) and let their rows follow by `following`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sanbao.core import bulk, clock, journal
from sanbao.core.models import User
from sanbao.registry.joining import Front, Undo, fold, same_party, survivor
from sanbao.registry.lifecycle import APART, JOINED
from sanbao.registry.models import Merchant, Occupancy, Premises, PremisesMerge, RecordLink, Register, RegisterRecord
from sanbao.registry.pairing import door_of

PREMISES_COLUMNS = [
    "area", "segment", "side", "start_m", "end_m", "chainage_m", "sign_name", "state", "lon", "lat", "cell", "known_since", "gone_on",
    "merged_into",
]  # fmt: skip
PARTED, SECOND_DOOR, OTHER_PARTY = "parted", "second_door", "other_party"
OCCUPANCY_COLUMNS = ["premises", "merchant", "from_on", "until_on"]


@dataclass
class _Changed:
    """What joining has changed so far, in the order in which it must reach the database."""

    premises: dict[Any, Premises]
    records: dict[Any, RegisterRecord]
    occupancies: dict[Any, Occupancy]
    merges: list[PremisesMerge]


class Joiner:
    """The fronts of a chunk of links with all that hangs on them, read in a handful of queries; `flush` writes what `join` changed."""

    def __init__(self, links: Sequence[RecordLink], *, by: User | None, at: datetime) -> None:
        self.by, self.at, self.day = by, at, clock.local_day(at)
        self.changed = _Changed({}, {}, {}, [])
        self._read({link.one_id for link in links} | {link.other_id for link in links})

    def _read(self, ids: set[Any]) -> None:
        known = RegisterRecord.objects.select_related("register")
        named = {one.pk: one for one in known.filter(pk__in=ids)}
        homes = {one.premises_id for one in named.values()} - {None}
        self.records = {one.pk: one for one in known.filter(premises__in=homes)} | named
        self.fronts = {one.pk: Front(one) for one in Premises.objects.filter(pk__in=homes).select_related("area")}
        merchants: dict[Any, Merchant] = {}
        for record in self.records.values():
            if record.premises_id in self.fronts:
                self.fronts[record.premises_id].records.append(record)
        for occupancy in Occupancy.objects.filter(premises__in=homes).select_related("merchant").order_by("from_on", "id"):
            occupancy.merchant = merchants.setdefault(occupancy.merchant_id, occupancy.merchant)
            self.fronts[occupancy.premises_id].occupancies.append(occupancy)
        market = RegisterRecord.objects.filter(register__kind=Register.Kind.MARKET, merchant__in=list(merchants))
        self.from_market = frozenset(market.values_list("merchant_id", flat=True))
        parted = RecordLink.objects.filter(state=APART).filter(one__in=list(self.records))
        self.apart = {frozenset(pair) for pair in parted.values_list("one_id", "other_id")}

    def together(self, link: RecordLink) -> bool:
        """Whether both records already speak of one front."""
        one, other = self._homes(link)
        return one is not None and one is other

    def forbids(self, link: RecordLink) -> str:
        """Why only a person may join this pair, if so: two parties meet at it, people parted the fronts, or one is a second door."""
        one, other = self._homes(link)
        if one is None or other is None or one is other:
            return ""
        if any(frozenset((a.pk, b.pk)) in self.apart for a in one.records for b in other.records):
            return PARTED
        lists = [{record.register_id for record in front.records if record.gone_since is None} for front in (one, other)]
        if lists[0] & lists[1] and not self._same_door(link):
            return SECOND_DOOR
        parties = one.present is None or other.present is None or same_party(one.present.merchant, other.present.merchant)
        return OTHER_PARTY if lists[0] & lists[1] or not parties else ""

    def _same_door(self, link: RecordLink) -> bool:
        one, other = (door_of(self.records[pk].fields.get("address", "")) for pk in (link.one_id, link.other_id))
        return one == other

    def join(self, link: RecordLink) -> None:
        """Make both records speak of one front; the row that can undo it is written with the rest."""
        one, other = self._homes(link)
        if one is other:
            return
        if one is None or other is None:
            self._settle(link, one or other)
            return
        kept, gone = survivor(one, other)
        occupancies = list(gone.occupancies) + list(kept.occupancies)
        undo = fold(kept, gone, self.from_market, self.day)
        self._note(kept, gone, undo, occupancies)
        self.changed.merges.append(
            PremisesMerge(link=link, kept=kept.premises, merged=gone.premises, moved=undo.as_json(), merged_at=self.at)
        )

    def _homes(self, link: RecordLink) -> tuple[Front | None, Front | None]:
        """The fronts of both records as they are by now; the one that has no front yet gives None."""
        found = [self.fronts.get(self.records[pk].premises_id) for pk in (link.one_id, link.other_id)]
        return found[0], found[1]

    def _settle(self, link: RecordLink, front: Front | None) -> None:
        """A record without a front of its own joins that of the other."""
        if front is None:
            return
        record = next(self.records[pk] for pk in (link.one_id, link.other_id) if self.records[pk].premises_id is None)
        undo = Undo(records={str(record.pk): [None, str(record.merchant_id) if record.merchant_id else None]})
        record.premises_id = front.premises.pk
        front.records.append(record)
        self.changed.records[record.pk] = record
        self.changed.merges.append(PremisesMerge(link=link, kept=front.premises, moved=undo.as_json(), merged_at=self.at))

    def _note(self, kept: Front, gone: Front, undo: Undo, occupancies: list[Occupancy]) -> None:
        self.changed.premises |= {front.premises.pk: front.premises for front in (kept, gone)}
        self.changed.records |= {UUID(pk): self.records[UUID(pk)] for pk in undo.records}
        self.changed.occupancies |= {one.pk: one for one in occupancies if str(one.pk) in undo.occupancies}

    def flush(self) -> int:
        """Write everything and tell the journal; the number of joins that moved something."""
        changed = self.changed
        bulk.update(list(changed.premises.values()), PREMISES_COLUMNS)
        bulk.update(list(changed.occupancies.values()), OCCUPANCY_COLUMNS)
        bulk.update(list(changed.records.values()), ["premises", "merchant"])
        bulk.insert(changed.merges)
        rows = [(merge.kept, _facts(merge)) for merge in changed.merges if merge.merged_id]
        journal.record_many("premises.merged", rows, by=self.by, at=self.at)
        return len(changed.merges)


def separate(link: RecordLink, *, by: User | None, at: datetime) -> list[PremisesMerge]:
    """Give back everything that joining this pair has moved and that nobody has moved elsewhere since, latest first."""
    merges = list(link.merges.filter(separated_at__isnull=True).select_related("kept", "merged").order_by("-merged_at", "-id"))
    for merge in merges:
        _give_back(merge)
        merge.separated_at = at
        merge.save(update_fields=["separated_at"])
        if merge.merged is not None:
            journal.record("premises.separated", merge.kept, by=by, at=at, **_facts(merge))
    return merges


def joined_further(link: RecordLink) -> str:
    """The name of the front into which the kept one of this pair has gone since, or nothing (1 query)."""
    merges = link.merges.filter(separated_at__isnull=True, kept__merged_into__isnull=False)
    found = merges.select_related("kept__merged_into").first()
    return str(found.kept.merged_into) if found else ""


def now_apart(merges: Iterable[PremisesMerge]) -> list[RecordLink]:
    """Joined pairs of whose records one was given back and the other was not: they have to be decided again."""
    moved = [UUID(pk) for merge in merges for pk in merge.moved["records"]]
    joined = RecordLink.objects.filter(state=JOINED).select_related("one", "other")
    found = [*joined.filter(one__in=moved), *joined.filter(other__in=moved)]
    return [one for one in {one.pk: one for one in found}.values() if one.one.premises_id != one.other.premises_id]


def _give_back(merge: PremisesMerge) -> None:
    moved = merge.moved
    if merge.merged is not None:
        merge.merged.merged_into, merge.merged.gone_on = None, None
        merge.merged.save(update_fields=["merged_into", "gone_on"])
    _give_back_place(merge.kept, moved["kept"])
    _give_back_occupancies(merge)
    for record in RegisterRecord.objects.filter(pk__in=list(moved["records"])):
        premises, merchant = moved["records"][str(record.pk)]
        if record.premises_id == merge.kept_id:
            record.premises_id, record.merchant_id = _id(premises), _id(merchant)
            record.save(update_fields=["premises", "merchant"])


def _give_back_place(kept: Premises, former: dict[str, list[str | None]]) -> None:
    for name, (before, taken) in former.items():
        now = getattr(kept, name)
        if (None if now is None else str(now)) == taken:
            setattr(kept, name, Premises._meta.get_field(name.removesuffix("_id")).to_python(before))
    kept.save(update_fields=PREMISES_COLUMNS)


def _give_back_occupancies(merge: PremisesMerge) -> None:
    """Those that came with the merged front go back with it; the present one gets its former name and first day again."""
    former = merge.moved["occupancies"]
    for one in Occupancy.objects.filter(pk__in=list(former), premises=merge.kept_id):
        premises, merchant, from_on, _until = former[str(one.pk)]
        one.premises_id, one.merchant_id, one.from_on = _id(premises), _id(merchant), date.fromisoformat(from_on)
        one.save(update_fields=["premises", "merchant", "from_on"])


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _facts(merge: PremisesMerge) -> dict[str, Any]:
    facts = {"merge": str(merge.pk), "merged": str(merge.merged_id), "kept": str(merge.kept_id)}
    return facts | ({"party": merge.moved["parties"][0], "is": merge.moved["parties"][1]} if merge.moved["parties"] else {})
