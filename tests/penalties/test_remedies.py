"""Remedies and the end of the file: no extra fine while a remedy is pending, annulment by a ruling, archive only when whole."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from sanbao.core import clock
from sanbao.core.errors import Malformed, Refusal
from sanbao.penalties import services
from sanbao.penalties.models import CaseDeadline
from tests.penalties.test_procedure import codes

DONE = {"duties_done": True, "goods_disposed": True, "correction_rechecked": True}


@pytest.fixture
def served(hands, case):
    hands.to_decided()
    hands.decision_served(days=30)
    return case


def record(hands, days):
    return services.record_remedy(
        hands.case, kind="reconsideration", filed_at=hands.at(days), by=hands.town.liu, at=hands.at(days)
    )


def finish(hands, days, outcome="upheld", document="望复决字〔2026〕3号"):
    ended = hands.at(days)
    return services.end_remedy(hands.case, outcome=outcome, document=document, ended_at=ended, by=hands.town.liu, at=ended)


def test_days_of_a_pending_remedy_do_not_count_for_the_extra_fine(served, hands):
    until = CaseDeadline.objects.get(case=served, rule="DL-08").last_on
    first = (until - clock.local_day(hands.began)).days + 1
    record(hands, first)
    finish(hands, first + 9)
    paid_on = until + timedelta(days=15)
    hands.step("pay", days=first + 15, amount=Decimal(345), paid_on=paid_on, receipt_no="R9")
    assert served.payments.get().extra == Decimal(45)  # five days of fifteen


def test_a_second_remedy_waits_for_the_first(served, hands):
    record(hands, 40)
    with pytest.raises(Refusal) as refusal:
        record(hands, 41)
    assert codes(refusal) == {"pending"}


def test_an_end_needs_its_ruling(served, hands):
    record(hands, 40)
    for wrong in ({"document": ""}, {"outcome": "lost"}):
        with pytest.raises(Malformed):
            finish(hands, 50, **wrong)


def test_no_remedy_before_the_decision(hands, case):
    hands.to_reviewed()
    with pytest.raises(Refusal):
        record(hands, 28)


def test_an_annulled_decision_is_revoked_by_its_step_and_an_upheld_one_is_not(served, hands, town):
    record(hands, 40)
    finish(hands, 60)
    with pytest.raises(Refusal) as refusal:
        hands.step("annul", by=town.zhao, days=61, reason="复议决定撤销")
    assert codes(refusal) == {"annulled"}
    record(hands, 62)
    finish(hands, 80, outcome="annulled")
    hands.step("annul", by=town.zhao, days=81, reason="复议决定撤销")
    served.refresh_from_db()
    assert served.state == "revoked" and served.papers.filter(form="D-35").exists()


def test_a_whole_file_is_archived_and_a_changed_paper_stops_it(served, hands, town):
    hands.step("pay", days=33, amount=Decimal(300), paid_on=clock.local_day(hands.at(33)), receipt_no="R1")
    hands.step("close", by=town.zhao, days=40, **DONE)
    path = Path(default_storage.path(served.papers.get(form="D-23").document.file))
    sealed = path.read_bytes()
    path.write_bytes(sealed + b"%")
    with pytest.raises(Refusal) as refusal:
        hands.step("archive", days=41)
    assert codes(refusal) == {"file_complete"}
    path.write_bytes(sealed)
    served.papers.filter(form="D-15").delete()
    with pytest.raises(Refusal):
        hands.step("archive", days=41)


def test_a_case_at_its_end_is_archived(served, hands, town):
    hands.step("pay", days=33, amount=Decimal(300), paid_on=clock.local_day(hands.at(33)), receipt_no="R1")
    hands.step("close", by=town.zhao, days=40, **DONE)
    hands.step("archive", days=41)
    served.refresh_from_db()
    assert served.state == "archived"
