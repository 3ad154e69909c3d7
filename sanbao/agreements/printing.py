"""Printing the letters that wait, many as one PDF: the list on top, each letter with its code to sign by phone and its lines for ink.

A batch is rendered by the worker part after part; each finished part is kept, so that after a break the work goes on where it stopped.
These sheets are working copies with the letter's working number; the numbered paper is issued when a letter is signed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.agreements import papers, queries
from sanbao.agreements.lifecycle import OPEN
from sanbao.agreements.models import Agreement, LetterPrint
from sanbao.agreements.services import MOVED_ON, link_path
from sanbao.agreements.zones import queries as zones
from sanbao.core import clock, documents, files, jobs, journal
from sanbao.core.access import require
from sanbao.core.errors import refuse
from sanbao.core.models import Department, User
from sanbao.law.workflow import gettext_noop

TEMPLATE = "letters"
TITLE = "门前责任书（待签文本）"
TASK = "sanbao.agreements.tasks.print_letters"
PART, AT_ONCE = 50, 2000
TO_TICK = "□承诺　□不适用"
NOTHING_TO_PRINT = gettext_noop("No letter waits for its signature here, so there is nothing to print. Draft the letters first.")
TOO_MANY = gettext_noop("%(count)d letters are too many for one batch. Choose a smaller area (at most %(most)d).")


@transaction.atomic
def ask_print(letters: Sequence[Agreement], *, base: str, by: User, at: datetime) -> LetterPrint:
    """Ask the worker for these letters as one PDF, in the given order; `base` is the address before the paths of signing links."""
    require(by, "agreement.plan", at)
    if not letters:
        raise refuse("nothing_to_print", NOTHING_TO_PRINT)
    if len(letters) > AT_ONCE:
        raise refuse("too_many", TOO_MANY, count=len(letters), most=AT_ONCE)
    unit: Department = letters[0].unit
    batch = LetterPrint.objects.create(
        title=TITLE, unit=unit, letters=[str(letter.pk) for letter in letters], base=base.rstrip("/"), asked_at=at, by=by
    )
    journal.record("letters.printed", batch, by=by, at=at, count=len(letters))
    jobs.enqueue(TASK, uniq=f"letters:{batch.pk}", batch=str(batch.pk))
    return batch


def print_part(batch: LetterPrint, *, at: datetime) -> bool:
    """Render the next part of a batch, or the whole when all parts are there; says whether more is to be done.

    What was signed or ended since is left out. Another worker that did the same part meanwhile is no harm: the first one counts.
    """
    done = len(batch.parts) * PART
    if done < len(batch.letters):
        file, pages, count = _rendered(batch, batch.letters[done : done + PART], done + 1, at)
        _keep(batch, parts=[*batch.parts, {"file": file, "pages": pages, "count": count}])
        return True
    if len(batch.parts) == 1:
        file, pages = batch.parts[0]["file"], batch.parts[0]["pages"]
    else:
        file, pages, _count = _rendered(batch, batch.letters, 1, at)
    _keep(batch, file=file, pages=pages, done_at=at)
    return False


def _rendered(batch: LetterPrint, ids: Sequence[str], first: int, at: datetime) -> tuple[str, int, int]:
    """The stored PDF of some of the letters, its pages, and how many letters it holds."""
    facts = sheet_facts(queries.letters_by_id(ids), batch, at)
    frame = {"first": first, "last": first + len(facts) - 1, "printed": papers.chinese(clock.local_day(at)), "letters": facts}
    pdf = documents.sheet(TEMPLATE, frame, kind=papers.KIND, title=batch.title, foot="", department=batch.unit, at=at)
    return files.save_bytes(pdf, "prints", ".pdf"), documents.count_pages(pdf), len(facts)


def sheet_facts(letters: Sequence[Agreement], batch: LetterPrint, at: datetime) -> list[dict[str, Any]]:
    """What the sheets of the letters that may still be signed say, as plain JSON."""
    waiting = [letter for letter in letters if letter.state in OPEN]
    places = zones.zones_of([letter.premises for letter in waiting], clock.local_day(at))
    return [_facts(letter, batch.base, at, places[letter.premises_id]) for letter in waiting]


def _facts(letter: Agreement, base: str, at: datetime, found: Sequence[zones.Zone]) -> dict[str, Any]:
    facts, premises = papers.letter_facts(letter, (), found), letter.premises
    alive = queries.link_is_alive(letter, at)
    place = f"{premises.segment.street.name}{premises.segment.number} {papers.SIDES[premises.side]}" if premises.segment else ""
    return {
        **facts,
        "title": letter.form.title,
        "working_number": letter.number,
        "place": place,
        "term": f"自签署之日起{letter.form.term_months}个月",
        "items": [{**item, "answer": TO_TICK} for item in facts["items"]],
        "qr": documents.qr_code(base + link_path(letter)) if alive else "",
        "link_until": papers.chinese(clock.local_day(letter.link_expires_at)) if alive else "",
        "agency_phone": letter.unit.phone if letter.unit else "",
    }


def _keep(batch: LetterPrint, **values: Any) -> None:
    stands = LetterPrint.objects.filter(pk=batch.pk, done_at__isnull=True, parts=batch.parts)
    if not stands.update(**values):
        raise refuse("moved_on", MOVED_ON)
    for name, value in values.items():
        setattr(batch, name, value)
