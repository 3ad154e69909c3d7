"""Sealing the journal and proving it: each entry becomes one link of its district's hash chain, and sets off what follows from it.

Writers never wait for the seal: they leave an entry marked `pending`, and the worker seals in batches. The chain follows the order of
sealing, so entries whose ids were committed out of order are neither lost nor a fault. What follows is listed by `core.news`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Literal

from django.db import IntegrityError, transaction

from sanbao.core import bulk, news
from sanbao.core.models import Entry, Seal

GENESIS: Final = "0" * 64
ATTEMPTS: Final = 5
CHUNK: Final = 2_000

FaultKind = Literal["altered", "missing", "inserted", "cut"]


@dataclass(frozen=True)
class Fault:
    """The first place where a chain does not hold: the link's number (if it has one) and the entry's id (if it is there)."""

    kind: FaultKind
    number: int | None
    entry: int | None


@dataclass(frozen=True)
class Proof:
    """What was found: links that hold, the hash of the last of them, entries not sealed yet, and the first fault or None."""

    district: int
    sealed: int
    head: str
    unsealed: int
    fault: Fault | None

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, removed or slipped in."""
        return self.fault is None


def canonical(row: dict[str, Any]) -> bytes:
    """The one spelling of an entry that is hashed: JSON with sorted keys, UTC instants to the microsecond, UTF-8."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_utc).encode()


def link_hash(previous: str, row: dict[str, Any]) -> str:
    """SHA-256 over the previous link's hash and the canonical entry, as 64 hexadecimal figures."""
    return hashlib.sha256(previous.encode() + canonical(row)).hexdigest()


def seal_pending(limit: int = CHUNK) -> int:
    """Seal up to `limit` waiting entries and enqueue what follows from them, in one transaction; the answer is how many.

    Two workers may seal at once: a link's number is unique, so the second fails, looks again and goes on behind the first.
    """
    for _attempt in range(ATTEMPTS):
        try:
            return _seal_batch(limit)
        except IntegrityError:
            continue
    return 0  # somebody else is sealing faster than we can look; nothing is lost, the next round tries again


def verify(district: int, *, noted: str = "") -> Proof:
    """Walk a district's whole chain in bounded memory and name the first fault.

    `noted` is a head hash written down earlier: a chain that no longer contains it was cut off or made anew.
    """
    previous, number, seen = GENESIS, 0, noted in ("", GENESIS)
    fault = None
    for number_found, hash_found, row in _links(district):
        if number_found != number + 1:
            fault = Fault("missing", number + 1, None)
        elif link_hash(previous, row) != hash_found:
            fault = Fault("altered", number_found, row["id"])
        if fault:
            break
        previous, number = hash_found, number_found
        seen = seen or hash_found == noted
    if fault is None:
        fault = _slipped_in(district) or (None if seen else Fault("cut", None, None))
    unsealed = Entry.objects.filter(district_id=district, pending=True).count()
    return Proof(district, number, previous, unsealed, fault)


def _seal_batch(limit: int) -> int:
    """Look and reckon outside the transaction: an idle worker takes no write lock, and a busy one holds it only to write."""
    batch = list(Entry.objects.filter(pending=True).order_by("id")[:limit])
    by_district = attrgetter("district_id")
    # Sorting is stable: within a district the order of ids stays.
    chains = [(code, list(entries)) for code, entries in groupby(sorted(batch, key=by_district), key=by_district)]
    seals = [seal for code, entries in chains for seal in _seals_of(code, entries)]
    if batch:
        with transaction.atomic():
            bulk.insert(seals)
            for code, entries in chains:
                Entry.objects.filter(district_id=code, pk__in=[entry.pk for entry in entries]).update(pending=False)
            news.route(batch)
    return len(batch)


def _seals_of(code: int, entries: list[Entry]) -> list[Seal]:
    """The next links of a district's chain, not yet written."""
    last = Seal.objects.filter(district_id=code).order_by("-number").values_list("number", "hash").first()
    number, previous = last or (0, GENESIS)
    seals = []
    for place, entry in enumerate(entries, start=number + 1):
        previous = link_hash(previous, _row(entry))
        seals.append(Seal(district_id=code, number=place, entry=entry, hash=previous))
    return seals


COLUMNS: Final = ("id", "district_id", "action", "subject", "by_id", "at", "written_at", "data")


def _row(entry: Entry) -> dict[str, Any]:
    return {column: getattr(entry, column) for column in COLUMNS}


def _links(district: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Every link with its entry in order of number, in pieces: a long reading must not hold up the checkpoints of SQLite."""
    fields = ["number", "hash", *(f"entry__{column}" for column in COLUMNS)]
    last = -1
    while True:
        found = Seal.objects.filter(district_id=district, number__gt=last).order_by("number")
        try:
            piece = list(found.values_list(*fields)[:CHUNK])
        except ValueError:  # a value was altered into something that cannot even be read
            piece = [_readable(link, fields) for link in found.values_list("number", "hash", "entry_id")[:CHUNK]]
        for number, link, *values in piece:
            yield number, link, dict(zip(COLUMNS, values, strict=True))
        if len(piece) < CHUNK:
            return
        last = piece[-1][0]


def _readable(link: tuple[int, str, int], fields: list[str]) -> tuple[Any, ...]:
    """One link with its entry; an entry that cannot be read is given as its id alone, and so will not agree with the seal."""
    number, _hash, entry = link
    try:
        found: tuple[Any, ...] = Seal.objects.values_list(*fields).get(entry_id=entry, number=number)
        return found
    except ValueError:
        return (*link, *[None] * (len(COLUMNS) - 1))


def _slipped_in(district: int) -> Fault | None:
    """An entry that claims to be sealed and is in no chain."""
    found = Entry.objects.filter(district_id=district, pending=False, seal__isnull=True).order_by("id").first()
    return Fault("inserted", None, found.pk) if found else None


def _utc(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"An entry holds only what JSON holds, not {type(value).__name__}.")
