"""The facts of a case as the guards of the law ask for them, built from rows. Reads only.

What a step itself brings with it (the defence handed in, the proof of service, the head's approval) is added in `details`.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sanbao.core.district import current_id
from sanbao.core.models import User
from sanbao.law.actors import Officer, Party, PartyKind
from sanbao.law.facts import CaseFacts, OrderRecord
from sanbao.law.guards.authority import chosen
from sanbao.law.local import Local
from sanbao.law.records import (
    Collective,
    Defence,
    Evidence,
    Execution,
    Hearing,
    LegalReview,
    Notice,
    Payments,
    Remedy,
    Reminder,
    Sanction,
)
from sanbao.penalties import answers, models
from sanbao.penalties.models import Case
from sanbao.problems import facts as problem_facts

PARTY_KINDS: dict[str, PartyKind] = {"individual": "individual_business", "company": "unit", "person": "citizen"}


def facts_of(case: Case, at: datetime, by: User | None) -> CaseFacts:
    """Everything recorded about a case as it stands at `at`, for a step by this person. About 14 queries."""
    given = case.answers
    return CaseFacts(
        state=case.state,
        at=at,
        local=problem_facts.local_of(),
        procedure=case.procedure,
        actor=problem_facts.actor_of(by, at) if by else None,
        officers=officers_of(case, at),
        handlers=handlers_of(case),
        recusal_pending=bool(given.get("recusal_pending")),
        agency=problem_facts.agency_of(case.department),
        area=case.area.code if case.area else str(current_id()),
        conduct_in_area=given.get("conduct_in_area", True if case.area_id or case.premises_id else None),
        violation=case.violation,
        norms=(case.violation,),
        party=Party(kind=PARTY_KINDS.get(case.merchant.kind), adult=given.get("adult"), capacity=given.get("capacity")),
        conduct_on=case.conduct_on,
        conduct_ended_on=answers.day_of(given, "conduct_ended_on"),
        continuing=given.get("continuing"),
        discovered_on=case.discovered_on,
        grave_harm=given.get("grave_harm"),
        law_version=case.law_version,
        law_reason=case.law_reason,
        established=given.get("established"),
        facts_to_prove=frozenset({"conduct", "party"} | ({"refusal"} if case.order_id else set())),
        evidence=evidence_of(case),
        leniency=answers.leniency_of(given),
        earlier_fines=() if given.get("earlier_fine_checked") else None,
        order=order_of(case),
        filed_at=case.filed_at,
        days_suspended=days_suspended(case),
        sanction=sanction_of(case),
        **_later_records(case, given, at),
    )


def _later_records(case: Case, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Notices, defences, reviews, discussions, service and payments."""
    notices = tuple(notice_of(row) for row in case.notices.all())
    review, talk, hearing = case.reviews.last(), case.discussions.last(), case.hearings.last()
    return {
        "notice": notices[-1] if notices else None,
        "earlier_notices": notices[:-1],
        "defences": tuple(
            Defence(received_at=row.received_at, rechecked_at=row.rechecked_at, adopted=row.adopted, reasons=row.reasons)
            for row in case.defences.filter(reminder__isnull=True)
        ),
        "legal_review": review
        and LegalReview(
            by=str(review.by_id), at=review.at, passed=review.passed, qualified=review.qualified, reasons=review.reasons
        ),
        "major_public_interest": given.get("major_public_interest"),
        "difficult": given.get("difficult"),
        "complex_or_major": given.get("complex_or_major"),
        "collective": talk
        and Collective(at=talk.at, heads_present=talk.heads_present, agreed=talk.agreed, recorded=bool(talk.record)),
        "hearing": hearing_of(hearing) if hearing else None,
        "remedies": tuple(
            Remedy(
                kind=row.kind,
                filed_at=row.filed_at,
                ended_at=row.ended_at,
                outcome=row.outcome or None,
                document=row.document or None,
            )
            for row in case.remedies.all()
        ),
        "service": problem_facts.service_of(case),
        "payments": payments_of(case),
        **_reminders(case),
    }


def _reminders(case: Case) -> dict[str, Any]:
    """The last reminder of each kind with its proof of service and what was stated against it."""
    found: dict[str, Any] = {}
    for row in case.reminders.prefetch_related("defences"):
        service = problem_facts.service_of(row)
        if row.kind == models.Reminder.Kind.SUBSTITUTE:
            found["execution"] = Execution(reminder_service=service)
            continue
        stated = tuple(
            Defence(received_at=each.received_at, rechecked_at=each.rechecked_at, adopted=each.adopted, reasons=each.reasons)
            for each in row.defences.all()
        )
        found["reminder"] = Reminder(service=service, complete=row.document_id is not None, extra_fine=row.extra, defences=stated)
    return found


