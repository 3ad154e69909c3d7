"""Every guard at every step: passed by the lawful case, refused by its break, and missed when it is taken out."""

from dataclasses import replace
from itertools import combinations

import pytest

from sanbao.law.check import PROCEDURES
from sanbao.law.guards import GUARDS
from sanbao.law.guards.procedure import window_over
from sanbao.law.publicity import CampaignOrderFacts, campaign_objection, metric_objection

from .cases import attempt, breaks, clash, facts, guarded, merged, table

ALTERNATIVES = {("G-DEMO", "G-SUBST"), ("G-CONSENT", "G-END"), *combinations(("G-CONSENT", "G-EXPOSE", "G-NAME", "G-PUB"), 2)}
"""Guards of which one case can meet only one: removal or substitute performance; decision, exposure or commendation."""
STANDALONE = {"G-KPI", "G-CAMPAIGN"}
STEPS = [(name, step.name, source) for name, (flow, _) in PROCEDURES.items() for step in flow.steps for source in step.source]


@pytest.mark.parametrize(("workflow", "step", "source"), STEPS)
def test_the_lawful_case_may_take_every_step_without_a_word(workflow, step, source):
    verdict = PROCEDURES[workflow][0].attempt(step, facts(workflow, step, state=source))
    assert verdict.reasons == ()


@pytest.mark.parametrize(("workflow", "step", "guard"), guarded())
def test_a_broken_guard_refuses_and_without_it_the_step_would_go_through(workflow, step, guard):
    code = GUARDS[guard].__name__
    flow = PROCEDURES[workflow][0]
    rows = breaks(workflow, step, guard)
    assert rows, f"no break for {guard} at {workflow}.{step}"
    for row in rows:
        others = set(row.get("also", ()))
        verdict = attempt(workflow, step, row)
        assert {reason.code for reason in verdict.reasons} == {code} | others, [r.message for r in verdict.reasons]
        assert verdict.allowed is row.get("warns", False)
        kept = tuple(each for each in flow.step(step).guards if each is not GUARDS[guard])
        weaker = replace(flow, steps=tuple(replace(each, guards=kept) if each.name == step else each for each in flow.steps))
        assert {reason.code for reason in attempt(workflow, step, row, flow=weaker).reasons} == others


@pytest.mark.parametrize(("workflow", "step"), sorted({(w, s) for w, s, _ in guarded()}))
def test_a_refusal_names_every_broken_guard_at_once(workflow, step):
    flow = PROCEDURES[workflow][0]
    numbers = [guard for w, s, guard in guarded() if (w, s) == (workflow, step)]
    for first in numbers:
        for second in numbers:
            one, two = breaks(workflow, step, first)[0], breaks(workflow, step, second)[0]
            if first >= second or (first, second) in ALTERNATIVES or clash(one, two):
                continue
            codes = {reason.code for reason in flow.attempt(step, facts(workflow, step, merged(one, two))).reasons}
            assert codes >= {GUARDS[first].__name__, GUARDS[second].__name__}, (first, second)


def test_every_registered_guard_stands_in_a_step_and_has_a_break():
    used = {guard for _, _, guard in guarded()}
    assert set(GUARDS) - used == STANDALONE
    assert {row["guard"] for row in table("breaks.toml")["break"]} == used


def test_every_guard_states_its_article_and_number():
    for number, guard in GUARDS.items():
        assert guard.__doc__.startswith(f"{number}. "), number


@pytest.mark.parametrize(
    "measure", ["fine_total", "fine_count", "case_count", "penalty_count", "seizure_count", "confiscation_total"]
)
def test_fines_and_cases_are_no_indicator(measure):
    objection = metric_objection(frozenset({measure, "coverage"}))
    assert objection.code == "no_fines_in_appraisal" and objection.text().endswith(f"Take out: {measure}.")


def test_a_notice_that_was_not_served_opens_no_window():
    case = facts("penalty", "decide", {"unset": ["notice.service"]})
    assert window_over(case, case.notice) is False


def test_coverage_and_rechecks_are_an_indicator():
    assert metric_objection(frozenset({"coverage", "recheck_rate"})) is None


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({}, "not recorded whether"),
        ({"stops_whole_trade": False}, None),
        ({"stops_whole_trade": True}, "may not order"),
        ({"stops_whole_trade": True, "approved_by_government": True}, "may not order"),
        ({"stops_whole_trade": True, "ground": "tidiness", "approved_by_government": True}, "may not order"),
        ({"stops_whole_trade": True, "ground": "life_safety"}, "may not order"),
        ({"stops_whole_trade": True, "ground": "life_safety", "approved_by_government": False}, "may not order"),
        ({"stops_whole_trade": True, "ground": "life_safety", "approved_by_government": True}, None),
        ({"stops_whole_trade": True, "ground": "major_accident", "approved_by_government": True}, None),
        ({"stops_whole_trade": True, "ground": "state_event", "approved_by_government": True}, None),
    ],
)
def test_a_campaign_closes_no_whole_trade(order, words):
    objection = campaign_objection(CampaignOrderFacts(**order))
    assert (objection is None) is (words is None)
    assert words is None or words in objection.text()
