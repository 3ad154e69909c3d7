"""The law in force on a day, gathered for a page: every figure with its article, source and confidence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sanbao.law import citations, figures, register, sanctions
from sanbao.law.citations import Instrument
from sanbao.law.local import Local
from sanbao.law.register import NotInForce, Rule
from sanbao.law.sanctions import Violation

# What each mark means is said on the page itself.
CONFIDENCE = ("C2", "C1", "INF", "UNCONFIRMED")


@dataclass(frozen=True)
class PeriodRow:
    """A period with the figure that holds on the day; None where the act itself sets it."""

    rule: Rule
    figure: int | None


@dataclass(frozen=True)
class Lawbook:
    """Everything the law room knows on one day."""

    on: date
    instruments: tuple[Instrument, ...]
    periods: tuple[PeriodRow, ...]
    amounts: tuple[dict[str, Any], ...]
    violations: tuple[Violation, ...]
    local: Local

    @property
    def open_parameters(self) -> dict[str, str]:
        """What has not been decided locally, and who decides it."""
        return dict(self.local.unset)


def lawbook(on: date, local: Local) -> Lawbook:
    """Gather the law in force on a day beside what the locality has decided."""
    known = citations.library().instruments.values()
    return Lawbook(
        on=on,
        instruments=tuple(sorted((item for item in known if item.in_force(on)), key=lambda item: item.id)),
        periods=tuple(PeriodRow(rule, _figure(rule, on)) for rule in register.rules().values()),
        amounts=tuple(figures.rows_on(on)),
        violations=tuple(sanctions.catalogue_on(on)),
        local=local,
    )


def _figure(rule: Rule, on: date) -> int | None:
    if not rule.figures:
        return None
    try:
        return rule.figure_on(on)
    except NotInForce:
        return None
