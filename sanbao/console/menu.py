"""The staff's menu: the sections in the order of the work; a section without a page yet is left out."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from sanbao.core.access import may

SECTIONS = (
    ("today", _("Today"), "console:today", None),
    ("campaign", _("Campaign"), "console:campaign", "campaign.view"),
    ("register", _("Register"), "console:register", "register.view"),
    ("agreements", _("Agreements"), "console:coverage", "agreement.view"),
    ("reports", _("Reports"), "console:reports", "problem.view"),
    ("problems", _("Problems"), "console:problems", "problem.view"),
    ("voices", _("Merchants' voices"), "console:voices", "problem.view"),
    ("cases", _("Cases"), "console:cases", "case.view"),
    ("evaluation", _("Evaluation"), "console:ranking", "ranking.view"),
    ("publicity", _("Publicity"), "console:publicity", "publication.view"),
    ("law", _("Law in force"), "console:law", None),
    ("journal", _("Journal"), "console:journal", "journal.view"),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """The sections that the person may open, for `console/base.html`."""
    if not getattr(request, "user", None) or not request.user.is_authenticated or not request.path.startswith("/desk"):
        return {}
    items = []
    for key, label, name, verb in SECTIONS:
        if verb and not may(request.user, verb):
            continue
        try:
            items.append({"key": key, "label": label, "url": reverse(name)})
        except NoReverseMatch:
            continue
    return {"menu": items}
