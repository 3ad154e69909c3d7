"""Two points of a pair of records on a small plan to scale, north up: A and B, the distance, and a bar of round metres."""

from dataclasses import dataclass

from sanbao.core import geo

WIDTH, HEIGHT, EDGE = 240.0, 130.0, 28.0
LEAST_M, MOST_M = 20.0, 5_000.0
ROUND = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)
Position = tuple[float, float]


@dataclass(frozen=True)
class PairPicture:
    """Where A and B stand (units of the drawing), how far apart they are, and the bar: its length in metres and in units."""

    a: tuple[float, float]
    b: tuple[float, float]
    metres: int
    bar_m: int
    bar: float


def metres_apart(a: Position | None, b: Position | None) -> int | None:
    """The whole metres between two positions (lon, lat in WGS-84), or None where one is missing."""
    return round(geo.metres_between(*a, *b)) if a and b else None


def picture(a: Position | None, b: Position | None) -> PairPicture | None:
    """The plan, or None where a position is missing or they are too far apart for one."""
    metres = metres_apart(a, b)
    if a is None or b is None or metres is None or metres > MOST_M:
        return None
    east, north = geo.metres_per_degree((a[1] + b[1]) / 2)
    across, up = (b[0] - a[0]) * east / 2, (b[1] - a[1]) * north / 2
    scale = min((WIDTH / 2 - EDGE) / max(abs(across), LEAST_M), (HEIGHT / 2 - EDGE) / max(abs(up), LEAST_M / 2))
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2 - 6
    bar_m = max((one for one in ROUND if one * scale <= WIDTH / 2), default=ROUND[0])
    return PairPicture(
        (round(middle_x - across * scale, 1), round(middle_y + up * scale, 1)),
        (round(middle_x + across * scale, 1), round(middle_y - up * scale, 1)),
        metres,
        bar_m,
        round(bar_m * scale, 1),
    )
