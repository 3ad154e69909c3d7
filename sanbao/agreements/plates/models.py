"""Plates and the sheets on which they are printed. A plate is never changed into another one: a new one takes its place."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel

PERSON = settings.AUTH_USER_MODEL


class Plate(DistrictModel):
    """One plate of one front. `code` is chance, not a secret: it stands on the wall, and nobody finds another one by counting.

    `ended_at` and `note` say when and why a plate ceased to be valid; its code then opens nothing but that sentence.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("issued, to be printed and handed over")
        HANDED_OVER = "handed_over", _("handed over")
        MOUNTED = "mounted", _("mounted at the door")
        LOST = "lost", _("lost")
        REPLACED = "replaced", _("replaced by a new plate")
        WITHDRAWN = "withdrawn", _("withdrawn")

    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    code = models.CharField(_("code of the plate"), max_length=12)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField(_("issued at"))
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    mounted_at = models.DateTimeField(_("mounted at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["district", "premises", "state"], name="plate_by_premises")]
        constraints = [
            models.UniqueConstraint(fields=["district", "code"], name="plate_code_is_unique"),
            models.UniqueConstraint(
                fields=["district", "premises"],
                condition=Q(state__in=["issued", "handed_over", "mounted"]),
                name="one_valid_plate_per_front",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code[:5]}-{self.code[5:]}"


class PlateSheet(DistrictModel):
    """One order to print plates: their size, the address their codes open, and the finished PDFs, a part at a time.

    `parts` are the paths of the files in the store, in walking order; while fewer than `of_parts`, printing still goes on.
    """

    class Size(models.TextChoices):
        A5 = "a5", _("A5, one plate a page")
        A6 = "a6", _("A6, one plate a page")
        LABELS = "labels8", _("A4 sheet of 8 labels, 99.1 × 67.7 mm")

    title = models.CharField(_("title"), max_length=120)
    size = models.CharField(_("size"), max_length=8, choices=Size)
    address = models.CharField(_("address of the site"), max_length=200)
    parts = models.JSONField(default=list)
    of_parts = models.PositiveIntegerField()
    refused = models.CharField(_("why it could not be printed"), max_length=400, blank=True)
    ordered_at = models.DateTimeField(_("ordered at"))
    printed_at = models.DateTimeField(_("printed at"), null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["-ordered_at", "-id"]

    def __str__(self) -> str:
        return self.title


class SheetLine(DistrictModel):
    """A plate on a sheet, at its place in walking order from 1; a plate may be printed more than once."""

    sheet = DistrictForeignKey(PlateSheet, models.CASCADE, related_name="lines", verbose_name=_("sheet"))
    plate = DistrictForeignKey(Plate, models.PROTECT, related_name="lines", verbose_name=_("plate"))
    position = models.PositiveIntegerField(_("place"))

    class Meta(DistrictModel.Meta):
        ordering = ["sheet", "position"]
        constraints = [models.UniqueConstraint(fields=["district", "sheet", "position"], name="sheet_place_is_unique")]
