"""Where the invented district lies: real street lines cut into pieces, shared out among street offices and communities. Pure geometry.

The lines are © OpenStreetMap contributors (ODbL 1.0), see `roads.json`; areas, boundary and everything on them are invented.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path

import shapely
from shapely.ops import substring

from sanbao.core import geo

ROADS = Path(__file__).with_name("roads.json")
METRES_A_DEGREE = 111_320.0
SHORTEST, LONGEST = 42.0, 260.0
COMMUNITIES_A_STREET = 3
MARGIN_M = 140.0
Line = list[list[float]]


@dataclass(frozen=True)
class Piece:
    """One stretch of a street between two cuts; `number` counts along the street."""

    street: str
    number: int
    line: Line
    length: float
    middle: tuple[float, float]
    community: str = ""


@dataclass(frozen=True)
class Patch:
    """An area to be made: its place in the tree by code, and its ring of [lon, lat]."""

    code: str
    ring: Line = field(default_factory=list)


@lru_cache(maxsize=1)
def _roads() -> list[dict]:
    return json.loads(ROADS.read_text("utf-8"))["streets"]


def attribution() -> str:
    """Whose lines these are."""
    return json.loads(ROADS.read_text("utf-8"))["attribution"]


def pieces(longest: float) -> list[Piece]:
    """Every street's longest line cut into pieces of at most `longest` metres, the nearest to the centre first."""
    centre = _middle_of(_main_line(_roads()[0]))
    found = [piece for road in _roads() for piece in _cut(road["name"], _main_line(road), longest)]
    return sorted(found, key=lambda piece: geo.metres_between(*centre, *piece.middle))


def _main_line(road: dict) -> Line:
    return max(road["lines"], key=geo.line_length)


def _middle_of(line: Line) -> tuple[float, float]:
    return geo.point_along(line, geo.line_length(line) / 2)


def _cut(street: str, line: Line, longest: float) -> list[Piece]:
    length = geo.line_length(line)
    count = max(1, round(length / longest))
    whole = shapely.LineString(line)
    found = []
    for number in range(count):
        # Cut by share of the line's own length in degrees; the metres are measured afterwards.
        part = substring(whole, number / count, (number + 1) / count, normalized=True)
        points = [[round(x, 6), round(y, 6)] for x, y in part.coords]
        found.append(Piece(street, number + 1, points, geo.line_length(points), _middle_of(points)))
    return found


def piece_length(fronts: int) -> float:
    """How long pieces should be so that a small district, too, has a dozen of them."""
    return min(max(fronts * 7.4 / 2 / 14, SHORTEST), LONGEST)


def share_out(used: Sequence[Piece], district: str) -> tuple[list[Piece], list[Patch], Line]:
    """Give every piece its community (code); the patches of the four street offices and their communities, and the boundary."""
    box = _Box(used)
    patches: list[Patch] = []
    owner: dict[tuple[str, int], str] = {}
    for number, (area, mine) in enumerate(_quarters(box, list(used)), start=1):
        street = f"{district}{number:03d}"
        patches.append(Patch(street, box.ring(area)))
        for place, (part, inside) in enumerate(_slices(box, area, mine), start=1):
            code = f"{street}{place:03d}"
            patches.append(Patch(code, box.ring(part)))
            owner |= {(piece.street, piece.number): code for piece in inside}
    return [replace(piece, community=owner[piece.street, piece.number]) for piece in used], patches, box.ring(box.hull)


class _Box:
    """The used pieces on a plane in metres, and the rounded hull around them."""

    def __init__(self, used: Sequence[Piece]) -> None:
        self.lon, self.lat = used[0].middle
        self.east = METRES_A_DEGREE * cos(radians(self.lat))
        lines = [shapely.LineString([self.to(*point) for point in piece.line]) for piece in used]
        self.hull = shapely.unary_union(lines).convex_hull.buffer(MARGIN_M, quad_segs=6)

    def to(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.lon) * self.east, (lat - self.lat) * METRES_A_DEGREE

    def ring(self, shape: shapely.Polygon) -> Line:
        return [[round(self.lon + x / self.east, 6), round(self.lat + y / METRES_A_DEGREE, 6)] for x, y in shape.exterior.coords]

    def clip(self, shape: shapely.Polygon, axis: int, low: float, high: float) -> shapely.Polygon:
        west, south, east, north = shape.bounds
        frame = (low, south, high, north) if axis == 0 else (west, low, east, high)
        return shapely.intersection(shape, shapely.box(*frame))


def _split(
    box: _Box, area: shapely.Polygon, inside: list[Piece], axis: int, parts: int
) -> list[tuple[shapely.Polygon, list[Piece]]]:
    """Cut an area across one axis so that every part holds about as many pieces."""
    ordered = sorted(inside, key=lambda piece: (box.to(*piece.middle)[axis], piece.street, piece.number))
    bounds = [round(len(ordered) * share / parts) for share in range(parts + 1)]
    groups = [ordered[bounds[n] : bounds[n + 1]] for n in range(parts)]
    low, high = area.bounds[axis], area.bounds[axis + 2]
    cuts = [low]
    for number, (before, after) in enumerate(pairwise(groups), start=1):
        even = low + (high - low) * number / parts
        cut = (box.to(*before[-1].middle)[axis] + box.to(*after[0].middle)[axis]) / 2 if before and after else even
        # Pieces of one straight street share a coordinate; a part is never narrower than a twentieth.
        least = (high - low) / 20
        cuts.append(min(max(cut, cuts[-1] + least), high - least * (parts - number)))
    cuts.append(high)
    return [(box.clip(area, axis, cuts[n], cuts[n + 1]), groups[n]) for n in range(parts)]


def _quarters(box: _Box, used: list[Piece]) -> list[tuple[shapely.Polygon, list[Piece]]]:
    halves = _split(box, box.hull, used, 0, 2)
    return [quarter for half, mine in halves for quarter in _split(box, half, mine, _spread(box, mine), 2)]


def _slices(box: _Box, area: shapely.Polygon, inside: list[Piece]) -> list[tuple[shapely.Polygon, list[Piece]]]:
    return _split(box, area, inside, _spread(box, inside), COMMUNITIES_A_STREET)


def _spread(box: _Box, inside: list[Piece]) -> int:
    """The axis along which the pieces lie farther apart."""
    places = [box.to(*piece.middle) for piece in inside] or [(0.0, 0.0)]
    wide, high = (max(axis) - min(axis) for axis in zip(*places, strict=True))
    return 0 if wide > high else 1
