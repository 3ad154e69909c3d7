"""Photos and issued documents. The bytes lie in the file store, addressed by their hash; these rows describe them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel


class Photo(DistrictModel):
    """A checked picture: the original as sent (kept inside) and a public copy without metadata."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width, pixels"))
    height = models.PositiveIntegerField(_("height, pixels"))
    mime = models.CharField(max_length=30)
    original = models.CharField(max_length=120)
    public = models.CharField(max_length=120)
    taken_at = models.DateTimeField(_("taken at"), null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    stored_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(DistrictModel.Meta):
        constraints = [models.UniqueConstraint(fields=["district", "sha256"], name="photo_hash_is_unique")]


class Attachment(DistrictModel):
    """A photo in its role for a subject of any room: before, after, recheck, signature, evidence."""

    subject = models.CharField(max_length=90)
    role = models.CharField(max_length=20)
    photo = DistrictForeignKey(Photo, models.PROTECT, related_name="uses")
    note = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["district", "subject"], name="attachment_by_subject")]
        constraints = [models.UniqueConstraint(fields=["district", "subject", "role", "photo"], name="attachment_is_given_once")]


class Sequence(models.Model):
    """The last number given, per district, kind and year; numbers leave no gaps because the row moves with the document."""

    district = models.ForeignKey("core.District", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "kind", "year"], name="sequence_is_unique")]


class IssuedDocument(DistrictModel):
    """A paper as it was issued: number, frozen facts, PDF by hash. It is never made anew, only read again."""

    kind = models.CharField(_("kind"), max_length=40)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("document number"), max_length=60)
    title = models.CharField(_("title"), max_length=120)
    subject = models.CharField(max_length=90)
    facts = models.JSONField(default=dict)
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=1)
    check_code = models.CharField(max_length=32)
    issued_at = models.DateTimeField(_("issued at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["issued_at", "id"]
        indexes = [models.Index(fields=["district", "subject"], name="document_by_subject")]
        constraints = [
            models.UniqueConstraint(fields=["district", "kind", "year", "serial"], name="document_serial_is_unique"),
            models.UniqueConstraint(fields=["district", "check_code"], name="document_check_code_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
