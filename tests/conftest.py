"""What every test may rely on: a district at work, the cast of `world.py`, and no clock but the one passed in."""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.shards import Recorder, described

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# How fast a machine draws examples says nothing about the properties; speed is measured by the benchmarks.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(autouse=True)
def every_statement_names_its_district(request):
    """Record the SQL of every test that touches the database, and fail on a statement without its district."""
    if not {"db", "world"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("db")
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        yield
    assert not recorder.offences, "\n".join(described(recorder.offences))


@pytest.fixture
def world(db):
    """The cast: a small district with its people, streets and shops (see `tests/world.py`)."""
    from sanbao.core import district
    from tests.world import build_world

    code = 990101
    with district.use(code):
        yield build_world(code)
