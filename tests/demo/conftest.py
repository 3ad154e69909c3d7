"""A small demonstration district, built twice: the first is only fingerprinted, the second stays for all tests of the module."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings

from sanbao.core import district
from sanbao.demo import build
from sanbao.demo.stage import Stage

PREMISES, DAYS, SEED, TODAY = 120, 20, 1, date(2026, 11, 23)


@dataclass
class Built:
    """What the second build left behind, and the fingerprints of both."""

    stage: Stage
    digests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path_factory.mktemp("files")}}
    from django.conf import settings
    from django.core.files.storage import storages

    with django_db_blocker.unblock(), override_settings(STORAGES={**settings.STORAGES, "default": store}):
        figures = {"premises": PREMISES, "days": DAYS, "seed": SEED, "today": TODAY}
        with transaction.atomic():
            build.build(**figures)
            first = build.digest()
            transaction.set_rollback(True)
        with transaction.atomic():
            said: list[str] = []
            stage = build.build(**figures, say=said.append)
            yield Built(stage, [first, build.digest()], said)
            transaction.set_rollback(True)
        district.set_current(None)
    storages._storages.clear()
