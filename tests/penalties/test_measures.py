"""Beside the case: evidence preserved and decided in time, things seized, extended once and released; with whoever may do it."""

import pytest

from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.penalties import services
from sanbao.penalties.models import CaseDeadline
from tests.penalties.test_procedure import codes, forms_of

ITEMS = (
    {"name": "折叠餐桌", "quantity": "3张", "condition": "完好"},
    {"name": "烧烤炉", "quantity": "1台", "condition": "有使用痕迹"},
)
PRESERVED = {"loss_feared": True, "related": True, "list_handed_over": True}
SEIZED = {
    "basis_level": "admin_regulation",
    "related": True,
    "necessities": False,
    "sealed_before": False,
    "decision_handed_over": True,
    "list_handed_over": True,
}


@pytest.fixture
def filed(hands, case):
    hands.to_filed()
    return case


def propose(hands, kind="preservation", days=3, **changes):
    given = {"kind": kind, "items": ITEMS, "place": "执法局物品保管室", "reason": "物品可能被转移", **changes}
    return services.propose_measure(hands.case, by=hands.town.liu, at=hands.at(days), **given)


def take(hands, measure, name, days=3.1, by=None, **given):
    return services.take_measure_step(measure, name, by=by or hands.town.liu, at=hands.at(days), **given)


def running(measure) -> list[str]:
    return list(CaseDeadline.objects.filter(measure=measure, met_at__isnull=True).values_list("rule", flat=True))


def preserved(hands):
    row = propose(hands)
    services.approve_measure(row, by=hands.town.zhao, at=hands.at(3.05))
    return take(hands, row, "preserve", **PRESERVED)


def test_evidence_is_preserved_with_approval_list_and_its_time(filed, hands):
    row = preserved(hands)
    assert row.state == "preserved" and running(row) == ["DL-03"]
    assert [form for form in forms_of(filed) if form.startswith("D-09")] == ["D-09A", "D-09", "D-09L"]
    filed.refresh_from_db()
    assert filed.due_rule == "DL-03"


def test_evidence_is_not_preserved_without_approval_need_or_list(filed, hands):
    row = propose(hands)
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "preserve", **PRESERVED)
    assert codes(refusal) == {"approved_by_head"}
    services.approve_measure(row, by=hands.town.zhao, at=hands.at(3.05))
    for lacking in ("loss_feared", "list_handed_over"):
        with pytest.raises(Refusal) as refusal:
            take(hands, row, "preserve", **{**PRESERVED, lacking: None})
        assert codes(refusal) == {"preservation_needed"}


def test_every_thing_is_decided_in_time_and_later_only_returned(filed, hands):
    row = preserved(hands)
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "dispose", days=5, decisions=["退还", " "])
    assert codes(refusal) == {"preservation_decided"}
    late = 40
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "dispose", days=late, decisions=["退还", "转为扣押"])
    assert codes(refusal) == {"preservation_decided"}
    take(hands, row, "give_back", days=late)
    assert row.state == "returned" and running(row) == []
    assert [each["code"] for each in row.steps.last().warnings] == ["preservation_in_time"]


def test_things_decided_one_by_one_carry_their_decision(filed, hands):
    row = take(hands, preserved(hands), "dispose", days=5, decisions=["退还", "转为扣押"])
    assert [item["decision"] for item in row.items] == ["退还", "转为扣押"]
    assert forms_of(filed)[-1] == "D-10"


def test_a_seizure_needs_its_basis_approval_and_papers(filed, hands):
    row = propose(hands, "seizure")
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "seize", **SEIZED)
    assert codes(refusal) == {"seizure_lawful"}
    services.approve_measure(row, by=hands.town.zhao, at=hands.at(3.05))
    for wrong in ({"basis_level": "local_rule"}, {"necessities": True}, {"decision_handed_over": None}):
        with pytest.raises(Refusal) as refusal:
            take(hands, row, "seize", **{**SEIZED, **wrong})
        assert codes(refusal) == {"seizure_lawful"}
    take(hands, row, "seize", **SEIZED)
    assert row.state == "seized" and running(row) == ["DL-10"]
    assert {"D-12A", "D-12", "D-13"} <= set(forms_of(filed))


def test_an_urgent_seizure_is_approved_within_its_hours_or_released(filed, hands, town):
    row = propose(hands, "seizure", urgent=True)
    take(hands, row, "seize", **SEIZED)
    assert set(running(row)) == {"DL-10", "DL-11"}
    with pytest.raises(Forbidden):
        take(hands, row, "confirm_urgent", days=3.5)
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "confirm_urgent", days=5, by=town.zhao)
    assert codes(refusal) == {"urgency_approved"}
    take(hands, row, "confirm_urgent", days=3.5, by=town.zhao)
    assert running(row) == ["DL-10"]


def test_a_seizure_is_extended_once_and_then_released(filed, hands, town):
    row = propose(hands, "seizure", urgent=True)
    take(hands, row, "seize", **SEIZED)
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "extend", days=20, by=town.zhao, reason="案情复杂")
    assert codes(refusal) == {"seizure_extendable"}
    told = {"complex": True, "told_in_writing": True, "reason": "案情复杂"}
    with pytest.raises(Refusal):
        take(hands, row, "extend", days=40, by=town.zhao, **told)
    take(hands, row, "extend", days=20, by=town.zhao, **told)
    assert "DL-10E" in running(row) and "DL-10" not in running(row)
    with pytest.raises(Refusal):
        take(hands, row, "extend", days=21, by=town.zhao, **told)
    with pytest.raises(Refusal) as refusal:
        take(hands, row, "release", days=30)
    assert codes(refusal) == {"reasoned"}
    take(hands, row, "release", days=30, reason="与违法行为无关")
    assert row.state == "released" and running(row) == [] and forms_of(filed)[-1] == "D-14"


def test_a_case_is_not_closed_over_things_still_held(filed, hands, town):
    preserved(hands)
    hands.propose(days=3)
    hands.step("report", days=4)
    hands.step("notify", days=7)
    hands.serve_notice()
    hands.step("pass_review", days=28)
    hands.step("decide", by=town.zhao, days=29, sealed=True)
    hands.decision_served(days=30)
    hands.step("pay", days=33, amount=hands.case.fine, paid_on=hands.at(33).date(), receipt_no="R1")
    done = {"duties_done": True, "goods_disposed": True, "correction_rechecked": True}
    with pytest.raises(Refusal) as refusal:
        hands.step("close", by=town.zhao, days=40, **done)
    assert codes(refusal) == {"duties_done"}


def test_a_list_names_things_and_only_investigators_propose(filed, hands, town):
    with pytest.raises(Malformed):
        propose(hands, items=[{"name": " "}])
    with pytest.raises(Refusal) as refusal:
        services.propose_measure(filed, kind="seizure", items=ITEMS, place="库房", reason="…", by=town.sun, at=hands.at(3))
    assert codes(refusal) == {"not_yours"}
    row = propose(hands)
    take(hands, row, "discard")
    assert row.state == "discarded"
