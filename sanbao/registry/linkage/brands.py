"""Where the brand begins and ends in a Chinese name: behind the place, before the trade.

Which places and which words of trade there are is partly shipped, partly learned from the two lists: places from their addresses, words
of trade from the endings that many names share.
"""

import re
from collections import Counter
from collections.abc import Iterable

from sanbao.registry.linkage.addresses import front_of
from sanbao.registry.linkage.folding import CJK
from sanbao.registry.linkage.names import MIN_CORE, Name
from sanbao.registry.linkage.words import words

LONGEST, ROUNDS = 5, 3
LEAST, LEAST_SHARE = 5, 0.003
LEAST_PLACE_SHARE = 0.02
SAMPLE = 5_000
EVERYWHERE = frozenset("店部馆行厂所社楼屋坊城铺")
PLACE_KIND = re.compile(r"(?:省|自治区|特别行政区|自治州|市|地区|盟|新区|高新区|开发区|区|县|旗)$")


class Brands:
    """Splits names into brand and trade; what it learns, it learns from both lists together, so that both are split alike."""

    def __init__(self, names: Iterable[Name], addresses: Iterable[str]) -> None:
        distinct = {name.core for name in names if CJK.search(name.core)}
        heads = Counter(core[-size:] for core in distinct for size in range(2, LONGEST + 1) if len(core) - size >= MIN_CORE)
        least = max(LEAST, LEAST_SHARE * len(distinct))
        self.endings = words().trades_cn | {ending for ending, many in heads.items() if many >= least}
        self.places = _places(addresses)
        self._known: dict[tuple[str, bool], tuple[str, str]] = {}

    def split(self, name: Name) -> tuple[str, str]:
        """Brand and trade; the trade is empty when nothing is known to be one. Names in other scripts stay whole."""
        key = name.core, name.formal
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._split(*key) if CJK.search(name.core) else (name.core, name.trade)
        return found if found[1] or not name.trade else (found[0], name.trade)

    def _split(self, core: str, formal: bool) -> tuple[str, str]:
        brand = core
        known = self.places | words().cities_cn if formal else self.places
        for _round in range(2):
            size = next((n for n in (4, 3, 2) if len(brand) - n >= MIN_CORE and brand[:n] in known), 0)
            brand = brand[size:]
        start, whole = len(core) - len(brand), len(brand)
        for _round in range(ROUNDS):
            size = next((n for n in range(LONGEST, 0, -1) if len(brand) - n >= MIN_CORE and brand[-n:] in self.endings), 0)
            brand = brand[: len(brand) - size]
        trade = core[start + len(brand) : start + whole]
        return brand, "".join(sign for sign in trade if sign not in EVERYWHERE)


def _places(addresses: Iterable[str]) -> frozenset[str]:
    """The names of province, city and district that many addresses begin with, without their kind."""
    written = [address for address in addresses if CJK.search(address)][:SAMPLE]
    found = Counter(PLACE_KIND.sub("", front) for address in written for front in front_of(address))
    return frozenset(place for place, many in found.items() if 2 <= len(place) <= 4 and many >= LEAST_PLACE_SHARE * len(written))
