"""What a province, city or district has decided: powers, amounts, thresholds, benchmarks (`parameters/local*.toml`).

The shipped file is locked: everything is undecided and every guard that needs a decision refuses, naming who makes it.
National figures are in `figures`, the national catalogue in `sanctions`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from .actors import Grant, PartyClass, PartyKind

PARAMETERS = Path(__file__).parent / "parameters"
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Threshold:
    """A hearing threshold; GE includes the figure, GT does not."""

    amount: Decimal
    op: Literal["GE", "GT"]

    def reached(self, sum_: Decimal) -> bool:
        return sum_ >= self.amount if self.op == "GE" else sum_ > self.amount


@dataclass(frozen=True, slots=True)
class HearingRule:
    """From which sums a hearing must be offered (PL 63(1), (2)), per class of party."""

    thresholds: Mapping[str, Threshold]
    confiscation_same_threshold: bool
    valid_from: date
    basis: str


@dataclass(frozen=True, slots=True)
class CollectiveRule:
    """Which cases the heads must discuss together (PL 57), and how many of them must be present."""

    quorum: int
    sums: Mapping[str, Decimal]
    kinds: frozenset[str]
    basis: str


@dataclass(frozen=True, slots=True)
class LocalAmount:
    """A local range for a row of the catalogue whose amount the nation leaves open."""

    row: str
    party: str
    stage: str
    min: Decimal
    max: Decimal
    provision: str
    level: str
    basis: str
    valid_from: date
    valid_to: date | None = None
    rectify_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """One band of the published discretion benchmarks (PL 34)."""

    version: str
    row: str
    party: str
    stage: str
    circumstance: str
    min: Decimal
    max: Decimal
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Local:
    """The decisions of one locality; what is None or empty has not been decided, `unset` says who decides it."""

    locality: str
    invented: bool = False
    warning_en: str = ""
    warning_zh: str = ""
    unset: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    grants: tuple[Grant, ...] = ()
    amounts: tuple[LocalAmount, ...] = ()
    bands: tuple[Band, ...] = ()
    hearing: HearingRule | None = None
    collective: CollectiveRule | None = None
    organ: str | None = None
    court: str | None = None
    party_class_individual_business: PartyClass = "person"
    defence_window: int | None = None
    public_notice_days: int | None = None
    night: tuple[int, int] | None = None
    exposure_basis: str | None = None

    def party_class(self, kind: PartyKind) -> PartyClass:
        """The class of a party for sums; an individual business counts as a person unless the locality says otherwise."""
        if kind == "individual_business":
            return self.party_class_individual_business
        return "unit" if kind == "unit" else "person"

    def grant_for(self, agency: str, item: str, area: str, on: date) -> Grant | None:
        """The grant of powers that reaches this agency, item, area and day, if any."""
        return next((grant for grant in self.grants if grant.covers(agency, item, area, on)), None)

    def who_sets(self, parameter: str) -> str:
        """Who decides an open parameter."""
        return self.unset.get(parameter, "")


def _grant(row: dict[str, Any]) -> Grant:
    return Grant(**{**row, "items": frozenset(row["items"]), "areas": frozenset(row["areas"])})


def _money(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "min": Decimal(row["min"]), "max": Decimal(row["max"])}


def _hearing(raw: dict[str, Any]) -> HearingRule:
    thresholds = {name: Threshold(Decimal(raw[name]["amount"]), raw[name]["op"]) for name in ("person", "unit")}
    return HearingRule(thresholds, raw["confiscation_same_threshold"], raw["valid_from"], raw["basis"])


def _collective(raw: dict[str, Any]) -> CollectiveRule:
    sums = {name: Decimal(raw[name]) for name in ("person", "unit")}
    return CollectiveRule(raw["quorum"], sums, frozenset(raw["kinds"]), raw["basis"])


def _bands(benchmarks: list[dict[str, Any]]) -> tuple[Band, ...]:
    return tuple(
        Band(version=table["version"], valid_from=table["valid_from"], valid_to=table.get("valid_to"), **_money(band))
        for table in benchmarks
        for band in table["band"]
    )


def parse_local(raw: dict[str, Any]) -> Local:
    """A locality from the content of its file; raises `KeyError` or `TypeError` for a faulty one."""
    remedy = raw.get("remedy", {})
    return Local(
        locality=raw["locality"],
        invented=raw.get("invented", False),
        warning_en=raw.get("warning_en", ""),
        warning_zh=raw.get("warning_zh", ""),
        unset=MappingProxyType(raw.get("unset", {})),
        grants=tuple(_grant(row) for row in raw.get("grant", ())),
        amounts=tuple(LocalAmount(**_money(row)) for row in raw.get("amount", ())),
        bands=_bands(raw.get("benchmark", [])),
        hearing=_hearing(raw["hearing"]) if "hearing" in raw else None,
        collective=_collective(raw["collective"]) if "collective" in raw else None,
        organ=remedy.get("organ"),
        court=remedy.get("court"),
        party_class_individual_business=raw.get("party_class_individual_business", "person"),
        defence_window=raw.get("defence_window"),
        public_notice_days=raw.get("public_notice_days"),
        night=tuple(raw["night"]) if "night" in raw else None,
        exposure_basis=raw.get("exposure_basis"),
    )


@lru_cache(maxsize=16)
def read_local(path: Path) -> Local:
    """The locality described by a file, read once."""
    with path.open("rb") as file:
        return parse_local(tomllib.load(file))


LOCKED = read_local(PARAMETERS / "local.toml")
"""No decision made: the system cannot order or penalise."""


def demo() -> Local:
    """The invented locality for demonstrations."""
    return read_local(PARAMETERS / "local_demo.toml")
