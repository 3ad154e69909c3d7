"""Rankings: every figure opens exactly its rows, months freeze, and nothing of the penalty room is ever read."""

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest

from sanbao.campaigns import queries as plan_queries
from sanbao.campaigns import services as plans
from sanbao.campaigns.models import Task
from sanbao.core import clock, journal
from sanbao.core.errors import Forbidden, Refusal
from sanbao.core.models import Entry
from sanbao.evaluation import indicators, queries, scoring, services
from sanbao.evaluation.models import Ranking, Score
from sanbao.evaluation.period import month_of
from sanbao.evaluation.rubric import rubric_on
from sanbao.problems import services as problems
from sanbao.registry.responsibility import Duties

SEPTEMBER = date(2026, 9, 1)
AFTER = datetime(2026, 10, 3, 9, 0, tzinfo=clock.ZONE)
RUBRIC = rubric_on(SEPTEMBER)


def rows(name, unit, at=AFTER):
    return indicators.rows_of(name, unit, month_of(SEPTEMBER, at), RUBRIC)


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("coverage", (1, 2)),
        ("findings_closed", (1, 2)),
        ("orders_corrected", (1, 1)),
        ("recheck_passed", (1, 1)),
        ("tasks_verified", (1, 3)),
        ("reports_answered", (1, 2)),
    ],
)
def test_an_indicator_counts_what_happened(busy, name, figure) -> None:
    count = rows(name, busy.street_office).count()
    assert (count.numerator, count.denominator) == figure


@pytest.mark.parametrize("at", [datetime(2026, 9, 22, 8, 0, tzinfo=clock.ZONE), AFTER])
@pytest.mark.parametrize("name", indicators.NAMES)
def test_every_figure_equals_the_rows_it_opens(busy, name, at) -> None:
    for unit in (busy.street_office, busy.street_office_2, busy.department, None):
        found = rows(name, unit, at)
        count = found.count()
        numerator, denominator, missing = (set(found.side(side)) for side in ("numerator", "denominator", "missing"))
        assert (len(numerator), len(denominator)) == (count.numerator, count.denominator)
        assert numerator | missing == denominator and not numerator & missing
        assert found.side("open").count() == count.open


def test_a_unit_without_rows_has_no_data_and_the_district_has_everybodys(busy) -> None:
    assert rows("coverage", busy.street_office_2).count().share is None
    assert rows("coverage", None).count() == rows("coverage", busy.street_office).count()


def test_a_late_verification_does_not_make_the_unit_late(busy) -> None:
    assert list(rows("tasks_verified", busy.street_office).numerator) == [busy.tasks[0]]
    pending = rows("tasks_verified", busy.street_office).open
    assert list(pending) == [busy.tasks[1]] and busy.tasks[1].done_at < busy.tasks[1].due_at


def test_an_order_waiting_for_its_recheck_is_missing_but_can_still_count(town) -> None:
    from tests.evaluation.conftest import find, issue, serve

    order = issue(town, find(town))
    serve(town, order)
    before, after = town.at + timedelta(hours=2), town.at + timedelta(days=2)
    assert rows("orders_corrected", None, before).count() == scoring.Count(0, 0, 0, 1)
    assert rows("orders_corrected", None, after).count() == scoring.Count(0, 1, 1, 0)
    problems.withdraw_order(order, reason="文书有误", by=town.liu, at=after)
    assert rows("orders_corrected", None, AFTER).count() == scoring.Count(0, 0)


def test_a_finding_with_an_order_is_counted_under_orders_only(busy) -> None:
    assert busy.order.finding not in rows("findings_closed", None).all


def test_an_area_without_a_unit_belongs_to_the_unit_above(busy) -> None:
    busy.community_a.unit = None
    busy.community_a.save()
    assert set(Duties(date(2026, 9, 30), ()).areas_of(busy.street_office)) == {busy.area_a.pk, busy.community_a.pk}
    assert rows("coverage", busy.street_office).count().denominator == 2


