"""How many fronts does nobody know? Capture–recapture over two or more lists of the same area. Pure: counts in, an estimate out.

Two lists: Chapman's estimator with the transformed-logit interval (M. Sadinle, Communications in Statistics 38 (2009), 1909–1924).
Three or four: log-linear models of which lists depend on each other (`loglinear`); no one model is believed: the interval is that of
their mixture, weighted by Akaike's criterion, and it allows for the chance that lies in the unseen number itself.

What is assumed stands in `ASSUMPTIONS` and is shown beside every estimate. What cannot be estimated is refused with the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil, erf, exp, floor, isfinite, log, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from sanbao.law.workflow import Reason
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry import loglinear

Histories = Mapping[frozenset[str], int]

LEVEL: Final = 0.95
FEWEST_SHARED: Final = 7  # D. S. Robson and H. A. Regier (1964): with 7 found twice the bias of Chapman's estimator is negligible
MOST_LISTS: Final = 4

ONE_LIST = _("Only one list speaks of this area. An estimate needs two that were made without each other.")
TOO_FEW_SHARED = _("The lists have only %(shared)s fronts in common; with fewer than %(needed)s any estimate would be guesswork.")
NOTHING_LISTED = _("No list names a front here.")
NO_MODEL = _("No model fits what the lists say of this area.")

CLOSED = _("Nobody opened or closed between the days on which the lists were made.")
ALIKE = _("Within one list every front had the same chance of being listed.")
EXISTING = _("Every front that a list names is really there; what has closed was taken out of the lists.")
INDEPENDENT = _("Being in one list does not change the chance of being in the other.")
DEPENDENT = _("Lists may depend on each other in pairs; how far, is learned from the fronts themselves.")
LINKED = _("Two records of one front have been recognised as such; the undecided pairs widen the interval both ways.")


@dataclass(frozen=True)
class ModelShare:
    """One log-linear model: which pairs of lists it lets depend on each other, and the share of belief it got (0 to 1)."""

    dependent: tuple[tuple[str, str], ...]
    share: float
    unseen: float


@dataclass(frozen=True)
class Estimate:
    """The estimated number of fronts in none of the lists: `unseen`, and with the probability `level` from `low` to `high`.

    `low` and `high` are whole numbers rounded outwards. `left_out` are lists that share too little with the others to be used.
    """

    lists: tuple[str, ...]
    seen: int
    unseen: float
    low: int
    high: int
    level: float = LEVEL
    models: tuple[ModelShare, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What has to be true for this estimate, as marked sentences."""
        return (CLOSED, ALIKE, EXISTING, DEPENDENT if self.models else INDEPENDENT, LINKED)

    @property
    def spread(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    def percent_of(self, part: int, known: int) -> tuple[int, int, int]:
        """A part per cent of the known fronts and the unknown ones: (likeliest, lowest, highest), whole, rounded down."""
        likeliest, lowest, highest = (floor(part * 100 / max(1, known + more)) for more in (self.unseen, self.high, self.low))
        return likeliest, lowest, highest


@dataclass(frozen=True)
class NoEstimate:
    """Why nothing is estimated."""

    reason: Reason


def estimate(histories: Histories, *, level: float = LEVEL) -> Estimate | NoEstimate:
    """Estimate from how many fronts stand in exactly which lists; a front in no list must not be counted in."""
    used, left_out = _usable_lists(histories)
    if isinstance(used, NoEstimate):
        return used
    counts = _counts(histories, used)
    if len(used) == 2:
        found: Estimate | NoEstimate = _two_lists(counts, used, level)
    else:
        found = _several_lists(counts, used, level)
    if isinstance(found, NoEstimate):
        return found
    seen = sum(histories.values())
    only_left_out = seen - sum(counts)
    # Fronts that only a list left out of the model knows are in none of the others: they are part of what was estimated.
    low, high = max(0, found.low - only_left_out), max(0, found.high - only_left_out)
    return replace(found, seen=seen, unseen=max(0.0, found.unseen - only_left_out), low=low, high=high, left_out=left_out)


def widened(likeliest: Estimate, others: Sequence[Estimate | NoEstimate]) -> Estimate:
    """The same estimate with an interval that also covers what the others say: for pairs of records that nobody has decided."""
    known = [likeliest, *(one for one in others if isinstance(one, Estimate))]
    return replace(likeliest, low=min(one.low for one in known), high=max(one.high for one in known))


def without_known(found: Estimate, known: int) -> Estimate:
    """The estimate after taking off fronts that are in no list but were found on the spot all the same."""
    return replace(found, unseen=max(0.0, found.unseen - known), low=max(0, found.low - known), high=max(0, found.high - known))


def about(value: float, towards: Callable[[float], int] = round) -> int:
    """A number without false precision: two significant figures, below a hundred in fives, below ten whole; `towards` rounds."""
    if value < 10:
        return towards(value)
    step = 5 if value < 100 else 10 ** (floor(log(value, 10) + 1e-9) - 1)
    return towards(value / step) * step


def shown_interval(found: Estimate) -> tuple[int, int]:
    """Both ends of the interval as they are shown, rounded outwards."""
    return about(found.low, floor), about(found.high, ceil)


# --- which lists can be used ------------------------------------------------------------------------------------------------


def _usable_lists(histories: Histories) -> tuple[tuple[str, ...] | NoEstimate, tuple[str, ...]]:
    """The lists that share enough with the others, at most four, and those left out."""
    lists = sorted({name for history in histories for name in history if histories[history]})
    if not lists:
        return NoEstimate(Reason("nothing_listed", NOTHING_LISTED)), ()
    if len(lists) == 1:
        return NoEstimate(Reason("one_list", ONE_LIST)), ()
    used = list(lists)
    while True:
        shared = {name: _shared(histories, name, used) for name in used}
        least = min(used, key=lambda name: (shared[name], name))
        if shared[least] >= FEWEST_SHARED and len(used) <= MOST_LISTS:
            return tuple(used), tuple(sorted(set(lists) - set(used)))
        if len(used) == 2:
            values = {"shared": shared[least], "needed": FEWEST_SHARED}
            return NoEstimate(Reason("too_few_shared", TOO_FEW_SHARED, params=values)), ()
        used.remove(least)


def _shared(histories: Histories, name: str, used: Sequence[str]) -> int:
    """How many fronts of one list stand in another list in use as well."""
    others = set(used) - {name}
    return sum(number for history, number in histories.items() if name in history and not others.isdisjoint(history))


def _counts(histories: Histories, used: tuple[str, ...]) -> list[int]:
    """The number of fronts for each history 1 … 2^k - 1 of the lists in use (bit i: list i)."""
    counts = [0] * (2 ** len(used))
    for history, number in histories.items():
        counts[sum(1 << place for place, name in enumerate(used) if name in history)] += number
    return counts[1:]


# --- two lists --------------------------------------------------------------------------------------------------------------


def _two_lists(counts: list[int], used: tuple[str, ...], level: float) -> Estimate:
    first, second, both = counts
    unseen = first * second / (both + 1)  # Chapman's (n1+1)(n2+1)/(m+1) - 1, less what was seen
    z = NormalDist().inv_cdf((1 + level) / 2)
    odds = (first + 0.5) * (second + 0.5) / (both + 0.5)
    width = z * sqrt(1 / (both + 0.5) + 1 / (first + 0.5) + 1 / (second + 0.5) + 1 / odds)
    low, high = odds * exp(-width) - 0.5, odds * exp(width) - 0.5
    return Estimate(used, sum(counts), unseen, max(0, floor(low)), max(0, ceil(high)), level)


# --- three and four lists ---------------------------------------------------------------------------------------------------


def _several_lists(counts: list[int], used: tuple[str, ...], level: float) -> Estimate | NoEstimate:
    fits = loglinear.fit(np.array([counts], float), len(used))
    fitted = [
        (model, float(where), float(variance), float(criterion))
        for model, where, variance, criterion in zip(
            fits.models, fits.log_unseen[0], fits.variance[0], fits.criterion[0], strict=True
        )
        if isfinite(where) and isfinite(variance) and isfinite(criterion) and _overlap(counts, model) >= FEWEST_SHARED
    ]
    if not fitted:
        return NoEstimate(Reason("no_model", NO_MODEL))
    best = min(criterion for *_rest, criterion in fitted)
    belief = [exp((best - criterion) / 2) for *_rest, criterion in fitted]
    parts = [
        # The unseen number is itself drawn by chance around what the model expects: 1/expected on the logarithm's variance.
        (each / sum(belief), where, sqrt(variance + exp(-where)))
        for each, (_model, where, variance, _criterion) in zip(belief, fitted, strict=True)
    ]
    low, middle, high = (exp(_quantile(parts, share)) for share in ((1 - level) / 2, 0.5, (1 + level) / 2))
    shares = tuple(
        ModelShare(tuple((used[one], used[other]) for one, other in model), share, exp(where))
        for (model, *_rest), (share, where, _width) in zip(fitted, parts, strict=True)
    )
    return Estimate(used, sum(counts), middle, max(0, floor(low)), ceil(high), level, shares)


def _overlap(counts: list[int], model: Sequence[tuple[int, int]]) -> int:
    """From how many fronts a model learns what no list saw: those in two lists that it holds independent, given the others they are in."""
    depends = {frozenset(pair) for pair in model}
    return sum(number for code, number in enumerate(counts, start=1) if _teaches(code, depends))


def _teaches(code: int, depends: set[frozenset[int]]) -> bool:
    lists = [place for place in range(code.bit_length()) if code >> place & 1]
    return any(
        frozenset((one, other)) not in depends
        and not any(frozenset((one, third)) in depends and frozenset((other, third)) in depends for third in lists)
        for one, other in combinations(lists, 2)
    )


def _quantile(parts: Sequence[tuple[float, float, float]], share: float) -> float:
    """Where a mixture of normal distributions (weight, mean, deviation) reaches a share of its mass, by halving."""
    low = min(mean - 9 * width for _weight, mean, width in parts)
    high = max(mean + 9 * width for _weight, mean, width in parts)
    for _step in range(60):
        middle = (low + high) / 2
        mass = sum(weight * (1 + erf((middle - mean) / width / sqrt(2))) / 2 for weight, mean, width in parts)
        low, high = (middle, high) if mass < share else (low, middle)
    return (low + high) / 2
