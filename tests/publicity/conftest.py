"""The stage for tests of publicity: a finding with a picture, a failed order with its case, and the hands of the desk."""

import pytest

from sanbao.publicity import services
from tests.penalties.conftest import case, failed, hands
from tests.problems.conftest import finding, photo, store, town

__all__ = ["case", "failed", "finding", "hands", "photo", "store", "town"]

FACE = (0.06, 0.08, 0.32, 0.3)
CLEAN = {
    "readable": [],
    "minor": False,
    "police_penalty": False,
    "shows_reporter": False,
    "names_party": False,
    "names_person": False,
}
DECISION = {**CLEAN, "social_impact": True, "impact_assessed": True, "credit_class": "general"}


@pytest.fixture
def exposure(town, finding):
    """The tables outside, proposed by the dispatcher."""
    return services.propose_exposure(finding, body="店外摆放餐桌，已责令限期改正。", by=town.dispatcher, at=town.at)


@pytest.fixture
def masked(town, exposure, photo):
    """The same with its blurred picture."""
    return services.mask_photo(exposure, photo, [FACE], by=town.dispatcher, at=town.at)


def reviewed(publication, town, **changes):
    return services.review(publication, answers={**CLEAN, **changes}, by=town.qian, at=town.at)


def approved(publication, town, **changes):
    reviewed(publication, town, **changes)
    return services.approve(publication, by=town.zhao, at=town.at)


def published(publication, town, **changes):
    approved(publication, town, **changes)
    return services.publish(publication, by=town.editor, at=town.at)


@pytest.fixture
def shown(masked, town):
    """The exposure, published."""
    return published(masked, town)
