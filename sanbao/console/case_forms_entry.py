"""The forms of the entry steps and of service: the check, the order, the penalty on the spot, referral, crime."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.console.case_forms_fields import day_field, line_field, moment_field, words_field, yes_field
from sanbao.core import clock
from sanbao.core.models import User
from sanbao.penalties.models import Case
from sanbao.problems.facts import certified_people, rows_on
from sanbao.problems.models import Delivery

CASH = (
    ("", "—"),
    ("small", _("a fine small enough to be taken on the spot")),
    ("hard_to_collect", _("hard to collect later")),
    ("remote_asked", _("remote place, and the party asks for it")),
)


def certified() -> Any:
    """The people whose certificate is valid today."""
    return User.objects.filter(pk__in=[person.pk for person in certified_people(clock.now())])


class ServiceForm(forms.Form):
    """Proof of one service; which of it is needed depends on the mode, and the law says what is missing."""

    mode = forms.ChoiceField(label=_("Mode of service"), choices=Delivery.Mode.choices, initial="direct")
    handed_at = moment_field(_("Handed over, sent or posted at"))
    recipient = forms.CharField(label=_("Recipient"), max_length=60, required=False)
    relation = forms.CharField(label=_("Relation to the addressee"), max_length=60, required=False)
    signed = forms.BooleanField(label=_("Signed for"), required=False)
    refused = forms.BooleanField(label=_("Receipt refused"), required=False)
    witnesses = forms.CharField(label=_("Witnesses"), max_length=120, required=False)
    witness_count = forms.IntegerField(label=_("Number of witnesses"), min_value=0, max_value=9, required=False)
    receipt = forms.CharField(label=_("Number of the return slip or log entry"), max_length=60, required=False)
    posted_on = day_field(_("Last posted on"), required=False)
    whereabouts_unknown = forms.BooleanField(label=_("The whereabouts of the party are unknown"), required=False)
    picture = forms.FileField(label=_("Proof photo"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    failed = forms.BooleanField(label=_("This attempt failed; keep it on record"), required=False)


class CheckForm(forms.Form):
    """How the officers came to the place; an inspection needs its approval, its notice and its cap."""

    activity = forms.ChoiceField(
        label=_("How the officers came to the place"),
        choices=(("patrol", _("patrol of public space")), ("inspection", _("inspection of a business"))),
    )
    text = words_field(_("What was seen"))
    visit_kind = forms.ChoiceField(
        label=_("Kind of inspection"),
        choices=(("routine", _("routine")), ("case", _("for one case")), ("special", _("special"))),
        required=False,
    )
    approver = line_field(_("Approved by"), required=False, length=60)
    approved_at = moment_field(_("Approved at"), required=False)
    notified = yes_field(_("The notice of inspection was given"))
    item_published = yes_field(_("The item is on the published list"))
    done_this_year = forms.IntegerField(label=_("Inspections of this business this year"), min_value=0, required=False)
    cap = forms.IntegerField(label=_("Published yearly cap"), min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["visit_kind"] = given.get("visit_kind") or "routine"
        return given


class ReferForm(forms.Form):
    receiver = line_field(_("Agency that takes the case"))
    reason = words_field(_("Reason"))


class OrderForm(forms.Form):
    requirement = words_field(_("What is to be corrected"))
    correct_by = moment_field(_("To be corrected by"))
    reasonable = yes_field(_("The time is long enough to correct it"))


class SpotForm(ServiceForm):
    """Everything a penalty on the spot needs at once: what was told and heard, the handing over, and money if any was taken."""

    mode = forms.ChoiceField(
        label=_("Mode of service"),
        choices=[each for each in Delivery.Mode.choices if each[0] in ("on_the_spot", "leaving", "elsewhere")],
    )
    receipt = None
    posted_on = None
    whereabouts_unknown = None
    failed = None
    facts_certain = yes_field(_("The facts are certain and the evidence is there"))
    told_at = moment_field(_("Facts, reasons, basis and rights told at"))
    defence_heard = yes_field(_("The party was heard"))
    text = words_field(_("What the party states"), required=False)
    cash_reason = forms.ChoiceField(label=_("Cash taken on the spot, because"), choices=CASH, required=False)
    receipt_no = line_field(_("Number of the dedicated receipt"), required=False, length=60)


class CrimeForm(forms.Form):
    team = forms.ModelMultipleChoiceField(
        label=_("Officers who checked the suspicion"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    receiver = line_field(_("Police organ"))
    reason = words_field(_("Suspected crime and reason"))
    documents_complete = yes_field(_("Report, evidence and list of goods go along"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["team"].queryset = certified()  # type: ignore[attr-defined]

    def clean_team(self) -> tuple[User, ...]:
        return tuple(self.cleaned_data["team"])


class ReturnForm(forms.Form):
    document = line_field(_("Number of the document that returns the case"), length=80)


class OpenForm(forms.Form):
    """A case opened from a finding: the act, its day, and the second investigator."""

    violation = forms.ChoiceField(label=_("Violation"))
    conduct_on = day_field(_("Day of the act"))
    second = forms.ModelChoiceField(label=_("Second investigator"), queryset=User.objects.none())

    def __init__(self, *args: Any, conduct_on: date, person: User, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = rows_on(clock.at_local(conduct_on, 12))
        self.fields["violation"].choices = [(row.id, f"{row.id} {row.title_zh}") for row in rows]  # type: ignore[attr-defined]
        self.fields["second"].queryset = certified().exclude(pk=person.pk)  # type: ignore[attr-defined]


class InvestigatorsForm(forms.Form):
    first = forms.ModelChoiceField(label=_("First investigator"), queryset=User.objects.none())
    second = forms.ModelChoiceField(label=_("Second investigator"), queryset=User.objects.none())
    reason = words_field(_("Reason"))

    def __init__(self, *args: Any, case: Case, **more: Any) -> None:
        super().__init__(*args, initial={"first": case.first_handler_id, "second": case.second_handler_id}, **more)
        for name in ("first", "second"):
            self.fields[name].queryset = certified()  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    address = line_field(_("Confirmed address for service"))
    receiver = line_field(_("Receiver and phone"), length=80)
    channel = line_field(_("Channel of electronic service the party agreed to by signature"), required=False)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "check": CheckForm,
    "refer": ReferForm,
    "order_correction": OrderForm,
    "punish_on_spot": SpotForm,
    "transfer_crime": CrimeForm,
    "return_crime": ReturnForm,
}
