"""One front: its plate with the history, and the personal link of its merchant, handed over as a slip to cut out."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sanbao.agreements import queries as letters
from sanbao.agreements.merchants import queries as merchants
from sanbao.agreements.merchants import services as handing
from sanbao.agreements.merchants.models import MerchantLink
from sanbao.agreements.plates import queries, services
from sanbao.agreements.plates.models import Plate
from sanbao.console.views.coverage import area_of, crumbs
from sanbao.core import clock
from sanbao.core.access import may, require
from sanbao.core.errors import refuse
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Premises

SECTION = {"section": "agreements"}
SLIPS, AT_ONCE = 60, 500
NOTHING_CHOSEN = gettext_noop("No front with a merchant was ticked. Tick the fronts whose merchants get their personal link.")


@never_cache
@require_safe
@login_required
def front_plate(request: HttpRequest, pk: str) -> HttpResponse:
    """The valid plate and those before it; whether the merchant has its personal link."""
    require(request.user, "agreement.view")
    at = clock.now()
    front = get_object_or_404(Premises.objects.select_related("area__unit", "segment__street"), pk=pk)
    history = list(queries.plates_of(front))
    plate = next((each for each in history if each.state in services.VALID), None)
    link = merchants.living_link_of(front, at)
    context = {
        **SECTION,
        "front": front,
        "crumbs": crumbs(front.area),
        "plate": plate,
        "history": history,
        "merchant": letters.occupant_of(front, clock.local_day(at)),
        "link": link,
        "links": [_shown(each, at) for each in merchants.links_of(front)],
    }
    if plate:
        context["plate_url"] = request.build_absolute_uri(reverse("portal:plate", args=[plate.code]))
        context["plate_qr"] = _qr(context["plate_url"])
    if link and may(request.user, "agreement.sign", at):
        context["slip_url"] = request.build_absolute_uri(handing.link_path(link))
        context["slip_qr"] = _qr(context["slip_url"])
    return render(request, "console/plates/front.html", context)


def _shown(link: MerchantLink, at: Any) -> dict[str, Any]:
    closed = merchants.why_closed(link, at)
    words = _("opens the page") if closed is None else _("ended") if link.ended_at else _("ended with the tenancy")
    return {"link": link, "words": words, "tone": "ok" if closed is None else "muted"}


def _qr(link: str) -> str:
    return segno.make(link, error="m", micro=False).svg_data_uri(border=2, scale=1)


@require_POST
@login_required
def replace(request: HttpRequest, pk: str) -> HttpResponse:
    """The plate is lost, damaged or wrong: the old code ends, a new plate is issued."""
    plate = get_object_or_404(Plate.objects.select_related("premises"), pk=pk)
    note, lost = request.POST.get("note", ""), request.POST.get("why") == "lost"
    made = services.replace_plate(plate, lost=lost, note=note, by=request.user, at=clock.now())
    messages.success(
        request, _("Plate %(old)s is no longer valid; %(new)s has been issued.") % {"old": str(plate), "new": str(made)}
    )
    return redirect("console:front_plate", plate.premises_id)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """The front needs no plate any more."""
    plate = get_object_or_404(Plate.objects.select_related("premises"), pk=pk)
    services.withdraw_plate(plate, note=request.POST.get("note", ""), by=request.user, at=clock.now())
    messages.success(request, _("The plate has been withdrawn."))
    return redirect("console:front_plate", plate.premises_id)


@never_cache
@require_safe
@login_required
def slips(request: HttpRequest) -> HttpResponse:
    """The personal links of an area as slips to print, cut out and hand over, in walking order."""
    require(request.user, "agreement.sign")
    area = area_of(request)
    page_obj = Paginator(merchants.living_links(area, clock.now()), SLIPS).get_page(request.GET.get("page"))
    rows = [{"link": each, "url": request.build_absolute_uri(handing.link_path(each))} for each in page_obj]
    for row in rows:
        row["qr"] = _qr(row["url"])
    context = {**SECTION, "area": area, "crumbs": crumbs(area), "page_obj": page_obj, "rows": rows}
    return render(request, "console/plates/slips.html", context)


@require_POST
@login_required
def hand_over_many(request: HttpRequest) -> HttpResponse:
    """Make the personal links of the ticked fronts and show them as slips."""
    fronts = Premises.objects.filter(pk__in=request.POST.getlist("premises")[:AT_ONCE])
    made = handing.hand_over_links(list(fronts), by=request.user, at=clock.now())
    if not made:
        raise refuse("no_plates", NOTHING_CHOSEN)
    return redirect(f"{reverse('console:merchant_slips')}?area={request.POST.get('area', '')}")


@require_POST
@login_required
def hand_over(request: HttpRequest, pk: str) -> HttpResponse:
    """Make the personal link of the present merchant; an earlier slip ends."""
    front = get_object_or_404(Premises, pk=pk)
    handing.hand_over_link(front, by=request.user, at=clock.now())
    messages.success(request, _("The personal link is ready. Print the slip and hand it to the operator in person."))
    return redirect("console:front_plate", front.pk)


@require_POST
@login_required
def end_link(request: HttpRequest, pk: str) -> HttpResponse:
    """End a personal link at once."""
    link = get_object_or_404(MerchantLink.objects.select_related("premises"), pk=pk)
    handing.end_link(link, note=request.POST.get("note", ""), by=request.user, at=clock.now())
    messages.success(request, _("The personal link has been ended."))
    return redirect("console:front_plate", link.premises_id)


urlpatterns = [
    path("plates/slips/", slips, name="merchant_slips"),
    path("plates/slips/make/", hand_over_many, name="hand_over_merchant_links"),
    path("plates/fronts/<uuid:pk>/", front_plate, name="front_plate"),
    path("plates/fronts/<uuid:pk>/link/", hand_over, name="hand_over_merchant_link"),
    path("plates/links/<uuid:pk>/end/", end_link, name="end_merchant_link"),
    path("plates/<uuid:pk>/replace/", replace, name="replace_plate"),
    path("plates/<uuid:pk>/withdraw/", withdraw, name="withdraw_plate"),
]
