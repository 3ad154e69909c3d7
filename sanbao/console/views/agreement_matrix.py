"""The matrix of fronts and items: how many stand where, item by item, and the cells of every front."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanbao.agreements import coverage, matrix, queries
from sanbao.console.views.coverage import SECTION, TONES, area_of, crumbs, day_of
from sanbao.core.access import require
from sanbao.core.tables import export_response

ROWS = 30
MARKS = {
    matrix.AGREED: ("✓", "ok"),
    matrix.NOT_APPLICABLE: ("–", "info"),
    matrix.OUTDATED: ("↻", "warn"),
    matrix.OPEN: ("○", "strong"),
    matrix.ELSEWHERE: ("·", "muted"),
}


@require_safe
@login_required
def item_matrix(request: HttpRequest) -> HttpResponseBase:
    """Every item with its counts, each opening its fronts; below, the fronts with a cell for each item."""
    require(request.user, "agreement.view")
    area, on = area_of(request), day_of(request)
    found = matrix.Matrix(area, on)
    key, state = request.GET.get("item", ""), request.GET.get("state", "")
    chosen = next((column for column in found.columns if column.key == key), None)
    narrowed = chosen is not None and state in matrix.STATES
    fronts = found.fronts_in(key, state) if narrowed else queries.walking_order(found.fronts)
    if request.GET.get("export"):
        return export_response(request, "matrix", _header(found), _cells(found, fronts), request.GET["export"])
    page_obj = Paginator(fronts.select_related("area"), ROWS).get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "area": area,
        "on": on,
        "crumbs": crumbs(area),
        "columns": found.columns,
        "totals": [{"column": column, "counts": _counts(found, column)} for column in found.columns],
        "states": [(each, matrix.LABELS[each], *MARKS[each]) for each in matrix.STATES],
        "chosen": chosen if narrowed else None,
        "chosen_state": matrix.LABELS[state] if narrowed else "",
        "page_obj": page_obj,
        "rows": [_shown(row) for row in found.rows(list(page_obj.object_list))],
    }
    return render(request, "console/agreements/matrix.html", context)


def _counts(found: matrix.Matrix, column: matrix.Column) -> list[dict[str, Any]]:
    return [{"state": state, "number": found.counts[column.key][state], "tone": MARKS[state][1]} for state in matrix.STATES]


def _shown(row: matrix.Row) -> dict[str, Any]:
    cells = [{"cell": cell, "mark": MARKS[cell.state][0], "tone": MARKS[cell.state][1]} for cell in row.cells]
    return {"row": row, "cells": cells, "label": coverage.LABELS[row.front.kind], "tone": TONES[row.front.kind]}


def _header(found: matrix.Matrix) -> list[str]:
    items = [f"{column.item.code} {column.item.wording}{f' ({column.unit})' if column.unit else ''}" for column in found.columns]
    return [_("code"), _("address"), _("name on the sign"), _("state"), _("letter"), _("version"), *items]


def _cells(found: matrix.Matrix, fronts: Any) -> Iterator[list[Any]]:
    for row in found.all_rows(fronts):
        letter = [row.letter.number, row.letter.form.version] if row.letter else ["", ""]
        words = [f"{cell.label}: {cell.reason}" if cell.reason else cell.label for cell in row.cells]
        yield [row.front.code, row.front.address, row.front.sign_name, coverage.LABELS[row.front.kind], *letter, *words]


urlpatterns = [path("agreements/matrix/", item_matrix, name="item_matrix")]
