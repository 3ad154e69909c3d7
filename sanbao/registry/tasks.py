"""What the worker does for this room."""

from uuid import UUID

from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.core.jobs import task
from sanbao.core.models import User
from sanbao.registry import importing
from sanbao.registry.models import ImportRun


@task
def apply_import(run: str, by: int | None) -> dict[str, int]:
    """Apply a confirmed import in the background; a refusal is kept with the run, where its page shows it."""
    found = ImportRun.objects.get(pk=UUID(run))
    person = User.objects.get(pk=by) if by else None
    try:
        return importing.apply_import(found, by=person, at=clock.now()).counts
    except Refusal as error:
        ImportRun.objects.filter(pk=found.pk).update(progress={**found.progress, "refused": " ".join(error.texts())})
        return {}
