"""The journal: append-only entries and the hash chain that seals them.

Triggers of the database refuse to change or delete an entry; only the mark `pending` may fall, once the worker has sealed and routed
the entry. Entries hold ids, never personal data.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """What somebody did: action, subject (`room.model:id`), who, when (instant of the act), and small facts."""

    id = models.BigAutoField(primary_key=True)
    district = models.ForeignKey("core.District", models.PROTECT, related_name="+", verbose_name=_("district"))
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=90)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    written_at = models.DateTimeField(_("written at"))
    data = models.JSONField(_("facts"), default=dict)
    pending = models.BooleanField(default=True, editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["district", "subject", "id"], name="entry_by_subject"),
            models.Index(fields=["district", "action", "at"], name="entry_by_action"),
            models.Index(fields=["id"], condition=models.Q(pending=True), name="entry_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.subject}"


class Seal(models.Model):
    """One link of a district's chain: SHA-256 over the previous link and the canonical text of one entry."""

    district = models.ForeignKey("core.District", models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["district", "number"]
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="seal_number_is_unique")]
