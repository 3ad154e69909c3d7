"""The settings of an installation whose page of reactions is the tests' own (`duties.py`)."""

from sanbao.settings import *  # noqa: F403

SANBAO_REACTIONS = "tests.core.duties"
