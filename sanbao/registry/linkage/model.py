"""The model: how likely each level of each comparison is for one shop (m) and for two (u), the prior, the thresholds. Data, in TOML."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanbao.registry.linkage.levels import LEVELS

SHIPPED = Path(__file__).with_name("model.toml")
Chances = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Model:
    """Chances (m, u) by field and level; `share` of the smaller list that is expected in the other; thresholds of probability.

    `threshold` is where a pair counts as one shop; between `lower` and `upper` a person should look.
    """

    chances: Mapping[str, Chances]
    share: float
    threshold: float
    lower: float
    upper: float

    def weight(self, field: str, level: str) -> float:
        """Bits for or against: log2 of m / u."""
        m, u = self.chances[field][level]
        return math.log2(m / u)

    def with_chances(self, chances: Mapping[str, Chances], *, share: float | None = None) -> "Model":
        """The same model with other chances, and another share if one is given."""
        return replace(self, chances=chances, share=self.share if share is None else share)


def read_model(path: Path) -> Model:
    """A model from its file. Raises `ValueError` naming what is missing or is no probability."""
    return parse_model(path.read_text("utf-8"))


def parse_model(text: str) -> Model:
    """A model from its TOML text."""
    data: dict[str, Any] = tomllib.loads(text)
    chances: dict[str, dict[str, tuple[float, float]]] = {}
    for field, levels in LEVELS.items():
        given = data.get(field, {})
        if set(given) != set(levels):
            raise ValueError(f"[{field}] must have exactly the levels {', '.join(levels)}")
        chances[field] = {level: (float(given[level][0]), float(given[level][1])) for level in levels}
        if any(not 0 < chance <= 1 for pair in chances[field].values() for chance in pair):
            raise ValueError(f"[{field}] has a chance that is not between 0 and 1")
    head = data["model"]
    return Model(chances, *(float(head[key]) for key in ("share", "threshold", "lower", "upper")))


def model_text(model: Model) -> str:
    """The TOML text of a model; `parse_model` reads it back."""
    lines = ["[model]", *(f"{key} = {getattr(model, key):g}" for key in ("share", "threshold", "lower", "upper"))]
    for field, levels in model.chances.items():
        lines += ["", f"[{field}]"]
        lines += [f'"{level}" = [{m:.6g}, {u:.6g}]' for level, (m, u) in levels.items()]
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=1)
def shipped() -> Model:
    """The model that comes with Sanbao."""
    return read_model(SHIPPED)
