"""The one way to hand over and end personal links, and to keep a self-check. Nothing here has a consequence for the merchant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from sanbao.agreements import queries as letters
from sanbao.agreements.merchants import queries
from sanbao.agreements.merchants.models import MerchantLink, SelfCheck, SelfCheckAnswer
from sanbao.agreements.models import Form
from sanbao.core import bulk, clock, files, journal
from sanbao.core.access import require
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises

NOBODY_HERE = gettext_noop("Nobody is known to trade here. Record the operator in the register first.")
NOTE_NEEDED = gettext_noop("Say why the personal link is ended.")
ENDED_ALREADY = gettext_noop("This personal link has been ended already.")
ITEMS_OPEN = gettext_noop("Some items have no answer yet: %(codes)s. “Does not apply” is an answer too.")
ITEMS_UNKNOWN = gettext_noop("These items are not in the text of the letter: %(codes)s.")
CHECK_OF_ANOTHER = gettext_noop("This self-check was sent from another shop.")


@transaction.atomic
def hand_over_link(premises: Premises, *, by: User, at: datetime) -> MerchantLink:
    """Make the personal link of the present merchant of a front; an earlier one of the same merchant ends with it."""
    require(by, "agreement.sign", at)
    spell = letters.occupying_on(clock.local_day(at)).filter(premises=premises).select_related("merchant").first()
    if spell is None:
        raise refuse("nobody_here", NOBODY_HERE)
    for former in MerchantLink.objects.filter(occupancy=spell, ended_at=None):
        _end(former, "", by=by, at=at)
    link = MerchantLink.objects.create(occupancy=spell, premises=premises, merchant=spell.merchant, issued_at=at, by=by)
    journal.record("merchant_link.issued", link, by=by, at=at, premises=str(premises.pk), merchant=str(spell.merchant_id))
    return link


@transaction.atomic
def hand_over_links(fronts: Sequence[Premises], *, by: User, at: datetime) -> list[MerchantLink]:
    """Make the personal links of many fronts; where the present merchant has one it stays, and where nobody trades there is none."""
    require(by, "agreement.sign", at)
    found = []
    for front in fronts:
        try:
            found.append(queries.living_link_of(front, at) or hand_over_link(front, by=by, at=at))
        except Refusal:
            continue
    return found


@transaction.atomic
def end_link(link: MerchantLink, *, note: str, by: User, at: datetime) -> MerchantLink:
    """End a personal link at once, for a stated reason (a lost slip, a telephone in wrong hands)."""
    require(by, "agreement.sign", at)
    if not note.strip():
        raise refuse("note_needed", NOTE_NEEDED, status=Malformed)
    _end(link, note, by=by, at=at)
    return link


def _end(link: MerchantLink, note: str, *, by: User, at: datetime) -> None:
    note = note.strip()[:300]
    if not MerchantLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=at, note=note):
        raise refuse("link_ended_already", ENDED_ALREADY)
    link.ended_at, link.note = at, note
    journal.record("merchant_link.ended", link, by=by, at=at, premises=str(link.premises_id))


def link_path(link: MerchantLink) -> str:
    """The path of the merchant's page behind the link."""
    return reverse("field:shop", args=[queries.token_of(link)])


def insist_open(link: MerchantLink, at: datetime) -> None:
    """Refuse what comes through a link that no longer opens."""
    if reason := queries.why_closed(link, at):
        raise Refusal(reason)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the merchant saw about one item: `yes`, `no` or `not_applicable`, and a photo as bytes if one was taken."""

    answer: str
    photo: bytes | None = None


@transaction.atomic
def record_self_check(link: MerchantLink, form: Form, seen: Mapping[str, Seen], *, client_id: UUID, at: datetime) -> SelfCheck:
    """Keep a self-check: every item of the merchant's letter answered, by code. The same `client_id` sent again gives the check of then.

    It is the merchant's own record. Raises `Refusal` when the link is over, `Malformed` with every objection at once.
    """
    insist_open(link, at)
    if before := SelfCheck.objects.filter(client_id=client_id).first():
        if before.link.merchant_id != link.merchant_id:
            raise refuse("check_of_another", CHECK_OF_ANOTHER, status=Malformed)
        return before
    letter = queries.letter_of(link.premises, link.merchant, clock.local_day(at))
    items = {item.code: item for item in queries.items_of(form, letter)}
    missing = [code for code in items if code not in seen or seen[code].answer not in SelfCheckAnswer.Answer.values]
    if missing:
        raise refuse("items_open", ITEMS_OPEN, status=Malformed, codes=" ".join(missing))
    if unknown := sorted(set(seen) - set(items)):
        raise refuse("items_unknown", ITEMS_UNKNOWN, status=Malformed, codes=" ".join(unknown))
    photos = {code: files.store_photo(each.photo, by=None, at=at) for code, each in seen.items() if each.photo}
    check = SelfCheck.objects.create(
        link=link, premises=link.premises, merchant=link.merchant, form=form, made_at=at, client_id=client_id
    )
    bulk.insert(
        [
            SelfCheckAnswer(check_of=check, item=items[code], answer=each.answer, photo=photos.get(code))
            for code, each in seen.items()
        ]
    )
    journal.record("self_check.made", check, by=None, at=at, premises=str(link.premises_id))
    return check
