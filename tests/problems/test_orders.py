"""The order to correct: every step allowed once and refused for each reason the law gives."""

from datetime import timedelta
from typing import get_args

import pytest

from sanbao.core import documents
from sanbao.core.errors import Refusal
from sanbao.core.models import Entry, IssuedDocument
from sanbao.law.records import ServiceMode
from sanbao.law.rectification import STATES
from sanbao.problems import facts, services
from sanbao.problems.models import Delivery, Order, Recheck
from sanbao.problems.services import Declared, Proof
from tests.problems.conftest import SWORN, issue, serve
from tests.problems.test_receiving import codes, send

DAY = timedelta(days=1)


def actions(subject: str = "problems.order") -> list[str]:
    return list(Entry.objects.filter(subject__startswith=subject).order_by("id").values_list("action", flat=True))


def test_an_order_is_issued_as_a_numbered_paper_by_two_officers(town, finding):
    order = issue(town, finding)
    finding.refresh_from_db()
    assert (order.state, finding.state) == ("issued", "ordered")
    assert order.number == "望执责改字〔2026〕0001号"
    assert order.document.facts["requirement"] == "将店外餐桌全部收回店内"
    assert order.document.facts["remedies"]["organ"]
    assert documents.pdf_bytes(order.document).startswith(b"%PDF")
    assert actions() == ["order.issued"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"officers": ("liu", "liu")}, "not_two"),
        ({"officers": ("liu", "gridworker")}, "two_officers"),
        ({"declared": Declared(showed_certificates=True, reasonable=True)}, "no_conflict"),
        ({"declared": Declared(showed_certificates=True, no_conflict=False, reasonable=True)}, "no_conflict"),
        ({"declared": Declared(no_conflict=True, reasonable=True)}, "certificates_shown"),
        ({"declared": Declared(showed_certificates=True, no_conflict=True)}, "deadline_ahead"),
        ({"correct_by": timedelta(0)}, "deadline_ahead"),
        ({"requirement": ""}, "order_grounded"),
        ({"violation": "V99"}, "order_grounded"),
        ({"by": "dispatcher"}, "not_allowed"),
        ({"by": "gridworker"}, "not_allowed"),
    ],
)
def test_an_order_is_refused_and_nothing_is_written(town, finding, changes, code):
    changes = {
        name: getattr(town, value) if isinstance(value, str) and name == "by" else value for name, value in changes.items()
    }
    if "officers" in changes:
        changes["officers"] = tuple(getattr(town, name) for name in changes["officers"])
    if isinstance(changes.get("correct_by"), timedelta):
        changes["correct_by"] = town.at
    with pytest.raises(Refusal) as refusal:
        issue(town, finding, **changes)
    assert code in codes(refusal)
    finding.refresh_from_db()
    assert finding.state == "open"
    assert not Order.objects.exists() and not IssuedDocument.objects.exists() and not actions()


def test_without_the_powers_of_the_locality_no_order_is_issued(town, finding):
    town.district.law_file = ""
    town.district.save()
    with pytest.raises(Refusal) as refusal:
        issue(town, finding)
    assert "granted" in codes(refusal)


def test_no_order_follows_from_a_merchants_own_report(town):
    report = send(town, source="merchant", premises=town.noodle_house)
    finding = services.accept_report(report, by=town.liu, at=town.at)
    with pytest.raises(Refusal) as refusal:
        issue(town, finding)
    assert codes(refusal) == {"own_report"}


def test_no_order_against_nobody(town):
    finding = services.record_finding(class_code="O02", premises=town.vacant_front, by=town.liu, at=town.at)
    with pytest.raises(Refusal) as refusal:
        issue(town, finding)
    assert codes(refusal) == {"nobody"}


def test_a_finding_has_one_open_order(town, finding, order):
    finding.refresh_from_db()
    with pytest.raises(Refusal) as refusal:
        issue(town, finding)
    assert codes(refusal) == {"wrong_state"}


