"""Two lists side by side as columns of numbers: what blocking and comparing read. Equal things have equal numbers in both lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sanbao.registry.linkage.addresses import Address, address_of
from sanbao.registry.linkage.folding import CJK, fold, sound
from sanbao.registry.linkage.items import Item
from sanbao.registry.linkage.names import SIGNS, Name, names_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]


class Numbers:
    """Gives every text its number, from 0; the empty text has -1."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, texts: Iterable[str]) -> Ints:
        """The numbers of texts, new ones where a text was not known."""
        known = self._known
        return np.array([known.setdefault(text, len(known)) if text else -1 for text in texts], dtype=np.int64)


@dataclass
class Table:
    """One list as columns. The columns of names are as long as all names of all items together; `owner` says whose each is."""

    size: int
    owner: Ints
    whole: Ints
    core: Ints
    branch: Ints
    number: Ints
    sounds: Texts
    branches: Texts
    address: Ints
    road: Ints
    roads: Texts
    texts: Texts
    low: Ints
    high: Ints
    building: Ints
    room_low: Ints
    room_high: Ints
    code: Ints
    phone: Ints
    lon: Floats
    lat: Floats
    grams: Ints
    gram_owner: Ints

    @cached_property
    def first_name(self) -> Ints:
        """Where the names of each item begin; one longer than the items."""
        return np.searchsorted(self.owner, np.arange(self.size + 1))


class Reader:
    """Turns lists into tables; the tables of one reader share their numbers."""

    def __init__(self) -> None:
        self.names, self.branches, self.addresses, self.roads = Numbers(), Numbers(), Numbers(), Numbers()
        self.codes, self.phones, self.grams = Numbers(), Numbers(), Numbers()

    def read(self, items: Sequence[Item], lon: Floats, lat: Floats) -> Table:
        """The table of a list; `lon` and `lat` are its coordinates set right, NaN where there are none."""
        owner: list[int] = []
        names: list[Name] = []
        grams: list[str] = []
        gram_owner: list[int] = []
        for place, item in enumerate(items):
            own = names_of(item.name, item.alias)
            owner.extend([place] * len(own))
            names.extend(own)
            mine = {gram for name in own for gram in grams_of(name.core)}
            grams.extend(mine)
            gram_owner.extend([place] * len(mine))
        parts = [address_of(item.address) for item in items]
        sounds = [sound(name.core) for name in names]
        return Table(
            size=len(items),
            owner=_ints(owner),
            whole=self.names.of(name.whole for name in names),
            core=self.names.of(name.core for name in names),
            branch=self.branches.of(name.branch for name in names),
            number=self.branches.of("#".join(name.numbers) for name in names),
            sounds=_texts(sounds),
            branches=_texts(name.branch for name in names),
            **self._addresses(parts),
            code=self.codes.of(code_of(item.code) for item in items),
            phone=self.phones.of(phone_of(item.phone) for item in items),
            lon=lon,
            lat=lat,
            grams=self.grams.of(grams),
            gram_owner=_ints(gram_owner),
        )

    def _addresses(self, parts: Sequence[Address]) -> dict[str, Ints | Texts]:
        return {
            "address": self.addresses.of(part.text for part in parts),
            "road": self.roads.of(part.road for part in parts),
            "roads": _texts(part.road for part in parts),
            "texts": _texts(part.text for part in parts),
            "low": _ints([part.numbers[0] for part in parts]),
            "high": _ints([part.numbers[1] for part in parts]),
            "building": self.roads.of(f"building {part.building}" if part.building else "" for part in parts),
            "room_low": _ints([part.rooms[0] for part in parts]),
            "room_high": _ints([part.rooms[1] for part in parts]),
        }


def grams_of(core: str) -> set[str]:
    """By what names find each other: words and runs of four letters, in Chinese pairs of characters as they sound."""
    if CJK.search(core):
        heard = sound(core)
        return {heard[place : place + 2] for place in range(len(heard) - 1)} or {heard}
    solid = core.replace(" ", "")
    return {word for word in core.split() if len(word) > 1} | {
        solid[place : place + 4] for place in range(max(1, len(solid) - 3))
    }


def code_of(code: str) -> str:
    """A number given by an authority, without spaces and signs, in small letters."""
    return SIGNS.sub("", fold(code))


def phone_of(phone: str) -> str:
    """The last nine figures of a telephone; empty for anything too short to be one."""
    plain = "".join(sign for sign in fold(phone) if sign.isdigit())
    return plain[-9:] if len(plain) >= 7 else ""


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _texts(values: Iterable[str]) -> Texts:
    given = list(values)
    column = np.empty(len(given), dtype=object)
    column[:] = given
    return column
