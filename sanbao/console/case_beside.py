"""The parts of the case page beside its main line: measures, money and reminders, the people and the address for service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from sanbao.console import case_forms, case_forms_entry, case_forms_execution, case_forms_measures
from sanbao.core import access, clock
from sanbao.core.errors import Reason
from sanbao.core.models import User
from sanbao.law.workflow import Verdict
from sanbao.penalties import measuring
from sanbao.penalties.bringing.execution import extra_of, pay_until
from sanbao.penalties.facts import facts_of, investigators_of
from sanbao.penalties.models import Case, Measure
from sanbao.penalties.services.beside import HEADS
from sanbao.penalties.services.investigating import OPEN
from sanbao.penalties.services.performing import DISCUSSABLE, PAYABLE
from sanbao.problems import facts as problem_facts


@dataclass(frozen=True)
class MeasureStep:
    """A next step of a measure: the law's verdict, whether this person may take it, and its form."""

    verdict: Verdict
    permitted: bool
    form: forms.Form

    @property
    def allowed(self) -> bool:
        return self.permitted and self.verdict.allowed

    @property
    def reasons(self) -> tuple[Reason, ...]:
        verb = "case.approve" if self.verdict.step.name in HEADS else "case.handle"
        mine = Reason("not_allowed", access.MAY_NOT, params={"verb": verb})
        return (*(() if self.permitted else (mine,)), *self.verdict.reasons)


def _hand(row: Case, user: User) -> bool:
    return str(user.pk) in investigators_of(row) and access.may(user, "case.handle")


def beside_of(row: Case, user: User, now: datetime) -> dict[str, Any]:
    """Every measure with its next steps, and the form that proposes one."""
    hand, head = _hand(row, user), access.may(user, "case.approve")
    shown = []
    for measure in row.measures.select_related("approved_by", "by"):
        steps = [
            MeasureStep(each, head if each.step.name in HEADS else hand, case_forms_measures.step_form(measure, each.step.name))
            for each in measuring.open_steps(measure, user, now)
        ]
        waits = head and measure.state == Measure.State.PROPOSED and measure.approved_at is None
        shown.append((measure, steps, waits))
    propose = case_forms_measures.ProposeForm(auto_id="propose-%s", label_suffix="") if hand and row.state in OPEN else None
    return {"measures": shown, "measure_form": propose}


def money_of(row: Case, user: User, now: datetime) -> dict[str, Any]:
    """What is owed today with the extra fine and its pauses, the schedule, the reminders, and the forms that are due."""
    known, today, hand = facts_of(row, now, None), clock.today(), _hand(row, user)
    local = now.astimezone(clock.ZONE)
    reminder = row.reminders.select_related("document").last()
    served = problem_facts.service_of(reminder) if reminder else None
    urged = hand and row.state == Case.State.URGED
    return {
        "extra": extra_of(row, known, today) if row.state in PAYABLE else None,
        "pay_until": pay_until(known) if row.served_at else None,
        "instalments": row.instalments.all(),
        "reminders": row.reminders.select_related("document"),
        "statements": row.defences.filter(reminder__isnull=False),
        "reminder_service_form": _form(case_forms_entry.ServiceForm, "reminder", True, {"handed_at": local}),
        "reminder_waits": reminder is not None and served is None and row.state == Case.State.URGED,
        "part_form": _form(case_forms_execution.PartForm, "part", hand and row.state in PAYABLE, {"paid_on": today}),
        "statement_form": _form(
            case_forms_execution.StatementForm, "statement", urged and served is not None, {"received_at": local}
        ),
        "duty_form": _form(case_forms_execution.DutyForm, "duty", urged, {"duty": row.correction}),
        "cash_waits": row.deadlines.filter(rule__in=("DL-09", "DL-09B"), met_at__isnull=True).first() if hand else None,
        "spot_unreported": hand and row.procedure == Case.Procedure.SIMPLE and row.spot_reported_at is None,
    }


def people_of(row: Case, user: User) -> dict[str, Any]:
    """The forms that change investigators, decide a recusal and confirm the address."""
    head = access.may(user, "case.approve") and row.state not in ("closed", "archived", "revoked")
    change = case_forms_entry.InvestigatorsForm(case=row, auto_id="people-%s", label_suffix="") if head else None
    address = (
        case_forms_entry.AddressForm(initial=row.address, auto_id="address-%s", label_suffix="") if _hand(row, user) else None
    )
    disagrees = access.may(user, "case.decide") and row.state in DISCUSSABLE
    return {
        "people_form": change,
        "address_form": address,
        "recusal_open": head and row.answers.get("recusal_pending") is True,
        "disagreement_form": _form(case_forms.DiscussionForm, "disagreement", disagrees, {}),
    }


def _form(kind: type[forms.Form], name: str, due: bool, initial: dict[str, Any]) -> forms.Form | None:
    return kind(initial=initial, auto_id=f"{name}-%s", label_suffix="") if due else None
