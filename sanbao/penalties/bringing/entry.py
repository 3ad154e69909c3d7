"""What the entry steps bring: the way to the place, the order to correct, the penalty on the spot, the transfer for a crime."""

from dataclasses import replace

from sanbao.core import clock
from sanbao.law.deadlines import due
from sanbao.law.facts import CaseFacts, OrderRecord
from sanbao.law.figures import figure
from sanbao.law.records import Cash, Crime, Decision, Inspection
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.models import Case
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Delivery


def check(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """How the officers came to the place: a patrol of public space, or an inspection with its approval (G-INSP)."""
    if not given.activity:
        return known
    visit = Inspection(
        activity=given.activity,
        kind=given.visit_kind,
        approved_at=given.approved_at,
        notified=given.notified,
        item_published=given.item_published,
        done_this_year=given.done_this_year,
        cap=given.cap,
        superior_order=given.superior_order,
        urgent=given.urgent,
    )
    return replace(known, inspection=visit)


def refer(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """A matter is referred to a named agency and for a reason; without the agency there is no reason either (G-REFER)."""
    return known if given.receiver.strip() else replace(known, reason="")


def order(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The order that is about to be written, with its day and hour (G-ORDER)."""
    if given.correct_by is None or not given.requirement.strip():
        return known
    return replace(known, order=OrderRecord(deadline_at=given.correct_by, by=known.handlers))


def on_the_spot(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The decision announced on the spot, what was told and heard before, its service, and cash where some was taken (PL 51, 52)."""
    known = replace(
        known,
        procedure="simple",
        facts_certain=given.facts_certain,
        told_orally_at=given.told_at,
        oral_defence_heard=given.defence_heard,
        service=problem_facts.service_of(case, given.delivery) if given.delivery else None,
        cash=cash_of(known, given),
    )
    return replace(known, decision=decision_of(case, known, sealed=True))


def cash_of(known: CaseFacts, given: Details) -> Cash | None:
    """The money taken by the officers themselves, if any (PL 68 to 70)."""
    if not given.cash_reason:
        return None
    return Cash(
        amount=given.amount or known.sanction.fine or 0,
        at=known.at,
        reason=given.cash_reason,
        receipt_no=given.receipt_no.strip() or None,
    )


def decision_of(case: Case, known: CaseFacts, *, sealed: bool | None) -> Decision:
    """The decision as it will be printed in this procedure: remedies, extra fine stated, in the agency's name (PL 52, 59)."""
    day, simple = clock.local_day(known.at), known.procedure == "simple"
    return Decision(
        issued_at=known.at,
        complete=bool(case.findings.strip() and known.evidence and known.sanction.kinds and known.law_version),
        sealed=sealed,
        dated_on=day,
        reconsideration_first=simple,
        offers_direct_suit=not simple,
        reconsideration_days=figure("reconsideration_days", day),
        litigation_months=None if simple else figure("litigation_months", day),
        organ=known.local.organ,
        court=None if simple else known.local.court,
        extra_fine_stated=True,
        in_name_of=known.agency,
    )


def decided(case: Case, known: CaseFacts) -> CaseFacts:
    """The facts with the decision that was issued, if one was."""
    if case.decided_at is None:
        return known
    return replace(known, decision=decision_of(case, replace(known, at=case.decided_at), sealed=True))


def transfer(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The team that checked the suspicion, the head's decision, and the papers that go along (PL 27)."""
    team = len({person.pk for person in given.team})
    return replace(known, crime=Crime(team=team, decided=known.approval, documents_complete=given.documents_complete))


def returned(case: Case, known: CaseFacts, given: Details) -> CaseFacts:
    """The document by which the police or the judiciary returned the case (PL 27)."""
    return replace(known, crime=Crime(returned_document=given.document.strip() or None))


def filled(case: Case, known: CaseFacts) -> dict[str, object]:
    """What a properly filled form of these steps would say at this instant."""
    team = tuple(person for person in (case.first_handler, case.second_handler))
    return {
        "receiver": "…",
        "activity": "patrol",
        "requirement": "…",
        "correct_by": due("DL-04", known.at, figure=24).ends,
        "reasonable": True,
        "facts_certain": True,
        "told_at": known.at,
        "defence_heard": True,
        "team": team,
        "documents_complete": True,
        "document": "…",
    }


def spot_proof(known: CaseFacts) -> Delivery:
    """A decision handed over and signed for at once."""
    return Delivery(mode="on_the_spot", at=known.at, deemed_at=known.at, signed=True)


BRINGS = {
    "refer": refer,
    "check": check,
    "order_correction": order,
    "punish_on_spot": on_the_spot,
    "transfer_crime": transfer,
    "return_crime": returned,
}
