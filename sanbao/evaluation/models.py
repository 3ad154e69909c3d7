"""Monthly rankings and the scores in them, with what each score was made of. Nothing here knows of fines or cases (PL 74)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.evaluation.period import Period, month_of


class Ranking(DistrictModel):
    """The appraisal of one month: computed as often as wanted until it is frozen, then never again (S72)."""

    class State(models.TextChoices):
        COMPUTED = "computed", _("provisional")
        FROZEN = "frozen", _("frozen")

    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.COMPUTED)
    rubric = models.CharField(_("rubric"), max_length=20)
    computed_at = models.DateTimeField(_("computed at"))
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(_("frozen at"), null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["district", "month"], name="one_ranking_a_month"),
            models.CheckConstraint(
                condition=Q(state="computed") | Q(frozen_at__isnull=False, frozen_by__isnull=False),
                name="frozen_ranking_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def period(self) -> Period:
        """The month as it was looked at when this was computed."""
        return month_of(self.month, self.computed_at)


class Score(DistrictModel):
    """One unit in one ranking. `points` is cut off after eight decimals for sorting; the exact score is remade from `lines`.

    `lines` holds for each indicator its weight, numerator, denominator, what could still be finished, and the points it took.
    """

    ranking = DistrictForeignKey(Ranking, models.CASCADE, related_name="scores")
    unit = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("unit"))
    group = models.CharField(_("group"), max_length=20)
    points = models.DecimalField(_("score"), max_digits=11, decimal_places=8, null=True)
    grade = models.CharField(_("grade"), max_length=2, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), null=True)
    measured = models.PositiveSmallIntegerField(_("weight with data"))
    lines = models.JSONField(default=list)

    class Meta(DistrictModel.Meta):
        ordering = ["group", models.F("place").asc(nulls_last=True), "unit"]
        constraints = [models.UniqueConstraint(fields=["district", "ranking", "unit"], name="unit_is_scored_once")]

    @property
    def month(self) -> date:
        """The month of the ranking."""
        return self.ranking.month