def test_a_ranking_scores_every_unit_with_its_like(busy) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=busy.leader, at=AFTER)
    score = Score.objects.get(ranking=ranking, unit=busy.street_office)
    expected = 100 - 25 / 2 - 20 / 2 - 0 - 0 - 15 * 2 / 3 - 10 / 2
    assert float(score.points) == pytest.approx(expected, abs=1e-7)
    assert (score.grade, score.place, score.measured) == ("C", 1, 100)
    empty = Score.objects.get(ranking=ranking, unit=busy.street_office_2)
    assert (empty.points, empty.grade, empty.place, empty.measured) == (None, "", None, 0)
    groups = {group.kind: [row.score.unit for row in mine] for group, mine in queries.table(ranking)}
    assert groups == {"street": [busy.street_office, busy.street_office_2], "department": [busy.department]}
    assert Entry.objects.filter(action="ranking.computed", subject=journal.subject_of(ranking)).count() == 1


def test_a_unit_of_which_too_little_was_measured_gets_a_score_but_no_place(busy) -> None:
    plans.assign(
        plan_queries.current(SEPTEMBER),
        title="清淤",
        unit=busy.street_office_2,
        due_at=busy.at + timedelta(days=1),
        by=busy.dispatcher,
        at=busy.at,
    )
    ranking = services.compute_ranking(SEPTEMBER, by=busy.leader, at=AFTER)
    score = Score.objects.get(ranking=ranking, unit=busy.street_office_2)
    assert (score.points, score.place, score.measured) == (0, None, 15)


def test_computing_again_replaces_the_scores_until_the_month_is_frozen(busy) -> None:
    first = services.compute_ranking(SEPTEMBER, by=busy.leader, at=AFTER)
    second = services.compute_ranking(SEPTEMBER, by=None, at=AFTER + timedelta(hours=1))
    assert first.pk == second.pk and Score.objects.filter(ranking=first).count() == 3
    services.freeze_ranking(second, by=busy.leader, at=AFTER + timedelta(hours=2))
    with pytest.raises(Refusal) as refused:
        services.compute_ranking(SEPTEMBER, by=busy.leader, at=AFTER + timedelta(hours=3))
    assert refused.value.reasons[0].code == "ranking_frozen"


def test_a_frozen_ranking_can_be_made_again_and_does_not_move_with_its_rows(busy) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=busy.leader, at=AFTER)
    services.freeze_ranking(ranking, by=busy.leader, at=AFTER)
    before = {score.unit_id: (score.points, score.grade) for score in queries.scores_of(ranking)}
    Task.objects.filter(pk=busy.tasks[2].pk).update(due_at=AFTER + timedelta(days=90))
    plans.verify(busy.tasks[1], by=busy.dispatcher, at=AFTER + timedelta(days=1))
    for score in queries.scores_of(ranking):
        again = queries.result_of(score)
        assert (score.points, score.grade) == before[score.unit_id]
        assert again.grade == score.grade and scoring.shown(again.points) == scoring.shown(score.points)
    assert services.digest_of(ranking) == ranking.digest
    Score.objects.filter(ranking=ranking, unit=busy.street_office).update(place=2)
    assert services.digest_of(ranking) != ranking.digest


def test_what_happens_after_the_instant_of_computing_changes_no_figure_behind_it(busy) -> None:
    count = rows("tasks_verified", busy.street_office).count()
    plans.verify(busy.tasks[1], by=busy.dispatcher, at=AFTER + timedelta(days=1))
    assert rows("tasks_verified", busy.street_office).count() == count
    later = AFTER + timedelta(days=2)
    assert rows("tasks_verified", busy.street_office, later).count().numerator == count.numerator + 1


@pytest.mark.parametrize(
    ("computed", "frozen", "code"),
    [
        (datetime(2026, 9, 20, 9, 0, tzinfo=clock.ZONE), datetime(2026, 9, 25, 9, 0, tzinfo=clock.ZONE), "month_running"),
        (datetime(2026, 9, 20, 9, 0, tzinfo=clock.ZONE), AFTER, "ranking_stale"),
    ],
)
def test_a_ranking_is_frozen_only_when_its_month_is_over_and_counted_to_its_end(town, computed, frozen, code) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=town.leader, at=computed)
    with pytest.raises(Refusal) as refused:
        services.freeze_ranking(ranking, by=town.leader, at=frozen)
    assert refused.value.reasons[0].code == code
    ranking.refresh_from_db()
    assert ranking.state == Ranking.State.COMPUTED


