"""The whole way from two lists to probable pairs: set coordinates right, prepare, block, compare, weigh."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanbao.registry.linkage.blocking import candidates, namesakes
from sanbao.registry.linkage.comparing import Comparer
from sanbao.registry.linkage.fitting import fitted
from sanbao.registry.linkage.items import Item, Pair
from sanbao.registry.linkage.model import Model, shipped
from sanbao.registry.linkage.places import aligned
from sanbao.registry.linkage.table import Reader, Table
from sanbao.registry.linkage.weighing import Weights


@dataclass(frozen=True)
class Linkage:
    """What came of linking: the probable pairs, the model after it had seen the lists, what was done to the coordinates."""

    pairs: list[Pair]
    model: Model
    coordinates: str = ""


def link(a: Sequence[Item], b: Sequence[Item], *, model: Model | None = None, floor: float = 0.01) -> list[Pair]:
    """All pairs of an item of `a` and an item of `b` that are one shop with at least `floor` probability, not yet one to one.

    The order is that of the lists. Items of one list are never paired with each other.
    """
    return linkage(a, b, model=model, floor=floor).pairs


def linkage(a: Sequence[Item], b: Sequence[Item], *, model: Model | None = None, floor: float = 0.01) -> Linkage:
    """Like `link`, and what was found out on the way."""
    model = model or shipped()
    if not a or not b:
        return Linkage([], model)
    table_a, table_b = Reader().read(a, b)
    done = align(table_a, table_b)
    comparer = Comparer(table_a, table_b)
    compared = comparer.compare(*candidates(table_a, table_b))
    model = fitted(model, compared, comparer, len(a), len(b))
    weights = Weights(compared, model, len(a), len(b))
    places = np.flatnonzero(weights.probabilities >= floor)
    columns = (
        compared.left[places].tolist(),
        compared.right[places].tolist(),
        np.round(weights.probabilities[places], 6).tolist(),
        np.round(weights.total[places], 2).tolist(),
        weights.parts(places),
    )
    pairs = [
        Pair(a[left].id, b[right].id, probability, weight, parts)
        for left, right, probability, weight, parts in zip(*columns, strict=True)
    ]
    return Linkage(pairs, model, done)


def align(a: Table, b: Table) -> str:
    """Bring the points of both tables into one system, in place; says what was done ('' for nothing)."""
    (a.lon, a.lat), (b.lon, b.lat), done = aligned((a.lon, a.lat), (b.lon, b.lat), namesakes(a, b))
    return done
