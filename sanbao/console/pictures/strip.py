"""Where every line and letter of the street strip goes. Knows pixels and words; what stands on which metre is `agreements.strip`.

One unit of the drawing is one CSS pixel at natural size. All coordinates are strings, so that no locale changes their decimal point.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanbao.agreements import coverage
from sanbao.agreements.strip import EXPLAINED, GAP, NO_FRONTS, OVERLAP, Front, Piece, Strip
from sanbao.agreements.zones import tiling

WIDTH, MARGIN, LAST_LABEL = 1120, 6, 14
HEIGHT = 176
BAR = 40
LEFT_TOP, ROAD_TOP, RIGHT_TOP = 18, 62, 90
ROAD = 24
RULER = 148
NAME_PX, WORD_PX, PAD = 12, 10, 5
LEAST_SCALE, MOST_SCALE = 1.5, 14.0
HOUSE_NUMBER = re.compile(r"(\d+(?:[-－—之附]\d+)*(?:号)?(?:附\d+号?)?)(?!.*\d)")
WIDE = frozenset("WFA")
NOBODY = UUID(int=0)
UNMARKED = (coverage.SIGNED, coverage.UNKNOWN, NO_FRONTS)

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
    EXPLAINED: _("no front here"),
}
LEGEND = (
    *((kind, coverage.LABELS[kind]) for kind in (*coverage.KINDS[:4], coverage.UNKNOWN, *coverage.KINDS[4:])),
    (EXPLAINED, _("no front here, with the reason")),
    (GAP, _("gap: nothing recorded")),
    (OVERLAP, _("overlap: claimed twice")),
)


@dataclass(frozen=True)
class Picture:
    """A strip ready to be drawn; `scale` is pixels per metre."""

    strip: Strip
    width: int
    scale: float
    title: str
    pieces: SafeString
    zones: SafeString
    ruler: SafeString
    end: str
    road: str
    alarms: list[str]


def picture(strip: Strip, scale: float | None = None) -> Picture:
    """Draw one strip; without a `scale` it fills the width of a page."""
    scale = scale or scale_for([strip])
    length = float(strip.length)
    words = Words()
    drawn = [
        _piece(piece, top, scale, words)
        for top, side in ((LEFT_TOP, strip.left), (RIGHT_TOP, strip.right))
        for piece in side.pieces
    ]
    values = {"street": strip.segment.street.name, "number": strip.segment.number, "metres": _metres(strip.length)}
    title = gettext("%(street)s, segment %(number)s, %(metres)s m") % values
    width = round(length * scale) + 2 * MARGIN + LAST_LABEL
    return Picture(
        strip,
        width,
        scale,
        title,
        mark_safe("".join(drawn)),  # nosec B308, B703
        mark_safe(_bands(strip, scale)),  # nosec B308, B703
        mark_safe(_ruler(int(length), scale)),  # nosec B308, B703
        _at(length, scale),
        f"{length * scale:.1f}",
        list(_alarms(strip)),
    )


def pictures(strips: Sequence[Strip]) -> list[Picture]:
    """Draw many strips to one scale, so that their lengths compare."""
    scale = scale_for(strips)
    return [picture(strip, scale) for strip in strips]


def scale_for(strips: Iterable[Strip]) -> float:
    """Pixels per metre at which the longest of the strips fills the page."""
    longest = max((float(strip.length) for strip in strips), default=1.0)
    return min(max((WIDTH - 2 * MARGIN - LAST_LABEL) / longest, LEAST_SCALE), MOST_SCALE)


class Words:
    """The words of a picture in the reader's language, looked up once for all its pieces."""

    def __init__(self) -> None:
        self.short = {kind: str(label) for kind, label in SHORT.items()}
        self.long = self.short | {kind: str(label) for kind, label in coverage.LABELS.items()}
        self.bare = gettext("%(state)s: from %(start)s m to %(end)s m (%(metres)s m)")
        self.front = gettext("%(name)s · %(address)s · %(state)s · operator: %(occupant)s · %(start)s–%(end)s m")
        self.signed = gettext(
            "%(name)s · %(address)s · %(state)s · operator: %(occupant)s · letter until %(until)s · %(start)s–%(end)s m"
        )
        self.address = reverse("console:premises_letters", args=[NOBODY])

    def of(self, piece: Piece) -> str:
        """The word on a piece: its state, or why nothing fronts there."""
        return str(piece.front.get_reason_code_display()) if piece.kind == EXPLAINED else self.short[piece.kind]

    def title(self, piece: Piece, front: Front | None) -> str:
        """The sentence on hover."""
        state = self.of(piece) if piece.kind == EXPLAINED else self.long[piece.kind]
        values = {"state": state, "start": _metres(piece.start), "end": _metres(piece.end)}
        if front is None:
            return self.bare % (values | {"metres": _metres(piece.metres)})
        values |= {"name": _name(front) or front.address, "address": front.address, "occupant": front.occupant or "—"}
        if front.letter_until is None:
            return self.front % values
        return self.signed % (values | {"until": front.letter_until.isoformat()})

    def link(self, front: Front) -> str:
        """The address of the front's page."""
        return self.address.replace(str(NOBODY), str(front.pk))


