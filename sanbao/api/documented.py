"""The same addresses as a document: OpenAPI made by django-ninja, with schemas taken from the structs that read the requests.

The addresses are served by the plain views (`urls.py` lists them first); the operations here hand over to the very same functions.
"""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from sanbao.api.views import classes as class_views
from sanbao.api.views import reports
from sanbao.api.views import responsible as responsible_views
from sanbao.problems.intake import Incoming

api = NinjaAPI(
    title="Sanbao",
    version="1",
    description="Reports about a district's streets. Places are WGS-84. Refusals are RFC 9457 problem details with every reason.",
    urls_namespace="api:document",
    docs_url=None,
    openapi_url="/openapi.json",
)

TEXT, MOMENT, NUMBER = {"type": "string"}, {"type": "string", "format": "date-time"}, {"type": "integer"}
MAYBE_MOMENT = {"anyOf": [MOMENT, {"type": "null"}]}


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


REASON = _object({"code": TEXT, "detail": TEXT, "articles": {"type": "array", "items": TEXT}})
PROBLEM = _object(
    {"type": TEXT, "title": TEXT, "status": NUMBER, "code": TEXT, "detail": TEXT, "reasons": {"type": "array", "items": REASON}}
)
RECEIPT = _object({"status": TEXT, "number": TEXT, "state": TEXT, "received_at": MOMENT})
RESULT = _object({"status": TEXT}, number=TEXT, state=TEXT, received_at=MOMENT, reasons={"type": "array", "items": REASON})
FINDING = {"anyOf": [_object({"state": TEXT, "due_at": MOMENT}), {"type": "null"}]}
FACE = _object(
    {
        "number": TEXT,
        "class_code": TEXT,
        "place": TEXT,
        "area": {"anyOf": [TEXT, {"type": "null"}]},
        "state": TEXT,
        "received_at": MOMENT,
        "answered_at": MAYBE_MOMENT,
        "reply": TEXT,
        "finding": FINDING,
    }
)
PHOTO = _object({"sha256": TEXT, "width": NUMBER, "height": NUMBER, "taken_at": MAYBE_MOMENT})
ANSWERING = _object({"area": TEXT, "unit": TEXT, "phone": TEXT})
CLASS = _object({"code": TEXT, "duty": TEXT, "zh": TEXT, "en": TEXT, "limit": NUMBER, "unit": TEXT})


def _says(what: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": what, "content": {kind: {"schema": schema}}}


def _refused(*statuses: int) -> dict[int, Any]:
    return {status: _says("Refused, with every reason", PROBLEM, "application/problem+json") for status in statuses}


def _takes(schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


def _in_query(name: str, kind: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": True, "schema": {"type": kind}}


def _schema_of(struct: type) -> dict[str, Any]:
    """The JSON schema of a struct, written out where it stands."""
    schema, parts = msgspec.json.schema_components([struct], ref_template="{name}")
    return _inline(schema[0], parts)


def _inline(node: Any, parts: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        if "$ref" in node:
            return _inline(parts[node["$ref"]], parts)
        return {key: _inline(value, parts) for key, value in node.items() if key != "default" or value is not None}
    return [_inline(value, parts) for value in node] if isinstance(node, list) else node


INCOMING = _schema_of(Incoming)
ENVELOPE = _object({"items": {"type": "array", "items": INCOMING, "minItems": 1, "maxItems": reports.MOST_ITEMS}})
ENVELOPE["additionalProperties"] = False
BEFORE = _says("The same client_id was received before", RECEIPT)


@api.post(
    "/v1/reports",
    tags=["reports"],
    summary="Send one report",
    openapi_extra={**_takes(INCOMING), "responses": {201: _says("Received", RECEIPT), 200: BEFORE, **_refused(422)}},
)
def send_report(request: HttpRequest) -> HttpResponse:
    return reports.send_report(request)


@api.post(
    "/v1/reports:batch",
    tags=["reports"],
    summary="Send up to 100 reports; each is accepted or refused on its own",
    openapi_extra={
        **_takes(ENVELOPE),
        "responses": {
            200: _says("One result for each item", _object({"results": {"type": "array", "items": RESULT}})),
            **_refused(422),
        },
    },
)
def send_reports(request: HttpRequest) -> HttpResponse:
    return reports.send_reports(request)


@api.get(
    "/v1/reports:nearby",
    tags=["reports"],
    summary="Reports of a class within 50 m in the last 14 days",
    openapi_extra={
        "parameters": [_in_query("class_code", "string"), _in_query("lon", "number"), _in_query("lat", "number")],
        "responses": {200: _says("Nearest first", _object({"reports": {"type": "array", "items": FACE}})), **_refused(422)},
    },
)
def nearby(request: HttpRequest) -> HttpResponse:
    return reports.nearby(request)


@api.get(
    "/v1/reports/{number}",
    tags=["reports"],
    summary="What became of a report",
    openapi_extra={"responses": {200: _says("The public face of the report", FACE), **_refused(404)}},
)
def report(request: HttpRequest, number: str) -> HttpResponse:
    return reports.report(request, number)


@api.post(
    "/v1/photos",
    tags=["photos"],
    summary="Send a picture; reports name it by its hash",
    openapi_extra={
        **_takes({"type": "string", "format": "binary"}, "image/jpeg"),
        "responses": {201: _says("Kept", PHOTO), **_refused(422)},
    },
)
def send_photo(request: HttpRequest) -> HttpResponse:
    return reports.send_photo(request)


@api.get(
    "/v1/classes",
    tags=["classes"],
    summary="The classes of problems",
    openapi_extra={
        "responses": {200: _says("In the order of the list", _object({"classes": {"type": "array", "items": CLASS}}))}
    },
)
def problem_classes(request: HttpRequest) -> HttpResponse:
    return class_views.problem_classes(request)


@api.get(
    "/v1/responsible",
    tags=["places"],
    summary="The unit that answers for a place today",
    openapi_extra={
        "parameters": [_in_query("lon", "number"), _in_query("lat", "number")],
        "responses": {200: _says("Empty texts where no unit is named", ANSWERING), **_refused(422)},
    },
)
def responsible(request: HttpRequest) -> HttpResponse:
    return responsible_views.responsible(request)
