"""The forms of what follows a decision: money, time to pay, reminder, court, own power."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.console.case_forms_entry import CASH
from sanbao.console.case_forms_fields import day_field, line_field, moment_field, words_field, yes_field

CENT = Decimal("0.01")


def amount_field(label: Any, *, required: bool = True) -> forms.DecimalField:
    """A sum in yuan."""
    return forms.DecimalField(label=label, min_value=CENT, max_digits=12, decimal_places=2, required=required)


class PartForm(forms.Form):
    """A part of the fine as the bank reports it."""

    amount = amount_field(_("Amount, yuan"))
    paid_on = day_field(_("Paid on"))
    receipt_no = line_field(_("Number of the receipt"), length=60)


class PaymentForm(forms.Form):
    """The last payment; nothing is asked where all has been received already."""

    amount = amount_field(_("Amount, yuan"), required=False)
    paid_on = day_field(_("Paid on"), required=False)
    receipt_no = line_field(_("Number of the receipt"), required=False, length=60)
    cash_reason = forms.ChoiceField(label=_("Taken in cash, because"), choices=CASH, required=False)


class ScheduleForm(forms.Form):
    """Postponement is a schedule of one line."""

    applied_at = moment_field(_("The party applied at"))
    reason = words_field(_("Hardship and reason"))
    schedule = forms.CharField(
        label=_("Schedule: one line a part, day and yuan (2026-12-01 100)"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_schedule(self) -> tuple[tuple[date, Decimal], ...]:
        lines = [line.split() for line in self.cleaned_data["schedule"].splitlines() if line.strip()]
        try:
            return tuple((date.fromisoformat(day), Decimal(amount)) for day, amount in lines)
        except (ValueError, InvalidOperation):
            raise forms.ValidationError(_("Write a day and a sum on each line.")) from None


class AnswerReminderForm(forms.Form):
    adopted = forms.TypedChoiceField(
        label=_("Result"), choices=(("no", _("not adopted")), ("yes", _("adopted"))), coerce=lambda value: value == "yes"
    )
    text = words_field(_("Reasons"))


class CourtForm(forms.Form):
    head_signed = yes_field(_("I sign the application as head of the agency"))
    sealed = yes_field(_("The agency's seal is affixed"))
    opinion_and_reminder = yes_field(_("The party's opinion and the reminder are enclosed"))
    object_information = yes_field(_("Information on what is to be enforced is enclosed"))
    text = words_field(_("What is known about the party's property"), required=False)


class RulingForm(forms.Form):
    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=(("granted", _("enforcement granted")), ("refused", _("enforcement refused")), ("terminated", _("ended"))),
    )
    ruled_at = moment_field(_("Ruled at"))
    document = line_field(_("Number of the ruling"), length=80)


class EnforceForm(forms.Form):
    """Enforcement by own power: what it is, when, on what law, and at what cost."""

    enforce_as = forms.ChoiceField(
        label=_("Manner"), choices=(("substitute", _("substitute performance")), ("removal", _("removal of a building")))
    )
    enforce_at = moment_field(_("To be done at"))
    reason = words_field(_("Reason"))
    power_from_law = yes_field(_("A law gives the agency this power"))
    written_decision = yes_field(_("I decide this in writing"))
    no_utilities_cut = yes_field(_("No water, power, heat or gas of residents is cut"))
    notice_posted = yes_field(_("The public notice of removal was posted"))
    substitute_ground = yes_field(_("The omission harms traffic, environment or natural resources"))
    budget = forms.DecimalField(label=_("Budget, yuan"), min_value=0, max_digits=12, decimal_places=2, required=False)
    performer = line_field(_("Who performs it"), required=False)
    urgent = yes_field(_("Urgent"))
    urgent_reason = line_field(_("Why it is urgent"), required=False, length=400)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["cuts_utilities"] = False if given.pop("no_utilities_cut", False) else None
        return given


class StatementForm(forms.Form):
    text = words_field(_("What the party states"))
    received_at = moment_field(_("Received at"))


class DutyForm(forms.Form):
    duty = line_field(_("What is to be performed"), length=400)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "pay": PaymentForm,
    "postpone": ScheduleForm,
    "answer_reminder": AnswerReminderForm,
    "apply_court": CourtForm,
    "grant_enforcement": RulingForm,
    "refuse_enforcement": RulingForm,
    "enforce": EnforceForm,
}
