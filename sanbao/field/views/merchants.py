"""The merchant's own page behind its personal link: duties, a letter that waits, self-check, what was found, papers, reports. No account.

Every page asks the link anew: it opens as long as the same merchant trades in the same front and nobody has ended it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from uuid_utils.compat import uuid7

from sanbao.agreements import queries as letters
from sanbao.agreements import services as signing
from sanbao.agreements.merchants import queries, services
from sanbao.agreements.merchants.models import MerchantLink, SelfCheckAnswer
from sanbao.agreements.merchants.services import Seen
from sanbao.agreements.models import FormItem
from sanbao.agreements.plates import queries as plates
from sanbao.agreements.services import unit_of
from sanbao.agreements.zones import drawing
from sanbao.agreements.zones import queries as zones
from sanbao.core import clock, documents, files
from sanbao.core.errors import Refusal
from sanbao.problems import queries as problems
from sanbao.problems.models import Finding
from sanbao.problems.voices import queries as voices

GONE, LAST_CHECKS, LAST_REPORTS, REPORT_HOURS = 410, 12, 5, 24
TONES = {"open": "warn", "ordered": "warn", "corrected": "ok", "failed": "bad", "closed": "muted"}

Page = Callable[..., HttpResponse]


def own_page(view: Page) -> Page:
    """A page of one merchant: the view gets its link; a forged one is refused (403), one that is over gets a page that says so (410)."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        link, at = queries.link_of(token), clock.now()
        if link is None:
            raise Http404
        if reason := queries.why_closed(link, at):
            context = {"reasons": [reason], "unit": unit_of(link.premises)}
            return render(request, "field/shop/gone.html", context, status=GONE)
        return view(request, link, at, *args, **kwargs)

    return guarded


def frame(link: MerchantLink) -> dict[str, Any]:
    """What every page of a merchant carries."""
    return {
        "token": queries.token_of(link),
        "merchant": link.merchant,
        "front": link.premises,
        "unit": unit_of(link.premises),
    }


def client_id_of(request: HttpRequest) -> UUID:
    """The sender's own mark of a form, by which it is taken only once; a new one where none came."""
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        return uuid7()


@own_page
def shop(request: HttpRequest, link: MerchantLink, at: datetime) -> HttpResponse:
    """The first page: what to do now and by when, then duties, checks, papers and rights."""
    today, front = clock.local_day(at), link.premises
    letter = queries.letter_of(front, link.merchant, today)
    form = letter.form if letter else letters.form_on(today)
    since = clock.at_local(link.occupancy.from_on)
    context = {
        **frame(link),
        "letter": letter,
        "waiting": _to_sign(link, at),
        "place": plates.facts_of(front),
        "zones": drawing.shown(zones.zone_of(front, today)),
        "duties": queries.by_duty(queries.items_of(form, letter)),
        "matters": [_matter(each) for each in voices.matters_of(front, link.merchant)],
        "checks": queries.checks_of(link)[:LAST_CHECKS],
        "papers": _papers(link),
        "reports": voices.reports_of(front, since)[:LAST_REPORTS],
        "report_url": f"{reverse('portal:report')}?shop={_report_token(link, at)}",
    }
    return render(request, "field/shop/shop.html", context)


def _to_sign(link: MerchantLink, at: datetime) -> str:
    """The address of the signing page of a letter that waits for this merchant, or nothing."""
    waiting = letters.waiting_letters([link.premises_id]).get(link.premises_id)
    if waiting is None or waiting.merchant_id != link.merchant_id or letters.why_not_signable(waiting, at):
        return ""
    return signing.link_path(waiting)


def _report_token(link: MerchantLink, at: datetime) -> str:
    return problems.shop_token(link.premises, expires_at=at + timedelta(hours=REPORT_HOURS))


def _matter(finding: Finding) -> dict[str, Any]:
    order = voices.served_order(finding)
    open_order = order if order and order.state in ("served", "due") else None
    return {
        "finding": finding,
        "name": voices.class_name(finding),
        "until": open_order.correct_by if open_order else None,
        "order": order,
        "tone": TONES[finding.state],
    }


