"""Guards on the course of the ordinary and the on-the-spot procedure: discovery, filing, evidence, notice, defence, time."""

from datetime import date

from ..deadlines import Due, due
from ..facts import CaseFacts
from ..figures import figure, local_day
from ..records import Notice, Service
from ..register import NotInForce
from ..sanctions import rectify_first, simple_allowed, spot_limit
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .authority import chosen
from .documents import proof_gap


def served_at(service: Service | None, f: CaseFacts) -> bool:
    """Whether a service with sufficient proof lies before the step."""
    return service is not None and service.at <= f.at and proof_gap(service, f.local, f.at) is None


def in_limitation(f: CaseFacts) -> Reason | None:
    """G-LIMIT. PL 36: an act not discovered in time is not penalised; from its end if it continued."""
    cites = ("PL-36",)
    if f.discovered_on is None or f.conduct_on is None or f.continuing is None:
        message = _("Day of the act, of its discovery, or whether it continues is not recorded. Record them.")
        return Reason("in_limitation", message, cites)
    if f.continuing and f.conduct_ended_on is None:
        return None
    if f.grave_harm is None:
        message = _("It is not recorded whether life, health or finances were harmed, on which the limitation depends.")
        return Reason("in_limitation", message, cites)
    limit = _limitation(f.conduct_ended_on or f.conduct_on, f.grave_harm)
    if f.discovered_on > limit.last_day:
        return Reason(
            "in_limitation",
            _("The act was discovered after %(day)s, when the limitation had run out. There is no penalty."),
            cites,
            params={"day": limit.last_day.isoformat()},
        )
    return None


def _limitation(ended: date, grave: bool) -> Due:
    """The limitation of an act that ended on a day; before the longer one came into force only the shorter one is known."""
    try:
        return due("DL-22" if grave else "DL-21", ended)
    except NotInForce:
        return due("DL-21", ended)


def standard_met(f: CaseFacts) -> Reason | None:
    """G-FILE. PL 54: a case is filed on facts that meet the filing standard, with day, suspected provision and approval."""
    if f.established is None or f.violation is None or f.conduct_on is None:
        message = _("Suspected act, its day, or whether the filing standard is met is not recorded. Record them.")
        return Reason("standard_met", message, ("PL-54",))
    if not f.established:
        message = _("The facts do not meet the filing standard. Drop the matter with reasons or check further.")
        return Reason("standard_met", message, ("PL-54",))
    return None


def proven(f: CaseFacts) -> Reason | None:
    """G-EVID. PL 40, 46: every fact is proven by verified, lawfully obtained evidence."""
    if not f.facts_to_prove:
        return Reason("proven", _("The facts to be proven are not listed. List them with their evidence."), ("PL-40", "PL-46"))
    covered: set[str] = set()
    for piece in f.evidence:
        if piece.relied_on and piece.verified and piece.lawfully_obtained:
            covered |= piece.proves
    missing = f.facts_to_prove - covered
    if missing:
        return Reason(
            "proven",
            _("No verified evidence supports: %(facts)s. Gather it or leave the fact out."),
            ("PL-40", "PL-46"),
            params={"facts": ", ".join(sorted(missing))},
        )
    return None


def lawful_monitoring(f: CaseFacts) -> Reason | None:
    """G-ECAM. PL 41: monitoring is evidence only with a basis in law or administrative regulation, vetting and published site."""
    for piece in f.evidence:
        lawful = piece.basis_level in ("law", "admin_regulation") and piece.vetted and piece.site_published
        if piece.monitoring and piece.relied_on and not lawful:
            message = _(
                "Electronic monitoring without legal basis, vetting or published site is only a lead. Gather other evidence."
            )
            return Reason("lawful_monitoring", message, ("PL-41",))
    return None


