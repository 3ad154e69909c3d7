"""Duties and points as data, unit versions of the text, notices, paper letters, signing rounds and printed batches."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import sanbao.core.district

# What every form issued before said by its code.
THREE = [
    {"code": "hygiene", "name": "环境卫生", "promise": "包卫生"},
    {"code": "greenery", "name": "绿化", "promise": "包绿化"},
    {"code": "order", "name": "门前秩序", "promise": "包秩序"},
]


def name_the_duties(apps, schema_editor):
    apps.get_model("agreements", "Form").objects.filter(duties=[]).update(duties=THREE)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_zones"),
        ("core", "0002_journal_is_append_only"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="form",
            name="one_form_begins_on_a_day",
        ),
        migrations.AddField(
            model_name="agreement",
            name="means",
            field=models.CharField(
                choices=[("electronic", "signed on a screen"), ("paper", "signed on paper, entered from its photo")],
                default="electronic",
                max_length=10,
                verbose_name="how it was signed",
            ),
        ),
        migrations.AddField(
            model_name="form",
            name="duties",
            field=models.JSONField(default=list, verbose_name="duties"),
        ),
        migrations.RunPython(name_the_duties, migrations.RunPython.noop),
        migrations.AddField(
            model_name="form",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="form",
            name="proposed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="form",
            name="scoring",
            field=models.JSONField(default=dict, verbose_name="points"),
        ),
        migrations.AddField(
            model_name="form",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed, waiting for the district"),
                    ("issued", "text issued"),
                    ("returned", "text returned to the unit"),
                ],
                default="issued",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="form",
            name="template",
            field=sanbao.core.district.DistrictForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unit_versions",
                to="agreements.form",
                verbose_name="district's text",
            ),
        ),
        migrations.AddField(
            model_name="form",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.department",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="formitem",
            name="deduction",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="points taken off for a finding"),
        ),
        migrations.AddField(
            model_name="formitem",
            name="local",
            field=models.BooleanField(default=False, verbose_name="added by the unit"),
        ),
        migrations.AddField(
            model_name="formitem",
            name="points",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="points"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "drafted"),
                    ("served", "handed over, waiting for signature"),
                    ("signed", "signed"),
                    ("refused", "signature declined"),
                    ("notified", "informed by notice, not signed"),
                    ("ended", "ended"),
                    ("superseded", "replaced by a newer letter"),
                ],
                default="draft",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="form",
            name="version",
            field=models.CharField(max_length=40, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="formitem",
            name="duty",
            field=models.CharField(max_length=20, verbose_name="duty"),
        ),
        migrations.AddConstraint(
            model_name="form",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit__isnull", True)),
                fields=("district", "name", "effective_from"),
                name="one_form_begins_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="form",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "issued"), ("unit__isnull", False)),
                fields=("district", "name", "unit", "effective_from"),
                name="one_unit_version_begins_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="form",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("template__isnull", True), ("unit__isnull", True)),
                    models.Q(("template__isnull", False), ("unit__isnull", False)),
                    _connector="OR",
                ),
                name="unit_version_has_its_template",
            ),
        ),
        migrations.CreateModel(
            name="LetterPrint",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("letters", models.JSONField(default=list)),
                ("base", models.CharField(max_length=200)),
                ("parts", models.JSONField(default=list)),
                ("file", models.CharField(blank=True, max_length=120)),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="pages")),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        default=sanbao.core.district.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.department", verbose_name="unit"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SigningRound",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(verbose_name="until")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                ("closed_on", models.DateField(null=True, verbose_name="closed on")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("left", models.JSONField(default=list, verbose_name="left over")),
                (
                    "area",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.area", verbose_name="area"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        default=sanbao.core.district.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                    ),
                ),
                (
                    "form",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agreements.form", verbose_name="form"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.department",
                        verbose_name="responsible unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-from_on", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RoundMember",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "district",
                    models.ForeignKey(
                        default=sanbao.core.district.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "round",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="agreements.signinground",
                        verbose_name="signing round",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ZoneNotice",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "manner",
                    models.CharField(
                        choices=[("left", "left with the person who declined"), ("posted", "posted at the front")],
                        max_length=8,
                        verbose_name="manner",
                    ),
                ),
                ("noticed_at", models.DateTimeField(verbose_name="made known at")),
                ("noticed_on", models.DateField(verbose_name="made known on")),
                ("place", models.CharField(max_length=160, verbose_name="place")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="witness")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        default=sanbao.core.district.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                    ),
                ),
                (
                    "document",
                    sanbao.core.district.DistrictForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.issueddocument",
                        verbose_name="paper",
                    ),
                ),
                (
                    "letter",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="agreements.agreement",
                        verbose_name="letter",
                    ),
                ),
                (
                    "premises",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="premises",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="second person",
                    ),
                ),
            ],
            options={
                "ordering": ["noticed_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "result",
                    models.CharField(
                        choices=[("not_met", "nobody met"), ("shut", "shop shut"), ("put_off", "asked for time")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="called at")),
                ("on", models.DateField(verbose_name="called on")),
                ("next_on", models.DateField(null=True, verbose_name="next try")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        default=sanbao.core.district.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                    ),
                ),
                (
                    "merchant",
                    sanbao.core.district.DistrictForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.merchant",
                        verbose_name="merchant",
                    ),
                ),
                (
                    "premises",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="premises",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["district", "premises", "on"], name="attempt_by_premises")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("next_on__isnull", True), ("next_on__gt", models.F("on")), _connector="OR"),
                        name="next_try_is_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperEntry",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("typed", "typed in, waiting for the second person"),
                            ("confirmed", "compared and confirmed"),
                            ("rejected", "rejected"),
                        ],
                        default="typed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("signer_name", models.CharField(max_length=60, verbose_name="signer")),
                (
                    "signer_capacity",
                    models.CharField(
                        choices=[
                            ("operator", "operator or legal representative"),
                            ("manager", "shop manager"),
                            ("agent", "person entrusted by the operator"),
                        ],
                        max_length=12,
                        verbose_name="capacity",
                    ),
                ),
                ("items", models.JSONField(default=dict, verbose_name="items")),
                ("typed_at", models.DateTimeField(verbose_name="typed in at")),
                ("compared_at", models.DateTimeField(null=True, verbose_name="compared at")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "compared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compared by",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        default=sanbao.core.district.current_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                    ),
                ),
                (
                    "form",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agreements.form", verbose_name="form"
                    ),
                ),
                (
                    "letter",
                    sanbao.core.district.DistrictForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_entries",
                        to="agreements.agreement",
                        verbose_name="letter",
                    ),
                ),
                (
                    "merchant",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.merchant",
                        verbose_name="merchant",
                    ),
                ),
                (
                    "premises",
                    sanbao.core.district.DistrictForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="premises",
                    ),
                ),
                (
                    "typed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="typed in by",
                    ),
                ),
            ],
            options={
                "ordering": ["typed_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["district", "state", "id"], name="paper_entry_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "typed")),
                        fields=("district", "premises", "merchant"),
                        name="one_paper_entry_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("compared_by__isnull", True),
                            models.Q(("compared_by", models.F("typed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="paper_entry_is_seen_by_two",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="signinground",
            constraint=models.UniqueConstraint(fields=("district", "name"), name="signing_round_name_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="signinground",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("from_on"))), name="signing_round_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundmember",
            constraint=models.UniqueConstraint(fields=("district", "round", "person"), name="round_member_is_named_once"),
        ),
        migrations.AddIndex(
            model_name="zonenotice",
            index=models.Index(fields=["district", "premises"], name="zone_notice_by_premises"),
        ),
        migrations.AddConstraint(
            model_name="zonenotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("second__isnull", False), models.Q(("witness", ""), _negated=True), _connector="OR"),
                name="zone_notice_is_seen_by_two",
            ),
        ),
    ]
