"""The catalogue of violations and what may be imposed for them: dated rows, ranges, the older-or-milder comparison.

The rows are data (`catalogue/*.toml`); amounts the nation leaves to a locality come from `local`. No figure stands here.
"""

import itertools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from .actors import PartyClass, PartyKind
from .figures import figure
from .local import Band, Local
from .records import Sanction

CATALOGUE = Path(__file__).parent / "catalogue"
LEVELS_FILE = "levels.toml"
NEEDS_HEARING = frozenset(
    {"downgrade", "revoke_licence", "stop_business", "close_down", "restrict_career", "confiscate_goods", "remove_building"}
)
Stage = Literal["first", "refusal"]
Why = Literal["same", "older", "newer", "undetermined"]


class UnknownViolation(LookupError):
    """The catalogue has no such row on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A lawful range; `unit` "yuan" or "percent_of_cost"; empty selectors fit everyone."""

    min: Decimal
    max: Decimal
    party: Literal["any", "person", "unit"] = "any"
    stage: Literal["any", "first", "refusal"] = "any"
    unit: Literal["yuan", "percent_of_cost"] = "yuan"
    role: str | None = None
    own_waste: bool | None = None
    provision: str = ""
    level: str = ""
    basis: str = ""

    def fits(self, party: PartyClass, stage: Stage, role: str | None, own_waste: bool | None) -> bool:
        return (
            self.party in ("any", party)
            and self.stage in ("any", stage)
            and self.role in (None, role)
            and self.own_waste in (None, bool(own_waste))
        )

    def in_yuan(self, works_cost: Decimal | None) -> "Range | None":
        """The range in yuan; None if it is a share of a cost that is not known."""
        if self.unit == "yuan":
            return self
        if works_cost is None:
            return None
        share = works_cost / Decimal(100)
        return Range(min=self.min * share, max=self.max * share, party=self.party, provision=self.provision, level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Violation:
    """One dated row of the catalogue; `law_version` of a case is its `valid_from`.

    `amount` says whether the figures are national, left to the locality, or the matter belongs to the police. A row with
    `rectify_first` allows a fine only after an order to correct has failed. `rectify_hours` is an operational suggestion.
    """

    id: str
    valid_from: date
    valid_to: date | None
    title: str
    title_zh: str
    conduct: str
    conduct_zh: str
    provisions: tuple[str, ...]
    penalty: tuple[str, ...]
    level: str
    parties: frozenset[str]
    kinds: frozenset[str]
    amount: Literal["national", "local", "police"]
    ranges: tuple[Range, ...]
    rectify_first: bool
    rectify_note: str
    rectify_hours: tuple[int, int] | None
    department: str
    local_decides: str
    compare: str
    publication: str
    confidence: str

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Applicable:
    """Which version of a row judges an act decided later, the range it gives, and why (PL 37)."""

    row: Violation
    range: Range | None
    why: Why


def _range(raw: Mapping[str, Any], row: Mapping[str, Any]) -> Range:
    raw = dict(raw)
    low, high = Decimal(raw.pop("min")), Decimal(raw.pop("max"))
    return Range(min=low, max=high, provision=raw.pop("provision", row["penalty"][0]), level=row["level"], **raw)


def _row(raw: Mapping[str, Any]) -> Violation:
    hours = raw.get("rectify_hours")
    return Violation(
        id=raw["id"],
        valid_from=raw["valid_from"],
        valid_to=raw.get("valid_to"),
        title=raw["title"],
        title_zh=raw["title_zh"],
        conduct=raw["conduct"],
        conduct_zh=raw["conduct_zh"],
        provisions=tuple(raw["provisions"]),
        penalty=tuple(raw["penalty"]),
        level=raw["level"],
        parties=frozenset(raw["parties"]),
        kinds=frozenset(raw["kinds"]),
        amount=raw["amount"],
        ranges=tuple(_range(each, raw) for each in raw.get("range", ())),
        rectify_first=raw["rectify_first"],
        rectify_note=raw.get("rectify_note", ""),
        rectify_hours=(hours[0], hours[1]) if hours else None,
        department=raw["department"],
        local_decides=raw.get("local_decides", ""),
        compare=raw.get("compare", ""),
        publication=raw["publication"],
        confidence=raw["confidence"],
    )


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[Violation, ...]]:
    """Every row by id, its versions oldest first; raises `KeyError` for a faulty file and `ValueError` for overlapping ones."""
    rows: dict[str, list[Violation]] = {}
    for path in sorted(CATALOGUE.glob("*.toml")):
        if path.name == LEVELS_FILE:
            continue
        with path.open("rb") as file:
            for raw in tomllib.load(file)["row"]:
                rows.setdefault(raw["id"], []).append(_row(raw))
    for versions in rows.values():
        versions.sort(key=lambda row: row.valid_from)
        for older, newer in itertools.pairwise(versions):
            if older.valid_to is None or older.valid_to >= newer.valid_from:
                raise ValueError(f"{older.id}: two versions hold on {newer.valid_from}.")
    return {id_: tuple(rows[id_]) for id_ in sorted(rows)}


