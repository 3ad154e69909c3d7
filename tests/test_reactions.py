"""The page of reactions: every name on it can be called, and every action it waits for is written somewhere."""

import inspect
import re
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from sanbao.reactions import DAILY, REACTIONS

PACKAGE = Path(__file__).resolve().parent.parent / "sanbao"
NAMED = sorted({path for paths in REACTIONS.values() for path in paths} | set(DAILY))


@pytest.mark.parametrize("path", NAMED)
def test_every_reaction_can_be_called_with_one_thing(path: str) -> None:
    required = [p for p in inspect.signature(import_string(path)).parameters.values() if p.default is p.empty]
    assert len(required) == 1


@pytest.mark.parametrize("action", sorted(REACTIONS))
def test_every_action_waited_for_is_written_somewhere(action: str) -> None:
    noun, participle = action.split(".")
    written = re.compile(rf'"{noun}\.{participle}"|f"{noun}\.\{{')
    assert any(
        written.search(path.read_text()) for path in PACKAGE.rglob("*.py") if path.name not in {"reactions.py", "actions.py"}
    )
