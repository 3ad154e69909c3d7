"""Cases of the penalty procedure: what is known, what was done when, and what is running. Money and execution are in `execution`.

A case is moved only by `services.take_step`; its guards are the law's (`sanbao.law.penalty`). Proof of service is a
`problems.Delivery` on the paper's own row.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel

PERSON = settings.AUTH_USER_MODEL


class Case(DistrictModel):
    """One suspected violation of one party, from the proposal to the archive. Amounts in yuan.

    `answers` holds the handler's answers to the questions of `answers.QUESTIONS`; an answer that is missing has not been given.
    `former_handlers` are ids of investigators who were replaced; they stay barred from reviewing, chairing and deciding. `address` is the
    signed confirmation of the address for service, `weighing` the circumstances and reasons of the discretion worksheet.
    `fine`, `kinds` and the rest of the proposal are what is now proposed; what was noticed stands in `Notice`, what was decided
    in the decision's own frozen facts.
    """

    class State(models.TextChoices):
        LEAD = "lead", _("lead")
        VERIFIED = "verified", _("checked on the spot")
        ORDERED = "ordered", _("ordered to correct")
        RECHECKED = "rechecked", _("proposed after a failed recheck")
        FILED = "filed", _("filed, under investigation")
        SUSPENDED = "suspended", _("investigation suspended")
        CRIME = "crime", _("transferred for suspected crime")
        REPORTED = "reported", _("investigation finished")
        NOTICED = "noticed", _("notice before the penalty issued")
        DEFENDED = "defended", _("defence to be rechecked")
        HEARING = "hearing", _("hearing requested")
        HEARD = "heard", _("hearing held")
        REVIEWED = "reviewed", _("ready for the decision")
        DISCUSSED = "discussed", _("discussed among the heads")
        DECIDED = "decided", _("decided, to be served")
        SERVED = "served", _("served, time to pay running")
        PAID = "paid", _("paid")
        OVERDUE = "overdue", _("time to pay is over")
        URGED = "urged", _("reminded")
        COURT = "court", _("before the court")
        ENFORCED = "enforced", _("enforced")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")
        REFERRED = "referred", _("referred to another agency")
        NO_ACTION = "no_action", _("dropped, no violation")
        NO_PENALTY = "no_penalty", _("no penalty")
        REVOKED = "revoked", _("revoked")

    class Procedure(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary procedure")
        SIMPLE = "simple", _("on the spot")

    number = models.CharField(_("case number"), max_length=60)
    procedure = models.CharField(_("procedure"), max_length=8, choices=Procedure, default=Procedure.ORDINARY)
    cause = models.ForeignKey("core.Entry", models.PROTECT, null=True, editable=False, related_name="+")
    order = DistrictForeignKey("problems.Order", models.PROTECT, null=True, related_name="+", verbose_name=_("failed order"))
    finding = DistrictForeignKey("problems.Finding", models.PROTECT, null=True, related_name="+", verbose_name=_("finding"))
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, null=True, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("party"))
    area = DistrictForeignKey("registry.Area", models.PROTECT, null=True, related_name="+", verbose_name=_("area"))
    department = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("agency"))
    first_handler = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("first investigator"))
    second_handler = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("second investigator"))
    former_handlers = models.JSONField(default=list)
    violation = models.CharField(_("violation"), max_length=8)
    conduct_on = models.DateField(_("day of the act"))
    discovered_on = models.DateField(_("discovered on"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    findings = models.TextField(_("facts found"), blank=True)
    answers = models.JSONField(default=dict)
    address = models.JSONField(_("confirmed address for service"), default=dict)

    kinds = models.JSONField(_("kinds of penalty"), default=list)
    fine = models.DecimalField(_("fine, yuan"), max_digits=12, decimal_places=2, null=True)
    law_version = models.DateField(_("law in force since"), null=True)
    law_reason = models.CharField(_("why this version of the law"), max_length=400, blank=True)
    benchmark = models.CharField(_("discretion benchmark"), max_length=40, blank=True)
    benchmark_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    weighing = models.JSONField(_("how the amount was weighed"), default=dict)
    mitigation = models.JSONField(_("grounds for a lighter penalty"), default=list)
    mitigation_reason = models.CharField(_("reason for a lighter penalty"), max_length=400, blank=True)
    correction = models.CharField(_("what is to be corrected"), max_length=400, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State)
    proposed_at = models.DateTimeField(_("proposed at"))
    filed_at = models.DateTimeField(_("filed at"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    served_at = models.DateTimeField(_("served at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    spot_reported_at = models.DateTimeField(_("reported to the agency at"), null=True)
    due_at = models.DateTimeField(_("next deadline"), null=True)
    due_rule = models.CharField(max_length=8, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["district", "state", "due_at", "id"], name="case_by_state"),
            models.Index(fields=["district", "due_at", "id"], name="case_by_due"),
            models.Index(fields=["district", "merchant"], name="case_by_party"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="case_number_is_unique"),
            models.UniqueConstraint(fields=["district", "order"], condition=Q(order__isnull=False), name="one_case_per_order"),
            models.UniqueConstraint(fields=["district", "cause"], condition=Q(cause__isnull=False), name="one_case_per_cause"),
            models.CheckConstraint(condition=~Q(first_handler=F("second_handler")), name="two_different_investigators"),
        ]

    def __str__(self) -> str:
        return self.number


class StepTaken(DistrictModel):
    """One step with the facts it was judged by and the warnings it drew, so that it can be judged again years later."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("case"))
    step = models.CharField(_("step"), max_length=30)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("reason"), blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    warnings = models.JSONField(_("warnings"), default=list)

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]


