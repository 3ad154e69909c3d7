"""Guards on powers: who may act at all, on what basis, under which version of the law, and who gives approval."""

import contextlib
from datetime import date

from ..actors import PartyClass
from ..facts import CaseFacts
from ..figures import local_day
from ..sanctions import Applicable, UnknownViolation, Violation, applicable, lawful_range, levels, violation
from ..workflow import Reason
from ..workflow import gettext_noop as _

LEGAL_BODIES = frozenset({"bureau", "street", "department"})
GRANTORS = frozenset({"state_council", "province"})


def chosen(f: CaseFacts) -> Applicable | None:
    """The version of the violation that judges the act, or None while a fact for the comparison is missing."""
    if f.violation is None or f.law_day is None or f.party.kind is None:
        return None
    party_class = f.local.party_class(f.party.kind)
    try:
        return applicable(f.violation, f.law_day, local_day(f.at), party_class, f.local, f.stage, f.party.role, f.party.own_waste)
    except UnknownViolation:
        return None


def row_in_use(f: CaseFacts) -> Violation | None:
    """The catalogue row the case itself names by id and version, or None."""
    for day in (f.law_version, f.law_day):
        if f.violation is not None and day is not None:
            with contextlib.suppress(UnknownViolation):
                return violation(f.violation, day)
    return None


def not_headquarters(f: CaseFacts) -> Reason | None:
    """G-HQ. PL 17: only an agency with penalty powers acts; a headquarters assigns and follows, it never performs a legal act."""
    if f.actor is None:
        return Reason("not_headquarters", _("It is not recorded who takes this step. Record the acting person."), ("PL-17",))
    if f.actor.organisation not in LEGAL_BODIES:
        return Reason(
            "not_headquarters",
            _("This organisation has no penalty powers and cannot take a legal step. Hand the matter to the bureau."),
            ("PL-17", "GB54"),
        )
    return None


def granted(f: CaseFacts) -> Reason | None:
    """G-AUTH. PL 18, 22, 38: the item must lie in a grant of powers, valid that day, for that area, from province or above."""
    if f.agency is None or f.area is None or f.violation is None:
        return Reason(
            "granted",
            _("Agency, area or violation is not recorded, so the power to act cannot be checked. Record them."),
            ("PL-17", "PL-18"),
        )
    if not f.local.grants:
        return Reason(
            "granted",
            _("No grant of powers has been entered for this district. It is given by: %(who)s."),
            ("PL-18", "PL-38"),
            params={"who": f.local.who_sets("grants")},
        )
    grant = f.local.grant_for(f.agency, f.violation, f.area, local_day(f.at))
    if grant is None:
        return Reason(
            "granted",
            _("No grant gives this agency power over %(item)s in this area today. Refer the matter to the competent agency."),
            ("PL-17", "PL-18", "PL-38"),
            params={"item": f.violation},
        )
    if grant.grantor_level not in GRANTORS or not grant.publication:
        return Reason(
            "granted",
            _("The grant was not given by the province or above, or was not published. Ask the legal office to mend it."),
            ("PL-18", "PL-38"),
        )
    return None


def not_competent(f: CaseFacts) -> Reason | None:
    """G-REFER. PL 17, 25: a matter is referred only if the agency has no power over it, and with the receiving agency named."""
    if granted(f) is None and f.conduct_in_area is not False:
        return Reason(
            "not_competent",
            _("The agency is competent here, so the matter may not be referred away. File it or drop it with reasons."),
            ("PL-17", "PL-25", "PL-76"),
        )
    if not f.reason:
        return Reason("not_competent", _("State to whom the matter is referred and why."), ("PL-25", "PL-26"))
    return None


def in_area(f: CaseFacts) -> Reason | None:
    """G-PLACE. PL 22: the agency of the place where the act happened has jurisdiction."""
    if f.conduct_in_area is None:
        return Reason("in_area", _("It is not recorded whether the act happened in this district. Check the place."), ("PL-22",))
    if not f.conduct_in_area:
        return Reason("in_area", _("The act happened outside this district. Refer it to the agency of that place."), ("PL-22",))
    return None


