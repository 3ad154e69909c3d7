"""Where every line and letter of the street strip goes. Knows pixels and words; what stands on which metre is `agreements.strip`.

One unit of the drawing is one CSS pixel at natural size. All coordinates are strings, so that no locale changes their decimal point.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanbao.agreements import coverage
from sanbao.agreements.strip import GAP, NO_FRONTS, OVERLAP, Front, Layout, Piece, Strip

WIDTH, MARGIN = 1120, 6
HEIGHT = 176
BAR = 40
LEFT_TOP, ROAD_TOP, RIGHT_TOP = 18, 62, 90
ROAD = 24
RULER = 148
NAME_PX, WORD_PX, PAD = 12, 10, 5
LEAST_SCALE, MOST_SCALE = 1.5, 14.0
HOUSE_NUMBER = re.compile(r"(\d+(?:[-－—之附]\d+)*(?:号)?(?:附\d+号?)?)(?!.*\d)")
WIDE = frozenset("WF")

SHORT = {
    coverage.SIGNED: _("signed"),
    coverage.OLD_TEXT: _("old text"),
    coverage.UNSIGNED: _("unsigned"),
    coverage.OPERATOR_CHANGED: _("new operator"),
    coverage.VACANT: _("vacant"),
    coverage.EXEMPT: _("exempt"),
    coverage.UNKNOWN: "?",
    GAP: _("gap"),
    OVERLAP: _("overlap"),
    NO_FRONTS: _("no fronts on this side"),
}
LEGEND = (
    *((kind, coverage.LABELS[kind]) for kind in (*coverage.KINDS[:4], coverage.UNKNOWN, *coverage.KINDS[4:])),
    (GAP, _("gap: nothing recorded")),
    (OVERLAP, _("overlap: claimed twice")),
)


@dataclass(frozen=True)
class Box:
    """One drawn piece: place, class, link, the words that fit and the sentence on hover."""

    kind: str
    x: str
    y: int
    width: str
    middle: str
    title: str
    url: str = ""
    name: str = ""
    word: str = ""
    number: str = ""


@dataclass(frozen=True)
class Picture:
    """A strip ready to be drawn; `scale` is pixels per metre."""

    strip: Strip
    width: int
    scale: float
    title: str
    boxes: list[Box]
    ticks: list[tuple[str, str]]
    end: str
    road: str
    alarms: list[str]


def picture(strip: Strip, scale: float | None = None) -> Picture:
    """Draw one strip; without a `scale` it fills the width of a page."""
    scale = scale or scale_for([strip])
    length = float(strip.length)
    boxes = [box for side, top in (("left", LEFT_TOP), ("right", RIGHT_TOP)) for box in _boxes(getattr(strip, side), top, scale)]
    step = next(step for step in (10, 20, 50, 100, 200, 500) if step * scale >= 44 or step == 500)
    ticks = [(_at(metre, scale), str(metre)) for metre in range(0, int(length) + 1, step)]
    values = {"street": strip.segment.street.name, "number": strip.segment.number, "metres": _metres(strip.length)}
    title = gettext("%(street)s, segment %(number)s, %(metres)s m") % values
    width = round(length * scale) + 2 * MARGIN
    return Picture(strip, width, scale, title, boxes, ticks, _at(length, scale), f"{length * scale:.1f}", list(_alarms(strip)))


def pictures(strips: Sequence[Strip]) -> list[Picture]:
    """Draw many strips to one scale, so that their lengths compare."""
    scale = scale_for(strips)
    return [picture(strip, scale) for strip in strips]


def scale_for(strips: Iterable[Strip]) -> float:
    """Pixels per metre at which the longest of the strips fills the page."""
    longest = max((float(strip.length) for strip in strips), default=1.0)
    return min(max((WIDTH - 2 * MARGIN) / longest, LEAST_SCALE), MOST_SCALE)


def _boxes(layout: Layout, top: int, scale: float) -> Iterable[Box]:
    for piece in layout.pieces:
        width = float(piece.metres) * scale
        front: Front | None = piece.front if piece.kind not in (GAP, OVERLAP, NO_FRONTS) else None
        yield Box(
            kind=piece.kind,
            x=_at(piece.start, scale),
            y=top,
            width=f"{width:.1f}",
            middle=f"{MARGIN + float(piece.start) * scale + width / 2:.1f}",
            title=_title(piece, front),
            url=_url(front) if front else "",
            name=_fitting(_name(front), width, NAME_PX) if front else "",
            word=_whole(str(SHORT[piece.kind]), width, WORD_PX),
            number=_whole(_house_number(front.address), width, WORD_PX) if front else "",
        )


def _title(piece: Piece, front: Front | None) -> str:
    values: dict[str, Any] = {
        "state": coverage.LABELS.get(piece.kind, SHORT[piece.kind]),
        "start": _metres(piece.start),
        "end": _metres(piece.end),
        "metres": _metres(piece.metres),
    }
    if front is None:
        return gettext("%(state)s: from %(start)s m to %(end)s m (%(metres)s m)") % values
    values |= {"name": _name(front) or front.address, "address": front.address, "occupant": front.occupant or "—"}
    if front.letter is None:
        return gettext("%(name)s · %(address)s · %(state)s · operator: %(occupant)s · %(start)s–%(end)s m") % values
    values["until"] = front.letter.term_until.isoformat()
    return (
        gettext("%(name)s · %(address)s · %(state)s · operator: %(occupant)s · letter until %(until)s · %(start)s–%(end)s m")
        % values
    )


def _alarms(strip: Strip) -> Iterable[str]:
    """What keeps the strip from being complete, in words."""
    if strip.gap_metres:
        yield gettext("%(metres)s m with nothing recorded") % {"metres": _metres(strip.gap_metres)}
    if strip.overlap_metres:
        yield gettext("%(metres)s m claimed twice") % {"metres": _metres(strip.overlap_metres)}
    if strip.unplaced:
        yield gettext("fronts without a place on the street: %(number)s") % {"number": len(strip.unplaced)}
    beyond = len(strip.left.beyond) + len(strip.right.beyond)
    if beyond:
        yield gettext("fronts that reach beyond the end of the segment: %(number)s") % {"number": beyond}


def _url(front: Front) -> str:
    return reverse("console:premises_letters", args=[front.pk])


def _name(front: Front) -> str:
    return front.sign_name or front.occupant


def _house_number(address: str) -> str:
    found = HOUSE_NUMBER.search(address)
    return found.group(1) if found else ""


def _at(metres: Decimal | float, scale: float) -> str:
    return f"{MARGIN + float(metres) * scale:.1f}"


def _metres(metres: Decimal) -> str:
    return f"{metres:.1f}".removesuffix(".0")


def _pixels(text: str, size: int) -> float:
    """How wide a line of text is drawn, estimated: a Chinese character is one em, other letters a little over half."""
    return sum(size if unicodedata.east_asian_width(letter) in WIDE else size * 0.58 for letter in text)


def _whole(text: str, width: float, size: int) -> str:
    """The text if all of it fits."""
    return text if _pixels(text, size) + PAD <= width else ""


def _fitting(text: str, width: float, size: int) -> str:
    """The text, cut with an ellipsis where at least two characters of it fit."""
    if _pixels(text, size) + PAD <= width:
        return text
    for length in range(len(text) - 1, 1, -1):
        if _pixels(text[:length] + "…", size) + PAD <= width:
            return text[:length] + "…"
    return ""
