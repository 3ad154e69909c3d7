"""How many does nobody know: the interval covers the truth as often as it says, and what cannot be estimated is refused."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.registry import loglinear
from sanbao.registry.estimate import Estimate, NoEstimate, about, estimate, shown_interval, widened, without_known

DISTRICTS = 500
LISTS = ("address", "census", "market", "platform")


def districts(fronts, chances, together=None, times=1.0, seed=20261128):
    """Histories of simulated districts and how many fronts of each nobody listed; a pair of lists may be `times` as fond of each other."""
    names = LISTS[: len(chances)]
    cells = list(product((False, True), repeat=len(names)))
    weight = np.array([np.prod([p if seen else 1 - p for p, seen in zip(chances, cell, strict=True)]) for cell in cells])
    if together:
        weight *= [times if all(cell[place] for place in together) else 1.0 for cell in cells]
    drawn = np.random.default_rng(seed).multinomial(fronts, weight / weight.sum(), size=DISTRICTS)
    lists = [frozenset(name for name, seen in zip(names, cell, strict=True) if seen) for cell in cells]
    for row in drawn:
        counts = dict(zip(lists, map(int, row), strict=True))
        yield {history: number for history, number in counts.items() if history}, counts[frozenset()]


def share_covered(simulated):
    found = [(estimate(histories), unseen) for histories, unseen in simulated]
    return sum(one.low <= unseen <= one.high for one, unseen in found) / len(found)


@pytest.mark.parametrize(("fronts", "chances"), [(300, (0.6, 0.5)), (1000, (0.8, 0.7)), (3000, (0.7, 0.3))])
def test_two_independent_lists_cover_the_truth_at_the_nominal_rate(fronts, chances):
    assert 0.93 <= share_covered(districts(fronts, chances)) <= 0.99


@pytest.mark.parametrize(
    ("fronts", "chances", "together", "times"),
    [
        (1000, (0.8, 0.7, 0.4), (0, 1), 3.0),
        (1000, (0.6, 0.6, 0.5), (0, 2), 2.0),
        (3000, (0.7, 0.5, 0.3), (0, 1), 6.0),
        (1000, (0.8, 0.7, 0.4), (1, 2), 0.5),
        (1000, (0.7, 0.6, 0.5), None, 1.0),
    ],
)
def test_three_lists_of_which_two_depend_on_each_other_cover_the_truth_at_the_nominal_rate(fronts, chances, together, times):
    assert share_covered(districts(fronts, chances, together, times)) >= 0.93


def test_four_lists_cover_the_truth_too():
    assert share_covered(list(districts(1000, (0.7, 0.6, 0.4, 0.5), (1, 3), 3.0))[:100]) >= 0.93


def test_lists_that_copy_from_each_other_deceive_two_but_not_three():
    simulated = list(districts(2000, (0.5, 0.5, 0.5), (0, 1), 6.0))[:100]
    pairs = []
    for histories, unseen in simulated:
        two = {frozenset({"address"}): 0, frozenset({"census"}): 0, frozenset({"address", "census"}): 0}
        for history, number in histories.items():
            if history & {"address", "census"}:
                two[history & {"address", "census"}] += number
        pairs.append((two, unseen + histories[frozenset({"market"})]))
    assert share_covered(pairs) < 0.5
    assert share_covered(simulated) >= 0.93


def test_the_textbook_example_of_chapman_comes_out():
    found = estimate({frozenset({"a"}): 100, frozenset({"b"}): 50, frozenset({"a", "b"}): 100})
    assert found.seen == 250
    assert found.unseen == pytest.approx(201 * 151 / 101 - 1 - 250)


def test_independent_models_agree_with_the_closed_solution_for_two_lists():
    fits = loglinear.fit(np.array([[60.0, 40.0, 120.0]]), 2)
    assert fits.models == ((),)
    assert np.exp(fits.log_unseen[0, 0]) == pytest.approx(60.5 * 40.5 / 120.5)
    assert fits.variance[0, 0] == pytest.approx(1 / 60.5 + 1 / 40.5 + 1 / 120.5)


@pytest.mark.parametrize(
    ("histories", "code"),
    [
        ({}, "nothing_listed"),
        ({frozenset({"census"}): 40}, "one_list"),
        ({frozenset({"census"}): 40, frozenset({"market"}): 30, frozenset({"census", "market"}): 6}, "too_few_shared"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_the_reason(histories, code):
    found = estimate(histories)
    assert isinstance(found, NoEstimate)
    assert found.reason.code == code
    assert "%" not in found.reason.text()


def test_a_list_that_shares_next_to_nothing_is_left_out_and_its_own_fronts_are_no_longer_unknown():
    two = {frozenset({"census"}): 60, frozenset({"market"}): 40, frozenset({"census", "market"}): 100}
    alone = estimate(two)
    found = estimate(two | {frozenset({"platform"}): 5, frozenset({"platform", "census"}): 0})
    assert found.left_out == ("platform",)
    assert found.seen == alone.seen + 5
    assert found.unseen == pytest.approx(alone.unseen - 5)


def test_fronts_found_on_the_spot_are_taken_off_what_nobody_knows():
    found = Estimate(("a", "b"), 100, 12.0, 4, 30)
    assert (without_known(found, 6).unseen, without_known(found, 6).low, without_known(found, 6).high) == (6.0, 0, 24)


def test_undecided_pairs_widen_the_interval_and_never_narrow_it():
    found = Estimate(("a", "b"), 100, 12.0, 4, 30)
    wide = widened(found, [Estimate(("a", "b"), 90, 5.0, 1, 20), NoEstimate(None), Estimate(("a", "b"), 100, 13.0, 5, 33)])
    assert (wide.low, wide.unseen, wide.high) == (1, 12.0, 33)


@given(st.floats(0, 1e6))
def test_a_shown_number_is_near_the_value_and_never_more_exact_than_two_figures(value):
    shown = about(value)
    assert abs(shown - value) <= max(0.5, 2.5 if value < 100 else value * 0.05)
    assert len(str(shown).rstrip("0")) <= 2


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_shown_interval_never_shrinks(one, other):
    low, high = sorted((one, other))
    shown = shown_interval(Estimate(("a", "b"), 1, (low + high) / 2, low, high))
    assert shown[0] <= low <= high <= shown[1]


@given(st.lists(st.integers(0, 400), min_size=7, max_size=7))
def test_any_table_of_three_lists_is_estimated_or_refused_and_the_interval_holds_the_estimate(numbers):
    names = ("a", "b", "c")
    histories = {
        frozenset(name for place, name in enumerate(names) if code >> place & 1): number
        for code, number in enumerate(numbers, start=1)
    }
    found = estimate(histories)
    if isinstance(found, Estimate):
        assert 0 <= found.low <= found.unseen + 1
        assert found.unseen <= found.high + 1
        assert found.seen == sum(numbers)


def test_a_model_that_would_rest_on_next_to_no_overlap_is_not_believed():
    """Market register and platform share nothing but what the census saw too: how many neither the census nor they saw, cannot come from them."""
    census, shop, app = "census", "market", "platform"
    histories = {(app,): 59, (census,): 111, (census, app): 68, (shop,): 30, (census, shop): 1582, (census, shop, app): 1025}
    found = estimate({frozenset(lists): number for lists, number in histories.items()})
    assert found.high < 500
    assert ((census, shop), (census, app)) not in {model.dependent for model in found.models}
