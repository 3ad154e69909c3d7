"""Writing understood records into the register: merchants, premises and occupancies of one chunk, in few statements.

What is written depends on the records and on the database only, so a chunk that is written again changes nothing.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sanbao.core import bulk, journal
from sanbao.core.models import User
from sanbao.registry.importer import LISTS_PARTIES, Record
from sanbao.registry.models import ImportRun, Merchant, Occupancy, Premises, Register, RegisterRecord
from sanbao.registry.placing import Place, Placer
from sanbao.registry.queries import survivors
from sanbao.registry.text import address_key, name_key

BATCH = 400
EMPTY_STATES = frozenset({Premises.State.VACANT, Premises.State.FITTING_OUT})
UNITS = ("公司", "厂", "合作社", "中心", "局", "所", "院", "学校", "银行", "支行", "分行", "协会", "委员会", "办事处", "事务所")
CODE_LETTER = {"market": "M", "census": "C", "address": "A", "platform": "P"}
MERCHANT_COLUMNS = ("name", "operator", "phone", "scope")
# Whose word on a merchant's name and telephone is not overwritten by a list of this kind.
BETTER_SOURCES = {"market": (), "census": ("market",), "address": ("market", "census"), "platform": ("market", "census")}


def write_chunk(run: ImportRun, records: list[Record], placer: Placer, *, day: date, by: User | None, at: datetime) -> None:
    """Bring one chunk of records into the register. The caller holds the transaction and the lock on the registers."""
    chunk = _Chunk(run, records, placer, day)
    for record in chunk.to_write:
        chunk.take(record)
    chunk.flush(by=by, at=at)


@dataclass
class _Written:
    """What a chunk has made and changed, in the order in which it must reach the database."""

    ended: dict[Any, Occupancy] = field(default_factory=dict)
    merchants: list[Merchant] = field(default_factory=list)
    changed_merchants: dict[Any, tuple[Merchant, list[str]]] = field(default_factory=dict)
    premises: list[Premises] = field(default_factory=list)
    changed_premises: dict[Any, Premises] = field(default_factory=dict)
    begun: list[Occupancy] = field(default_factory=list)
    records: list[RegisterRecord] = field(default_factory=list)
    news: list[tuple[str, Occupancy]] = field(default_factory=list)


class _Chunk:
    """The rows that a chunk meets in the database, read in a handful of queries, and what it writes."""

    def __init__(self, run: ImportRun, records: list[Record], placer: Placer, day: date) -> None:
        self.run, self.day, self.placer = run, day, placer
        self.parties = run.register.kind in LISTS_PARTIES
        self.out = _Written()
        self._read_records(records)
        self._read_rows()

    def _read_records(self, records: list[Record]) -> None:
        keys = [record.key for record in records]
        held = RegisterRecord.objects.filter(register=self.run.register, key__in=keys)
        self.held = {one.key: one for one in held}
        self.to_write: list[Record] = []
        for record in records:
            one = self.held.get(record.key)
            if one is None or one.digest != record.digest or one.gone_since is not None:
                self.to_write.append(record)
            elif one.row_number != record.number:
                one.row_number, one.last_run = record.number, self.run
                self.out.records.append(one)
        same = [one.pk for one in self.held.values() if one.last_run_id != self.run.pk]
        moved = {record.key for record in self.to_write}
        self.seen_again = [pk for pk in same if pk not in {self.held[key].pk for key in moved if key in self.held}]

    def _read_rows(self) -> None:
        held = [self.held[record.key] for record in self.to_write if record.key in self.held]
        codes = {code for record in self.to_write if (code := record.fields.get("credit_code"))}
        names = {name_key(record.fields.get("name", "")) for record in self.to_write} - {""}
        fronts = {self._front_code(record) for record in self.to_write}
        self.merchants = {one.pk: one for one in Merchant.objects.filter(pk__in={one.merchant_id for one in held} - {None})}
        by_code = Merchant.objects.filter(credit_code__in=codes)
        self.merchants |= {one.pk: one for one in by_code}
        self.by_code = {one.credit_code: self.merchants[one.pk] for one in by_code}
        self.premises = {one.pk: one for one in Premises.objects.filter(pk__in={one.premises_id for one in held} - {None})}
        self.premises |= {one.pk: one for one in Premises.objects.filter(code__in=fronts) if one.pk not in self.premises}
        kept = survivors(list(self.premises.values()))
        self.by_front = {one.code: kept.get(one.pk, one) for one in self.premises.values()}
        self.premises |= {one.pk: one for one in kept.values()}
        self._read_occupancies(names)
        kinds = BETTER_SOURCES[self.run.register.kind]
        better = RegisterRecord.objects.filter(register__kind__in=kinds, merchant__in=list(self.merchants))
        self.better_known = set(better.values_list("merchant_id", flat=True)) if kinds else set()

    def _read_occupancies(self, names: set[str]) -> None:
        present = Occupancy.objects.filter(until_on__isnull=True, premises__merged_into__isnull=True)
        present = present.select_related("merchant", "premises")
        self.present: dict[Any, Occupancy] = {}
        self.at_home: dict[tuple[str, str], tuple[Merchant, Premises]] = {}
        wanted = {
            **{one.pk: one for one in present.filter(merchant__name_key__in=names)},
            **{one.pk: one for one in present.filter(merchant__in=list(self.merchants))},
            **{one.pk: one for one in present.filter(premises__in=list(self.premises))},
        }
        for one in wanted.values():
            one.merchant = self.merchants.setdefault(one.merchant_id, one.merchant)
            one.premises = self.premises.setdefault(one.premises_id, one.premises)
            self._note_present(one)

    def _note_present(self, one: Occupancy) -> None:
        self.present[one.premises_id] = one
        self.at_home[name_key(one.merchant.name), address_key(one.premises.address)] = (one.merchant, one.premises)
        if one.merchant.credit_code:
            self.at_home[one.merchant.credit_code, address_key(one.premises.address)] = (one.merchant, one.premises)

    # --- one record -------------------------------------------------------------------------------------------------------

    def take(self, record: Record) -> None:
        """Decide what one record makes of merchant, premises and occupancy."""
        held = self.held.get(record.key)
        merchant = self._merchant(record, held)
        premises = self._premises(record, held, merchant)
        if premises is not None:
            self._occupy(record, held, merchant, premises)
        self._keep(record, held, merchant, premises)

    def _merchant(self, record: Record, held: RegisterRecord | None) -> Merchant | None:
        fields = record.fields
        if "name" not in fields:
            return None
        code = fields.get("credit_code")
        known = self.merchants.get(held.merchant_id) if held else None
        same = known and (not code or known.credit_code in (None, code)) and (bool(code) or self._same_name(known, record, held))
        found = (self.by_code.get(code) if code else None) or (known if same else None) or self._at_home(record)
        if found is None:
            found = Merchant(kind=_kind_of(fields), credit_code=code or None)
            self._fill(found, fields, weak=False)
            self.out.merchants.append(found)
            self.merchants[found.pk] = found
        else:
            self._update(found, fields)
        if found.credit_code:
            self.by_code[found.credit_code] = found
        return found

    def _same_name(self, known: Merchant, record: Record, held: RegisterRecord) -> bool:
        """Whether the row still speaks of the merchant it became: by its name, or because it says what it said before."""
        names = {name_key(known.name), name_key(held.fields.get("name", ""))}
        return self.parties or name_key(record.fields["name"]) in names

    def _at_home(self, record: Record) -> Merchant | None:
        """The merchant of that name at that address, unless both have credit codes and they differ."""
        place = address_key(record.fields.get("address", ""))
        found = self.at_home.get((name_key(record.fields["name"]), place)) if place else None
        code = record.fields.get("credit_code")
        return found[0] if found and (not code or found[0].credit_code in (None, code)) else None

    def _fill(self, merchant: Merchant, fields: dict[str, str], *, weak: bool) -> list[str]:
        """Take over what the row says; a weaker source fills only what is empty. The answer names the changed columns."""
        said: dict[str, Any] = {name: fields[name] for name in MERCHANT_COLUMNS if name in fields}
        if "registered_on" in fields:
            said["registered_on"] = date.fromisoformat(fields["registered_on"])
        if "credit_code" in fields and not merchant.credit_code:
            said["credit_code"] = fields["credit_code"]
        changed = [
            name for name, value in said.items() if getattr(merchant, name) != value and not (weak and getattr(merchant, name))
        ]
        for name in changed:
            setattr(merchant, name, said[name])
        return changed

    def _update(self, merchant: Merchant, fields: dict[str, str]) -> None:
        changed = self._fill(merchant, fields, weak=merchant.pk in self.better_known)
        if changed and not merchant._state.adding:
            before = self.out.changed_merchants.get(merchant.pk, (merchant, []))[1]
            self.out.changed_merchants[merchant.pk] = (merchant, sorted({*before, *changed}))

    def _premises(self, record: Record, held: RegisterRecord | None, merchant: Merchant | None) -> Premises | None:
        fields, key = record.fields, address_key(record.fields.get("address", ""))
        before = self.premises.get(held.premises_id) if held else None
        if not key and "lon" not in fields:
            return before
        if before is not None and (not key or not self.parties or key in self._addresses(before, held)):
            return self._refresh(before, record)
        known = None
        if merchant is not None:
            pair = self.at_home.get((merchant.credit_code or "", key)) or self.at_home.get((name_key(merchant.name), key))
            known = pair[1] if pair and pair[0] is merchant else None
        known = known or self.by_front.get(self._front_code(record))
        if known is not None:
            return self._refresh(known, record)
        if fields.get("state") == "closed":
            return None
        made = Premises(
            code=self._front_code(record), known_since=self.day, address=fields.get("address") or fields["name"][:160]
        )
        self._settle(made, record, self.placer.place(fields), owned=True)
        self.out.premises.append(made)
        self.premises[made.pk] = self.by_front[made.code] = made
        return made

    def _addresses(self, premises: Premises, held: RegisterRecord | None) -> set[str]:
        """How the address of a front is written here and in the row itself as it last was."""
        return {address_key(premises.address), address_key(held.fields.get("address", "")) if held else ""}

    def _refresh(self, premises: Premises, record: Record) -> Premises:
        if premises.area_id is None or not premises._state.adding:
            self._settle(premises, record, self.placer.place(record.fields), owned=self._owns(premises, record))
            if not premises._state.adding:
                self.out.changed_premises[premises.pk] = premises
        return premises

    def _owns(self, premises: Premises, record: Record) -> bool:
        """Whether this register made the premises; what people or other registers entered is not overwritten."""
        return premises.code.startswith(CODE_LETTER[self.run.register.kind]) and (
            premises.code == self._front_code(record) or record.key in self.held
        )

    def _settle(self, premises: Premises, record: Record, place: Place, *, owned: bool) -> None:
        fields = record.fields
        if owned and fields.get("address"):
            premises.address = fields["address"]
        if premises.area_id is None or (owned and place.area != self.placer.root):
            premises.area = place.area
        if place.lon is not None and (owned or premises.lon is None):
            premises.lon, premises.lat, premises.cell = place.lon, place.lat, place.cell
            if place.segment is not None and premises.start_m is None:
                premises.segment, premises.side, premises.chainage_m = place.segment, place.side, place.chainage_m
        sign = fields.get("sign_name") or ("" if self.parties else fields.get("name", "")[:120])
        if sign and (owned or not premises.sign_name):
            premises.sign_name = sign
        if fields.get("state") in EMPTY_STATES:
            premises.state = fields["state"]
        elif "name" in fields and fields.get("state") != "closed" and premises.state in EMPTY_STATES:
            premises.state = Premises.State.OPEN

    def _front_code(self, record: Record) -> str:
        """The number of a front that a list makes known: the same row gives the same number on every machine."""
        place = address_key(record.fields.get("address", "")) if self.parties else ""
        digest = hashlib.sha256(f"{self.run.register.source}|{record.key}|{place}".encode()).hexdigest()
        return f"{CODE_LETTER[self.run.register.kind]}{int(digest[:15], 16) % 10**14:014d}"

    # --- who is where -----------------------------------------------------------------------------------------------------

    def _occupy(self, record: Record, held: RegisterRecord | None, merchant: Merchant | None, premises: Premises) -> None:
        present, state = self.present.get(premises.pk), record.fields.get("state")
        leaves = state == "closed" or (merchant is None and state in EMPTY_STATES)
        if held and held.premises_id and held.premises_id != premises.pk:
            self._leave(held.premises_id, held.merchant_id)
        if leaves:
            if present and (merchant is None or present.merchant_id == merchant.pk) and self._may_contradict(present):
                self._end(present)
            return
        if merchant is None or (present and present.merchant_id == merchant.pk):
            return
        if present and not (self._may_replace(held, premises) and self._may_contradict(present)):
            return
        if present:
            self._end(present)
        began = merchant.registered_on if self.parties and held is None and present is None else None
        new = Occupancy(premises=premises, merchant=merchant, from_on=min(began or self.day, self.day))
        self.out.begun.append(new)
        self._note_present(new)
        if not premises._state.adding:
            self.out.news.append(("occupancy.begun", new))

    def _may_replace(self, held: RegisterRecord | None, premises: Premises) -> bool:
        """A list changes the occupant only of a front that it has spoken of before."""
        return held is not None and held.premises_id == premises.pk

    def _may_contradict(self, present: Occupancy) -> bool:
        """Only who was there or registers it may say that an occupant is gone whom a better list knows."""
        return self.run.register.kind == Register.Kind.CENSUS or present.merchant_id not in self.better_known

    def _leave(self, premises_id: Any, merchant_id: Any) -> None:
        """The merchant has moved away: the front it leaves is empty as far as anybody knows."""
        present, premises = self.present.get(premises_id), self.premises.get(premises_id)
        if present and present.merchant_id == merchant_id:
            self._end(present)
            if premises is not None and premises.state == Premises.State.OPEN:
                premises.state = Premises.State.VACANT
                self.out.changed_premises[premises.pk] = premises

    def _end(self, present: Occupancy) -> None:
        present.until_on = max(self.day, present.from_on)
        self.present.pop(present.premises_id, None)
        self.at_home = {names: pair for names, pair in self.at_home.items() if pair[1].pk != present.premises_id}
        if present._state.adding:
            return
        self.out.ended[present.pk] = present
        self.out.news.append(("occupancy.ended", present))

    def _keep(self, record: Record, held: RegisterRecord | None, merchant: Merchant | None, premises: Premises | None) -> None:
        one = held or RegisterRecord(register=self.run.register, key=record.key, first_run=self.run)
        one.fields, one.digest, one.row_number, one.last_run = record.fields, record.digest, record.number, self.run
        one.merchant, one.premises, one.gone_since = merchant, premises, None
        self.out.records.append(one)

    # --- into the database ------------------------------------------------------------------------------------------------

    def flush(self, *, by: User | None, at: datetime) -> None:
        """Write everything; endings first, so that no front ever has two present occupants."""
        out = self.out
        bulk.update(list(out.ended.values()), ["until_on"])
        changed = list(out.changed_premises.values())
        for merchant in [*out.merchants, *(pair[0] for pair in out.changed_merchants.values())]:
            merchant.name_key = name_key(merchant.name)[:160]
        for front in [*out.premises, *changed]:
            front.address_key = address_key(front.address)[:160]
        bulk.insert(out.merchants)
        self._update_merchants(by=by, at=at)
        bulk.insert(out.premises)
        columns = ["area", "address", "address_key", "sign_name", "state", "lon", "lat", "cell", "segment", "side", "chainage_m"]
        bulk.update(changed, columns)
        bulk.insert(out.begun)
        _keep_records(out.records)
        if self.seen_again:
            RegisterRecord.objects.filter(pk__in=self.seen_again).update(last_run=self.run)
        for action in ("occupancy.ended", "occupancy.begun"):
            rows = [(one, _facts(one)) for name, one in out.news if name == action]
            journal.record_many(action, rows, by=by, at=at)

    def _update_merchants(self, *, by: User | None, at: datetime) -> None:
        pairs = list(self.out.changed_merchants.values())
        columns = [*MERCHANT_COLUMNS, "name_key", "registered_on", "credit_code"]
        bulk.update([merchant for merchant, _columns in pairs], columns)
        rows = [(merchant, {"fields": names}) for merchant, names in pairs]
        journal.record_many("merchant.changed", rows, by=by, at=at)


def _keep_records(records: list[RegisterRecord]) -> None:
    """New records go in at once; known ones are written over by their key."""
    bulk.insert([one for one in records if one._state.adding])
    RegisterRecord.objects.bulk_create(
        [one for one in records if not one._state.adding],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["district", "register", "key"],
        update_fields=["fields", "digest", "row_number", "merchant", "premises", "last_run", "gone_since"],
    )


def _facts(occupancy: Occupancy) -> dict[str, Any]:
    return {"premises": str(occupancy.premises_id), "merchant": str(occupancy.merchant_id)}


def _kind_of(fields: dict[str, str]) -> str:
    code, said = fields.get("credit_code", ""), fields.get("kind", "")
    if "个体" in said or code.startswith("92"):
        return Merchant.Kind.INDIVIDUAL
    if code or said or fields.get("name", "").endswith(UNITS):
        return Merchant.Kind.COMPANY
    return Merchant.Kind.INDIVIDUAL
