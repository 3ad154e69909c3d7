"""The case ribbon (案件时间带): the legal life of a case on a time axis, as plain geometry for the template to draw.

Steps are beads with their papers, periods are bars with their article, days off are shaded, provisional ends dashed. Units are
those of the drawing (a width of 1000); what is shown also stands as text in the lists of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import get_language, gettext

from sanbao.core import clock, display
from sanbao.law.calendar import official
from sanbao.law.citations import UnknownArticle, cite
from sanbao.law.penalty import PENALTY
from sanbao.law.register import rule
from sanbao.law.workflow import gettext_noop
from sanbao.penalties.models import CaseDeadline, Notice, StepTaken
from sanbao.problems.facts import service_of

WIDTH, LEFT, RIGHT = 1000.0, 14.0, 14.0
LANES, LANE, TOP = 3, 19.0, 14.0
BEADS = TOP + LANES * LANE + 8
ROW, FIRST_ROW = 27.0, BEADS + 40
LONGEST = timedelta(days=120)  # a longer period is cut at the edge of the picture, with an arrow
GLYPH = 11.5
PROPOSED = gettext_noop("Proposed")
NOTICE_SERVED = gettext_noop("Notice served")


@dataclass(frozen=True, slots=True)
class Bead:
    """One step: where it stands, its name, when, its papers; `lane` is the height of its label."""

    x: float
    label: str
    when: str
    papers: tuple[str, ...]
    label_x: float
    label_y: float
    stem_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: from x to x, its row, words, tone (`met`, `ok`, `warn`, `bad`) and whether its end is certain."""

    x: float
    y: float
    width: float
    text: str
    articles: str
    until: str
    tone: str
    provisional: bool
    cut: bool
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The whole picture."""

    height: float
    axis_y: float
    beads: tuple[Bead, ...]
    bars: tuple[Bar, ...]
    off: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    today: float | None

    @property
    def tick_y(self) -> float:
        return self.axis_y + 5

    @property
    def tick_text_y(self) -> float:
        return self.axis_y + 17

    @property
    def today_text_y(self) -> float:
        return self.axis_y + 30


@dataclass(frozen=True, slots=True)
class _Axis:
    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT), 1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, its name, its papers, and where the page tells more."""

    at: datetime
    label: str
    papers: tuple[str, ...]
    anchor: str


def events_of(steps: Sequence[StepTaken], notices: Sequence[Notice]) -> list[Event]:
    """Steps, and the services of notices, which are no steps but begin the party's time; oldest first."""
    found = [Event(row.at, label_of(row), _papers(row), f"step-{row.pk}") for row in steps]
    for notice in notices:
        served = service_of(notice)
        if served is not None:
            found.append(Event(served.at, gettext(NOTICE_SERVED), (), "notice"))
    return sorted(found, key=lambda event: event.at)


def _papers(row: StepTaken) -> tuple[str, ...]:
    return tuple(f"{each.document.title} {each.document.number}" for each in row.papers.all())


def picture(steps: Sequence[Event], periods: Sequence[CaseDeadline], now: datetime) -> Ribbon:
    """Lay out what happened and the periods of one case as seen at `now`."""
    axis = _axis(steps, periods, now)
    bars = tuple(_bar(axis, row, number, now) for number, row in enumerate(periods))
    return Ribbon(
        height=FIRST_ROW + max(len(bars), 1) * ROW + 8,
        axis_y=BEADS,
        beads=_beads(axis, steps),
        bars=bars,
        off=_off(axis),
        ticks=_ticks(axis),
        today=axis.x(now) if axis.first <= now <= axis.last else None,
    )


def _axis(steps: Sequence[Event], periods: Sequence[CaseDeadline], now: datetime) -> _Axis:
    ends = [row.met_at or row.ends_at for row in periods if row.ends_at - row.starts_at <= LONGEST]
    instants = [row.at for row in steps]
    running = any(row.met_at is None for row in periods)
    first = min([*instants, now]) - timedelta(days=1)
    last = max([*instants, *ends, *([now] if running else [])])
    span = max(last - first, timedelta(days=14))
    return _Axis(first, first + span + max(span * 0.06, timedelta(days=2)))


