"""The page of workflows: every `Workflow` of the law and of the rooms as a diagram, its steps and its guards."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import sanbao
from sanbao import law
from sanbao.console.reference.wording import article, both, chinese, table, whole
from sanbao.law.guards import guard_id
from sanbao.law.workflow import Guard, Step, Workflow

SAYING = re.compile(r"^(?:G-[A-Z0-9-]+\. )?(?:(?P<articles>[^:]{1,80}\d[^:]{0,20}): )?(?P<sentence>.+)$", re.DOTALL)
INTRODUCTION = """# Workflows 流程

A state changes only by a step of its workflow, and a step is taken only when every blocking guard is silent. The page that shows the
buttons and the service that moves the state ask the same table (`sanbao/law/workflow.py`). Guards that only warn are stored with the
step. 状态只能按流程步骤变更；每一步的全部前置条件（守卫）一次答复。"""


def known() -> list[tuple[str, Workflow]]:
    """Every workflow with the module it stands in: the law's first, then the rooms' own, each once."""
    found: dict[int, tuple[str, Workflow]] = {}
    for module in _modules():
        text = inspect.getsource(module)
        for name, value in vars(module).items():
            if isinstance(value, Workflow) and f"\n{name} = Workflow(" in text:  # made here, not imported
                found.setdefault(id(value), (module.__name__, value))
    return list(found.values())


def _modules() -> Iterator[ModuleType]:
    for info in sorted(pkgutil.iter_modules(law.__path__), key=lambda info: info.name):
        yield import_module(f"sanbao.law.{info.name}")
    for room in sorted(info.name for info in pkgutil.iter_modules(sanbao.__path__) if info.ispkg and info.name != "law"):
        yield from _lifecycles(f"sanbao.{room}")


def _lifecycles(package: str) -> Iterator[ModuleType]:
    """The `lifecycle` of a room, then those of the packages inside it."""
    inside = list(pkgutil.iter_modules(import_module(package).__path__))
    if any(info.name == "lifecycle" for info in inside):
        yield import_module(f"{package}.lifecycle")
    for name in sorted(info.name for info in inside if info.ispkg and info.name not in ("migrations", "management")):
        yield from _lifecycles(f"{package}.{name}")


def page() -> str:
    """The whole page."""
    return whole(INTRODUCTION, *(_section(place, workflow) for place, workflow in known()))


def _section(place: str, workflow: Workflow) -> str:
    guards = list(dict.fromkeys(guard for step in workflow.steps for guard in step.guards))
    parts = [
        f"## {workflow.name}\n\n`{place}` · {len(workflow.states)} states, {len(workflow.steps)} steps",
        f"```mermaid\n{workflow.mermaid()}\n```",
        table(
            ("Step", "Label 按钮", "From", "To", "Guards 前置条件", "Articles 依据", "Papers 文书", "Periods 期限"),
            (_row(step) for step in workflow.steps),
        ),
    ]
    if guards:
        parts.append(table(("Guard", "Function", "Articles 依据", "What it asks"), (_guard(guard) for guard in guards)))
    return "\n\n".join(parts)


def _row(step: Step) -> tuple[str, ...]:
    return (
        f"`{step.name}`",
        both(step.label) if chinese(step.label) else step.label,
        ", ".join(step.source),
        step.target,
        " ".join(_name(guard) for guard in step.guards) or "–",
        "; ".join(article(id_) for id_ in step.cites) or "–",
        " ".join(step.documents) or "–",
        " ".join(step.starts) or "–",
    )


def _guard(guard: Guard) -> tuple[str, str, str, str]:
    said = SAYING.match((inspect.getdoc(guard) or "").split("\n\n")[0])
    articles = (said["articles"] or "–") if said else "–"
    sentence = said["sentence"] if said else "–"
    return _name(guard), f"`{guard.__module__}.{guard.__name__}`", articles, sentence[:1].upper() + sentence[1:]


def _name(guard: Guard) -> str:
    try:
        return guard_id(guard)
    except KeyError:
        return f"`{guard.__name__}`"
