"""Expectation and maximisation: the model moved towards the two lists at hand, as far as they are large enough to say something.

The shipped model stands for so many pairs seen before (`SEEN`): ten true pairs hardly move it, a thousand do.
"""

import numpy as np
import numpy.typing as npt

from sanbao.registry.linkage.comparing import Compared, Comparer
from sanbao.registry.linkage.levels import LEVELS
from sanbao.registry.linkage.model import Chances, Model
from sanbao.registry.linkage.table import Floats
from sanbao.registry.linkage.weighing import Weights

SEEN, SEEN_SHARE, SEEN_STRANGERS = 200.0, 50.0, 5_000.0
ROUNDS, STILL = 12, 0.002
STRANGERS = 50_000
MOST_SHARE = 0.9
SEED = 20_260


def fitted(model: Model, compared: Compared, comparer: Comparer, size_a: int, size_b: int) -> Model:
    """The model after EM on the candidate pairs; chances for strangers come from pairs drawn blindly."""
    strangers = _strangers(model, comparer, size_a, size_b)
    start = model.with_chances({field: _strange(model, field, strangers) for field in LEVELS})
    current = start
    for _round in range(ROUNDS):
        weights = Weights(compared, current, size_a, size_b)
        surely = weights.probabilities * _mutual(compared, weights.total)
        chances = {field: _matched(start, field, compared.levels[field], surely) for field in LEVELS}
        moved = max(
            abs(chances[field][level][0] - current.chances[field][level][0]) for field in LEVELS for level in chances[field]
        )
        share = (float(surely.sum()) + SEEN_SHARE * model.share) / (min(size_a, size_b) + SEEN_SHARE)
        current = current.with_chances(chances, share=min(share, MOST_SHARE))
        if moved < STILL:
            break
    return current


def _mutual(compared: Compared, total: Floats) -> npt.NDArray[np.bool_]:
    """Pairs in which each is the other's best: only these can be one shop."""
    best_a = np.full(int(compared.left.max(initial=0)) + 1, -np.inf)
    best_b = np.full(int(compared.right.max(initial=0)) + 1, -np.inf)
    np.maximum.at(best_a, compared.left, total)
    np.maximum.at(best_b, compared.right, total)
    return (total == best_a[compared.left]) & (total == best_b[compared.right])


def _strangers(model: Model, comparer: Comparer, size_a: int, size_b: int) -> Compared:
    """Pairs drawn blindly, each once, without those that are more likely one shop than two."""
    every = size_a * size_b
    drawn = np.arange(every) if every <= STRANGERS else np.unique(np.random.default_rng(SEED).integers(0, every, STRANGERS))
    left, right = drawn // size_b, drawn % size_b
    compared = comparer.compare(left, right)
    return compared.taken(Weights(compared, model, size_a, size_b).total < 0)


def _strange(model: Model, field: str, strangers: Compared) -> Chances:
    levels = LEVELS[field]
    many = np.bincount(strangers.levels[field], minlength=len(levels) + 1)[1:]
    whole = many.sum() + SEEN_STRANGERS
    return {
        level: (model.chances[field][level][0], float((count + SEEN_STRANGERS * model.chances[field][level][1]) / whole))
        for level, count in zip(levels, many, strict=True)
    }


def _matched(model: Model, field: str, reached: npt.NDArray[np.int8], surely: Floats) -> Chances:
    levels = LEVELS[field]
    many = np.bincount(reached, weights=surely, minlength=len(levels) + 1)[1:]
    whole = many.sum() + SEEN
    return {
        level: (float((count + SEEN * model.chances[field][level][0]) / whole), model.chances[field][level][1])
        for level, count in zip(levels, many, strict=True)
    }
