"""Facts as a document: read, refused with the place of the fault, answered with steps and reasons."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sanbao.law.check import FaultyFacts, answer, main, read_facts
from sanbao.law.guards.procedure import in_limitation
from sanbao.law.local import LOCKED, PARAMETERS
from sanbao.law.penalty import PENALTY
from sanbao.law.publicity import (
    latest_end,
    mask_address,
    mask_id,
    mask_licence_name,
    mask_name,
    mask_phone,
    mask_plate,
    withdraw_by,
)

from .cases import facts
from .clock import scaled_microseconds

LEAD = {"state": "lead", "at": "2026-09-01T10:00:00+08:00"}


def test_a_document_is_answered_step_by_step():
    verdicts = answer(LEAD)
    assert [each.step.name for each in verdicts] == ["refer", "check", "drop", "educate", "punish_on_spot", "file"]
    assert not any(each.allowed for each in verdicts)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"colour": "red"}, "facts: unknown field “colour”"),
        ({"party": {"kind": "giant"}}, "facts.party.kind"),
        ({"at": "2026-09-01T10:00:00"}, "facts.at"),
        ({"state": "lost"}, "facts.state"),
        ({"workflow": "lottery"}, "workflow"),
        ({"sanction": {"fine": 1.5}}, "facts.sanction.fine"),
        ({"sanction": {"fine": "NaN"}}, "facts.sanction.fine"),
        ({"sanction": {"fine": -1}}, "facts.sanction.fine"),
        ({"officers": [{"kind": "officer"}]}, "facts.officers[0]"),
        ({"officers": {"id": "chen"}}, "facts.officers"),
        ({"continuing": "yes"}, "facts.continuing"),
        ({"crime": {"team": True}}, "facts.crime.team"),
        ({"conduct_on": "yesterday"}, "facts.conduct_on"),
        ({"local": "nowhere.toml"}, "facts.local"),
        ({"party": []}, "facts.party"),
    ],
)
def test_a_faulty_document_names_the_place(change, place):
    with pytest.raises(FaultyFacts) as fault:
        read_facts({**LEAD, **change})
    assert place in str(fault.value)


def test_a_document_without_a_state_or_of_another_form_is_refused():
    for document in ({"at": LEAD["at"]}, [], None, "lead"):
        with pytest.raises(FaultyFacts):
            read_facts(document)


def test_the_locked_locality_is_the_default():
    assert read_facts(LEAD)[1].local is LOCKED


def test_the_command_answers_in_words_and_in_json(tmp_path, capsys):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(LEAD))
    assert main([str(file)]) == 1
    assert "not recorded who takes this step" in capsys.readouterr().out
    assert main([str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["reasons"][0]["articles"] == ["PL-17"]
    file.write_text("{")
    assert main([str(file)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_full_verdict_takes_no_longer_than_a_hundred_microseconds():
    """The three states whose verdicts take longest."""
    for step, state in (("file", "verified"), ("decide", "reviewed"), ("apply_court", "urged")):
        case = facts("penalty", step, state=state)
        assert PENALTY.attempt(step, case).allowed
        assert scaled_microseconds(lambda case=case: PENALTY.open_steps(case)) <= 100


def test_what_the_public_sees_is_masked():
    assert (mask_name("王小明"), mask_name("王明"), mask_name("欧阳修"), mask_name("")) == ("王某某", "王某", "欧阳某", "")
    assert (mask_name("John Smith"), mask_name("阿不都·热合曼")) == ("J***", "阿某某")
    assert (mask_plate("豫R12345"), mask_plate("豫R·12345"), mask_plate("x")) == ("豫R***45", "豫R***45", "***")
    assert (mask_phone("13812345678"), mask_phone("12")) == ("***5678", "***")
    assert mask_id("41130219900101123X") == "411*************3X"
    assert mask_address("示例市示例区人民路12号院3单元401") == "示例市示例区人民路"
    assert mask_licence_name("示例区王小明面馆", "王小明") == "示例区王某某面馆"


def test_publications_end_and_are_withdrawn():
    day = datetime(2026, 5, 20, 8, tzinfo=UTC)
    assert str(latest_end("decision", day)) == "2027-05-20"
    assert str(latest_end("exposure", day)) == "2026-06-19"
    assert latest_end("commendation", day) is None
    assert str(withdraw_by(datetime(2026, 6, 18, 8, tzinfo=UTC)).last_day) == "2026-06-24"


def test_a_day_no_law_here_knows_is_an_error_and_no_crash(tmp_path, capsys):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**LEAD, "at": "1980-01-01T00:00:00+08:00"}))
    assert main([str(file)]) == 2
    assert "no value on 1980-01-01" in capsys.readouterr().err


def test_grave_harm_of_an_act_before_the_longer_limitation_is_judged_by_the_shorter():
    change = {"set": {"conduct_on": date(2020, 5, 1), "grave_harm": True, "discovered_on": date(2022, 5, 2)}}
    assert in_limitation(facts("penalty", "file", change)).code == "in_limitation"
    change["set"]["discovered_on"] = date(2022, 5, 1)
    assert in_limitation(facts("penalty", "file", change)) is None


def test_the_command_succeeds_when_some_step_is_allowed(tmp_path, capsys):
    file = tmp_path / "facts.json"
    inspected = {**LEAD, "actor": {"id": "chen", "organisation": "bureau"}, "reason": "nothing found"}
    file.write_text(json.dumps(inspected))
    assert main([str(file)]) == 0
    said = capsys.readouterr().out
    assert "yes  drop: Drop: no violation" in said and "no   file: File the case" in said
    assert "《行政处罚法》第四十二条" in said and "       - " in said
    assert main([str(file), "--json"]) == 0
    said = capsys.readouterr().out
    assert "\\u" not in said and [each["step"] for each in json.loads(said) if each["allowed"]] == ["refer", "drop"]


def test_a_warning_is_told_apart_from_an_objection(tmp_path, capsys):
    file = tmp_path / "facts.json"
    actor = {"id": "chen", "organisation": "bureau"}
    held = {
        "workflow": "preservation",
        "state": "preserved",
        "at": "2026-03-02T09:00:00+08:00",
        "started_at": "2026-02-12T10:00:00+08:00",
    }
    file.write_text(json.dumps({**held, "actor": actor}))
    assert main([str(file)]) == 0
    assert "yes  give_back" in (said := capsys.readouterr().out) and "       ! The preserved items are returned later" in said


def test_local_parameters_may_come_from_a_file():
    assert read_facts({**LEAD, "local": "demo"})[1].local.invented
    assert read_facts({**LEAD, "local": "locked"})[1].local is LOCKED
    assert read_facts({**LEAD, "local": str(PARAMETERS / "local_demo.toml")})[1].local.locality == "示例市示例区（虚构）"


def test_days_and_sums_are_read_from_text():
    case = read_facts({**LEAD, "conduct_on": "2026-08-01", "sanction": {"fine": "99.50"}, "works_cost": 1000})[1]
    assert (case.conduct_on, case.sanction.fine, case.works_cost) == (date(2026, 8, 1), Decimal("99.50"), 1000)


def test_signs_are_kept_as_they_are_in_json(tmp_path, capsys):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**LEAD, "local": "demo", "agency": "局", "area": "区", "violation": "案"}))
    assert main([str(file), "--json"]) == 1
    assert "power over 案" in capsys.readouterr().out
