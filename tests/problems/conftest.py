"""The stage for tests of problems: the district with an invented locality's law, photos, a finding and an order."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from sanbao.core import files
from sanbao.problems import services
from sanbao.problems.services import Declared, Proof
from tests.world import World

SWORN = Declared(showed_certificates=True, no_conflict=True, reasonable=True)
INSIDE = (113.7010, 34.7201)


def jpeg(colour: str = "grey", size: tuple[int, int] = (320, 240)) -> bytes:
    """A small picture."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((20, 20, 120, 90), fill="white")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """Files of each test in a folder of its own."""
    from django.core.files.storage import storages

    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    yield tmp_path
    storages._storages.clear()


@pytest.fixture
def town(world: World) -> World:
    """The world with the invented locality's powers and amounts, without which no order may be issued."""
    world.district.law_file = "local_demo.toml"
    world.district.save()
    return world


@pytest.fixture
def photo(town):
    return files.store_photo(jpeg(), by=town.liu, at=town.at)


@pytest.fixture
def finding(town, photo):
    """Tables outside the noodle house, found by Liu."""
    return services.record_finding(
        class_code="O02", premises=town.noodle_house, note="三张餐桌摆出店外", photos=[photo], by=town.liu, at=town.at
    )


def issue(town, finding, **changes):
    """Liu and Chen order the noodle shop to clear the pavement by tomorrow at ten."""
    given = {
        "violation": "V02",
        "requirement": "将店外餐桌全部收回店内",
        "correct_by": town.at + timedelta(days=1),
        "officers": (town.liu, town.chen),
        "declared": SWORN,
        "by": town.liu,
        "at": town.at + timedelta(minutes=10),
    }
    return services.issue_order(finding, **{**given, **changes})


def serve(town, order, **changes):
    given = {
        "mode": "direct",
        "proof": Proof(recipient="李建国", relation="本人", signed=True),
        "by": town.liu,
        "at": town.at + timedelta(minutes=20),
    }
    return services.serve_order(order, **{**given, **changes})


@pytest.fixture
def order(town, finding):
    return issue(town, finding)


@pytest.fixture
def served(town, order):
    serve(town, order)
    return order
