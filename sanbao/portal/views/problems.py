"""The public's way to report a problem and to follow what became of it; a door plate and a merchant's signed link bring the place along."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from sanbao.agreements.plates import queries as plates
from sanbao.agreements.plates.lifecycle import VALID
from sanbao.agreements.plates.models import Plate
from sanbao.core import clock, files
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Photo
from sanbao.law.deadlines import count
from sanbao.law.workflow import gettext_noop
from sanbao.problems import queries, services
from sanbao.problems.classes import classes, grouped
from sanbao.problems.intake import Incoming
from sanbao.problems.models import Report
from sanbao.problems.words import FOR_SENDERS
from sanbao.registry.models import Premises, Street

SHARED_HOURS = 24
NO_PLACE = gettext_noop("Say where it is: let the phone tell the place, or choose the street.")
NO_SUCH_NUMBER = _("There is no report with this number. Check it: it looks like 2026-0000123-7QF4.")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _shop(request: HttpRequest) -> Premises | None:
    token = request.GET.get("shop") or request.POST.get("shop")
    if not token:
        return None
    shop = queries.shop_of(token)
    if shop is None:
        raise Http404
    return shop


def _plate(request: HttpRequest) -> Plate | None:
    """The valid plate whose code was scanned; one that is no longer valid brings no place along."""
    code = request.GET.get("plate") or request.POST.get("plate")
    found = plates.plate_numbered(code) if code else None
    return found if found and found.state in VALID else None


def _sent(request: HttpRequest, front: Premises | None) -> dict[str, Any]:
    """What the form says, as the service takes it; `front` is the place that a plate or a merchant's link brings along."""
    data = request.POST
    lon, lat = _number(data.get("lon", "")), _number(data.get("lat", ""))
    place = data.get("place", "").strip()
    if lon is None or lat is None:
        named = Street.objects.filter(pk=_id(data.get("street", ""))).first()
        street = named or (front.segment.street if front and front.segment else None)
        found = (front.lon, front.lat) if front and front.lon is not None else queries.place_named(street, place)
        if found is None:
            raise refuse("no_place", NO_PLACE, status=Malformed)
        (lon, lat), place = found, " ".join(part for part in (named.name if named else "", place) if part)
    return {
        "class_code": data.get("class_code", ""),
        "lon": lon,
        "lat": lat,
        "place": place or (front.address if front else ""),
        "comment": data.get("comment", "").strip(),
        "contact": data.get("contact", "").strip(),
        "client_id": _id(data.get("client_id", "")),
    }


@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Photo, place, words. What is known nearby is shown before anything is sent."""
    shop, plate = _shop(request), _plate(request)
    if request.method == "POST":
        return _receive(request, shop, plate)
    context = {
        "section": "report",
        "groups": grouped(),
        "streets": queries.streets(),
        "client_id": uuid4(),
        "shop": shop,
        "token": request.GET.get("shop", ""),
        "plate": plate,
    }
    return render(request, "portal/problems/report.html", context)


def _receive(request: HttpRequest, shop: Premises | None, plate: Plate | None) -> HttpResponse:
    front = shop or (plate.premises if plate else None)
    sent, at = _sent(request, front), clock.now()
    if reasons := services.objections_to(Incoming(**sent)):
        raise Malformed(*reasons)
    photos = [files.store_photo(file.read(), by=None, at=at) for file in request.FILES.getlist("photos")]
    photos += Photo.objects.filter(sha256__in=request.POST.getlist("photo"))
    near = [] if request.POST.get("anyway") else queries.nearby_reports(sent["class_code"], sent["lon"], sent["lat"], at=at)
    if near and not Report.objects.filter(client_id=sent["client_id"], client_id__isnull=False).exists():
        context = {
            "section": "report",
            "near": [{"report": row, "words": FOR_SENDERS[row.state], "class": classes()[row.class_code]} for row in near[:5]],
            "sent": {**sent, "lon": repr(sent["lon"]), "lat": repr(sent["lat"])},
            "photos": photos,
            "token": request.POST.get("shop", ""),
            "plate": plate,
        }
        return render(request, "portal/problems/nearby.html", context)
    source = Report.Source.MERCHANT if shop else Report.Source.CITIZEN
    made = services.receive_report(source=source, **sent, photos=photos, premises=front, by=None, at=at)
    return redirect("portal:follow_report", made.number)


@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for a report by its number."""
    number = request.GET.get("number", "").strip().upper()
    found = queries.report_numbered(number) if number else None
    if found:
        return redirect("portal:follow_report", found.number)
    context = {"section": "follow", "number": number, "unknown": NO_SUCH_NUMBER if number else ""}
    return render(request, "portal/problems/follow.html", context, status=404 if number else 200)


@never_cache
def follow_report(request: HttpRequest, number: str) -> HttpResponse:
    """What became of a report, in plain words; photos once somebody has taken it up. Never the sender's words or contact."""
    found = queries.report_numbered(number)
    if found is None:
        raise Http404
    context = {
        "section": "follow",
        "report": found,
        "class": classes().get(found.class_code),
        "words": FOR_SENDERS[found.state],
        "tone": {"answered": "ok", "declined": "muted"}.get(found.state, "info"),
        "before": _urls(found, "before") if found.finding_id else [],
        "after": _after(found),
    }
    return render(request, "portal/problems/report_state.html", context)


def _urls(row: Any, role: str) -> list[str]:
    until = count(SHARED_HOURS, "hours", clock.now()).ends
    return [files.photo_url(use.photo, shared_until=until) for use in files.attachments(row, role)]


def _after(found: Report) -> list[str]:
    if found.finding is None:
        return []
    urls = _urls(found.finding, "after")
    for recheck in queries.rechecks_of(found.finding):
        urls += _urls(recheck, "recheck") if recheck.passed else []
    return urls


urlpatterns = [
    path("report/", report, name="report"),
    path("follow/", follow, name="follow"),
    path("follow/<str:number>/", follow_report, name="follow_report"),
]
