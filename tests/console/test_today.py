"""The first page of the staff: what waits, for whom."""

from datetime import timedelta

import pytest

from sanbao.console import today
from sanbao.problems import services as problems
from sanbao.registry.models import Premises

BACKEND = "django.contrib.auth.backends.ModelBackend"


def page(client, person) -> str:
    client.force_login(person, backend=BACKEND)
    answer = client.get("/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_has_nothing_to_do_is_told_so(client, world) -> None:
    assert "没有待办事项" in page(client, world.editor)


@pytest.mark.parametrize(
    "name", ["dispatcher", "leader", "liu", "zhao", "qian", "clerk", "contact", "editor", "admin", "gridworker"]
)
def test_the_first_page_opens_for_every_role(client, world, name) -> None:
    assert "<main" in page(client, getattr(world, name))


def test_a_report_waits_for_the_dispatcher_and_not_for_the_press(client, world) -> None:
    front: Premises = world.noodle_house
    problems.receive_report(
        source="citizen", class_code="O02", comment="桌椅占道", lon=front.lon, lat=front.lat, place="柳荫路", by=None, at=world.at
    )
    titles = [pile.title for pile in today.piles_of(world.dispatcher, world.at)]
    assert len(titles) == 1
    assert "桌椅占道" in page(client, world.dispatcher)
    assert today.piles_of(world.editor, world.at) == []


def test_a_finding_waits_for_who_found_it_with_its_deadline(world) -> None:
    front: Premises = world.noodle_house
    finding = problems.record_finding(
        class_code="O02", premises=front, lon=front.lon, lat=front.lat, note="桌椅占道", by=world.liu, at=world.at
    )
    [pile] = today.piles_of(world.liu, world.at + timedelta(minutes=1))
    assert pile.items[0].due_at == finding.due_at and pile.count == 1
