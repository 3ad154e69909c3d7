"""Which segments to walk: as many as asked, the same for the same seed, rather where much is missed; and the interval narrows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.registry.estimate import Estimate
from sanbao.registry.sampling import Stretch, expected_unknown, plan, segments_for

FOUND = Estimate(("census", "market"), 900, 120.0, 60, 210)


def stretch(number, single=3, area="a/"):
    return Stretch(
        number, (area, f"s{number // 10:03d}", number), 20, single, 100.0, 113.7 + number % 7 * 0.001, 34.7 + number // 7 * 0.001
    )


streets = st.lists(st.integers(0, 40), min_size=1, max_size=60).map(
    lambda singles: [stretch(number, single, f"{number % 3}/") for number, single in enumerate(singles)]
)


@given(streets, st.integers(0, 70), st.integers(0, 5))
def test_as_many_segments_as_asked_each_once_and_the_same_again(stretches, segments, seed):
    walk = plan(stretches, FOUND, segments=segments, seed=seed)
    assert len({one.key for one in walk.chosen}) == len(walk.chosen) == min(segments, len(stretches))
    assert plan(list(reversed(stretches)), FOUND, segments=segments, seed=seed) == walk


@given(streets, st.integers(0, 3))
def test_walking_more_never_widens_the_interval_and_walking_all_leaves_no_doubt(stretches, seed):
    widths = [plan(stretches, FOUND, segments=number, seed=seed).after for number in (0, len(stretches) // 2, len(stretches))]
    assert widths[0] == pytest.approx(FOUND.spread)
    assert widths[0] >= widths[1] >= widths[2]
    assert widths[2] == pytest.approx(0, abs=1e-3)


@given(streets)
def test_what_is_expected_on_the_segments_adds_up_to_the_estimate(stretches):
    assert sum(expected_unknown(stretches, 120.0).values()) == pytest.approx(120.0)


def test_segments_on_which_only_one_list_saw_much_are_walked_more_often():
    stretches = [stretch(number, 20 if number % 2 else 0) for number in range(40)]
    drawn = [one.key % 2 for seed in range(20) for one in plan(stretches, FOUND, segments=8, seed=seed).chosen]
    assert sum(drawn) / len(drawn) > 0.9


def test_every_segment_has_a_chance_and_other_seeds_draw_others():
    stretches = [stretch(number, 2) for number in range(20)]
    drawn = {one.key for seed in range(60) for one in plan(stretches, FOUND, segments=3, seed=seed).chosen}
    assert drawn == set(range(20))


def test_the_fewest_segments_for_a_wished_width_are_told_or_that_it_cannot_be_reached():
    stretches = [stretch(number, number % 5) for number in range(60)]
    number = segments_for(stretches, FOUND, half=30.0)
    assert 0 < number < 60
    assert plan(stretches, FOUND, segments=number).after <= 30.0 < plan(stretches, FOUND, segments=number - 1).after
    assert segments_for(stretches, FOUND, half=-1.0) is None


def test_a_walk_goes_through_one_area_after_the_other_and_never_jumps_over_a_neighbour():
    stretches = [stretch(number, 3, f"{number // 10}/") for number in range(30)]
    areas = [one.order[0] for one in plan(stretches, FOUND, segments=30).chosen]
    assert areas == sorted(areas)