class CaseDeadline(DistrictModel):
    """A period as counted when it began: for lists and reminders; every guard counts again. `ends_at` is the first instant after it."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="deadlines", verbose_name=_("case"))
    measure = DistrictForeignKey("penalties.Measure", models.PROTECT, null=True, related_name="deadlines")
    rule = models.CharField(max_length=8)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    last_on = models.DateField(_("last day"))
    provisional = models.BooleanField(_("provisional"), default=False)
    articles = models.JSONField(default=list)
    party = models.BooleanField(_("a period of the party"), default=False)
    met_at = models.DateTimeField(_("ended at"), null=True)

    class Meta(DistrictModel.Meta):
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "case", "rule", "starts_at"], condition=Q(measure__isnull=True), name="case_period_runs_once"
            ),
            models.UniqueConstraint(
                fields=["district", "measure", "rule", "starts_at"],
                condition=Q(measure__isnull=False),
                name="measure_period_runs_once",
            ),
        ]


class Evidence(DistrictModel):
    """One piece of evidence of the eight kinds (PL 46); the photo or the paper it consists of hangs on it."""

    class Kind(models.TextChoices):
        DOCUMENTARY = "documentary", _("documentary evidence")
        PHYSICAL = "physical", _("physical evidence")
        AUDIOVISUAL = "audiovisual", _("audio-visual material")
        ELECTRONIC = "electronic", _("electronic data")
        TESTIMONY = "testimony", _("testimony of a witness")
        PARTY_STATEMENT = "party_statement", _("statement of the party")
        EXPERT_OPINION = "expert_opinion", _("expert opinion")
        SCENE_RECORD = "scene_record", _("record of inspection or of the scene")

    case = DistrictForeignKey(Case, models.PROTECT, related_name="evidence", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    title = models.CharField(_("what it is"), max_length=160)
    proves = models.JSONField(_("proves"), default=list)
    note = models.CharField(_("note"), max_length=400, blank=True)
    photo = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("photo"))
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))
    obtained_at = models.DateTimeField(_("obtained at"))
    verified = models.BooleanField(_("verified"), null=True)
    lawful = models.BooleanField(_("lawfully obtained"), null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["obtained_at", "id"]


class Notice(DistrictModel):
    """A notice before the penalty with the penalty it told (PL 44); what the party waived in writing stands here too."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="notices", verbose_name=_("case"))
    kinds = models.JSONField(default=list)
    fine = models.DecimalField(_("fine, yuan"), max_digits=12, decimal_places=2, null=True)
    issued_at = models.DateTimeField(_("issued at"))
    hearing_offered = models.BooleanField(_("with the right to a hearing"), default=False)
    new_facts = models.BooleanField(_("on new facts"), default=False)
    waived_at = models.DateTimeField(_("defence waived at"), null=True)
    hearing_waived_at = models.DateTimeField(_("hearing waived at"), null=True)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))

    class Meta(DistrictModel.Meta):
        ordering = ["issued_at", "id"]


