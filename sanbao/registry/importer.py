"""From the rows of a list to a plan: what each row says, why a row cannot be used, and what would change. Pure: no database, no clock.

The promise, for every file: rows = new + changed + unchanged + faulty, and a faulty row neither stops nor loses a good one.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sanbao.core.tables import Row, Sheet
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry import text
from sanbao.registry.codes import read_code
from sanbao.registry.headers import Columns

Fields = dict[str, str]
EMPTY = ("vacant", "fitting_out")
LIMITS = {"name": 160, "sign_name": 120, "address": 160, "operator": 60, "phone": 30, "scope": 1000, "area": 60, "community": 60}
TOO_LONG_IS_FAULT = frozenset({"name"})
BLANKS = frozenset(
    {"无", "暂无", "/", "\\", "-", "--", "—", "——", "null", "none", "n/a", "nan", "#n/a", "#ref!", "#value!", "#name?"}
)
# In lists of fronts one operator may hold several; there the place belongs to the key. A market register lists parties.
LISTS_PARTIES = frozenset({"market"})
LISTS_PLACES = frozenset({"address"})
# Of which fields one must have a column; whoever walks along a street knows a shop by its sign.
NEEDED = {"market": ("name",), "address": ("address",)}
STATES = {
    "vacant": ("空置", "闲置", "空铺", "空店", "未出租", "待租", "招租", "vacant"),
    "fitting_out": ("装修", "fitting"),
    "closed": ("注销", "吊销", "撤销", "迁出", "歇业", "停业", "关停", "关门", "倒闭", "closed", "cancelled"),
    "open": ("营业", "开业", "存续", "在业", "在营", "正常", "登记成立", "经营中", "open", "normal"),
}

REASONS = {
    "name_missing": _("The name is missing."),
    "address_missing": _("The address is missing."),
    "name_too_long": _("The name has %(length)s characters; at most %(limit)s are possible."),
    "credit_code_length": _("The credit code %(value)s has %(length)s characters instead of 18."),
    "credit_code_characters": _("The credit code %(value)s holds characters that no credit code has: %(characters)s."),
    "credit_code_check": _(
        "The check character of the credit code %(value)s is wrong (%(expected)s would be right): a figure was mistyped."
    ),
    "credit_code_lost_digits": _(
        "The credit code %(value)s was stored as a number and lost its last figures. Format the column as text."
    ),
    "repeats_row": _("The row repeats row %(first)s."),
    "conflicts_with_row": _("The row has the same key as row %(first)s but says something else (%(fields)s)."),
    "unreadable_characters": _("Some bytes of the row are not text in the file's encoding."),
    "too_many_cells": _("The row has %(cells)s cells under %(columns)s columns: a delimiter stands inside a text."),
}
NOTES = {
    "old_number": _("Has an old registration number (%(value)s) instead of a credit code."),
    "date_not_understood": _("The day “%(value)s” was not understood and left out."),
    "position_not_usable": _("The position %(value)s lies outside China or is no number; it was left out."),
    "position_swapped": _("Longitude and latitude were swapped; they were put right."),
    "cut": _("The text under %(field)s is longer than %(limit)s characters and was cut."),
}


@dataclass(frozen=True)
class Record:
    """A usable row: its number, its key in the register and what it says."""

    number: int
    key: str
    fields: Fields
    digest: str


@dataclass(frozen=True)
class Fault:
    """A row that cannot be used, with its text as it stood; `party` is whom it speaks of, as far as code, name and address tell."""

    number: int
    reason: str
    detail: dict[str, Any]
    raw: list[str]
    party: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Note:
    """A remark on a row that is used all the same."""

    number: int
    what: str
    detail: dict[str, Any]


@dataclass
class Reading:
    """Everything that a sheet says."""

    rows: int
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """A record as the register holds it now."""

    digest: str
    fields: Fields
    row_number: int
    gone: bool


@dataclass
class Plan:
    """What importing a reading would do; `changed` pairs each record with what it replaces, `gone` the keys no longer listed."""

    reading: Reading
    new: list[Record] = field(default_factory=list)
    changed: list[tuple[Record, Known]] = field(default_factory=list)
    unchanged: list[Record] = field(default_factory=list)
    gone: list[tuple[str, Known]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The figures of the preview."""
        return {
            "rows": self.reading.rows,
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "faulty": len(self.reading.faults),
            "gone": len(self.gone),
        }


class _Unusable(Exception):
    def __init__(self, reason: str, **detail: Any) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason)


