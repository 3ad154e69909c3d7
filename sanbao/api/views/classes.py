"""The classes of problems as data."""

from django.http import HttpRequest, HttpResponse

from sanbao.api.answers import endpoint, json_answer
from sanbao.problems.classes import classes


@endpoint("GET", "HEAD")
def problem_classes(request: HttpRequest) -> HttpResponse:
    """Every class with its names, the duty it belongs to, and the office's own limit for handling it (no statutory period)."""
    rows = [
        {"code": row.code, "duty": row.duty, "zh": row.zh, "en": row.en, "limit": row.limit, "unit": row.unit}
        for row in classes().values()
    ]
    return json_answer({"classes": rows})
