"""Every guard by its number in the procedure manual; one function, one article.

A guard reads the facts and answers with one `Reason` or with nothing. Facts it needs and does not find make it refuse.
"""

from typing import Any

from ..workflow import Guard
from . import authority, documents, execution, hearing, measures, orders, people, procedure, publicity, rectification, sanction

GUARDS: dict[str, Guard] = {
    "G-HQ": authority.not_headquarters,
    "G-AUTH": authority.granted,
    "G-REFER": authority.not_competent,
    "G-PLACE": authority.in_area,
    "G-BASIS": authority.grounded,
    "G-LAWVER": authority.right_version,
    "G-HEAD": authority.approved_by_head,
    "G-REASON": authority.reasoned,
    "G-TWO": people.two_officers,
    "G-CERT": people.certificates_shown,
    "G-RECUSE": people.no_conflict,
    "G-INSP": people.orderly_inspection,
    "G-LIMIT": procedure.in_limitation,
    "G-FILE": procedure.standard_met,
    "G-EVID": procedure.proven,
    "G-ECAM": procedure.lawful_monitoring,
    "G-RECTFIRST": procedure.order_failed,
    "G-ORDER": orders.order_issued,
    "G-CORRECTED": orders.order_corrected,
    "G-NOTCORRECTED": orders.order_not_corrected,
    "G-SIMPLE": procedure.fit_for_the_spot,
    "G-ORAL": procedure.told_on_the_spot,
    "G-D16": procedure.notice_ready,
    "G-NOTICE": procedure.noticed_and_heard,
    "G-DEFENCE": procedure.defence_received,
    "G-ANSWER": procedure.defence_rechecked,
    "G-NOAGGR": procedure.not_heavier,
    "G-90": procedure.in_time,
    "G-7WD": procedure.served_in_time,
    "G-CRIME": procedure.crime_team,
    "G-NOCRIME": procedure.crime_returned,
    "G-AGE": sanction.of_age,
    "G-CAPACITY": sanction.of_capacity,
    "G-NOPEN": sanction.leniency_considered,
    "G-SPARE": sanction.spared,
    "G-DOUBLE": sanction.once_and_by_the_higher,
    "G-RANGE": sanction.in_range,
    "G-CORRECT": sanction.correction_ordered,
    "G-D17": hearing.hearing_offered,
    "G-HEAR": hearing.hearing_respected,
    "G-HREQ": hearing.requested_in_time,
    "G-7CLEAR": hearing.hearing_announced,
    "G-CHAIR": hearing.impartial_chair,
    "G-HELD": hearing.hearing_recorded,
    "G-HBACK": hearing.hearing_withdrawn,
    "G-LEGALREV": hearing.legally_reviewed,
    "G-RETURN": hearing.review_returned,
    "G-COLLECT": hearing.discussed_together,
    "G-QUORUM": hearing.discussion_held,
    "G-SERVE": documents.service_proven,
    "G-SERVE-ORDER": documents.other_ways_tried,
    "G-D23": documents.decision_complete,
    "G-REMEDY": documents.remedies_right,
    "G-SEAL": documents.sealed,
    "G-CASH": documents.cash_allowed,
    "G-EXTRA": documents.extra_fine_lawful,
    "G-PAID": execution.paid_in_full,
    "G-POSTPONE": execution.hardship_granted,
    "G-UNPAID": execution.unperformed,
    "G-REMIND": execution.reminder_ready,
    "G-URGED": execution.reminder_answered,
    "G-SETTLED": execution.statements_settled,
    "G-COURT": execution.court_open,
    "G-RULING": execution.court_ruled,
    "G-NORULING": execution.court_refused,
    "G-OWNPOWER": execution.own_power,
    "G-NIGHT": execution.not_by_night,
    "G-UTIL": execution.no_utilities_cut,
    "G-DEMO": execution.removal_ripe,
    "G-SUBST": execution.substitute_ripe,
    "G-CLOSE": execution.duties_done,
    "G-ARCHIVE": execution.file_complete,
    "G-ANNUL": execution.annulled,
    "G-OBASIS": rectification.order_grounded,
    "G-ODAY": rectification.deadline_ahead,
    "G-OSERVE": rectification.order_served,
    "G-ODUE": rectification.deadline_over,
    "G-ORECORD": rectification.recheck_recorded,
    "G-OAFTER": rectification.recheck_after_deadline,
    "G-OTHER": rectification.another_rechecks,
    "G-OYES": rectification.found_corrected,
    "G-ONO": rectification.found_failed,
    "G-OEXTEND": rectification.extended_once,
    "G-PRESERVE": measures.preservation_needed,
    "G-DISPOSE": measures.preservation_decided,
    "G-7WDPRES": measures.preservation_in_time,
    "G-SEIZE": measures.seizure_lawful,
    "G-24H": measures.urgency_approved,
    "G-SEXTEND": measures.seizure_extendable,
    "G-SEIZED": measures.seizure_running,
    "G-STAY": measures.remedy_filed,
    "G-UNSTAY": measures.remedy_ended,
    "G-PUBLISHER": publicity.entitled_to_publish,
    "G-PUB": publicity.decision_publishable,
    "G-MINOR": publicity.protected_persons,
    "G-EXPOSE": publicity.exposure_masked,
    "G-NAME": publicity.naming_lawful,
    "G-CONSENT": publicity.praised_with_consent,
    "G-END": publicity.end_set,
    "G-3WD": publicity.withdrawn_in_time,
    "G-KPI": publicity.no_fines_in_appraisal,
    "G-CAMPAIGN": publicity.no_blanket_closure,
}


def guard_id(guard: Any) -> str:
    """The number of a guard; raises `KeyError` for a function that is not registered."""
    for id_, known in GUARDS.items():
        if known is guard:
            return id_
    raise KeyError(getattr(guard, "__name__", guard))


def pick(*ids: str) -> tuple[Guard, ...]:
    """The guards of these numbers, in this order."""
    return tuple(GUARDS[id_] for id_ in ids)
