"""The OpenAPI document and the answers agree: documented requests of every kind, generated, never crash the door."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from sanbao.wsgi import application
from tests.problems.conftest import store, town  # noqa: F401


@pytest.fixture
def document(town):  # noqa: F811
    """The document as served; the test's own connection must outlive the requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    for signal in signals:
        signal.connect(close_old_connections)


# A well-formed report may still be refused: its class may not exist, its place may lie outside the district.
PATHS = [
    ("POST", "/api/v1/reports"),
    ("POST", "/api/v1/reports:batch"),
    ("GET", "/api/v1/reports:nearby"),
    ("GET", "/api/v1/reports/{number}"),
    ("POST", "/api/v1/photos"),
    ("GET", "/api/v1/classes"),
]


@pytest.mark.deep
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_generated_requests_are_answered_as_documented(document, method, path):
    operation = document[path][method]

    @given(case=operation.as_strategy())
    @settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    def sent(case):
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    sent()
