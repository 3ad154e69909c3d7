"""What becomes of letters and exemptions when premises turn out to be one with others, or are separated again. May run twice.

A letter goes with its front and, where two names were found to be one party, with the party; nobody signs again for that. Where both
fronts had a letter of the same party, the later one stands and the earlier one is replaced from the day of the join.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sanbao.agreements.lifecycle import OPEN, SIGNED, SUPERSEDED, WAITING
from sanbao.agreements.models import Agreement, Attempt, Exemption, PaperEntry, ZoneNotice
from sanbao.core import clock, journal
from sanbao.core.models import Entry
from sanbao.registry.following import MERGED, follow, merge_of, note, noted
from sanbao.registry.models import PremisesMerge

ALIVE = (SIGNED, *OPEN)


def follow_premises(entry: Entry) -> None:
    """Let letters, notices, calls, paper letters and exemptions go with the front of which a journal entry tells."""
    follow(entry, (Exemption, ZoneNotice, Attempt))
    merge = merge_of(entry)
    if merge is None:
        return
    if entry.action == MERGED:
        _bring_together(merge, party=entry.data.get("party"), known_as=entry.data.get("is"), at=entry.at)
        _bring_papers(merge)
    else:
        PaperEntry.objects.filter(pk__in=list(noted(merge, PaperEntry)), premises=merge.kept_id).update(premises=merge.merged_id)
        _give_back(merge)


def _bring_together(merge: PremisesMerge, *, party: str | None, known_as: str | None, at: datetime) -> None:
    rows = Agreement.objects.filter(premises__in=[merge.kept_id, merge.merged_id]).order_by("signed_at", "drafted_at", "id")
    letters, former = list(rows), {}
    for letter in letters:
        before = _values(letter)
        letter.premises_id = merge.kept_id
        if party and str(letter.merchant_id) == party:
            letter.merchant_id = UUID(known_as)
        if _values(letter) != before:
            former[str(letter.pk)] = before
    for rival in _rivals(letters):
        former.setdefault(str(rival.pk), _values(rival))
        rival.state, rival.ended_on = SUPERSEDED, clock.local_day(at)
        journal.record("agreement.ended", rival, by=None, at=at, state=rival.state)
    note(merge, Agreement, former)
    # The replaced ones first: a front never has two letters of one party in force, not even for a moment.
    for letter in sorted(letters, key=lambda one: one.state in ALIVE):
        if str(letter.pk) in former:
            letter.save(update_fields=["premises", "merchant", "state", "ended_on"])


def _bring_papers(merge: PremisesMerge) -> None:
    """Paper letters go along, but for one that waits where another of the same party waits already: that one is rejected by hand."""
    waiting = PaperEntry.State.TYPED
    taken = PaperEntry.objects.filter(premises=merge.kept_id, state=waiting).values_list("merchant", flat=True)
    rows = PaperEntry.objects.filter(premises=merge.merged_id).exclude(state=waiting, merchant__in=list(taken))
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    note(merge, PaperEntry, dict.fromkeys(ids, None))
    PaperEntry.objects.filter(pk__in=ids).update(premises=merge.kept_id)


def _rivals(letters: list[Agreement]) -> list[Agreement]:
    """Of the letters of one party at one front, in force or waiting, all but the latest of each sort."""
    latest: dict[tuple[Any, bool], Agreement] = {}
    rivals = []
    for letter in letters:
        if letter.state == SIGNED or letter.state in WAITING:
            key = (letter.merchant_id, letter.state == SIGNED)
            if key in latest:
                rivals.append(latest[key])
            latest[key] = letter
    return rivals


def _give_back(merge: PremisesMerge) -> None:
    former = noted(merge, Agreement)
    moved = Agreement.objects.filter(pk__in=list(former), premises=merge.kept_id).order_by("-drafted_at", "-id")
    # Those that leave the kept front first: they may stand in the place of one that comes back to life.
    for letter in sorted(moved, key=lambda one: former[str(one.pk)][0] == str(merge.kept_id)):
        premises, merchant, state, ended_on = former[str(letter.pk)]
        letter.premises_id, letter.merchant_id = UUID(premises), UUID(merchant)
        if letter.state == SUPERSEDED and state != SUPERSEDED and not _taken(letter, state):
            letter.state, letter.ended_on = state, date.fromisoformat(ended_on) if ended_on else None
        letter.save(update_fields=["premises", "merchant", "state", "ended_on"])


def _taken(letter: Agreement, state: str) -> bool:
    """Whether another letter of the party has come into the place since."""
    rows = Agreement.objects.filter(premises=letter.premises_id, merchant=letter.merchant_id).exclude(pk=letter.pk)
    return rows.filter(state__in=[SIGNED] if state == SIGNED else list(WAITING)).exists()


def _values(letter: Agreement) -> list[Any]:
    ended = letter.ended_on.isoformat() if letter.ended_on else None
    return [str(letter.premises_id), str(letter.merchant_id), letter.state, ended]
