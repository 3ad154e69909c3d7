"""The one way for a merchant's word to come in and for the office to answer it. Neither a proof nor an objection moves the matter."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from sanbao.core import access, clock, files, journal
from sanbao.core.errors import Malformed, Reason, insist, refuse
from sanbao.core.models import Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.problems import numbers
from sanbao.problems.models import Finding
from sanbao.problems.voices import lifecycle, queries
from sanbao.problems.voices.lifecycle import OBJECTION, ObjectionFacts, ProofFacts
from sanbao.problems.voices.models import CorrectionProof, Objection
from sanbao.registry.models import Merchant

Voice = TypeVar("Voice", CorrectionProof, Objection)
MOST_PHOTOS = 9
MOST_CHARS = 2_000
TOO_LONG = gettext_noop("The text is too long: %(chars)s characters, at most %(most)s. Shorten it.")
TOO_MANY = gettext_noop("At most %(most)s photos may be sent at once.")
SEEN_ALREADY = gettext_noop("A colleague has marked this proof as seen already.")
ANSWERED_ALREADY = gettext_noop("A colleague has answered this objection already.")
SENT_ELSEWHERE = gettext_noop("This was sent about another matter.")


@transaction.atomic
def send_proof(
    finding: Finding, *, merchant: Merchant, words: str, photos: Sequence[Photo | bytes], client_id: UUID, at: datetime
) -> CorrectionProof:
    """Keep a merchant's proof that a matter is put right, for the officers to see before they look again; closes nothing.

    The same `client_id` sent again gives the proof of then. Raises `Malformed` with every objection at once.
    """
    if before := CorrectionProof.objects.filter(client_id=client_id).first():
        return _same(before, finding)
    facts = ProofFacts(
        names_merchant=finding.merchant_id == merchant.pk,
        unfinished=finding.state not in (Finding.State.CORRECTED, Finding.State.CLOSED),
        says_something=bool(words.strip() or photos),
    )
    if reasons := (*lifecycle.objections_to_proof(facts), *_unfit(words, photos)):
        raise Malformed(*reasons)
    order = queries.served_order(finding)
    proof = CorrectionProof.objects.create(
        finding=finding,
        order=order,
        merchant=merchant,
        words=words.strip(),
        sent_at=at,
        due_at=queries.until_of(finding, order),
        client_id=client_id,
    )
    _attach(proof, photos, "proof", at)
    journal.record("proof.received", proof, by=None, at=at, finding=str(finding.pk))
    return proof


@transaction.atomic
def see_proof(proof: CorrectionProof, *, by: User, at: datetime) -> CorrectionProof:
    """Mark a proof as seen; the merchant reads that it was. What follows is the usual recheck or closing."""
    access.require(by, "order.recheck" if proof.order_id else "problem.close", at)
    if not CorrectionProof.objects.filter(pk=proof.pk, seen_at=None).update(seen_at=at, seen_by=by):
        raise refuse("seen_already", SEEN_ALREADY)
    proof.seen_at, proof.seen_by = at, by
    journal.record("proof.seen", proof, by=by, at=at, finding=str(proof.finding_id))
    return proof


@transaction.atomic
def object_to(
    finding: Finding, *, merchant: Merchant, grounds: str, photos: Sequence[Photo | bytes], client_id: UUID, at: datetime
) -> Objection:
    """Receive a merchant's objection to a finding or to the order served on it, and give it a number; stops no period.

    The same `client_id` sent again gives the objection of then. Raises `Refusal` with every objection at once.
    """
    if before := Objection.objects.filter(client_id=client_id).first():
        return _same(before, finding)
    waiting = Objection.objects.filter(finding=finding, state=Objection.State.RECEIVED).first()
    facts = ObjectionFacts(
        state="sent",
        names_merchant=finding.merchant_id == merchant.pk,
        grounds=grounds,
        open_number=waiting.number if waiting else "",
    )
    if reasons := _unfit(grounds, photos):
        raise Malformed(*reasons)
    target = insist(OBJECTION.attempt("receive", facts))
    order = queries.served_order(finding)
    objection = Objection.objects.create(
        number=_number(at),
        finding=finding,
        order=order,
        merchant=merchant,
        grounds=grounds.strip(),
        state=target,
        received_at=at,
        due_at=queries.until_of(finding, order),
        client_id=client_id,
    )
    _attach(objection, photos, "evidence", at)
    journal.record("objection.received", objection, by=None, at=at, finding=str(finding.pk))
    return objection


@transaction.atomic
def answer_objection(objection: Objection, *, outcome: str, reply: str, by: User, at: datetime) -> Objection:
    """Answer an objection in writing. Where it is right, the order is withdrawn or the finding closed by the steps for that."""
    access.require(by, "order.recheck" if objection.order_id else "problem.accept", at)
    facts = ObjectionFacts(state=objection.state, reply=reply, outcome=outcome, own_cause=queries.in_own_cause(objection, by))
    if reasons := _unfit(reply, ()):
        raise Malformed(*reasons)
    values = {
        "state": insist(OBJECTION.attempt("answer", facts)),
        "outcome": outcome,
        "reply": reply.strip(),
        "answered_at": at,
        "answered_by": by,
    }
    if not Objection.objects.filter(pk=objection.pk, state=objection.state).update(**values):
        raise refuse("answered_already", ANSWERED_ALREADY)
    for name, value in values.items():
        setattr(objection, name, value)
    journal.record("objection.answered", objection, by=by, at=at, finding=str(objection.finding_id), outcome=outcome)
    return objection


def _number(at: datetime) -> str:
    """`S2026-0000123`: the number on the merchant's receipt (陈述)."""
    return f"S{clock.local_day(at).year}-{numbers.take('objection', at)[0]:07d}"


def _same(before: Voice, finding: Finding) -> Voice:
    if before.finding_id != finding.pk:
        raise refuse("sent_elsewhere", SENT_ELSEWHERE, status=Malformed)
    return before


def _unfit(text: str, photos: Sequence[object]) -> list[Reason]:
    found = []
    if len(text) > MOST_CHARS:
        found.append(Reason("too_long", TOO_LONG, params={"chars": len(text), "most": MOST_CHARS}))
    if len(photos) > MOST_PHOTOS:
        found.append(Reason("too_many_photos", TOO_MANY, params={"most": MOST_PHOTOS}))
    return found


def _attach(row: CorrectionProof | Objection, photos: Sequence[Photo | bytes], role: str, at: datetime) -> None:
    for each in photos:
        photo = each if isinstance(each, Photo) else files.store_photo(each, by=None, at=at)
        files.attach(row, photo, role, by=None, at=at)