@lru_cache(maxsize=1)
def levels() -> Mapping[str, Mapping[str, Any]]:
    """For every level of norm its rank and the kinds of penalty it may create (PL 10 to 14, 16)."""
    with (CATALOGUE / LEVELS_FILE).open("rb") as file:
        return {name: {**raw, "kinds": frozenset(raw["kinds"])} for name, raw in tomllib.load(file).items()}


@lru_cache(maxsize=1024)
def violation(id_: str, on: date) -> Violation:
    """The version of a row that holds on a day; raises `UnknownViolation`."""
    for row in catalogue().get(id_, ()):
        if row.holds(on):
            return row
    raise UnknownViolation(f"The catalogue has no row {id_} on {on.isoformat()}.")


def catalogue_on(on: date) -> list[Violation]:
    """Every row that holds on a day, in the order of the ids."""
    return [row for versions in catalogue().values() for row in versions if row.holds(on)]


@lru_cache(maxsize=4096)
def lawful_range(
    row: Violation,
    party_class: PartyClass,
    local: Local,
    on: date,
    *,
    stage: Stage = "first",
    role: str | None = None,
    own_waste: bool | None = None,
) -> Range | None:
    """The range a fine must lie in, or None if the row gives no fine to this party at this stage (PL 5, 12, 14).

    National figures come from the row; where the nation leaves them open, from the locality on that day.
    """
    if row.amount == "national":
        return next((each for each in row.ranges if each.fits(party_class, stage, role, own_waste)), None)
    for each in local.amounts if row.amount == "local" else ():
        holds = each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)
        fits = each.party in ("any", party_class) and each.stage in ("any", stage)
        if each.row == row.id and holds and fits:
            return Range(min=each.min, max=each.max, provision=each.provision, level=each.level, basis=each.basis)
    return None


def rectify_first(row: Violation, local: Local, on: date) -> bool:
    """Whether a fine needs a failed order to correct first: the local provision decides, else the catalogue."""
    for each in local.amounts:
        if each.row == row.id and each.valid_from <= on and each.rectify_first is not None:
            return each.rectify_first
    return row.rectify_first


