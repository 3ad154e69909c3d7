"""The worker's loop: seal the journal, do what is due, plan the day, and on SQLite keep the log of writes short.

Any number of workers may run on PostgreSQL; on SQLite one is enough, and it is the only one that checkpoints.
"""

import logging
import os
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from sanbao.core import clock, jobs, ledger, news

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
# A worker that ran after every single entry would take the write lock from those who make them.
WORTH_A_ROUND = 100
CHECKPOINT_SECONDS = 1.0
PLAN_SECONDS = 60.0
BUSY_SECONDS = 5.0
CHECKPOINT_WAIT_MS = 200
JOBS_A_ROUND = 100


def work_off(*, raising: bool = False) -> int:
    """Seal and do everything that is due now, and what follows from it, in this process; the answer is how much was done."""
    return Worker(raising=raising).drain()


@dataclass
class Worker:
    """One worker process; `stop` lets it finish the job in hand."""

    lease: timedelta = jobs.LEASE
    raising: bool = False
    daily: bool = True
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}")
    stopping: threading.Event = field(default_factory=threading.Event)
    _next: dict[str, float] = field(default_factory=dict)

    def stop(self) -> None:
        """End the loop after the job in hand."""
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped; a database that goes away is waited for."""
        while not self.stopping.is_set():
            try:
                if self.round() < WORTH_A_ROUND:
                    self.stopping.wait(IDLE_SECONDS)
            except (OperationalError, InterfaceError):
                log.exception("the database does not answer; trying again")
                connection.close()
                self.stopping.wait(BUSY_SECONDS)
        self._checkpoint()

    def round(self) -> int:
        """One turn of the loop: how many entries were sealed and jobs done."""
        if self.daily and self._is_time("plan", PLAN_SECONDS):
            self._plan()
        done = ledger.seal_pending() + self._work(JOBS_A_ROUND)
        if self._is_time("checkpoint", CHECKPOINT_SECONDS) and not self._checkpoint():
            self._next["checkpoint"] = time.monotonic() + BUSY_SECONDS
        return done

    def drain(self) -> int:
        """Seal and work until nothing is due."""
        total = 0
        while done := ledger.seal_pending() + self._work(JOBS_A_ROUND):
            total += done
            if self.stopping.is_set():
                break
        return total

    def once(self) -> int:
        """Plan the day, drain, and leave the database tidy."""
        if self.daily:
            self._plan()
        done = self.drain()
        self._checkpoint()
        return done

    def _work(self, limit: int) -> int:
        done = 0
        while done < limit and not self.stopping.is_set() and jobs.run_next(self.name, lease=self.lease, raising=self.raising):
            done += 1
            if self._is_time("checkpoint", CHECKPOINT_SECONDS):
                self._checkpoint()
        return done

    def _plan(self) -> None:
        news.plan_day(clock.now())
        jobs.prune(clock.now())

    def _is_time(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, 0.0):
            return False
        self._next[what] = now + seconds
        return True

    def _checkpoint(self) -> bool:
        return checkpoint()


def checkpoint() -> bool:
    """On SQLite, bring the log of writes into the database file and empty it; False when readers were in the way.

    TRUNCATE takes the write lock first, so no commit can overlap it. It waits only a moment: a long reading elsewhere would
    otherwise make every writer wait with it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    patience = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _moved = cursor.fetchone()
        except DatabaseError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    return not busy