def order_failed(f: CaseFacts) -> Reason | None:
    """G-RECTFIRST. The provision itself: where a fine needs a failed order, the order was served, over, and rechecked as failed."""
    found = chosen(f)
    if found is None:
        message = _("Violation, party or day of the act is missing, so it cannot be seen whether an order must come first.")
        return Reason("order_failed", message, ("PL-28",))
    if not rectify_first(found.row, f.local, f.law_day or found.row.valid_from):
        return None
    order = f.order
    if order is None or not served_at(order.service, f) or order.deadline_at is None:
        message = _(
            "This provision allows a fine only after an order to correct has failed, and none was served. Order correction."
        )
        return Reason("order_failed", message, ("PL-28", *found.row.penalty))
    if f.at < order.deadline_at or order.rechecked_at is None or order.rechecked_at < order.deadline_at:
        message = _("The order to correct has not been rechecked after its deadline. Recheck it first.")
        return Reason("order_failed", message, ("PL-28", *found.row.penalty))
    if order.corrected is not False:
        message = _("The recheck did not find that the party failed to correct, so there can be no fine.")
        return Reason("order_failed", message, ("PL-28", "PL-33", *found.row.penalty))
    return None


def fit_for_the_spot(f: CaseFacts) -> Reason | None:
    """G-SIMPLE. PL 51: certain facts, a warning or a small fine, and no right to a hearing."""
    if f.party.kind is None or f.facts_certain is not True:
        message = _("On the spot only certain facts may be penalised. Use the ordinary procedure.")
        return Reason("fit_for_the_spot", message, ("PL-51",))
    day = local_day(f.at)
    if not simple_allowed(f.sanction, f.party.kind, f.local, day, facts_certain=f.facts_certain):
        return Reason(
            "fit_for_the_spot",
            _("On the spot only a warning or a fine up to %(limit)s yuan is allowed for this party. Use the ordinary procedure."),
            ("PL-51",),
            params={"limit": str(spot_limit(f.party.kind, f.local, day))},
        )
    return None


def told_on_the_spot(f: CaseFacts) -> Reason | None:
    """G-ORAL. PL 44, 45, 52: before an on-the-spot penalty the party is told facts, reasons, basis and rights, and is heard."""
    if f.told_orally_at is None or f.told_orally_at > f.at or f.oral_defence_heard is not True:
        message = _(
            "It is not recorded that the party was told facts, reasons, basis and rights and was heard. Do it and record it."
        )
        return Reason("told_on_the_spot", message, ("PL-44", "PL-45", "PL-52"))
    return None


def notice_ready(f: CaseFacts) -> Reason | None:
    """G-D16. PL 44: the notice tells content, facts, reasons, basis and the right to state and defend."""
    if f.notice is None or f.notice.complete is not True:
        message = _(
            "The notice before the penalty is missing or incomplete. It must tell content, facts, reasons, basis and rights."
        )
        return Reason("notice_ready", message, ("PL-44",))
    if f.notice.sanction.kinds != f.sanction.kinds or f.notice.sanction.fine != f.sanction.fine:
        message = _("The notice does not tell the penalty that is proposed. Write it anew.")
        return Reason("notice_ready", message, ("PL-44",))
    return None


def window_over(f: CaseFacts, notice: Notice) -> bool:
    """Whether the defence window of a served notice is surely over at the step."""
    if notice.service is None:
        return False
    window = due("DL-01", notice.service.at, figure=f.local.defence_window)
    return window.is_over(f.at) and not window.provisional


def noticed_and_heard(f: CaseFacts) -> Reason | None:
    """G-NOTICE. PL 44, 45, 62: notice served, window over or expressly waived, and every defence rechecked with reasons."""
    cites = ("PL-44", "PL-45", "PL-62")
    if f.notice is None or not served_at(f.notice.service, f):
        message = _(
            "The notice before the penalty has not been served with proof. Serve it; without it there can be no decision."
        )
        return Reason("noticed_and_heard", message, cites)
    if any(not defence.settled for defence in f.defences):
        message = _("A defence has not been rechecked with a written result and reasons. Recheck it first.")
        return Reason("noticed_and_heard", message, cites)
    waived = f.notice.waived_at is not None and f.notice.waived_at <= f.at
    if not waived and not window_over(f, f.notice):
        message = _("The time to state a defence is not surely over, and the party has not waived it in writing. Wait.")
        return Reason("noticed_and_heard", message, cites)
    return None


