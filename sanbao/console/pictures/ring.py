"""The hundred-day ring: one tick a day, phases as arcs, today's hand."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from sanbao.campaigns.queries import Ring

CENTRE, INNER, OUTER, ARC = 220.0, 128.0, 178.0, 196.0
PHASE_TONES = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Tick:
    """One day: its line, whether it has passed, how much was verified."""

    on: date
    number: int
    x1: float
    y1: float
    x2: float
    y2: float
    count: int
    passed: bool


@dataclass(frozen=True)
class Arc:
    """One phase: its path, its name and where the name stands."""

    name: str
    path: str
    tone: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class RingPicture:
    """Everything the template draws."""

    ring: Ring
    ticks: tuple[Tick, ...]
    arcs: tuple[Arc, ...]
    hand: tuple[float, float, float, float]


def point(radius: float, turn: float) -> tuple[float, float]:
    """The point at a share of the full turn, clockwise from the top."""
    angle = 2 * math.pi * turn - math.pi / 2
    return round(CENTRE + radius * math.cos(angle), 2), round(CENTRE + radius * math.sin(angle), 2)


def picture(ring: Ring) -> RingPicture:
    """Lay the ring out in a square of 440 units."""
    most = max([1, *ring.verified])
    ticks = []
    for n in range(ring.days):
        turn = (n + 0.5) / ring.days
        count = ring.verified[n]
        length = (OUTER - INNER) * (0.25 + 0.75 * count / most) if count else (OUTER - INNER) * 0.25
        x1, y1 = point(INNER, turn)
        x2, y2 = point(INNER + length, turn)
        on = ring.campaign.starts_on + timedelta(days=n)
        ticks.append(Tick(on, n + 1, x1, y1, x2, y2, count, n < ring.day_number))
    arcs = tuple(_arc(phase, ring, place) for place, phase in enumerate(ring.campaign.phases.all()))
    turn = max(ring.day_number - 0.5, 0) / ring.days
    return RingPicture(ring, tuple(ticks), arcs, (*point(92, turn), *point(INNER - 6, turn)))


def _arc(phase, ring: Ring, place: int) -> Arc:
    first = (phase.from_on - ring.campaign.starts_on).days
    last = (phase.until_on - ring.campaign.starts_on).days + 1
    start, end = (first + 0.15) / ring.days, (last - 0.15) / ring.days
    x1, y1 = point(ARC, start)
    x2, y2 = point(ARC, end)
    large = 1 if end - start > 0.5 else 0
    label_x, label_y = point(ARC + 14, (start + end) / 2)
    path = f"M {x1} {y1} A {ARC} {ARC} 0 {large} 1 {x2} {y2}"
    return Arc(phase.name, path, PHASE_TONES[place % len(PHASE_TONES)], label_x, label_y)
