"""What the steps of the ordinary course bring: notice, defence, hearing, discussion, decision, service."""

from dataclasses import replace

from sanbao.law.facts import CaseFacts
from sanbao.law.records import Collective, Defence, Hearing, Notice
from sanbao.law.sanctions import hearing_required
from sanbao.penalties.bringing.entry import decided, decision_of
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.models import Case
from sanbao.problems import facts as problem_facts


def notice(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The draft of the notice: it tells what is proposed, and offers a hearing wherever one may be due (PL 44, 63)."""
    required = hearing_required(known.sanction, known.party.kind, known.local) if known.party.kind else None
    draft = Notice(
        sanction=known.sanction,
        issued_at=known.at,
        complete=bool(case.findings.strip() and known.sanction.kinds and known.law_version),
        hearing_offered=required is not False,
        new_facts=given.new_facts,
    )
    earlier = (*known.earlier_notices, known.notice) if known.notice else ()
    return replace(known, notice=draft, earlier_notices=earlier)


def defence(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """What the party states, and when it came in (PL 45)."""
    if not given.text.strip() or given.received_at is None:
        return known
    return replace(known, defences=(*known.defences, Defence(received_at=given.received_at)))


def answer(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The recheck of every open statement (PL 45)."""
    settled = tuple(
        each if each.settled else replace(each, rechecked_at=known.at, adopted=given.adopted, reasons=given.text.strip())
        for each in known.defences
    )
    return replace(known, defences=settled)


def hearing_request(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The request for a hearing (PL 64)."""
    return replace(known, hearing=Hearing(requested_at=given.received_at)) if given.received_at else known


def hearing_withdrawn(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """That the party took its request back (PL 64)."""
    return replace(known, hearing=replace(known.hearing, withdrawn_at=given.received_at)) if known.hearing else known


def hearing_held(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The hearing as held, with its signed record (PL 64)."""
    if known.hearing is None:
        return known
    held = replace(
        known.hearing,
        held_at=given.held_at,
        absent=given.absent,
        agents=given.agents,
        record_signed=given.record_signed if given.text.strip() else None,
    )
    return replace(known, hearing=held)


def discussion(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The discussion among the heads, with how many were present (PL 57)."""
    if given.heads_present is None or given.agreed is None:
        return known
    talk = Collective(at=known.at, heads_present=given.heads_present, agreed=given.agreed, recorded=bool(given.text.strip()))
    return replace(known, collective=talk)


def decision(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The decision as it will be printed (PL 59)."""
    return replace(known, decision=decision_of(case, known, sealed=given.sealed))


def service(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The decision served with its proof (PL 61)."""
    known = decided(case, known)
    return replace(known, service=problem_facts.service_of(case, given.delivery) if given.delivery else None)


BRINGS = {
    "notify": notice,
    "notify_again": notice,
    "state_defence": defence,
    "recheck_defence": answer,
    "request_hearing": hearing_request,
    "withdraw_hearing": hearing_withdrawn,
    "hold_hearing": hearing_held,
    "discuss": discussion,
    "decide": decision,
    "serve": service,
}
