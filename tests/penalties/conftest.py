"""The stage: an order to the noodle shop that was not followed, and the hands that lead the case from there."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sanbao.core import files
from sanbao.core.models import Entry
from sanbao.penalties import services
from sanbao.penalties.models import Case
from sanbao.problems import services as problems
from sanbao.problems.services import Proof
from tests.problems.conftest import SWORN, finding, issue, jpeg, order, photo, serve, store, town

__all__ = ["finding", "order", "photo", "store", "town"]

DAY = timedelta(days=1)
SIGNED = Proof(recipient="李建国", relation="经营者本人", signed=True)
ANSWERS = {
    "established": True,
    "continuing": False,
    "grave_harm": False,
    "earlier_fine_checked": True,
    "adult": True,
    "capacity": "full",
    "no_conflict": True,
    "showed_certificates": True,
    "minor": False,
    "corrected_in_time": False,
    "harmless": False,
    "first_time": True,
    "slight_harm": True,
    "no_fault_proven": False,
    "major_public_interest": False,
    "difficult": False,
    "complex_or_major": False,
}
FINDINGS = "2026年9月21日10时，当事人在柳荫路1号店外摆放三张餐桌经营；经责令限期改正，逾期未改正。"


class Hands:
    """The people of the case at work: each method does one thing as the right person, `days` after the failed recheck."""

    def __init__(self, town, case: Case) -> None:
        self.town, self.case, self.began = town, case, case.proposed_at

    def at(self, days: float):
        return self.began + timedelta(days=days)

    def write(self, days: float = 1, **changes) -> None:
        services.record_facts(self.case, findings=FINDINGS, by=self.town.liu, at=self.at(days), **{**ANSWERS, **changes})
        marks = {str(row.pk): (True, True) for row in self.case.evidence.all()}
        services.verify_evidence(self.case, marks, by=self.town.liu, at=self.at(days))

    def propose(self, fine: str | None = "300", days: float = 1, **changes) -> None:
        given = {"kinds": ["fine"], "benchmark": "DEMO-2026-1", "correction": "将店外餐桌全部收回店内", **changes}
        amount = Decimal(fine) if fine else None
        services.propose_penalty(self.case, fine=amount, by=self.town.liu, at=self.at(days), **given)

    def step(self, name: str, by=None, days: float = 1, **details) -> Case:
        return services.take_step(self.case, name, by=by or self.town.liu, at=self.at(days), **details)

    def serve_notice(self, days: float = 8, **changes):
        given = {"mode": "direct", "proof": SIGNED, "by": self.town.liu, "at": self.at(days), **changes}
        return services.serve_notice(self.case, **given)

    def decision_served(self, days: float = 30, proof: Proof = SIGNED, mode: str = "direct", **changes) -> Case:
        at = self.at(days)
        delivery = services.proposed_service(self.case, mode=mode, proof=proof, by=self.town.liu, at=at)
        return services.take_step(self.case, "serve", by=self.town.liu, at=at, delivery=delivery, **changes)

    def to_filed(self) -> Case:
        self.write()
        return self.step("file", by=self.town.zhao, days=2)

    def to_noticed(self, fine: str = "300") -> Case:
        self.to_filed()
        self.propose(fine, days=3)
        self.step("report", days=4)
        return self.step("notify", days=7)

    def to_reviewed(self, fine: str = "300") -> Case:
        self.to_noticed(fine)
        self.serve_notice()
        return self.step("pass_review", days=28)

    def to_decided(self, fine: str = "300") -> Case:
        self.to_reviewed(fine)
        return self.step("decide", by=self.town.zhao, days=29, sealed=True)


@pytest.fixture
def failed(town, finding) -> Entry:
    """The news that an order was not followed."""
    found = issue(town, finding)
    serve(town, found)
    at = town.at + 2 * DAY
    seen = files.store_photo(jpeg("brown"), by=town.sun, at=at)
    problems.recheck(
        found, passed=False, photos=[seen], second=town.chen, declared=SWORN, note="餐桌仍在店外", by=town.sun, at=at
    )
    return Entry.objects.get(action="order.failed")


@pytest.fixture
def case(failed) -> Case:
    return services.propose_from_order(failed)


@pytest.fixture
def hands(town, case) -> Hands:
    return Hands(town, case)
