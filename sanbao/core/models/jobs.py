"""Work to be done later, in the same database and the same transaction as what caused it."""

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7


class Job(models.Model):
    """One task with its lease: whoever holds the lease works; when a worker dies, the lease ends and another takes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district = models.ForeignKey("core.District", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    args = models.JSONField(default=dict)
    uniq = models.CharField(max_length=160, null=True, unique=True)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ["run_at", "id"]
        indexes = [
            models.Index(fields=["run_at"], condition=Q(done_at__isnull=True, dead_at__isnull=True), name="job_waiting"),
        ]
