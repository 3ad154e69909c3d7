"""Signing for a whole shift without a network: the worklist, what is taken along, and the envelope that is brought home."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements import doorstep, parcels, services
from sanbao.agreements.doorstep import Brought, Outcome
from sanbao.agreements.models import Agreement
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.errors import Malformed, Reason, refuse
from sanbao.field.answers import NOT_READ, for_signers, json_answer
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area, Segment
from sanbao.registry.responsibility import Duties

MOST_ITEMS = 50
SHOWN = 100
TOO_MANY = gettext_noop("An envelope holds 1 to %(most)s items; this one holds %(found)s.")


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """What a phone sends home; its items are read one by one, so that one unreadable item holds up no other."""

    sent_at: Annotated[datetime, msgspec.Meta(tz=True)]
    items: list[msgspec.Raw]


@never_cache
@require_safe
@login_required
def worklist(request: HttpRequest) -> HttpResponse:
    """The letters to be signed in an area or along a segment, in walking order; each may be signed online, all may be taken along."""
    require(request.user, "agreement.sign")
    area, segment, at = _area(request), _segment(request), clock.now()
    letters = parcels.worklist(area, segment, at)
    count = letters.count()
    segments = Segment.objects.filter(area__path__startswith=area.path) if area else Segment.objects.all()
    context = {
        "area": area,
        "segment": segment,
        "areas": Area.objects.order_by("path"),
        "segments": segments.select_related("street").order_by("street__name", "number"),
        "rows": [{"letter": row, "link": services.link_path(row)} for row in letters[:SHOWN]],
        "count": count,
        "taken": min(count, parcels.MOST_LETTERS),
        "more": max(count - SHOWN, 0),
    }
    return render(request, "field/worklist.html", context)


def _area(request: HttpRequest) -> Area | None:
    """The area that is named; without one the first that the person's own unit answers for, if any."""
    if "area" in request.GET:
        return get_object_or_404(Area, code=request.GET["area"]) if request.GET["area"] else None
    unit = request.user.department
    mine = Duties(clock.today(), ()).areas_of(unit) if unit else []
    return Area.objects.filter(pk__in=mine).order_by("path").first()


def _segment(request: HttpRequest) -> Segment | None:
    try:
        asked = UUID(request.GET.get("segment", ""))
    except ValueError:
        return None
    return Segment.objects.filter(pk=asked).select_related("street").first()


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page that works without a network. It holds nothing of anybody: what it shows lies on the phone."""
    return render(request, "field/carry.html", {"capacities": Agreement.Capacity.choices, "days": doorstep.MOST_DAYS})


@require_safe
@for_signers
def who(request: HttpRequest) -> HttpResponse:
    """Who is logged in, and the token without which nothing is taken."""
    return json_answer({"id": request.user.pk, "name": request.user.name, "token": get_token(request)})


@require_safe
@for_signers
def parcel(request: HttpRequest) -> HttpResponse:
    """What is taken along of the worklist, for the person who is logged in."""
    at = clock.now()
    letters = parcels.worklist(_area(request), _segment(request), at)
    owner = {"id": request.user.pk, "name": request.user.name}
    return json_answer({"owner": owner, **parcels.parcel_of(letters, at)})


@require_POST
@for_signers
def envelope(request: HttpRequest) -> HttpResponse:
    """Take in at most 50 items; 200, and for each its number or every reason against it."""
    sent = msgspec.json.decode(request.body, type=Envelope)
    found = len(sent.items)
    if not 1 <= found <= MOST_ITEMS:
        raise refuse("too_many_items", TOO_MANY, status=Malformed, most=MOST_ITEMS, found=found)
    read, results = _read(sent.items)
    outcomes = doorstep.receive_many(list(read.values()), sent_at=sent.sent_at, by=request.user, at=clock.now())
    results |= dict(zip(read, outcomes, strict=True))
    return json_answer({"results": [_said(results[place]) for place in range(found)]})


def _read(items: list[msgspec.Raw]) -> tuple[dict[int, Brought], dict[int, Outcome]]:
    """The readable items by their place, and what is said of the others."""
    read: dict[int, Brought] = {}
    refused: dict[int, Outcome] = {}
    for place, item in enumerate(items):
        try:
            read[place] = msgspec.json.decode(item, type=Brought)
        except msgspec.MsgspecError as error:
            refused[place] = Outcome(reasons=(Reason("malformed", NOT_READ, params={"detail": str(error)}),))
    return read, refused


def _said(outcome: Outcome) -> dict[str, Any]:
    if outcome.reasons:
        return {"status": "refused", "reasons": [reason.text(gettext) for reason in outcome.reasons]}
    return {"status": "accepted", "number": outcome.number}


urlpatterns = [
    path("letters/", worklist, name="worklist"),
    path("carry/", shell, name="carry"),
    path("carry/who/", who, name="who"),
    path("carry/parcel/", parcel, name="parcel"),
    path("carry/envelope/", envelope, name="envelope"),
]
