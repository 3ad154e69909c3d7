"""Publications: frozen, approved copies of what the public may see. They point at their source by text and never follow it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel

PERSON = settings.AUTH_USER_MODEL
LIVE = ("proposed", "reviewed", "approved", "published")


class Publication(DistrictModel):
    """One matter for the public. `data` is the frozen copy, in rows; `answers` what the reviewer has answered about privacy.

    `photo` and `photo_after` are blurred copies, never a picture as it came in; `masks` says what was blurred, from which picture and
    by whom. `ends_on` is the last day on which it is shown. `annulled_at` starts the clock of the withdrawal (PL 48).
    """

    class Kind(models.TextChoices):
        EXPOSURE = "exposure", _("exposed problem")
        DECISION = "decision", _("penalty decision")
        COMMENDATION = "commendation", _("commendation")
        RANKING = "ranking", _("ranking")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        REVIEWED = "reviewed", _("privacy checked")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", _("ended")
        DISCARDED = "discarded", _("discarded")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    data = models.JSONField(default=dict)
    photo = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("picture"))
    photo_after = DistrictForeignKey(
        "core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("picture afterwards")
    )
    masks = models.JSONField(default=list)
    source = models.CharField(_("source"), max_length=90)
    cause = models.ForeignKey("core.Entry", models.PROTECT, null=True, editable=False, related_name="+")
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    answers = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    ends_on = models.DateField(_("shown until"), null=True)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("privacy checked by"))
    reviewed_at = models.DateTimeField(_("privacy checked at"), null=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True)
    published_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True)
    annulled_at = models.DateTimeField(_("decision changed or annulled at"), null=True)
    ended_at = models.DateTimeField(_("withdrawn or ended at"), null=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["-proposed_at", "-id"]
        indexes = [
            models.Index(fields=["district", "state", "kind", "published_at"], name="publication_by_state"),
            models.Index(fields=["district", "source"], name="publication_by_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "cause"], condition=Q(cause__isnull=False), name="drafted_once_per_cause"
            ),
            models.UniqueConstraint(
                fields=["district", "kind", "source"], condition=Q(state__in=LIVE), name="one_live_publication_per_source"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(reviewed_by__isnull=False, approved_by__isnull=False, published_at__isnull=False),
                name="published_after_review_and_approval",
            ),
        ]

    def __str__(self) -> str:
        return self.title
