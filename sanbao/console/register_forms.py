"""What the forms of the register carry, parsed into what its services take. No rule of the register here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.registry.models import Area, Merchant, Premises, Segment


class FrontForm(forms.Form):
    """The facts of one front as somebody saw them on the spot."""

    address = forms.CharField(label=_("address"), max_length=160)
    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(None, label=_("area"), to_field_name="code", empty_label=None)
    sign_name = forms.CharField(label=_("name on the sign"), max_length=120, required=False)
    state = forms.ChoiceField(label=_("state"), choices=Premises.State.choices)
    segment: "forms.ModelChoiceField[Segment]" = forms.ModelChoiceField(
        None, label=_("segment"), required=False, empty_label=_("not yet on a street")
    )
    side = forms.ChoiceField(label=_("side"), choices=[("", "—"), *Premises.Side.choices], required=False)
    start_m = forms.DecimalField(label=_("from, m"), required=False, min_value=0, max_digits=8, decimal_places=2)
    end_m = forms.DecimalField(label=_("to, m"), required=False, min_value=0, max_digits=8, decimal_places=2)
    lon = forms.FloatField(label=_("longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("latitude"), required=False, min_value=-90, max_value=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.order_by("path")  # type: ignore[attr-defined]
        segments = Segment.objects.select_related("street").order_by("street__name", "number")
        self.fields["segment"].queryset = segments  # type: ignore[attr-defined]
        self.fields["segment"].label_from_instance = named  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A measured stretch lies on one side of a segment; half a position is none."""
        data = super().clean() or {}
        measured = data.get("start_m") is not None or data.get("end_m") is not None
        if measured and not (data.get("segment") and data.get("side")):
            self.add_error("segment", _("Metres need the segment and the side they are measured on."))
        if (data.get("lon") is None) != (data.get("lat") is None):
            self.add_error("lat", _("Give longitude and latitude together, or neither."))
        return data


class OperatorForm(forms.Form):
    """Who trades in a front from which day on."""

    name = forms.CharField(label=_("name of the merchant"), max_length=160)
    kind = forms.ChoiceField(label=_("kind"), choices=Merchant.Kind.choices)
    credit_code = forms.CharField(label=_("unified social credit code"), max_length=18, required=False)
    operator = forms.CharField(label=_("operator or legal representative"), max_length=60, required=False)
    phone = forms.CharField(label=_("telephone"), max_length=30, required=False)
    from_on = forms.DateField(label=_("trades here from"), widget=forms.DateInput(attrs={"type": "date"}))


class LeavingForm(forms.Form):
    """The last day of the present occupant."""

    on = forms.DateField(label=_("last day"), widget=forms.DateInput(attrs={"type": "date"}))


def named(segment: Segment) -> str:
    """A segment as people call it, with its length."""
    return f"{segment.street.name} {segment.number} ({segment.length_m} m)"


def facts_of(front: Premises) -> dict[str, Any]:
    """What the form shows of a front that is there already."""
    shown = {name: getattr(front, name) for name in FrontForm.base_fields}
    return {**shown, "area": front.area.code, "segment": front.segment_id}
