"""The stage of the demonstration: who and what there is, and the timeline on which everything happens in order.

A story plans an act for an instant; `Timeline.play` calls the acts day by day, one transaction a day, at whose end the worker follows up
the news. An act that the guards refuse is counted under its code, never forced.
"""

import heapq
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from django.db import transaction

from sanbao.core import clock, files
from sanbao.core.errors import Refusal
from sanbao.core.models import Photo, User
from sanbao.core.worker import work_off
from sanbao.demo import pictures
from sanbao.demo.fronts import ShopMaker, Town
from sanbao.demo.people import Cast
from sanbao.registry.models import Area, Merchant, Premises

Act = Callable[[datetime], Any]
VIEWS, SIGNATURES = 14, 40
PATIENCE_DAYS = 30


@dataclass
class Timeline:
    """Acts waiting for their instant; those of one instant keep the order in which they were planned."""

    until: datetime
    waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    _order: Any = field(default_factory=count)

    def plan(self, at: datetime, act: Callable[..., Any], *args: Any, **more: Any) -> None:
        """Let `act(*args, at=…)` happen at an instant; what lies beyond the end of the demonstration has not happened yet."""
        if at < self.until:
            heapq.heappush(self.waiting, (at, next(self._order), partial(act, *args, **more)))

    def insist(self, at: datetime, act: Callable[..., Any], *args: Any, then: Callable[[datetime], Any] | None = None) -> None:
        """Try an act day after day until the guards allow it (a window must pass, a holiday lies between), then go on."""

        def attempt(left: int, at: datetime) -> None:
            try:
                with transaction.atomic():
                    act(*args, at=at)
            except Refusal:
                if not left:
                    raise
                self.plan(at + timedelta(days=1), attempt, left - 1)
            else:
                if then:
                    then(at)

        self.plan(at, attempt, PATIENCE_DAYS)

    def play(self, progress: Callable[[date], None]) -> None:
        """Call every act in order; a refused act leaves nothing but its count."""
        while self.waiting:
            day = clock.local_day(self.waiting[0][0])
            end = clock.at_local(day + timedelta(days=1))
            with transaction.atomic():
                while self.waiting and self.waiting[0][0] < end:
                    self._call(*self.waiting[0])
                work_off(raising=True)
            progress(day)

    def _call(self, at: datetime, number: int, act: Act) -> None:
        heapq.heappop(self.waiting)
        try:
            with transaction.atomic():
                act(at=at)
        except Refusal as refusal:
            self.count_refused(getattr(act, "func", act).__name__, [refusal])

    def count_refused(self, what: str, refusals: list[Refusal]) -> None:
        """Keep in mind what the guards refused, by act and code."""
        self.refused.update(f"{what}: {reason.code}" for refusal in refusals for reason in refusal.reasons)


@dataclass
class Stage:
    """Everything a story needs: the cast, the ground, the register rows, the days, dice and the timeline."""

    seed: int
    start: date
    today: date
    town: Town
    cast: Cast
    timeline: Timeline
    areas: dict[str, Area] = field(default_factory=dict)
    premises: dict[int, Premises] = field(default_factory=dict)
    shops: ShopMaker | None = None
    orders: int = 0
    tray: dict[date, list[Any]] = field(default_factory=dict)
    _photos: dict[tuple[int, str], Photo] = field(default_factory=dict)
    _signatures: dict[int, Photo] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Number of simulated days; the last one is yesterday."""
        return (self.today - self.start).days

    @property
    def size(self) -> int:
        """Number of premises."""
        return len(self.premises)

    def dice(self, topic: str) -> Random:
        """Dice of its own for each story, so that a change to one leaves the others as they were."""
        return Random(f"{self.seed}:{topic}")

    def at(self, day: float, hour: int = 9, minute: int = 0) -> datetime:
        """The instant of an hour on a simulated day, counted from the first (0); negative days lie before."""
        return clock.at_local(self.start + timedelta(days=int(day)), hour, minute)

    def who(self, login: str) -> User:
        """A person by login."""
        return self.cast.people[login]

    def clerk_for(self, premises: Premises) -> User:
        """The clerk of the street office that answers for the premises' community."""
        number = int(premises.area.code[6:9])
        return self.who("clerk" if number == 1 else f"clerk{number}")

    def grid_for(self, premises: Premises) -> User:
        """The grid worker of that street office."""
        number = int(premises.area.code[6:9])
        return self.who("gridworker" if number == 1 else f"grid{number}")

    def photo(self, view: int, problem: str, by: User | None, at: datetime) -> Photo:
        """A drawn scene as a stored photo; the same spot and problem give the same photo."""
        key = (view % VIEWS, problem if problem in pictures.PROBLEMS or problem == "G01" else "")
        if key not in self._photos:
            self._photos[key] = files.store_photo(pictures.front_scene(*key), by=by, at=at)
        return self._photos[key]

    def signature(self, number: int, at: datetime) -> Photo:
        """One of a few dozen drawn signatures as a stored photo."""
        key = number % SIGNATURES
        if key not in self._signatures:
            self._signatures[key] = files.store_photo(pictures.signature(key), by=None, at=at)
        return self._signatures[key]

    def merchant_in(self, premises: Premises) -> Merchant | None:
        """Who trades there now (1 query)."""
        spell = premises.occupancies.filter(until_on__isnull=True).select_related("merchant").first()
        return spell.merchant if spell else None


@dataclass
class Stopwatch:
    """Tells how long each part took."""

    say: Callable[[str], None]
    begun: float = field(default_factory=time.monotonic)
    last: float = field(default_factory=time.monotonic)

    def lap(self, what: str) -> None:
        """Say what was finished, and the seconds it took."""
        now = time.monotonic()
        self.say(f"  {what}  {now - self.last:5.1f} s")
        self.last = now

    @property
    def total(self) -> float:
        return time.monotonic() - self.begun
