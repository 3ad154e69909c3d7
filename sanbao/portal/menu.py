"""The public's menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

SECTIONS = (
    ("home", _("First page"), "portal:home"),
    ("report", _("Report a problem"), "portal:report"),
    ("follow", _("Follow a report"), "portal:follow"),
    ("published", _("Published"), "portal:published"),
    ("figures", _("The campaign in figures"), "portal:figures"),
    ("check", _("Check a paper"), "portal:check_desk"),
    ("law", _("How decisions are made"), "portal:law"),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """The public sections that exist, for `portal/base.html`."""
    items = []
    for key, label, name in SECTIONS:
        try:
            items.append({"key": key, "label": label, "url": reverse(name)})
        except NoReverseMatch:
            continue
    return {"public_menu": items}