@lru_cache(maxsize=4096)
def applicable(
    id_: str,
    conduct_on: date,
    decided_on: date,
    party_class: PartyClass,
    local: Local,
    stage: Stage = "first",
    role: str | None = None,
    own_waste: bool | None = None,
) -> Applicable:
    """The version that judges an act: that of its own day, unless the one in force at the decision is milder (PL 37).

    "undetermined" where the two cannot be compared by their figures; a person then chooses with reasons. Raises
    `UnknownViolation` if the act was no violation on its own day.
    """
    older = violation(id_, conduct_on)
    before = lawful_range(older, party_class, local, conduct_on, stage=stage, role=role, own_waste=own_waste)
    try:
        newer = violation(id_, decided_on)
    except UnknownViolation:
        return Applicable(older, before, "undetermined")
    if newer is older:
        return Applicable(older, before, "same")
    after = lawful_range(newer, party_class, local, decided_on, stage=stage, role=role, own_waste=own_waste)
    verdict: Why = milder(before, after)
    if newer.compare:
        verdict = "newer" if newer.compare == "newer" else "undetermined"
    if verdict == "newer":
        return Applicable(newer, after, "newer")
    return Applicable(older, before, verdict)


def milder(before: Range | None, after: Range | None) -> Literal["older", "newer", "undetermined"]:
    """Which of two ranges is milder; equal ones leave the older in place (PL 37)."""
    if before is None:
        return "older"
    if after is None:
        return "newer"
    if before.unit != after.unit:
        return "undetermined"
    if after.max <= before.max and after.min <= before.min:
        return "older" if (after.min, after.max) == (before.min, before.max) else "newer"
    if after.max >= before.max and after.min >= before.min:
        return "older"
    return "undetermined"


def capped(range_: Range, others: Iterable[Range]) -> Range:
    """The range cut down to the ceiling of every norm of a higher level for the same act (PL 11 to 14)."""
    rank = levels()[range_.level]["rank"] if range_.level else None
    ceiling = range_.max
    for other in others:
        if rank is not None and other.level and levels()[other.level]["rank"] < rank and other.unit == range_.unit:
            ceiling = min(ceiling, other.max)
    if ceiling == range_.max:
        return range_
    floor = min(range_.min, ceiling)
    return Range(min=floor, max=ceiling, party=range_.party, provision=range_.provision, level=range_.level, basis=range_.basis)


def hearing_required(sanction: Sanction, party_kind: PartyKind, local: Local) -> bool | None:
    """Whether the party must be told of a right to a hearing (PL 63); None while the locality has no thresholds.

    Removal of buildings, confiscation of goods and stopping of business always need one.
    """
    if sanction.kinds & NEEDS_HEARING:
        return True
    sums = [sum_ for sum_ in (sanction.fine, sanction.confiscation) if sum_]
    if not sums:
        return False
    rule = local.hearing
    if rule is None:
        return None
    threshold = rule.thresholds[local.party_class(party_kind)]
    if sanction.fine and threshold.reached(sanction.fine):
        return True
    if not sanction.confiscation:
        return False
    return threshold.reached(sanction.confiscation) if rule.confiscation_same_threshold else None


def spot_limit(party_kind: PartyKind, local: Local, on: date) -> Decimal:
    """The largest on-the-spot fine for that party on that day, in yuan (PL 51)."""
    unit = local.party_class(party_kind) == "unit"
    return Decimal(figure("spot_fine_unit" if unit else "spot_fine_person", on))


def simple_allowed(sanction: Sanction, party_kind: PartyKind, local: Local, on: date, *, facts_certain: bool | None) -> bool:
    """Whether the penalty may be imposed on the spot (PL 51): certain facts, warning or a fine within the limit, no hearing."""
    return (
        facts_certain is True
        and bool(sanction.kinds)
        and sanction.kinds <= {"warning", "fine"}
        and (sanction.fine or Decimal(0)) <= spot_limit(party_kind, local, on)
        and hearing_required(sanction, party_kind, local) is False
    )


def bands_for(local: Local, row: str, party_class: PartyClass, stage: Stage, on: date) -> list[Band]:
    """The published discretion bands for a row, party and stage on a day, mildest first (PL 34)."""
    found = [
        band
        for band in local.bands
        if band.row == row
        and band.party in ("any", party_class)
        and band.stage in ("any", stage)
        and band.valid_from <= on
        and (band.valid_to is None or on <= band.valid_to)
    ]
    return sorted(found, key=lambda band: (band.min, band.max))
