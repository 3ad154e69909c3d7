"""What runs beside a case: preserved evidence, sealing and seizure. Their steps are the law's (`sanbao.law.measures`)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.penalties.models.case import Case

PERSON = settings.AUTH_USER_MODEL


class Measure(DistrictModel):
    """Things preserved as evidence (PL 56) or sealed and seized (CL 22-28) in one act, from the proposal to the return.

    `items` is the list that is handed over: each a name, a quantity, its condition, and later what was decided about it. `answers`
    holds what the officers declare, by the names of the law's facts.
    """

    class Kind(models.TextChoices):
        PRESERVATION = "preservation", _("registered and preserved as evidence")
        SEIZURE = "seizure", _("sealed or seized")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        PRESERVED = "preserved", _("preserved")
        SEIZED = "seized", _("sealed or seized")
        DISPOSED = "disposed", _("decided item by item")
        RETURNED = "returned", _("returned")
        RELEASED = "released", _("released")
        DISCARDED = "discarded", _("discarded")

    case = DistrictForeignKey(Case, models.PROTECT, related_name="measures", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    items = models.JSONField(_("things"), default=list)
    place = models.CharField(_("where they are kept"), max_length=160)
    keeper = models.CharField(_("who keeps them"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    answers = models.JSONField(default=dict)
    urgent = models.BooleanField(_("urgent"), default=False)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    started_at = models.DateTimeField(_("taken at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["proposed_at", "id"]

    def __str__(self) -> str:
        return "、".join(str(item.get("name", "")) for item in self.items)


class MeasureStep(DistrictModel):
    """One step of a measure with the facts it was judged by and its warnings."""

    measure = DistrictForeignKey(Measure, models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=30)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("reason"), blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    warnings = models.JSONField(_("warnings"), default=list)

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]
