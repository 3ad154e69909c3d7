"""What the worker does for plates."""

from uuid import UUID

from sanbao.agreements.plates import services
from sanbao.agreements.plates.models import PlateSheet
from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.core.jobs import task


@task
def print_sheet(sheet: str) -> int:
    """Print a long sheet part by part; after a broken run it goes on with the next part. The answer is the number of parts."""
    found = PlateSheet.objects.select_related("by__department").get(pk=UUID(sheet))
    try:
        while services.print_part(found, at=clock.now()):
            pass
    except Refusal as refusal:
        services.give_up(found, refusal)
    return len(found.parts)