def test_an_order_is_served_with_proof(town, order):
    delivery = serve(town, order)
    order.refresh_from_db()
    assert order.state == "served"
    assert order.served_at == delivery.deemed_at == town.at + timedelta(minutes=20)
    assert actions() == ["order.issued", "order.served"]


@pytest.mark.parametrize(
    ("mode", "proof", "code"),
    [
        ("direct", Proof(recipient="李建国"), "order_served"),
        ("leaving", Proof(refused=True), "order_served"),
        ("elsewhere", Proof(refused=True, witness_count=1), "order_served"),
        ("electronic", Proof(receipt="SMS-1"), "order_served"),
        ("mail", Proof(), "order_served"),
        ("public_notice", Proof(), "order_served"),
    ],
)
def test_a_service_without_sufficient_proof_is_refused(town, order, mode, proof, code):
    with pytest.raises(Refusal) as refusal:
        serve(town, order, mode=mode, proof=proof)
    assert code in codes(refusal)
    assert not Delivery.objects.exists()


def test_leaving_needs_a_witness_or_a_recording(town, order, photo):
    serve(town, order, mode="leaving", proof=Proof(refused=True, photo=photo))
    assert Delivery.objects.get().proof == photo


def test_a_public_notice_needs_failed_attempts_and_its_thirty_days(town, finding):
    order = issue(town, finding, correct_by=town.at + 60 * DAY)
    day = town.at.date() + timedelta(days=1)
    posted = Proof(posted_on=day, photo=None)
    late = town.at + 32 * DAY
    with pytest.raises(Refusal) as refusal:
        serve(town, order, mode="public_notice", proof=posted, at=late)
    assert codes(refusal) == {"other_ways_tried"}
    services.record_attempt(order, mode="direct", proof=Proof(note="无人"), by=town.liu, at=town.at + DAY)
    services.record_attempt(order, mode="mail", proof=Proof(note="退回"), by=town.liu, at=town.at + DAY)
    with pytest.raises(Refusal) as refusal:
        serve(town, order, mode="public_notice", proof=posted, at=town.at + 6 * DAY)
    assert "order_served" in codes(refusal)
    delivery = serve(town, order, mode="public_notice", proof=posted, at=late)
    assert delivery.deemed_at == facts.deemed_at("public_notice", late, day, facts.local_of())
    assert (delivery.deemed_at - town.at).days == 31


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"handed_at": -30 * DAY}, "served_before_issued"),
        ({"handed_at": 3 * DAY}, "served_in_future"),
        ({"posted_on": -30 * DAY}, "served_before_issued"),
    ],
)
def test_a_paper_is_served_neither_before_it_was_issued_nor_in_the_future(town, order, change, code):
    moved = {name: town.at + shift for name, shift in change.items()}
    if "posted_on" in moved:
        moved["posted_on"] = moved["posted_on"].date()
    with pytest.raises(Refusal) as refusal:
        serve(town, order, mode="direct", proof=Proof(recipient="李建国", signed=True, **moved), at=town.at + 2 * DAY)
    assert codes(refusal) == {code}
    order.refresh_from_db()
    assert order.served_at is None


def test_the_deadline_is_extended_once_on_request_with_reasons(town, served):
    asked = {"requested_at": town.at + timedelta(hours=3), "by": town.liu, "at": town.at + timedelta(hours=4)}
    later = town.at + 3 * DAY
    with pytest.raises(Refusal) as refusal:
        services.extend_order(served, correct_by=later, reason=" ", **asked)
    assert codes(refusal) == {"extended_once"}
    services.extend_order(served, correct_by=later, reason="等待工人拆除", **asked)
    served.refresh_from_db()
    assert (served.correct_by, served.first_correct_by) == (later, town.at + DAY)
    assert IssuedDocument.objects.filter(kind="correction_extension").count() == 1
    with pytest.raises(Refusal) as refusal:
        services.extend_order(served, correct_by=later + DAY, reason="再等", **asked)
    assert codes(refusal) == {"extended_once"}
    assert actions()[-1] == "order.extended"


