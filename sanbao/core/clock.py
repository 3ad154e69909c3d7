"""The only clock of the house. Doors and the worker read it; services are told the time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

ZONE = ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """This instant, aware."""
    return timezone.now()


def today() -> date:
    """The legal day it is now, by the district's own clock."""
    return local_day(now())


def local_day(at: datetime) -> date:
    """The legal day on which an instant falls."""
    return at.astimezone(ZONE).date()


def at_local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant of an hour on a legal day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
