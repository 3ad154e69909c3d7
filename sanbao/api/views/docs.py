"""The document of this door for people: one page without scripts, made from the same OpenAPI document machines read."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sanbao.api.documented import api

EXAMPLE = {"class_code": "O02", "lon": 113.701, "lat": 34.7201, "comment": "三张餐桌摆出店外", "place": "柳荫路1号门前"}


def docs(request: HttpRequest) -> HttpResponse:
    """Every address with what it takes and what it answers."""
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    operations = [
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    example = json.dumps(EXAMPLE, ensure_ascii=False, indent=2)
    context = {"operations": operations, "openapi": reverse("api:document:openapi-json"), "example": example}
    return render(request, "api/docs.html", context)


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    kind, body = next(((kind, part["schema"]) for kind, part in content.items()), ("", {}))
    answers = [(status, answer.get("description", "")) for status, answer in operation["responses"].items()]
    return {
        "path": path,
        "method": method.upper(),
        "summary": operation["summary"],
        "parameters": [(each["name"], each["schema"].get("type", "")) for each in operation.get("parameters", ())],
        "kind": kind,
        "fields": [(name, _type(field), name in body.get("required", ())) for name, field in body.get("properties", {}).items()],
        "answers": answers,
    }


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " | ".join(_type(each) for each in field["anyOf"])
    return field.get("format") or field.get("type", "")
