"""Laying the registers of a district beside each other: what is sure is joined, what is in doubt goes to the matching desk.

A run never touches what a person has decided. Two registers that have not been imported again since their last run are passed over.
Every step may be interrupted: what is written again changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from sanbao.core import access, bulk, journal
from sanbao.core.models import User
from sanbao.registry import linkage, matching, merging
from sanbao.registry.importing import last_applied, lock_registers
from sanbao.registry.joining import PLACE_RANK
from sanbao.registry.lifecycle import APART, ASKED, DOUBTED, JOINED, SUGGESTED, WITHDRAWN
from sanbao.registry.linkage import Pair
from sanbao.registry.linkage.model import Model, shipped
from sanbao.registry.models import LinkRun, RecordLink, Register, RegisterRecord
from sanbao.registry.pairing import door_of, item_of, key_of, sort_pairs
from sanbao.registry.placing import wgs84

CHUNK = 500
Progress = Callable[[int, int], None]

NOBODY_TRADES = frozenset({"vacant", "fitting_out", "closed"})
COUNTS = ("pairs", "joined", "suggested", "doubted", "withdrawn")


def link_registers(
    *, by: User | None, at: datetime, again: bool = False, progress: Progress | None = None, model: Model | None = None
) -> list[LinkRun]:
    """Lay each two registers of the district beside each other; `again` also those that have not changed since the last run.

    `by=None` is the machine's own command line. `progress` is told how many of how many pairs of registers are done.
    """
    if by is not None:
        access.require(by, "register.edit", at)
    todo = [pair for pair in _pairs_of_registers() if again or not _done_since(*pair)]
    runs: list[LinkRun] = []
    lists: dict[Any, list[RegisterRecord]] = {}
    for number, (one, other) in enumerate(todo, start=1):
        records = {
            f"{side}{place:08d}": record
            for side, register in (("a", one), ("b", other))
            for place, record in enumerate(_present_records(register, lists))
        }
        runs.append(_link_two(one, other, records, model or shipped(), by=by, at=at))
        if progress:
            progress(number, len(todo))
    return runs


def pairs_waiting() -> int:
    """How many pairs of registers have changed since they were last laid beside each other."""
    return sum(not _done_since(*pair) for pair in _pairs_of_registers())


def _pairs_of_registers() -> list[tuple[Register, Register]]:
    """Each two registers that have been imported, each with its last import as `imported`.

    Those that know places come first: a party with two doors is told apart by them before its name is looked for elsewhere.
    """
    known = sorted(Register.objects.all(), key=lambda one: (PLACE_RANK[Register.Kind(one.kind)], one.pk))
    for register in known:
        register.imported = last_applied(register)
    pairs = combinations([register for register in known if register.imported], 2)
    return [(one, other) if one.pk < other.pk else (other, one) for one, other in pairs]


def _done_since(one: Register, other: Register) -> bool:
    done = LinkRun.objects.filter(one=one, other=other, done_at__isnull=False).order_by("-begun_at", "-id").first()
    return done is not None and (done.one_import, done.other_import) == (one.imported, other.imported)


def _link_two(
    one: Register, other: Register, records: dict[str, RegisterRecord], model: Model, *, by: User | None, at: datetime
) -> LinkRun:
    run = LinkRun.objects.create(one=one, other=other, one_import=one.imported, other_import=other.imported, begun_at=at, by=by)
    items = [item_of(name, record.fields, wgs84(record.fields)) for name, record in records.items()]
    sides = [[item for item in items if item.id.startswith(side)] for side in ("a", "b")]
    pairs = linkage.link(*sides, model=model, floor=model.lower)
    joined, suggested = _sort(pairs, records, model)
    counts = dict.fromkeys(COUNTS, 0) | {"pairs": len(pairs)}
    counts["joined"], refused = _join_all(joined, by=by, at=at)
    counts["suggested"] = _suggest_all([*refused, *suggested], at=at)
    still = {key_of(pair) for pair in [*refused, *suggested]}
    counts["withdrawn"] = _withdraw_rest(one, other, still) + matching.withdraw_settled()
    counts["doubted"] = _doubt_rest(one, other, {key_of(pair) for pair in _by_records(pairs, records)})
    return _finish(run, counts, by=by, at=at)


@transaction.atomic
def _finish(run: LinkRun, counts: dict[str, int], *, by: User | None, at: datetime) -> LinkRun:
    run.counts, run.done_at = counts, at
    run.save(update_fields=["counts", "done_at"])
    journal.record("registers.linked", run, by=by, at=at, one=str(run.one_id), other=str(run.other_id), **counts)
    return run


def _present_records(register: Register, lists: dict[Any, list[RegisterRecord]]) -> list[RegisterRecord]:
    """The records that name somebody who trades, in the order of the list, so that ties fall the same way on every machine.

    Empty fronts have nobody by whom they could be told from their neighbours. What was read before (`lists`) is only brought up to date.
    """
    rows = RegisterRecord.objects.filter(register=register, gone_since__isnull=True)
    if register.pk not in lists:
        kept = rows.order_by("row_number", "key").only("fields", "premises", "register", "district")
        lists[register.pk] = [row for row in kept if row.fields.get("state") not in NOBODY_TRADES]
    homes = dict(rows.values_list("pk", "premises"))
    for row in lists[register.pk]:
        row.premises_id = homes.get(row.pk)
    return lists[register.pk]


def _sort(pairs: Sequence[Pair], records: dict[str, RegisterRecord], model: Model) -> tuple[list[Pair], list[Pair]]:
    """The pairs to join and those to suggest, by the ids of their records."""
    homes = [{row.premises_id for name, row in records.items() if name.startswith(side)} - {None} for side in ("a", "b")]
    shared = homes[0] & homes[1]
    together = {name for name, row in records.items() if row.premises_id in shared}
    parted = matching.parted_fronts()
    apart = {
        key_of(pair) for pair in pairs if frozenset((records[pair.id_a].premises_id, records[pair.id_b].premises_id)) in parted
    }
    doors = {name: door_of(row.fields.get("address", "")) for name, row in records.items()}
    found = sort_pairs(pairs, lower=model.lower, upper=model.upper, doors=doors, together=together, apart=apart)
    return _by_records(found.joined, records), _by_records(found.suggested, records)


def _by_records(pairs: Sequence[Pair], records: dict[str, RegisterRecord]) -> list[Pair]:
    return [replace(pair, id_a=str(records[pair.id_a].pk), id_b=str(records[pair.id_b].pk)) for pair in pairs]


def _join_all(pairs: list[Pair], *, by: User | None, at: datetime) -> tuple[int, list[Pair]]:
    """Join sure pairs chunk by chunk; the answer is how many were joined, and those that only a person may join."""
    joined, refused = 0, []
    for start in range(0, len(pairs), CHUNK):
        with transaction.atomic():
            lock_registers()
            chunk = _links_for(pairs[start : start + CHUNK], at)
            joiner = merging.Joiner([link for link, _pair in chunk], by=by, at=at)
            for link, pair in chunk:
                if link.state in (ASKED, DOUBTED, APART) or joiner.together(link):
                    continue
                if objection := joiner.forbids(link):
                    refused += [pair] if objection == merging.OTHER_PARTY else []
                    continue
                link.state, link.decided_at = JOINED, at
                joiner.join(link)
                joined += 1
            _save([link for link, _pair in chunk if link.state == JOINED])
            joiner.flush()
    return joined, refused


def _suggest_all(pairs: list[Pair], *, at: datetime) -> int:
    """Put pairs on the matching desk; how many of them are new there."""
    fresh = 0
    for start in range(0, len(pairs), CHUNK):
        with transaction.atomic():
            chunk = [link for link, _pair in _links_for(pairs[start : start + CHUNK], at)]
            wanted = [link for link in chunk if link.state == SUGGESTED or (link.state == WITHDRAWN and not link.because_id)]
            fresh += sum(link._state.adding or link.state == WITHDRAWN for link in wanted)
            for link in wanted:
                link.state = SUGGESTED
            _save(wanted)
    return fresh


def _links_for(pairs: list[Pair], at: datetime) -> list[tuple[RecordLink, Pair]]:
    """The link of each pair, known or new, brought up to what this run says of it unless somebody has decided it (1 query)."""
    held = RecordLink.objects.filter(one__in=[key_of(pair)[0] for pair in pairs])
    known = {(str(link.one_id), str(link.other_id)): link for link in held}
    found = []
    for pair in pairs:
        one, other = key_of(pair)
        link = known.get((one, other)) or RecordLink(one_id=UUID(one), other_id=UUID(other), found_at=at)
        if link.state in (SUGGESTED, WITHDRAWN):
            link.probability, link.weight = pair.probability, pair.weight
            link.parts = [[part.field, part.says, part.weight] for part in pair.parts]
        found.append((link, pair))
    return found


def _save(links: list[RecordLink]) -> None:
    bulk.insert([link for link in links if link._state.adding])
    known = [link for link in links if not link._state.adding]
    bulk.update(known, ["probability", "weight", "parts", "state", "decided_at"])


def _between(one: Register, other: Register) -> Q:
    return Q(one__register=one, other__register=other) | Q(one__register=other, other__register=one)


@transaction.atomic
def _withdraw_rest(one: Register, other: Register, still: set[tuple[str, str]]) -> int:
    """Take from the desk what this run no longer sees."""
    held = RecordLink.objects.filter(_between(one, other), state=SUGGESTED).values_list("pk", "one_id", "other_id")
    return _move_all([pk for pk, a, b in held if (str(a), str(b)) not in still], SUGGESTED, WITHDRAWN)


@transaction.atomic
def _doubt_rest(one: Register, other: Register, seen: set[tuple[str, str]]) -> int:
    """Lay before a person what an earlier run had joined and this one would not even suggest."""
    held = RecordLink.objects.filter(_between(one, other), state=JOINED, by__isnull=True)
    listed = held.filter(one__gone_since__isnull=True, other__gone_since__isnull=True)
    rows = listed.values_list("pk", "one_id", "other_id")
    return _move_all([pk for pk, a, b in rows if (str(a), str(b)) not in seen], JOINED, DOUBTED)


def _move_all(ids: list[Any], was: str, state: str) -> int:
    for start in range(0, len(ids), CHUNK):
        RecordLink.objects.filter(pk__in=ids[start : start + CHUNK], state=was).update(state=state)
    return len(ids)
