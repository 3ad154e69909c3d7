"""Guards on the hearing, the legal review and the collective discussion."""

from dataclasses import replace
from decimal import Decimal

from ..deadlines import due
from ..facts import CaseFacts
from ..figures import figure, local_day
from ..sanctions import hearing_required
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .procedure import served_at


def _threshold_unknown(f: CaseFacts) -> Reason:
    return Reason(
        "hearing_respected",
        _("The thresholds for a hearing have not been entered. Offer the hearing, or have them set by: %(who)s."),
        ("PL-63",),
        params={"who": f.local.who_sets("hearing")},
    )


def hearing_offered(f: CaseFacts) -> Reason | None:
    """G-D17. PL 63: where the threshold is met, the notice tells of the right to a hearing."""
    if f.party.kind is None or f.notice is None:
        message = _("Party or notice is missing, so the right to a hearing cannot be judged. Complete them.")
        return Reason("hearing_offered", message, ("PL-63",))
    required = hearing_required(f.sanction, f.party.kind, f.local)
    if required is not False and not f.notice.hearing_offered:
        if required is None:
            message = _("The thresholds for a hearing are not set, so the notice must offer one. Add the right to a hearing.")
        else:
            message = _("This penalty carries a right to a hearing. Add it to the notice.")
        return Reason("hearing_offered", message, ("PL-63", "PL-64"))
    return None


def hearing_respected(f: CaseFacts) -> Reason | None:
    """G-HEAR. PL 63 to 65: offered where due, and held, waived, or the time to request it surely over."""
    cites = ("PL-63", "PL-64")
    if f.party.kind is None:
        return Reason("hearing_respected", _("The party's kind is missing. Record it."), cites)
    notice = f.notice
    offered = notice is not None and notice.hearing_offered and served_at(notice.service, f)
    required = hearing_required(f.sanction, f.party.kind, f.local)
    if required is None and not offered:
        return _threshold_unknown(f)
    if required and not offered:
        message = _("The party was not told with proof of the right to a hearing. Serve that notice first.")
        return Reason("hearing_respected", message, cites)
    if not offered or notice is None or notice.service is None:
        return None
    window = due("DL-02", notice.service.at)
    hearing = f.hearing
    if hearing is not None and hearing.withdrawn_at is None and not window.is_over(hearing.requested_at):
        if hearing.held_at is None or hearing.held_at > f.at or hearing.record_signed is not True:
            message = _("A hearing was requested in time and has not been held with a signed record. Hold it.")
            return Reason("hearing_respected", message, (*cites, "PL-65"))
        return None
    waived = notice.hearing_waived_at is not None and notice.hearing_waived_at <= f.at
    if waived or (hearing is not None and hearing.withdrawn_at is not None) or (window.is_over(f.at) and not window.provisional):
        return None
    message = _("The time to request a hearing is not surely over, and the party has not waived it in writing. Wait.")
    return Reason("hearing_respected", message, cites)


def requested_in_time(f: CaseFacts) -> Reason | None:
    """G-HREQ. PL 64(1): the hearing is requested within its period after the notice was served."""
    notice = f.notice
    if f.hearing is None or notice is None or not notice.hearing_offered or notice.service is None:
        message = _("The request or the served notice of the right to a hearing is not on the record. Record them.")
        return Reason("requested_in_time", message, ("PL-64",))
    window = due("DL-02", notice.service.at)
    if window.is_over(f.hearing.requested_at):
        return Reason(
            "requested_in_time",
            _("The request came after %(day)s, the last day for it. Tell the party in writing."),
            ("PL-64", "PL-85"),
            params={"day": window.last_day.isoformat()},
        )
    return None


def hearing_announced(f: CaseFacts) -> Reason | None:
    """G-7CLEAR. PL 64(2), (4): time and place were notified with the clear days before the hearing; public unless secret."""
    hearing = f.hearing
    if hearing is None or hearing.notice_service is None or hearing.scheduled_at is None or hearing.public is None:
        message = _("Notice of time and place, or whether the hearing is public, is not recorded. Record and serve it.")
        return Reason("hearing_announced", message, ("PL-64",))
    if not served_at(hearing.notice_service, f):
        message = _("The notice of time and place has no sufficient proof of service. Serve it again.")
        return Reason("hearing_announced", message, ("PL-61", "PL-64"))
    earliest = due("DL-07", hearing.notice_service.at)
    if earliest.not_before is None or local_day(hearing.scheduled_at) < earliest.not_before or earliest.provisional:
        message = _("Between notice and hearing there are not surely the clear working days the law demands. Choose a later day.")
        return Reason("hearing_announced", message, ("PL-64", "PL-85"))
    if not hearing.public and not hearing.private_reason:
        message = _("The hearing is closed without a reason of secrecy or privacy. Open it or name the reason.")
        return Reason("hearing_announced", message, ("PL-64",))
    return None


def impartial_chair(f: CaseFacts) -> Reason | None:
    """G-CHAIR. PL 64(5): the chair is no investigator of the case and has no interest in it."""
    hearing = f.hearing
    if hearing is None or hearing.chair is None or hearing.chair_conflict is None:
        message = _("Who chairs the hearing, and that there is no interest in the case, is not recorded. Record it.")
        return Reason("impartial_chair", message, ("PL-64",))
    if hearing.chair in f.handlers or hearing.chair_conflict:
        message = _("An investigator or an interested person cannot chair the hearing. Name another chair.")
        return Reason("impartial_chair", message, ("PL-64",))
    return None


