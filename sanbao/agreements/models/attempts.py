"""What is done to reach everybody: notices where nobody signs, paper letters typed in, signing rounds with their visits, printed batches."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.agreements.models.letters import Agreement, Form
from sanbao.core.district import DistrictForeignKey, DistrictModel


class ZoneNotice(DistrictModel):
    """The letter made known without a signature (留置、张贴告知): by two persons, or by one before a witness, with photos.

    It counts on its own and never as signed. Where neither a signature nor a notice is on record, the duty stays with the authority.
    """

    class Manner(models.TextChoices):
        LEFT = "left", _("left with the person who declined")
        POSTED = "posted", _("posted at the front")

    letter = DistrictForeignKey(Agreement, models.PROTECT, related_name="notices", verbose_name=_("letter"))
    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    manner = models.CharField(_("manner"), max_length=8, choices=Manner)
    noticed_at = models.DateTimeField(_("made known at"))
    noticed_on = models.DateField(_("made known on"))
    place = models.CharField(_("place"), max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("second person")
    )
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    document = DistrictForeignKey("core.IssuedDocument", models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))

    class Meta(DistrictModel.Meta):
        ordering = ["noticed_at", "id"]
        indexes = [models.Index(fields=["district", "premises"], name="zone_notice_by_premises")]
        constraints = [
            models.CheckConstraint(condition=Q(second__isnull=False) | ~Q(witness=""), name="zone_notice_is_seen_by_two"),
        ]


class PaperEntry(DistrictModel):
    """A letter signed in ink, typed in from its photos; it counts once a second person has compared the two.

    `items` maps the code of an item to {agreed, reason}.
    """

    class State(models.TextChoices):
        TYPED = "typed", _("typed in, waiting for the second person")
        CONFIRMED = "confirmed", _("compared and confirmed")
        REJECTED = "rejected", _("rejected")

    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, related_name="+", verbose_name=_("merchant"))
    form = DistrictForeignKey(Form, models.PROTECT, related_name="+", verbose_name=_("form"))
    letter = DistrictForeignKey(Agreement, models.PROTECT, null=True, related_name="paper_entries", verbose_name=_("letter"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.TYPED)
    signed_on = models.DateField(_("signed on"))
    signer_name = models.CharField(_("signer"), max_length=60)
    signer_capacity = models.CharField(_("capacity"), max_length=12, choices=Agreement.Capacity)
    items = models.JSONField(_("items"), default=dict)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("typed in by"))
    typed_at = models.DateTimeField(_("typed in at"))
    compared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("compared by")
    )
    compared_at = models.DateTimeField(_("compared at"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["typed_at", "id"]
        indexes = [models.Index(fields=["district", "state", "id"], name="paper_entry_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "premises", "merchant"], condition=Q(state="typed"), name="one_paper_entry_waiting"
            ),
            models.CheckConstraint(
                condition=Q(compared_by__isnull=True) | ~Q(compared_by=F("typed_by")), name="paper_entry_is_seen_by_two"
            ),
        ]


class SigningRound(DistrictModel):
    """A named round of signing in one area. Which fronts belong to it is never copied: whoever needs a letter is in it.

    `left` is what remained when it was closed: a list of {premises, address, kind, reason}.
    """

    name = models.CharField(_("name"), max_length=80)
    area = DistrictForeignKey("registry.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    unit = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    form = DistrictForeignKey(Form, models.PROTECT, related_name="+", verbose_name=_("form"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    left = models.JSONField(_("left over"), default=list)

    class Meta(DistrictModel.Meta):
        ordering = ["-from_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "name"], name="signing_round_name_is_unique"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="signing_round_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class RoundMember(DistrictModel):
    """A person who walks for a round."""

    round = DistrictForeignKey(SigningRound, models.CASCADE, related_name="members", verbose_name=_("signing round"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta(DistrictModel.Meta):
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["district", "round", "person"], name="round_member_is_named_once")]


class Attempt(DistrictModel):
    """One call at a front that brought no signature, and when to try again. What brought one is told by the letter itself."""

    class Result(models.TextChoices):
        NOT_MET = "not_met", _("nobody met")
        SHUT = "shut", _("shop shut")
        PUT_OFF = "put_off", _("asked for time")

    premises = DistrictForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("premises"))
    merchant = DistrictForeignKey("registry.Merchant", models.PROTECT, null=True, related_name="+", verbose_name=_("merchant"))
    result = models.CharField(_("result"), max_length=8, choices=Result)
    at = models.DateTimeField(_("called at"))
    on = models.DateField(_("called on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    next_on = models.DateField(_("next try"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["district", "premises", "on"], name="attempt_by_premises")]
        constraints = [
            models.CheckConstraint(condition=Q(next_on__isnull=True) | Q(next_on__gt=F("on")), name="next_try_is_later"),
        ]


class LetterPrint(DistrictModel):
    """A batch of letters printed as one PDF by the worker, part after part so that it goes on after a break.

    `letters` are their ids in walking order; `parts` the finished pieces [{file, count, pages}]; `file` the whole when it is done.
    """

    title = models.CharField(_("title"), max_length=120)
    unit = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("unit"))
    letters = models.JSONField(default=list)
    base = models.CharField(max_length=200)
    parts = models.JSONField(default=list)
    file = models.CharField(max_length=120, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    asked_at = models.DateTimeField(_("asked for at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(DistrictModel.Meta):
        ordering = ["-asked_at", "-id"]
