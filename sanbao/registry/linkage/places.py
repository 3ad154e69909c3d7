"""Coordinates set right before they are compared: nonsense dropped, swapped columns swapped back, the systems of China told apart."""

from collections.abc import Callable, Sequence

import numpy as np

from sanbao.core import geo
from sanbao.registry.linkage.items import Item
from sanbao.registry.linkage.table import Floats

METRES_PER_DEGREE = 111_195.0


def coordinates(items: Sequence[Item]) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of a list, degrees, NaN where there are none; columns that hold each other's values are swapped."""
    lon = np.array([np.nan if item.lon is None else item.lon for item in items], dtype=np.float64)
    lat = np.array([np.nan if item.lat is None else item.lat for item in items], dtype=np.float64)
    lacking = ~(np.isfinite(lon) & np.isfinite(lat)) | ((lon == 0) & (lat == 0))
    if _swapped(lon[~lacking], lat[~lacking]):
        lon, lat = lat, lon
    lacking |= (np.abs(lat) > 90) | (np.abs(lon) > 180)
    return np.where(lacking, np.nan, lon), np.where(lacking, np.nan, lat)


def _swapped(lon: Floats, lat: Floats) -> bool:
    """More latitudes than not are impossible as such and possible as longitudes."""
    return bool(len(lat)) and float(np.mean((np.abs(lat) > 90) & (np.abs(lon) <= 90))) > 0.5


def metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Distances of points of one city, metres; NaN where a point is missing."""
    east = (other_lon - lon) * np.cos(np.radians((lat + other_lat) / 2))
    return np.hypot(east, other_lat - lat) * METRES_PER_DEGREE


SYSTEMS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "gcj02": geo.gcj02_to_wgs84,
    "bd09": geo.bd09_to_wgs84,
}
