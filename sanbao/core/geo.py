"""Positions and distances: metres between points, the 55 m cell, places along a street line, and China's shifted coordinates.

Everything stored is WGS-84 longitude and latitude in degrees. Lengths are metres on a plane that touches the ellipsoid at the place
in question: within a district the error is below a millimetre per kilometre. No database and no map service here.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import shapely

Side = Literal["left", "right"]
Line = Sequence[Sequence[float]]

EQUATOR_M = 6_378_137.0
ECCENTRICITY_2 = 0.00669437999014
CELL_LAT, CELL_LON, CELL_ROW = 0.0005, 0.00065, 1_000_000


def metres_per_degree(lat: float) -> tuple[float, float]:
    """How long one degree is at a latitude: (east-west, north-south), metres, from the WGS-84 radii of curvature."""
    sine = math.sin(math.radians(lat))
    bend = 1 - ECCENTRICITY_2 * sine * sine
    east = EQUATOR_M / math.sqrt(bend) * math.cos(math.radians(lat))
    north = EQUATOR_M * (1 - ECCENTRICITY_2) / bend**1.5
    return math.radians(east), math.radians(north)


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Distance of two points, metres; meant for points of one city."""
    east, north = metres_per_degree((lat + other_lat) / 2)
    return math.hypot((other_lon - lon) * east, (other_lat - lat) * north)


def cell_of(lon: float, lat: float) -> int:
    """The integer cell of a point, about 55 m high and 50 to 60 m wide between 35 and 46 degrees north."""
    return math.floor(lat / CELL_LAT) * CELL_ROW + math.floor(lon / CELL_LON)


def neighbour_cells(lon: float, lat: float, radius_m: float = 50.0) -> list[int]:
    """Every cell that can hold a point within `radius_m`: 9 cells for 50 m south of 46 degrees north, more where needed."""
    east, north = metres_per_degree(abs(lat) + CELL_LAT)
    rows = math.ceil(radius_m / (CELL_LAT * north))
    columns = math.ceil(radius_m / (CELL_LON * east))
    row, column = math.floor(lat / CELL_LAT), math.floor(lon / CELL_LON)
    return [(row + up) * CELL_ROW + column + right for up in range(-rows, rows + 1) for right in range(-columns, columns + 1)]


def line_length(line: Line) -> float:
    """Length of a line of [lon, lat] pairs, metres."""
    return float(_Plane(line[0][0], line[0][1]).line(line).length)


def locate(line: Line, lon: float, lat: float) -> tuple[float, float, Side]:
    """Where a point lies beside a line: (distance from it in metres, metres along it, side seen when walking along it).

    A point exactly on the line counts as right. Raises `ValueError` for a line of fewer than two different points.
    """
    plane = _Plane(line[0][0], line[0][1])
    path, point = plane.line(line), shapely.Point(plane.to(lon, lat))
    along = float(path.project(point))
    start, end = _piece(path, along)
    turn = (end[0] - start[0]) * (point.y - start[1]) - (end[1] - start[1]) * (point.x - start[0])
    return float(path.distance(point)), along, "left" if turn > 0 else "right"


def point_along(line: Line, metres: float, offset_m: float = 0.0, side: Side | str = "right") -> tuple[float, float]:
    """The (lon, lat) at `metres` along a line, moved `offset_m` metres to a side; beyond its ends it stays at the end."""
    plane = _Plane(line[0][0], line[0][1])
    path = plane.line(line)
    along = min(max(metres, 0.0), path.length)
    here = path.interpolate(along)
    start, end = _piece(path, along)
    run = math.hypot(end[0] - start[0], end[1] - start[1])
    leftward = offset_m if side == "left" else -offset_m
    return plane.back(here.x - (end[1] - start[1]) / run * leftward, here.y + (end[0] - start[0]) / run * leftward)


def inside(boundary: Any, lon: float, lat: float) -> bool:
    """Whether a point lies in or on a boundary: one ring of [lon, lat] pairs, or the rings of a GeoJSON polygon, the first being
    the outer one. An empty boundary holds every point: a district without a boundary refuses nobody."""
    if not boundary:
        return True
    polygon = _polygon(_frozen(boundary))
    return bool(polygon.covers(shapely.Point(lon, lat)))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else float(value)


@lru_cache(maxsize=64)
def _polygon(boundary: tuple[Any, ...]) -> shapely.Polygon:
    rings = boundary if isinstance(boundary[0][0], tuple) else (boundary,)
    polygon = shapely.Polygon(rings[0], rings[1:])
    shapely.prepare(polygon)
    return polygon


class _Plane:
    """Metres east and north of an origin."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        self.east, self.north = metres_per_degree(lat)

    def to(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.lon) * self.east, (lat - self.lat) * self.north

    def back(self, x: float, y: float) -> tuple[float, float]:
        return self.lon + x / self.east, self.lat + y / self.north

    def line(self, line: Line) -> shapely.LineString:
        path = shapely.LineString([self.to(point[0], point[1]) for point in line])
        if path.length == 0:
            raise ValueError("A line needs two different points.")
        return path


def _piece(path: shapely.LineString, along: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The straight piece of the path at `along` metres, as (start, end)."""
    points = np.asarray(path.coords)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    reached = np.cumsum(lengths)
    # Pieces of no length have no direction, so the search steps over them.
    number = int(np.searchsorted(reached, along, side="left"))
    number = min(number, len(lengths) - 1)
    while lengths[number] == 0:
        number = number + 1 if number + 1 < len(lengths) and reached[number] < path.length else number - 1
    return tuple(points[number]), tuple(points[number + 1])


# --- shifted coordinates -----------------------------------------------------------------------------------------------------
# Maps sold in China draw WGS-84 points some hundreds of metres away (GCJ-02), and one maker shifts once more (BD-09). The
# formulas are approximations known from public implementations; the way back is found by repeating the way there.

KRASOVSKY_M, KRASOVSKY_E2 = 6_378_245.0, 0.006693421622965943
BD_TURN = math.pi * 3000 / 180
CHINA = (72.004, 0.8293, 137.8347, 55.8271)


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 to GCJ-02; points outside China's frame are not shifted."""
    if not (CHINA[0] <= lon <= CHINA[2] and CHINA[1] <= lat <= CHINA[3]):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 to WGS-84, to better than a millimetre inside China."""
    return _undo(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 to BD-09."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * BD_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * BD_TURN)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """BD-09 to GCJ-02, to better than a millimetre inside China."""
    return _undo(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 to BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """BD-09 to WGS-84."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    wave = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    up += (wave + 20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    up += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    right = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    right += (wave + 20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    right += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    bend = 1 - KRASOVSKY_E2 * math.sin(math.radians(lat)) ** 2
    north_m = math.radians(KRASOVSKY_M * (1 - KRASOVSKY_E2) / bend**1.5)
    east_m = math.radians(KRASOVSKY_M / math.sqrt(bend) * math.cos(math.radians(lat)))
    return right / east_m, up / north_m


def _undo(shift: Any, lon: float, lat: float) -> tuple[float, float]:
    guess_lon, guess_lat = lon, lat
    for _round in range(12):
        there_lon, there_lat = shift(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
        if abs(there_lon - lon) < 1e-11 and abs(there_lat - lat) < 1e-11:
            break
    return guess_lon, guess_lat
