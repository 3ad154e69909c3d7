"""The matching desk: pairs of records in doubt, decided one after the other; the lists of what was decided; the runs of linkage."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from sanbao.console.pair_card import STATE_TONES, card_of, cells_of, export_header
from sanbao.core import clock
from sanbao.core.access import may, require
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Job
from sanbao.core.tables import export_response
from sanbao.law.workflow import gettext_noop
from sanbao.registry import desk, linking, matching, tasks
from sanbao.registry.lifecycle import LINK, LinkFacts
from sanbao.registry.models import Area, LinkRun, RecordLink, Register, RegisterRecord

SECTION = {"section": "register"}
ROWS, NEXT = 50, 5
AT_ONCE = 2_000
STEPS = {
    "join": matching.join_pair,
    "part": matching.part_pair,
    "ask": matching.ask_street,
    "reopen": matching.reopen_pair,
}
KEYS = {"join": "1", "part": "2", "ask": "3", "reopen": "0"}
DONE = {
    "join": gettext_lazy("“%(one)s” and “%(other)s” are one front now."),
    "part": gettext_lazy("“%(one)s” and “%(other)s” stay different fronts."),
    "ask": gettext_lazy("The street is asked about “%(one)s” and “%(other)s”."),
    "reopen": gettext_lazy("The decision on “%(one)s” and “%(other)s” was taken back."),
}
LABELS = {
    "undecided": gettext_lazy("to be decided"),
    "asked": gettext_lazy("asked of the street"),
    "by_itself": gettext_lazy("joined automatically"),
    "by_people": gettext_lazy("joined by people"),
    "apart": gettext_lazy("different fronts"),
    "withdrawn": gettext_lazy("no longer in question"),
}
UNKNOWN_STEP = gettext_noop("Choose what is to be done with the pair.")


@require_safe
@login_required
def matching_desk(request: HttpRequest) -> HttpResponseBase:
    """One pair side by side with its evidence, the buttons, and what comes next."""
    require(request.user, "register.view")
    filters = _filters(request)
    waiting = desk.pairs("undecided", filters)
    link = _asked_for(request) or waiting.first()
    context = {
        **_frame(request, filters),
        "card": card_of(link) if link else None,
        "steps": _steps(link) if link and may(request.user, "register.edit") else [],
        "upcoming": [card_of(one) for one in waiting.exclude(pk=link.pk if link else None)[:NEXT]],
        "last": desk.last_decided(request.user),
        "runs": LinkRun.objects.select_related("one", "other", "by")[:12],
        "unlinked": linking.pairs_waiting(),
        "linking": _job_waiting(),
        "registers_imported": Register.objects.filter(runs__state="applied").distinct().count(),
    }
    return render(request, "console/registry/matching.html", context)


@require_safe
@login_required
def matching_list(request: HttpRequest) -> HttpResponseBase:
    """The pairs of one sort, filtered; exported as they are shown."""
    require(request.user, "register.view")
    filters = _filters(request)
    which = request.GET.get("which") if request.GET.get("which") in LABELS else "undecided"
    rows = desk.pairs(str(which), filters)
    if request.GET.get("export"):
        cells = (cells_of(link) for link in rows.iterator(chunk_size=1000))
        return export_response(request, _("Pairs of records"), export_header(), cells, request.GET["export"])
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    for link in page:
        link.tone = STATE_TONES[link.state]
    context = {**_frame(request, filters), "which": which, "label": LABELS[str(which)], "page_obj": page}
    return render(request, "console/registry/matching_list.html", context)


@require_POST
@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """Take one step with one pair, and go on to the next."""
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise refuse("unknown_step", UNKNOWN_STEP, status=Malformed)
    link = get_object_or_404(RecordLink.objects.select_related("one", "other"), pk=_uuid(request.POST.get("pair", "")))
    step(link, by=request.user, at=clock.now())
    names = {"one": _name(link.one), "other": _name(link.other)}
    messages.success(request, str(DONE[request.POST["step"]]) % names)
    back = {"pair": str(link.pk)} if request.POST["step"] == "reopen" else {}
    kept = {name: request.POST[name] for name in ("area", "register", "other") if request.POST.get(name)}
    return redirect(f"{reverse('console:matching')}?{urlencode(kept | back)}")


@require_POST
@login_required
def link_registers(request: HttpRequest) -> HttpResponse:
    """Lay the registers beside each other: at once where they are small, else in the background."""
    require(request.user, "register.edit")
    again = bool(request.POST.get("again"))
    if RegisterRecord.objects.filter(gone_since__isnull=True).count() > AT_ONCE:
        if not _job_waiting():
            tasks.link_registers.enqueue(by=request.user.pk, again=again)
        messages.success(request, _("The registers are being laid beside each other; you can leave this page."))
        return redirect("console:matching")
    runs = linking.link_registers(by=request.user, at=clock.now(), again=again)
    joined = sum(run.counts["joined"] for run in runs)
    text = ngettext("%(count)d pair of records was joined.", "%(count)d pairs of records were joined.", joined)
    messages.success(request, text % {"count": joined})
    return redirect("console:matching")


def _job_waiting() -> bool:
    """Whether a run of linkage is waiting for the worker or being done (1 query)."""
    return Job.objects.filter(name=tasks.link_registers.name, done_at__isnull=True, dead_at__isnull=True).exists()


def _filters(request: HttpRequest) -> desk.Filters:
    asked = request.GET
    area = Area.objects.filter(code=asked.get("area", "")).first()
    registers = [_register(asked.get(name, "")) for name in ("register", "other")]
    return desk.Filters(area, *registers)


def _register(value: str) -> Register | None:
    return Register.objects.filter(pk=value).first() if _is_uuid(value) else None


def _frame(request: HttpRequest, filters: desk.Filters) -> dict[str, Any]:
    """What both pages show around their rows."""
    counts = desk.counts(filters)
    return {
        **SECTION,
        "filters": filters,
        "areas": Area.objects.order_by("path"),
        "registers": Register.objects.all(),
        "tiles": [{"which": which, "label": label, "count": counts[which]} for which, label in LABELS.items()],
        "kept": urlencode({name: request.GET[name] for name in ("area", "register", "other") if request.GET.get(name)}),
    }


def _asked_for(request: HttpRequest) -> RecordLink | None:
    if "pair" not in request.GET:
        return None
    rows = RecordLink.objects.select_related("by", "one__register", "other__register", "one__premises", "other__premises")
    return get_object_or_404(rows, pk=_uuid(request.GET["pair"]))


def _steps(link: RecordLink) -> list[dict[str, Any]]:
    """The buttons: the steps a person may take from the pair's state."""
    verdicts = LINK.open_steps(LinkFacts(link.state))
    return [
        {"name": verdict.step.name, "label": _(verdict.step.label), "key": KEYS[verdict.step.name]}
        for verdict in verdicts
        if verdict.step.label
    ]


def _name(record: RegisterRecord) -> str:
    return record.fields.get("name") or record.fields.get("address", "")


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _uuid(value: str) -> UUID | None:
    return UUID(value) if _is_uuid(value) else None


urlpatterns = [
    path("register/matching/", matching_desk, name="matching"),
    path("register/matching/list/", matching_list, name="matching_list"),
    path("register/matching/decide/", decide, name="matching_decide"),
    path("register/matching/link/", link_registers, name="matching_link"),
]
