"""SQLite whose writers of all processes stand in a queue instead of sleeping.

SQLite lets one transaction write at a time; whoever finds the lock taken sleeps 1, 2, 5, 10 … ms, while a transaction here takes less
than one: two busy processes then spend most of their time asleep beside a free lock. Before a transaction begins it takes a lock on a file
beside the database, looking again every few hundred microseconds. The queue only saves time: what is right is still decided by SQLite, and
a transaction that has waited for `PATIENCE` of the timeout begins without it.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base

STEP, LONGEST_STEP = 0.0002, 0.002
PATIENCE = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own backend for SQLite; only how a transaction begins and ends is told to the queue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._place: int | None = None
        self._first = False

    def _start_transaction_under_autocommit(self) -> None:
        self._queue()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        return self._end(super()._commit)  # type: ignore[misc]  # not in the stubs

    def _rollback(self) -> Any:
        return self._end(super()._rollback)  # type: ignore[misc]  # not in the stubs

    def _close(self) -> None:
        self._end(super()._close)  # type: ignore[misc]  # not in the stubs
        if self._place is not None:
            os.close(self._place)
            self._place = None

    def _end(self, end: Callable[[], Any]) -> Any:
        try:
            return end()
        finally:
            self._leave()

    def _queue(self) -> None:
        """Wait for the turn; give up waiting, not the transaction, when it takes too long."""
        if self.is_in_memory_db():
            return
        if self._place is None:
            self._place = os.open(f"{self.settings_dict['NAME']}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        end = time.monotonic() + PATIENCE * float(self.settings_dict["OPTIONS"].get("timeout", 5))
        step = STEP
        while not self._first:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._first = True
                return
            if time.monotonic() > end:
                return
            time.sleep(step)
            step = min(step * 1.2, LONGEST_STEP)

    def _leave(self) -> None:
        if self._first and self._place is not None:
            fcntl.flock(self._place, fcntl.LOCK_UN)
        self._first = False
