"""What the forms of problems, reports and orders carry, parsed into what the services take. No rule of the law here."""

from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sanbao.core import clock, files
from sanbao.core.errors import Malformed, Reason
from sanbao.core.models import Department, Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.problems.models import Delivery
from sanbao.problems.services import Declared, Proof
from sanbao.registry.models import Premises

Form = TypeVar("Form", bound=forms.Form)
FIELD_WRONG = gettext_noop("“%(field)s”: %(detail)s")


def insist_on(form: Form) -> Form:
    """The form if everything in it can be read; otherwise a refusal that names each field."""
    if form.is_valid():
        return form
    reasons = [
        Reason(
            "field_wrong", FIELD_WRONG, params={"field": str(form[name].label if name in form.fields else ""), "detail": detail}
        )
        for name, details in form.errors.items()
        for detail in details
    ]
    raise Malformed(*reasons)


def photos_of(request: HttpRequest, at: datetime, name: str = "photos") -> list[Photo]:
    """The pictures sent with a form, checked and kept."""
    return [files.store_photo(file.read(), by=request.user, at=at) for file in request.FILES.getlist(name)]


class LocalMoment(forms.DateTimeField):
    """A day and an hour on the district's own clock."""

    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        return moment.replace(tzinfo=clock.ZONE) if moment and moment.tzinfo is None else moment


class FindingForm(forms.Form):
    """What was seen: class, premises by code or a place, words."""

    class_code = forms.CharField(label=_("class of problem"))
    front = forms.CharField(label=_("code of the premises"), required=False)
    lon = forms.FloatField(label=_("longitude"), required=False)
    lat = forms.FloatField(label=_("latitude"), required=False)
    place = forms.CharField(label=_("place in words"), required=False, max_length=160)
    note = forms.CharField(label=_("what was found"), required=False, max_length=4000)
    client_id = forms.UUIDField(required=False)

    def clean_front(self) -> Premises | None:
        code = self.cleaned_data["front"].strip()
        found = Premises.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(_("There are no premises with this code."))
        return found

    def seen(self) -> dict[str, Any]:
        """The arguments of `record_finding`."""
        data = dict(self.cleaned_data)
        return {**{name: value for name, value in data.items() if name != "front"}, "premises": data["front"]}


class DispatchForm(forms.Form):
    """To which unit and, if known, to whom."""

    unit = forms.ModelChoiceField(Department.objects.all(), label=_("responsible unit"))
    handler = forms.ModelChoiceField(User.objects.all(), label=_("handled by"), required=False)


class CloseForm(forms.Form):
    """How it was put right."""

    closing = forms.CharField(label=_("how it was closed"), max_length=400, required=False)


class DeclaredForm(forms.Form):
    """What the officers declare; a box not ticked is an answer not given."""

    showed_certificates = forms.BooleanField(required=False)
    no_conflict = forms.BooleanField(required=False)
    reasonable = forms.BooleanField(required=False)

    def declared(self) -> Declared:
        """The declarations for the law."""
        names = ("showed_certificates", "no_conflict", "reasonable")
        return Declared(**{name: True if self.cleaned_data[name] else None for name in names})


class OrderForm(DeclaredForm):
    """An order to correct."""

    violation = forms.CharField(label=_("violation"), max_length=8)
    requirement = forms.CharField(label=_("what is to be put right"), max_length=2000, required=False)
    correct_by = LocalMoment(label=_("to be corrected by"))
    second = forms.ModelChoiceField(User.objects.all(), label=_("second officer"))


class RecheckForm(DeclaredForm):
    """What two officers saw on the recheck."""

    passed = forms.TypedChoiceField(
        label=_("result"), choices=[("yes", _("corrected")), ("no", _("not corrected"))], coerce=lambda value: value == "yes"
    )
    second = forms.ModelChoiceField(User.objects.all(), label=_("second officer"))
    note = forms.CharField(label=_("what was seen"), required=False, max_length=2000)
    client_id = forms.UUIDField(required=False)


class ExtendForm(forms.Form):
    """The party's request for more time."""

    correct_by = LocalMoment(label=_("new deadline"))
    requested_at = LocalMoment(label=_("requested at"))
    reason = forms.CharField(label=_("reason for the extension"), required=False, max_length=400)


class WithdrawForm(forms.Form):
    """Why an order is taken back."""

    reason = forms.CharField(label=_("reason for the withdrawal"), required=False, max_length=400)


class ServiceForm(forms.Form):
    """How a paper was handed over and what proves it."""

    mode = forms.ChoiceField(label=_("mode of service"), choices=Delivery.Mode.choices)
    handed_at = LocalMoment(label=_("handed over, sent or posted at"), required=False)
    recipient = forms.CharField(label=_("recipient"), required=False, max_length=60)
    relation = forms.CharField(label=_("relation to the addressee"), required=False, max_length=60)
    signed = forms.BooleanField(label=_("signed for"), required=False)
    refused = forms.BooleanField(label=_("receipt refused"), required=False)
    witnesses = forms.CharField(label=_("witnesses"), required=False, max_length=120)
    consent = forms.BooleanField(label=_("consent to electronic service is on file"), required=False)
    receipt = forms.CharField(label=_("number of the return slip or log entry"), required=False, max_length=60)
    posted_on = forms.DateField(label=_("last posted on"), required=False)
    note = forms.CharField(label=_("note"), required=False, max_length=400)

    def proof(self, photo: Photo | None) -> Proof:
        """The proof for the service; witnesses are counted by their names."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "mode"}
        names = [name for name in data["witnesses"].replace("、", " ").replace("，", " ").replace(",", " ").split() if name]
        return Proof(**data, witness_count=len(names), photo=photo)
