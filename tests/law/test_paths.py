"""What holds of every path through the procedures: reachability, exits, and no way around a guard."""

import re
from collections import deque
from itertools import combinations
from pathlib import Path

import pytest

import sanbao.law
from sanbao.law import penalty, rectification
from sanbao.law.check import PROCEDURES
from sanbao.law.citations import cite
from sanbao.law.guards import GUARDS, guard_id
from sanbao.law.penalty import PENALTY
from sanbao.law.register import rule
from sanbao.law.workflow import Workflow

ACTING = {"G-HQ", "G-AUTH", "G-PLACE", "G-BASIS", "G-LAWVER", "G-TWO", "G-RECUSE", "G-LIMIT", "G-EVID", "G-ECAM"}
MEASURING = {"G-AGE", "G-CAPACITY", "G-NOPEN", "G-DOUBLE", "G-RECTFIRST", "G-RANGE", "G-CORRECT", "G-D23", "G-REMEDY", "G-EXTRA"}
ORDINARY = {"G-FILE", "G-D16", "G-D17", "G-NOTICE", "G-HEAR", "G-NOAGGR", "G-LEGALREV", "G-COLLECT", "G-HEAD", "G-SEAL", "G-90"}
SPOT = {"G-SIMPLE", "G-ORAL", "G-CASH", "G-SERVE", "G-CERT"}
DECIDED = ACTING | MEASURING | ORDINARY
SERVED = ACTING | MEASURING | {"G-SERVE"}
REQUIRED = {
    "decided": DECIDED,
    "served": SERVED,
    "overdue": SERVED | {"G-UNPAID"},
    "urged": SERVED | {"G-UNPAID", "G-REMIND"},
    "court": SERVED | {"G-UNPAID", "G-REMIND", "G-SETTLED", "G-COURT"},
    "enforced": SERVED | {"G-UNPAID", "G-REMIND", "G-SETTLED"},
}
FINAL = {"penalty": penalty.FINAL, "rectification": rectification.FINAL}


def numbers(step) -> frozenset[str]:
    """The numbers of a step's guards."""
    return frozenset(guard_id(guard) for guard in step.guards)


def reachable(flow: Workflow, withheld: frozenset[str] = frozenset()) -> set[str]:
    """The states that can be reached when the withheld guards always refuse."""
    seen, queue = {flow.initial}, deque([flow.initial])
    while queue:
        state = queue.popleft()
        for step in flow.steps:
            if state in step.source and not numbers(step) & withheld and step.target not in seen:
                seen.add(step.target)
                queue.append(step.target)
    return seen


def paths(flow: Workflow, end: str) -> list[tuple[str, ...]]:
    """Every path without a repeated state from the beginning to a state, as names of steps."""
    found: list[tuple[str, ...]] = []

    def walk(state: str, visited: frozenset[str], way: tuple[str, ...]) -> None:
        if state == end:
            found.append(way)
            return
        for step in flow.steps:
            if state in step.source and step.target not in visited:
                walk(step.target, visited | {step.target}, (*way, step.name))

    walk(flow.initial, frozenset({flow.initial}), ())
    return found


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_every_state_can_be_reached_and_every_state_but_the_last_has_an_exit(name):
    flow = PROCEDURES[name][0]
    assert reachable(flow) == set(flow.states)
    without_exit = {state for state in flow.states if not any(state in step.source for step in flow.steps)}
    assert without_exit == FINAL.get(name, without_exit)
    assert without_exit


@pytest.mark.parametrize("end", sorted(REQUIRED))
def test_no_path_reaches_a_grave_state_without_its_guards(end, capsys):
    ways = paths(PENALTY, end)
    assert ways
    for way in ways:
        passed = frozenset().union(*(numbers(PENALTY.step(name)) for name in way))
        assert REQUIRED[end] <= passed, (way, sorted(REQUIRED[end] - passed))
        if "decide" in way:
            assert passed >= DECIDED, way
        elif end != "decided":
            assert passed >= SPOT, way
    with capsys.disabled():
        print(f"\n{end}: {len(PENALTY.states)} states, {len(ways)} paths", end="")


def test_a_withheld_guard_closes_every_way_to_the_states_that_need_it():
    for end, required in REQUIRED.items():
        for one in required:
            assert end not in reachable(PENALTY, frozenset({one})), (end, one)


def test_two_withheld_guards_open_nothing_that_one_closed():
    closed = {one: set(PENALTY.states) - reachable(PENALTY, frozenset({one})) for one in GUARDS}
    for one, other in combinations(GUARDS, 2):
        assert reachable(PENALTY, frozenset({one, other})).isdisjoint(closed[one] | closed[other])


def test_loops_never_lose_a_guard():
    """Explore (state, guards passed at the last decide, notify or report) over all walks, loops included."""
    start = (PENALTY.initial, frozenset())
    seen, queue = {start}, deque([start])
    while queue:
        state, marks = queue.popleft()
        for step in PENALTY.steps:
            if state not in step.source:
                continue
            if step.name == "return_review":
                after = frozenset()  # the case starts again: report and notice must be made anew
            else:
                after = marks | ({step.name} & {"file", "report", "notify", "pass_review", "decide", "punish_on_spot"})
            node = (step.target, after)
            if node[0] == "decided":
                assert {"report", "notify", "pass_review", "decide"} <= after
            if node not in seen:
                seen.add(node)
                queue.append(node)
    assert len(seen) > len(PENALTY.states)


def test_a_conjunction_of_guards_is_the_only_way_through_every_step():
    """For each step and each subset of up to two refusing guards the engine allows the step only if none refuses."""
    from dataclasses import replace

    from sanbao.law.workflow import Reason

    for name, (flow, _) in PROCEDURES.items():
        for step in flow.steps:
            for size in (0, 1, 2):
                for failing in combinations(range(len(step.guards)), size):
                    guards = tuple(
                        (lambda f, bad=index in failing: Reason("no", "no") if bad else None) for index in range(len(step.guards))
                    )
                    flow_of_bits = replace(flow, steps=(replace(step, guards=guards),))
                    facts = type("Bits", (), {"state": step.source[0]})()
                    assert flow_of_bits.attempt(step.name, facts).allowed is (size == 0), name


def test_every_article_period_and_paper_named_by_a_step_or_a_guard_exists():
    law = Path(sanbao.law.__file__).parent
    for path in [*(law / "guards").glob("*.py"), law / "penalty.py", law / "execution_steps.py", law / "rectification.py"]:
        for id_ in re.findall(r'"((?:PL|CL|RL|ALL|CPL|CER|EC|TC|PIPL|BE|MP|PS|PV)-[0-9.()]+|GB54|CRM)"', path.read_text()):
            cite(id_)
    for flow, _ in PROCEDURES.values():
        for step in flow.steps:
            assert step.label and step.name.islower()
            for rule_id in step.starts:
                rule(rule_id)
            for article in step.cites:
                cite(article)
            assert all(re.fullmatch(r"D-\d\d[b]?", paper) for paper in step.documents)
