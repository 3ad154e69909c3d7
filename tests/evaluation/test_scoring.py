"""The arithmetic of the ladder: exact steps, no data is neither nothing nor everything, grades by what was not rounded."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanbao.evaluation import rubric as rubrics
from sanbao.evaluation import scoring
from sanbao.evaluation.scoring import Count

RUBRIC = rubrics.rubrics()["2026-1"]
STREET = RUBRIC.group_of("street")


@st.composite
def counts(draw):
    whole = draw(st.integers(0, 400))
    done = draw(st.integers(0, whole))
    return Count(done, whole, draw(st.integers(0, whole - done)), draw(st.integers(0, 50)))


everything = st.fixed_dictionaries({key: counts() for key in STREET.weights})


@given(everything)
def test_the_steps_of_the_ladder_lead_exactly_from_a_hundred_to_the_score(given_counts) -> None:
    result = scoring.score(RUBRIC, STREET, given_counts)
    if result.points is None:
        assert not any(count.denominator for count in given_counts.values())
        return
    assert 0 <= result.points <= 100
    assert result.steps[0][1] == 100 and result.steps[-1][2] == result.points
    assert all(after == before - line.lost and line.lost >= 0 for line, before, after in result.steps)
    assert sum(line.base for line in result.lines) == 100


@given(everything)
def test_an_indicator_without_data_takes_nothing_and_gives_nothing(given_counts) -> None:
    first = next(iter(STREET.weights))
    without = scoring.score(RUBRIC, STREET, {**given_counts, first: Count(0, 0)})
    same = scoring.score(RUBRIC, STREET, {key: count for key, count in given_counts.items() if key != first})
    assert without == same
    line = without.lines[0]
    assert (line.share, line.lost, line.base) == (None, 0, 0)


@given(everything, st.sampled_from(sorted(STREET.weights)), st.integers(0, 500))
def test_finishing_open_items_never_lowers_the_score_of_what_is_already_counted(given_counts, key, number) -> None:
    before = scoring.score(RUBRIC, STREET, given_counts)
    after = scoring.score(RUBRIC, STREET, {**given_counts, key: given_counts[key].finished(number)})
    if before.points is not None and given_counts[key].denominator:
        assert after.points >= before.points


@given(counts(), st.integers(-5, 600))
def test_what_is_finished_leaves_the_open_items_and_nothing_is_counted_twice(count, number) -> None:
    after = count.finished(number)
    taken = min(max(number, 0), count.open)
    assert after.numerator == count.numerator + taken and after.open == count.open - taken
    assert after.numerator <= after.denominator
    assert after.denominator + after.waiting == count.denominator + count.waiting


def test_a_score_that_prints_like_the_next_grade_keeps_its_own() -> None:
    almost = Fraction(90) - Fraction(1, 1000)
    assert scoring.grade_of(RUBRIC, almost) == "B"
    assert str(scoring.shown(almost)) == "89.99"
    assert scoring.grade_of(RUBRIC, Fraction(90)) == "A"


@given(st.fractions(0, 100))
def test_what_is_printed_never_crosses_a_grade(points) -> None:
    assert scoring.grade_of(RUBRIC, Fraction(scoring.shown(points))) == scoring.grade_of(RUBRIC, points)


@given(st.dictionaries(st.integers(0, 30), st.one_of(st.none(), st.fractions(0, 100, max_denominator=7)), max_size=12))
def test_equal_scores_share_a_place_and_the_next_one_stays_free(points) -> None:
    found = scoring.places(points)
    for key, value in points.items():
        if value is None:
            assert found[key] is None
        else:
            assert found[key] == 1 + sum(other is not None and other > value for other in points.values())


def raw(**changes):
    found = {
        "version": "x",
        "valid_from": None,
        "name_zh": "",
        "name_en": "",
        "minimum_measured": 50,
        "grades": [{"letter": "A", "from": 0, "name_zh": "", "name_en": ""}],
        "groups": [{"kind": "street", "name_zh": "", "name_en": "", "weights": {"coverage": 100}}],
        "indicators": {"coverage": {"name_zh": "", "name_en": "", "formula_zh": "", "formula_en": "", "direction": "up"}},
    }
    return found | changes


def words(key: str) -> dict:
    return {key: {"name_zh": "", "name_en": "", "formula_zh": "", "formula_en": ""}}


@pytest.mark.parametrize("key", ["fine_total", "penalty_count", "case_count", "fines_of_the_month", "seizure_count"])
def test_a_rubric_that_counts_fines_or_cases_cannot_be_read(key) -> None:
    with pytest.raises(rubrics.BadRubric, match="PL 74"):
        rubrics.parse_rubric(raw(indicators=raw()["indicators"] | words(key)))


def test_weights_that_do_not_add_up_to_a_hundred_are_refused() -> None:
    group = {"kind": "street", "name_zh": "", "name_en": "", "weights": {"coverage": 70}}
    with pytest.raises(rubrics.BadRubric, match="100"):
        rubrics.parse_rubric(raw(groups=[group]))


def test_a_share_that_should_be_low_takes_its_own_share_of_the_weight() -> None:
    down = {"coverage": {**raw()["indicators"]["coverage"], "direction": "down"}}
    rubric = rubrics.parse_rubric(raw(indicators=down))
    assert scoring.score(rubric, rubric.groups[0], {"coverage": Count(1, 4)}).points == 75


def test_every_indicator_of_the_rubric_says_its_formula_in_both_languages() -> None:
    from sanbao.evaluation.indicators import NAMES

    assert set(RUBRIC.indicators) == set(NAMES)
    assert all(each.formula_zh and each.formula_en and each.name_zh and each.name_en for each in RUBRIC.indicators.values())
