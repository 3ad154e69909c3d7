"""The chain of duty of any place: found by words, by a front's code, by coordinates or by where one stands."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanbao.console.views.responsibility import page_of
from sanbao.core import clock
from sanbao.core.access import require
from sanbao.core.errors import Malformed, Refusal
from sanbao.registry.chain import Chain, chain_at, chain_of, search
from sanbao.registry.models import Premises


@require_safe
@login_required
def duty_chain(request: HttpRequest) -> HttpResponse:
    """District → unit → leader → person → premises → merchant in one line; a missing name is a red hole."""
    require(request.user, "register.view")
    asked = request.GET
    context: dict[str, Any] = {
        "section": "register",
        "asked": asked,
        "asked_any": any(asked.get(k) for k in ("q", "lon", "premises")),
    }
    try:
        found, chain = _found(asked)
        context |= {"found": found, "chain": chain, "place_url": page_of(chain.premises or chain.area) if chain else ""}
    except Refusal as refusal:
        context["reasons"] = refusal.reasons
    return render(request, "console/registry/chain.html", context, status=Malformed.status if "reasons" in context else 200)


def _found(asked: Any) -> tuple[list[Premises], Chain | None]:
    """The fronts to choose among, or the chain."""
    today = clock.today()
    if asked.get("premises"):
        front = get_object_or_404(Premises.objects.select_related("area"), code=asked["premises"])
        return [], chain_of(front, today)
    if asked.get("lon") or asked.get("lat"):
        return [], chain_at(_degrees(asked.get("lon")), _degrees(asked.get("lat")), today)
    fronts = search(asked["q"], today) if asked.get("q", "").strip() else []
    return (fronts, None) if len(fronts) != 1 else ([], chain_of(fronts[0], today))


def _degrees(text: str | None) -> float:
    """A number as written; what is none becomes no place on earth and is refused as such."""
    try:
        return float(text or "")
    except ValueError:
        return float("nan")


def chain_lines(front: Premises) -> list[tuple[str, str]]:
    """(title, address) of the pages of responsibility of a front, for its own page."""
    return [(_("Responsibility"), page_of(front))]


urlpatterns = [path("register/chain/", duty_chain, name="duty_chain")]