def _beads(axis: _Axis, steps: Sequence[Event]) -> tuple[Bead, ...]:
    """Labels take the lowest lane in which they do not touch the one before."""
    taken, found = [0.0] * LANES, []
    for row in steps:
        label = row.label
        x, wide = axis.x(row.at), _wide(label)
        left = min(max(x - wide / 2, LEFT), WIDTH - RIGHT - wide)
        lane = next((each for each in range(LANES) if taken[each] + 8 <= left), min(range(LANES), key=lambda each: taken[each]))
        left = max(left, min(taken[lane] + 8, WIDTH - RIGHT - wide))
        taken[lane] = left + wide
        y = BEADS - 16 - lane * LANE
        found.append(Bead(x, label, display.moment_text(row.at), row.papers, left, y, y + 3, row.anchor))
    return tuple(found)


def _wide(text: str) -> float:
    return sum(GLYPH if ord(char) > 0x2E80 else GLYPH * 0.56 for char in text)


def _bar(axis: _Axis, row: CaseDeadline, number: int, now: datetime) -> Bar:
    shown_until = min(row.met_at or row.ends_at, row.ends_at)
    cut = row.met_at is None and row.ends_at > axis.last
    begin, end = axis.x(row.starts_at), axis.x(min(shown_until, axis.last))
    words = words_of(row)
    article = _label(row.articles[0]) if row.articles else ""
    until = display.day_text(row.last_on)
    return Bar(
        x=begin,
        y=FIRST_ROW + number * ROW,
        width=max(round(end - begin, 1), 3.0),
        text=words,
        articles=article,
        until=until,
        tone=_tone(row, now),
        provisional=row.provisional,
        cut=cut,
        text_x=_text_x(begin, end, _wide(f"{words} {article} → {until}")),
        text_y=FIRST_ROW + number * ROW + 14,
        anchor=f"period-{row.pk}",
    )


def _text_x(begin: float, end: float, wide: float) -> float:
    """Inside the bar if the words fit, else to its right, else to its left."""
    if end - begin >= wide + 12:
        return begin + 6
    if end + 8 + wide <= WIDTH - RIGHT:
        return end + 8
    return max(begin - 8 - wide, LEFT)


def _tone(row: CaseDeadline, now: datetime) -> str:
    """How urgent a period is; a right of the party that has run out is nobody's delay."""
    if row.met_at or (row.party and row.ends_at <= now):
        return "met"
    if row.ends_at <= now:
        return "bad"
    return "warn" if row.ends_at - now <= display.DUE_SOON else "ok"


def label_of(row: StepTaken) -> str:
    """What a step is called, in the reader's language."""
    return gettext(PROPOSED) if row.step == "propose" else gettext(PENALTY.step(row.step).label)


def due_of(row: CaseDeadline, now: datetime) -> display.Due | None:
    """A period as shown: a right of the party that has run out is over, not overdue."""
    over = row.met_at is not None or (row.party and row.ends_at <= now)
    return display.due_of(row.ends_at, now=now, met=over, provisional=row.provisional, articles=())


def words_of(row: CaseDeadline) -> str:
    """What a period is for, in the reader's language as far as the register has it."""
    known = rule(row.rule)
    words = known.what_zh if (get_language() or "").startswith("zh") else known.what
    return f"{row.measure}: {words}" if row.measure_id else words


def _label(article: str) -> str:
    try:
        return cite(article).label
    except UnknownArticle:
        return article


def _off(axis: _Axis) -> tuple[tuple[float, float], ...]:
    """Stretches of days off as (x, width); in a year without a notice only weekends are known to be off."""
    calendar, found, begun = official(), [], None
    day, last = clock.local_day(axis.first), clock.local_day(axis.last)
    while day <= last + timedelta(days=1):
        free = day <= last and calendar.is_off(day, provisional=True)
        if free and begun is None:
            begun = day
        if not free and begun is not None:
            x = axis.x(_midnight(begun))
            found.append((x, round(axis.x(_midnight(day)) - x, 1)))
            begun = None
        day += timedelta(days=1)
    return tuple(found)


def _ticks(axis: _Axis) -> tuple[tuple[float, str], ...]:
    """Dates along the axis: about eight, on round days."""
    span = (axis.last - axis.first).days
    step = next((each for each in (2, 7, 14, 30, 60) if span / each <= 9), 90)
    day, found = clock.local_day(axis.first) + timedelta(days=1), []
    while (at := _midnight(day)) <= axis.last:
        found.append((axis.x(at), f"{day.month}/{day.day}"))
        day += timedelta(days=step)
    return tuple(found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.ZONE)
