"""Opening a case from a finding without an order before it, and changing or confirming its two investigators (PL 42, 43, 54)."""

from datetime import date, datetime

from django.db import transaction

from sanbao.core import access, clock, files, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import User
from sanbao.law.deadlines import due
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import wording
from sanbao.penalties.models import Case, Evidence, StepTaken
from sanbao.penalties.services import periods
from sanbao.penalties.services.paperwork import issue_paper
from sanbao.penalties.services.proposing import next_number
from sanbao.problems.models import Finding
from sanbao.problems.services import insist_no_own_report

NOBODY = gettext_noop("The finding names no party. Confirm the premises and who trades there before a case is opened.")
KNOWN = gettext_noop("A case from this finding exists already: %(number)s.")
NOT_TWO = gettext_noop("Name two different officers whose certificates are valid today.")
BARRED = gettext_noop("%(name)s has reviewed, chaired or decided in this case and cannot investigate it.")
NO_REASON = gettext_noop("Write down the reason.")
NONE_OPEN = gettext_noop("No request for recusal is open.")
LATER = gettext_noop("The act lies after its discovery or in the future. Correct the day.")
OVER = gettext_noop("The case is at its end; its investigators can no longer be changed.")


@transaction.atomic
def open_lead(finding: Finding, *, violation: str, conduct_on: date, second: User, by: User, at: datetime) -> Case:
    """Open a case as a lead from a finding; whoever opens it and `second` investigate. The photos go onto the evidence desk."""
    access.require(by, "case.handle", at)
    _insist_on_two(by, second, at)
    if finding.merchant_id is None:
        raise refuse("nobody", NOBODY, "PL-54")
    insist_no_own_report(finding)
    known = Case.objects.filter(finding=finding).first()
    if known:
        raise refuse("known", KNOWN, number=known.number)
    found_on = clock.local_day(finding.found_at)
    if conduct_on > found_on or found_on > clock.local_day(at):
        raise refuse("later", LATER, "PL-36", status=Malformed)
    case = Case.objects.create(
        number=next_number(by.department, at),
        finding=finding,
        premises=finding.premises,
        merchant=finding.merchant,
        area=finding.area,
        department=by.department,
        first_handler=by,
        second_handler=second,
        violation=violation,
        conduct_on=conduct_on,
        discovered_on=found_on,
        place=finding.place or (finding.premises.address if finding.premises else ""),
        findings=finding.note,
        state=Case.State.LEAD,
        proposed_at=at,
    )
    StepTaken.objects.create(case=case, step="propose", to_state=case.state, at=at, by=by, facts={"finding": str(finding.pk)})
    Evidence.objects.bulk_create(
        Evidence(
            case=case,
            kind="electronic",
            title="现场照片",
            obtained_at=use.photo.taken_at or use.added_at,
            photo=use.photo,
            proves=["conduct", "party"],
            by=by,
        )
        for use in files.attachments(finding)
    )
    periods.begin(case, due("DL-23", finding.found_at))
    periods.note_next(case)
    journal.record("case.proposed", case, by=by, at=at, finding=str(finding.pk))
    return case


@transaction.atomic
def change_investigators(case: Case, *, first: User, second: User, reason: str, by: User, at: datetime) -> Case:
    """Let two others investigate, or one other; those who leave stay barred from reviewing, chairing and deciding (PL 42, 43).

    The new ones declare themselves anew, and an open request for recusal is thereby granted.
    """
    access.require(by, "case.approve", at)
    case.refresh_from_db()
    if case.state in periods.OVER:
        raise refuse("over", OVER)
    if not reason.strip():
        raise refuse("no_reason", NO_REASON, "PL-43", status=Malformed)
    _insist_on_two(first, second, at)
    for person in (first, second):
        _insist_on_no_part(case, person)
    before = [case.first_handler_id, case.second_handler_id]
    gone = {str(pk) for pk in before if pk not in (first.pk, second.pk)}
    answers = {
        key: value for key, value in case.answers.items() if key not in ("no_conflict", "showed_certificates", "recusal_pending")
    }
    former = sorted((set(case.former_handlers) | gone) - {str(first.pk), str(second.pk)})
    changes = {"first_handler": first, "second_handler": second, "former_handlers": former, "answers": answers}
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))
    journal.record(
        "case.investigators_changed", case, by=by, at=at, before=before, now=[first.pk, second.pk], reason=reason.strip()
    )
    return case


@transaction.atomic
def refuse_recusal(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """The head decides that the investigators may go on (PL 43)."""
    access.require(by, "case.approve", at)
    case.refresh_from_db()
    if not case.answers.get("recusal_pending"):
        raise refuse("none_open", NONE_OPEN, "PL-43")
    if not reason.strip():
        raise refuse("no_reason", NO_REASON, "PL-43", status=Malformed)
    case.answers = {**case.answers, "recusal_pending": False}
    case.save(update_fields=["answers"])
    journal.record("case.recusal_refused", case, by=by, at=at, reason=reason.strip())
    return case


@transaction.atomic
def confirm_address(case: Case, *, address: str, receiver: str, channel: str = "", by: User, at: datetime) -> Case:
    """Keep the address that the party confirmed by signature; with a channel it agreed to electronic service (PL 61; CPL 90)."""
    access.require(by, "case.handle", at)
    if not address.strip() or not receiver.strip():
        raise refuse("no_reason", NO_REASON, "PL-61", status=Malformed)
    case.address = {
        "address": address.strip(),
        "receiver": receiver.strip(),
        "channel": channel.strip(),
        "signed_at": at.isoformat(),
    }
    case.save(update_fields=["address"])
    issue_paper(case, "D-25", wording.address(case), by=by, at=at)
    journal.record("case.address_confirmed", case, by=by, at=at, electronic=bool(channel.strip()))
    return case


def _insist_on_two(first: User, second: User, at: datetime) -> None:
    if first.pk == second.pk or not all(person.certificate_at(at) for person in (first, second)):
        raise refuse("not_two", NOT_TWO, "PL-42", status=Malformed)


def _insist_on_no_part(case: Case, person: User) -> None:
    chaired = case.hearings.filter(chair=person).exists()
    reviewed = case.reviews.filter(by=person).exists()
    approved = case.steps.filter(by=person, step__in=("file", "waive", "decide", "discuss")).exists()
    if chaired or reviewed or approved:
        raise refuse("barred", BARRED, "PL-43", "PL-58", "PL-64", name=person.name)
