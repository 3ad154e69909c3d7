"""Where a row of a list belongs: the area by name, position or street, and the segment beside which a position lies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import shapely

from sanbao.core import geo
from sanbao.core.district import current_id
from sanbao.core.models import District
from sanbao.registry.models import Area, Segment, Street
from sanbao.registry.text import address_key, name_key

NEAR_M = 60.0
TO_WGS84 = {"gcj02": geo.gcj02_to_wgs84, "bd09": geo.bd09_to_wgs84}
OFFICE = re.compile(r"(办事处|街道办|居委会|居民委员会|村委会)$")
DEPTH = {Area.Kind.COMMUNITY: 2, Area.Kind.STREET: 1, Area.Kind.DISTRICT: 0}


@dataclass(frozen=True)
class Place:
    """What is known of a place: the area always, the position and the segment perhaps."""

    area: Area
    lon: float | None = None
    lat: float | None = None
    cell: int | None = None
    segment: Segment | None = None
    side: str = ""
    chainage_m: Decimal | None = None


def root_area() -> Area:
    """The area of the whole district; made if there is none yet."""
    root = Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("path").first()
    if root is None:
        district = District.objects.get(code=current_id())
        code = f"{district.code:06d}"
        root = Area.objects.create(
            code=code, name=district.name, kind=Area.Kind.DISTRICT, path=f"{code}/", boundary=district.boundary
        )
    return root


class Placer:
    """Places rows; reads areas, streets and segments once (3 queries)."""

    def __init__(self) -> None:
        self.root = root_area()
        areas = sorted(Area.objects.all(), key=lambda area: -DEPTH[Area.Kind(area.kind)])
        self.by_name = {("", name_key(area.name)): area for area in reversed(areas)}
        self.by_name |= {(area.kind, _short(area.name)): area for area in areas}
        self.bounded = [(area, _polygon(area.boundary)) for area in areas if area.boundary and area.kind != Area.Kind.DISTRICT]
        self.segments = list(Segment.objects.select_related("street", "area"))
        self.area_of_street = self._areas_of_streets(areas)
        names = sorted(self.area_of_street, key=len, reverse=True)
        self.streets = re.compile("|".join(map(re.escape, names))) if names else None
        self._index()

    def place(self, fields: Mapping[str, str]) -> Place:
        """Place one row by its understood fields; positions in shifted coordinates are brought to WGS-84."""
        lon = lat = None
        segment, side, along = None, "", None
        if position := wgs84(fields):
            lon, lat = position
            segment, side, along = self._beside(lon, lat)
        area = self._named(fields) or self._around(lon, lat) or (segment.area if segment else None) or self._by_street(fields)
        return Place(area or self.root, lon, lat, geo.cell_of(lon, lat) if lon is not None else None, segment, side, along)

    def _named(self, fields: Mapping[str, str]) -> Area | None:
        for column, kinds in (("community", ["community"]), ("area", ["street", "community"])):
            name = fields.get(column, "")
            ways = [("", name_key(OFFICE.sub("", name))), *((kind, _short(name)) for kind in kinds)] if name else []
            for way in ways:
                area = self.by_name.get(way)
                if area and area.kind != Area.Kind.DISTRICT:
                    return area
        return None

    def _around(self, lon: float | None, lat: float | None) -> Area | None:
        if lon is None:
            return None
        point = shapely.Point(lon, lat)
        return next((area for area, polygon in self.bounded if polygon.covers(point)), None)

    def _by_street(self, fields: Mapping[str, str]) -> Area | None:
        address = address_key(fields.get("address", ""))
        found = self.streets.search(address) if self.streets and address else None
        return self.area_of_street[found.group()] if found else None

    def _areas_of_streets(self, areas: list[Area]) -> dict[str, Area]:
        """A street's name, or an area's own, when it stands in an address; a street in several areas says nothing."""
        seen: dict[str, set] = {}
        for segment in self.segments:
            seen.setdefault(name_key(segment.street.name), set()).add(segment.area_id)
        by_id = {area.pk: area for area in areas}
        found = {name: by_id[next(iter(ids))] for name, ids in seen.items() if len(ids) == 1 and len(name) >= 2}
        found |= {
            name_key(area.name): area for area in reversed(areas) if area.kind != Area.Kind.DISTRICT and len(area.name) >= 3
        }
        return found

    def _index(self) -> None:
        self.tree = None
        if self.segments:
            lon, lat = self.segments[0].line[0][:2]
            self.east, self.north = geo.metres_per_degree(lat)
            self.origin = (lon, lat)
            self.tree = shapely.STRtree(
                [shapely.LineString([self._plane(*point[:2]) for point in one.line]) for one in self.segments]
            )

    def _plane(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.origin[0]) * self.east, (lat - self.origin[1]) * self.north

    def _beside(self, lon: float, lat: float) -> tuple[Segment | None, str, Decimal | None]:
        if self.tree is None:
            return None, "", None
        near = self.tree.query_nearest(shapely.Point(self._plane(lon, lat)), max_distance=NEAR_M * 1.05)
        if not len(near):
            return None, "", None
        segment = self.segments[int(near[0])]
        distance, along, side = geo.locate(segment.line, lon, lat)
        return (segment, side, Decimal(str(round(along, 2)))) if distance <= NEAR_M else (None, "", None)


def wgs84(fields: Mapping[str, str]) -> tuple[float, float] | None:
    """The position a row gives, as (lon, lat) in WGS-84 whatever system it was written in; None if it gives none."""
    if not fields.get("lon"):
        return None
    given = float(fields["lon"]), float(fields["lat"])
    lon, lat = TO_WGS84.get(fields.get("coordinates", ""), lambda *pair: pair)(*given)
    return round(lon, 7), round(lat, 7)


def streets_named_in(address: str) -> list[Street]:
    """The streets of the district whose names stand in an address, the longest name first (1 query)."""
    folded = address_key(address)
    return sorted((one for one in Street.objects.all() if name_key(one.name) in folded), key=lambda one: -len(one.name))


def _short(name: str) -> str:
    """A name without the words for its kind."""
    return OFFICE.sub("", name_key(name)).removesuffix("街道").removesuffix("社区").removesuffix("镇")


def _polygon(boundary: list) -> shapely.Polygon:
    rings = boundary if isinstance(boundary[0][0], list | tuple) else [boundary]
    polygon = shapely.Polygon(rings[0], rings[1:])
    shapely.prepare(polygon)
    return polygon
