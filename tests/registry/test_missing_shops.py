"""Planted missing shops: whatever any list names is found in the register exactly once, and is on the worklist of what has no letter."""

from random import Random

import pytest

from sanbao.agreements import coverage
from sanbao.registry import linking, queries
from sanbao.registry.models import Premises, RegisterRecord
from tests.registry.registers import SURE, import_list, spread_out

PLANTED = 60
KINDS = ("census", "market", "platform")


def plant(world, lists_of):
    """Import every planted shop into the lists it is to stand in, and lay the lists beside each other."""
    for kind in KINDS:
        rows = [spread_out(kind, number) for number, lists in enumerate(lists_of) if kind in lists]
        if rows:
            import_list(kind, rows, by=world.clerk, at=world.at)
    linking.link_registers(by=world.clerk, at=world.at, model=SURE)


def found_once(world, planted):
    """The fronts behind the records of each planted shop are one front, which is listed and needs a letter."""
    fronts = {}
    for number, premises in RegisterRecord.objects.values_list("fields__phone", "premises"):
        fronts.setdefault(number, set()).add(premises)
    assert len(fronts) == planted
    assert all(len(each) == 1 and None not in each for each in fronts.values())
    kept = {next(iter(each)) for each in fronts.values()}
    assert len(kept) == planted
    day = world.at.date()
    assert kept <= set(queries.premises_in(None).values_list("pk", flat=True))
    unsigned = set(coverage.audit(None, day).premises("unsigned").values_list("pk", flat=True))
    assert kept <= unsigned
    assert coverage.audit(None, day).total == planted + 3  # and the cast's
    assert Premises.objects.filter(pk__in=kept, merged_into__isnull=False).count() == 0


@pytest.mark.parametrize("only", KINDS)
def test_shops_that_only_one_list_knows_are_all_found(world, only):
    plant(world, [(only,)] * PLANTED)
    found_once(world, PLANTED)


def test_shops_in_any_combination_of_lists_are_all_found_once(world):
    combinations = [("census",), ("market",), ("platform",), ("census", "market"), ("market", "platform"), KINDS]
    plant(world, [combinations[number % len(combinations)] for number in range(PLANTED)])
    found_once(world, PLANTED)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3))
def test_of_a_thousand_planted_in_any_list_a_thousand_are_found(world, seed):
    dice = Random(seed)
    plant(world, [tuple(kind for kind in KINDS if dice.random() < 0.5) or (dice.choice(KINDS),) for _shop in range(1000)])
    found_once(world, 1000)
