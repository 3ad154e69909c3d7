"""Weighing a fine: which version of the law judges the act, its range beside the other's, and the bands of the benchmark. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime

from sanbao.core import clock
from sanbao.law.facts import CaseFacts
from sanbao.law.guards import pick
from sanbao.law.guards.authority import chosen
from sanbao.law.local import Band
from sanbao.law.penalty import MEASURING, PUNISHING
from sanbao.law.sanctions import Range, UnknownViolation, Violation, bands_for, lawful_range, violation
from sanbao.law.workflow import Reason
from sanbao.penalties.facts import facts_of
from sanbao.penalties.models import Case


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the provision with the range it gives here; `applies` for the one that judges the act."""

    row: Violation
    range: Range | None
    applies: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The law of the act beside the law of the decision (PL 37). `why`: same, older, newer or undetermined."""

    act_on: date
    decided_on: date
    older: Version
    newer: Version | None
    why: str

    @property
    def changed(self) -> bool:
        return self.newer is not None


def comparison_of(case: Case, at: datetime) -> Comparison | None:
    """Both versions with their ranges, and which one applies; None if the act was no violation on its own day."""
    known = facts_of(case, case.decided_at or at, None)
    found, day = chosen(known), known.law_day
    if found is None or day is None:
        return None
    decided_on = clock.local_day(known.at)
    older = violation(case.violation, day)
    try:
        newer = violation(case.violation, decided_on)
    except UnknownViolation:
        newer = older
    other = None if newer is older else Version(newer, _range(known, newer, decided_on), newer is found.row)
    return Comparison(day, decided_on, Version(older, _range(known, older, day), older is found.row), other, found.why)


def _range(known: CaseFacts, row: Violation, day: date) -> Range | None:
    party = known.local.party_class(known.party.kind or "citizen")
    return lawful_range(row, party, known.local, day, stage=known.stage, role=known.party.role, own_waste=known.party.own_waste)


def bands_of(case: Case, at: datetime) -> list[Band]:
    """The bands of the published benchmark for this act, party and stage, mildest first (PL 34)."""
    known = facts_of(case, at, None)
    party = known.local.party_class(known.party.kind or "citizen")
    return bands_for(known.local, case.violation, party, known.stage, clock.local_day(at))


def objections_of(case: Case, at: datetime) -> list[Reason]:
    """What the law says against the proposal as it stands: the same guards that judge notice and decision."""
    known = facts_of(case, at, None)
    return [reason for guard in pick(*PUNISHING, *MEASURING) if (reason := guard(known)) is not None]
