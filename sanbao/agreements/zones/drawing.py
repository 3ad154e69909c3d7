"""The drawing of a zone: a plan seen from above, the front at the top, as an SVG for letters, phones, the console and door plates. Pure.

It stands in the language at work (papers set Chinese first). Along the street it is to scale; across it is a scheme with the metres written
in, because a pavement of three metres beside a front of thirty would be a line. No style sheet, script, font file or identifier is needed.
"""

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext

from sanbao.agreements.zones.queries import END, FRONT, Neighbour, Zone
from sanbao.agreements.zones.rules import CENTRE_LINE, Depth
from sanbao.agreements.zones.tiling import NOBODY

WIDTH, HEIGHT = 420, 388
EDGE = 20
HOUSE, WALL, KERB, MIDDLE, FOOT = 46, 104, 204, 290, 322
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
INK, QUIET, GREEN, PALE, BLUE, STONE, ROAD, AMBER = (
    "#1d2421", "#56625c", "#1f6b4a", "#d5eadd", "#2a5f9e", "#f2f1ec", "#e4e6e6", "#8a5a00",
)  # fmt: skip
LEAST_MARGIN_M, MARGIN_SHARE = 5.0, 0.3
STEPS = (1, 2, 5, 10, 20, 50, 100)


def shown(found: Iterable[Zone]) -> list[dict[str, Any]]:
    """Zones for a page or a paper: `drawing` (SVG) and `lines` (the same in sentences) of each."""
    return [{"drawing": svg(zone), "lines": sentences(zone)} for zone in found]


def svg(zone: Zone) -> str:
    """The drawing of one zone as an SVG element with a title; 420 × 388 units, made for white paper."""
    plan = _Plan(zone)
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *plan.ground(),
        *plan.houses(),
        *plan.zones(),
        *plan.measures(),
        *plan.frame(),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img"'
    return f'{head} font-family="{FONT}" font-size="14"><title>{escape(title(zone))}</title>{"".join(parts)}</svg>'


def title(zone: Zone) -> str:
    """The place of a zone in one line."""
    values = {
        "street": zone.street,
        "number": zone.number,
        "start": _m(zone.start),
        "end": _m(zone.end),
        "metres": _m(zone.length),
    }
    if zone.side == "left":
        return gettext("%(street)s, segment %(number)s, left side, from %(start)s m to %(end)s m: %(metres)s m long") % values
    return gettext("%(street)s, segment %(number)s, right side, from %(start)s m to %(end)s m: %(metres)s m long") % values


def sentences(zone: Zone) -> list[str]:
    """What the drawing says, for those who cannot see it and for the paper: place, neighbours, depth, snow, facade, and what is special."""
    neighbours = {"left": _neighbour(zone.left), "right": _neighbour(zone.right)}
    found = [
        title(zone),
        gettext("Facing the front: on the left %(left)s, on the right %(right)s") % neighbours,
        gettext("Outwards: %(depth)s") % {"depth": depth_text(zone.depth)},
    ]
    if zone.snow:
        found.append(gettext("Snow: %(depth)s") % {"depth": depth_text(zone.snow)})
    if zone.facade:
        found.append(gettext("The facade of the front belongs to the zone"))
    if zone.alone:
        found.append(gettext("The building stands alone: the zone lies on all its sides"))
    if zone.shared_with:
        found.append(gettext("Shared with: %(names)s") % {"names": "、".join(zone.shared_with)})
    if zone.decided:
        found.append(gettext("A boundary or depth was decided on the spot"))
    if zone.provisional:
        found.append(gettext("Provisional: the district has not chosen its rule for zones yet"))
    return found


def depth_text(depth: Depth) -> str:
    """How far out, in words; the metres where they are known."""
    if depth.cm is None:
        if depth.to == CENTRE_LINE:
            return gettext("from the wall to the centre line of the road (not measured yet)")
        return gettext("from the wall to the kerb (not measured yet)")
    values = {"metres": _m(Decimal(depth.cm) / 100)}
    if depth.decided:
        return gettext("%(metres)s m from the wall, decided on the spot") % values
    if depth.to == CENTRE_LINE:
        return gettext("from the wall to the centre line of the road, %(metres)s m") % values
    if depth.to == "fixed":
        return gettext("%(metres)s m from the wall") % values
    return gettext("from the wall to the kerb, %(metres)s m") % values


