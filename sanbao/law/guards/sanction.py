"""Guards on the penalty itself: age, capacity, leniency, no second fine, range, correction."""

from decimal import Decimal

from ..facts import CaseFacts
from ..figures import age_on, figure, local_day
from ..sanctions import Range, UnknownViolation, Violation, bands_for, capped, levels, violation
from ..sanctions import lawful_range as range_of
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .authority import row_in_use

NOTHING = Decimal(0)


def of_age(f: CaseFacts) -> Reason | None:
    """G-AGE. PL 30: below the lower age no penalty; below the higher one a lighter penalty, with its ground."""
    cites = ("PL-30",)
    party = f.party
    if party.kind == "unit" or (party.kind is not None and party.born_on is None and party.adult):
        return None
    if party.kind is None or party.born_on is None or f.conduct_on is None:
        message = _("The party's age on the day of the act is not established. Establish it.")
        return Reason("of_age", message, cites)
    day = local_day(f.at)
    age = age_on(party.born_on, f.conduct_on)
    if age < figure("age_no_penalty", day):
        message = _("The party was too young for a penalty. Decide that there is none and order the guardian to discipline.")
        return Reason("of_age", message, cites)
    if age >= figure("age_adult", day):
        return None
    benchmark = f.sanction.benchmark_amount
    lighter = benchmark is None or not f.punishes or (f.sanction.fine or NOTHING) < benchmark
    if "aged_14_17" not in f.sanction.mitigation or not lighter:
        message = _(
            "The party was not of age, so the penalty must be lighter, below the benchmark, with this ground written down."
        )
        return Reason("of_age", message, cites)
    return None


def of_capacity(f: CaseFacts) -> Reason | None:
    """G-CAPACITY. PL 31: no penalty for who could not discern or control the act."""
    if f.party.kind == "unit":
        return None
    if f.party.kind is None or f.party.capacity is None:
        message = _("It is not recorded whether the party could discern and control the act. Record it.")
        return Reason("of_capacity", message, ("PL-31",))
    if f.party.capacity == "none":
        message = _("The party could not discern or control the act. Decide that there is no penalty.")
        return Reason("of_capacity", message, ("PL-31",))
    if f.party.capacity == "partial" and "partial_capacity" not in f.sanction.mitigation:
        message = _("The party could discern or control the act only in part. Consider a lighter penalty and record the ground.")
        return Reason("of_capacity", message, ("PL-31",))
    return None


def leniency_considered(f: CaseFacts) -> Reason | None:
    """G-NOPEN. PL 33: the checklist is answered, and nothing in it forbids a penalty."""
    if not f.leniency.answered:
        message = _("The checklist on minor acts, first offences and lack of fault is not fully answered. Answer every question.")
        return Reason("leniency_considered", message, ("PL-32", "PL-33"))
    if f.leniency.forbids_penalty:
        message = _(
            "The act was minor, corrected in time and harmless, or without fault. There must be no penalty; educate instead."
        )
        return Reason("leniency_considered", message, ("PL-33",))
    return None


def spared(f: CaseFacts) -> Reason | None:
    """G-SPARE. PL 30, 31, 33, 57: no penalty needs one of its grounds, and the party is educated."""
    born, day = f.party.born_on, f.conduct_on
    too_young = born is not None and day is not None and age_on(born, day) < figure("age_no_penalty", local_day(f.at))
    waived = f.leniency.permits_waiver and f.leniency.waived
    ground = too_young or f.party.capacity == "none" or f.leniency.forbids_penalty or waived or f.established is False
    if not ground:
        message = _("No ground for going without a penalty is recorded. Answer the checklist or propose a penalty.")
        return Reason("spared", message, ("PL-30", "PL-31", "PL-33", "PL-57"))
    if f.established is not False and f.leniency.educated is not True:
        message = _("The party must be educated when no penalty is imposed. Record the talk.")
        return Reason("spared", message, ("PL-33",))
    return None


def _ranges(f: CaseFacts) -> dict[str, Range]:
    """The range in yuan of every norm that fits the act, by row; the case's own row in its chosen version."""
    if f.party.kind is None or f.law_day is None:
        return {}
    party_class = f.local.party_class(f.party.kind)
    found: dict[str, Range] = {}
    for id_ in (f.violation, *f.norms):
        row = row_in_use(f) if id_ == f.violation else _row(id_, f)
        if id_ is None or row is None:
            continue
        range_ = range_of(row, party_class, f.local, f.law_day, stage=f.stage, role=f.party.role, own_waste=f.party.own_waste)
        yuan = range_.in_yuan(f.works_cost) if range_ else None
        if yuan is not None:
            found[id_] = yuan
    return found


