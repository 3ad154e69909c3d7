"""What is written down about the sides of a street besides the fronts themselves: further frontages of one premises, stretches without
fronts and why, widths, the rule that was chosen, and decisions on the spot. How zones follow from it is `tiling.py` and `zones.py`.

Every row holds from a day until the day before `ended_on` (None: to this day); a row is ended, never changed or deleted.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.registry.models import Premises


class Dated(DistrictModel):
    """A row that holds from `from_on` until the day before `ended_on`, and who wrote it."""

    from_on = models.DateField(_("from"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(DistrictModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.from_on} – {self.ended_on or ''}"


def _an_interval(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(start_m__gte=0, end_m__gt=F("start_m")), name=name)


def _ends_later(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("from_on")), name=name)


class AdditionalFrontage(Dated):
    """One more frontage of premises that have one already or none of their own: round the corner, on the back lane, a stair they share."""

    class Kind(models.TextChoices):
        CORNER = "corner", _("round the corner")
        BACK_LANE = "back_lane", _("on the back lane")
        SECOND_DOOR = "second_door", _("a second door on the street")
        STAIR = "stair", _("a stair or entrance shared with others")

    premises = DistrictForeignKey(Premises, models.PROTECT, related_name="+", verbose_name=_("premises"))
    segment = DistrictForeignKey("registry.Segment", models.PROTECT, related_name="+", verbose_name=_("segment"))
    side = models.CharField(_("side"), max_length=5, choices=Premises.Side)
    start_m = models.DecimalField(_("from, m"), max_digits=8, decimal_places=2)
    end_m = models.DecimalField(_("to, m"), max_digits=8, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta(Dated.Meta):
        ordering = ["segment", "side", "start_m", "id"]
        indexes = [models.Index(fields=["district", "premises"], name="frontage_by_premises")]
        constraints = [_an_interval("further_frontage_is_an_interval"), _ends_later("frontage_ends_after_it_began")]


class NoFrontRange(Dated):
    """A stretch of a side on which nothing fronts, and why: so that a gap is explained and not overlooked."""

    class Reason(models.TextChoices):
        WALL = "wall", _("wall")
        GREEN = "green", _("green")
        GATE = "gate", _("gate or driveway")
        WORKS = "works", _("construction hoarding")
        CROSSING = "crossing", _("junction or crossing")
        PUBLIC = "public", _("public facility")
        OTHER = "other", _("other reason")

    segment = DistrictForeignKey("registry.Segment", models.PROTECT, related_name="+", verbose_name=_("segment"))
    side = models.CharField(_("side"), max_length=5, choices=Premises.Side)
    start_m = models.DecimalField(_("from, m"), max_digits=8, decimal_places=2)
    end_m = models.DecimalField(_("to, m"), max_digits=8, decimal_places=2)
    reason_code = models.CharField(_("kind of reason"), max_length=10, choices=Reason)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        ordering = ["segment", "side", "start_m", "id"]
        constraints = [
            _an_interval("range_is_an_interval"),
            _ends_later("range_ends_after_it_began"),
            models.CheckConstraint(condition=~Q(reason_code="other") | ~Q(reason=""), name="other_range_has_a_reason"),
        ]


class SideMeasure(Dated):
    """How wide one side of a segment is: the pavement from wall foot to kerb (0: there is none), and from the kerb to the centre line."""

    segment = DistrictForeignKey("registry.Segment", models.PROTECT, related_name="+", verbose_name=_("segment"))
    side = models.CharField(_("side"), max_length=5, choices=Premises.Side)
    pavement_m = models.DecimalField(_("pavement, m"), max_digits=6, decimal_places=2, null=True)
    road_m = models.DecimalField(_("kerb to centre line, m"), max_digits=6, decimal_places=2, null=True)

    class Meta(Dated.Meta):
        ordering = ["segment", "side", "from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "segment", "side"], condition=Q(ended_on__isnull=True), name="one_present_width"
            ),
            _ends_later("width_ends_after_it_began"),
        ]


class ZoneRuleChoice(Dated):
    """Which rule of `texts/` the district follows from a day on."""

    rule = models.CharField(_("rule"), max_length=40)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta(Dated.Meta):
        ordering = ["-from_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district"], condition=Q(ended_on__isnull=True), name="one_present_zone_rule"),
            _ends_later("zone_rule_ends_after_it_began"),
        ]


class ZoneDecision(Dated):
    """A decision on the spot about one zone: its boundary with the next (`at_m`), its depth, or that it is an entrance with a reach of its own.

    `replaces` is the decision it took the place of, which an undo puts back.
    """

    class Kind(models.TextChoices):
        BOUNDARY = "boundary", _("boundary between two neighbours")
        DEPTH = "depth", _("depth of a zone")
        ENTRANCE = "entrance", _("entrance of a market or public facility")

    class Entrance(models.TextChoices):
        MARKET = "market", _("market")
        FACILITY = "facility", _("public facility")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    segment = DistrictForeignKey("registry.Segment", models.PROTECT, related_name="+", verbose_name=_("segment"))
    side = models.CharField(_("side"), max_length=5, choices=Premises.Side)
    premises = DistrictForeignKey(Premises, models.PROTECT, related_name="+", verbose_name=_("premises"))
    neighbour = DistrictForeignKey(Premises, models.PROTECT, null=True, related_name="+", verbose_name=_("neighbour"))
    at_m = models.DecimalField(_("boundary at, m"), max_digits=8, decimal_places=2, null=True)
    depth_m = models.DecimalField(_("depth, m"), max_digits=6, decimal_places=2, null=True)
    entrance = models.CharField(_("entrance of"), max_length=10, choices=Entrance, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    undone_reason = models.CharField(_("why undone"), max_length=300, blank=True)
    replaces = DistrictForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("replaces"))

    class Meta(Dated.Meta):
        ordering = ["segment", "side", "-recorded_at", "-id"]
        indexes = [models.Index(fields=["district", "segment", "side"], name="decision_by_side")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "segment", "side", "kind", "premises"],
                condition=Q(ended_on__isnull=True),
                name="one_present_decision",
            ),
            models.CheckConstraint(
                condition=Q(kind="boundary", neighbour__isnull=False, at_m__gte=0)
                | Q(kind="depth", depth_m__gt=0)
                | Q(kind="entrance") & ~Q(entrance=""),
                name="decision_says_what_it_decides",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            _ends_later("decision_ends_after_it_began"),
        ]
