"""What goes into linkage and what comes out: items of two lists, pairs of them, and the parts of which a pair's weight is made."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a list as its file wrote it. Coordinates are degrees, WGS-84 unless the list is told apart in `places`."""

    id: str
    name: str = ""
    alias: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for or against a pair: the field, a marked English sentence, and its weight in bits (log2 of the Bayes factor)."""

    field: str
    says: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that may be one: probability from 0 to 1, total weight in bits (the prior included), and what it is made of."""

    id_a: str
    id_b: str
    probability: float
    weight: float
    parts: tuple[Part, ...] = field(default=())
