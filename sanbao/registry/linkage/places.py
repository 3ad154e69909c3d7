"""Coordinates set right before they are compared: nonsense dropped, swapped columns swapped back, the systems of China told apart.

Which system a file uses is not asked. Shops whose name occurs once in each list are pairs sure enough, most of them: the reading of both
files under which these lie nearest to each other is the right one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from sanbao.core import geo
from sanbao.registry.linkage.items import Item

Floats = npt.NDArray[np.float64]
Convert = Callable[[float, float], tuple[float, float]]
METRES_PER_DEGREE = 111_195.0
CHINA = (73.0, 18.0, 135.5, 54.0)
FEWEST, ENOUGH = 5, 300
BETTER, WORTHWHILE_M = 0.6, 20.0  # another reading must bring the pairs so much nearer, and by so many metres
FARTHEST_M = 5_000.0
STEADY = 0.5  # a shift is one when the pairs scatter around it by less than this share of it

READINGS: dict[str, Convert] = {
    "wgs84": lambda lon, lat: (lon, lat),
    "gcj02": geo.gcj02_to_wgs84,
    "bd09": geo.bd09_to_wgs84,
    "swapped": lambda lon, lat: (lat, lon),
}


def coordinates(items: Sequence[Item]) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of a list, degrees, NaN where there are none; columns that hold each other's values are swapped."""
    lon = np.array([np.nan if item.lon is None else item.lon for item in items], dtype=np.float64)
    lat = np.array([np.nan if item.lat is None else item.lat for item in items], dtype=np.float64)
    lacking = ~(np.isfinite(lon) & np.isfinite(lat)) | ((lon == 0) & (lat == 0))
    if _impossible(lon[~lacking], lat[~lacking]):
        lon, lat = lat, lon
    lacking |= (np.abs(lat) > 90) | (np.abs(lon) > 180)
    return np.where(lacking, np.nan, lon), np.where(lacking, np.nan, lat)


def _impossible(lon: Floats, lat: Floats) -> bool:
    """More latitudes than not are impossible as such and possible as longitudes."""
    return bool(len(lat)) and float(np.mean((np.abs(lat) > 90) & (np.abs(lon) <= 90))) > 0.5


def metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Distances of points of one city, metres; NaN where a point is missing."""
    east = (other_lon - lon) * np.cos(np.radians((lat + other_lat) / 2))
    return np.hypot(east, other_lat - lat) * METRES_PER_DEGREE


def aligned(
    one: tuple[Floats, Floats], two: tuple[Floats, Floats], sure: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats], str]:
    """Longitudes and latitudes of both lists in one system, and what was done about it ('' for nothing).

    `sure`: rows of pairs that are probably one shop each. With fewer than five of them that have points nothing is changed.
    """
    (lon_a, lat_a), (lon_b, lat_b) = one, two
    left, right = sure
    known = np.flatnonzero(np.isfinite(lon_a[left]) & np.isfinite(lon_b[right]))[:ENOUGH]
    if len(known) < FEWEST:
        return one, two, ""
    sample_a = lon_a[left[known]], lat_a[left[known]]
    sample_b = lon_b[right[known]], lat_b[right[known]]
    before = _typical(sample_a, sample_b)
    names_a, names_b = _possible(sample_a), _possible(sample_b)
    read_a, read_b = (
        {name: _read(sample, name) for name in names} for sample, names in ((sample_a, names_a), (sample_b, names_b))
    )
    best = min(
        product(names_a, names_b), key=lambda pair: (round(_typical(read_a[pair[0]], read_b[pair[1]]), 1), pair != ("wgs84",) * 2)
    )
    after = _typical(read_a[best[0]], read_b[best[1]])
    shift = _Shift.between(sample_a, sample_b)
    if after < before * BETTER and before - after > WORTHWHILE_M and after < 2 * shift.scatter_m + WORTHWHILE_M:
        return _read(one, best[0]), _read(two, best[1]), f"{best[0]} / {best[1]}"
    if shift.steady:
        return one, shift.undone(two), f"{shift.by_m:.0f} m"
    return one, two, ""


def _possible(points: tuple[Floats, Floats]) -> list[str]:
    """The readings worth trying: China's systems in China only."""
    lon, lat = float(np.median(points[0])), float(np.median(points[1]))
    west, south, east, north = CHINA
    if west <= lon <= east and south <= lat <= north:
        return ["wgs84", "gcj02", "bd09"]
    return ["wgs84", "swapped"] if abs(lon) <= 90 else ["wgs84"]


def _read(points: tuple[Floats, Floats], reading: str) -> tuple[Floats, Floats]:
    if reading == "wgs84":
        return points
    if reading == "swapped":
        return points[1], points[0]
    convert = READINGS[reading]
    read = [
        convert(lon, lat) if lon == lon else (lon, lat) for lon, lat in zip(points[0].tolist(), points[1].tolist(), strict=True)
    ]
    return np.array([point[0] for point in read]), np.array([point[1] for point in read])


def _typical(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> float:
    """The median distance of the pairs, metres."""
    return float(np.median(metres(*a, *b)))


@dataclass(frozen=True)
class _Shift:
    """The common offset of the pairs, degrees and metres, and how far they scatter around it."""

    by_lon: float
    by_lat: float
    by_m: float
    scatter_m: float

    @classmethod
    def between(cls, a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> "_Shift":
        """From the points of pairs."""
        by_lon, by_lat = float(np.median(b[0] - a[0])), float(np.median(b[1] - a[1]))
        by_m = _typical(a, (a[0] + by_lon, a[1] + by_lat))
        return cls(by_lon, by_lat, by_m, _typical(a, (b[0] - by_lon, b[1] - by_lat)))

    @property
    def steady(self) -> bool:
        """Whether it is an offset at all and not just scatter."""
        return WORTHWHILE_M <= self.by_m <= FARTHEST_M and self.scatter_m <= STEADY * self.by_m

    def undone(self, points: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """The second list's points without the offset."""
        return points[0] - self.by_lon, points[1] - self.by_lat
