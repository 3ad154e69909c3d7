"""What holds of every path through the procedures: reachability, exits, and no way around a guard."""

import os
import re
from collections import deque
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest

import sanbao.law
from sanbao.law import penalty, rectification
from sanbao.law.check import PROCEDURES
from sanbao.law.citations import cite
from sanbao.law.guards import GUARDS, guard_id
from sanbao.law.penalty import PENALTY
from sanbao.law.register import rule
from sanbao.law.workflow import Reason, Workflow

from . import cases

DEEP = "SANBAO_DEEP" in os.environ
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
SIZE = {"states": 27, "steps": 42, "edges": 86}
PATHS = {"decided": 12, "served": 15, "overdue": 15, "urged": 15, "court": 15, "enforced": 30}
"""How many ways without a repeated state lead to each grave state: a new one is looked at by a person before it is let in here."""
DECIDING = (
    ("penalty", "decide"),
    ("penalty", "serve"),
    ("penalty", "apply_court"),
    ("penalty", "punish_on_spot"),
    ("publication", "publish"),
)
AT_ONCE = 3
WITH_AN_END = {"penalty": penalty, "rectification": rectification}


@cache
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
    if name in WITH_AN_END:
        assert without_exit == WITH_AN_END[name].FINAL
    assert without_exit


@pytest.mark.parametrize("end", sorted(REQUIRED))
def test_no_path_reaches_a_grave_state_without_its_guards(end, capsys):
    ways = paths(PENALTY, end)
    assert len(ways) == PATHS[end]
    for way in ways:
        passed = frozenset().union(*(numbers(PENALTY.step(name)) for name in way))
        assert REQUIRED[end] <= passed, (way, sorted(REQUIRED[end] - passed))
        if "decide" in way:
            assert passed >= DECIDED, way
        elif end != "decided":
            assert passed >= SPOT, way
    with capsys.disabled():
        print(f"\n{end}: {len(ways)} paths, {len({name for way in ways for name in way})} steps on them", end="")


def test_the_table_has_the_size_that_was_examined(capsys):
    size = {"states": len(PENALTY.states), "steps": len(PENALTY.steps), "edges": len(list(PENALTY.edges()))}
    assert size == SIZE
    with capsys.disabled():
        print("\npenalty: " + ", ".join(f"{number} {what}" for what, number in size.items()), end="")


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


@pytest.mark.parametrize(
    ("workflow", "name"), [(name, step.name) for name, (flow, _) in PROCEDURES.items() for step in flow.steps]
)
def test_a_step_is_allowed_exactly_when_no_guard_blocks(workflow, name, capsys):
    """Every set of objecting guards up to two at once, up to three at the deciding steps, and of each set every choice of warnings."""
    flow = PROCEDURES[workflow][0]
    step = flow.step(name)
    answers: list[Reason | None] = [None] * len(step.guards)
    guards = tuple((lambda _, place=place: answers[place]) for place in range(len(answers)))
    bits = replace(flow, steps=(replace(step, guards=guards),))
    facts = type("Bits", (), {"state": step.source[0]})()
    tried = 0
    for size in range((AT_ONCE if (workflow, name) in DECIDING else 2) + 1):
        for objecting in combinations(range(len(answers)), size):
            for blocking in product((True, False), repeat=size):
                answers[:] = [None] * len(answers)
                for place, blocks in zip(objecting, blocking, strict=True):
                    answers[place] = Reason(str(place), "no", blocks=blocks)
                verdict = bits.attempt(name, facts)
                assert verdict.allowed is (not any(blocking))
                assert [reason.code for reason in verdict.reasons] == [str(place) for place in objecting]
                tried += 1
    if (workflow, name) in DECIDING:
        with capsys.disabled():
            print(f"\n{workflow}.{name}: {tried} products of {len(answers)} guards", end="")


@pytest.mark.parametrize(("workflow", "name"), DECIDING)
def test_real_faults_of_a_case_stop_a_deciding_step_together_as_they_do_alone(workflow, name, capsys):
    """Real broken facts, three guards at a time (all of them with `./run test --deep`, else an even sample)."""
    step = PROCEDURES[workflow][0].step(name)
    broken = {guard_id(guard): cases.breaks(workflow, name, guard_id(guard))[0] for guard in step.guards}
    triples = [each for each in combinations(broken, AT_ONCE) if not cases.clash(*(broken[number] for number in each))]
    tried = 0
    for three in triples if DEEP else triples[:: max(1, len(triples) // 60)]:
        facts = cases.facts(workflow, name, cases.merged(*(broken[number] for number in three)))
        verdict = PROCEDURES[workflow][0].attempt(name, facts)
        said = [reason for guard in step.guards if (reason := guard(facts)) is not None]
        assert list(verdict.reasons) == said
        assert verdict.allowed is (not any(reason.blocks for reason in said))
        assert verdict.allowed is all(broken[number].get("warns", False) for number in three), three
        tried += 1
    assert tried
    with capsys.disabled():
        print(f"\n{workflow}.{name}: {tried} of {len(triples)} triples of real faults", end="")


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