def read_records(sheet: Sheet, columns: Columns, kind: str, coordinates: str = "") -> Reading:
    """Understand every row of a sheet; a row that cannot be used becomes a `Fault` with its reason."""
    reading = Reading(len(sheet.rows))
    fields = dict(columns.fields)
    _drop_running_numbers(sheet.rows, fields)
    reader = _Reader(sheet, fields, kind, coordinates or columns.coordinates)
    first: dict[str, Record] = {}
    for row in sheet.rows:
        try:
            record = reader.read(row, reading.notes)
            _refuse_repetition(first.get(record.key), record)
        except _Unusable as error:
            raw = [text.clean(cell)[:300] for cell in row.texts()]
            reading.faults.append(Fault(row.number, error.reason, error.detail, raw, reader.party(row)))
            continue
        first[record.key] = record
        reading.records.append(record)
    return reading


def compare(reading: Reading, known: Mapping[str, Known]) -> Plan:
    """Lay a reading beside the register; a record that had gone and is listed again counts as changed."""
    plan = Plan(reading)
    for record in reading.records:
        before = known.get(record.key)
        if before is None:
            plan.new.append(record)
        elif before.digest == record.digest and not before.gone:
            plan.unchanged.append(record)
        else:
            plan.changed.append((record, before))
    still = still_listed(reading)
    plan.gone = [(key, before) for key, before in known.items() if not before.gone and not still(key, before.fields)]
    return plan


def still_listed(reading: Reading) -> Callable[[str, Fields], bool]:
    """Whether a record of the register (key, fields) is in the list: by its key, or because a faulty row speaks of that party."""
    listed = {record.key for record in reading.records}
    doubtful = frozenset().union(*(fault.party for fault in reading.faults))
    return lambda key, fields: key in listed or not doubtful.isdisjoint(_party(fields))


def _party(fields: Mapping[str, str]) -> frozenset[str]:
    name, code = text.name_key(fields.get("name", "")), fields.get("credit_code", "")
    said = [f"n:{name}|{text.address_key(fields.get('address', ''))}" if name else "", f"c:{code}" if code else ""]
    return frozenset(filter(None, said))