class _Plan:
    """Where everything of one drawing goes; x runs as one sees it facing the front."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        length = float(zone.length)
        self.margin = max(LEAST_MARGIN_M, length * MARGIN_SHARE)
        self.scale = (WIDTH - 2 * EDGE) / (length + 2 * self.margin)
        # On the right side one looks against the walking direction, so metres run from right to left.
        self.mirrored = zone.side == "right"
        self.low, self.high = self.x(zone.start), self.x(zone.end)
        if self.mirrored:
            self.low, self.high = self.high, self.low
        to_middle = zone.depth.to == CENTRE_LINE
        self.kerb = WALL if to_middle else KERB
        self.out = MIDDLE if to_middle else KERB

    def x(self, at: Decimal) -> float:
        along = float(at - self.zone.start) + self.margin
        if self.mirrored:
            along = float(self.zone.length) + 2 * self.margin - along
        return EDGE + along * self.scale

    def ground(self) -> list[str]:
        """Pavement, kerb, road to its centre line, and the name of the street with the walking direction."""
        arrow = "←" if self.mirrored else "→"
        width = WIDTH - 2 * EDGE
        pavement = [] if self.kerb == WALL else [
            f'<rect x="{EDGE}" y="{WALL}" width="{width}" height="{KERB - WALL}" fill="{STONE}"/>',
            _text(EDGE + 4, KERB - 8, gettext("pavement"), QUIET, 12, "start"),
        ]  # fmt: skip
        return [
            *pavement,
            f'<rect x="{EDGE}" y="{self.kerb}" width="{width}" height="{FOOT - self.kerb}" fill="{ROAD}"/>',
            f'<path d="M{EDGE} {self.kerb}H{WIDTH - EDGE}" stroke="{INK}" stroke-width="2.5"/>',
            f'<path d="M{EDGE} {MIDDLE}H{WIDTH - EDGE}" stroke="{QUIET}" stroke-width="1.5" stroke-dasharray="14 9"/>',
            _text(EDGE + 4, MIDDLE - 6, gettext("centre line"), QUIET, 12, "start"),
            _text(WIDTH / 2, FOOT - 9, f"{self.zone.street}  {arrow}", INK, 16, weight=600),
        ]

    def houses(self) -> list[str]:
        """The front itself, and to both sides what lies there."""
        zone = self.zone
        ends = sorted((self.x(zone.front[0]), self.x(zone.front[1])))
        own = [
            f'<rect x="{ends[0]:.1f}" y="{HOUSE}" width="{ends[1] - ends[0]:.1f}" height="{WALL - HOUSE}" fill="#ffffff" stroke="{INK}"/>',
            _text((ends[0] + ends[1]) / 2, (HOUSE + WALL) / 2 + 5, _fit(zone.name, ends[1] - ends[0], 16), INK, 16, weight=600),
        ]
        beside = _house(zone.left, EDGE, min(self.low, ends[0])) + _house(zone.right, max(self.high, ends[1]), WIDTH - EDGE)
        return beside + own

    def zones(self) -> list[str]:
        """The hygiene zone, the snow zone out to the centre line, and the facade."""
        low, wide = f"{self.low:.1f}", f"{self.high - self.low:.1f}"
        found = []
        if self.zone.snow and self.out != MIDDLE:
            found += [
                f'<rect x="{low}" y="{WALL}" width="{wide}" height="{MIDDLE - WALL}" fill="none" stroke="{BLUE}" stroke-width="2"'
                ' stroke-dasharray="7 5"/>',
                _text(
                    (self.low + self.high) / 2,
                    (KERB + MIDDLE) / 2 + 5,
                    _fit(self.snow_words(), self.high - self.low, 13),
                    BLUE,
                    13,
                ),
            ]
        found.append(
            f'<rect x="{low}" y="{WALL}" width="{wide}" height="{self.out - WALL}" fill="{PALE}" fill-opacity="0.85" stroke="{GREEN}"'
            ' stroke-width="2.5"/>'
        )
        words = _fit(gettext("responsibility zone"), self.high - self.low, 15)
        found.append(_text((self.low + self.high) / 2, (WALL + self.out) / 2 + 4, words, GREEN, 15, weight=600))
        if self.zone.facade:
            found.append(f'<path d="M{low} {WALL}H{self.high:.1f}" stroke="{GREEN}" stroke-width="6"/>')
        return found

    def snow_words(self) -> str:
        """The snow zone in the fewest words, with its metres where they are known."""
        depth = self.zone.snow
        if depth is None or depth.cm is None:
            return gettext("snow: to the centre line")
        return gettext("snow: %(metres)s m") % {"metres": _m(Decimal(depth.cm) / 100)}

    def measures(self) -> list[str]:
        """The length along the street and the depth across it, as dimension lines."""
        zone, y = self.zone, WALL + 20
        length = gettext("%(metres)s m") % {"metres": _m(zone.length)}
        depth = gettext("%(metres)s m") % {"metres": _m(Decimal(zone.depth.cm) / 100)} if zone.depth.cm is not None else ""
        along = [_dimension(self.low, y, self.high, y), _text((self.low + self.high) / 2, y - 4, length, INK, 14, halo=True)]
        x = self.high + 12
        across = [_dimension(x, WALL, x, self.out), _text(x + 6, (WALL + self.out) / 2 + 5, depth, INK, 14, "start", halo=True)]
        return along + (across if depth else [])

    def frame(self) -> list[str]:
        """The place in words, the scale, the north arrow where the line tells the direction, and what is provisional."""
        zone = self.zone
        step = max((each for each in STEPS if each * self.scale <= 90), default=STEPS[0])
        scale = gettext("%(metres)s m along; across no scale") % {"metres": step}
        y, end = HEIGHT - 24, EDGE + step * self.scale
        found = [
            _text(EDGE, 22, _fit(title(zone), WIDTH - EDGE, 14), INK, 14, "start"),
            f'<path d="M{EDGE} {y}H{end:.1f}M{EDGE} {y - 5}v10M{end:.1f} {y - 5}v10" stroke="{INK}" stroke-width="1.5" fill="none"/>',
            _text(end + 10, y + 5, scale, QUIET, 12, "start"),
        ]
        if zone.provisional:
            found.append(_text(WIDTH - EDGE - 44, y + 5, gettext("provisional"), AMBER, 14, "end", weight=600))
        return found + _north(zone)


def _house(neighbour: Neighbour, start: float, end: float) -> list[str]:
    """What lies beside the zone along the building line."""
    if end - start < 4:
        return []
    words = _fit(_neighbour(neighbour), end - start, 13)
    dash = "" if neighbour.kind == FRONT else ' stroke-dasharray="4 4"'
    fill = "#eeefed" if neighbour.kind == FRONT else "none"
    return [
        f'<rect x="{start:.1f}" y="{HOUSE}" width="{end - start:.1f}" height="{WALL - HOUSE}" fill="{fill}" stroke="#a5aca8"{dash}/>',
        _text((start + end) / 2, (HOUSE + WALL) / 2 + 5, words, QUIET, 13),
    ]


def _neighbour(neighbour: Neighbour) -> str:
    if neighbour.kind == END:
        return gettext("the end of the segment")
    if neighbour.kind == NOBODY:
        return gettext("no zone")
    return neighbour.name or gettext("no fronts")


def _north(zone: Zone) -> list[str]:
    """An arrow to the north: up on the drawing is away from the road, through the front."""
    if zone.bearing is None:
        return []
    up = zone.bearing - 90 if zone.side == "left" else zone.bearing + 90
    turn, x, y = -up % 360, WIDTH - EDGE - 18, HEIGHT - 32
    lean = math.radians(turn)
    word = _text(x + 19 * math.sin(lean), y - 19 * math.cos(lean) + 4, gettext("N"), INK, 12, weight=600)
    return [f'<path d="M0 -13L5 11L0 6L-5 11Z" fill="{INK}" transform="translate({x} {y}) rotate({turn:.0f})"/>', word]


def _dimension(x: float, y: float, to_x: float, to_y: float) -> str:
    """A line with a short stroke at either end."""
    tick = "v10" if y == to_y else "h10"
    back = (0, -5) if y == to_y else (-5, 0)
    marks = "".join(f"M{at_x + back[0]:.1f} {at_y + back[1]:.1f}{tick}" for at_x, at_y in ((x, y), (to_x, to_y)))
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}{marks}" stroke="{INK}" stroke-width="1.2" fill="none"/>'


def _text(
    x: float, y: float, words: str, fill: str, size: int, anchor: str = "middle", *, weight: int = 400, halo: bool = False
) -> str:
    if not words:
        return ""
    outline = ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}" font-weight="{weight}"'
    return f"<text {place}{outline}>{escape(words)}</text>"


def _fit(words: str, width: float, size: int) -> str:
    """The words, cut with an ellipsis where they are too long for `width`; a Chinese character is one em, other letters half."""
    room = width - 8
    if _pixels(words, size) <= room:
        return words
    for length in range(len(words) - 1, 0, -1):
        if _pixels(words[:length] + "…", size) <= room:
            return words[:length] + "…"
    return ""


def _pixels(words: str, size: int) -> float:
    return sum(size if ord(letter) > 0x2E80 else size * 0.56 for letter in words)


def _m(metres: Decimal) -> str:
    """Metres without needless zeros."""
    return f"{metres:.2f}".rstrip("0").rstrip(".")
