"""Forms and their versions, responsibility letters with the state of every item, and exemptions.

A form is issued once and never changed; which form is in force on a day follows from `effective_from`. Whether a front is covered on a day
is not stored anywhere: `coverage.py` finds it from these rows.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel

# What the usual duties are called on a page; a form may name others, which are shown as it names them.
DUTY_NAMES = {
    "hygiene": _("hygiene"),
    "greenery": _("greenery"),
    "order": _("order"),
    "facilities": _("public facilities"),
    "facade": _("facade and lighting"),
}


class Form(DistrictModel):
    """One version of the text of the letter: the district's own (`unit` empty), or a unit's version of it with local additions.

    `body` is a list of {heading, paragraphs}; `duties` of {code, name, promise}; `scoring` is {points, period, note} or empty. A unit's
    version is used once the district has approved it (`issued`), and only while its `template` is the district's text in force.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed, waiting for the district")
        ISSUED = "issued", _("text issued")
        RETURNED = "returned", _("text returned to the unit")

    name = models.CharField(_("form"), max_length=40)
    version = models.CharField(_("version"), max_length=40)
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    template = DistrictForeignKey(
        "self", models.PROTECT, null=True, related_name="unit_versions", verbose_name=_("district's text")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ISSUED)
    title = models.CharField(_("title"), max_length=120)
    duties = models.JSONField(_("duties"), default=list)
    scoring = models.JSONField(_("points"), default=dict)
    body = models.JSONField(_("text"), default=list)
    consent_text = models.TextField(_("consent"))
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    effective_from = models.DateField(_("in force from"))
    term_months = models.PositiveSmallIntegerField(_("term, months"))
    renewal_days = models.PositiveSmallIntegerField(_("may be renewed so many days before it ends"))
    link_days = models.PositiveSmallIntegerField(_("days a personal link lives"))
    issued_at = models.DateTimeField(_("text issued at"))
    proposed_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["name", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["district", "name", "version"], name="form_version_is_unique"),
            models.UniqueConstraint(
                fields=["district", "name", "effective_from"], condition=Q(unit__isnull=True), name="one_form_begins_on_a_day"
            ),
            models.UniqueConstraint(
                fields=["district", "name", "unit", "effective_from"],
                condition=Q(unit__isnull=False, state="issued"),
                name="one_unit_version_begins_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True, template__isnull=True) | Q(unit__isnull=False, template__isnull=False),
                name="unit_version_has_its_template",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    def promise_of(self, duty: str) -> str:
        """The duty as the paper calls it (`包卫生`), whatever the language of the page."""
        return next((each["promise"] for each in self.duties if each["code"] == duty), duty)

    def duty_name(self, duty: str) -> str:
        """The duty in the reader's language where it is a usual one, else as the form names it."""
        named = next((each["name"] for each in self.duties if each["code"] == duty), duty)
        return str(DUTY_NAMES.get(duty, named))


class FormItem(DistrictModel):
    """One thing the merchant promises, in plain words, and the question an inspector asks about it.

    `points` and `deduction` (points for each finding, never more than `points`) are for showing, never for punishing.
    """

    form = DistrictForeignKey(Form, models.PROTECT, related_name="items", verbose_name=_("form"))
    position = models.PositiveSmallIntegerField()
    duty = models.CharField(_("duty"), max_length=20)
    code = models.CharField(_("code"), max_length=10)
    wording = models.CharField(_("wording"), max_length=300)
    check_wording = models.CharField(_("question of the check"), max_length=300)
    points = models.PositiveSmallIntegerField(_("points"), default=0)
    deduction = models.PositiveSmallIntegerField(_("points taken off for a finding"), default=0)
    local = models.BooleanField(_("added by the unit"), default=False)

    class Meta(DistrictModel.Meta):
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(fields=["district", "form", "code"], name="form_item_code_is_unique"),
            models.UniqueConstraint(fields=["district", "form", "position"], name="form_item_position_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.wording}"

    @property
    def duty_name(self) -> str:
        """The name of its duty in the reader's language; asks for the form where that was not read along."""
        return self.form.duty_name(self.duty)


class Agreement(DistrictModel):
    """One numbered letter between a unit and the merchant of one front.

    `ended_on` is the first day on which a letter that was in force no longer is; it is set with the states ended and superseded.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("drafted")
        SERVED = "served", _("handed over, waiting for signature")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("signature declined")
        NOTIFIED = "notified", _("informed by notice, not signed")
        ENDED = "ended", _("ended")
        SUPERSEDED = "superseded", _("replaced by a newer letter")

    class Means(models.TextChoices):
        ELECTRONIC = "electronic", _("signed on a screen")
        PAPER = "paper", _("signed on paper, entered from its photo")

    class Capacity(models.TextChoices):
        OPERATOR = "operator", _("operator or legal representative")
        MANAGER = "manager", _("shop manager")
        AGENT = "agent", _("person entrusted by the operator")

    form = DistrictForeignKey(Form, models.PROTECT, related_name="letters", verbose_name=_("form"))
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("merchant"))
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    number = models.CharField(_("number of the letter"), max_length=40)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField(_("drafted at"))
    served_at = models.DateTimeField(_("handed over at"), null=True)
    link_expires_at = models.DateTimeField(_("link lives until"), null=True)
    signed_at = models.DateTimeField(_("signed at"), null=True)
    signed_on = models.DateField(_("signed on"), null=True)
    term_from = models.DateField(_("term from"), null=True)
    term_until = models.DateField(_("term until"), null=True)
    means = models.CharField(_("how it was signed"), max_length=10, choices=Means, default=Means.ELECTRONIC)
    signer_name = models.CharField(_("signer"), max_length=60, blank=True)
    signer_capacity = models.CharField(_("capacity"), max_length=12, choices=Capacity, blank=True)
    signature = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("signature"))
    photo = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("photo of the front"))
    client_id = models.CharField(max_length=64, null=True)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))
    refused_at = models.DateTimeField(_("declined at"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["-drafted_at", "-id"]
        indexes = [
            models.Index(fields=["district", "premises", "state"], name="letter_by_premises"),
            models.Index(fields=["district", "state", "id"], name="letter_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="letter_number_is_unique"),
            models.UniqueConstraint(
                fields=["district", "client_id"], condition=Q(client_id__isnull=False), name="letter_is_signed_once"
            ),
            models.UniqueConstraint(
                fields=["district", "premises", "merchant"], condition=Q(state="signed"), name="one_letter_in_force"
            ),
            models.UniqueConstraint(
                fields=["district", "premises", "merchant"], condition=Q(state__in=["draft", "served"]), name="one_letter_waiting"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_at__isnull=False, signed_on__isnull=False, term_from__isnull=False, term_until__gte=F("term_from")),
                name="signed_letter_has_its_term",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def covers(self, day: date) -> bool:
        """Whether this letter was signed and running on that day (the same rule as `queries.in_force`)."""
        return (
            self.signed_on is not None
            and max(self.signed_on, self.term_from) <= day <= self.term_until
            and (self.ended_on is None or day < self.ended_on)
        )


class ItemState(DistrictModel):
    """What was agreed about one item: promised, or not applicable with the reason (no item is left open)."""

    class Answer(models.TextChoices):
        AGREED = "agreed", _("agreed")
        NOT_APPLICABLE = "not_applicable", _("not applicable here")

    agreement = DistrictForeignKey(Agreement, models.CASCADE, related_name="item_states", verbose_name=_("letter"))
    item = DistrictForeignKey(FormItem, models.PROTECT, related_name="+", verbose_name=_("item"))
    answer = models.CharField(_("answer"), max_length=14, choices=Answer)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["item__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "agreement", "item"], name="item_is_answered_once"),
            models.CheckConstraint(condition=Q(answer="agreed") | ~Q(reason=""), name="not_applicable_has_a_reason"),
        ]


class Exemption(DistrictModel):
    """Premises that need no letter of their own from one day to another, with the reason in words; both days included."""

    class ReasonCode(models.TextChoices):
        NO_FRONT = "no_front", _("no front of its own on the street")
        MARKET_OPENER = "market_opener", _("the operator of the market or mall has signed for it")
        PUBLIC_BODY = "public_body", _("public body bound by its own rules")
        WORKS = "works", _("behind a construction hoarding")
        OTHER = "other", _("other")

    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    reason_code = models.CharField(_("kind of reason"), max_length=16, choices=ReasonCode)
    reason = models.CharField(_("reason"), max_length=300)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    granted_at = models.DateTimeField()

    class Meta(DistrictModel.Meta):
        ordering = ["from_on", "id"]
        indexes = [models.Index(fields=["district", "premises"], name="exemption_by_premises")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="exemption_ends_after_it_begins"
            ),
        ]
