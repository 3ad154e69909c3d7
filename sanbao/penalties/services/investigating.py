"""What the investigators write into a case before it is noticed: facts and answers, the proposed penalty, evidence."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.models import Photo, User
from sanbao.law.local import Band
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import answers, facts, weighing
from sanbao.penalties.models import Case, Evidence
from sanbao.penalties.separation import NOT_YOURS

OPEN = ("rechecked", "lead", "verified", "filed", "reported", "noticed", "defended", "heard")
SETTLED = gettext_noop("The case is settled so far; facts, evidence and the proposed penalty can no longer be changed.")
BAD_ANSWER = gettext_noop("“%(key)s” cannot be answered like that.")
RECUSAL = gettext_noop("A request for recusal is decided by the head, not by those whom it concerns.")
BAD_FINE = gettext_noop("A fine is an amount in yuan above nothing, or is left out.")
OUTSIDE_BAND = gettext_noop(
    "A fine of %(fine)s yuan lies outside the chosen band of %(min)s to %(max)s yuan. Choose another band or name a ground."
)
NO_BAND = gettext_noop("The published benchmark has no such band for this act, party and stage.")
UNKNOWN_FACT = gettext_noop("Name what the piece of evidence proves.")


@transaction.atomic
def record_facts(case: Case, *, by: User, at: datetime, findings: str | None = None, **given: Any) -> Case:
    """Write the facts found and answers to `answers.QUESTIONS` (a None takes an answer back). Raises `Malformed`."""
    _insist_on_hand(case, by, at)
    try:
        stored = {**case.answers, **answers.accept(given)}
    except ValueError as error:
        raise refuse("bad_answer", BAD_ANSWER, status=Malformed, key=str(error)) from None
    changes: dict[str, Any] = {"answers": {key: value for key, value in stored.items() if value is not None}}
    if case.answers.get("recusal_pending") and "recusal_pending" in given and not given["recusal_pending"]:
        raise refuse("recusal", RECUSAL, "PL-43")
    if findings is not None:
        changes["findings"] = findings.strip()
    _change(case, changes)
    _follow_the_law(case, at)
    journal.record("case.facts_recorded", case, by=by, at=at, answered=sorted(given))
    return case


@transaction.atomic
def propose_penalty(
    case: Case,
    *,
    kinds: Iterable[str],
    fine: Decimal | None,
    by: User,
    at: datetime,
    benchmark: str = "",
    correction: str = "",
    law_reason: str = "",
    mitigation: Iterable[str] = (),
    mitigation_reason: str = "",
    circumstance: str = "",
    weighing_reason: str = "",
) -> Case:
    """Write the penalty that is proposed; whether it is lawful, the guards of the next step say. Fine in yuan.

    With a `circumstance` of the published benchmark the fine keeps to its band, or a ground for less is named (PL 32, 34).
    """
    _insist_on_hand(case, by, at)
    if fine is not None and (not fine.is_finite() or fine <= 0):
        raise refuse("bad_fine", BAD_FINE, status=Malformed)
    band = _band(case, circumstance, at)
    if band and fine is not None and not band.min <= fine <= band.max and not (list(mitigation) and mitigation_reason.strip()):
        raise refuse("outside_band", OUTSIDE_BAND, "PL-32", "PL-34", min=str(band.min), max=str(band.max), fine=str(fine))
    changes = {
        "benchmark_amount": band.min if band else None,
        "weighing": {"circumstance": circumstance, "reason": weighing_reason.strip()} if circumstance or weighing_reason else {},
        "kinds": sorted(set(kinds)),
        "fine": fine,
        "benchmark": band.version if band else benchmark,
        "correction": correction.strip(),
        "law_reason": law_reason.strip(),
        "mitigation": sorted(set(mitigation)),
        "mitigation_reason": mitigation_reason.strip(),
    }
    _change(case, changes)
    _follow_the_law(case, at)
    journal.record("case.penalty_proposed", case, by=by, at=at, kinds=changes["kinds"], fine=str(fine) if fine else None)
    return case


def _band(case: Case, circumstance: str, at: datetime) -> Band | None:
    """The band of the published benchmark that was chosen, if any."""
    if not circumstance:
        return None
    for band in weighing.bands_of(case, at):
        if band.circumstance == circumstance:
            return band
    raise refuse("no_band", NO_BAND, "PL-34", status=Malformed)


@transaction.atomic
def add_evidence(
    case: Case,
    *,
    kind: str,
    title: str,
    proves: Iterable[str],
    obtained_at: datetime,
    by: User,
    at: datetime,
    photo: Photo | None = None,
    note: str = "",
    verified: bool | None = None,
    lawful: bool | None = None,
) -> Evidence:
    """Lay a piece of evidence of one of the eight kinds (PL 46) on the desk, with the facts it proves."""
    _insist_on_hand(case, by, at)
    named = sorted(set(proves))
    if not named or set(named) - dict(answers.FACTS_TO_PROVE).keys() or kind not in Evidence.Kind.values or not title.strip():
        raise refuse("unknown_fact", UNKNOWN_FACT, "PL-46", status=Malformed)
    row = Evidence.objects.create(
        case=case,
        kind=kind,
        title=title.strip(),
        proves=named,
        note=note.strip(),
        photo=photo,
        obtained_at=obtained_at,
        verified=verified,
        lawful=lawful,
        by=by,
    )
    journal.record("evidence.added", case, by=by, at=at, evidence=str(row.pk), kind=kind)
    return row


@transaction.atomic
def verify_evidence(case: Case, marks: Mapping[str, tuple[bool, bool]], *, by: User, at: datetime) -> None:
    """Mark pieces of evidence by id as (verified, lawfully obtained): nothing unverified carries a fact (PL 46)."""
    _insist_on_hand(case, by, at)
    for row in case.evidence.filter(pk__in=list(marks)):
        row.verified, row.lawful = marks[str(row.pk)]
        row.save(update_fields=["verified", "lawful"])
    journal.record("evidence.verified", case, by=by, at=at, count=len(marks))


def _insist_on_hand(case: Case, by: User, at: datetime) -> None:
    access.require(by, "case.handle", at)
    case.refresh_from_db(fields=["state"])
    if case.state not in OPEN:
        raise refuse("settled", SETTLED)
    if str(by.pk) not in facts.investigators_of(case):
        names = f"{case.first_handler}、{case.second_handler}"
        raise refuse("not_yours", NOT_YOURS, "PL-42", status=Refusal, names=names)


def _change(case: Case, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))


def _follow_the_law(case: Case, at: datetime) -> None:
    """Keep the version of the law that the comparison gives (PL 37); where a person must choose, nothing is chosen here."""
    found = facts.version_of(case, at)
    if found != case.law_version:
        _change(case, {"law_version": found})
