"""The text of the letter: its versions, how one differs from another, issuing a new one, and units' versions with their approval."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sanbao.agreements import coverage, queries, services, versioning, versions
from sanbao.agreements.form_text import FormText, parse_form, read_form, shipped
from sanbao.agreements.models import Form
from sanbao.console.views.coverage import SECTION
from sanbao.core import clock
from sanbao.core.access import may, require
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.models import Department
from sanbao.law.workflow import gettext_noop
from sanbao.registry.models import Area
from sanbao.registry.responsibility import answered_by

STATE_TONES = {"proposed": "info", "issued": "muted", "returned": "warn"}
LOCAL_ITEMS, LARGEST = 5, 200_000
NOT_A_TEXT = gettext_noop("This file holds no text of a letter: %(why)s. Take a text that is there as a pattern.")
DAY_MISSING = gettext_noop("Write the first day as year-month-day.")
UNIT_MISSING = gettext_noop("Choose the unit whose text this is.")


@require_safe
@login_required
def letter_forms(request: HttpRequest) -> HttpResponse:
    """The versions of the text; one of them opened to read, beside the one it follows or adds to."""
    require(request.user, "agreement.view")
    today = clock.today()
    found = list(
        Form.objects.select_related("unit", "template", "proposed_by").order_by("name", "-effective_from", "unit", "-id")
    )
    texts = queries.texts_on(today)
    now = next((each for each in found if each == texts.template), None)
    chosen = next((each for each in found if each.version == request.GET.get("version")), now)
    base = _base_of(chosen, found)
    context = {
        **SECTION,
        "versions": [{"form": each, "tone": STATE_TONES[each.state], "holds": each in _holding(texts)} for each in found],
        "chosen": chosen,
        "base": base,
        "difference": versions.difference(queries.text_of(base), queries.text_of(chosen)) if base and chosen else None,
        "to_renew": queries.versions_to_renew(today),
        "resign": _resigning(chosen) if chosen and chosen.state == Form.State.PROPOSED else None,
        "may_decide": chosen is not None and chosen.state == Form.State.PROPOSED and may(request.user, "agreement.issue"),
    }
    return render(request, "console/agreements/forms.html", context)


def _holding(texts: queries.Texts) -> list[Form]:
    return [form for form in (texts.template, *texts.versions.values()) if form]


def _base_of(chosen: Form | None, found: list[Form]) -> Form | None:
    """The text that another is compared with: a unit's version with the district's, the district's with the one before."""
    if chosen is None or chosen.template_id:
        return next((each for each in found if chosen and each.pk == chosen.template_id), None)
    earlier = [each for each in found if each.unit_id is None and each.effective_from < chosen.effective_from]
    return max(earlier, key=lambda each: each.effective_from, default=None)


def _resigning(form: Form) -> dict[str, Any]:
    """Who would have to sign again if this version of a unit were approved."""
    day = max(form.effective_from, clock.today())
    signed = coverage.classified(None, day).filter(answered_by(form.unit, day), kind=coverage.SIGNED)
    return {"day": day, "number": signed.count()}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def publish_form(request: HttpRequest) -> HttpResponse:
    """Choose a text and its first day, see what changes and who must sign again, and only then issue it."""
    require(request.user, "agreement.issue")
    given = request.POST if request.method == "POST" else request.GET
    text = _chosen_text(request)
    if text is not None and request.POST.get("act") == "issue":
        form = services.issue_form(text, by=request.user, at=clock.now())
        messages.success(request, _("Version %(version)s is issued.") % {"version": form.version})
        return redirect(f"{reverse('console:letter_forms')}?version={form.version}")
    context = {**SECTION, "shipped": [(name, read_form(name)) for name in shipped()], "given": given, "text": text}
    if text is not None:
        before = queries.texts_on(text.effective_from).template
        context |= {"before": before, "lines": _must_sign_again(text.effective_from), "toml": _toml(request)}
        context["difference"] = versions.difference(queries.text_of(before), text) if before else None
        context["lapsing"] = list(queries.texts_on(text.effective_from).versions.values())
    return render(request, "console/agreements/publish.html", context)


def _chosen_text(request: HttpRequest) -> FormText | None:
    """The text that was uploaded, or chosen by name, with the first day and the version that were given; None when nothing was."""
    given = request.POST if request.method == "POST" else request.GET
    words, source = _toml(request), given.get("source", "")
    if not words and source not in shipped():
        return None
    try:
        text = parse_form(words) if words else read_form(source)
    except (ValueError, KeyError, TypeError) as error:
        raise refuse("not_a_text", NOT_A_TEXT, status=Malformed, why=str(error)[:200]) from error
    day = _day(given.get("from", "")) or text.effective_from
    return replace(text, effective_from=day, version=given.get("version", "").strip()[:20] or text.version)


