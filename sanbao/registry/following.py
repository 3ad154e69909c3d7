"""How the rows of other rooms follow premises that were joined with others or separated again.

A room names one reaction that calls `follow` with its table; whatever it moved is kept with the join, so that it can go back. May run twice.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from sanbao.core.models import Entry
from sanbao.registry.models import PremisesMerge

MERGED, SEPARATED = "premises.merged", "premises.separated"


def merge_of(entry: Entry) -> PremisesMerge | None:
    """The join that an entry tells of, held for this transaction; None when there is nothing to do any more."""
    merge = PremisesMerge.objects.select_for_update().filter(pk=UUID(entry.data["merge"])).first()
    if merge is None or (entry.action == MERGED) != (merge.separated_at is None):
        return None
    return merge


def note(merge: PremisesMerge, model: type[models.Model], former: dict[str, Any]) -> None:
    """Keep the former values of rows of another room with the join (row id → anything JSON can hold)."""
    label = model._meta.label_lower
    merge.followed[label] = former | merge.followed.get(label, {})
    merge.save(update_fields=["followed"])


def noted(merge: PremisesMerge, model: type[models.Model]) -> dict[str, Any]:
    """What `note` kept of a table."""
    return dict(merge.followed.get(model._meta.label_lower, {}))


def follow(entry: Entry, tables: Iterable[type[models.Model]]) -> int:
    """Let the rows whose column `premises` names the front that went name the kept one, or go back; the number of rows moved."""
    merge = merge_of(entry)
    return sum(_follow(merge, entry.action, model) for model in tables) if merge else 0


def _follow(merge: PremisesMerge, action: str, model: type[models.Model]) -> int:
    rows = model._default_manager
    if action == MERGED:
        ids = [str(pk) for pk in rows.filter(premises=merge.merged_id).values_list("pk", flat=True)]
        note(merge, model, dict.fromkeys(ids, None))
        return rows.filter(pk__in=ids).update(premises=merge.kept_id)
    return rows.filter(pk__in=list(noted(merge, model)), premises=merge.kept_id).update(premises=merge.merged_id)
