"""What becomes of the probable pairs of two lists: joined at once, shown to a person, or left apart. Pure.

Above the model's upper threshold the best partners are joined; between the thresholds a person looks. A record that has its partner is
shown beside a second one only when that is sure as well and at the same door: then the other list names one front twice. At another
door it is the second shop of the same party.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sanbao.registry.linkage import Item, Pair, best_partners
from sanbao.registry.linkage.addresses import address_of

MOST_CHOICES: Final = 3
Key = tuple[str, str]
Door = tuple[str | int, ...]


@dataclass(frozen=True)
class Sorted:
    """The pairs to join now, and those to be shown, each with the surest first."""

    joined: list[Pair] = field(default_factory=list)
    suggested: list[Pair] = field(default_factory=list)


def sort_pairs(
    pairs: Sequence[Pair],
    *,
    lower: float,
    upper: float,
    doors: Mapping[str, Door],
    together: Collection[str] = (),
    apart: Collection[Key] = (),
) -> Sorted:
    """Sort pairs of two lists; `together` are ids that have their partner in the other list, `apart` pairs that people parted."""
    open_pairs = [one for one in pairs if one.probability >= lower and key_of(one) not in apart]
    free = [one for one in open_pairs if one.id_a not in together and one.id_b not in together]
    joined = best_partners(free, upper)
    settled = set(together) | {one.id_a for one in joined} | {one.id_b for one in joined}
    chosen, shown = {key_of(one) for one in joined}, Counter[str]()
    suggested = []
    for pair in sorted(open_pairs, key=lambda one: (-one.probability, key_of(one))):
        partnered = len({pair.id_a, pair.id_b} & settled)
        twice = pair.probability >= upper and doors[pair.id_a] == doors[pair.id_b]
        if key_of(pair) in chosen or partnered > 1 or (partnered and not twice):
            continue
        if max(shown[pair.id_a], shown[pair.id_b]) < MOST_CHOICES:
            shown.update((pair.id_a, pair.id_b))
            suggested.append(pair)
    return Sorted(joined, suggested)


def door_of(address: str) -> Door:
    """By what two addresses are known to be one door: road and house number, or all that is written where there is no number."""
    known = address_of(address)
    return (known.road, *known.numbers) if known.road and known.numbers[0] >= 0 else (known.text,)


def key_of(pair: Pair) -> Key:
    """The two ids in the fixed order in which a link keeps them."""
    return (pair.id_a, pair.id_b) if pair.id_a < pair.id_b else (pair.id_b, pair.id_a)


def item_of(record_id: str, fields: Mapping[str, str], position: tuple[float, float] | None) -> Item:
    """A record of a register as linkage reads it; `position` is WGS-84."""
    lon, lat = position or (None, None)
    return Item(
        id=record_id,
        name=fields.get("name", ""),
        alias=fields.get("sign_name", ""),
        address=fields.get("address", ""),
        lon=lon,
        lat=lat,
        code=fields.get("credit_code", ""),
        phone=fields.get("phone", ""),
    )
