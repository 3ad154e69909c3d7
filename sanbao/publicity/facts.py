"""The facts of a publication as the law asks for them, from its rows and its source. Reads only.

What a machine can find (names, plates, numbers in the text) is found here and cannot be answered away.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sanbao.core import clock
from sanbao.core.models import User
from sanbao.law.actors import Approval
from sanbao.law.publicity import latest_end, withdraw_by
from sanbao.law.workflow import Verdict
from sanbao.penalties.models import Case
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Finding
from sanbao.publicity import masking
from sanbao.publicity.lifecycle import PUBLICATION, DeskFacts
from sanbao.publicity.models import Publication
from sanbao.registry.models import Occupancy

LAW_KINDS = {"ranking": "rules"}
PUT_RIGHT = (Finding.State.CORRECTED, Finding.State.CLOSED)


def source_id(source: str, label: str) -> UUID | None:
    """The id in a source text `room.model:id` of that model, or None."""
    room, _, pk = source.partition(":")
    return UUID(pk) if room == label else None


def case_of(publication: Publication) -> Case | None:
    """The case behind a published decision."""
    pk = source_id(publication.source, "penalties.case")
    return Case.objects.select_related("merchant", "department").filter(pk=pk).first() if pk else None


def finding_of(publication: Publication) -> Finding | None:
    """The finding behind an exposure."""
    pk = source_id(publication.source, "problems.finding")
    return Finding.objects.select_related("premises", "merchant", "area", "report").filter(pk=pk).first() if pk else None


def names_behind(finding: Finding | None) -> list[str]:
    """Every name that leads to the party of a finding: merchants that traded there, operators, signs, who reported it."""
    if finding is None:
        return []
    found = [finding.merchant.name, finding.merchant.operator] if finding.merchant else []
    if finding.premises:
        found.append(finding.premises.sign_name)
        for row in Occupancy.objects.filter(premises=finding.premises).select_related("merchant"):
            found += [row.merchant.name, row.merchant.operator]
    if finding.report:
        found.append(finding.report.contact)
    return [name for name in found if name]


def facts_of(
    publication: Publication, *, by: User | None, at: datetime, reason: str = "", answers: dict[str, Any] | None = None
) -> DeskFacts:
    """Everything the guards look at for a step by this person at `at`; `answers` those now given. At most 8 queries."""
    given = publication.answers if answers is None else answers
    case, finding = case_of(publication), finding_of(publication)
    text = " ".join((publication.title, publication.body, publication.place))
    named = masking.names_in(text, names_behind(finding))
    return DeskFacts(
        state=publication.state,
        at=at,
        local=problem_facts.local_of(),
        kind=LAW_KINDS.get(publication.kind, publication.kind),
        actor=problem_facts.actor_of(by, at) if by else None,
        approval=_approval(publication),
        citizen=case.merchant.kind == "person" if case else None,
        service=problem_facts.service_of(case) if case else None,
        social_impact=given.get("social_impact"),
        privacy_checked=True if given else None,
        impact_assessed=given.get("impact_assessed"),
        minor=given.get("minor"),
        police_penalty=given.get("police_penalty"),
        shows_reporter=given.get("shows_reporter"),
        readable=_readable(given, text, named),
        names_party=True if named else _names_party(publication, given),
        names_person=given.get("names_person"),
        consent=given.get("consent"),
        ends_on=publication.ends_on or _end(publication, at, given),
        latest_end=_end(publication, at, given),
        annulled_at=publication.annulled_at,
        reason=reason,
        proposer=str(publication.proposed_by_id) if publication.proposed_by_id else None,
        reviewer=str(publication.reviewed_by_id) if publication.reviewed_by_id else None,
        pictures_masked=pictures_masked(publication),
        put_right=finding is not None and finding.state in PUT_RIGHT,
        shows_after=publication.photo_after_id is not None,
    )


def pictures_masked(publication: Publication) -> bool:
    """Whether every picture that is wanted has its blurred copy, each made from another picture than itself."""
    made = {mask["role"]: mask for mask in publication.masks}
    shown = {"before": publication.photo, "after": publication.photo_after}
    return all(made.get(role, {}).get("copy") == photo.sha256 for role, photo in shown.items() if photo) and all(
        mask["copy"] != mask["of"] for mask in publication.masks
    )


def _readable(given: dict[str, Any], text: str, named: bool) -> frozenset[str] | None:
    if "readable" not in given:
        return None
    found = [*given["readable"], *masking.kinds_readable(text)]
    return frozenset([*found, str(masking.NAME)] if named else found)


def _names_party(publication: Publication, given: dict[str, Any]) -> bool | None:
    if publication.kind == Publication.Kind.DECISION:
        return True
    return given.get("names_party")


def _approval(publication: Publication) -> Approval | None:
    if publication.approved_by_id is None or publication.approved_at is None:
        return None
    return Approval(by=str(publication.approved_by_id), head=True, at=publication.approved_at)


def _end(publication: Publication, at: datetime, given: dict[str, Any]) -> date | None:
    if publication.kind == Publication.Kind.EXPOSURE:
        return latest_end("exposure", publication.published_at or at)
    decided_on = publication.data.get("decided_on")
    if publication.kind == Publication.Kind.DECISION and decided_on:
        return latest_end("decision", date.fromisoformat(decided_on), credit_class=given.get("credit_class", "general"))
    return None


def withdrawal_due(publication: Publication) -> datetime | None:
    """The instant until which a publication must be withdrawn after its decision was changed or annulled (PL 48)."""
    return withdraw_by(publication.annulled_at).ends if publication.annulled_at else None


def last_day_over(publication: Publication, today: date) -> bool:
    """Whether the last day of a publication has passed."""
    return publication.ends_on is not None and publication.ends_on < today


def today_of(at: date | datetime) -> date:
    """The legal day of an instant, or the day itself."""
    return clock.local_day(at) if isinstance(at, datetime) else at


@dataclass(frozen=True)
class OpenStep:
    """A step as the page offers it: its name, and the verdict if the form is filled in properly."""

    name: str
    verdict: Verdict


SUPPOSED: dict[str, Any] = {
    "readable": [],
    "minor": False,
    "police_penalty": False,
    "shows_reporter": False,
    "names_party": False,
    "names_person": False,
    "social_impact": True,
    "impact_assessed": True,
}


def open_steps(publication: Publication, *, by: User, at: datetime) -> list[OpenStep]:
    """What the law and the office say to each next step for this person now, supposing that a complete form is handed in."""
    answers = SUPPOSED if publication.state == Publication.State.PROPOSED else None
    known = facts_of(publication, by=by, at=at, reason="…", answers=answers)
    verdicts = PUBLICATION.open_steps(known)
    return [OpenStep(verdict.step.name, verdict) for verdict in verdicts if verdict.step.name != "end"]
