"""The register's pages: the list of fronts, one front, imports from upload to result, and the streets."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sanbao.console.views.chain import chain_lines
from sanbao.console.views.register_edit import actions_of
from sanbao.core import access, clock
from sanbao.core.errors import Malformed, Refusal, refuse
from sanbao.core.journal import entries_of
from sanbao.core.tables import export_response, letter_of
from sanbao.law.workflow import gettext_noop
from sanbao.registry import headers, importing, queries, services, tasks
from sanbao.registry.chain import chain_of
from sanbao.registry.importer import NOTES, REASONS
from sanbao.registry.models import Area, ImportRun, Premises, Register, RegisterRecord, Street

PAGE = 50
AT_ONCE = 2_000
STATE_TONES = {"open": "ok", "vacant": "muted", "fitting_out": "info", "demolished": "muted"}
SYSTEMS = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
RUN_TONES = {"received": "warn", "planned": "info", "applying": "info", "applied": "ok", "dropped": "muted"}
COLUMNS = (
    ("", _("code")),
    ("name", _("occupant")),
    ("address", _("address")),
    ("area", _("area")),
    ("state", _("state")),
    ("since", _("known since")),
)
TABS = (
    ("new", _("New")),
    ("changed", _("Changed")),
    ("gone", _("Gone")),
    ("faulty", _("Faulty")),
    ("notes", _("Remarks")),
    ("skipped", _("Skipped")),
)
NO_FILE = gettext_noop("Choose the file of the list.")
NO_KIND = gettext_noop("Say what kind of list it is.")
SKIPPED = {
    "header_again": _("The header stands here again."),
    "total": _("A line of totals."),
    "footnote": _("A footnote."),
}


@login_required
def register(request: HttpRequest) -> HttpResponseBase:
    """The fronts, filtered by area, state, street and words; what is shown can be exported as it is."""
    access.require(request.user, "register.view")
    asked = request.GET
    area = Area.objects.filter(code=asked.get("area", "")).first()
    street = Street.objects.filter(name=asked.get("street", "")).first() if asked.get("street") else None
    fronts = queries.register_list(
        clock.today(),
        area=area,
        state=asked.get("state", ""),
        text=asked.get("q", ""),
        street=street,
        sort=asked.get("sort", ""),
    )
    if asked.get("export"):
        header = [gettext("code"), gettext("name on the sign"), gettext("occupant"), gettext("unified social credit code")]
        header += [gettext("operator or legal representative"), gettext("telephone"), gettext("address"), gettext("area")]
        header += [gettext("street"), gettext("state"), gettext("known since")]
        rows = (_export_row(front) for front in fronts.iterator(chunk_size=2000))
        return export_response(request, gettext("Register"), header, rows, asked["export"])
    page = Paginator(fronts, PAGE).get_page(asked.get("page"))
    for front in page:
        front.tone = STATE_TONES[front.state]
    context = {
        "section": "register",
        "page_obj": page,
        "columns": _sort_columns(asked.get("sort", "") or "address"),
        "areas": Area.objects.order_by("path"),
        "states": Premises.State.choices,
        "asked": asked,
        "street": street,
    }
    return render(request, "console/registry/register.html", context)


def _export_row(front: Any) -> list[Any]:
    street = front.segment.street.name if front.segment else ""
    who = [front.occupant_name, front.occupant_code, front.occupant_operator, front.occupant_phone]
    place = [front.address, front.area.name, street, front.get_state_display(), front.known_since]
    return [front.code, front.sign_name, *who, *place]


def _sort_columns(sort: str) -> list[dict[str, Any]]:
    """Each column with the address value that sorts by it, turning the present order round."""
    rows = []
    for key, label in COLUMNS:
        up, down = sort == key, sort == f"-{key}"
        order = "ascending" if up else "descending" if down else ""
        rows.append({"key": key, "label": label, "sort": f"-{key}" if up else key, "order": order})
    return rows


@login_required
def premises(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One front: where it is, who has been there, and what each register says of it."""
    access.require(request.user, "register.view")
    front = get_object_or_404(
        Premises.objects.select_related("area__parent", "area__unit", "segment__street", "merged_into"), pk=pk
    )
    history = list(front.occupancies.select_related("merchant").order_by("-from_on", "-id"))
    records = RegisterRecord.objects.filter(premises=front).select_related("register", "last_run")
    context = {
        "section": "register",
        "front": front,
        "tone": STATE_TONES[front.state],
        "history": history,
        "present": next((one for one in history if one.until_on is None), None),
        "records": [(record, _said(record.fields)) for record in records],
        "alike": queries.duplicates_near(front)[:5],
        "entries": entries_of(front),
        "related": [*related(front), *chain_lines(front)],
        "chain": chain_of(front, clock.today()),
        "changes": actions_of(request, front) if access.may(request.user, "register.edit") else [],
    }
    return render(request, "console/registry/premises.html", context)


