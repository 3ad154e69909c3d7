"""Personal links of merchants, and their self-checks with an answer and perhaps a photo for each item.

A self-check belongs to the merchant. No room above reads these two tables, and no page of the staff shows an answer: only how many shops
check themselves is counted (see `docs/adr/0016`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel


class MerchantLink(DistrictModel):
    """The key to the page of one merchant in one front, for as long as this occupancy lasts and nobody ends it."""

    occupancy = DistrictForeignKey("registry.Occupancy", models.PROTECT, related_name="+", verbose_name=_("occupancy"))
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("merchant"))
    issued_at = models.DateTimeField(_("handed over at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    note = models.CharField(_("why it was ended"), max_length=300, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["district", "premises"], name="merchant_link_by_premises")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "occupancy"], condition=Q(ended_at__isnull=True), name="one_link_per_occupancy"
            )
        ]


class SelfCheck(DistrictModel):
    """One look of the merchant at its own front, item by item, on the text of `form`."""

    link = DistrictForeignKey(MerchantLink, models.PROTECT, related_name="checks", verbose_name=_("personal link"))
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("merchant"))
    form = DistrictForeignKey("agreements.Form", models.PROTECT, related_name="+", verbose_name=_("form"))
    made_at = models.DateTimeField(_("made at"))
    client_id = models.UUIDField(editable=False)

    class Meta(DistrictModel.Meta):
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["district", "premises", "merchant", "made_at"], name="self_check_by_merchant"),
            models.Index(fields=["district", "made_at"], name="self_check_by_day"),
        ]
        constraints = [models.UniqueConstraint(fields=["district", "client_id"], name="self_check_is_made_once")]


class SelfCheckAnswer(DistrictModel):
    """What the merchant saw about one item."""

    class Answer(models.TextChoices):
        YES = "yes", _("in order")
        NO = "no", _("still to be done")
        NOT_APPLICABLE = "not_applicable", _("does not apply here")

    check_of = DistrictForeignKey(SelfCheck, models.CASCADE, related_name="answers", verbose_name=_("self-check"))
    item = DistrictForeignKey("agreements.FormItem", models.PROTECT, related_name="+", verbose_name=_("item"))
    answer = models.CharField(_("answer"), max_length=14, choices=Answer)
    photo = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("photo"))

    class Meta(DistrictModel.Meta):
        ordering = ["item__position", "id"]
        constraints = [models.UniqueConstraint(fields=["district", "check_of", "item"], name="self_check_answers_once")]
