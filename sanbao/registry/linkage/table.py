"""Two lists side by side as columns of numbers: what blocking and comparing read. Equal things have equal numbers in both lists."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sanbao.registry.linkage.addresses import Address, address_of
from sanbao.registry.linkage.brands import Brands
from sanbao.registry.linkage.folding import CJK, fold, sound
from sanbao.registry.linkage.items import Item
from sanbao.registry.linkage.names import SIGNS, Name, names_of
from sanbao.registry.linkage.places import coordinates

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


LATIN_WORD = re.compile(r"[^\W_\u3000-\uffff]{2,}")


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
    trade: Ints
    sounds: Texts
    trades: Texts
    branches: Texts
    chinese: Bools
    words: Ints
    word_owner: Ints
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
    """Turns two lists into tables that share their numbers, and know the same words of trade."""

    def __init__(self) -> None:
        self.names, self.branches, self.addresses, self.roads = Numbers(), Numbers(), Numbers(), Numbers()
        self.codes, self.phones, self.grams, self.words = Numbers(), Numbers(), Numbers(), Numbers()

    def read(self, a: Sequence[Item], b: Sequence[Item]) -> tuple[Table, Table]:
        """The tables of two lists."""
        names_a, names_b = _names(a), _names(b)
        brands = Brands(
            (name for names in (names_a, names_b) for own in names for name in own),
            (item.address for items in (a, b) for item in items),
        )
        return self._table(a, names_a, brands), self._table(b, names_b, brands)

    def _table(self, items: Sequence[Item], names: Sequence[Sequence[Name]], known: Brands) -> Table:
        every = [name for own in names for name in own]
        split = [known.split(name) for name in every]
        brands = [brand for brand, _trade in split]
        sounds = [sound(brand) for brand in brands]
        owner = np.repeat(np.arange(len(items)), [len(own) for own in names])
        grams = [grams_of(brand) for brand in brands]
        spoken = [LATIN_WORD.findall(brand) for brand in brands]
        lon, lat = coordinates(items)
        return Table(
            size=len(items),
            owner=owner,
            whole=self.names.of(name.whole for name in every),
            core=self.names.of(brands),
            branch=self.branches.of(name.branch for name in every),
            number=self.branches.of("#".join(name.numbers) for name in every),
            trade=self.words.of(trade for _brand, trade in split),
            sounds=_texts(sounds),
            trades=_texts(trade for _brand, trade in split),
            branches=_texts(name.branch for name in every),
            chinese=np.array([CJK.search(brand) is not None for brand in brands], dtype=bool),
            words=self.words.of(word for own in spoken for word in own),
            word_owner=np.repeat(np.arange(len(every)), [len(own) for own in spoken]),
            **self._addresses([address_of(item.address) for item in items]),
            code=self.codes.of(code_of(item.code) for item in items),
            phone=self.phones.of(phone_of(item.phone) for item in items),
            lon=lon,
            lat=lat,
            grams=self.grams.of(gram for own in grams for gram in own),
            gram_owner=np.repeat(owner, [len(own) for own in grams]),
        )

    def _addresses(self, parts: Sequence[Address]) -> dict[str, Any]:
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


def doors_of(table: Table) -> Ints:
    """Road and house number of each item as one number; -1 without both."""
    return np.where((table.road >= 0) & (table.low >= 0), table.road * 1_000_000 + table.low, -1)


def _names(items: Sequence[Item]) -> list[tuple[Name, ...]]:
    return [names_of(item.name, item.alias) for item in items]


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
