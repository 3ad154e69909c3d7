"""The pages of the appraisal: table, ladder, rows behind each figure, and exports of exactly what is shown."""

import json
import re
from datetime import date, timedelta

import pytest

from sanbao.campaigns import services as plans
from sanbao.core import clock
from sanbao.evaluation import queries, services
from sanbao.evaluation.models import Ranking, Score
from tests.evaluation.test_rankings import AFTER, SEPTEMBER


@pytest.fixture
def desk(busy, client, monkeypatch):
    """The headquarters' leader at the desk, early in October."""
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    client.force_login(busy.leader, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def csv(client, address: str) -> list[str]:
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return text.strip().splitlines()


def test_a_month_without_a_ranking_says_how_to_make_one_and_the_buttons_do(desk, busy) -> None:
    assert 'data-test="compute"' in page(desk, "/desk/ranking/?month=2026-09")
    assert desk.post("/desk/ranking/compute/", {"month": "2026-09"}).url.endswith("?month=2026-09")
    ranking = queries.ranking_of(SEPTEMBER)
    shown = page(desk, "/desk/ranking/?month=2026-09")
    assert busy.street_office.name in shown and "62.50" in shown
    desk.post(f"/desk/ranking/{ranking.pk}/freeze/")
    ranking.refresh_from_db()
    assert ranking.state == Ranking.State.FROZEN
    assert 'data-test="freeze"' not in page(desk, "/desk/ranking/?month=2026-09")


def test_the_exported_table_is_the_one_shown(desk, busy) -> None:
    services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    lines = csv(desk, "/desk/ranking/?month=2026-09&export=csv")
    assert len(lines) == 1 + Score.objects.count()
    assert f"1,{busy.street_office.name},62.5,C,100" in lines[1]


def test_the_ladder_shows_every_step_with_its_rule_and_opens_its_rows(desk, busy) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    shown = page(desk, f"/desk/ranking/2026-09/{busy.street_office.pk}/")
    assert 'class="ladder"' in shown and shown.count('class="step') == 6
    for name in queries.rubric_of(ranking).indicators:
        assert f"/desk/indicator/{name}/?ranking={ranking.pk}&amp;unit={busy.street_office.pk}&amp;side=missing" in shown
    assert queries.rubric_of(ranking).indicators["coverage"].formula_zh in shown


def test_every_number_of_the_ladder_equals_the_rows_of_its_page(desk, busy) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    score = Score.objects.get(ranking=ranking, unit=busy.street_office)
    for line in score.lines:
        base = f"/desk/indicator/{line['indicator']}/?ranking={ranking.pk}&unit={busy.street_office.pk}&export=csv"
        assert len(csv(desk, base)) - 1 == line["denominator"]
        assert len(csv(desk, base + "&side=numerator")) - 1 == line["numerator"]
        assert len(csv(desk, base + "&side=missing")) - 1 == line["denominator"] - line["numerator"]
        assert len(csv(desk, base + "&side=open")) - 1 == line["pending"] + line["waiting"]


def test_the_slider_gets_the_counts_and_the_table_stands_without_it(desk, busy) -> None:
    services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    shown = page(desk, f"/desk/ranking/2026-09/{busy.street_office.pk}/")
    data = json.loads(re.search(r'<script id="ladder-data" type="application/json">(.*?)</script>', shown).group(1))
    tasks = next(line for line in data["lines"] if line["key"] == "tasks_verified")
    assert (tasks["numerator"], tasks["denominator"], tasks["pending"]) == (1, 3, 1)
    assert 'data-indicator="tasks_verified"' in shown and "67.50" in shown


def test_the_rows_of_a_figure_name_and_link_what_is_missing(desk, busy) -> None:
    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    shown = page(desk, f"/desk/indicator/tasks_verified/?ranking={ranking.pk}&unit={busy.street_office.pk}&side=missing")
    assert "任务2" in shown and "任务3" in shown and "任务1" not in shown
    assert f"/desk/tasks/{busy.tasks[1].pk}/" in shown


def test_a_figure_whose_rows_were_changed_later_says_what_the_ranking_keeps(desk, busy) -> None:
    from sanbao.campaigns.models import Task

    ranking = services.compute_ranking(SEPTEMBER, by=None, at=AFTER)
    address = f"/desk/indicator/tasks_verified/?ranking={ranking.pk}&unit={busy.street_office.pk}"
    assert "1 / 3" not in page(desk, address)
    Task.objects.filter(pk=busy.tasks[2].pk).update(due_at=AFTER + timedelta(days=90))
    assert "1 / 3" in page(desk, address)


def test_the_campaigns_reading_opens_the_rows_it_counted(desk, busy, campaign) -> None:
    plans.add_target(
        campaign, title="覆盖率", indicator="coverage", value=100, due_on=campaign.ends_on, by=busy.dispatcher, at=busy.at
    )
    [reading] = services.refresh_readings(date(2026, 9, 24))
    lines = csv(desk, "/desk/indicator/coverage/?on=2026-09-23&side=numerator&export=csv")
    assert len(lines) - 1 == reading.numerator == 1
    assert busy.noodle_house.sign_name in lines[1]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/desk/indicator/fines/", 404),
        ("/desk/indicator/coverage/?side=upside", 404),
        ("/desk/indicator/coverage/?ranking=nonsense", 404),
        ("/desk/indicator/coverage/?on=2026-13-01", 409),
        ("/desk/ranking/?month=never", 409),
        ("/desk/ranking/2026-09/999999/", 404),
        ("/desk/rubric/", 200),
    ],
)
def test_what_does_not_exist_is_said_to_be_missing(desk, address, status) -> None:
    assert desk.get(address).status_code == status


def test_the_appraisal_is_for_those_who_may_see_it(busy, client) -> None:
    client.force_login(busy.gridworker, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/desk/ranking/", "/desk/rubric/", "/desk/indicator/coverage/"):
        assert client.get(address).status_code == 403
    client.logout()
    assert client.get("/desk/ranking/").status_code == 302
