"""Proofs of correction and objections. Neither moves a finding or an order: officers read them and act through the usual steps.

The photos hang on these rows as attachments: in the role `proof` on a proof, `evidence` on an objection.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel

PERSON = settings.AUTH_USER_MODEL


class CorrectionProof(DistrictModel):
    """What a merchant says and shows about having put a finding right; shown to the officers before they look again.

    `due_at` is when it should have been seen: the end of the time given by the order, else the office's own limit for the finding.
    """

    finding = DistrictForeignKey("problems.Finding", models.PROTECT, related_name="proofs", verbose_name=_("finding"))
    order = DistrictForeignKey(
        "problems.Order", models.PROTECT, null=True, related_name="proofs", verbose_name=_("order to correct")
    )
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("merchant"))
    words = models.TextField(_("in words"), blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    due_at = models.DateTimeField(_("to be seen by"))
    client_id = models.UUIDField(editable=False)
    seen_at = models.DateTimeField(_("seen at"), null=True)
    seen_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("seen by"))

    class Meta(DistrictModel.Meta):
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["district", "seen_at", "due_at", "id"], name="proof_by_due")]
        constraints = [models.UniqueConstraint(fields=["district", "client_id"], name="proof_is_sent_once")]


class Objection(DistrictModel):
    """A merchant's statement against a finding or an order, with its number; answered in writing by somebody who had no part in it.

    `due_at` as for a proof: no statute sets a period for this answer, and asking here moves no statutory period.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received, to be answered")
        ANSWERED = "answered", _("answered")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("the objection is right")
        PARTLY = "partly", _("the objection is right in part")
        NOT_UPHELD = "not_upheld", _("the matter stands, with reasons")

    number = models.CharField(_("number"), max_length=24)
    finding = DistrictForeignKey("problems.Finding", models.PROTECT, related_name="objections", verbose_name=_("finding"))
    order = DistrictForeignKey(
        "problems.Order", models.PROTECT, null=True, related_name="objections", verbose_name=_("order to correct")
    )
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("merchant"))
    grounds = models.TextField(_("what is objected"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("to be answered by"))
    client_id = models.UUIDField(editable=False)
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome, blank=True)
    reply = models.TextField(_("reply"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))

    class Meta(DistrictModel.Meta):
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["district", "state", "due_at", "id"], name="objection_by_due")]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="objection_number_is_unique"),
            models.UniqueConstraint(fields=["district", "client_id"], name="objection_is_received_once"),
            models.UniqueConstraint(
                fields=["district", "finding"], condition=Q(state="received"), name="one_open_objection_per_finding"
            ),
            models.CheckConstraint(condition=Q(state="received") | ~Q(reply=""), name="answered_objection_has_its_reply"),
        ]

    def __str__(self) -> str:
        return self.number
