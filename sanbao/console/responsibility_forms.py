"""What the forms of responsibility carry, parsed into what the services take. No rule here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.core.models import Department, User


class PeopleForm(forms.Form):
    """The leader and the person for a place from a day on."""

    leader: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None, label=_("leader in charge"), required=False, empty_label=_("nobody yet")
    )
    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None, label=_("person responsible"), required=False, empty_label=_("nobody yet")
    )
    from_on = forms.DateField(label=_("from (day)"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("reason or decision"), max_length=300)
    document_number = forms.CharField(label=_("document number"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, department__isnull=False).select_related("department")
        for name in ("leader", "person"):
            self.fields[name].queryset = people.order_by("department__code", "name")  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = named  # type: ignore[attr-defined]


class UnitForm(PeopleForm):
    """The unit that answers from a day on, with its people."""

    unit: "forms.ModelChoiceField[Department]" = forms.ModelChoiceField(None, label=_("responsible unit"))
    field_order = ["unit", "leader", "person", "from_on", "reason", "document_number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Department.objects.order_by("code")  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """From which day a place follows the area above it again, and why."""

    from_on = forms.DateField(label=_("from (day)"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("reason or decision"), max_length=300)


def named(person: User) -> str:
    """A person as one chooses among many: name, title and unit."""
    unit = person.department.short_name or person.department.name
    return " · ".join(part for part in (person.name, person.title, unit) if part)
