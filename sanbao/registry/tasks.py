"""What the worker does for this room."""

from uuid import UUID

from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.core.jobs import task
from sanbao.core.models import User
from sanbao.registry import importing, linking
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


@task
def link_registers(by: int | None, again: bool = False) -> list[dict[str, int]]:
    """Lay the registers beside each other in the background; may be broken off and begun again, pairs that are done stay done."""
    person = User.objects.get(pk=by) if by else None
    return [run.counts for run in linking.link_registers(by=person, at=clock.now(), again=again)]
