"""What a phone takes along for a shift: the letters that wait, and the texts they are on. As little as signing needs, as plain JSON.

A telephone number goes along only masked: it is there to recognise a merchant by, not to be carried about.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sanbao.agreements import queries
from sanbao.agreements.models import Agreement, Form
from sanbao.law.publicity import mask_phone
from sanbao.registry.models import Area, Segment

MOST_LETTERS = 500


def worklist(area: Area | None, segment: Segment | None, at: datetime) -> QuerySet[Agreement]:
    """The letters to be signed in an area, or along one segment, as one meets them when walking (1 query)."""
    found = queries.to_be_signed(area, at)
    return found.filter(premises__segment=segment) if segment else found


def parcel_of(letters: Iterable[Agreement], at: datetime) -> dict[str, Any]:
    """At most `MOST_LETTERS` of the letters with the forms they are on, and the instant they were taken (2 queries)."""
    rows = list(letters)[:MOST_LETTERS]
    forms = Form.objects.filter(pk__in={row.form_id for row in rows}).prefetch_related("items")
    return {"taken_at": at, "letters": [_letter(row) for row in rows], "forms": [_form(form) for form in forms]}


def _letter(letter: Agreement) -> dict[str, Any]:
    front, segment = letter.premises, letter.premises.segment
    return {
        "id": letter.pk,
        "number": letter.number,
        "form": letter.form_id,
        "address": front.address,
        "sign_name": front.sign_name,
        "street": segment.street.name if segment else "",
        "side": str(front.get_side_display()),
        "merchant": letter.merchant.name,
        "phone": mask_phone(letter.merchant.phone) if letter.merchant.phone else "",
        "unit": letter.unit.name if letter.unit else "",
    }


def _form(form: Form) -> dict[str, Any]:
    return {
        "id": form.pk,
        "title": form.title,
        "term_months": form.term_months,
        "body": form.body,
        "consent": form.consent_text,
        "hash": form.text_hash,
        "items": [{"code": item.code, "duty": form.duty_name(item.duty), "wording": item.wording} for item in form.items.all()],
    }
