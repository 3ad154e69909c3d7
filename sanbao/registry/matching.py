"""The matching desk: what a person decides about a pair of records, and how it is taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from sanbao.core import access, journal
from sanbao.core.errors import insist, refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry import merging
from sanbao.registry.importing import lock_registers
from sanbao.registry.lifecycle import APART, JOINED, LINK, SUGGESTED, WITHDRAWN, LinkFacts
from sanbao.registry.linkage.model import shipped
from sanbao.registry.models import RecordLink
from sanbao.registry.pairing import door_of

CHUNK = 500
MOVED_ON = _("Somebody else has just decided this pair. Look at it again.")


@transaction.atomic
def join_pair(link: RecordLink, *, by: User, at: datetime) -> RecordLink:
    """A person says that both records speak of one front: their fronts are joined, and rival pairs of either leave the desk."""
    lock_registers()
    _decide(link, "join", by=by, at=at)
    joiner = merging.Joiner([link], by=by, at=at)
    joiner.join(link)
    joiner.flush()
    _rivals(link).update(state=WITHDRAWN, because=link)
    withdraw_settled(because=link)
    return link


@transaction.atomic
def part_pair(link: RecordLink, *, by: User, at: datetime) -> RecordLink:
    """A person says that these are different fronts: what had been joined is separated again, and no later run joins it."""
    lock_registers()
    _decide(link, "part", by=by, at=at)
    _separate(link, by=by, at=at)
    withdraw_settled(because=link)
    return link


@transaction.atomic
def ask_street(link: RecordLink, *, by: User, at: datetime) -> RecordLink:
    """Nobody at the desk can tell: somebody has to look on the spot. The pair waits in the list of the questions to the street."""
    return _decide(link, "ask", by=by, at=at)


@transaction.atomic
def reopen_pair(link: RecordLink, *, by: User, at: datetime) -> RecordLink:
    """Take a decision back: everything is as it was before, and the pair stands on the desk again."""
    lock_registers()
    _decide(link, "reopen", by=by, at=at)
    _separate(link, by=by, at=at)
    RecordLink.objects.filter(because=link, state=WITHDRAWN).update(state=SUGGESTED, because=None)
    return link


def parted_fronts() -> set[frozenset[Any]]:
    """The pairs of fronts that people said are different ones (1 query)."""
    rows = RecordLink.objects.filter(state=APART).values_list("one__premises_id", "other__premises_id")
    return {frozenset(pair) for pair in rows}


def withdraw_settled(because: RecordLink | None = None) -> int:
    """Take from the desk the pairs that other decisions have answered: by now one front, or between two fronts that were parted."""
    parted = parted_fronts()
    rows = RecordLink.objects.filter(state=SUGGESTED).values_list("pk", "one__premises_id", "other__premises_id")
    settled = [pk for pk, one, other in rows if one is not None and (one == other or frozenset((one, other)) in parted)]
    for start in range(0, len(settled), CHUNK):
        RecordLink.objects.filter(pk__in=settled[start : start + CHUNK]).update(state=WITHDRAWN, because=because)
    return len(settled)


def _decide(link: RecordLink, step: str, *, by: User, at: datetime) -> RecordLink:
    access.require(by, "register.edit", at)
    was = link.state
    target = insist(LINK.attempt(step, LinkFacts(was, merging.joined_further(link))))
    decided = {"by": None, "decided_at": None} if step == "reopen" else {"by": by, "decided_at": at}
    if not RecordLink.objects.filter(pk=link.pk, state=was).update(state=target, **decided):
        raise refuse("moved_on", MOVED_ON)
    link.state, link.by, link.decided_at = target, decided["by"], decided["decided_at"]
    journal.record("link.decided", link, by=by, at=at, step=step, was=was)
    return link


def _separate(link: RecordLink, *, by: User, at: datetime) -> None:
    for each in merging.now_apart(merging.separate(link, by=by, at=at)):
        RecordLink.objects.filter(pk=each.pk, state=JOINED).update(state=SUGGESTED, by=None, decided_at=None)


def _rivals(link: RecordLink) -> QuerySet[RecordLink]:
    """The suggestions in which either record of a joined pair takes part with the other's register.

    Those that are sure as well and at the same door stay: there a list may have named one front twice.
    """
    fresh = RecordLink.objects.select_related("one", "other").get(pk=link.pk)
    rival = Q(pk__in=[])
    for record, register in ((fresh.one_id, fresh.other.register_id), (fresh.other_id, fresh.one.register_id)):
        rival |= Q(one=record, other__register=register) | Q(other=record, one__register=register)
    found = RecordLink.objects.filter(rival, state=SUGGESTED).select_related("one", "other")
    return RecordLink.objects.filter(pk__in=[each.pk for each in found if not _named_twice(each)])


def _named_twice(link: RecordLink) -> bool:
    one, other = (door_of(record.fields.get("address", "")) for record in (link.one, link.other))
    return link.probability >= shipped().upper and one == other
