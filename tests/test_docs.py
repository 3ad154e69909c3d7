"""The pages say what the code does and point to what is there; every journal action has a sentence in English and in Chinese."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from sanbao.console import actions, reference
from sanbao.console.reference import events, workflows
from sanbao.console.reference.wording import chinese, source
from sanbao.core import catalogues, journal
from sanbao.core.access import GRANTS
from sanbao.core.news import page as reactions
from sanbao.law.penalty import PENALTY

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_is_current(name):
    path = reference.FOLDER / name
    assert path.is_file(), "Run ./run sanbao docs and commit docs/generated."
    assert path.read_text("utf-8") == reference.PAGES[name](), f"{name} has fallen behind the code: run ./run sanbao docs."


def test_every_journal_action_has_a_sentence_in_both_languages():
    without = [action for action in events.written() if action not in actions.SENTENCES]
    assert not without, f"Give these a sentence in sanbao/console/actions.py: {without}"
    assert not [action for action, sentence in actions.SENTENCES.items() if not chinese(sentence)]


def test_two_actions_never_share_a_sentence():
    sentences = [source(sentence) for sentence in actions.SENTENCES.values()]
    assert len(sentences) == len(set(sentences))


def test_an_action_is_shown_as_a_sentence_and_an_unknown_one_as_itself():
    with translation.override("en"):
        assert str(actions.sentence("order.issued")) == "Order to correct issued"
    assert actions.sentence("teapot.broken") == "teapot.broken"


def test_a_made_up_action_is_resolved_to_the_targets_of_its_steps():
    found = events.written()
    assert {f"case.{step.target}" for step in PENALTY.steps} <= set(found)
    assert "sanbao.problems.services.rechecks" in found["order.failed"]
    assert "sanbao.problems.services.rechecks" not in found["order.issued"], "a recheck attempts two steps and not all"


def test_every_reaction_listens_to_an_action_that_is_written():
    assert not [action for action in reactions().REACTIONS if action not in events.written()]


def test_no_verb_of_a_permission_is_taken_for_an_action():
    assert not set().union(*GRANTS.values()) & set(events.written())


def test_every_workflow_of_the_house_is_on_the_page():
    names = {workflow.name for _place, workflow in workflows.known()}
    assert {"penalty", "rectification", "publication", "report", "finding", "letter", "task"} <= names


def test_the_command_names_a_stale_page_and_mends_it(tmp_path):
    call_command("docs", folder=tmp_path)
    call_command("docs", folder=tmp_path, check=True)
    (tmp_path / "law.md").write_text("old", "utf-8")
    with pytest.raises(CommandError, match=r"law\.md"):
        call_command("docs", folder=tmp_path, check=True)
    call_command("docs", folder=tmp_path)
    assert (tmp_path / "law.md").read_text("utf-8").startswith("<!-- Made by")
    assert json.loads((tmp_path / "openapi.json").read_text("utf-8"))["info"]["title"] == "Sanbao"


def written_pages():
    folders = (ROOT, ROOT / "docs", ROOT / "docs" / "handbook", ROOT / "docs" / "adr")
    return [path for folder in folders for path in sorted(folder.glob("*.md"))]


@pytest.mark.parametrize("path", written_pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_points_only_to_what_is_there(path):
    targets = (target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")))
    local = (target for target in targets if target and "://" not in target and "docs/screenshots/" not in target)
    assert not [target for target in local if not (path.parent / target).exists()]


def test_every_page_of_the_handbook_is_there_in_both_languages():
    pages = {path.name for path in (ROOT / "docs" / "handbook").glob("*.md")}
    roles = {name.split(".")[0] for name in pages}
    assert pages == {f"{role}.{language}.md" for role in roles for language in ("zh", "en")}


def test_every_direct_dependency_is_explained():
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    lines = [line for name in ("runtime", "dev", "uv") for line in (ROOT / f"requirements/{name}.in").read_text().splitlines()]
    names = [re.split(r"[\[<>=; ]", line)[0] for line in lines if line and not line.startswith("-r")]
    names += json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert not [name for name in names if name not in page]


def test_the_handbook_quotes_labels_as_the_pages_show_them():
    entries = (entry for room in catalogues.room_catalogues().values() for entry in room if entry.id)
    shown = {text for entry in entries for text in (entry.string if isinstance(entry.string, tuple) else (entry.string,))}
    for path in sorted((ROOT / "docs" / "handbook").glob("*.zh.md")):
        quoted = re.findall("“([^”]+)”", path.read_text("utf-8"))
        assert not [label for label in quoted if label not in shown], path.name


def test_the_journal_page_speaks_in_sentences(world, client):
    journal.record("order.issued", world.noodle_house, by=world.liu, at=world.at)
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    said = client.get("/desk/journal/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "责令限期改正通知书已制发" in said
    assert 'title="order.issued"' in said
