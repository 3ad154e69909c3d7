"""Guards on publicity and appraisal: what may be published about whom, and what may never be a target."""

from datetime import date, datetime
from typing import Protocol

from ..actors import Actor, Approval
from ..deadlines import due
from ..figures import local_day
from ..local import Local
from ..records import Service
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .documents import proof_gap

FORBIDDEN_MEASURES = frozenset({"fine_total", "fine_count", "case_count", "penalty_count", "seizure_count", "confiscation_total"})


class Publishing(Protocol):
    """Facts of a publication, see `publicity.PublicationFacts`."""

    @property
    def at(self) -> datetime: ...
    @property
    def local(self) -> Local: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def actor(self) -> Actor | None: ...
    @property
    def approval(self) -> Approval | None: ...
    @property
    def procedure(self) -> str: ...
    @property
    def citizen(self) -> bool | None: ...
    @property
    def service(self) -> Service | None: ...
    @property
    def social_impact(self) -> bool | None: ...
    @property
    def privacy_checked(self) -> bool | None: ...
    @property
    def impact_assessed(self) -> bool | None: ...
    @property
    def minor(self) -> bool | None: ...
    @property
    def police_penalty(self) -> bool | None: ...
    @property
    def shows_reporter(self) -> bool | None: ...
    @property
    def readable(self) -> frozenset[str] | None: ...
    @property
    def names_party(self) -> bool | None: ...
    @property
    def naming_basis(self) -> str | None: ...
    @property
    def consent(self) -> bool | None: ...
    @property
    def names_person(self) -> bool | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def latest_end(self) -> date | None: ...
    @property
    def annulled_at(self) -> datetime | None: ...


class Measuring(Protocol):
    """Facts of an indicator, target or bonus, see `publicity.MetricFacts`."""

    @property
    def measures(self) -> frozenset[str]: ...


class Ordering(Protocol):
    """Facts of an order within a campaign, see `publicity.CampaignOrderFacts`."""

    @property
    def stops_whole_trade(self) -> bool | None: ...
    @property
    def ground(self) -> str | None: ...
    @property
    def approved_by_government(self) -> bool | None: ...


def entitled_to_publish(f: Publishing) -> Reason | None:
    """G-PUBLISHER. PL 17, 48: decisions are published by the agency after approval; a headquarters shows anonymised matters only."""
    if f.kind is None or f.actor is None:
        return Reason("entitled_to_publish", _("What is published and by whom is not recorded. Record both."), ("PL-48",))
    if f.approval is None or not f.approval.granted or not f.approval.head or f.approval.at > f.at:
        message = _("The publication has not been approved by the head after the privacy check. Submit it.")
        return Reason("entitled_to_publish", message, ("PL-48", "PIPL-55"))
    if f.kind == "decision" and f.actor.organisation not in ("bureau", "street"):
        message = _("Only the agency that decided publishes its decision. Hand it to the bureau.")
        return Reason("entitled_to_publish", message, ("PL-17", "PL-48"))
    return None


def decision_publishable(f: Publishing) -> Reason | None:
    """G-PUB. PL 48, 50; PIPL 55: a served decision with a certain social impact, privacy checked, impact assessed."""
    if f.kind != "decision":
        return None
    cites = ("PL-48", "PL-50", "PIPL-55")
    if f.service is None or f.service.at > f.at or proof_gap(f.service, f.local, f.at) is not None:
        message = _("The decision has not been served with proof and may not be published yet. Serve it first.")
        return Reason("decision_publishable", message, cites)
    if f.social_impact is not True:
        message = _("It is not established that this decision has a certain social impact. Only such decisions are published.")
        return Reason("decision_publishable", message, cites)
    if f.citizen is None or (f.procedure == "simple" and f.citizen):
        message = _("On-the-spot penalties of citizens are not published.")
        return Reason("decision_publishable", message, ("PL-48", "PL-50"))
    if f.privacy_checked is not True or f.impact_assessed is not True:
        message = _("The privacy check or the impact assessment is missing. Do both before publishing.")
        return Reason("decision_publishable", message, cites)
    return None


def protected_persons(f: Publishing) -> Reason | None:
    """G-MINOR. Law on minors 103; public security penalties law 136: never minors, police penalties or reporters."""
    if None in (f.minor, f.police_penalty, f.shows_reporter):
        message = _("It is not confirmed that no minor, police penalty or reporter can be recognised. Check and confirm.")
        return Reason("protected_persons", message, ("MP-103", "PS-136", "PL-50"))
    if f.minor or f.police_penalty or f.shows_reporter:
        message = _("Minors, police penalties and reporters are never published. Do not publish this.")
        return Reason("protected_persons", message, ("MP-103", "PS-136", "PL-50"))
    return None


