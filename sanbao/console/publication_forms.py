"""What the desk of publicity is asked to fill in: marks in a picture, the questions of the privacy check, the words of a proposal."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.core.errors import Malformed, refuse
from sanbao.law.workflow import gettext_noop
from sanbao.publicity.masking import Rectangle
from sanbao.publicity.models import Publication

BAD_MARKS = gettext_noop("Write each marked part as four numbers in per cent: left, top, width, height; one part a line.")
READABLE = (
    ("faces", _("faces")),
    ("plates", _("number plates")),
    ("signs", _("names or shop signs")),
    ("numbers", _("house numbers")),
    ("screens", _("screens, papers or telephone numbers")),
    ("children", _("children")),
)
QUESTIONS = {
    "minor": _("Can a minor be recognised, by face, name, home or school?"),
    "police_penalty": _("Is it about a penalty by the police?"),
    "shows_reporter": _("Can the person who reported it be recognised?"),
}
OF_KIND = {
    "exposure": {"names_party": _("Is the party named, directly or by something that leads to it?")},
    "decision": {
        "social_impact": _("Does the decision have a certain social impact, so that it must be published?"),
        "impact_assessed": _("Has the impact on personal information been assessed and recorded?"),
    },
    "commendation": {
        "names_person": _("Is a person named or shown?"),
        "consent": _("If so: has that person separately consented to name and picture?"),
    },
    "ranking": {},
}
CREDIT = (
    ("general", _("general dishonesty")),
    ("minor", _("minor dishonesty")),
    ("serious", _("serious dishonesty")),
)


class WordsForm(forms.Form):
    """Title and text of a proposal."""

    title = forms.CharField(max_length=120, label=_("Title"))
    body = forms.CharField(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), label=_("Text"))


def questions_for(publication: Publication) -> dict[str, Any]:
    """The questions of the privacy check for a publication of this kind, by key."""
    return {**QUESTIONS, **OF_KIND[publication.kind]}


def answers_in(publication: Publication, posted: Mapping[str, Any]) -> dict[str, Any]:
    """The answers given; a question left open has none. What can still be read counts only once somebody says they have looked."""
    said = {"yes": True, "no": False}
    answers: dict[str, Any] = {key: said.get(posted.get(key, "")) for key in questions_for(publication)}
    if posted.get("looked"):
        labels = dict(READABLE)
        answers["readable"] = [str(labels[key]) for key in posted.getlist("readable") if key in labels]  # type: ignore[attr-defined]
    if publication.kind == Publication.Kind.DECISION:
        chosen = posted.get("credit_class", "general")
        answers["credit_class"] = chosen if chosen in dict(CREDIT) else "general"
    return answers


def rectangles_in(text: str) -> list[Rectangle]:
    """The marked parts from lines of four numbers in per cent; `Malformed` for anything else."""
    found: list[Rectangle] = []
    for line in text.replace(";", "\n").splitlines():
        if not line.strip():
            continue
        try:
            left, top, width, height = (float(part) / 100 for part in line.replace(",", " ").split())
        except ValueError:
            raise refuse("bad_marks", BAD_MARKS, status=Malformed) from None
        found.append((left, top, width, height))
    return found
