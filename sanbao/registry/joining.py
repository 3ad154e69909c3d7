"""Two fronts that are one: which of them is kept, what it takes over, and which name its operator goes by. Pure: rows in, rows changed.

The place is believed from whoever stood in front of it (measured on the spot, then census, market register, address list, platform),
the party from the market register. `Undo` remembers every former value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanbao.registry.models import Merchant, Occupancy, Premises, Register, RegisterRecord

PLACE_RANK = {
    Register.Kind.CENSUS: 1,
    Register.Kind.MARKET: 2,
    Register.Kind.ADDRESS: 3,
    Register.Kind.PLATFORM: 4,
}
ON_THE_SPOT, UNLISTED = 0, 5
POSITION = ("lon", "lat", "cell")
BESIDE = ("segment_id", "side", "chainage_m")
FRONTAGE = ("segment_id", "side", "chainage_m", "start_m", "end_m")
EMPTY = (Premises.State.VACANT, Premises.State.FITTING_OUT)


@dataclass
class Front:
    """Premises with what hangs on them: the records that speak of them and who has been there."""

    premises: Premises
    records: list[RegisterRecord] = field(default_factory=list)
    occupancies: list[Occupancy] = field(default_factory=list)

    @property
    def present(self) -> Occupancy | None:
        return next((one for one in self.occupancies if one.until_on is None), None)


@dataclass
class Undo:
    """Former values by row id, as JSON keeps them; `parked` are occupancies that stay with the front that went."""

    records: dict[str, list[str | None]] = field(default_factory=dict)
    occupancies: dict[str, list[str | None]] = field(default_factory=dict)
    parked: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    parties: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the row that keeps it; `parties` is [weaker merchant, the one it was found to be], or empty."""
        return {name: getattr(self, name) for name in ("records", "occupancies", "parked", "kept", "parties")}


def survivor(one: Front, other: Front) -> tuple[Front, Front]:
    """(the front that is kept, the front that goes)."""
    first, second = sorted((one, other), key=_standing)
    return first, second


def _standing(front: Front) -> tuple[Any, ...]:
    premises = front.premises
    ranks = [PLACE_RANK[Register.Kind(record.register.kind)] for record in front.records if record.gone_since is None]
    by_hand = premises.start_m is not None or not front.records
    return ON_THE_SPOT if by_hand else min(ranks, default=UNLISTED), premises.known_since, str(premises.pk)


def same_party(one: Merchant, other: Merchant) -> bool:
    """Whether two merchants may be one: not when both have a credit code and the codes differ."""
    return one.pk == other.pk or not (one.credit_code and other.credit_code)


def better_known(kept: Merchant, gone: Merchant, from_market: frozenset[Any]) -> Merchant:
    """Which of two merchants the operator is: the one in the market register, else the one with a code, else that of the kept front."""
    return max((gone, kept), key=lambda one: (one.pk in from_market, bool(one.credit_code), one.pk == kept.pk))


def fold(kept: Front, gone: Front, from_market: frozenset[Any], day: date) -> Undo:
    """Bring everything of one front over to the other, in place; the front that goes counts on no day from now on."""
    undo = Undo()
    _take_place(kept.premises, gone.premises, undo)
    _take_operator(kept, gone, from_market, undo)
    for occupancy in gone.occupancies:
        if str(occupancy.pk) not in undo.parked:
            _remember(occupancy, undo)
            occupancy.premises_id = kept.premises.pk
            kept.occupancies.append(occupancy)
    for record in gone.records:
        _remember_record(record, undo)
        record.premises_id = kept.premises.pk
        kept.records.append(record)
    if kept.present and kept.premises.state in EMPTY:
        _set(kept.premises, {"state": Premises.State.OPEN}, undo)
    gone.records, gone.occupancies = [], [one for one in gone.occupancies if str(one.pk) in undo.parked]
    # Known twice is not two: on no past day either (ADR 0013). Queries of any day leave out what went on the day it was first known.
    gone.premises.merged_into_id, gone.premises.gone_on = kept.premises.pk, gone.premises.known_since
    return undo


def _take_place(kept: Premises, gone: Premises, undo: Undo) -> None:
    """Fill what the kept front lacks; a position and a frontage are taken whole or not at all."""
    taken: dict[str, Any] = {"known_since": min(kept.known_since, gone.known_since)}
    if not kept.sign_name:
        taken["sign_name"] = gone.sign_name
    if kept.lon is None and gone.lon is not None:
        taken |= {name: getattr(gone, name) for name in POSITION}
    if kept.start_m is None and gone.start_m is not None:
        taken |= {name: getattr(gone, name) for name in FRONTAGE}
    elif kept.segment_id is None and gone.segment_id is not None:
        taken |= {name: getattr(gone, name) for name in BESIDE}
    if len(gone.area.path) > len(kept.area.path) and gone.area.path.startswith(kept.area.path):
        taken["area_id"] = gone.area_id
    _set(kept, taken, undo)


def _set(kept: Premises, values: Mapping[str, Any], undo: Undo) -> None:
    for name, value in values.items():
        before = getattr(kept, name)
        if before != value:
            undo.kept.setdefault(name, [_plain(before), _plain(value)])
            undo.kept[name][1] = _plain(value)
            setattr(kept, name, value)


def _take_operator(kept: Front, gone: Front, from_market: frozenset[Any], undo: Undo) -> None:
    """One present operator stays: the better known one, from the earlier day if both names are of one party.

    The occupancy of the front that goes stays with it: it counts on no day, and what hangs on it is not torn off.
    """
    here, there = kept.present, gone.present
    if here is None or there is None:
        return
    chosen = better_known(here.merchant, there.merchant, from_market)
    one_party = same_party(here.merchant, there.merchant)
    weaker = there.merchant_id if chosen.pk == here.merchant_id else here.merchant_id
    from_on = min(here.from_on, there.from_on) if one_party else (here if chosen.pk == here.merchant_id else there).from_on
    if (here.merchant_id, here.from_on) != (chosen.pk, from_on):
        _remember(here, undo)
        here.merchant, here.from_on = chosen, from_on
    if one_party and weaker != chosen.pk:
        _rename(kept.records + gone.records, weaker, chosen, undo)
        undo.parties = [str(weaker), str(chosen.pk)]
    undo.parked = [str(there.pk)]


def _rename(records: list[RegisterRecord], was: Any, chosen: Merchant, undo: Undo) -> None:
    for record in records:
        if record.merchant_id == was and was != chosen.pk:
            _remember_record(record, undo)
            record.merchant_id = chosen.pk


def _remember(occupancy: Occupancy, undo: Undo) -> None:
    undo.occupancies.setdefault(str(occupancy.pk), _values(occupancy))


def _remember_record(record: RegisterRecord, undo: Undo) -> None:
    undo.records.setdefault(str(record.pk), [_plain(record.premises_id), _plain(record.merchant_id)])


def _values(occupancy: Occupancy) -> list[str | None]:
    columns = (occupancy.premises_id, occupancy.merchant_id, occupancy.from_on, occupancy.until_on)
    return [_plain(value) for value in columns]


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
