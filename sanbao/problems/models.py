"""Reports, findings, orders to correct with their proofs of service, and rechecks.

A report is what somebody says; a finding is what an office has seen or taken on; an order binds a party. The classes of problems
are data (`classes.toml`), not a table. Photos hang on these rows as attachments of the office (`core.files`).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.problems.voices.models import CorrectionProof, Objection

__all__ = ["CorrectionProof", "Delivery", "Finding", "Objection", "Order", "Recheck", "Report"]
PERSON = settings.AUTH_USER_MODEL


class Report(DistrictModel):
    """What a citizen, a merchant, an officer or a machine says is wrong at a place (WGS-84). The contact stays inside."""

    class Source(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        OFFICER = "officer", _("officer or grid worker")
        MERCHANT = "merchant", _("merchant, about its own zone")
        MACHINE = "machine", _("another system")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        MERGED = "merged", _("merged with another report")
        ANSWERED = "answered", _("answered")

    number = models.CharField(_("number"), max_length=24)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    class_code = models.CharField(_("class of problem"), max_length=12)
    comment = models.TextField(_("in words"), blank=True)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    cell = models.BigIntegerField(editable=False)
    place = models.CharField(_("place in words"), max_length=160, blank=True)
    area = DistrictForeignKey("registry.Area", models.PROTECT, null=True, related_name="+", verbose_name=_("area"))
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, null=True, related_name="+", verbose_name=_("premises"))
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    client_id = models.UUIDField(null=True, editable=False)
    received_at = models.DateTimeField(_("received at"))
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    reply = models.CharField(_("reply"), max_length=1000, blank=True)
    duplicate_of = DistrictForeignKey("self", models.PROTECT, null=True, related_name="duplicates", verbose_name=_("merged with"))

    finding = DistrictForeignKey(
        "problems.Finding", models.PROTECT, null=True, related_name="reports", verbose_name=_("taken up as")
    )

    class Meta(DistrictModel.Meta):
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["district", "state", "id"], name="report_by_state"),
            models.Index(fields=["district", "cell", "class_code"], name="report_by_cell"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="report_number_is_unique"),
            models.UniqueConstraint(
                fields=["district", "client_id"], condition=Q(client_id__isnull=False), name="report_is_received_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Finding(DistrictModel):
    """A problem that has an owner and a deadline; `due_at` is the office's own limit for handling it, not a statutory one.

    `unfinished` is kept by the database from the state, so that one index finds the work still to be done in order.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be handled")
        ORDERED = "ordered", _("ordered to correct")
        CORRECTED = "corrected", _("corrected")
        FAILED = "failed", _("not corrected in time")
        CLOSED = "closed", _("problem closed")

    number = models.CharField(_("number"), max_length=24)
    report = DistrictForeignKey(Report, models.PROTECT, null=True, related_name="+", verbose_name=_("first report"))
    class_code = models.CharField(_("class of problem"), max_length=12)
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, null=True, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, null=True, related_name="+", verbose_name=_("merchant"))
    area = DistrictForeignKey("registry.Area", models.PROTECT, null=True, related_name="+", verbose_name=_("area"))
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("responsible unit"))
    handler = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("handled by"))
    place = models.CharField(_("place in words"), max_length=160, blank=True)
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    cell = models.BigIntegerField(null=True, editable=False)
    note = models.TextField(_("what was found"), blank=True)
    found_at = models.DateTimeField(_("found at"))
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    client_id = models.UUIDField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    unfinished = models.GeneratedField(
        expression=Q(state__in=["open", "ordered", "failed"]), output_field=models.BooleanField(), db_persist=True
    )
    due_at = models.DateTimeField(_("to be handled by"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closing = models.CharField(_("how it was closed"), max_length=400, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["district", "due_at", "id"], name="finding_by_due"),
            models.Index(fields=["district", "unfinished", "due_at", "id"], name="finding_unfinished"),
            models.Index(fields=["district", "state", "due_at", "id"], name="finding_by_state"),
            models.Index(fields=["district", "area", "unfinished", "due_at", "id"], name="finding_by_area"),
            models.Index(fields=["district", "unit", "unfinished", "due_at", "id"], name="finding_by_unit"),
            models.Index(fields=["district", "class_code", "unfinished", "due_at", "id"], name="finding_by_class"),
            models.Index(fields=["district", "handler", "unfinished", "due_at", "id"], name="finding_by_handler"),
            models.Index(fields=["district", "premises"], name="finding_by_premises"),
            models.Index(fields=["district", "cell", "class_code"], name="finding_by_cell"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="finding_number_is_unique"),
            models.UniqueConstraint(
                fields=["district", "client_id"], condition=Q(client_id__isnull=False), name="finding_is_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Order(DistrictModel):
    """An order to correct by a deadline with its hour, issued by two certified officers (PL 28, 42).

    `correct_by` is the first instant after the time given; `first_correct_by` what it was before the one extension.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("issued, not yet served")
        SERVED = "served", _("served, the time given is running")
        DUE = "due", _("the time given is over")
        CORRECTED = "corrected", _("corrected")
        FAILED = "failed", _("not corrected in time")
        WITHDRAWN = "withdrawn", _("withdrawn")

    finding = DistrictForeignKey(Finding, models.PROTECT, related_name="orders", verbose_name=_("finding"))
    number = models.CharField(_("document number"), max_length=60)
    violation = models.CharField(_("violation"), max_length=8)
    basis = models.TextField(_("legal basis"), blank=True)
    requirement = models.TextField(_("what is to be put right"))
    first_officer = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("first officer"))
    second_officer = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("second officer"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField(_("issued at"))
    correct_by = models.DateTimeField(_("to be corrected by"))
    first_correct_by = models.DateTimeField(null=True)
    extended_once = models.BooleanField(_("extended"), default=False)
    extension_reason = models.CharField(_("reason for the extension"), max_length=400, blank=True)
    served_at = models.DateTimeField(_("served at"), null=True)
    ended_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(_("reason for the withdrawal"), max_length=400, blank=True)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("document"))

    class Meta(DistrictModel.Meta):
        ordering = ["issued_at", "id"]
        indexes = [models.Index(fields=["district", "state", "correct_by"], name="order_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "finding"],
                condition=Q(state__in=["issued", "served", "due"]),
                name="one_open_order_per_finding",
            ),
            models.CheckConstraint(condition=~Q(first_officer=F("second_officer")), name="two_different_officers"),
        ]

    def __str__(self) -> str:
        return self.number


class Delivery(DistrictModel):
    """One attempt to serve a paper on its addressee, with its proof (PL 61; CPL 87-95). Usable for the papers of any room.

    `deemed_at` is the instant from which the paper counts as served, or none if the attempt failed.
    """

    class Mode(models.TextChoices):
        ON_THE_SPOT = "on_the_spot", _("handed over on the spot")
        DIRECT = "direct", _("served directly")
        LEAVING = "leaving", _("left at the place")
        ELSEWHERE = "elsewhere", _("met elsewhere, signature refused")
        ELECTRONIC = "electronic", _("served electronically")
        MAIL = "mail", _("sent by mail")
        VIA_OTHER = "via_other", _("through another body")
        PUBLIC_NOTICE = "public_notice", _("public notice")

    subject = models.CharField(max_length=90)
    document = DistrictForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper served")
    )
    mode = models.CharField(_("mode of service"), max_length=14, choices=Mode)
    at = models.DateTimeField(_("handed over, sent or posted at"))
    recipient = models.CharField(_("recipient"), max_length=60, blank=True)
    relation = models.CharField(_("relation to the addressee"), max_length=60, blank=True)
    signed = models.BooleanField(_("signed for"), default=False)
    refused = models.BooleanField(_("receipt refused"), default=False)
    witnesses = models.CharField(_("witnesses"), max_length=120, blank=True)
    witness_count = models.PositiveSmallIntegerField(_("number of witnesses"), default=0)
    consent = models.BooleanField(_("consent to electronic service is on file"), default=False)
    receipt = models.CharField(_("number of the return slip or log entry"), max_length=60, blank=True)
    posted_on = models.DateField(_("last posted on"), null=True)
    whereabouts_unknown = models.BooleanField(_("whereabouts unknown"), default=False)
    proof = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("proof photo"))
    note = models.CharField(_("note"), max_length=400, blank=True)
    succeeded = models.BooleanField(_("succeeded"), default=True)
    deemed_at = models.DateTimeField(_("counts as served from"), null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["district", "subject"], name="delivery_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(succeeded=False, deemed_at__isnull=True) | Q(succeeded=True, deemed_at__isnull=False),
                name="delivery_counts_from_an_instant",
            )
        ]


class Recheck(DistrictModel):
    """What another person saw on or after the deadline of an order; the photos are attachments in the role `recheck`."""

    order = DistrictForeignKey(Order, models.PROTECT, related_name="rechecks", verbose_name=_("order to correct"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))
    second = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("second officer"))
    passed = models.BooleanField(_("corrected"))
    note = models.TextField(_("what was seen"), blank=True)
    client_id = models.UUIDField(null=True, editable=False)
    document = DistrictForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("recheck record")
    )

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "client_id"], condition=Q(client_id__isnull=False), name="recheck_is_recorded_once"
            )
        ]