class Defence(DistrictModel):
    """What the party stated, and what became of it (PL 45); against the reminder that row names, else against the notice (CL 36)."""

    reminder = DistrictForeignKey("penalties.Reminder", models.PROTECT, null=True, related_name="defences")
    case = DistrictForeignKey(Case, models.PROTECT, related_name="defences", verbose_name=_("case"))
    text = models.TextField(_("what the party states"))
    received_at = models.DateTimeField(_("received at"))
    rechecked_at = models.DateTimeField(_("rechecked at"), null=True)
    adopted = models.BooleanField(_("adopted"), null=True)
    reasons = models.TextField(_("reasons"), blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["received_at", "id"]


class Hearing(DistrictModel):
    """A hearing from the request to the signed record (PL 64); its notice of time and place is served on this row."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="hearings", verbose_name=_("case"))
    requested_at = models.DateTimeField(_("requested at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    scheduled_at = models.DateTimeField(_("to be held at"), null=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    public = models.BooleanField(_("held in public"), null=True)
    private_reason = models.CharField(_("reason for holding it in private"), max_length=400, blank=True)
    chair = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("chair"))
    chair_conflict = models.BooleanField(_("the chair has an interest in the case"), null=True)
    held_at = models.DateTimeField(_("held at"), null=True)
    absent = models.BooleanField(_("the party stayed away"), default=False)
    agents = models.PositiveSmallIntegerField(_("agents of the party"), default=0)
    record = models.TextField(_("record"), blank=True)
    record_signed = models.BooleanField(_("record signed"), null=True)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))

    class Meta(DistrictModel.Meta):
        ordering = ["requested_at", "id"]


class Review(DistrictModel):
    """A legal review of the draft by somebody who does not handle the case (PL 58); the last one counts."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="reviews", verbose_name=_("case"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    passed = models.BooleanField(_("passed"))
    qualified = models.BooleanField(_("qualified"))
    reasons = models.TextField(_("opinion"), blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]


class Discussion(DistrictModel):
    """A collective discussion by the heads, with its record (PL 57); the last one counts."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="discussions", verbose_name=_("case"))
    at = models.DateTimeField(_("at"))
    heads_present = models.PositiveSmallIntegerField(_("heads present"))
    heads = models.CharField(_("names of the heads present"), max_length=200, blank=True)
    agreed = models.BooleanField(_("agreed"))
    record = models.TextField(_("record"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]


class CaseDocument(DistrictModel):
    """A paper of the case under its form in the procedure manual (D-16, D-23, ...)."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="papers", verbose_name=_("case"))
    form = models.CharField(_("form"), max_length=6)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, related_name="+", verbose_name=_("paper"))
    step = DistrictForeignKey(StepTaken, models.PROTECT, null=True, related_name="papers")

    class Meta(DistrictModel.Meta):
        ordering = ["id"]


class Remedy(DistrictModel):
    """Reconsideration or litigation against the decision; the extra fine does not run from its filing to its end (PL 73)."""

    class Kind(models.TextChoices):
        RECONSIDERATION = "reconsideration", _("reconsideration")
        LITIGATION = "litigation", _("litigation")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        CHANGED = "changed", _("changed")
        ANNULLED = "annulled", _("annulled")
        UNLAWFUL = "unlawful", _("found unlawful")
        WITHDRAWN = "withdrawn", _("withdrawn by the party")

    case = DistrictForeignKey(Case, models.PROTECT, related_name="remedies", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    filed_at = models.DateTimeField(_("accepted at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    document = models.CharField(_("number of the ruling"), max_length=80, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["filed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "case"], condition=Q(ended_at__isnull=True), name="one_pending_remedy_per_case"
            )
        ]
