"""Tiered responsibility (条块 and 分级): which unit answers for an area or for one front, through whom, from when. Rows only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel


class Responsibility(DistrictModel):
    """One unit answers for one area or one front from a day on, with its leader in charge and the person on the spot.

    `ended_on` is the first day on which it no longer holds; a row that was replaced on its own first day has never held. The nearest
    row counts (front, community, street, district); an area without a row follows `Area.unit`, the unit named at its founding.
    """

    area = DistrictForeignKey("registry.Area", models.PROTECT, null=True, related_name="responsibilities", verbose_name=_("area"))
    premises = DistrictForeignKey(
        "registry.Premises", models.PROTECT, null=True, related_name="responsibilities", verbose_name=_("premises")
    )
    unit = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("leader in charge")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person responsible")
    )
    from_on = models.DateField(_("from"))
    ended_on = models.DateField(_("ended on"), null=True)
    reason = models.CharField(_("reason"), max_length=300)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["from_on", "id"]
        indexes = [
            models.Index(fields=["district", "area", "from_on"], name="responsibility_by_area"),
            models.Index(fields=["district", "premises", "from_on"], name="responsibility_by_front"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, premises__isnull=True) | Q(area__isnull=True, premises__isnull=False),
                name="responsibility_is_for_one_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("from_on")), name="responsibility_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["district", "area"], condition=Q(ended_on__isnull=True, area__isnull=False), name="one_unit_for_an_area"
            ),
            models.UniqueConstraint(
                fields=["district", "premises"],
                condition=Q(ended_on__isnull=True, premises__isnull=False),
                name="one_unit_for_a_front",
            ),
        ]

    @property
    def place(self) -> models.Model:
        """The area or the front it is for."""
        return self.area or self.premises