def _row(id_: str | None, f: CaseFacts) -> Violation | None:
    try:
        return violation(id_ or "", f.law_day) if f.law_day else None
    except UnknownViolation:
        return None


def once_and_by_the_higher(f: CaseFacts) -> Reason | None:
    """G-DOUBLE. PL 29: no second fine for the same act; of several norms the one with the higher fine, with reason."""
    if not f.punishes:
        return None
    if f.earlier_fines is None:
        message = _("It was not checked whether another agency has already fined the same act. Check and record it.")
        return Reason("once_and_by_the_higher", message, ("PL-29",))
    if f.earlier_fines:
        return Reason(
            "once_and_by_the_higher",
            _("The same act was already fined by %(agency)s. There can be no second fine; correction may still be ordered."),
            ("PL-29",),
            params={"agency": f.earlier_fines[0].agency},
        )
    others = [id_ for id_ in f.norms if id_ != f.violation]
    if not others:
        return None
    ranges = _ranges(f)
    own = ranges.get(f.violation or "")
    ceilings = {id_: capped(each, ranges.values()) for id_, each in ranges.items()}
    higher = [id_ for id_ in others if own and id_ in ceilings and _above(ceilings[id_], ceilings[f.violation or ""])]
    if higher or not f.law_reason:
        return Reason(
            "once_and_by_the_higher",
            _("Several norms fit this act. Apply the one with the higher fine and write down why: %(norms)s."),
            ("PL-29",),
            params={"norms": ", ".join(higher or others)},
        )
    return None


def _above(other: Range, own: Range) -> bool:
    """Whether another norm comes before the own one: by its ceiling, and at equal ceilings by its level."""
    if other.max != own.max:
        return other.max > own.max
    rank = levels()
    return bool(other.level and own.level) and rank[other.level]["rank"] < rank[own.level]["rank"]


def in_range(f: CaseFacts) -> Reason | None:
    """G-RANGE. PL 5, 32, 34: the fine lies in the lawful range; below it only with a ground; the benchmark is linked."""
    if not f.punishes:
        return None
    ranges = _ranges(f)
    own = ranges.get(f.violation or "")
    if own is None:
        message = _("The lawful range of the fine is not known. Check violation, party, stage and, for works, their cost.")
        return Reason("in_range", message, ("PL-5", "PL-34"))
    lawful = capped(own, ranges.values())
    fine = f.sanction.fine or NOTHING
    params = {"min": str(lawful.min), "max": str(lawful.max), "fine": str(fine)}
    if fine > lawful.max:
        message = _("A fine of %(fine)s yuan is above the lawful range of %(min)s to %(max)s yuan. Lower it.")
        return Reason("in_range", message, ("PL-5", "PL-13"), params=params)
    if fine < lawful.min and not (f.sanction.mitigation and f.sanction.mitigation_reason):
        message = _(
            "A fine of %(fine)s yuan is below the range of %(min)s to %(max)s yuan without a ground for it. Name the ground."
        )
        return Reason("in_range", message, ("PL-32",), params=params)
    return _benchmark(f)


def _benchmark(f: CaseFacts) -> Reason | None:
    if f.party.kind is None or f.violation is None:
        return None
    bands = bands_for(f.local, f.violation, f.local.party_class(f.party.kind), f.stage, local_day(f.at))
    if bands and f.sanction.benchmark not in {band.version for band in bands}:
        return Reason(
            "in_range",
            _("The published discretion benchmark in force is not linked to the penalty. Link version %(version)s."),
            ("PL-34",),
            params={"version": bands[0].version},
        )
    return None


def correction_ordered(f: CaseFacts) -> Reason | None:
    """G-CORRECT. PL 28: every penalty goes with an order to correct, or says that the act has been corrected."""
    if not f.sanction.correction:
        message = _("The decision does not say what is to be corrected or that it has been corrected. Add it.")
        return Reason("correction_ordered", message, ("PL-28",))
    return None
