"""Routing the news: what follows when an entry has been sealed, and what happens every day.

Which reactions there are stands on the one page that `settings.SANBAO_REACTIONS` names; the office only carries the letters.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.utils.module_loading import import_string

from sanbao.core import clock
from sanbao.core.jobs import add_jobs, new_job, task
from sanbao.core.models import District, Entry

REACT = "sanbao.core.news.react"
EACH_DAY = "sanbao.core.news.each_day"


def route(entries: Iterable[Entry]) -> int:
    """Enqueue every reaction to these entries, once each however often it is asked; the answer is how many were named."""
    reactions: dict[str, list[str]] = page().REACTIONS
    now = clock.now()
    jobs = [
        new_job(REACT, {"path": path, "entry": entry.pk}, district=entry.district_id, run_at=now, uniq=f"{entry.pk}:{path}")
        for entry in entries
        for path in reactions.get(entry.action, ())
    ]
    return add_jobs(jobs)


def plan_day(at: datetime) -> int:
    """Enqueue the day's work of every district for the legal day of `at`, once however often it is asked."""
    day = clock.local_day(at)
    jobs = [
        new_job(EACH_DAY, {"path": path, "day": str(day)}, district=code, run_at=at, uniq=f"{day}:{code}:{path}")
        for code in District.objects.values_list("code", flat=True)
        for path in page().DAILY
    ]
    return add_jobs(jobs)


@task(atomic=True)
def react(path: str, entry: int) -> None:
    """Call one reaction as `reaction(entry)`; what it writes and the mark that it is done stand or fall together."""
    import_string(path)(Entry.objects.get(pk=entry))


@task
def each_day(path: str, day: str) -> None:
    """Call one daily duty as `duty(day)` with the legal day it was planned for."""
    import_string(path)(date.fromisoformat(day))


def page() -> ModuleType:
    """The page of reactions."""
    return _page(settings.SANBAO_REACTIONS)


@lru_cache(maxsize=4)
def _page(name: str) -> ModuleType:
    return import_module(name)
