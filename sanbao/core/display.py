"""How moments, days, amounts and deadlines read on every page: the year only when it differs, both the moment and what is left of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext, ngettext, pgettext

from sanbao.core import clock
from sanbao.law.calendar import official

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DUE_SOON = timedelta(days=2)


def weekday(day: date) -> str:
    """The short name of the day of the week."""
    return pgettext("weekday", WEEKDAYS[day.weekday()])


def day_text(day: date, *, today: date | None = None) -> str:
    """A day as people read it: 11月22日 周日, with the year when it is not this one."""
    today = today or clock.today()
    values = {"year": day.year, "month": day.month, "day": day.day, "weekday": weekday(day)}
    if day.year == today.year:
        return gettext("%(month)d/%(day)d %(weekday)s") % values
    return gettext("%(year)d/%(month)d/%(day)d %(weekday)s") % values


def moment_text(at: datetime, *, today: date | None = None) -> str:
    """An instant as people read it: 11月22日 周日 14:30."""
    local = at.astimezone(clock.ZONE)
    return f"{day_text(local.date(), today=today)} {local:%H:%M}"


def yuan_text(amount: Decimal | int) -> str:
    """An amount in yuan with separators and two places where there are fen."""
    value = Decimal(amount)
    return f"{value:,.0f}" if value == value.to_integral() else f"{value:,.2f}"


@dataclass(frozen=True)
class Due:
    """A deadline as shown: the moment, what is left of it, and how urgent that is (`ok`, `warn`, `bad`, `muted`)."""

    text: str
    left: str
    tone: str
    provisional: bool = False
    articles: tuple[str, ...] = ()


def due_of(
    ends_at: datetime | None,
    *,
    now: datetime | None = None,
    met: bool = False,
    provisional: bool = False,
    articles: tuple[str, ...] = (),
) -> Due | None:
    """Describe a period by the first instant after it; a period that ends at midnight is shown by its last day."""
    if ends_at is None:
        return None
    now = now or clock.now()
    local = ends_at.astimezone(clock.ZONE)
    ends_with_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    text = day_text((local - timedelta(seconds=1)).date()) if ends_with_day else moment_text(ends_at)
    if met:
        return Due(text, gettext("met"), "ok", provisional, articles)
    left = _left(now, ends_at)
    tone = "bad" if ends_at <= now else "warn" if ends_at - now <= DUE_SOON or provisional else "ok"
    return Due(text, left, tone, provisional, articles)


def _left(now: datetime, ends_at: datetime) -> str:
    if ends_at <= now:
        days = (now - ends_at).days
        if not days:
            return gettext("overdue")
        return ngettext("%(count)d day overdue", "%(count)d days overdue", days) % {"count": days}
    hours = int((ends_at - now).total_seconds() // 3600)
    if hours < 24:
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    first = clock.local_day(now)
    last = clock.local_day(ends_at - timedelta(seconds=1))
    calendar = official()
    try:
        days = sum(calendar.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    except LookupError:
        days = (last - first).days
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    return ngettext("%(count)d working day left", "%(count)d working days left", days) % {"count": days}