def hearing_recorded(f: CaseFacts) -> Reason | None:
    """G-HELD. PL 64(6) to (8): the hearing took place on its day, or the party stayed away; the record is signed."""
    hearing = f.hearing
    if hearing is None or hearing.held_at is None or hearing.scheduled_at is None or hearing.held_at > f.at:
        return Reason("hearing_recorded", _("The hearing has not been held. Hold it on the notified day."), ("PL-64",))
    if hearing.held_at < hearing.scheduled_at:
        message = _("The hearing was held before the notified time. Hold it anew at the notified time.")
        return Reason("hearing_recorded", message, ("PL-64",))
    if hearing.record_signed is not True or hearing.agents > figure("hearing_agents", local_day(f.at)):
        message = _("The record of the hearing is not signed or lists too many agents. Complete the record.")
        return Reason("hearing_recorded", message, ("PL-64",))
    return None


def hearing_withdrawn(f: CaseFacts) -> Reason | None:
    """G-HBACK. PL 64: the party itself takes the request back."""
    if f.hearing is None or f.hearing.withdrawn_at is None or f.hearing.withdrawn_at > f.at:
        message = _("The party has not taken back its request. Hold the hearing.")
        return Reason("hearing_withdrawn", message, ("PL-64",))
    return None


def review_required(f: CaseFacts) -> bool | None:
    """Whether the decision needs a legal review (PL 58); None while one of its questions is open."""
    held = f.hearing is not None and f.hearing.held_at is not None
    answers = (f.major_public_interest, f.difficult)
    if held or True in answers:
        return True
    return None if None in answers else False


def legally_reviewed(f: CaseFacts) -> Reason | None:
    """G-LEGALREV. PL 58: where a review is due, a qualified reviewer who does not handle the case has passed the draft."""
    required = review_required(f)
    review = f.legal_review
    if required is None:
        message = _("It is not recorded whether the case is of major public interest or difficult. Answer both questions.")
        return Reason("legally_reviewed", message, ("PL-58",))
    if review is None:
        if not required:
            return None
        message = _("This decision needs a legal review and has none. Send the file to the legal office.")
        return Reason("legally_reviewed", message, ("PL-58",))
    if not review.passed or review.at > f.at:
        message = _("The legal review has not passed the draft. Mend what it names and submit it again.")
        return Reason("legally_reviewed", message, ("PL-58",))
    if review.by in f.handlers or review.qualified is not True:
        message = _("The reviewer handles the case or lacks the national legal qualification. Another reviewer must examine it.")
        return Reason("legally_reviewed", message, ("PL-58",))
    return None


def review_returned(f: CaseFacts) -> Reason | None:
    """G-RETURN. PL 57, 58: a draft goes back only with the reviewer's or the heads' reasons."""
    returned = f.legal_review is not None and not f.legal_review.passed and f.legal_review.reasons
    refused = f.collective is not None and not f.collective.agreed
    if not (returned or refused or f.reason.strip()):
        message = _("Nobody has written down why the case goes back to the investigators. Add the reasons.")
        return Reason("review_returned", message, ("PL-57", "PL-58"))
    return None


def discussion_required(f: CaseFacts) -> bool | None:
    """Whether the heads must discuss the case together (PL 57); None while that cannot be told."""
    if f.complex_or_major:
        return True
    rule = f.local.collective
    if f.party.kind is None or f.complex_or_major is None or rule is None:
        return None
    limit = rule.sums[f.local.party_class(f.party.kind)]
    largest = max(f.sanction.fine or Decimal(0), f.sanction.confiscation or Decimal(0))
    heard = f.hearing is not None and f.hearing.held_at is not None
    return heard or bool(f.sanction.kinds & rule.kinds) or largest >= limit


def discussed_together(f: CaseFacts) -> Reason | None:
    """G-COLLECT. PL 57: a complex or major case was discussed by enough of the heads and agreed, with a record."""
    required = discussion_required(f)
    if required is None:
        return Reason(
            "discussed_together",
            _("Whether this is a complex or major case cannot be told. Answer it; the list is set by: %(who)s."),
            ("PL-57",),
            params={"who": f.local.who_sets("collective")},
        )
    if not required and f.collective is None:
        return None
    gap = discussion_held(f)
    return None if gap is None else replace(gap, code="discussed_together")


def discussion_held(f: CaseFacts) -> Reason | None:
    """G-QUORUM. PL 57: the discussion had its quorum of heads, agreed, and is on record."""
    talk, rule = f.collective, f.local.collective
    if rule is None:
        return Reason(
            "discussion_held",
            _("How many heads must attend has not been set. It is set by: %(who)s."),
            ("PL-57",),
            params={"who": f.local.who_sets("collective")},
        )
    if talk is None or talk.at > f.at or talk.heads_present < rule.quorum or talk.recorded is not True or not talk.agreed:
        message = _("The heads have not agreed on this case in a recorded discussion with enough of them present. Discuss it.")
        return Reason("discussion_held", message, ("PL-57",))
    return None
