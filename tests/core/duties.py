"""A page of reactions and a few tasks for the tests of the worker. Named by dotted path, so they must live in a module."""

import time
from pathlib import Path

from sanbao.core import clock, district, journal
from sanbao.core.jobs import task
from sanbao.core.models import Department, District, Entry

REACTIONS = {
    "shop.opened": ["tests.core.duties.count_shop"],
    "shop.closed": ["tests.core.duties.fail_once_counted"],
    "shop.echoed": ["tests.core.duties.count_shop", "tests.core.duties.write_news"],
}
DAILY = ["tests.core.duties.sweep"]


def count_shop(entry: Entry) -> None:
    """Leave one department behind for each entry: a second effect of the same entry would break on its unique code."""
    Department.objects.create(district_id=district.current_id(), code=f"E{entry.pk}", name=entry.subject, kind="department")


def fail_once_counted(entry: Entry) -> None:
    """Write, then fail: nothing of it may stay."""
    count_shop(entry)
    raise ValueError(f"no such shop: {entry.subject}")


def write_news(entry: Entry) -> None:
    """Write an entry that has a reaction of its own."""
    journal.record("shop.opened", District.objects.get(pk=district.current_id()), by=None, at=entry.at)


def sweep(day) -> None:
    """A duty of the day that shows for which day and district it ran."""
    Department.objects.create(district_id=district.current_id(), code=f"D{day:%Y%m%d}", name="sweep", kind="department")


@task
def add(left: int, right: int) -> int:
    return left + right


@task
def which_district() -> int | None:
    return district.known_id()


@task(tries=3)
def always_fails(word: str) -> None:
    raise ValueError(f"cannot do {word}")


@task(atomic=True)
def outlive_the_lease() -> None:
    """Work on after somebody else has taken the job, and leave something behind that must not stay."""
    from sanbao.core.models import Job

    Department.objects.create(district_id=district.current_id(), code="LATE", name="late", kind="department")
    Job.objects.filter(done_at__isnull=True).update(leased_by="another worker")


@task
def note_and_sleep(folder: str, seconds: float) -> str:
    """Say in a file that the work began, sleep, and say that it ended: each run its own line."""
    path = Path(folder) / "runs.txt"
    with path.open("a") as file:
        file.write(f"began {clock.now().timestamp()}\n")
    time.sleep(seconds)
    with path.open("a") as file:
        file.write(f"ended {clock.now().timestamp()}\n")
    return "ended"