def test_a_frozen_ranking_is_not_frozen_twice_and_a_month_to_come_is_not_computed(town) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=town.leader, at=AFTER)
    services.freeze_ranking(ranking, by=town.leader, at=AFTER)
    with pytest.raises(Refusal):
        services.freeze_ranking(ranking, by=town.leader, at=AFTER)
    with pytest.raises(Refusal) as refused:
        services.compute_ranking(date(2026, 11, 5), by=town.leader, at=AFTER)
    assert refused.value.reasons[0].code == "month_not_begun"


def test_somebody_who_computed_in_between_stops_the_freeze(town) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=town.leader, at=AFTER)
    services.compute_ranking(SEPTEMBER, by=None, at=AFTER + timedelta(minutes=1))
    with pytest.raises(Refusal) as refused:
        services.freeze_ranking(ranking, by=town.leader, at=AFTER + timedelta(minutes=2))
    assert refused.value.reasons[0].code == "ranking_moved_on"


def test_officers_neither_compute_nor_freeze(town) -> None:
    with pytest.raises(Forbidden):
        services.compute_ranking(SEPTEMBER, by=town.liu, at=AFTER)
    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    with pytest.raises(Forbidden):
        services.freeze_ranking(ranking, by=town.dispatcher, at=AFTER)


def test_movement_is_told_against_the_month_before(busy) -> None:
    august = services.compute_ranking(date(2026, 8, 1), by=None, at=AFTER)
    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    (_group, standings), *_others = queries.table(ranking)
    assert standings[0].movement is None
    Score.objects.filter(ranking=august, unit=busy.street_office).update(place=3)
    (_group, standings), *_others = queries.table(ranking)
    assert standings[0].movement == 2


def test_finishing_the_open_items_raises_the_score_and_may_raise_the_place(busy) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    score = Score.objects.select_related("ranking").get(ranking=ranking, unit=busy.street_office)
    result = queries.result_of(score)
    better = queries.outlook(score, {"tasks_verified": 1}, [result.points + 1])
    assert better.gain == 5 and better.place == 1
    assert queries.outlook(score, {}, [result.points + 1]).place == 2


def test_the_nightly_reading_is_the_day_before_and_opens_the_same_rows(busy, campaign) -> None:
    for indicator in ("coverage", "tasks_verified", "mood_of_the_mayor"):
        plans.add_target(
            campaign, title=indicator, indicator=indicator, value=100, due_on=campaign.ends_on, by=busy.dispatcher, at=busy.at
        )
    written = services.refresh_readings(date(2026, 9, 24))
    assert {reading.on for reading in written} == {date(2026, 9, 23)}
    figures = {line.target.indicator: line.reading for line in plan_queries.board(campaign)}
    assert figures["mood_of_the_mayor"] is None
    for name in ("coverage", "tasks_verified"):
        period = services.campaign_period(campaign, date(2026, 9, 23), services.end_of(date(2026, 9, 23)))
        found = indicators.rows_of(name, None, period, RUBRIC)
        assert (found.numerator.count(), found.denominator.count()) == (figures[name].numerator, figures[name].denominator)
    assert len(services.refresh_readings(AFTER.replace(month=9, day=24))) == 2
    assert campaign.targets.get(indicator="coverage").readings.count() == 1


def test_the_night_computes_the_running_month_and_leaves_a_frozen_one(town) -> None:
    assert services.keep_ranking(date(2026, 10, 1)).month == SEPTEMBER
    ranking = queries.ranking_of(SEPTEMBER)
    services.freeze_ranking(ranking, by=town.leader, at=AFTER)
    assert services.keep_ranking(date(2026, 10, 1)) is None
    assert services.keep_ranking(date(2026, 10, 2)).month == date(2026, 10, 1)


def test_the_appraisal_never_loads_the_penalty_room() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
    )
    kept = [line for line in done.stdout.splitlines() if line.startswith("Scoring never reaches penalties")]
    assert kept and kept[0].endswith("KEPT")