def _papers(link: MerchantLink) -> list[Any]:
    """Every paper of this merchant at this front: its letters and what was served on it, the newest first."""
    own = letters.letters_of(link.premises).filter(merchant=link.merchant_id, document__isnull=False).select_related("document")
    found = [each.document for each in own] + voices.papers_of(link.premises, link.merchant)
    return sorted(found, key=lambda paper: (paper.issued_at, str(paper.pk)), reverse=True)


@own_page
def paper(request: HttpRequest, link: MerchantLink, at: datetime, pk: UUID) -> HttpResponse:
    """One of the merchant's own papers as PDF."""
    found = next((each for each in _papers(link) if each.pk == pk), None)
    if found is None:
        raise Http404
    response = HttpResponse(documents.pdf_bytes(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.check_code}.pdf"'
    return response


@own_page
def self_check(request: HttpRequest, link: MerchantLink, at: datetime) -> HttpResponse:
    """Look at one's own front item by item. The record belongs to the merchant."""
    today = clock.local_day(at)
    letter = queries.letter_of(link.premises, link.merchant, today)
    form = letter.form if letter else letters.form_on(today)
    items = queries.items_of(form, letter)
    context = {**frame(link), "title": _("Self-check"), "answers": SelfCheckAnswer.Answer.choices}
    if request.method != "POST" or form is None:
        return render(request, "field/shop/check.html", context | {"items": _asked(items, {}), "client_id": uuid7()})
    client_id = client_id_of(request)
    try:
        services.record_self_check(link, form, _seen(request, items), client_id=client_id, at=at)
    except Refusal as refusal:
        context |= {"items": _asked(items, request.POST), "client_id": client_id, "reasons": refusal.reasons}
        return render(request, "field/shop/check.html", context, status=refusal.status)
    return redirect("field:shop_checks", queries.token_of(link))


def _asked(items: list[FormItem], sent: Any) -> list[dict[str, Any]]:
    return [{"item": item, "duty": item.duty_name, "chosen": sent.get(f"item-{item.code}", "")} for item in items]


def _seen(request: HttpRequest, items: list[FormItem]) -> dict[str, Seen]:
    seen = {}
    for item in items:
        answer, photo = request.POST.get(f"item-{item.code}"), request.FILES.get(f"photo-{item.code}")
        if answer:
            seen[item.code] = Seen(answer, photo.read() if photo else None)
    return seen


@own_page
def checks(request: HttpRequest, link: MerchantLink, at: datetime) -> HttpResponse:
    """The merchant's own self-checks, the newest opened, with what is still to be done."""
    found = list(queries.checks_of(link)[: 4 * LAST_CHECKS])
    wanted = request.GET.get("check", "")
    chosen = next((each for each in found if str(each.pk) == wanted), found[0] if found else None)
    answers = list(chosen.answers.select_related("item", "photo").order_by("item__position")) if chosen else []
    context = {
        **frame(link),
        "checks": found,
        "chosen": chosen,
        "rows": [{"answer": each, "photo": _photo(each, at)} for each in answers],
        "report_url": f"{reverse('portal:report')}?shop={_report_token(link, at)}",
    }
    return render(request, "field/shop/checks.html", context)


def _photo(answer: SelfCheckAnswer, at: datetime) -> str:
    return shared(answer.photo, at) if answer.photo else ""


def shared(photo: Any, at: datetime) -> str:
    """The address of a photo that opens for whoever holds this page, for a day."""
    return files.photo_url(photo, shared_until=at + timedelta(hours=REPORT_HOURS))


urlpatterns = [
    path("shop/<str:token>/", shop, name="shop"),
    path("shop/<str:token>/check/", self_check, name="shop_check"),
    path("shop/<str:token>/checks/", checks, name="shop_checks"),
    path("shop/<str:token>/papers/<uuid:pk>.pdf", paper, name="shop_paper"),
]
