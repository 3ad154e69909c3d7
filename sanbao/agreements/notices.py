"""Where nobody signs: the zone and the duties made known by a notice that was left or posted, with photos, by two persons.

A notice is proof that the zone was made known. It counts on its own, never as a signature, and has no consequence for whom it informs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.agreements import papers, queries
from sanbao.agreements.lifecycle import LetterFacts
from sanbao.agreements.models import Agreement, ZoneNotice
from sanbao.agreements.services import move
from sanbao.core import clock, documents, files, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Photo, User
from sanbao.law.workflow import gettext_noop

KIND = TEMPLATE = "zone_notice"
TITLE = "门前责任区告知书"
PHOTO_ROLE = "notice"
# The paper speaks Chinese whatever the language of the page.
MANNERS = {"left": "当面说明后留置", "posted": "在店面显著位置张贴"}

MANNER_UNKNOWN = gettext_noop("Say how the letter was made known: left or posted.")
NOT_YET = gettext_noop("A notice cannot have been made in the future.")


@transaction.atomic
def record_notice(
    letter: Agreement,
    *,
    manner: str,
    photos: Sequence[bytes | Photo],
    second: User | None = None,
    witness: str = "",
    place: str = "",
    note: str = "",
    noticed_at: datetime | None = None,
    by: User,
    at: datetime,
) -> ZoneNotice:
    """Record that a letter was made known without a signature, and issue the notice's paper.

    Seen by two: a `second` colleague or a named `witness`. `place` is the front's address unless another is given. The letter may still be
    signed. Raises `Refusal` with every objection at once.
    """
    require(by, "agreement.sign", at)
    if manner not in ZoneNotice.Manner.values:
        raise refuse("manner_unknown", MANNER_UNKNOWN, status=Malformed)
    noticed_at = noticed_at or at
    if noticed_at > at:
        raise refuse("not_yet", NOT_YET, status=Malformed)
    facts = LetterFacts(
        letter.state,
        **queries.parties_of(letter, noticed_at),
        photos=len(photos),
        seen_by_two=(second is not None and second.pk != by.pk) or bool(witness.strip()),
    )
    move(letter, "notify", facts)
    notice = ZoneNotice.objects.create(
        letter=letter,
        premises=letter.premises,
        manner=manner,
        noticed_at=noticed_at,
        noticed_on=clock.local_day(noticed_at),
        place=(place.strip() or letter.premises.address)[:160],
        by=by,
        second=second,
        witness=witness.strip()[:60],
        note=note.strip()[:300],
    )
    for each in photos:
        photo = files.store_photo(each, by=by, at=at) if isinstance(each, bytes) else each
        files.attach(notice, photo, PHOTO_ROLE, by=by, at=at)
    paper = documents.issue(KIND, notice, TEMPLATE, notice_facts(notice), title=TITLE, department=letter.unit, by=by, at=at)
    ZoneNotice.objects.filter(pk=notice.pk).update(document=paper)
    notice.document = paper
    journal.record("agreement.notified", letter, by=by, at=at, notice=str(notice.pk), manner=manner, document=str(paper.pk))
    return notice


def notice_facts(notice: ZoneNotice) -> dict[str, Any]:
    """What the notice's paper says, as plain JSON: the facts of the letter, and how, where and before whom it was made known."""
    seen = [notice.by.name, *([notice.second.name] if notice.second else [])]
    return {
        **papers.letter_facts(notice.letter, ()),
        "manner": MANNERS[notice.manner],
        "noticed_at": papers.moment(notice.noticed_at),
        "place": notice.place,
        "persons": "、".join(seen),
        "witness": notice.witness,
        "working_number": notice.letter.number,
    }
