"""Guards on the people who act: number, certificates, recusal, and the way they came to the place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..actors import Officer
from ..facts import CaseFacts
from ..figures import figure, local_day
from ..workflow import Reason
from ..workflow import gettext_noop as _


class Acting(Protocol):
    """Facts of any step taken by officers."""

    @property
    def at(self) -> datetime: ...
    @property
    def officers(self) -> Sequence[Officer]: ...


def two_officers(f: Acting) -> Reason | None:
    """G-TWO. PL 42: at least two different officers act, each certified on that day; assistants do not count."""
    day = local_day(f.at)
    certified = {
        officer.id
        for officer in f.officers
        if officer.kind == "officer"
        and officer.certificate
        and officer.certified_from is not None
        and officer.certified_from <= day
        and (officer.certified_to is None or day <= officer.certified_to)
    }
    needed = figure("officers", day)
    if len(certified) < needed:
        return Reason(
            "two_officers",
            _(
                "%(found)d of the %(needed)d officers needed hold a certificate valid on that day. Bring another certified officer."
            ),
            ("PL-42",),
            params={"found": len(certified), "needed": needed},
        )
    return None


def certificates_shown(f: Acting) -> Reason | None:
    """G-CERT. PL 55: the officers show their certificates of their own accord; else the party may refuse."""
    if not f.officers or any(officer.kind == "officer" and officer.showed_certificate is not True for officer in f.officers):
        message = _("It is not recorded that every officer showed the certificate. Show it and record it.")
        return Reason("certificates_shown", message, ("PL-52", "PL-55"))
    return None


def no_conflict(f: CaseFacts) -> Reason | None:
    """G-RECUSE. PL 43: nobody with an interest in the case acts; a request for recusal is decided by the head first."""
    if f.recusal_pending:
        message = _("A request for recusal is open. The head must decide it before this step.")
        return Reason("no_conflict", message, ("PL-43",))
    if any(officer.conflict is None for officer in f.officers):
        message = _("An officer has not declared whether there is a personal interest in the case. Ask for the declaration.")
        return Reason("no_conflict", message, ("PL-43",))
    if any(officer.conflict for officer in f.officers):
        return Reason(
            "no_conflict", _("An officer has an interest in the case and must step aside. Replace the officer."), ("PL-43",)
        )
    return None


def orderly_inspection(f: CaseFacts) -> Reason | None:
    """G-INSP. State Office 2024 No. 54: an inspection is on the published list, approved, notified and within the yearly cap."""
    visit = f.inspection
    if visit is None or visit.activity is None:
        message = _("It is not recorded whether this was a patrol of public space or an inspection. Record it.")
        return Reason("orderly_inspection", message, ("GB54",))
    if visit.activity == "patrol":
        return None
    if visit.item_published is not True:
        message = _("This item is not on the published list of inspections and may not be inspected.")
        return Reason("orderly_inspection", message, ("GB54",))
    approved = visit.approved_at is not None and (visit.approved_at <= f.at or visit.urgent)
    if not approved or visit.notified is not True:
        message = _("The inspection was not approved beforehand or not notified. Have it approved and give the notice.")
        return Reason("orderly_inspection", message, ("GB54",))
    if visit.done_this_year is None or visit.cap is None:
        message = _("The published yearly cap or the number of inspections this year is not recorded. Look them up.")
        return Reason("orderly_inspection", message, ("GB54",))
    if visit.done_this_year >= visit.cap and not visit.superior_order:
        return Reason(
            "orderly_inspection",
            _("The published cap of %(cap)d inspections this year is used up. No further inspection is allowed."),
            ("GB54",),
            params={"cap": visit.cap},
        )
    return None
