"""Places and parties: areas, streets, premises on a side of a segment, merchants and who occupies what from when.

Positions are WGS-84; lengths and frontages are metres along the segment. An occupancy covers both its days; where two meet on
one day, the one that began later counts.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.registry.fields import KeyField
from sanbao.registry.responsibility_models import Responsibility as Responsibility
from sanbao.registry.text import address_key, name_key


class Area(DistrictModel):
    """A node of the tree district → street or town → community; `unit` answers for its premises."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        STREET = "street", _("street or town")
        COMMUNITY = "community", _("community")

    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    parent = DistrictForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("parent"))
    path = models.CharField(max_length=60, db_index=True, editable=False)
    unit = models.ForeignKey("core.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("responsible unit"))
    boundary = models.JSONField(_("boundary"), default=list, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["district", "code"], name="area_code_is_unique")]

    def __str__(self) -> str:
        return self.name


class Street(DistrictModel):
    """A named street."""

    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["district", "name"], name="street_name_is_unique")]

    def __str__(self) -> str:
        return self.name


class Segment(DistrictModel):
    """A stretch of a street, drawn as a line of [lon, lat] pairs; metres run from its first point, sides by walking direction."""

    street = DistrictForeignKey(Street, models.PROTECT, related_name="segments", verbose_name=_("street"))
    area = DistrictForeignKey(Area, models.PROTECT, related_name="segments", verbose_name=_("area"))
    number = models.PositiveSmallIntegerField(_("number"))
    line = models.JSONField(_("line"))
    length_m = models.DecimalField(_("length, m"), max_digits=8, decimal_places=2)
    left_has_fronts = models.BooleanField(_("left side has fronts"), default=True)
    right_has_fronts = models.BooleanField(_("right side has fronts"), default=True)

    class Meta(DistrictModel.Meta):
        ordering = ["street", "number"]
        constraints = [
            models.UniqueConstraint(fields=["district", "street", "number"], name="segment_number_is_unique"),
            models.CheckConstraint(condition=Q(length_m__gt=0), name="segment_has_length"),
        ]


