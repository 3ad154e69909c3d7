"""The table of steps: each step allowed once, refused once for every guard, and from no other state."""

from dataclasses import replace
from datetime import date

import pytest

from sanbao.agreements.lifecycle import LETTER, Answer, LetterFacts
from sanbao.agreements.terms import last_day, may_renew

GOOD = LetterFacts(
    state="served",
    item_codes=("W1", "L1"),
    answers={"W1": Answer(True), "L1": Answer(False, "门前没有树")},
    consent_matches=True,
    signer_named=True,
    capacity_known=True,
    ink_ok=True,
    note="停业",
)
STEPS = [
    ("serve", "draft", "served"),
    ("sign", "served", "signed"),
    ("refuse", "served", "refused"),
    ("end", "signed", "ended"),
    ("supersede", "signed", "superseded"),
]
OBJECTIONS = [
    ("serve", {"party_operates": False}, "not_operator"),
    ("serve", {"text_in_force": False}, "old_text"),
    ("sign", {"party_operates": False}, "not_operator"),
    ("sign", {"text_in_force": False}, "old_text"),
    ("sign", {"link_alive": False}, "link_expired"),
    ("sign", {"answers": {"W1": Answer(True)}}, "items_open"),
    ("sign", {"answers": {"W1": Answer(True), "L1": Answer(True), "X": Answer(True)}}, "items_unknown"),
    ("sign", {"answers": {"W1": Answer(True), "L1": Answer(False)}}, "reason_missing"),
    ("sign", {"consent_matches": False}, "consent_missing"),
    ("sign", {"signer_named": False}, "signer_missing"),
    ("sign", {"capacity_known": False}, "capacity_missing"),
    ("sign", {"ink_ok": False}, "signature_empty"),
    ("refuse", {"note": " "}, "note_missing"),
    ("end", {"note": ""}, "note_missing"),
]


@pytest.mark.parametrize(("step", "source", "target"), STEPS)
def test_each_step_is_allowed_when_nothing_stands_against_it(step, source, target):
    verdict = LETTER.attempt(step, replace(GOOD, state=source))
    assert verdict.allowed and verdict.step.target == target


@pytest.mark.parametrize(("step", "changed", "code"), OBJECTIONS)
def test_each_guard_refuses_for_its_own_reason_alone(step, changed, code):
    facts = replace(GOOD, **changed)
    assert [reason.code for reason in LETTER.attempt(step, facts).objections] == [code]


@pytest.mark.parametrize("step", [step.name for step in LETTER.steps])
def test_no_step_leaves_a_state_that_is_not_its_source(step):
    for state in set(LETTER.states) - set(LETTER.step(step).source):
        assert [reason.code for reason in LETTER.attempt(step, replace(GOOD, state=state)).objections] == ["wrong_state"]


def test_every_state_can_be_reached_and_the_ends_are_final():
    reached, edges = {LETTER.initial}, list(LETTER.edges())
    for _ in LETTER.states:
        reached |= {target for source, target, _step in edges if source in reached}
    assert reached == set(LETTER.states)
    assert not [edge for edge in edges if edge[0] in ("ended", "superseded")]


def test_a_term_is_whole_months_and_ends_the_day_before():
    assert last_day(date(2026, 9, 21), 12) == date(2027, 9, 20)
    assert last_day(date(2026, 1, 1), 12) == date(2026, 12, 31)
    assert last_day(date(2026, 3, 1), 12) == date(2027, 2, 28)
    assert last_day(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert last_day(date(2026, 8, 31), 1) == date(2026, 9, 30)


def test_a_letter_may_be_renewed_from_the_first_day_of_its_last_stretch():
    assert not may_renew(date(2026, 12, 31), 30, date(2026, 11, 30))
    assert may_renew(date(2026, 12, 31), 30, date(2026, 12, 1))
