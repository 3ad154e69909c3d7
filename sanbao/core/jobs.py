"""Work to be done later: tasks, the queue in the database, and doing one job under a lease.

The shape follows Django's own tasks (`@task`, `.using(run_after=...)`, `.enqueue(...)`), so that they can take over one day. A job is
enqueued in the transaction of what caused it. Whoever holds the lease works; when a worker dies, the lease ends and another takes the
job. A job may therefore run twice and must bear it; a task marked `atomic` takes effect once. The loop around this is `core.worker`.
"""

import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, overload

from django.db import connection, transaction
from django.utils.module_loading import import_string

from sanbao.core import clock, district
from sanbao.core.models import Job

log = logging.getLogger(__name__)

TRIES: Final = 8
LEASE: Final = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
ERROR_CHARS: Final = 8_000
KEEP: Final = timedelta(days=30)


class LostLease(RuntimeError):
    """The lease ended while the work was going on, and somebody else may have the job now."""


@dataclass(frozen=True)
class Task:
    """A function that can be done later; `atomic` puts its writes and its done-mark into one transaction (short work only)."""

    function: Callable[..., Any]
    tries: int = TRIES
    atomic: bool = False
    run_after: datetime | None = None
    uniq: str | None = None

    @property
    def name(self) -> str:
        """The dotted path by which the queue knows the function."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def using(self, *, run_after: datetime | None = None, uniq: str | None = None) -> "Task":
        """The same task, to run not before an instant, or only once under a name."""
        return replace(self, run_after=run_after, uniq=uniq)

    def enqueue(self, **args: Any) -> Job:
        """Put a job with these arguments (JSON, ids as text) into the queue, for the district at work."""
        return enqueue(self.name, run_at=self.run_after, uniq=self.uniq, **args)


@overload
def task(function: Callable[..., Any]) -> Task: ...
@overload
def task(*, tries: int = TRIES, atomic: bool = False) -> Callable[[Callable[..., Any]], Task]: ...
def task(function: Callable[..., Any] | None = None, *, tries: int = TRIES, atomic: bool = False) -> Any:
    """Make a module's function a task; it stays callable as before."""
    if function is not None:
        return Task(function)
    return lambda wrapped: Task(wrapped, tries=tries, atomic=atomic)


def enqueue(name: str, *, run_at: datetime | None = None, uniq: str | None = None, **args: Any) -> Job:
    """Put one job into the queue by its task's dotted path; with `uniq`, the job that already bears the name is given instead."""
    job = new_job(name, args, district=district.known_id(), run_at=run_at or clock.now(), uniq=uniq)
    if uniq is None:
        job.save(force_insert=True)
        return job
    add_jobs([job])
    return Job.objects.get(uniq=uniq)


def new_job(name: str, args: dict[str, Any], *, district: int | None, run_at: datetime, uniq: str | None = None) -> Job:
    """A job not yet in the queue, for `add_jobs`."""
    plain = json.loads(json.dumps(args, default=str))
    return Job(name=name, args=plain, district_id=district, run_at=run_at, uniq=uniq)


def add_jobs(jobs: list[Job]) -> int:
    """Put many jobs into the queue in one statement, leaving out those whose `uniq` is there already; says how many were offered."""
    if jobs:
        Job.objects.bulk_create(jobs, batch_size=500, ignore_conflicts=True)
    return len(jobs)


def waiting_at(at: datetime) -> Any:
    """The jobs that are due and that nobody holds, as a query."""
    due = Job.objects.filter(done_at__isnull=True, dead_at__isnull=True, run_at__lte=at)
    return due.filter(lease_until__isnull=True) | due.filter(lease_until__lt=at)


CLAIM: Final = """
UPDATE core_job SET lease_until = %s, leased_by = %s, tries = tries + 1
WHERE id = (
    SELECT id FROM core_job
    WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= %s AND (lease_until IS NULL OR lease_until < %s)
    ORDER BY run_at, id LIMIT 1 {skip_locked}
)
RETURNING id
"""


def claim(worker: str, lease: timedelta = LEASE) -> Job | None:
    """Take the job that has been due longest, for the length of a lease; None when there is none. Never waits for another worker."""
    now = clock.now()
    if not waiting_at(now).exists():
        return None  # a glance first: on SQLite even an UPDATE of nothing takes the write lock
    statement = CLAIM.format(skip_locked="FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else "")
    instant = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [instant(now + lease), worker, instant(now), instant(now)])
        row = cursor.fetchone()
    return Job.objects.get(pk=row[0]) if row else None


