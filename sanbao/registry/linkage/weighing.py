"""From levels to weights and probabilities: Fellegi and Sunter's sum of log2 Bayes factors, rarer agreement counting for more."""

import numpy as np
import numpy.typing as npt

from sanbao.registry.linkage.comparing import Compared
from sanbao.registry.linkage.items import Part
from sanbao.registry.linkage.levels import FIELDS, LEVELS
from sanbao.registry.linkage.model import Model
from sanbao.registry.linkage.table import Floats

DAMPING = 0.35  # an address and the point found from it are one observation: the weaker of the two counts for little
MOST_BITS = 18.0
LIKENED = {"name": frozenset({"close", "contained", "similar"})}
FEWEST = 100  # a list of a handful is a sample of a longer one: a stranger next door is no likelier to be the same shop


class Weights:
    """The weights of compared pairs, field by field, and their sum with the prior."""

    def __init__(self, compared: Compared, model: Model, size_a: int, size_b: int) -> None:
        self.compared = compared
        self.prior = prior_bits(model, size_a, size_b)
        self.fields = {field: self._field(field, model) for field in FIELDS}
        self._damp_place()
        self.total: Floats = self.prior + np.sum(list(self.fields.values()), axis=0)

    def _field(self, field: str, model: Model) -> Floats:
        """Log2 of m / u; u is counted where the level means that something counted is shared, and at least that where it is only likened."""
        levels, rarity = self.compared.levels[field], self.compared.rarity.get(field)
        m, u = (np.array([1.0, *(model.chances[field][level][side] for level in LEVELS[field])])[levels] for side in (0, 1))
        if rarity is not None:
            likened = np.array([False, *(level in LIKENED.get(field, ()) for level in LEVELS[field])])[levels]
            counted = np.where(likened, np.maximum(u, np.nan_to_num(rarity)), rarity)
            u = np.where(np.isfinite(rarity), counted, u)
        return np.minimum(np.log2(m / u), MOST_BITS)

    def _damp_place(self) -> None:
        """Address and distance say much the same: of two that agree in sign, the weaker counts for a part only."""
        address, distance = self.fields["address"], self.fields["distance"]
        agree = address * distance > 0
        weaker = np.abs(address) < np.abs(distance)
        self.fields["address"] = np.where(agree & weaker, address * DAMPING, address)
        self.fields["distance"] = np.where(agree & ~weaker, distance * DAMPING, distance)

    @property
    def probabilities(self) -> Floats:
        """Of each pair, from 0 to 1."""
        return probability_of(self.total)

    def parts(self, places: npt.NDArray[np.intp]) -> list[tuple[Part, ...]]:
        """What the weights of some pairs are made of, pair by pair in the order of the fields."""
        found: list[list[Part]] = [[] for _place in places]
        for field in FIELDS:
            says = ["", *LEVELS[field].values()]
            reached = self.compared.levels[field][places].tolist()
            bits = np.round(self.fields[field][places], 2).tolist()
            for own, level, weight in zip(found, reached, bits, strict=True):
                if level:
                    own.append(Part(field, says[level], weight))
        return [tuple(own) for own in found]


def prior_bits(model: Model, size_a: int, size_b: int) -> float:
    """Log2 odds that a pair is one shop rather than two shops of which each stands in one list only."""
    larger, smaller = max(FEWEST, size_a, size_b), max(FEWEST, min(size_a, size_b))
    both = model.share * smaller
    return float(np.log2(both / ((larger - both) * (smaller - both))))


def probability_of(bits: npt.NDArray[np.float64]) -> Floats:
    """1 / (1 + 2^-bits), without overflow."""
    return 1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60)))