def digest_of(fields: Mapping[str, str]) -> str:
    """SHA-256 of what a record says, independent of the order of its columns."""
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(field, old value, new value) of every field that differs."""
    return [
        (name, before.get(name, ""), after.get(name, ""))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _drop_running_numbers(rows: list[Row], fields: dict[int, str]) -> None:
    """A column that counts 1, 2, 3 … numbers the lines of this list, not the shops."""
    for place, name in list(fields.items()):
        if name == "source_id" and len(rows) > 1:
            values = [row.texts()[place] if place < len(row.cells) else "" for row in rows[:200]]
            if all(value == str(number) for number, value in enumerate(values, 1)):
                del fields[place]


def _refuse_repetition(first: Record | None, record: Record) -> None:
    if first is None:
        return
    if first.digest == record.digest:
        raise _Unusable("repeats_row", first=first.number)
    names = [name for name, _old, _new in differences(first.fields, record.fields)]
    raise _Unusable("conflicts_with_row", first=first.number, fields=", ".join(names))


class _Reader:
    """Reads the rows of one sheet."""

    def __init__(self, sheet: Sheet, fields: Mapping[int, str], kind: str, coordinates: str) -> None:
        self.kind, self.coordinates = kind, coordinates or "wgs84"
        self.fields, self.width = fields, len(sheet.header)
        self.delimited, self.epoch_1904 = bool(sheet.encoding), sheet.epoch_1904
        self.understand: dict[str, Callable[[str], str]] = {"phone": text.phone_of, "state": state_of}

    def read(self, row: Row, notes: list[Note]) -> Record:
        """One row as a record; its remarks are added to `notes` only if it is usable."""
        if row.damaged:
            raise _Unusable("unreadable_characters")
        extra = [cell for cell in row.cells[self.width :] if cell != ""]
        if extra and self.delimited:
            raise _Unusable("too_many_cells", cells=len(row.cells), columns=self.width)
        own: list[Note] = []
        fields = self._fields(row, own)
        self._insist(fields)
        notes.extend(own)
        return Record(row.number, self._key(fields), fields, digest_of(fields))

    def party(self, row: Row) -> frozenset[str]:
        """Whom a row speaks of: name and address in the form for comparison, and a credit code if it is a right one."""
        texts = row.texts()
        fields = {name: text.clean(texts[place]) for place, name in self.fields.items() if place < len(texts)}
        return _party(fields | {"credit_code": read_code(fields.get("credit_code", "")).credit_code})

    def _fields(self, row: Row, notes: list[Note]) -> Fields:
        texts = row.texts()
        raw = {name: text.clean(texts[place]) for place, name in self.fields.items() if place < len(texts)}
        raw = {name: value for name, value in raw.items() if value and value.casefold() not in BLANKS}
        fields: Fields = {}
        for name, value in raw.items():
            if name not in ("credit_code", "old_number", "lon", "lat", "position", "registered_on"):
                value = self.understand.get(name, str)(value)
                fields[name] = self._within(name, value, row.number, notes)
        self._codes(row, fields, notes)
        self._position(raw, row.number, fields, notes)
        if day := raw.get("registered_on"):
            understood = text.day_of(day, epoch_1904=self.epoch_1904)
            if understood:
                fields["registered_on"] = understood.isoformat()
            else:
                notes.append(Note(row.number, "date_not_understood", {"value": day[:60]}))
        if self.kind not in NEEDED and fields.get("state") not in EMPTY and not fields.get("name"):
            fields["name"] = fields.get("sign_name", "")
        return {name: value for name, value in fields.items() if value}

    def _within(self, name: str, value: str, number: int, notes: list[Note]) -> str:
        limit = LIMITS.get(name, 200)
        if len(value) <= limit:
            return value
        if name in TOO_LONG_IS_FAULT:
            raise _Unusable(f"{name}_too_long", length=len(value), limit=limit)
        notes.append(Note(number, "cut", {"field": name, "limit": limit}))
        return value[:limit]

    def _codes(self, row: Row, fields: Fields, notes: list[Note]) -> None:
        """Both code columns; the cells themselves are read, because a number that is too long shows only there."""
        for place, name in self.fields.items():
            if name not in ("credit_code", "old_number") or place >= len(row.cells):
                continue
            code = read_code(row.cells[place])
            if code.fault and name == "credit_code":
                raise _Unusable(code.fault, **dict(code.detail))
            if code.credit_code:
                fields["credit_code"] = code.credit_code
            if code.old_number:
                fields["old_number"] = code.old_number
                if name == "credit_code":
                    notes.append(Note(row.number, "old_number", {"value": code.old_number}))

    def _position(self, raw: Mapping[str, str], number: int, fields: Fields, notes: list[Note]) -> None:
        given = raw.get("position", "")
        lon, lat = (
            ([*given.replace("，", ",").replace(" ", ",").split(","), ""])[:2] if given else (raw.get("lon"), raw.get("lat"))
        )
        if not lon and not lat:
            return
        east, north = text.number_of(lon or ""), text.number_of(lat or "")
        if east is not None and north is not None and _in_china(north, east):
            east, north = north, east
            notes.append(Note(number, "position_swapped", {}))
        if east is None or north is None or not _in_china(east, north):
            if (east, north) != (0, 0):
                notes.append(Note(number, "position_not_usable", {"value": f"{lon}, {lat}"[:60]}))
            return
        fields |= {"lon": f"{east:.7f}", "lat": f"{north:.7f}", "coordinates": self.coordinates}

    def _insist(self, fields: Fields) -> None:
        if self.kind in LISTS_PLACES or fields.get("state") in EMPTY:
            if "name" not in fields and "address" not in fields:
                raise _Unusable("address_missing")
        elif "name" not in fields:
            raise _Unusable("name_missing")

    def _key(self, fields: Fields) -> str:
        """By what the register knows the row again: code, else number in the source, else name and address.

        Lists of fronts ask the number in the source first and take the address to the code: one operator may hold several fronts.
        """
        code, source_id = fields.get("credit_code", ""), fields.get("source_id", "")
        place = text.address_key(fields.get("address", ""))
        if self.kind in LISTS_PARTIES:
            own = [f"c:{code}"] if code else [f"s:{source_id}"] if source_id else []
            if not own and fields.get("old_number"):
                own = [f"o:{fields['old_number']}"]
        else:
            own = [f"s:{source_id}"] if source_id else [f"c:{code}|{place}"] if code else []
        name = text.name_key(fields.get("name", "")) or fields.get("name", "").casefold()
        key = own[0] if own else f"n:{name}|{place}"
        return key if len(key) <= 200 else f"h:{hashlib.sha256(key.encode()).hexdigest()}"


def state_of(value: str) -> str:
    """`open`, `vacant`, `fitting_out` or `closed`; words not known say nothing."""
    folded = value.casefold()
    return next((state for state, words in STATES.items() if any(word in folded for word in words)), "")


def _in_china(lon: float, lat: float) -> bool:
    return 73 <= lon <= 136 and 3 <= lat <= 54