def _piece(piece: Piece, top: int, scale: float, words: Words) -> str:
    """One piece as SVG: the bar, its pattern, the words that fit, the title; a link where a front stands."""
    front: Front | None = piece.front if piece.kind not in (GAP, OVERLAP, NO_FRONTS, EXPLAINED) else None
    x, width = MARGIN + float(piece.start) * scale, float(piece.metres) * scale
    middle = f'x="{x + width / 2:.1f}"'
    box = f'x="{x:.1f}" y="{top}" width="{width:.1f}" height="{BAR}"'
    name = _fitting(_name(front), width, NAME_PX) if front else ""
    word = _whole(words.of(piece), width, WORD_PX)
    number = _whole(_house_number(front.address), width, WORD_PX) if front else ""
    texts = [
        f'<text class="strip-shop" {middle} y="{top + 17}">{escape(name)}</text>' if name else "",
        f'<text class="strip-word" {middle} y="{top + (33 if name else 24)}">{escape(word)}</text>' if word else "",
        f'<text class="strip-number" {middle} y="{top + (-5 if top == LEFT_TOP else BAR + 11)}">{escape(number)}</text>'
        if number
        else "",
    ]
    title = f"<title>{escape(words.title(piece, front))}</title>"
    mark = f'<rect class="mark" {box}/>' if piece.kind not in UNMARKED else ""
    group = f'<g class="piece piece-{piece.kind}">{title}<rect {box}/>{mark}{"".join(texts)}</g>'
    return f'<a href="{words.link(front)}">{group}</a>' if front else group


def _bands(strip: Strip, scale: float) -> str:
    """Beside the kerb of each side: the zones, each with its ends, and the stretches that are in nobody's."""
    mine, nobodys = [], []
    for y, side in ((LEFT_TOP + BAR + 2, "left"), (ROAD_TOP + ROAD + 2, "right")):
        for each in strip.plans[side].tiling.tiles if side in strip.plans else ():
            start, end = MARGIN + each.start * scale / 100, MARGIN + each.end * scale / 100
            if each.kind == tiling.ZONE:
                mine.append(f"M{start + 1:.1f} {y}H{max(end - 1, start + 1.5):.1f}")
            elif each.kind == tiling.NOBODY:
                nobodys.append(f"M{start:.1f} {y}H{end:.1f}")
    return f'<path class="band" d="{"".join(mine)}"/><path class="band-nobody" d="{"".join(nobodys)}"/>'


def _ruler(length: int, scale: float) -> str:
    """The marks of the ruler below, every so many metres that their numbers stay apart."""
    step = next(step for step in (10, 20, 50, 100, 200, 500) if step * scale >= 44 or step == 500)
    marks = []
    for metre in range(0, length + 1, step):
        x, unit = _at(metre, scale), " m" if metre + step > length else ""
        marks.append(f'<line x1="{x}" y1="152" x2="{x}" y2="158"/><text x="{x}" y="170">{metre}{unit}</text>')
    return "".join(marks)


def _alarms(strip: Strip) -> Iterable[str]:
    """What keeps the strip from being complete, in words."""
    if strip.gap_metres:
        yield gettext("%(metres)s m with nothing recorded") % {"metres": _metres(strip.gap_metres)}
    if strip.overlap_metres:
        yield gettext("%(metres)s m claimed twice") % {"metres": _metres(strip.overlap_metres)}
    if strip.nobodys_metres:
        yield gettext("%(metres)s m in nobody's zone") % {"metres": _metres(strip.nobodys_metres)}
    if strip.unplaced:
        yield gettext("fronts without a place on the street: %(number)s") % {"number": len(strip.unplaced)}
    beyond = len(strip.left.beyond) + len(strip.right.beyond)
    if beyond:
        yield gettext("fronts that reach beyond the end of the segment: %(number)s") % {"number": beyond}


def _name(front: Front) -> str:
    return front.sign_name or front.occupant


@lru_cache(maxsize=32_768)
def _house_number(address: str) -> str:
    found = HOUSE_NUMBER.search(address)
    return found.group(1) if found else ""


def _at(metres: Decimal | float, scale: float) -> str:
    return f"{MARGIN + float(metres) * scale:.1f}"


def _metres(metres: Decimal) -> str:
    return f"{metres:.1f}".removesuffix(".0")


@lru_cache(maxsize=8192)
def _em(letter: str) -> float:
    """How wide a letter is drawn, estimated, in its own size: a Chinese character is one em, others a little over half."""
    return 1.0 if unicodedata.east_asian_width(letter) in WIDE else 0.58


@lru_cache(maxsize=8192)
def _pixels(text: str, size: int) -> float:
    """How wide a line of text is drawn, estimated."""
    return size * sum(map(_em, text))


def _whole(text: str, width: float, size: int) -> str:
    """The text if all of it fits."""
    return text if _pixels(text, size) + PAD <= width else ""


def _fitting(text: str, width: float, size: int) -> str:
    """The text, cut with an ellipsis where at least two characters of it fit."""
    room = (width - PAD) / size
    if sum(map(_em, text)) <= room:
        return text
    reached, fitting = _em("…"), 0
    for letter in text:
        reached += _em(letter)
        if reached > room:
            break
        fitting += 1
    return text[:fitting] + "…" if fitting > 1 else ""
