"""Plan: the campaign of a hundred days, the plans of its two headquarters, targets, tasks, and meetings whose decisions become tasks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel


class Campaign(DistrictModel):
    """One round of a campaign; both days belong to it. An extension adds a phase and keeps the first end (S28)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        LAUNCHED = "launched", _("launched")
        CLOSED = "closed", _("closed")

    name = models.CharField(_("name"), max_length=80)
    round_number = models.PositiveSmallIntegerField(_("round"), default=1)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    headquarters = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("headquarters"))

    class Meta(DistrictModel.Meta):
        ordering = ["-starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "name", "round_number"], name="campaign_round_is_unique"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(DistrictModel):
    """A stretch of the campaign with a name: mobilise, put right, consolidate."""

    campaign = DistrictForeignKey(Campaign, models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=40)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    class Meta(DistrictModel.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["district", "campaign", "number"], name="phase_number_is_unique")]


class Plan(DistrictModel):
    """What one headquarters has issued (S36): number of the paper, and items of exactly four kinds (S37)."""

    campaign = DistrictForeignKey(Campaign, models.PROTECT, related_name="plans")
    issuer = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("issued by"))
    number = models.CharField(_("document number"), max_length=60)
    title = models.CharField(_("title"), max_length=120)
    issued_at = models.DateTimeField(_("issued at"), null=True)

    class Meta(DistrictModel.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="plan_number_is_unique")]

    def __str__(self) -> str:
        return self.title


class PlanItem(DistrictModel):
    """A goal, requirement, step or measure; a measure has an owner and days (S07)."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("goal")
        REQUIREMENT = "requirement", _("requirement")
        STEP = "step", _("step")
        MEASURE = "measure", _("measure")

    plan = DistrictForeignKey(Plan, models.CASCADE, related_name="items")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("text"), max_length=300)
    goal = DistrictForeignKey("self", models.PROTECT, null=True, related_name="measures", verbose_name=_("serves the goal"))
    owner = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("owner"))
    from_on = models.DateField(_("from"), null=True)
    until_on = models.DateField(_("until"), null=True)

    class Meta(DistrictModel.Meta):
        ordering = ["kind", "number"]
        constraints = [models.UniqueConstraint(fields=["district", "plan", "kind", "number"], name="plan_item_is_unique")]

    def __str__(self) -> str:
        return self.text


class Target(DistrictModel):
    """A goal in figures: an indicator by name, the value to reach, and the day. The indicator is computed above and read down."""

    campaign = DistrictForeignKey(Campaign, models.PROTECT, related_name="targets")
    goal = DistrictForeignKey(PlanItem, models.PROTECT, null=True, related_name="targets", verbose_name=_("goal"))
    title = models.CharField(_("title"), max_length=100)
    indicator = models.CharField(_("indicator"), max_length=40)
    value = models.DecimalField(_("value to reach, %"), max_digits=6, decimal_places=2)
    due_on = models.DateField(_("due on"))

    class Meta(DistrictModel.Meta):
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["district", "campaign", "indicator"], name="target_is_unique")]

    def __str__(self) -> str:
        return self.title


class Reading(DistrictModel):
    """What an indicator said on a day: numerator and denominator, so that a share never stands without its base."""

    target = DistrictForeignKey(Target, models.CASCADE, related_name="readings")
    on = models.DateField(_("on"))
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()

    class Meta(DistrictModel.Meta):
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["district", "target", "on"], name="one_reading_a_day")]


class Meeting(DistrictModel):
    """A meeting of the headquarters; it cannot be closed while an item of its agenda has no outcome (S17, S61)."""

    class Kind(models.TextChoices):
        MOBILISATION = "mobilisation", _("mobilisation meeting")
        DISPATCH = "dispatch", _("dispatch meeting")
        ROUTINE = "routine", _("routine meeting")

    class State(models.TextChoices):
        CALLED = "called", _("called")
        CLOSED = "closed", _("closed, minutes issued")

    campaign = DistrictForeignKey(Campaign, models.PROTECT, related_name="meetings")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    title = models.CharField(_("title"), max_length=100)
    held_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place"), max_length=100)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("host"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.CALLED)

    class Meta(DistrictModel.Meta):
        ordering = ["-held_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Attendance(DistrictModel):
    """A unit asked to a meeting, and who came for it; a unit with nobody there stays visible."""

    meeting = DistrictForeignKey(Meeting, models.CASCADE, related_name="attendances")
    unit = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("unit"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("present"))

    class Meta(DistrictModel.Meta):
        ordering = ["unit"]
        constraints = [models.UniqueConstraint(fields=["district", "meeting", "unit"], name="unit_is_asked_once")]


class AgendaItem(DistrictModel):
    """What is put before a meeting and what comes of it: decisions, or a deferral to a day."""

    meeting = DistrictForeignKey(Meeting, models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("text"), max_length=300)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    deferred_to = models.DateField(_("deferred to"), null=True, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["district", "meeting", "number"], name="agenda_number_is_unique")]


class Task(DistrictModel):
    """Work with a unit, a leader, a person and a day. The one who does it never closes it."""

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("assigned")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("reported done")
        VERIFIED = "verified", _("verified")
        CANCELLED = "cancelled", _("cancelled")

    campaign = DistrictForeignKey(Campaign, models.PROTECT, related_name="tasks")
    title = models.CharField(_("title"), max_length=200)
    measure = DistrictForeignKey(PlanItem, models.PROTECT, null=True, related_name="tasks", verbose_name=_("measure"))
    decision = DistrictForeignKey(AgendaItem, models.PROTECT, null=True, related_name="tasks", verbose_name=_("decision"))
    source = models.CharField(max_length=90, blank=True)
    unit = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("unit"))
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("leader"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ASSIGNED)
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta(DistrictModel.Meta):
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["district", "campaign", "state", "due_at"], name="task_by_state")]

    def __str__(self) -> str:
        return self.title


class Progress(DistrictModel):
    """A report on a task; without evidence it is asserted, not verified (S08)."""

    task = DistrictForeignKey(Task, models.CASCADE, related_name="progress")
    text = models.CharField(_("text"), max_length=500)
    photo = DistrictForeignKey("core.Photo", models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]
