"""Writing the journal. `record` stands inside the transaction of the act; the worker seals and routes what was written (`core.ledger`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from sanbao.core import bulk, clock
from sanbao.core.district import current_id
from sanbao.core.models import Entry, User


def subject_of(obj: Model) -> str:
    """The name by which the journal knows a row: `room.model:id`."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def record(action: str, obj: Model, *, by: User | None, at: datetime, **data: Any) -> Entry:
    """Write one entry (`noun.participle`) about `obj`; ids and small facts only, never personal data."""
    return Entry.objects.create(**_row(action, subject_of(obj), by, at, data))


def record_many(action: str, rows: Iterable[tuple[Model, dict[str, Any]]], *, by: User | None, at: datetime) -> None:
    """Write one entry for each of many rows in one statement."""
    bulk.insert([Entry(**_row(action, subject_of(obj), by, at, data)) for obj, data in rows])


def record_each(rows: Iterable[tuple[str, Model, User | None, datetime, dict[str, Any]]]) -> None:
    """Write many entries of different authors and instants in one statement, in their order: (action, row, by, at, facts)."""
    bulk.insert([Entry(**_row(action, subject_of(obj), by, at, data)) for action, obj, by, at, data in rows])


def entries_of(obj: Model) -> Any:
    """The entries about one row, oldest first, with their authors (1 query)."""
    return Entry.objects.filter(district_id=current_id(), subject=subject_of(obj)).select_related("by").order_by("id")


def _row(action: str, subject: str, by: User | None, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "district_id": current_id(),
        "action": action,
        "subject": subject,
        "by": by,
        "at": at,
        "written_at": clock.now(),
        "data": data,
    }
