"""What speaks for a unit on the three criteria of praise (S53): recorded acts only, never what it says of itself. Reads only.

Attention: its people came to the meetings they were asked to. Measures: its tasks were done and verified by others. Effect: how it
stood in frozen rankings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.campaigns.models import Attendance, Meeting, Task
from sanbao.core import clock
from sanbao.core.journal import subject_of
from sanbao.core.models import Department
from sanbao.evaluation.models import Ranking, Score

CRITERIA = {
    "attention": _("leaders give it attention"),
    "measures": _("measures are carried out"),
    "effect": _("the effect shows"),
}
GOOD = ("A", "B")
MOST = 60


@dataclass(frozen=True)
class Merit:
    """One record that speaks for a unit: `subject` names the row, `text` says it in words, `on` its day."""

    criterion: str
    subject: str
    text: str
    on: date

    @property
    def frozen(self) -> dict[str, Any]:
        """As the publication keeps it."""
        return {"subject": self.subject, "text": self.text, "on": self.on.isoformat()}


def merits_of(unit: Department) -> dict[str, list[Merit]]:
    """Every record that speaks for a unit, by criterion, the newest first (3 queries)."""
    return {"attention": _attention(unit), "measures": _measures(unit), "effect": _effect(unit)}


def known(unit: Department, criterion: str, subjects: Iterable[str]) -> list[Merit]:
    """Those of the named records that really speak for this unit on that criterion."""
    wanted = set(subjects)
    return [merit for merit in merits_of(unit).get(criterion, []) if merit.subject in wanted] if wanted else []


def _attention(unit: Department) -> list[Merit]:
    rows = Attendance.objects.filter(unit=unit, person__isnull=False, meeting__state=Meeting.State.CLOSED)
    rows = rows.select_related("meeting").order_by("-meeting__held_at")[:MOST]
    return [Merit("attention", subject_of(row.meeting), row.meeting.title, clock.local_day(row.meeting.held_at)) for row in rows]


def _measures(unit: Department) -> list[Merit]:
    done = Q(verified_at__isnull=False, state=Task.State.VERIFIED)
    rows = Task.objects.filter(done, unit=unit).order_by("-verified_at")[:MOST]
    return [Merit("measures", subject_of(row), row.title, clock.local_day(row.verified_at)) for row in rows if row.verified_at]


def _effect(unit: Department) -> list[Merit]:
    rows = Score.objects.filter(unit=unit, grade__in=GOOD, ranking__state=Ranking.State.FROZEN).select_related("ranking")
    return [
        Merit("effect", subject_of(row), f"{row.ranking} · {row.grade} · {row.points:.2f}", row.ranking.month)
        for row in rows.order_by("-ranking__month")[:MOST]
    ]
