"""The page of events: every action written in the journal, which module writes it, and what follows from it.

The actions are found in the source text, by reading the calls of `journal.record` and `journal.record_many`. An action made at run time
(`f"case.{target}"`) is resolved to the targets of the steps that its function attempts, or of the whole workflow of that noun.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from sanbao.console.actions import SENTENCES
from sanbao.console.reference.wording import chinese, source, table, whole
from sanbao.core import news
from sanbao.core.access import GRANTS
from sanbao.law.workflow import Workflow

HOUSE = Path(settings.BASE_DIR) / "sanbao"
ACTION: Final = re.compile(r"^[a-z]+\.[a-z_]+$")
WORKFLOW_OF: Final = {"case": "penalty", "order": "rectification", "agreement": "letter"}
"""The workflow that gives a noun its states, where it is not called like the noun."""
VERBS: Final = frozenset().union(*GRANTS.values())

INTRODUCTION = """# Events 事项日志

What the journal can hold: `noun.participle`, written in the transaction of the act itself, sealed afterwards into the hash chain of its
district. Reactions (`sanbao/reactions.py`) are called by the worker after the seal, at least once, and bear being called twice.
日志只追加、不修改；工作进程封存后触发后续事项。"""


@lru_cache(maxsize=1)
def written() -> dict[str, tuple[str, ...]]:
    """Every action with the modules that write it, in alphabetical order."""
    found: dict[str, set[str]] = {}
    for path in sorted(HOUSE.rglob("*.py")):
        text = path.read_text("utf-8")
        if "record" not in text or "migrations" in path.parts:
            continue
        module = ".".join(path.relative_to(HOUSE.parent).with_suffix("").parts)
        for action in _actions_in(ast.parse(text)):
            found.setdefault(action, set()).add(module)
    return {action: tuple(sorted(found[action])) for action in sorted(found)}


def page() -> str:
    """The whole page: one row for each action."""
    page_of_reactions = news.page()
    rows = (_row(action, modules, page_of_reactions.REACTIONS.get(action, ())) for action, modules in written().items())
    daily = "\n".join(f"- `{path}`" for path in page_of_reactions.DAILY) or "- none"
    return whole(
        INTRODUCTION,
        table(("Action", "Sentence", "中文", "Written by", "What follows 后续"), rows),
        f"## Every day 每日\n\n{daily}",
    )


def _row(action: str, modules: tuple[str, ...], reactions: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    sentence = SENTENCES.get(action, "")
    follows = ", ".join(f"`{path}`" for path in reactions) or "–"
    return f"`{action}`", source(sentence), chinese(sentence), ", ".join(f"`{module}`" for module in modules), follows


def _actions_in(tree: ast.Module) -> Iterator[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and _records(call.func) and call.args:
                yield from _resolved(call.args[0], function, tree)


def _records(called: ast.expr) -> bool:
    names = {"record", "record_many"}
    return isinstance(called, ast.Attribute) and called.attr in names and _name(called.value) == "journal"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _resolved(action: ast.expr, function: ast.FunctionDef, tree: ast.Module) -> Iterator[str]:
    if isinstance(action, ast.JoinedStr):
        head = action.values[0]
        noun = str(head.value).rstrip(".") if isinstance(head, ast.Constant) else ""
        yield from (f"{noun}.{target}" for target in _targets(noun, function))
        return
    yield from _words(action) or _words(function) or _words(tree)


def _words(node: ast.AST) -> list[str]:
    """Every text in a piece of source that has the shape of an action."""
    texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))
    return [text for text in texts if ACTION.match(text) and text not in VERBS]


def _targets(noun: str, function: ast.FunctionDef) -> list[str]:
    workflow = _workflow(WORKFLOW_OF.get(noun, noun))
    attempts = [
        call
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "attempt" and call.args
    ]
    names = {each.value for call in attempts for each in ast.walk(call.args[0]) if isinstance(each, ast.Constant) and each.value}
    steps = [step for step in workflow.steps if step.name in names] or workflow.steps
    return [step.target for step in steps]


def _workflow(name: str) -> Workflow:
    from sanbao.console.reference.workflows import known

    return next(workflow for _module, workflow in known() if workflow.name == name)
