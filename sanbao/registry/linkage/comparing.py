"""Comparing candidate pairs field by field: which level each reaches, and how rare what they share is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from sanbao.registry.linkage.levels import FIELDS, ORDER
from sanbao.registry.linkage.naming import CLOSE, Levels, Naming, equal_level, once_each, ratio_of
from sanbao.registry.linkage.places import metres
from sanbao.registry.linkage.rarity import ONCE_PLACE, Crowds, Doors, Frequency
from sanbao.registry.linkage.table import Floats, Ints, Table

CHUNK = 200_000
NEIGHBOUR_NUMBERS = 12
BOUNDS_M = {"5": 5.0, "25": 25.0, "75": 75.0, "200": 200.0, "600": 600.0, "2000": 2000.0}


@dataclass
class Compared:
    """Pairs (rows of both lists), the level each field reached (0: cannot be compared), chances of coincidence where counted."""

    left: Ints
    right: Ints
    levels: dict[str, Levels]
    rarity: dict[str, Floats]

    def taken(self, keep: npt.NDArray[np.bool_]) -> "Compared":
        """Only some of the pairs."""
        levels = {field: reached[keep] for field, reached in self.levels.items()}
        return Compared(
            self.left[keep], self.right[keep], levels, {field: chances[keep] for field, chances in self.rarity.items()}
        )


class Comparer:
    """Compares pairs of two tables; counts once how often names, doors and places occur."""

    def __init__(self, a: Table, b: Table) -> None:
        self.a, self.b = a, b
        self.naming, self.doors, self.crowds = Naming(a, b), Doors(a, b), Crowds(a, b)
        self.roads = Frequency(a.road, a.size, b.road, b.size, ONCE_PLACE)
        self.addresses = Frequency(a.address, a.size, b.address, b.size, ONCE_PLACE)

    def compare(self, left: Ints, right: Ints) -> Compared:
        """The levels of all pairs, worked through in chunks so that memory stays small."""
        starts = range(0, len(left), CHUNK) or range(1)
        parts = [self._compare(left[at : at + CHUNK], right[at : at + CHUNK]) for at in starts]
        return Compared(
            left,
            right,
            {field: np.concatenate([part.levels[field] for part in parts]) for field in FIELDS},
            {field: np.concatenate([part.rarity[field] for part in parts]) for field in parts[0].rarity},
        )

    def _compare(self, left: Ints, right: Ints) -> Compared:
        a, b = self.a, self.b
        named = self.naming.compare(left, right)
        address, rare_address = self._addresses(left, right)
        unit, rare_unit = self._units(left, right, address)
        distance, rare_place = self._distances(left, right)
        levels = {"name": named.name, "trade": named.trade, "branch": named.branch, "number": named.number}
        levels |= {"address": address, "unit": unit, "distance": distance}
        levels |= {
            "code": equal_level(a.code[left], b.code[right], "code"),
            "phone": equal_level(a.phone[left], b.phone[right], "phone"),
        }
        rarity = {
            "name": named.rarity,
            "branch": named.branch_rarity,
            "address": rare_address,
            "unit": rare_unit,
            "distance": rare_place,
        }
        return Compared(left, right, levels, rarity)

    def _addresses(self, left: Ints, right: Ints) -> tuple[Levels, Floats]:
        a, b, order = self.a, self.b, ORDER["address"]
        known = (a.address[left] >= 0) & (b.address[right] >= 0)
        level = np.where(known, order["different"], 0).astype(np.int8)
        road = _same_road(a, b, left, right)
        low_a, high_a, low_b, high_b = a.low[left], a.high[left], b.low[right], b.high[right]
        numbered = (low_a >= 0) & (low_b >= 0)
        level[road] = np.where(numbered[road], order["road"], order["street"])
        apart = np.maximum(low_a, low_b) - np.minimum(high_a, high_b)
        level[road & numbered & (apart <= NEIGHBOUR_NUMBERS)] = order["neighbour"]
        level[_nearly_same(a, b, left, right, known & ~(road & numbered))] = order["close"]
        level[road & numbered & (apart <= 0)] = order["range"]
        door = road & numbered & (low_a == low_b)
        level[door] = order["door"]
        level[known & (a.address[left] == b.address[right])] = order["same"]
        rarity = np.full(len(left), np.nan)
        rarity[door] = self.doors.chance(a, left[door])
        street = level == order["street"]
        rarity[street] = self.roads.chance(a.road[left[street]])
        same = (level == order["same"]) & ~door
        rarity[same] = self.addresses.chance(a.address[left[same]])
        return level, rarity

    def _units(self, left: Ints, right: Ints, address: Levels) -> tuple[Levels, Floats]:
        """Building and room of two addresses at one door; what only one of them says counts for nothing."""
        a, b, order = self.a, self.b, ORDER["unit"]
        building = (a.building[left] >= 0) & (b.building[right] >= 0)
        room = (a.room_low[left] >= 0) & (b.room_low[right] >= 0)
        meet = np.maximum(a.room_low[left], b.room_low[right]) <= np.minimum(a.room_high[left], b.room_high[right])
        other = (building & (a.building[left] != b.building[right])) | (room & ~meet)
        level = np.where(building | room, order["same"], 0).astype(np.int8)
        level[other] = order["different"]
        level[address > ORDER["address"]["range"]] = 0
        rarity = np.full(len(left), np.nan)
        exact = (level == order["same"]) & (a.room_low[left] == b.room_low[right]) & (address <= ORDER["address"]["door"])
        rarity[exact] = self.doors.unit_chance(a, left[exact])
        return level, rarity

    def _distances(self, left: Ints, right: Ints) -> tuple[Levels, Floats]:
        order = ORDER["distance"]
        apart = metres(self.a.lon[left], self.a.lat[left], self.b.lon[right], self.b.lat[right])
        level = np.where(np.isfinite(apart), order["far"], 0).astype(np.int8)
        for name, bound in reversed(BOUNDS_M.items()):
            level[apart <= bound] = order[name]
        rarity = np.full(len(left), np.nan)
        for name in ("5", "25", "75"):
            here = level == order[name]
            rarity[here] = self.crowds.chance(left[here], right[here], BOUNDS_M[name])
        return level, rarity


def _same_road(a: Table, b: Table, left: Ints, right: Ints) -> npt.NDArray[np.bool_]:
    """Equal names of roads, or one that ends in the other: 华阳正东中街 and 正东中街, n clark st and clark st; also clark and clark st."""
    same = (a.road[left] >= 0) & (a.road[left] == b.road[right])
    places = np.flatnonzero(~same & (a.road[left] >= 0) & (b.road[right] >= 0))
    one, two = left[places], right[places]
    same[places] = once_each(a.road[one], b.road[two], a.roads[one], b.roads[two], _one_road)
    return same


def _one_road(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return len(short) >= 3 and (long.endswith(short) or (long.startswith(short) and long[len(short)] == " "))


def _nearly_same(a: Table, b: Table, left: Ints, right: Ints, among: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Addresses that no road and number explain, written nearly alike; different house numbers are no slip of the pen."""
    found = np.zeros(len(left), dtype=bool)
    low_a, low_b = a.low[left], b.low[right]
    places = np.flatnonzero(among & ((low_a == low_b) | (low_a < 0) | (low_b < 0)))
    found[places] = ratio_of(fuzz.ratio, a.texts[left[places]], b.texts[right[places]]) >= CLOSE
    return found