def look(town, order, photo, **changes):
    given = {"passed": False, "photos": [photo], "second": town.liu, "declared": SWORN, "by": town.sun, "at": town.at + DAY}
    return services.recheck(order, **{**given, **changes})


def test_a_failed_recheck_on_the_deadline_is_news(town, served, photo):
    done = look(town, served, photo)
    served.refresh_from_db()
    served.finding.refresh_from_db()
    assert (served.state, served.finding.state) == ("failed", "failed")
    assert done.document.title == "复查记录"
    assert actions()[-1] == "order.failed"
    entry = Entry.objects.get(action="order.failed")
    assert entry.data == {"recheck": str(done.pk), "finding": str(served.finding_id)}
    assert actions("problems.recheck") == ["recheck.recorded"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"at": timedelta(days=1, minutes=-1)}, "deadline_over"),
        ({"by": "liu", "second": "chen"}, "another_rechecks"),
        ({"second": "gridworker"}, "two_officers"),
        ({"second": "sun"}, "two_officers"),
        ({"photos": []}, "recheck_recorded"),
        ({"declared": Declared()}, "certificates_shown"),
        ({"by": "dispatcher"}, "not_allowed"),
    ],
)
def test_a_recheck_that_finds_a_failure_is_refused(town, served, photo, changes, code):
    if isinstance(changes.get("at"), timedelta):
        changes = {**changes, "at": town.at + changes["at"]}
    changes = {name: getattr(town, value) if isinstance(value, str) else value for name, value in changes.items()}
    with pytest.raises(Refusal) as refusal:
        look(town, served, photo, **changes)
    assert code in codes(refusal)
    served.refresh_from_db()
    assert served.state == "served"
    assert not Recheck.objects.exists()


def test_a_correction_is_confirmed_before_the_deadline_too(town, served, photo):
    look(town, served, photo, passed=True, at=town.at + timedelta(hours=2))
    served.refresh_from_db()
    served.finding.refresh_from_db()
    assert (served.state, served.finding.state) == ("corrected", "corrected")
    assert actions()[-1] == "order.corrected"


def test_an_order_never_served_cannot_fail(town, order, photo):
    with pytest.raises(Refusal) as refusal:
        look(town, order, photo)
    assert codes(refusal) == {"wrong_state"}


def test_an_order_is_withdrawn_with_reasons_and_the_finding_is_open_again(town, served):
    with pytest.raises(Refusal) as refusal:
        services.withdraw_order(served, reason="", by=town.liu, at=town.at + DAY)
    assert codes(refusal) == {"reasoned"}
    services.withdraw_order(served, reason="当事人认定有误", by=town.liu, at=town.at + DAY)
    served.finding.refresh_from_db()
    assert (served.state, served.finding.state) == ("withdrawn", "open")
    assert actions()[-1] == "order.withdrawn"
    assert issue(town, served.finding).number.endswith("0002号")


def test_the_page_offers_what_the_service_allows(town, served):
    def offered(by, at):
        return {step.name: step.verdict.allowed for step in facts.open_steps(served, by=by, at=at)}

    early, late = town.at + timedelta(hours=1), town.at + DAY
    assert offered(town.sun, early) == {"extend": True, "fall_due": False, "confirm": True, "withdraw": True}
    assert offered(town.liu, early)["confirm"] is False
    assert offered(town.sun, late) == {"confirm": True, "fail": True, "withdraw": True}
    assert not any(offered(town.dispatcher, late).values())


def test_the_modes_of_service_are_those_of_the_law():
    assert set(Delivery.Mode.values) == set(get_args(ServiceMode))
    assert set(Order.State.values) | {"drafted"} == set(STATES)
