"""The whole way from two lists to probable pairs: set coordinates right, prepare, block, compare, weigh."""

from collections.abc import Sequence

import numpy as np

from sanbao.registry.linkage.blocking import candidates
from sanbao.registry.linkage.comparing import Comparer
from sanbao.registry.linkage.items import Item, Pair
from sanbao.registry.linkage.model import Model, shipped
from sanbao.registry.linkage.places import coordinates
from sanbao.registry.linkage.table import Reader
from sanbao.registry.linkage.weighing import Weights


def link(a: Sequence[Item], b: Sequence[Item], *, model: Model | None = None, floor: float = 0.01) -> list[Pair]:
    """All pairs of an item of `a` and an item of `b` that are one shop with at least `floor` probability, not yet one to one.

    The order is that of the lists. Items of one list are never paired with each other.
    """
    model = model or shipped()
    if not a or not b:
        return []
    reader = Reader()
    table_a, table_b = reader.read(a, *coordinates(a)), reader.read(b, *coordinates(b))
    compared = Comparer(table_a, table_b).compare(*candidates(table_a, table_b))
    weights = Weights(compared, model, len(a), len(b))
    probabilities = weights.probabilities
    return [
        Pair(
            a[int(compared.left[place])].id,
            b[int(compared.right[place])].id,
            round(float(probabilities[place]), 6),
            round(float(weights.total[place]), 2),
            weights.parts(int(place)),
        )
        for place in np.flatnonzero(probabilities >= floor)
    ]
