"""`sanbao register link`: the registers of the district beside each other, with figures as text or JSON."""

import json

import pytest

from sanbao.registry import cli
from sanbao.registry.models import RecordLink
from tests.registry.registers import census, import_list, platform


@pytest.fixture
def lists(world):
    import_list("census", [census(number) for number in range(4)], by=world.clerk, at=world.at)
    import_list("platform", [platform(number) for number in range(4)], by=world.clerk, at=world.at)
    return world


def test_figures_come_as_json_and_say_what_was_joined(lists, capsys):
    assert cli.main(["link", "--json", "--by", "clerk"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["runs"]) == 1
    assert answer["runs"][0]["joined"] == RecordLink.objects.filter(state="joined").count() > 0
    assert {answer["runs"][0]["one"], answer["runs"][0]["other"]} == {"沿街店面普查", "外卖平台商户"}


def test_a_second_time_there_is_nothing_to_do_unless_it_is_asked_for_again(lists, capsys):
    assert cli.main(["link"]) == 0
    first = capsys.readouterr().out.splitlines()
    assert cli.main(["link"]) == 0
    assert capsys.readouterr().out.splitlines()[0] not in first
    assert cli.main(["link", "--again", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 1


def test_who_may_not_or_is_not_known_gets_one_sentence_and_exit_code_two(lists, capsys):
    assert cli.main(["link", "--by", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
    assert cli.main(["link", "--by", "gridworker"]) == 2
    assert not RecordLink.objects.exists()


def test_with_a_single_register_it_says_what_is_missing(world, capsys):
    import_list("census", [census(0)], by=world.clerk, at=world.at)
    assert cli.main(["link"]) == 0
    assert "sanbao register import" in capsys.readouterr().out
