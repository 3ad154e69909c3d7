"""The forms of measures beside a case: proposing them, and what each of their steps asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.console.case_forms_fields import line_field, words_field, yes_field
from sanbao.penalties.models import Measure

BASES = (
    ("", "—"),
    ("law", _("a law")),
    ("admin_regulation", _("an administrative regulation")),
    ("local_regulation", _("a local regulation")),
    ("local_rule", _("a local rule")),
    ("none", _("none")),
)


class ProposeForm(forms.Form):
    """The things, one a line: name, quantity, condition."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Measure.Kind.choices)
    items = forms.CharField(
        label=_("Things, one a line: name, quantity, condition"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    place = line_field(_("Where they are kept"))
    keeper = line_field(_("Who keeps them"), required=False, length=60)
    reason = words_field(_("Reason"))
    urgent = yes_field(_("Urgent: the approval follows within its hours"))

    def clean_items(self) -> list[dict[str, str]]:
        lines = [line.replace("，", ",").split(",") for line in self.cleaned_data["items"].splitlines() if line.strip()]
        return [dict(zip(("name", "quantity", "condition"), (each.strip() for each in line), strict=False)) for line in lines]


class PlainForm(forms.Form):
    """A step that only asks for the reason, if any."""

    reason = words_field(_("Reason"), required=False)


class PreserveForm(forms.Form):
    loss_feared = yes_field(_("The evidence may be lost or become hard to get"))
    related = yes_field(_("The things concern this case"))
    list_handed_over = yes_field(_("Notice and list were handed over on the spot"))


class DisposeForm(forms.Form):
    decisions = forms.CharField(label=_("What becomes of each thing, one a line"), widget=forms.Textarea(attrs={"rows": 3}))

    def clean_decisions(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["decisions"].splitlines() if line.strip()]


class SeizeForm(forms.Form):
    basis_level = forms.ChoiceField(label=_("What allows sealing or seizure here"), choices=BASES, required=False)
    related = yes_field(_("The things concern this case"))
    no_necessities = yes_field(_("No daily necessities of the party are among them"))
    not_sealed_before = yes_field(_("Nothing has been sealed by another agency already"))
    decision_handed_over = yes_field(_("The decision was handed over on the spot"))
    list_handed_over = yes_field(_("The list was handed over on the spot"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["necessities"] = False if given.pop("no_necessities", False) else None
        given["sealed_before"] = False if given.pop("not_sealed_before", False) else None
        given["basis_level"] = given.get("basis_level") or None
        return given


class ExtendForm(forms.Form):
    reason = words_field(_("Reason"))
    complex = yes_field(_("The case is complex"))
    told_in_writing = yes_field(_("The party was told in writing with the reasons"))


STEP_FORMS: dict[str, type[forms.Form]] = {
    "preserve": PreserveForm,
    "dispose": DisposeForm,
    "seize": SeizeForm,
    "extend": ExtendForm,
}


def step_form(measure: Measure, name: str, data: Any = None) -> forms.Form:
    """The form of a step of a measure, empty or bound."""
    return STEP_FORMS.get(name, PlainForm)(data, auto_id=f"measure-{measure.pk}-{name}-%s", label_suffix="")