def run_next(worker: str, *, lease: timedelta = LEASE, raising: bool = False) -> Job | None:
    """Claim one job and do it; the answer is the job, whatever became of it, or None when none is due.

    A failure is kept with the job, which is tried again later and later, and laid aside as dead at last. `raising` is for tests: the
    failure comes out.
    """
    job = claim(worker, lease)
    if job is None:
        return None
    with district.use(job.district_id), _Heartbeat(job, lease):
        try:
            _do(job)
        except LostLease:
            log.warning("job %s %s: the lease was lost; what it wrote in its transaction is undone", job.pk, job.name)
        except Exception:
            _put_off(job, traceback.format_exc())
            if raising:
                raise
    return job


def prune(at: datetime) -> int:
    """Remove jobs that were done a month before `at`, a few thousand at a time; dead ones stay until somebody looks at them."""
    old = Job.objects.filter(done_at__lt=at - KEEP).order_by("done_at").values_list("pk", flat=True)[:2_000]
    return Job.objects.filter(pk__in=list(old)).delete()[0]


def retry_dead(jobs: Iterable[Job], at: datetime) -> int:
    """Give dead jobs a new start; the answer is how many."""
    return Job.objects.filter(pk__in=[job.pk for job in jobs], dead_at__isnull=False).update(
        dead_at=None, lease_until=None, tries=0, run_at=at
    )


def _do(job: Job) -> None:
    found = import_string(job.name)
    if not isinstance(found, Task):
        raise TypeError(f"{job.name} is not a task.")
    if job.tries > found.tries:
        raise RuntimeError(f"{job.tries - 1} workers took this job and none came back.")
    if found.atomic:
        with transaction.atomic():
            _finish(job, found(**job.args))
    else:
        _finish(job, found(**job.args))


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, leased_by=job.leased_by, tries=job.tries, done_at__isnull=True)


def _finish(job: Job, result: Any) -> None:
    plain = json.loads(json.dumps(result, default=str))
    changes = {"done_at": clock.now(), "lease_until": None, "error": "", "result": plain}
    if not _mine(job).update(**changes):
        raise LostLease
    for name, value in changes.items():
        setattr(job, name, value)


def _put_off(job: Job, error: str) -> None:
    now = clock.now()
    limit = getattr(_task_or_none(job.name), "tries", TRIES)
    job.error = error[-ERROR_CHARS:]
    job.lease_until = None
    if job.tries >= limit:
        job.dead_at = now
        log.error("job %s %s is dead after %s tries:\n%s", job.pk, job.name, job.tries, job.error)
    else:
        job.run_at = now + min(FIRST_PAUSE * 2 ** (job.tries - 1), LONGEST_PAUSE)
        log.warning("job %s %s failed, try %s; again at %s", job.pk, job.name, job.tries, job.run_at)
    _mine(job).update(error=job.error, lease_until=None, dead_at=job.dead_at, run_at=job.run_at)


def _task_or_none(name: str) -> Any:
    try:
        return import_string(name)
    except ImportError:
        return None


class _Heartbeat:
    """Prolongs the lease from a second thread while the work goes on; its connection is opened at the first beat only."""

    def __init__(self, job: Job, lease: timedelta) -> None:
        self.job, self.lease, self.over = job, lease, threading.Event()
        self.thread = threading.Thread(target=self._beat, name=f"lease-{job.pk}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.over.set()
        self.thread.join()

    def _beat(self) -> None:
        try:
            while not self.over.wait(self.lease.total_seconds() / 3):
                self._prolong()
        finally:
            connection.close()

    def _prolong(self) -> None:
        try:
            held = _mine(self.job).update(lease_until=clock.now() + self.lease)
        except Exception:
            log.exception("job %s: the lease could not be prolonged", self.job.pk)
            return
        if not held:
            log.warning("job %s: the lease is no longer ours", self.job.pk)


def tries_left(job: Job) -> int:
    """How often the job will still be tried."""
    return max(0, getattr(_task_or_none(job.name), "tries", TRIES) - job.tries)
