"""Measures beside a case: proposing them, the head's approval, and their steps (`sanbao.law.measures`). One verb each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import Malformed, Refusal, insist, refuse
from sanbao.core.models import User
from sanbao.law.deadlines import due
from sanbao.law.measures import MEASURES, MeasureFacts
from sanbao.law.workflow import gettext_noop
from sanbao.penalties import facts, measuring, wording
from sanbao.penalties.models import Case, Measure, MeasureStep
from sanbao.penalties.separation import NOT_YOURS
from sanbao.penalties.services import periods
from sanbao.penalties.services.investigating import OPEN
from sanbao.penalties.services.paperwork import issue_paper

NO_ITEMS = gettext_noop("Name every thing of the list, where it is kept, and the reason.")
NOT_NOW = gettext_noop("In this state of the case nothing is preserved or seized any more.")
MOVED_ON = gettext_noop("Somebody else has moved this measure on in the meantime. Load the page again.")
NOT_PROPOSED = gettext_noop("Only a proposed measure, or an urgent one just taken, is approved.")
# step: (papers, periods begun, periods ended)
WRITES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "preserve": (("D-09A", "D-09", "D-09L"), ("DL-03",), ()),
    "dispose": (("D-10",), (), ("DL-03",)),
    "give_back": (("D-10",), (), ("DL-03",)),
    "seize": (("D-12", "D-13"), ("DL-10",), ()),
    "confirm_urgent": (("D-12A",), (), ("DL-11",)),
    "extend": (("D-14E",), ("DL-10E",), ("DL-10",)),
    "release": (("D-14",), (), ("DL-10", "DL-10E", "DL-11")),
    "discard": ((), (), ()),
}
ACTIONS = {
    "preserve": "measure.preserved",
    "dispose": "measure.disposed",
    "give_back": "measure.returned",
    "seize": "measure.seized",
    "confirm_urgent": "measure.confirmed",
    "extend": "measure.extended",
    "release": "measure.released",
    "discard": "measure.discarded",
}
HEADS = ("confirm_urgent", "extend")


@transaction.atomic
def propose_measure(
    case: Case,
    *,
    kind: str,
    items: Sequence[Mapping[str, str]],
    place: str,
    reason: str,
    keeper: str = "",
    urgent: bool = False,
    by: User,
    at: datetime,
    **answers: Any,
) -> Measure:
    """Propose to preserve or to seize things; `answers` are the declarations by the names of the law's facts."""
    _insist_on_hand(case, by, at)
    if case.state not in OPEN:
        raise refuse("not_now", NOT_NOW, "PL-56", "CL-18")
    listed = [dict(item) for item in items if item.get("name", "").strip()]
    if not listed or not place.strip() or not reason.strip() or kind not in Measure.Kind.values:
        raise refuse("no_items", NO_ITEMS, "PL-56", "CL-24", status=Malformed)
    row = Measure.objects.create(
        case=case,
        kind=kind,
        items=listed,
        place=place.strip(),
        keeper=keeper.strip(),
        reason=reason.strip(),
        urgent=urgent,
        answers={key: value for key, value in answers.items() if value is not None},
        proposed_at=at,
        by=by,
    )
    journal.record("measure.proposed", row, by=by, at=at, case=str(case.pk), kind=kind)
    return row


@transaction.atomic
def approve_measure(measure: Measure, *, by: User, at: datetime) -> Measure:
    """The head approves a proposed measure beforehand (PL 56; CL 18)."""
    access.require(by, "case.approve", at)
    measure.refresh_from_db()
    if measure.state != Measure.State.PROPOSED:
        raise refuse("not_proposed", NOT_PROPOSED, "CL-18")
    measure.approved_by, measure.approved_at = by, at
    measure.save(update_fields=["approved_by", "approved_at"])
    if measure.kind == Measure.Kind.SEIZURE:
        issue_paper(measure.case, "D-12A", wording.measure(measure.case, measure, "", at, by), by=by, at=at)
    journal.record("measure.approved", measure, by=by, at=at, case=str(measure.case_id))
    return measure


@transaction.atomic
def take_measure_step(measure: Measure, name: str, *, by: User, at: datetime, **given: Any) -> Measure:
    """Take one step of a measure with what it brings (`reason`, `decisions` per thing, declarations by the law's names).

    Raises `Forbidden`, or `Refusal` with every objection of the law at once.
    """
    if name in HEADS:
        access.require(by, "case.approve", at)
    else:
        _insist_on_hand(measure.case, by, at)
    measure.refresh_from_db()
    known = measuring.with_given(measure, measuring.facts_of(measure, at, by), name, given, by)
    verdict = MEASURES[measure.kind].attempt(name, known)
    target = insist(verdict)
    if not Measure.objects.filter(pk=measure.pk, state=known.state).update(state=target):
        raise refuse("moved_on", MOVED_ON)
    measure.state = target
    MeasureStep.objects.create(
        measure=measure,
        step=name,
        from_state=known.state,
        to_state=target,
        at=at,
        by=by,
        note=str(given.get("reason", "")).strip(),
        facts=facts.plain(known),
        warnings=[
            {"code": each.code, "message": each.message, "params": dict(each.params), "articles": list(each.cites)}
            for each in verdict.warnings
        ],
    )
    _write(measure, name, known, given, by, at)
    journal.record(ACTIONS[name], measure, by=by, at=at, case=str(measure.case_id), step=name)
    return measure


def _write(measure: Measure, name: str, known: MeasureFacts, given: Mapping[str, Any], by: User, at: datetime) -> None:
    if name in ("preserve", "seize"):
        measure.started_at = at
        measure.answers = {**measure.answers, **measuring.declared(given)}
    if name == "extend":
        measure.extensions += 1
    if name == "confirm_urgent":
        measure.approved_by, measure.approved_at = by, at
    if name == "dispose":
        measure.items = [{**item, "decision": words} for item, words in zip(measure.items, given["decisions"], strict=True)]
    if measure.state not in ("proposed", "preserved", "seized"):
        measure.ended_at = at
    measure.save()
    forms, begun, ended = WRITES[name]
    case = measure.case
    periods.end_of(measure, ended, at)
    for rule in begun:
        periods.begin(case, due(rule, measure.started_at), measure)
    if name == "seize" and measure.approved_at is None:
        periods.begin(case, due("DL-11", at), measure)
    for form in forms:  # each names the number of the one before it
        issue_paper(case, form, wording.measure(case, measure, str(given.get("reason", "")), at, by), by=by, at=at)
    periods.note_next(case)


def _insist_on_hand(case: Case, by: User, at: datetime) -> None:
    access.require(by, "case.handle", at)
    case.refresh_from_db()
    if str(by.pk) not in facts.investigators_of(case):
        names = f"{case.first_handler}、{case.second_handler}"
        raise refuse("not_yours", NOT_YOURS, "PL-42", status=Refusal, names=names)