def related(front: Premises) -> list[tuple[str, str]]:
    """(title, address) of pages of other rooms about a front; each room's lines are added here as its pages come."""
    return [
        (gettext("Letters of this front"), reverse("console:premises_letters", args=[front.pk])),
        (gettext("Plate and personal link"), reverse("console:front_plate", args=[front.pk])),
    ]


def _said(fields: dict[str, str]) -> list[tuple[Any, str]]:
    shown = {"state": {**dict(Premises.State.choices), "closed": _("closed down")}, "coordinates": SYSTEMS}
    return [(headers.SHOWN_NAMES.get(name, name), shown.get(name, {}).get(value, value)) for name, value in fields.items()]


@login_required
def imports(request: HttpRequest) -> HttpResponseBase:
    """The imports so far, and the upload of the next file."""
    access.require(request.user, "register.import")
    error: Refusal | None = None
    if request.method == "POST":
        try:
            return _received(request)
        except Malformed as refusal:
            error = refusal
    page = Paginator(ImportRun.objects.select_related("register", "by"), 30).get_page(request.GET.get("page"))
    for run in page:
        run.tone = RUN_TONES[run.state]
    context = {
        "section": "register",
        "page_obj": page,
        "kinds": Register.Kind.choices,
        "sources": Register.objects.all(),
        "error": error,
        "given": request.POST,
    }
    return render(request, "console/registry/imports.html", context, status=422 if error else 200)


def _received(request: HttpRequest) -> HttpResponseBase:
    """Keep the uploaded file and plan it; a header that is not understood leads to the mapping form instead."""
    upload = request.FILES.get("file")
    if upload is None:
        raise refuse("no_file", NO_FILE, status=Malformed)
    data, at = upload.read(), clock.now()
    kind = request.POST.get("kind", "")
    if kind not in Register.Kind.values:
        raise refuse("no_kind", NO_KIND, status=Malformed)
    source = request.POST.get("source", "")
    try:
        run = services.plan_import(data, upload.name, source=source, kind=kind, by=request.user, at=at).run
    except Malformed as refusal:
        if refusal.reasons[0].code != "columns_not_understood":
            raise
        run = services.receive_import(data, upload.name, source=source, kind=kind, by=request.user, at=at)
    return redirect("console:import_run", pk=run.pk)


