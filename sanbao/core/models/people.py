"""Who works here: the district, its departments, people, what they are posted to, and the certificates they hold.

These are reference tables: small, read everywhere, joined without a district.
"""

from datetime import date, datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class District(models.Model):
    """A district with its GB/T 2260 code; the boundary is GeoJSON coordinates of one polygon ring, WGS-84."""

    code = models.PositiveIntegerField(_("code"), primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    government = models.CharField(_("people's government"), max_length=80, blank=True)
    court = models.CharField(_("people's court"), max_length=80, blank=True)
    law_file = models.CharField(_("local law parameters"), max_length=80, blank=True)
    boundary = models.JSONField(_("boundary"), default=list, blank=True)
    invented = models.BooleanField(_("invented for demonstration"), default=False)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A unit with its kind; a unit exists from one day to another (S03)."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("headquarters")
        BUREAU = "bureau", _("enforcement bureau")
        STREET = "street", _("street office")
        DEPARTMENT = "department", _("department")
        COMMUNITY = "community", _("community")
        PRESS = "press", _("press")

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("district"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent"))
    document_prefix = models.CharField(_("document prefix"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["district", "code"], name="department_code_is_unique")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who works for a department. Names are shown to staff in full and to the public never."""

    name = models.CharField(_("name"), max_length=60)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="people", verbose_name=_("department"))
    title = models.CharField(_("title"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def roles_on(self, day: date) -> frozenset[str]:
        """The roles this person holds on a day; one query, remembered for the life of the object."""
        if not hasattr(self, "_postings_read"):
            self._postings_read = list(self.postings.all())
        return frozenset(posting.role for posting in self._postings_read if posting.covers(day))

    def certificate_at(self, at: datetime, kind: str = "enforcement") -> "Certificate | None":
        """The certificate of that kind that is valid on the day of `at`, if any."""
        from sanbao.core.clock import local_day

        day = local_day(at)
        return next((paper for paper in self.certificates.all() if paper.kind == kind and paper.covers(day)), None)


class Posting(models.Model):
    """One person in one role of one department for a time (S12, S39, S68): membership is never overwritten."""

    user = models.ForeignKey(User, models.CASCADE, related_name="postings", verbose_name=_("person"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="postings", verbose_name=_("department"))
    role = models.CharField(_("role"), max_length=30)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")), name="posting_ends_after_it_begins"
            )
        ]

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


class Certificate(models.Model):
    """An enforcement certificate (PL 42) or a legal reviewer's qualification (PL 58) with its validity, both days included."""

    class Kind(models.TextChoices):
        ENFORCEMENT = "enforcement", _("enforcement certificate")
        LEGAL = "legal", _("legal reviewer's qualification")

    user = models.ForeignKey(User, models.CASCADE, related_name="certificates", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ENFORCEMENT)
    number = models.CharField(_("number"), max_length=40)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    class Meta:
        ordering = ["-until_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="certificate_number_is_unique")]

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on
