"""Where a place lies: inside the district, in which area, in front of which premises. Geometry is kept per process for half a minute.

The area is the smallest one whose boundary holds the point. Nothing is written here.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely
from django.db import connection

from sanbao.core.district import current_id
from sanbao.core.geo import CELL_LAT, CELL_LON, CELL_ROW, metres_between, metres_per_degree
from sanbao.core.models import District
from sanbao.registry.models import Area, Premises

# How near a front must be to be offered as the place of a report. A hint for people, not an attribution.
NEAR_M = 20.0
KEPT_SECONDS = 30.0

STANDING = (
    "SELECT id, cell, lon, lat FROM registry_premises "
    "WHERE district_id = %%s AND gone_on IS NULL AND state <> %%s AND cell IN (%s)"
)

Point = tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """The geometry of one district at one time."""

    read_at: float
    boundary: shapely.Geometry | None
    tree: shapely.STRtree
    areas: tuple[UUID, ...]

    def places(self, points: Sequence[Point]) -> list[tuple[bool, UUID | None]]:
        """For each (lon, lat): whether it lies in the district, and its smallest area. Two passes of shapely for all points."""
        if not points:
            return []
        geometry = shapely.points(np.asarray(points, dtype=float))
        inside = np.ones(len(points), dtype=bool) if self.boundary is None else shapely.covers(self.boundary, geometry)
        found: list[UUID | None] = [None] * len(points)
        which, areas = self.tree.query(geometry, predicate="intersects")
        for point, area in sorted(zip(which.tolist(), areas.tolist(), strict=True), key=lambda pair: -pair[1]):
            found[point] = self.areas[area]
        return list(zip(inside.tolist(), found, strict=True))


_kept: dict[int, Ground] = {}


def ground() -> Ground:
    """The geometry of the district at work: no query while it is fresh, 2 when it has to be read."""
    code = current_id()
    known = _kept.get(code)
    if known is None or time.monotonic() - known.read_at > KEPT_SECONDS:
        _kept[code] = known = _read()
    return known


def forget(**_signal: object) -> None:
    """Read the geometry anew next time: called when a district or an area is saved in this process; others follow by age."""
    _kept.clear()


def _read() -> Ground:
    outline = District.objects.values_list("boundary", flat=True).get(code=current_id())
    found = Area.objects.order_by("pk").values_list("id", "path", "boundary")
    rows = [(pk, path, _polygon(ring)) for pk, path, ring in found if ring]
    # The smallest first; of two equal outlines the deeper one of the tree.
    rows.sort(key=lambda row: (row[2].area, -len(row[1])))
    boundary = _polygon(outline) if outline else None
    if boundary is not None:
        shapely.prepare(boundary)
    tree = shapely.STRtree([shape for _pk, _path, shape in rows])
    return Ground(time.monotonic(), boundary, tree, tuple(pk for pk, _path, _shape in rows))


def _polygon(rings: list) -> shapely.Geometry:
    nested = isinstance(rings[0][0], list | tuple)
    return shapely.Polygon(rings[0], rings[1:]) if nested else shapely.Polygon(rings)


def cells_around(lon: float, lat: float, radius_m: float = NEAR_M) -> list[int]:
    """The 1 to 4 cells that a square of that half-width touches (for radii below a cell)."""
    east, north = metres_per_degree(lat)
    up, right = radius_m / north, radius_m / east
    rows = range(int((lat - up) // CELL_LAT), int((lat + up) // CELL_LAT) + 1)
    columns = range(int((lon - right) // CELL_LON), int((lon + right) // CELL_LON) + 1)
    return [row * CELL_ROW + column for row in rows for column in columns]


def nearest_premises(points: Sequence[Point]) -> list[UUID | None]:
    """The nearest premises within 20 m of each point, or none. 1 query for all points."""
    around = [cells_around(lon, lat) for lon, lat in points]
    fronts = _standing({cell for cells in around for cell in cells})
    return [_nearest(point, cells, fronts) for point, cells in zip(points, around, strict=True)]


def _standing(cells: set[int]) -> dict[int, list[tuple[UUID, float, float]]]:
    """The fronts standing in these cells. Asked for every report that comes in, hence the plain statement."""
    fronts: dict[int, list[tuple[UUID, float, float]]] = {}
    key = Premises._meta.pk.to_python
    with connection.cursor() as cursor:
        cursor.execute(STANDING % ", ".join(["%s"] * len(cells)), [current_id(), Premises.State.DEMOLISHED, *cells])
        for pk, cell, lon, lat in cursor.fetchall():
            fronts.setdefault(cell, []).append((key(pk), lon, lat))
    return fronts


def _nearest(point: Point, cells: list[int], fronts: dict[int, list[tuple[UUID, float, float]]]) -> UUID | None:
    best, best_m = None, NEAR_M
    for cell in cells:
        for pk, lon, lat in fronts.get(cell, ()):
            metres = metres_between(point[0], point[1], lon, lat)
            if metres <= best_m:
                best, best_m = pk, metres
    return best
