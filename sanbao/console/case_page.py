"""What the case page shows, put together for its templates: next steps with their forms, questions, what the law leaves to choose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanbao.console import case_forms
from sanbao.core import access, clock
from sanbao.core.display import Due, due_of
from sanbao.core.errors import Reason
from sanbao.core.models import User
from sanbao.law.sanctions import lawful_range
from sanbao.law.workflow import Verdict
from sanbao.penalties import answers, papers, queries, weighing
from sanbao.penalties.details import open_verdicts
from sanbao.penalties.facts import PARTY_KINDS, facts_of
from sanbao.penalties.models import Case, StepTaken
from sanbao.penalties.separation import verbs_of
from sanbao.problems import facts as problem_facts

TONES = {
    "closed": "ok",
    "archived": "ok",
    "paid": "ok",
    "overdue": "bad",
    "urged": "bad",
    "revoked": "muted",
    "no_penalty": "muted",
}
KINDS = {
    "warning": gettext_lazy("formal warning"),
    "criticism": gettext_lazy("public criticism"),
    "fine": gettext_lazy("fine"),
    "confiscate_gains": gettext_lazy("confiscation of gains"),
    "confiscate_goods": gettext_lazy("confiscation of goods"),
    "suspend_licence": gettext_lazy("suspension of a licence"),
    "downgrade": gettext_lazy("lowering of a qualification"),
    "revoke_licence": gettext_lazy("revocation of a licence"),
    "restrict_business": gettext_lazy("restriction of business"),
    "stop_business": gettext_lazy("stopping of business"),
    "close_down": gettext_lazy("closing down"),
    "restrict_career": gettext_lazy("exclusion from a trade"),
    "remove_building": gettext_lazy("removal within a time limit"),
}
CIRCUMSTANCES = {
    "minor": gettext_lazy("minor circumstances"),
    "general": gettext_lazy("general circumstances"),
    "serious": gettext_lazy("serious circumstances"),
}
WHY = {
    "older": gettext_lazy("The law of the day of the act applies: the newer law is not milder."),
    "newer": gettext_lazy("The newer law applies: it is milder for the party."),
    "undetermined": gettext_lazy("The two cannot be compared by figures; choose the milder one and write down why."),
}
USUAL = {
    *(
        "file",
        "drop",
        "report",
        "waive",
        "notify",
        "state_defence",
        "recheck_defence",
        "request_hearing",
        "hold_hearing",
        "pass_review",
        "discuss",
        "decide",
    ),
    *("check", "order_correction", "fail_correction", "accept_correction", "punish_on_spot"),
    *("serve", "pay", "lapse", "remind", "apply_court", "close", "archive"),
}


@dataclass(frozen=True)
class Offer:
    """A next step as the page shows it: the law's verdict, the person's own permission, and the form."""

    verdict: Verdict
    permitted: bool
    form: forms.Form

    @property
    def usual(self) -> bool:
        """Whether the step belongs to the ordinary course, so that it is shown at once even when it is shut."""
        return self.verdict.step.name in USUAL

    @property
    def allowed(self) -> bool:
        return self.permitted and self.verdict.allowed

    @property
    def reasons(self) -> list[Reason]:
        mine = Reason("not_allowed", access.MAY_NOT, params={"verb": verbs_of(self.verdict.step.name)[0]})
        return [*([] if self.permitted else [mine]), *self.verdict.reasons]


def act_of(case: Case) -> str:
    """The act in words, from the catalogue."""
    row = papers.row_of(case)
    return row.title_zh if row else case.violation


def next_due(row: Case, now: datetime) -> Due | None:
    """The case's next deadline as shown; a window of the party that has run out says that the case may go on."""
    shown = due_of(row.due_at, now=now)
    if shown and row.due_rule in queries.WINDOWS and row.due_at <= now:
        return Due(shown.text, _("the party's time is over; the case may go on"), "warn")
    return shown


def warnings_of(row: StepTaken) -> list[Reason]:
    return [
        Reason(each["code"], each["message"], tuple(each["articles"]), blocks=False, params=each["params"])
        for each in row.warnings
    ]


def offers_of(row: Case, user: User) -> list[Offer]:
    """Every next step, what can be done now first."""
    offers = []
    for verdict in open_verdicts(row, user, clock.now()):
        name = verdict.step.name
        offers.append(Offer(verdict, any(access.may(user, verb) for verb in verbs_of(name)), case_forms.step_form(name)))
    return sorted(offers, key=lambda offer: not offer.allowed)


def hearing_of(row: Case, user: User) -> dict[str, Any]:
    """The last hearing, whether its notice is served, and the form that calls it where that is due."""
    hearing = row.hearings.select_related("chair", "document").last()
    service = problem_facts.service_of(hearing) if hearing else None
    waits = row.state == Case.State.HEARING and hearing is not None and service is None
    return {
        "hearing": hearing,
        "hearing_service": service,
        "call_form": case_forms.call_form(row) if waits and access.may(user, "case.approve") else None,
        "hearing_waits": waits and hearing.document_id is not None,
    }


def remedies_of(row: Case, user: User) -> dict[str, Any]:
    """The remedies used, and the form for the next record: a new one, or the end of the pending one."""
    used = list(row.remedies.all())
    pending = any(each.ended_at is None for each in used)
    kind = case_forms.RemedyEndForm if pending else case_forms.RemedyForm
    open_to_me = row.served_at is not None and access.may(user, "case.handle") and row.state not in ("archived", "revoked")
    return {
        "remedies": used,
        "remedy_pending": pending,
        "remedy_form": kind(auto_id="remedy-%s", label_suffix="") if open_to_me else None,
    }


def questions_of(row: Case) -> list[tuple[Any, list[tuple[answers.Question, str]]]]:
    """The sheet of questions by group, with the stored answers as the form shows them."""
    shown = {True: "yes", False: "no", None: ""}
    grouped = []
    for key, label in answers.GROUPS:
        asked = [each for each in answers.QUESTIONS if each.group == key]
        stored = [(each, row.answers.get(each.key)) for each in asked]
        grouped.append(
            (label, [(each, shown.get(value, value) if each.shape == "yes_no" else value or "") for each, value in stored])
        )
    return grouped


def penalty_of(row: Case, data: Any = None) -> dict[str, Any]:
    """What the law leaves to choose, beside the proposal."""
    provision, local = papers.row_of(row), problem_facts.local_of()
    party = local.party_class(PARTY_KINDS[row.merchant.kind])
    known = facts_of(row, clock.now(), None)
    bands = weighing.bands_of(row, clock.now())
    kinds = [(kind, KINDS.get(kind, kind)) for kind in sorted(provision.kinds)] if provision else []
    versions = [(version, version) for version in dict.fromkeys(band.version for band in bands)]
    shown = [(CIRCUMSTANCES.get(band.circumstance, band.circumstance), band) for band in bands]
    choices = [(band.circumstance, f"{words} {band.min}–{band.max}") for words, band in shown]
    return {
        "form": case_forms.penalty_form(row, kinds, versions, choices, data),
        "provision": provision,
        "range": lawful_range(provision, party, local, known.law_day, stage=known.stage) if provision and known.law_day else None,
        "comparison": weighing.comparison_of(row, clock.now()),
        "why": WHY,
        "bands": shown,
        "sanction": [KINDS.get(kind, kind) for kind in row.kinds],
        "missing": [name for name in ("grants", "amounts", "hearing", "remedy") if local.who_sets(name)],
    }