def defence_received(f: CaseFacts) -> Reason | None:
    """G-DEFENCE. PL 45: the party's statement is on the record."""
    if not any(defence.received_at <= f.at for defence in f.defences):
        return Reason("defence_received", _("No statement or defence is on the record. Record it first."), ("PL-45",))
    return None


def defence_rechecked(f: CaseFacts) -> Reason | None:
    """G-ANSWER. PL 45: every point of the defence is rechecked; adopted or not, with reasons."""
    if not f.defences or any(not defence.settled for defence in f.defences):
        message = _("The recheck of the defence lacks its result or its reasons. Complete it.")
        return Reason("defence_rechecked", message, ("PL-45",))
    return None


def not_heavier(f: CaseFacts) -> Reason | None:
    """G-NOAGGR. PL 45: no heavier penalty because of a defence; more only on new facts with a new notice."""
    notice = f.notice
    if notice is None:
        message = _("There is no notice to compare the decision with. Serve the notice first.")
        return Reason("not_heavier", message, ("PL-45",))
    if (f.sanction.fine or 0) > (notice.sanction.fine or 0) or f.sanction.kinds - notice.sanction.kinds:
        message = _(
            "The decision is heavier than the notice. Go back to the noticed penalty, or serve a new notice on new facts."
        )
        return Reason("not_heavier", message, ("PL-45",))
    earlier = [each.sanction.fine or 0 for each in f.earlier_notices]
    if f.defences and earlier and (notice.sanction.fine or 0) > min(earlier) and not notice.new_facts:
        message = _("A later notice is heavier after a defence without new facts. Go back to the first one.")
        return Reason("not_heavier", message, ("PL-45",))
    return None


def in_time(f: CaseFacts) -> Reason | None:
    """G-90. PL 60: the decision falls within the period from filing; a late one is flagged as defective and not stopped."""
    if f.filed_at is None:
        return Reason("in_time", _("The day of filing is not recorded, so the time to decide cannot be counted."), ("PL-60",))
    limit = due("DL-05", f.filed_at)
    if (local_day(f.at) - limit.last_day).days > f.days_suspended:
        return Reason(
            "in_time",
            _("The time to decide ran out on %(day)s. The decision will carry this defect; tell the legal office."),
            ("PL-60",),
            blocks=False,
            params={"day": limit.last_day.isoformat()},
        )
    return None


def served_in_time(f: CaseFacts) -> Reason | None:
    """G-7WD. PL 61: a decision is served on an absent party within its period; a late service is flagged and not stopped."""
    if f.decision is None or f.decision.issued_at is None:
        message = _("The day of the decision is not recorded, so the time to serve it cannot be counted.")
        return Reason("served_in_time", message, ("PL-61",))
    if f.service is None:
        return None
    begun = f.service.posted_on or local_day(f.service.at)
    if begun > due("DL-06", f.decision.issued_at).last_day:
        message = _("The decision was served later than the law allows. The file will carry this defect.")
        return Reason("served_in_time", message, ("PL-61",), blocks=False)
    return None


def crime_team(f: CaseFacts) -> Reason | None:
    """G-CRIME. PL 27: a team checks the suspicion, the chief decides, and the papers go along."""
    crime = f.crime
    if crime is None or crime.team < figure("crime_team", local_day(f.at)):
        message = _("The suspicion of a crime must be checked by a team of officers before the transfer. Name the team.")
        return Reason("crime_team", message, ("PL-27", "TC-5"))
    if crime.decided is None or not crime.decided.granted or not crime.decided.head or crime.documents_complete is not True:
        message = _("The chief's decision or the papers of the transfer are missing. Complete them.")
        return Reason("crime_team", message, ("PL-27", "TC-5"))
    return None


def crime_returned(f: CaseFacts) -> Reason | None:
    """G-NOCRIME. PL 27: a case comes back only on a document of the police or the judiciary."""
    if f.crime is None or not f.crime.returned_document:
        message = _("There is no document that returns the case. Wait for the answer to the transfer.")
        return Reason("crime_returned", message, ("PL-27",))
    return None