def exposure_masked(f: Publishing) -> Reason | None:
    """G-EXPOSE. PIPL 25, 26: an exposed problem shows place and problem, and no face, plate, name or other identity."""
    if f.kind != "exposure":
        return None
    if f.readable is None:
        message = _("It was not checked whether faces, plates or names can be read. Check every picture and text.")
        return Reason("exposure_masked", message, ("PIPL-25", "PIPL-26"))
    if f.readable:
        return Reason(
            "exposure_masked",
            _("Still readable: %(things)s. Mask it before publishing."),
            ("PL-50", "PIPL-25", "PIPL-26", "PV-22"),
            params={"things": ", ".join(sorted(f.readable))},
        )
    return None


def naming_lawful(f: Publishing) -> Reason | None:
    """G-NAME. PL 9, 48: a party is named only by a published decision or a local regulation that allows exposure."""
    if f.kind in ("commendation", "rules"):
        return None
    if f.names_party is None:
        message = _("It is not recorded whether the party is named. Record it.")
        return Reason("naming_lawful", message, ("PL-9", "PL-48"))
    if not f.names_party or f.kind == "decision":
        return None
    if f.naming_basis is None or f.naming_basis != f.local.exposure_basis:
        message = _("Naming a party outside a published decision is a penalty without procedure. Take the name out.")
        return Reason("naming_lawful", message, ("PL-9", "PL-48", "PIPL-25"))
    return None


def praised_with_consent(f: Publishing) -> Reason | None:
    """G-CONSENT. PIPL 25: a commended person is named or shown only with separate consent."""
    if f.kind == "commendation" and f.names_person is not False and f.consent is not True:
        message = _("The commended person has not separately consented to name and picture. Ask for consent or leave them out.")
        return Reason("praised_with_consent", message, ("PIPL-25", "CER-8"))
    return None


def end_set(f: Publishing) -> Reason | None:
    """G-END. PIPL 46, 47; credit repair measures: every publication has an end, not later than its kind allows."""
    if f.kind in ("rules", "commendation"):
        return None
    if f.ends_on is None or f.ends_on <= local_day(f.at):
        return Reason("end_set", _("The publication has no day on which it ends. Set one."), ("PIPL-47", "CRM"))
    if f.latest_end is None or f.ends_on > f.latest_end:
        message = _("The publication ends later than its kind allows. Set an earlier day.")
        return Reason("end_set", message, ("PIPL-47", "CRM"))
    return None


def withdrawn_in_time(f: Publishing) -> Reason | None:
    """G-3WD. PL 48: after annulment the publication is withdrawn in time; a late one is flagged."""
    if f.annulled_at is not None and due("DL-16", f.annulled_at).is_over(f.at):
        message = _("The time to withdraw the publication is over. Withdraw it now and explain the delay.")
        return Reason("withdrawn_in_time", message, ("PL-48",), blocks=False)
    return None


def no_fines_in_appraisal(f: Measuring) -> Reason | None:
    """G-KPI. PL 74; BE 59: no total or number of fines, penalties or cases in any target, ranking or bonus."""
    found = f.measures & FORBIDDEN_MEASURES
    if found:
        return Reason(
            "no_fines_in_appraisal",
            _("Fines and cases may not be a target, ranking or bonus. Take out: %(measures)s."),
            ("PL-74", "BE-59"),
            params={"measures": ", ".join(sorted(found))},
        )
    return None


def no_blanket_closure(f: Ordering) -> Reason | None:
    """G-CAMPAIGN. BE 59: a campaign does not stop a whole trade or area, save life safety, major accidents or state events."""
    if f.stops_whole_trade is None:
        message = _("It is not recorded whether the order stops a whole trade or area. Record it.")
        return Reason("no_blanket_closure", message, ("BE-59",))
    grounds = ("life_safety", "major_accident", "state_event")
    if f.stops_whole_trade and not (f.ground in grounds and f.approved_by_government is True):
        message = _("A campaign may not order a whole trade or area to stop business. Deal with each party by its own act.")
        return Reason("no_blanket_closure", message, ("BE-59",))
    return None
