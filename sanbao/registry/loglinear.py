"""Log-linear models of capture histories: how many things stand in none of k lists, for many tables of counts at once. Pure numpy.

A history is a number whose bit i says whether list i holds the thing; a table of counts has the cells 1 … 2^k - 1 (cell 0, "in no
list", is what is asked for). A model says which pairs of lists depend on each other; k lists may be 2, 3 or 4. Fitted by Poisson
regression (iteratively reweighted least squares); see S. E. Fienberg, The multiple recapture census, Biometrika 59 (1972).
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ROUNDS: Final = 40
CLOSE: Final = 1e-8
HARDLY_ANY: Final = 1e-6
MOST: Final = 1e9
HALF: Final = 0.5  # added to every cell


@dataclass(frozen=True)
class Fits:
    """What every model says of every table; arrays of shape (tables, models), NaN where a model cannot be fitted.

    `log_unseen` is the logarithm of the expected number in no list, `variance` that of the logarithm, `criterion` Akaike's (AIC).
    """

    models: tuple[tuple[tuple[int, int], ...], ...]
    log_unseen: Numbers
    variance: Numbers
    criterion: Numbers


def models_of(lists: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Every set of dependent pairs that leaves at least one pair of lists independent, the simplest first.

    The saturated model, in which every pair depends on every other, is left out: it fits any table and so learns nothing from it.
    """
    pairs = list(combinations(range(lists), 2))
    return tuple(chosen for size in range(len(pairs)) for chosen in combinations(pairs, size))


def fit(counts: Numbers, lists: int) -> Fits:
    """Fit every model of k lists to tables of counts of shape (tables, 2^k - 1); half a thing is added to each cell against bias."""
    models = models_of(lists)
    design, masks = _design(lists), _masks(lists, models)
    tables = counts.shape[0]
    observed = np.repeat(np.asarray(counts, float)[:, None, :] + HALF, len(models), axis=1).reshape(tables * len(models), -1)
    columns = np.tile(masks, (tables, 1))
    beta, covariance, expected = _weighted_least_squares(design, columns, observed)
    deviance = 2 * (observed * np.log(observed / expected) - (observed - expected)).sum(axis=1)
    criterion = deviance + 2 * columns.sum(axis=1)
    usable = np.isfinite(deviance) & (np.abs(beta[:, 0]) < np.log(MOST)) & (covariance[:, 0, 0] > 0)
    shape = (tables, len(models))
    found = [np.where(usable, values, np.nan).reshape(shape) for values in (beta[:, 0], covariance[:, 0, 0], criterion)]
    return Fits(models, *found)


def _design(lists: int) -> Numbers:
    """Rows: histories 1 … 2^k - 1. Columns: constant, each list, each pair of lists."""
    histories = np.arange(1, 2**lists)
    single = [(histories >> place & 1).astype(float) for place in range(lists)]
    double = [single[one] * single[other] for one, other in combinations(range(lists), 2)]
    return np.column_stack([np.ones(len(histories)), *single, *double])


def _masks(lists: int, models: tuple[Any, ...]) -> Numbers:
    """Rows: models. Columns as in the design, 1 where the model uses the column."""
    pairs = list(combinations(range(lists), 2))
    return np.array([[1.0] * (1 + lists) + [float(pair in chosen) for pair in pairs] for chosen in models])


def _weighted_least_squares(design: Numbers, columns: Numbers, observed: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Coefficients, their covariances and the expected counts of many Poisson regressions side by side; unused columns stay 0."""
    matrix = design[None] * columns[:, None, :]
    idle = np.zeros((len(columns), design.shape[1], design.shape[1]))
    idle[:, np.arange(design.shape[1]), np.arange(design.shape[1])] = 1 - columns
    eta = np.log(observed)
    with np.errstate(all="ignore"):
        for _round in range(ROUNDS):
            expected = np.exp(np.clip(eta, np.log(HARDLY_ANY), np.log(MOST)))
            weighted = matrix * expected[:, :, None]
            information = weighted.transpose(0, 2, 1) @ matrix + idle
            right = (weighted * (eta + (observed - expected) / expected)[:, :, None]).sum(axis=1)
            beta = np.linalg.solve(information, right[:, :, None])[:, :, 0]
            before, eta = eta, (matrix @ beta[:, :, None])[:, :, 0]
            if np.nanmax(np.abs(eta - before)) < CLOSE:
                break
        expected = np.exp(np.clip(eta, np.log(HARDLY_ANY), np.log(MOST)))
        covariance = np.linalg.inv((matrix * expected[:, :, None]).transpose(0, 2, 1) @ matrix + idle)
    return beta, covariance, expected