def _toml(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("toml", "")[:LARGEST]
    return upload.read(LARGEST).decode("utf-8", errors="replace")


def _day(given: str) -> date | None:
    try:
        day = parse_date(given) if given else None
    except ValueError:
        day = None
    if given and day is None:
        raise refuse("day_needed", DAY_MISSING, status=Malformed)
    return day


def _must_sign_again(day: date) -> list[dict[str, Any]]:
    """By street: how many letters would no longer be on the text in force on that day."""
    top = Area.objects.filter(parent__isnull=True).order_by("code").first()
    children = list(top.children.order_by("code")) if top else []
    tallies = coverage.tally_by_area(children, top, day)
    return [{"area": area, "number": tallies[area.pk].count[coverage.SIGNED]} for area in children]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def propose_version(request: HttpRequest) -> HttpResponse:
    """A unit's local paragraphs and items, added to the district's text."""
    require(request.user, "agreement.plan")
    template = queries.form_on(clock.today())
    if template is None:
        raise refuse("no_form", services.NO_FORM)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            form = versioning.propose_version(_unit(request), **_additions(request, template), by=request.user, at=clock.now())
            messages.success(request, _("The version is proposed. The district approves it or gives it back."))
            return redirect(f"{reverse('console:letter_forms')}?version={form.version}")
        except Refusal as error:
            refusal = error
    sent = request.POST
    rows = [{name: sent.get(f"{name}-{n}", "") for name in ("duty", "wording", "question")} for n in range(LOCAL_ITEMS)]
    sections = [{**part, "added": sent.get(f"paragraphs-{n}", "")} for n, part in enumerate(template.body)]
    units = Department.objects.filter(district_id=request.user.department.district_id).order_by("code")
    context = {**SECTION, "template": template, "sections": sections, "rows": rows, "today": clock.today(), "sent": sent}
    context |= {"units": units if may(request.user, "agreement.issue") else [request.user.department], "refusal": refusal}
    return render(request, "console/agreements/propose.html", context, status=refusal.status if refusal else 200)


def _unit(request: HttpRequest) -> Department:
    given = request.POST.get("unit", "")
    if not given.isdigit():
        raise refuse("unit_missing", UNIT_MISSING, status=Malformed)
    return get_object_or_404(Department, pk=given, district_id=request.user.department.district_id)


def _additions(request: HttpRequest, template: Form) -> dict[str, Any]:
    sent = request.POST
    rows = [
        tuple(sent.get(f"{name}-{n}", "").strip()[:300] for name in ("duty", "wording", "question")) for n in range(LOCAL_ITEMS)
    ]
    return {
        "paragraphs": {
            part["heading"]: sent.get(f"paragraphs-{n}", "")[:4000].splitlines() for n, part in enumerate(template.body)
        },
        "items": [row for row in rows if row[1] or row[2]],
        "effective_from": _day(sent.get("from", "")) or clock.today(),
    }


@require_POST
@login_required
def approve_version(request: HttpRequest, pk: str) -> HttpResponse:
    """Approve a unit's version."""
    form = versioning.approve_version(_version(pk), by=request.user, at=clock.now())
    messages.success(request, _("Version %(version)s is issued.") % {"version": form.version})
    return redirect(f"{reverse('console:letter_forms')}?version={form.version}")


@require_POST
@login_required
def return_version(request: HttpRequest, pk: str) -> HttpResponse:
    """Give a unit's version back with what is to be changed."""
    form = versioning.return_version(_version(pk), note=request.POST.get("note", "")[:300], by=request.user, at=clock.now())
    messages.success(request, _("The version has been given back to its unit."))
    return redirect(f"{reverse('console:letter_forms')}?version={form.version}")


def _version(pk: str) -> Form:
    return get_object_or_404(Form.objects.select_related("unit", "template"), pk=pk)


urlpatterns = [
    path("letters/forms/", letter_forms, name="letter_forms"),
    path("letters/forms/publish/", publish_form, name="publish_form"),
    path("letters/forms/propose/", propose_version, name="propose_version"),
    path("letters/forms/<uuid:pk>/approve/", approve_version, name="approve_version"),
    path("letters/forms/<uuid:pk>/return/", return_version, name="return_version"),
]
