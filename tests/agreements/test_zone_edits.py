"""No gap and no overlap between zones after any sequence of edits that a street office can make, through the services, day after day."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones import services as services
from sanbao.agreements.zones.models import AdditionalFrontage, NoFrontRange, ZoneDecision
from sanbao.agreements.zones.rules import known_rules
from sanbao.agreements.zones.tiling import ZONE
from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.registry import services as registry
from sanbao.registry.models import Premises, Segment
from tests.agreements.test_tiling import insist_exact
from tests.world import LINE, World

M = Decimal
LENGTH = 300
sides, numbers = st.sampled_from(["left", "right"]), st.integers(0, 20)
stretches = st.tuples(st.integers(0, LENGTH - 2), st.integers(1, 60)).map(
    lambda pair: (M(pair[0]) + M("0.3"), min(M(pair[0]) + M("0.3") + pair[1], M(LENGTH)))
)


class Street(RuleBasedStateMachine):
    """A street office at work: whatever it does or is refused, both sides stay exactly tiled, and nobody on them is forgotten."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.fronts: list[Premises] = []
        self.at = self.world.at

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    @property
    def act(self):
        return {"by": self.world.dispatcher, "at": self.at}

    @property
    def day(self):
        return clock.local_day(self.at)

    def attempt(self, change) -> None:
        """Do it, or be told why not."""
        try:
            change()
        except Refusal as refusal:
            assert all(refusal.texts())

    def pick(self, number: int) -> Premises:
        return Premises.objects.get(pk=self.fronts[number % len(self.fronts)].pk)

    def front(self, side: str, start: Decimal, end: Decimal) -> None:
        where = {"area": self.world.community_a, "segment": self.segment, "side": side, "start_m": start, "end_m": end}
        self.fronts.append(registry.add_premises(address=f"{len(self.fronts)}号", **where, **self.act))

    @initialize()
    def begin(self):
        made = Segment.objects.create(street=self.world.street, area=self.world.community_a, number=9, line=LINE, length_m=LENGTH)
        self.segment = Segment.objects.select_related("street").get(pk=made.pk)

    @rule(side=sides, stretch=stretches)
    def add(self, side, stretch):
        self.front(side, *stretch)

    @precondition(lambda self: self.fronts)
    @rule(number=numbers)
    def remove(self, number):
        registry.change_premises(self.pick(number), gone_on=self.day, **self.act)

    @precondition(lambda self: self.fronts)
    @rule(number=numbers, side=sides, stretch=stretches)
    def move(self, number, side, stretch):
        registry.change_premises(self.pick(number), side=side, start_m=stretch[0], end_m=stretch[1], **self.act)

    @precondition(lambda self: self.fronts)
    @rule(number=numbers)
    def split(self, number):
        front = self.pick(number)
        middle = round((front.start_m + front.end_m) / 2, 1)
        if front.start_m < middle < front.end_m:
            registry.change_premises(front, end_m=middle, **self.act)
            self.front(front.side, middle, front.end_m)

    @precondition(lambda self: len(self.fronts) > 1)
    @rule(number=numbers)
    def merge(self, number):
        kept, gone = self.pick(number), self.pick(number + 1)
        registry.change_premises(gone, gone_on=self.day, **self.act)
        ends = {"start_m": min(kept.start_m, gone.start_m), "end_m": max(kept.end_m, gone.end_m)}
        registry.change_premises(kept, **ends, **self.act)

    @rule(side=sides, stretch=stretches, code=st.sampled_from(NoFrontRange.Reason.values))
    def explain(self, side, stretch, code):
        self.attempt(lambda: services.explain_range(self.segment, side, *stretch, reason_code=code, reason="说明", **self.act))

    @rule()
    def end_an_explanation(self):
        for row in NoFrontRange.objects.filter(ended_on__isnull=True)[:1]:
            services.end_range(row, **self.act)

    @precondition(lambda self: self.fronts)
    @rule(number=numbers, side=sides, stretch=stretches, kind=st.sampled_from(AdditionalFrontage.Kind.values))
    def front_again(self, number, side, stretch, kind):
        self.attempt(lambda: services.add_frontage(self.pick(number), self.segment, side, *stretch, kind=kind, **self.act))

    @rule(side=sides, tenths=st.integers(1, 9), place=numbers)
    def decide(self, side, tenths, place):
        tiles = [each for each in zones.plan_of(self.segment, side, self.day).tiling.tiles if each.kind == ZONE]
        if len(tiles) > 1:
            before, after = tiles[place % (len(tiles) - 1)], tiles[place % (len(tiles) - 1) + 1]
            at_m = zones.metres(before.start + (after.end - before.start) * tenths // 10)
            pair = [Premises.objects.get(pk=each.holders[0]) for each in (before, after)]
            self.attempt(lambda: services.decide_boundary(*pair, self.segment, side, at_m, reason="现场确定", **self.act))

    @precondition(lambda self: self.fronts)
    @rule(number=numbers, side=sides, entrance=st.sampled_from(ZoneDecision.Entrance.values))
    def declare(self, number, side, entrance):
        front = self.pick(number)
        self.attempt(lambda: services.declare_entrance(front, self.segment, side, entrance, reason="市场", **self.act))

    @rule()
    def undo(self):
        for row in ZoneDecision.objects.filter(ended_on__isnull=True)[:1]:
            services.undo_decision(row, reason="撤销", **self.act)

    @rule(name=st.sampled_from([each.name for each in known_rules()]))
    def choose(self, name):
        self.attempt(lambda: services.choose_rule(name, reason="会议", **self.act))

    @rule(days=st.integers(1, 3))
    def wait(self, days):
        self.at += timedelta(days=days)

    @invariant()
    def both_sides_are_tiled_exactly(self):
        for plan in zones.plans_of([self.segment], self.day).values():
            insist_exact(plan.tiling, LENGTH * 100)
            having = {pk for each in plan.tiling.tiles for pk in each.holders}
            assert having | set(plan.tiling.without_zone) == {front.holder for front in plan.fronts}


def play(world, examples: int, steps: int) -> None:
    Street.world = world
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    bounds = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Street, settings=bounds)


def test_any_sequence_of_edits_leaves_neither_gap_nor_overlap(world):
    play(world, 8, 20)


@pytest.mark.deep
@pytest.mark.skipif(not os.environ.get("SANBAO_DEEP"), reason="a campaign: set SANBAO_DEEP=1")
def test_long_sequences_of_edits_leave_neither_gap_nor_overlap(world):
    play(world, 150, 60)
