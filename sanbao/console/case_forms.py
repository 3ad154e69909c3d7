"""The forms of the case page: what each step, the notice's service, the facts and the penalty ask for. Judging is the services'."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanbao.console import case_forms_entry, case_forms_execution
from sanbao.console.case_forms_entry import ServiceForm
from sanbao.console.case_forms_fields import moment_field, words_field
from sanbao.core import clock
from sanbao.core.models import User
from sanbao.penalties import answers
from sanbao.penalties.models import Case, Evidence, Remedy


class NoDetails(forms.Form):
    """A step that brings nothing."""


class ReasonForm(forms.Form):
    reason = words_field(_("Reason"))


class OpinionForm(forms.Form):
    reason = words_field(_("Opinion, if other than “agreed”"), required=False)


class NewNoticeForm(ReasonForm):
    new_facts = forms.BooleanField(label=_("The new notice rests on new facts"), required=False)


class DefenceForm(forms.Form):
    text = words_field(_("What the party states"))
    received_at = moment_field(_("Received at"))


class AnswerForm(forms.Form):
    adopted = forms.TypedChoiceField(
        label=_("Result"), choices=(("no", _("not adopted")), ("yes", _("adopted"))), coerce=lambda value: value == "yes"
    )
    text = words_field(_("Reasons"))


class HearingRequestForm(forms.Form):
    received_at = moment_field(_("Received at"))


class HearingHeldForm(forms.Form):
    held_at = moment_field(_("Held at"))
    absent = forms.BooleanField(label=_("The party stayed away or left"), required=False)
    agents = forms.IntegerField(label=_("Agents of the party"), min_value=0, max_value=9, initial=0)
    text = words_field(_("Record: who said what"))
    record_signed = forms.BooleanField(label=_("The record was checked and signed"), required=False)


class HearingCallForm(forms.Form):
    """Time, place and chair of a hearing; the chair is no investigator of the case, which the law checks."""

    scheduled_at = moment_field(_("To be held at"))
    place = forms.CharField(label=_("Place"), max_length=160)
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=User.objects.none())
    no_conflict = forms.BooleanField(label=_("The chair declares that there is no interest in the case"), required=False)
    public = forms.BooleanField(label=_("Held in public"), required=False, initial=True)
    private_reason = forms.CharField(label=_("Reason for holding it in private"), max_length=400, required=False)


class DiscussionForm(forms.Form):
    heads = forms.CharField(label=_("Names of the heads present"), max_length=200, required=False)
    heads_present = forms.IntegerField(label=_("Heads present"), min_value=1, max_value=30)
    agreed = forms.TypedChoiceField(
        label=_("Result"), choices=(("yes", _("agreed")), ("no", _("not agreed"))), coerce=lambda value: value == "yes"
    )
    text = words_field(_("Record: who said what"))


class DecisionForm(forms.Form):
    sealed = forms.BooleanField(label=_("I decide this in the name of the agency; its seal is affixed"), required=False)


class ClosingForm(OpinionForm):
    duties_done = forms.BooleanField(label=_("Every duty of the decision is performed"), required=False)
    goods_disposed = forms.BooleanField(label=_("No goods are held any longer"), required=False)
    correction_rechecked = forms.BooleanField(label=_("The correction was rechecked on the spot"), required=False)


class ReviewForm(forms.Form):
    passed = forms.TypedChoiceField(
        label=_("Result"),
        choices=(("yes", _("review passed")), ("no", _("returned with reasons"))),
        coerce=lambda value: value == "yes",
    )
    reasons = words_field(_("Opinion on powers, facts, evidence, law and procedure"))


class WaiverForm(forms.Form):
    defence = forms.BooleanField(label=_("The party waives its defence in writing"), required=False)
    hearing = forms.BooleanField(label=_("The party waives the hearing in writing"), required=False)


class RemedyForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Remedy.Kind.choices)
    filed_at = moment_field(_("Accepted at"))


class RemedyEndForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Remedy.Outcome.choices)
    document = forms.CharField(label=_("Number of the ruling"), max_length=80)
    ended_at = moment_field(_("Ended at"))


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Evidence.Kind.choices)
    title = forms.CharField(label=_("What it is"), max_length=160)
    proves = forms.MultipleChoiceField(
        label=_("What it proves"),
        choices=[(code, _(words)) for code, words in answers.FACTS_TO_PROVE],
        widget=forms.CheckboxSelectMultiple,
    )
    obtained_at = moment_field(_("Obtained at"))
    picture = forms.FileField(label=_("Photo"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class PenaltyForm(forms.Form):
    """The proposal; choices of kinds and benchmarks are those of the provision that judges the act."""

    kinds = forms.MultipleChoiceField(label=_("Kinds of penalty"), widget=forms.CheckboxSelectMultiple, required=False)
    circumstance = forms.ChoiceField(label=_("Band of the benchmark"), required=False)
    fine = forms.DecimalField(label=_("Fine, yuan"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2, required=False)
    benchmark = forms.ChoiceField(label=_("Discretion benchmark"), required=False)
    correction = words_field(_("What is to be corrected, or that it has been corrected"), required=False)
    weighing_reason = words_field(_("Why this amount: which facts lead to this band"), required=False)
    mitigation = forms.MultipleChoiceField(
        label=_("Grounds for a lighter penalty"),
        choices=[(code, _(words)) for code, words in answers.MITIGATION],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mitigation_reason = forms.CharField(label=_("Reason for a lighter penalty"), max_length=400, required=False)
    law_reason = forms.CharField(label=_("Why this version of the law, if it changed"), max_length=400, required=False)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "file": OpinionForm,
    "waive": ReasonForm,
    "drop": ReasonForm,
    "educate": ReasonForm,
    "suspend": ReasonForm,
    "resume": OpinionForm,
    "terminate": ReasonForm,
    "revoke": ReasonForm,
    "return_review": ReasonForm,
    "notify_again": NewNoticeForm,
    "state_defence": DefenceForm,
    "recheck_defence": AnswerForm,
    "request_hearing": HearingRequestForm,
    "withdraw_hearing": HearingRequestForm,
    "hold_hearing": HearingHeldForm,
    "discuss": DiscussionForm,
    "decide": DecisionForm,
    "serve": ServiceForm,
    "end_crime": ReasonForm,
    "annul": ReasonForm,
    **case_forms_entry.STEP_FORMS,
    **case_forms_execution.STEP_FORMS,
    "close": ClosingForm,
}


def step_form(name: str, data: Any = None, files: Any = None) -> forms.Form:
    """The form of a step, empty or bound."""
    kind = STEP_FORMS.get(name, NoDetails)
    now = clock.now().astimezone(clock.ZONE)
    day = ("received_at", "held_at", "handed_at", "told_at", "applied_at", "ruled_at", "enforce_at")
    initial = {"agents": 0, "paid_on": now.date(), "reason": "", **dict.fromkeys(day, now)}
    return kind(data, files, initial=initial, auto_id=f"{name}-%s", label_suffix="")


def answers_given(data: Any) -> dict[str, Any]:
    """What a posted sheet of questions answers: True, False, a day or a choice; None takes an answer back."""
    given: dict[str, Any] = {}
    for question in answers.QUESTIONS:
        raw = data.get(question.key, "")
        if question.shape == "yes_no":
            given[question.key] = {"yes": True, "no": False}.get(raw)
        elif question.shape == "day":
            given[question.key] = forms.DateField(required=False).clean(raw)
        else:
            given[question.key] = raw or None
    return given


def call_form(case: Case, data: Any = None) -> HearingCallForm:
    """The form that calls a hearing, with the people of the agency who do not investigate this case."""
    form = HearingCallForm(data, auto_id="call-%s", label_suffix="")
    people = User.objects.filter(department=case.department, is_active=True)
    form.fields["chair"].queryset = people.exclude(pk__in=(case.first_handler_id, case.second_handler_id))  # type: ignore[attr-defined]
    return form


def penalty_form(case: Case, kinds: Any, benchmarks: Any, bands: Any, data: Any = None) -> PenaltyForm:
    """The proposal as it stands, with the choices the law leaves."""
    initial = {name: getattr(case, name, "") for name in PenaltyForm.base_fields}
    initial |= {"circumstance": case.weighing.get("circumstance", ""), "weighing_reason": case.weighing.get("reason", "")}
    form = PenaltyForm(data, initial=initial, auto_id="penalty-%s", label_suffix="")
    form.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
    form.fields["benchmark"].choices = [("", "—"), *benchmarks]  # type: ignore[attr-defined]
    form.fields["circumstance"].choices = [("", "—"), *bands]  # type: ignore[attr-defined]
    return form
