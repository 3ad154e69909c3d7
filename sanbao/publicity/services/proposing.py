"""Proposing what the public may see: an anonymous problem, a served decision, a commendation, a frozen ranking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.core import access, clock, journal
from sanbao.core.errors import Refusal, refuse
from sanbao.core.models import Department, Entry, User
from sanbao.evaluation import queries as appraisal
from sanbao.evaluation.models import Ranking
from sanbao.law.publicity import HIDDEN, mask_address
from sanbao.law.workflow import Reason, gettext_noop
from sanbao.penalties.models import Case
from sanbao.problems.classes import classes
from sanbao.problems.models import Finding, Report
from sanbao.publicity import decisions, merits
from sanbao.publicity.facts import source_id
from sanbao.publicity.models import LIVE, Publication
from sanbao.publicity.services.moves import change

ALREADY = gettext_noop("This is proposed or published already.")
NOT_FROZEN = gettext_noop("Only a frozen ranking is published. Freeze it first.")
OWN_REPORT = gettext_noop("A merchant reported this in front of its own door. What somebody reports of itself is not exposed.")
NO_MERIT = gettext_noop("Nothing on record speaks for this criterion: %(criterion)s. Choose the records that earned it.")


@transaction.atomic
def propose_exposure(finding: Finding, *, title: str = "", body: str = "", by: User, at: datetime) -> Publication:
    """Propose to show a problem without anybody's name: its class, the road, what is being done. Pictures are added blurred."""
    access.require(by, "publication.propose", at)
    if finding.report and finding.report.source == Report.Source.MERCHANT:
        raise refuse("own_report", OWN_REPORT)
    found = classes().get(finding.class_code)
    place = road_of(finding)
    values = {
        "title": title.strip() or " · ".join(part for part in (place, found.zh if found else "") if part),
        "body": body.strip(),
        "place": place,
        "data": {"class": finding.class_code, "found_on": clock.local_day(finding.found_at).isoformat(), "state": finding.state},
    }
    return _propose(Publication.Kind.EXPOSURE, journal.subject_of(finding), values, by, at)


def road_of(finding: Finding) -> str:
    """The road of a finding, without house number; its area where no road is known."""
    if finding.premises and finding.premises.segment:
        return finding.premises.segment.street.name
    road = mask_address(finding.place) if finding.place else HIDDEN
    return road if road != HIDDEN else str(finding.area or "")


def draft_from_case(entry: Entry) -> Publication | None:
    """Draft the publication of a decision when it has been served; once, however often the news comes. Nobody has proposed it.

    Only a draft: whether it has a certain social impact, and what of it may be shown, people decide (PL 48).
    """
    pk = source_id(entry.subject, "penalties.case")
    case = Case.objects.select_related("merchant", "department").filter(pk=pk).first() if pk else None
    if case is None or _live(Publication.Kind.DECISION, entry.subject) or Publication.objects.filter(cause=entry).exists():
        return None
    data = decisions.public_copy(case)
    values = {"title": data["title"], "data": data, "unit": case.department, "cause": entry}
    return _propose(Publication.Kind.DECISION, entry.subject, values, None, entry.at)


@transaction.atomic
def commend(
    unit: Department, *, basis: Mapping[str, Sequence[str]], title: str, body: str = "", by: User, at: datetime
) -> Publication:
    """Propose to praise a unit on the three criteria (S53), each with the records that earned it (`room.model:id`).

    Refused with one reason for every criterion for which no record of this unit was chosen.
    """
    access.require(by, "publication.propose", at)
    chosen = {criterion: merits.known(unit, criterion, basis.get(criterion, ())) for criterion in merits.CRITERIA}
    missing = [criterion for criterion, records in chosen.items() if not records]
    if missing:
        raise Refusal(
            *(Reason("no_merit", NO_MERIT, params={"criterion": merits.CRITERIA[each]}) for each in missing),
        )
    data = {
        "unit": unit.name,
        "basis": {criterion: [record.frozen for record in records] for criterion, records in chosen.items()},
    }
    values = {"title": title.strip(), "body": body.strip(), "data": data, "unit": unit}
    source = f"{unit._meta.label_lower}:{unit.pk}"
    return _propose(Publication.Kind.COMMENDATION, source, values, by, at)


@transaction.atomic
def propose_ranking(ranking: Ranking, *, by: User, at: datetime) -> Publication:
    """Propose to publish a frozen ranking as it is; the copy keeps the table and the rubric's words."""
    access.require(by, "publication.propose", at)
    if ranking.state != Ranking.State.FROZEN:
        raise refuse("not_frozen", NOT_FROZEN)
    rubric = appraisal.rubric_of(ranking)
    groups = [
        {
            "name_zh": group.name_zh,
            "name_en": group.name_en,
            "rows": [
                {"place": row.score.place, "unit": row.name, "points": str(row.shown or ""), "grade": row.score.grade}
                for row in rows
            ],
        }
        for group, rows in appraisal.table(ranking)
    ]
    rules = [
        {"name_zh": each.name_zh, "name_en": each.name_en, "formula_zh": each.formula_zh, "formula_en": each.formula_en}
        for each in rubric.indicators.values()
    ]
    data = {"month": f"{ranking}", "rubric": rubric.version, "digest": ranking.digest, "groups": groups, "rules": rules}
    title = f"{ranking} {rubric.name_zh}"
    return _propose(Publication.Kind.RANKING, journal.subject_of(ranking), {"title": title, "data": data}, by, at)


@transaction.atomic
def edit(publication: Publication, *, title: str, body: str, by: User, at: datetime) -> Publication:
    """Change the words of a proposal."""
    access.require(by, "publication.propose", at)
    if not title.strip():
        raise refuse("no_title", gettext_noop("A publication needs a title."))
    change(publication, title=title.strip()[:120], body=body.strip())
    journal.record("publication.edited", publication, by=by, at=at)
    return publication


def _live(kind: str, source: str) -> bool:
    return Publication.objects.filter(kind=kind, source=source, state__in=LIVE).exists()


@transaction.atomic
def _propose(kind: str, source: str, values: dict[str, Any], by: User | None, at: datetime) -> Publication:
    if _live(kind, source):
        raise refuse("already_proposed", ALREADY)
    values["title"] = values["title"][:120]
    row = Publication.objects.create(kind=kind, source=source, proposed_by=by, proposed_at=at, **values)
    journal.record("publication.proposed", row, by=by, at=at, kind=kind, source=source)
    return row