def grounded(f: CaseFacts) -> Reason | None:
    """G-BASIS. PL 4, 10 to 16, 38: a norm valid for the act must create each kind of penalty, and a fine needs an amount."""
    cites = ("PL-4", "PL-16", "PL-38")
    row = row_in_use(f)
    if row is None or f.party.kind is None:
        message = _("No provision of the catalogue holds for this act and party. Name violation, party and day of the act.")
        return Reason("grounded", message, cites)
    if row.amount == "police":
        message = _("This act is for the police alone. Transfer it with the evidence.")
        return Reason("grounded", message, ("PL-18",))
    if not f.sanction.kinds:
        return Reason("grounded", _("No kind of penalty is proposed. Name what is to be imposed."), ("PL-9", "PL-4"))
    party_class = f.local.party_class(f.party.kind)
    if party_class not in row.parties:
        message = _("This provision does not reach this kind of party. Choose the right provision or correct the party.")
        return Reason("grounded", message, cites)
    if ("fine" in f.sanction.kinds) is not f.punishes:
        message = _("A fine is named without a sum, or a sum without a fine. Make kind and sum agree.")
        return Reason("grounded", message, ("PL-9", "PL-4"))
    beyond = f.sanction.kinds - (row.kinds & levels()[row.level]["kinds"])
    if beyond:
        return Reason(
            "grounded",
            _("%(provision)s does not allow this kind of penalty: %(kinds)s. Choose another one."),
            cites,
            params={"provision": ", ".join(row.penalty), "kinds": ", ".join(sorted(beyond))},
        )
    if not f.punishes:
        return None
    return _amount(f, row, party_class, cites)


def _amount(f: CaseFacts, row: Violation, party_class: PartyClass, cites: tuple[str, ...]) -> Reason | None:
    day = f.law_day or row.valid_from
    if lawful_range(row, party_class, f.local, day, stage=f.stage, role=f.party.role, own_waste=f.party.own_waste):
        return None
    if row.amount == "local":
        return Reason(
            "grounded",
            _("No local norm with an amount for %(item)s has been entered, so there can be no fine. It is set by: %(who)s."),
            (*cites, "CER-43"),
            params={"item": row.id, "who": f.local.who_sets("amounts")},
        )
    message = _("%(provision)s gives no fine for this party at this stage. Order correction first or choose another penalty.")
    return Reason("grounded", message, cites, params={"provision": ", ".join(row.penalty)})


def right_version(f: CaseFacts) -> Reason | None:
    """G-LAWVER. PL 37: the law of the day of the act, unless the law at the decision is milder; the reason is stored."""
    found = chosen(f)
    if found is None:
        message = _("Day of the act, violation or party is missing, so older and newer law cannot be compared. Record them.")
        return Reason("right_version", message, ("PL-37",))
    versions = _versions(f, found)
    if found.why == "undetermined":
        if f.law_version in versions and f.law_reason:
            return None
        message = _("Older and newer law cannot be compared by figures. Choose the milder one and write down why.")
        return Reason("right_version", message, ("PL-37", "EC-1057"))
    if f.law_version != found.row.valid_from:
        return Reason(
            "right_version",
            _("The version of the law in force since %(day)s is to be applied here: %(provision)s. Correct the basis."),
            ("PL-37", "EC-1057"),
            params={"day": found.row.valid_from.isoformat(), "provision": ", ".join(found.row.penalty)},
        )
    if found.why != "same" and not f.law_reason:
        message = _("The law changed between act and decision. Write down why the chosen version is the right one.")
        return Reason("right_version", message, ("PL-37",))
    return None


def _versions(f: CaseFacts, found: Applicable) -> set[date]:
    versions = {found.row.valid_from}
    with contextlib.suppress(UnknownViolation):
        versions.add(violation(found.row.id, local_day(f.at)).valid_from)
    return versions


def approved_by_head(f: CaseFacts) -> Reason | None:
    """G-HEAD. PL 57: the agency's head approves this step in writing, not an investigator of the case."""
    if f.approval is None or not f.approval.granted or f.approval.at > f.at:
        message = _("The agency's head has not approved this step. Submit it for approval.")
        return Reason("approved_by_head", message, ("PL-57",))
    if not f.approval.head:
        message = _("Whoever approved this step is not the agency's head or an authorised deputy. Submit it to the head.")
        return Reason("approved_by_head", message, ("PL-57",))
    if f.approval.by in f.handlers:
        message = _("An investigator cannot approve a step of the own case. Another head must approve it.")
        return Reason("approved_by_head", message, ("PL-43", "PL-57"))
    return None


def reasoned(f: CaseFacts) -> Reason | None:
    """G-REASON. PL 54, 76: dropping, returning or ending a matter is recorded with its reason, so that it can be supervised."""
    if not f.reason.strip():
        return Reason("reasoned", _("No reason is given. Write down why this step is taken."), ("PL-47", "PL-54", "PL-76"))
    return None
