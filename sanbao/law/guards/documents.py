"""Guards on papers and their service: contents of the decision, remedies printed, seal, proof of service, money on the spot."""

from datetime import datetime
from decimal import Decimal

from ..deadlines import due
from ..facts import CaseFacts
from ..figures import figure, local_day
from ..local import Local
from ..records import Service
from ..workflow import Reason
from ..workflow import gettext_noop as _


def proof_gap(service: Service, local: Local, at: datetime) -> str | None:
    """What the proof of a service lacks, as a sentence; None if it is sufficient (PL 61; CPL 87 to 95)."""
    mode = service.mode
    if mode in ("on_the_spot", "direct", "via_other"):
        return None if service.signed else _("The receipt of service is not signed. Have it signed, or leave it with a witness.")
    if mode in ("leaving", "elsewhere"):
        proven = service.refused and (service.media or (mode == "leaving" and service.witnesses > 0))
        return None if proven else _("A refused paper needs its refusal noted and a witness or a recording. Add them.")
    if mode == "electronic":
        enough = service.consent and service.receipt
        return (
            None if enough else _("Electronic service needs the signed confirmation and the system's receipt. Use another way.")
        )
    if mode == "mail":
        return None if service.receipt else _("Service by mail needs the return slip. Wait for it or try another way.")
    if service.posted_on is None:
        return _("The day of the last posting of the public notice is not recorded. Record it with screenshots.")
    over = due("DL-18", service.posted_on, figure=local.public_notice_days)
    if local_day(service.at) < over.last_day or local_day(at) < over.last_day:
        return _("The period of the public notice is not over, so the paper is not served yet. Wait.")
    return None


def service_proven(f: CaseFacts) -> Reason | None:
    """G-SERVE. PL 61; CPL 87 to 95: proof of a lawful service is stored before any period of the party starts."""
    if f.service is None:
        return Reason("service_proven", _("There is no proof of service. Serve the paper and store the proof."), ("PL-61",))
    if f.service.at > f.at:
        return Reason("service_proven", _("The service lies after this step. Wait for it."), ("PL-61",))
    gap = proof_gap(f.service, f.local, f.at)
    if gap is not None:
        return Reason("service_proven", gap, ("PL-61", "CPL-87", "CPL-90", "CPL-95"))
    return None


def other_ways_tried(f: CaseFacts) -> Reason | None:
    """G-SERVE-ORDER. CPL 95: a public notice only if the whereabouts are unknown or every other way has failed."""
    service = f.service
    if service is None or service.mode != "public_notice":
        return None
    day = local_day(f.at)
    direct = service.failed_direct >= figure("failed_direct", day)
    other = service.failed_other >= figure("failed_other", day)
    if not (direct and other):
        message = _(
            "Before a public notice, direct service and service by mail or electronically must have failed. Try them first."
        )
        return Reason("other_ways_tried", message, ("PL-61", "CPL-95"))
    return None


def decision_complete(f: CaseFacts) -> Reason | None:
    """G-D23. PL 52, 59: the decision holds its six items and speaks in the name of the agency."""
    if f.decision is None or f.decision.complete is not True:
        message = _(
            "The decision lacks one of its items: party, facts and evidence, kinds and basis, performance, remedies, agency."
        )
        return Reason("decision_complete", message, ("PL-52", "PL-59"))
    if f.agency is None or f.decision.in_name_of != f.agency:
        message = _("The decision does not speak in the name of the agency that holds the power. Correct the head of the paper.")
        return Reason("decision_complete", message, ("PL-20", "PL-59"))
    return None


def remedies_right(f: CaseFacts) -> Reason | None:
    """G-REMEDY. PL 59; RL 20, 23, 24; ALL 46: periods, order, organ and court are printed as this procedure demands."""
    paper, local = f.decision, f.local
    cites = ("PL-59", "RL-20", "RL-23", "RL-24", "ALL-46")
    if local.organ is None or local.court is None:
        return Reason(
            "remedies_right",
            _("Reconsideration organ and court have not been entered for this district. They are entered by: %(who)s."),
            cites,
            params={"who": local.who_sets("remedy")},
        )
    if paper is None:
        return Reason("remedies_right", _("There is no draft of the decision. Draft it."), cites)
    day = local_day(f.at)
    simple = f.procedure == "simple"
    right = (
        paper.organ == local.organ
        and paper.reconsideration_days == figure("reconsideration_days", day)
        and paper.reconsideration_first is simple
        and paper.offers_direct_suit is not simple
        and (simple or (paper.court == local.court and paper.litigation_months == figure("litigation_months", day)))
    )
    if right and paper.offers_direct_suit is not None:
        return None
    if simple:
        message = _(
            "An on-the-spot decision must print that reconsideration by the district government comes first, and no direct suit."
        )
    else:
        message = _(
            "The decision must print reconsideration by the district government and direct suit with their lawful periods."
        )
    return Reason("remedies_right", message, cites)


def sealed(f: CaseFacts) -> Reason | None:
    """G-SEAL. PL 59: the decision bears the agency's seal and the date."""
    if f.decision is None or f.decision.sealed is not True or f.decision.dated_on is None:
        return Reason("sealed", _("The decision bears no seal or no date. Seal and date it."), ("PL-59",))
    if f.decision.dated_on > local_day(f.at):
        return Reason("sealed", _("The decision bears a date after this step. Correct the date."), ("PL-59",))
    return None


def cash_allowed(f: CaseFacts) -> Reason | None:
    """G-CASH. PL 68 to 70: money on the spot only for small fines or hardship of collection, against the dedicated receipt."""
    cash = f.cash
    if cash is None:
        return None
    if not cash.receipt_no:
        return Reason("cash_allowed", _("Cash was taken without the dedicated receipt. The party may refuse to pay."), ("PL-70",))
    if cash.amount != f.sanction.fine:
        return Reason("cash_allowed", _("The cash taken is not the fine imposed. Correct the amount."), ("PL-67", "PL-70"))
    small = cash.reason == "small" and cash.amount <= Decimal(figure("cash_small", local_day(f.at)))
    hard = cash.reason == "hard_to_collect" and f.procedure == "simple"
    if not (small or hard or cash.reason == "remote_asked"):
        message = _("This fine may not be collected on the spot. The party pays at the bank or online.")
        return Reason("cash_allowed", message, ("PL-67", "PL-68", "PL-69"))
    return None


def extra_fine_lawful(f: CaseFacts) -> Reason | None:
    """G-EXTRA. PL 72, 73; CL 45: an extra fine is stated in the decision, not above the fine, and not counted during a stay."""
    if not f.punishes:
        return None
    cites = ("PL-72", "PL-73", "CL-45")
    if f.decision is None or f.decision.extra_fine_stated is not True:
        message = _("Rate and ceiling of the extra fine are not stated in the decision. State them; else none may be charged.")
        return Reason("extra_fine_lawful", message, cites)
    extra = f.reminder.extra_fine if f.reminder is not None else None
    if extra is not None and extra > (f.sanction.fine or Decimal(0)):
        return Reason("extra_fine_lawful", _("The extra fine exceeds the fine. Reduce it to the fine."), cites)
    if any(remedy.ended_at is None for remedy in f.remedies):
        message = _("A remedy is pending, and the extra fine does not run during it. Wait for the outcome.")
        return Reason("extra_fine_lawful", message, cites)
    return None