def officers_of(case: Case, at: datetime) -> tuple[Officer, ...]:
    """The two investigators with their certificates on that day and what they declared."""
    given = case.answers
    conflict = None if given.get("no_conflict") is None else not given["no_conflict"]
    return tuple(
        problem_facts.officer_of(person, at, showed=given.get("showed_certificates"), conflict=conflict)
        for person in (case.first_handler, case.second_handler)
    )


def investigators_of(case: Case) -> frozenset[str]:
    """The ids of the two who investigate now and may write into the case."""
    return frozenset({str(case.first_handler_id), str(case.second_handler_id)})


def handlers_of(case: Case) -> frozenset[str]:
    """The ids of everybody who ever investigated this case: none of them reviews, chairs, approves or decides it."""
    return investigators_of(case) | frozenset(case.former_handlers)


def evidence_of(case: Case) -> tuple[Evidence, ...]:
    """Every piece of evidence as the law looks at it."""
    return tuple(
        Evidence(kind=row.kind, proves=frozenset(row.proves), verified=row.verified, lawfully_obtained=row.lawful)
        for row in case.evidence.all()
    )


def order_of(case: Case) -> OrderRecord | None:
    """The order that failed, with its service and its recheck."""
    order = case.order
    if order is None:
        return None
    done = order.rechecks.order_by("at", "id").last()
    return OrderRecord(
        service=problem_facts.service_of(order),
        deadline_at=order.correct_by,
        rechecked_at=done.at if done else None,
        corrected=done.passed if done else None,
        by=frozenset({str(order.first_officer_id), str(order.second_officer_id)}),
        recheckers=frozenset({str(done.by_id), str(done.second_id)}) if done else frozenset(),
    )


def sanction_of(case: Case) -> Sanction:
    """The penalty as now proposed."""
    return Sanction(
        kinds=frozenset(case.kinds),
        fine=case.fine,
        mitigation=frozenset(case.mitigation),
        mitigation_reason=case.mitigation_reason,
        benchmark=case.benchmark or None,
        benchmark_amount=case.benchmark_amount,
        correction=case.correction or None,
    )


def notice_of(row: models.Notice) -> Notice:
    """A notice with the penalty it told and its proof of service. 1 query."""
    return Notice(
        sanction=Sanction(kinds=frozenset(row.kinds), fine=row.fine),
        issued_at=row.issued_at,
        complete=row.document_id is not None,
        hearing_offered=row.hearing_offered,
        service=problem_facts.service_of(row),
        new_facts=row.new_facts,
        waived_at=row.waived_at,
        hearing_waived_at=row.hearing_waived_at,
    )


def hearing_of(row: models.Hearing) -> Hearing:
    """A hearing as far as it has come. 1 query."""
    return Hearing(
        requested_at=row.requested_at,
        withdrawn_at=row.withdrawn_at,
        notice_service=problem_facts.service_of(row),
        scheduled_at=row.scheduled_at,
        chair=str(row.chair_id) if row.chair_id else None,
        chair_conflict=row.chair_conflict,
        public=row.public,
        private_reason=row.private_reason,
        held_at=row.held_at,
        absent=row.absent,
        record_signed=row.record_signed,
        agents=row.agents,
    )


def payments_of(case: Case) -> Payments:
    """What has been paid so far."""
    rows, last = list(case.payments.all()), case.instalments.last()
    until = last.due_on if last else None
    if not rows:
        return Payments(last_instalment_on=until)
    total, extra = sum((row.amount for row in rows), Decimal(0)), sum((row.extra for row in rows), Decimal(0))
    return Payments(paid=total, receipt_no=rows[-1].receipt_no, extra_due=extra, last_instalment_on=until)


def days_suspended(case: Case) -> int:
    """Whole days between each suspension and the resumption that followed."""
    days, begun = 0, None
    for row in case.steps.filter(step__in=("suspend", "resume")):
        if row.step == "suspend":
            begun = row.at
        elif begun is not None:
            days, begun = days + (row.at - begun).days, None
    return days


def version_of(case: Case, at: datetime) -> date | None:
    """The version of the catalogue's row that is to judge the act, if it can be told (PL 37)."""
    found = chosen(facts_of(case, at, None))
    return found.row.valid_from if found and found.why != "undetermined" else None


def plain(known: Any) -> Any:
    """A record of facts as JSON, with nothing that was not given."""
    return _plain(known)


def frozen(known: CaseFacts) -> dict[str, Any]:
    """The facts as JSON, to be kept with the step; the locality by name and nothing that was not given."""
    return {field.name: value for field in dataclasses.fields(known) if (value := _plain(getattr(known, field.name))) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Local):
        return value.locality
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: kept for field in dataclasses.fields(value) if (kept := _plain(getattr(value, field.name))) is not None
        }
    if isinstance(value, frozenset):
        return sorted(_plain(each) for each in value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
