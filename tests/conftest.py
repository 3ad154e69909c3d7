"""What every test may rely on: a district at work, the cast of `world.py`, and no clock but the one passed in."""

import os

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def world(db):
    """The cast: a small district with its people, streets and shops (see `tests/world.py`)."""
    from sanbao.core import district
    from tests.world import build_world

    code = 990101
    with district.use(code):
        yield build_world(code)
