"""Moving a publication, only if nobody was faster."""

from typing import Any

from sanbao.core.errors import refuse
from sanbao.law.workflow import gettext_noop
from sanbao.publicity.models import Publication

MOVED_ON = gettext_noop("Somebody else has just changed this publication; look at it again.")
NOT_PROPOSED = gettext_noop("Only a proposal can be changed. Send it back first, or withdraw what is published.")


def move(publication: Publication, target: str, **changes: Any) -> None:
    """Compare and set the state; `Refusal` if somebody was faster."""
    if not Publication.objects.filter(pk=publication.pk, state=publication.state).update(state=target, **changes):
        raise refuse("moved_on", MOVED_ON)
    publication.refresh_from_db()


def change(publication: Publication, **changes: Any) -> None:
    """Change what is still a proposal; `Refusal` otherwise."""
    state = Publication.State.PROPOSED
    if not Publication.objects.filter(pk=publication.pk, state=state).update(**changes):
        raise refuse("not_proposed", NOT_PROPOSED)
    publication.refresh_from_db()
