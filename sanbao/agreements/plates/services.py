"""The one way to change plates: issue, print, hand over, mount, replace, withdraw. Every step is in the journal."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from sanbao.agreements.plates import papers, queries
from sanbao.agreements.plates.lifecycle import PLATE, VALID, PlateFacts
from sanbao.agreements.plates.models import Plate, PlateSheet, SheetLine
from sanbao.agreements.services import unit_of
from sanbao.core import bulk, documents, files, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, Refusal, insist, refuse
from sanbao.core.models import District, User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises

PER_PART = 200
MARKS = {"hand_over": ("plate.handed_over", "handed_over_at"), "mount": ("plate.mounted", "mounted_at")}
NO_PLATES = gettext_noop("No plate was chosen. Tick the fronts whose plates are meant.")
UNKNOWN_SIZE = gettext_noop("There is no plate of the size “%(size)s”.")
UNKNOWN_MARK = gettext_noop("A plate is marked as handed over or as mounted, nothing else.")
MOVED_ON = gettext_noop("Somebody else has just changed this plate. Look at it again.")
GONE = gettext_noop("These premises are gone from the register; they get no plate.")


def make_code() -> str:
    """The code of a new plate: ten characters of chance (50 bits), none mistaken for another."""
    return "".join(secrets.choice(documents.ALPHABET) for _ in range(queries.CODE_LENGTH))


@transaction.atomic
def issue_plates(fronts: Iterable[Premises], *, by: User, at: datetime) -> list[Plate]:
    """Issue a plate for each front that has no valid one; gives the valid plates of all the fronts in their order (3 statements)."""
    require(by, "agreement.plan", at)
    fronts = list({front.pk: front for front in fronts}.values())
    if any(front.gone_on for front in fronts):
        raise refuse("premises_gone", GONE)
    known = {row.premises_id: row for row in Plate.objects.filter(premises__in=fronts, state__in=VALID)}
    made = [Plate(premises=each, code=make_code(), issued_at=at, by=by) for each in fronts if each.pk not in known]
    bulk.insert(made)
    journal.record_many("plate.issued", ((row, {"premises": str(row.premises_id)}) for row in made), by=by, at=at)
    known |= {row.premises_id: row for row in made}
    return [known[each.pk] for each in fronts]


@dataclass(frozen=True)
class Marked:
    """What became of a tick list: the plates that were marked, and those that were refused with the reason."""

    plates: list[Plate] = field(default_factory=list)
    refused: list[tuple[Plate, Refusal]] = field(default_factory=list)


@transaction.atomic
def mark_plates(plates: Iterable[Plate], step: str, *, by: User, at: datetime) -> Marked:
    """Tick off plates as handed over (`hand_over`) or mounted (`mount`); one that cannot be marked holds up nobody (4 statements).

    A plate that somebody else changes in the same moment fails the whole list, which may simply be sent again.
    """
    require(by, "agreement.sign", at)
    if step not in MARKS:
        raise refuse("unknown_mark", UNKNOWN_MARK, status=Malformed)
    done, (action, column) = Marked(), MARKS[step]
    ready: dict[str, list[Plate]] = {}
    for plate in plates:
        verdict = PLATE.attempt(step, PlateFacts(plate.state))
        if verdict.allowed:
            ready.setdefault(plate.state, []).append(plate)
        else:
            done.refused.append((plate, Refusal(*verdict.objections)))
    for was, same in ready.items():
        _mark_together(same, was, {"state": PLATE.step(step).target, column: at})
        done.plates.extend(same)
    journal.record_many(action, ((each, {"premises": str(each.premises_id)}) for each in done.plates), by=by, at=at)
    return done


def _mark_together(plates: Sequence[Plate], was: str, values: dict[str, Any]) -> None:
    """Write the same to many plates of one state in one statement, all or none."""
    if Plate.objects.filter(pk__in=[each.pk for each in plates], state=was).update(**values) != len(plates):
        raise refuse("moved_on", MOVED_ON)
    for plate in plates:
        for name, value in values.items():
            setattr(plate, name, value)


@transaction.atomic
def replace_plate(plate: Plate, *, lost: bool, note: str, by: User, at: datetime) -> Plate:
    """End a plate that is lost, or damaged or wrong, and issue the next one: from now on the old code opens nothing."""
    require(by, "agreement.plan", at)
    step = "lose" if lost else "replace"
    _move(plate, step, "plate.lost" if lost else "plate.replaced", note=note, by=by, at=at, ended_at=at)
    return issue_plates([plate.premises], by=by, at=at)[0]


@transaction.atomic
def withdraw_plate(plate: Plate, *, note: str, by: User, at: datetime) -> Plate:
    """End a plate without a new one, because the front is gone or needs none."""
    require(by, "agreement.plan", at)
    _move(plate, "withdraw", "plate.withdrawn", note=note, by=by, at=at, ended_at=at)
    return plate


def _move(plate: Plate, step: str, action: str, *, by: User, at: datetime, note: str = "", **values: Any) -> None:
    target = insist(PLATE.attempt(step, PlateFacts(plate.state, note)))
    values |= {"state": target, "note": note.strip()[:300]}
    if not Plate.objects.filter(pk=plate.pk, state=plate.state).update(**values):
        raise refuse("moved_on", MOVED_ON)
    for name, value in values.items():
        setattr(plate, name, value)
    journal.record(action, plate, by=by, at=at, premises=str(plate.premises_id))


@transaction.atomic
def order_sheet(plates: Sequence[Plate], *, size: str, address: str, title: str, by: User, at: datetime) -> PlateSheet:
    """Order plates to be printed in walking order; `print_part` makes the PDF. `address` is used where the site has no public one."""
    require(by, "agreement.plan", at)
    if size not in PlateSheet.Size.values:
        raise refuse("unknown_size", UNKNOWN_SIZE, status=Malformed, size=size[:20])
    ids = {plate.pk for plate in plates}
    chosen = list(queries.in_walking_order(Plate.objects.filter(pk__in=ids, state__in=VALID)))
    if not chosen:
        raise refuse("no_plates", NO_PLATES)
    sheet = PlateSheet.objects.create(
        title=title[:120],
        size=size,
        address=(settings.PUBLIC_URL or address)[:200],
        of_parts=-(-len(chosen) // PER_PART),
        ordered_at=at,
        by=by,
    )
    bulk.insert([SheetLine(sheet=sheet, plate=plate, position=place) for place, plate in enumerate(chosen, 1)])
    journal.record("plates.ordered", sheet, by=by, at=at, plates=len(chosen), size=size)
    return sheet


@transaction.atomic
def issue_sheet(fronts: Sequence[Premises], *, size: str, address: str, title: str, by: User, at: datetime) -> PlateSheet:
    """Issue plates where none is valid and order those of all these fronts printed, both or neither."""
    return order_sheet(issue_plates(fronts, by=by, at=at), size=size, address=address, title=title, by=by, at=at)


def print_part(sheet: PlateSheet, *, at: datetime) -> bool:
    """Print the next part of a sheet (at most 200 plates) and keep it; whether any is left. Asked twice, it goes on where it stood."""
    sheet.refresh_from_db()
    done = len(sheet.parts)
    if done >= sheet.of_parts or sheet.refused:
        return False
    lines = queries.lines_of(sheet)[done * PER_PART : (done + 1) * PER_PART]
    plates = [line.plate for line in lines]
    district = District.objects.get(code=sheet.district_id)
    department = sheet.by.department or unit_of(plates[0].premises)
    pdf = papers.render(
        plates, size=sheet.size, address=sheet.address, district=district, department=department, at=sheet.ordered_at
    )
    _keep(sheet, [*sheet.parts, files.save_bytes(pdf, "plates", ".pdf")], at)
    return len(sheet.parts) < sheet.of_parts


@transaction.atomic
def _keep(sheet: PlateSheet, parts: list[str], at: datetime) -> None:
    finished = at if len(parts) == sheet.of_parts else None
    if PlateSheet.objects.filter(pk=sheet.pk, parts=sheet.parts).update(parts=parts, printed_at=finished):
        sheet.parts, sheet.printed_at = parts, finished
        if finished:
            journal.record("plates.printed", sheet, by=sheet.by, at=at, parts=len(parts))


def give_up(sheet: PlateSheet, refusal: Refusal) -> None:
    """Keep with a sheet why it cannot be printed, for whoever ordered it to read."""
    sheet.refused = " ".join(refusal.texts())[:400]
    PlateSheet.objects.filter(pk=sheet.pk).update(refused=sheet.refused)
