"""From probable pairs to partners: each item at most once, the surest pairs first."""

from collections.abc import Iterable

from sanbao.registry.linkage.items import Pair
from sanbao.registry.linkage.model import shipped


def best_partners(pairs: Iterable[Pair], threshold: float | None = None) -> list[Pair]:
    """One best partner each, mutually one to one, at or above the threshold (the shipped model's when not given); surest first."""
    least = shipped().threshold if threshold is None else threshold
    taken_a: set[str] = set()
    taken_b: set[str] = set()
    chosen = []
    for pair in sorted(pairs, key=lambda one: (-one.probability, -one.weight, one.id_a, one.id_b)):
        if pair.probability < least:
            break
        if pair.id_a not in taken_a and pair.id_b not in taken_b:
            taken_a.add(pair.id_a)
            taken_b.add(pair.id_b)
            chosen.append(pair)
    return chosen
