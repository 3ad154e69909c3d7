"""What the worker does for this room."""

from uuid import UUID

from sanbao.agreements import printing
from sanbao.agreements.models import LetterPrint
from sanbao.core import clock
from sanbao.core.jobs import task


@task
def print_letters(batch: str) -> int:
    """Render a batch of letters part after part; begun again, it goes on after the last finished part. Answers the pages."""
    found = LetterPrint.objects.select_related("unit").get(pk=UUID(batch))
    while found.done_at is None and printing.print_part(found, at=clock.now()):
        pass
    return found.pages