@login_required
def import_run(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One import: the mapping form, the preview, the progress or the result, as far as it has come."""
    access.require(request.user, "register.import")
    run = get_object_or_404(ImportRun.objects.select_related("register", "by"), pk=pk)
    if request.method == "POST":
        return _act(request, run)
    if run.state == ImportRun.State.RECEIVED or "mapping" in request.GET:
        return _mapping_form(request, run, None)
    if request.headers.get("HX-Request") and run.state == ImportRun.State.APPLYING:
        return render(request, "console/registry/progress.html", {"run": run})
    return _preview(request, run)


def _act(request: HttpRequest, run: ImportRun) -> HttpResponseBase:
    action, at = request.POST.get("action"), clock.now()
    if action == "plan":
        try:
            services.plan_run(run, by=request.user, at=at, **_said_mapping(request))
        except Malformed as refusal:
            return _mapping_form(request, run, refusal)
    elif action == "drop":
        services.drop_import(run, by=request.user, at=at)
        messages.success(request, gettext("The preview was dropped; nothing was written."))
        return redirect("console:imports")
    elif action == "confirm" and run.counts.get("rows", 0) > AT_ONCE:
        tasks.apply_import.using(uniq=f"import:{run.pk}").enqueue(run=str(run.pk), by=request.user.pk)
        ImportRun.objects.filter(pk=run.pk, progress={}).update(progress={"waiting": True})
    elif action == "confirm":
        services.apply_import(run, by=request.user, at=at)
        messages.success(request, gettext("The import is done."))
    return redirect("console:import_run", pk=run.pk)


def _said_mapping(request: HttpRequest) -> dict[str, Any]:
    places = request.POST.getlist("column")
    fields = request.POST.getlist("field")
    mapping = {place: name for place, name in zip(places, fields, strict=False) if name}
    return {
        "mapping": mapping,
        "sheet": request.POST.get("sheet", ""),
        "coordinates": request.POST.get("coordinates", ""),
    }


def _mapping_form(request: HttpRequest, run: ImportRun, refusal: Malformed | None) -> HttpResponseBase:
    """Each column with three of its values, to be told what it means."""
    table = importing.look_at(run, request.GET.get("sheet", ""))
    try:
        known = headers.columns_of(table.header, run.mapping.get("columns")).fields
    except Malformed:
        known = headers.columns_of(table.header).fields
    texts = [row.texts() for row in table.rows[:3]]
    columns = [
        {
            "place": letter_of(place),
            "label": label,
            "field": known.get(place, ""),
            "values": [row[place] for row in texts if place < len(row) and row[place]],
        }
        for place, label in enumerate(table.header)
    ]
    context = {
        "section": "register",
        "run": run,
        "table": table,
        "columns": columns,
        "fields": headers.FIELD_NAMES.items(),
        "error": refusal,
        "systems": list(headers.SYSTEMS),
        "given_system": run.mapping.get("coordinates", ""),
    }
    return render(request, "console/registry/mapping.html", context, status=422 if refusal else 200)


def _preview(request: HttpRequest, run: ImportRun) -> HttpResponseBase:
    plan = importing.read_plan(run)
    counts = run.counts
    tabs = [{"key": key, "label": label, "count": counts.get(key, 0)} for key, label in TABS]
    tab = request.GET.get("tab") or next((one["key"] for one in tabs if one["count"]), "new")
    rows = _tab_rows(run, plan, tab)
    if request.GET.get("export"):
        header = [gettext("row"), gettext("name"), gettext("address"), gettext("remark")]
        flat = ([row["number"], row["name"], row["address"], row["text"]] for row in rows)
        return export_response(request, f"{run.register.source}-{tab}", header, flat, request.GET["export"])
    context = {
        "section": "register",
        "run": run,
        "tone": RUN_TONES[run.state],
        "plan": plan,
        "tabs": tabs,
        "tab": tab,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_confirm": run.state == ImportRun.State.PLANNED and not run.progress.get("waiting"),
        "in_progress": run.state == ImportRun.State.APPLYING or bool(run.progress.get("waiting") and run.applied_at is None),
    }
    return render(request, "console/registry/preview.html", context)


def _tab_rows(run: ImportRun, plan: dict[str, Any], tab: str) -> list[dict[str, Any]]:
    """The rows of one tab: number, name, address, a sentence, and pairs of old and new values."""
    if tab == "changed":
        return [_row(number, fields, "", changes, back) for number, fields, changes, back in plan.get("changed", [])]
    if tab == "faulty":
        return [
            _row(one.row_number, {"name": " · ".join(filter(None, one.raw))[:200]}, gettext(REASONS[one.reason]) % one.detail)
            for one in run.faults.all()
        ]
    if tab == "notes":
        return [_row(one["number"], {}, _remark(**one)) for one in plan.get("notes", [])]
    if tab == "skipped":
        return [
            _row(number, {"name": " · ".join(filter(None, cells))[:200]}, str(SKIPPED[why]))
            for number, why, cells in plan.get(tab, [])
        ]
    return [_row(number, fields) for number, fields in plan.get(tab, [])]


def _remark(what: str, detail: dict[str, Any], **_rest: Any) -> str:
    sentence = NOTES[what]
    return gettext(sentence) % {**detail, "field": headers.SHOWN_NAMES.get(detail.get("field", ""), "")}


def _row(number: int, fields: dict[str, str], text: str = "", changes: list | None = None, back: bool = False) -> dict[str, Any]:
    pairs = [(headers.SHOWN_NAMES.get(name, name), old, new) for name, old, new in changes or []]
    return {
        "number": number,
        "name": fields.get("name", ""),
        "address": fields.get("address", ""),
        "code": fields.get("credit_code") or fields.get("old_number") or fields.get("source_id", ""),
        "text": text or "; ".join(f"{name}: {old} → {new}" for name, old, new in pairs),
        "pairs": pairs,
        "back": back,
    }


@login_required
def streets(request: HttpRequest) -> HttpResponseBase:
    """The streets with their segments and fronts; new ones are named here."""
    access.require(request.user, "register.view")
    error: Refusal | None = None
    if request.method == "POST":
        try:
            street = services.add_street(request.POST.get("name", ""), by=request.user, at=clock.now())
            messages.success(request, gettext("%(name)s was added.") % {"name": street.name})
            return redirect("console:streets")
        except Refusal as refusal:
            error = refusal
    found = queries.streets_with_counts().filter(name__icontains=request.GET.get("q", ""))
    if request.GET.get("export"):
        header = [gettext("street"), gettext("segments"), gettext("fronts")]
        rows = ((one.name, one.segment_count, one.front_count) for one in found)
        return export_response(request, gettext("Streets"), header, rows, request.GET["export"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"section": "register", "page_obj": page, "asked": request.GET, "error": error}
    return render(request, "console/registry/streets.html", context, status=error.status if error else 200)


urlpatterns = [
    path("register/", register, name="register"),
    path("register/imports/", imports, name="imports"),
    path("register/imports/<uuid:pk>/", import_run, name="import_run"),
    path("register/streets/", streets, name="streets"),
    path("register/<uuid:pk>/", premises, name="premises"),
]
