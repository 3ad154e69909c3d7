"""The world with a form in force, a real signature, and a shorthand that signs a letter through the services."""

from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from sanbao.agreements import services
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement


def drawing(points: list[tuple[int, int]], size: tuple[int, int] = (600, 240), background: str = "white") -> bytes:
    """A PNG with one thick line through the points."""
    picture = Image.new("RGB" if background else "RGBA", size, background or (0, 0, 0, 0))
    ImageDraw.Draw(picture).line(points, fill="black", width=7)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


SIGNATURE = drawing([(60, 180), (140, 40), (200, 200), (290, 60), (350, 190), (460, 50), (540, 150)])
EMPTY = drawing([])
DOT = drawing([(300, 120), (306, 120)])


@pytest.fixture
def form(world, settings, tmp_path):
    """The shipped form, issued by the dispatcher; files go to a folder of the test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return services.issue_form("2026", by=world.dispatcher, at=world.at)


def all_agreed(form) -> dict[str, Answer]:
    """Yes to every item."""
    return {item.code: Answer(True) for item in form.items.all()}


def served(premises, *, by, at) -> Agreement:
    """A letter drafted and handed over."""
    letter = services.draft_letter(premises, by=by, at=at)
    services.signing_link(letter, by=by, at=at)
    return letter


def signed(premises, *, by, at: datetime, client_id: str = "", officer=None) -> Agreement:
    """A letter drafted, handed over and signed."""
    letter = served(premises, by=by, at=at)
    return services.sign(letter, **signing(letter, client_id), by=officer, at=at)


def signing(letter: Agreement, client_id: str = "", **changes) -> dict:
    """What the signing page sends."""
    return {
        "signer_name": "李建国",
        "capacity": "operator",
        "signature": SIGNATURE,
        "items": all_agreed(letter.form),
        "consent_hash": letter.form.text_hash,
        "client_id": client_id or f"phone-{letter.pk}",
        **changes,
    }
