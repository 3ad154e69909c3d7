"""What follows a decision: money received and postponed, reminders before enforcement."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.penalties.models.case import Case

PERSON = settings.AUTH_USER_MODEL


class Payment(DistrictModel):
    """Money the bank reports as received (PL 67); `extra` is the part of it that is extra fine for late payment."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="payments", verbose_name=_("case"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    extra = models.DecimalField(_("of it extra fine, yuan"), max_digits=12, decimal_places=2, default=0)
    paid_on = models.DateField(_("paid on"))
    receipt_no = models.CharField(_("number of the receipt"), max_length=60)
    cash = models.BooleanField(_("taken in cash by the officers"), default=False)
    cash_reason = models.CharField(_("why in cash"), max_length=16, blank=True)
    at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["paid_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "receipt_no"], name="receipt_is_recorded_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
        ]


class Instalment(DistrictModel):
    """One part of a fine that may be paid later or in parts (PL 66); the last one's day ends the time to pay."""

    case = DistrictForeignKey(Case, models.PROTECT, related_name="instalments", verbose_name=_("case"))
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)

    class Meta(DistrictModel.Meta):
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "case", "due_on"], name="one_instalment_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_positive"),
        ]


class Reminder(DistrictModel):
    """A written reminder before enforcement (CL 35, 54) or before substitute performance (CL 51); its service hangs on this row."""

    class Kind(models.TextChoices):
        ENFORCEMENT = "enforcement", _("before enforcement")
        SUBSTITUTE = "substitute", _("before substitute performance")

    case = DistrictForeignKey(Case, models.PROTECT, related_name="reminders", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    issued_at = models.DateTimeField(_("issued at"))
    fine = models.DecimalField(_("fine open, yuan"), max_digits=12, decimal_places=2, default=0)
    extra = models.DecimalField(_("extra fine so far, yuan"), max_digits=12, decimal_places=2, default=0)
    duty = models.CharField(_("what is to be performed"), max_length=400, blank=True)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["issued_at", "id"]
