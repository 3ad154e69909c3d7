"""Checking, approving, publishing, sending back, discarding and withdrawing. The law and the office decide each step together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sanbao.core import access, files, journal
from sanbao.core.errors import insist
from sanbao.core.models import User
from sanbao.penalties.services.periods import note_published, note_withdrawn
from sanbao.publicity import facts
from sanbao.publicity.lifecycle import PUBLICATION
from sanbao.publicity.models import Publication
from sanbao.publicity.services.moves import move

ANSWERS = (
    "readable",
    "minor",
    "police_penalty",
    "shows_reporter",
    "names_party",
    "names_person",
    "consent",
    "social_impact",
    "impact_assessed",
    "credit_class",
)


@transaction.atomic
def review(publication: Publication, *, answers: Mapping[str, Any], by: User, at: datetime) -> Publication:
    """Confirm the privacy check with an answer to every question; by another person than the proposer (PIPL 55)."""
    access.require(by, "publication.review", at)
    given = {key: answers[key] for key in ANSWERS if answers.get(key) is not None}
    target = insist(PUBLICATION.attempt("review", facts.facts_of(publication, by=by, at=at, answers=given)))
    move(publication, target, answers=given, reviewed_by=by, reviewed_at=at)
    journal.record("publication.reviewed", publication, by=by, at=at)
    return publication


@transaction.atomic
def approve(publication: Publication, *, by: User, at: datetime) -> Publication:
    """Approve for publication: a head who neither proposed nor checked it."""
    access.require(by, "publication.approve", at)
    target = insist(PUBLICATION.attempt("approve", facts.facts_of(publication, by=by, at=at)))
    move(publication, target, approved_by=by, approved_at=at)
    journal.record("publication.approved", publication, by=by, at=at)
    return publication


@transaction.atomic
def publish(publication: Publication, *, by: User, at: datetime) -> Publication:
    """Publish what was approved, after every guard has looked once more; only now do its blurred pictures open to the public."""
    access.require(by, "publication.publish", at)
    known = facts.facts_of(publication, by=by, at=at)
    target = insist(PUBLICATION.attempt("publish", known))
    move(publication, target, published_by=by, published_at=at, ends_on=known.ends_on)
    for photo in (publication.photo, publication.photo_after):
        if photo:
            files.attach(publication, photo, files.PUBLIC, by=by, at=at)
    ends_on = known.ends_on.isoformat() if known.ends_on else None
    journal.record("publication.published", publication, by=by, at=at, kind=publication.kind, ends_on=ends_on)
    if (case := facts.case_of(publication)) is not None:
        note_published(case, at)
    return publication


@transaction.atomic
def withdraw(publication: Publication, *, reason: str, by: User, at: datetime) -> Publication:
    """Take a publication down and say why in public (PL 48); a late one is withdrawn all the same, and marked."""
    access.require(by, "publication.withdraw", at)
    verdict = PUBLICATION.attempt("withdraw", facts.facts_of(publication, by=by, at=at, reason=reason))
    move(publication, insist(verdict), reason=reason.strip()[:400], ended_at=at)
    files.detach(publication, files.PUBLIC)
    late = [warning.code for warning in verdict.warnings]
    journal.record("publication.withdrawn", publication, by=by, at=at, warnings=late)
    if (case := facts.case_of(publication)) is not None:
        note_withdrawn(case, at)
    return publication


@transaction.atomic
def send_back(publication: Publication, *, reason: str, by: User, at: datetime) -> Publication:
    """Send a checked or approved draft back to be changed; check and approval are void."""
    access.require(by, "publication.approve" if access.may(by, "publication.approve", at) else "publication.review", at)
    target = insist(PUBLICATION.attempt("send_back", facts.facts_of(publication, by=by, at=at, reason=reason)))
    cleared = {"answers": {}, "reviewed_by": None, "reviewed_at": None, "approved_by": None, "approved_at": None}
    move(publication, target, reason=reason.strip()[:400], **cleared)
    journal.record("publication.sent_back", publication, by=by, at=at)
    return publication


@transaction.atomic
def discard(publication: Publication, *, reason: str, by: User, at: datetime) -> Publication:
    """Drop a draft with the reason."""
    access.require(by, "publication.approve" if access.may(by, "publication.approve", at) else "publication.propose", at)
    target = insist(PUBLICATION.attempt("discard", facts.facts_of(publication, by=by, at=at, reason=reason)))
    move(publication, target, reason=reason.strip()[:400], ended_at=at)
    journal.record("publication.discarded", publication, by=by, at=at)
    return publication