class Premises(DistrictModel):
    """One front: where it is, how far it reaches along its side of the street, and whether anybody trades there.

    A front that two lists named twice is kept once; the other is `merged_into` it and counts on no day (ADR 0013).
    """

    class Side(models.TextChoices):
        LEFT = "left", _("left side")
        RIGHT = "right", _("right side")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        VACANT = "vacant", _("vacant")
        FITTING_OUT = "fitting_out", _("being fitted out")
        DEMOLISHED = "demolished", _("demolished")

    code = models.CharField(_("code"), max_length=24)
    area = DistrictForeignKey(Area, models.PROTECT, related_name="premises", verbose_name=_("area"))
    segment = DistrictForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="premises", verbose_name=_("segment")
    )
    side = models.CharField(_("side"), max_length=5, choices=Side, blank=True)
    start_m = models.DecimalField(_("from, m"), max_digits=8, decimal_places=2, null=True, blank=True)
    end_m = models.DecimalField(_("to, m"), max_digits=8, decimal_places=2, null=True, blank=True)
    chainage_m = models.DecimalField(_("position along the segment, m"), max_digits=8, decimal_places=2, null=True, blank=True)
    address = models.CharField(_("address"), max_length=160)
    address_key = KeyField(source="address", fold=address_key, max_length=160)
    sign_name = models.CharField(_("name on the sign"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    cell = models.BigIntegerField(null=True, db_index=True, editable=False)
    known_since = models.DateField(_("known since"))
    gone_on = models.DateField(_("gone on"), null=True, blank=True)
    merged_into = DistrictForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["segment", "side", "start_m", "id"]
        indexes = [
            models.Index(fields=["district", "area", "id"], name="premises_by_area"),
            models.Index(fields=["district", "address_key"], name="premises_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["district", "code"], name="premises_code_is_unique"),
            models.CheckConstraint(
                condition=Q(start_m__isnull=True, end_m__isnull=True) | Q(start_m__gte=0, end_m__gt=F("start_m")),
                name="frontage_is_an_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.sign_name or self.address


class Merchant(DistrictModel):
    """Who trades: a unit, an individual business, or a resident answering for a front."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("individual business")
        COMPANY = "company", _("company or other unit")
        PERSON = "person", _("natural person")

    name = models.CharField(_("name"), max_length=160)
    name_key = KeyField(source="name", fold=name_key, max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True)
    operator = models.CharField(_("operator or legal representative"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    scope = models.CharField(_("scope of business"), max_length=1000, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["district", "name_key"], name="merchant_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "credit_code"], condition=Q(credit_code__isnull=False), name="credit_code_is_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Occupancy(DistrictModel):
    """A merchant in premises from one day to another, both included; at most one open occupancy per premises."""

    premises = DistrictForeignKey(Premises, models.PROTECT, related_name="occupancies", verbose_name=_("premises"))
    merchant = DistrictForeignKey(Merchant, models.PROTECT, related_name="occupancies", verbose_name=_("merchant"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta(DistrictModel.Meta):
        ordering = ["from_on", "id"]
        indexes = [models.Index(fields=["district", "premises", "from_on"], name="occupancy_by_premises")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "premises"], condition=Q(until_on__isnull=True), name="one_present_occupant"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="occupancy_ends_after_it_begins"
            ),
        ]


class Register(DistrictModel):
    """A list that some authority keeps: its source in words and its kind."""

    class Kind(models.TextChoices):
        MARKET = "market", _("market register")
        CENSUS = "census", _("field census")
        ADDRESS = "address", _("address or utility list")
        PLATFORM = "platform", _("platform list")

    source = models.CharField(_("source"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta(DistrictModel.Meta):
        ordering = ["source"]
        constraints = [models.UniqueConstraint(fields=["district", "source"], name="register_source_is_unique")]

    def __str__(self) -> str:
        return self.source


class ImportRun(DistrictModel):
    """One file read into a register: the file itself by hash, the plan, and what was confirmed.

    `plan` is the stored preview (JSON by hash); `based_on` the run that had last been applied when the plan was made; `progress` is
    `{"done": rows, "of": rows}` while it is being applied.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received, columns not understood yet")
        PLANNED = "planned", _("planned, nothing written yet")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        DROPPED = "dropped", _("dropped")

    register = DistrictForeignKey(Register, models.PROTECT, related_name="runs", verbose_name=_("register"))
    file_name = models.CharField(_("file name"), max_length=200)
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    plan = models.CharField(max_length=120, blank=True)
    based_on = models.UUIDField(null=True)
    progress = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["-planned_at", "-id"]


class RegisterRecord(DistrictModel):
    """One line of a register as last read: its own key, the understood fields, and what it became here."""

    register = DistrictForeignKey(Register, models.PROTECT, related_name="records", verbose_name=_("register"))
    key = models.CharField(_("key"), max_length=200)
    fields = models.JSONField(_("fields"), default=dict)
    digest = models.CharField(max_length=64)
    row_number = models.PositiveIntegerField(_("row"))
    merchant = DistrictForeignKey(Merchant, models.PROTECT, null=True, related_name="records")
    premises = DistrictForeignKey(Premises, models.PROTECT, null=True, related_name="records")
    first_run = DistrictForeignKey(ImportRun, models.PROTECT, related_name="+")
    last_run = DistrictForeignKey(ImportRun, models.PROTECT, related_name="+")
    gone_since = models.DateField(null=True)

    class Meta(DistrictModel.Meta):
        ordering = ["register", "row_number", "id"]
        indexes = [models.Index(fields=["district", "premises", "register"], name="record_by_premises")]
        constraints = [models.UniqueConstraint(fields=["district", "register", "key"], name="register_key_is_unique")]


class ImportFault(DistrictModel):
    """A row that could not be used: its number, its text and the reason; it is kept, never lost."""

    run = DistrictForeignKey(ImportRun, models.CASCADE, related_name="faults")
    row_number = models.PositiveIntegerField(_("row"))
    raw = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=60)
    detail = models.JSONField(default=dict)

    class Meta(DistrictModel.Meta):
        ordering = ["run", "row_number", "id"]


class LinkRun(DistrictModel):
    """Two registers laid beside each other once: on which imports of theirs, and what came of it.

    `counts` holds `pairs`, `joined`, `suggested`, `doubted` and `withdrawn`; `done_at` is empty while the run is being written.
    """

    one = DistrictForeignKey(Register, models.PROTECT, related_name="+", verbose_name=_("register"))
    other = DistrictForeignKey(Register, models.PROTECT, related_name="+", verbose_name=_("other register"))
    one_import = models.UUIDField(null=True)
    other_import = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)
    begun_at = models.DateTimeField(_("begun at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["-begun_at", "-id"]


class RecordLink(DistrictModel):
    """Two records of different registers that may speak of one front: how likely it is, why, and what was decided.

    `one` is always the record with the smaller id. `parts` lists [field, sentence, weight in bits]; `by` is empty where no person
    decided. `because` is the link whose decision withdrew this one.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("to be decided")
        ASKED = "asked", _("asked of the street")
        DOUBTED = "doubted", _("joined, but the lists no longer agree")
        JOINED = "joined", _("the same front")
        APART = "apart", _("different fronts")
        WITHDRAWN = "withdrawn", _("no longer in question")

    one = DistrictForeignKey(RegisterRecord, models.PROTECT, related_name="+", verbose_name=_("record"))
    other = DistrictForeignKey(RegisterRecord, models.PROTECT, related_name="+", verbose_name=_("other record"))
    probability = models.FloatField(_("probability"))
    weight = models.FloatField(_("weight, bits"))
    parts = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUGGESTED)
    found_at = models.DateTimeField(_("found at"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    because = DistrictForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta(DistrictModel.Meta):
        ordering = ["-probability", "id"]
        indexes = [
            models.Index(fields=["district", "state", "-probability", "id"], name="link_by_state"),
            models.Index(fields=["district", "other"], name="link_by_other"),
        ]
        constraints = [models.UniqueConstraint(fields=["district", "one", "other"], name="pair_is_linked_once")]


class PremisesMerge(DistrictModel):
    """What was moved when two records were found to speak of one front, so that they can be separated again.

    `kept` took over everything of `merged`; `merged` is empty where one record had no front of its own. `moved` is what this room moved,
    `followed` what other rooms moved after it ({model label: {row id: former values}}).
    """

    link = DistrictForeignKey(RecordLink, models.PROTECT, related_name="merges")
    kept = DistrictForeignKey(Premises, models.PROTECT, related_name="+")
    merged = DistrictForeignKey(Premises, models.PROTECT, null=True, related_name="+")
    moved = models.JSONField(default=dict)
    followed = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    separated_at = models.DateTimeField(null=True)

    class Meta(DistrictModel.Meta):
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "merged"], condition=Q(separated_at__isnull=True), name="front_is_merged_once"
            )
        ]
