"""The public page behind a door plate: what is promised in front of this door, who answers for it, and a button to report.

Nothing here tells who trades in the front or beside it: no name of a shop or a person, no telephone of a merchant, no number of a licence.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from sanbao.agreements import queries as letters
from sanbao.agreements.merchants import queries as merchants
from sanbao.agreements.plates import queries
from sanbao.agreements.plates.lifecycle import VALID
from sanbao.agreements.plates.models import Plate
from sanbao.agreements.services import unit_of
from sanbao.agreements.zones import drawing
from sanbao.core import clock

GONE = 410


@require_safe
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one plate; 404 for a code that was never issued, 410 for a plate that is no longer valid."""
    found = queries.plate_numbered(code)
    if found is None or found.state not in VALID:
        context = {"section": "plate", "found": found, "code": code[:20]}
        return render(request, "portal/plates/no_plate.html", context, status=GONE if found else 404)
    return render(request, "portal/plates/plate.html", _shown(found))


def _shown(found: Plate) -> dict[str, Any]:
    """What the page shows: facts of the place and of the letter's term, never of its parties."""
    today, front = clock.today(), found.premises
    letter = merchants.running_letter(front, today)
    form = letter.form if letter else letters.form_on(today)
    return {
        "section": "plate",
        "plate": found,
        "address": front.address,
        "place": queries.facts_of(front),
        "zones": drawing.shown(queries.nameless_zones(front, today)),
        "letter": {"signed_on": letter.signed_on, "term_until": letter.term_until} if letter else None,
        "duties": merchants.by_duty(merchants.items_of(form, letter)),
        "unit": unit_of(front),
    }


urlpatterns = [path("p/<str:code>/", plate, name="plate")]
