"""Cases told as tables: a lawful base, changes by dotted path, and the facts built from them."""

import io
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from sanbao.law.check import PROCEDURES, build
from sanbao.law.local import Local, Threshold, demo
from sanbao.law.workflow import Verdict, Workflow

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def law(*words: str, typed: bytes = b"", own: bool = False) -> CompletedProcess[str]:
    """What `sanbao law` answers to these words and this standard input, in this process; `own` lets it read `sys.argv` itself."""
    from sanbao.law import cli

    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(typed), "utf-8")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.main(None if own else words)
    finally:
        sys.stdin = before
    return CompletedProcess(words, code, out.getvalue(), err.getvalue())


@cache
def table(name: str) -> dict[str, Any]:
    """A TOML table of this folder."""
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path, making objects on the way."""
    *way, last = path.split(".")
    node: Any = tree
    for part in way:
        node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
    node[last] = value


def take(tree: dict[str, Any], path: str) -> None:
    """Remove the value at a dotted path."""
    *way, last = path.split(".")
    node: Any = tree
    for part in way:
        node = node[int(part)] if isinstance(node, list) else node[part]
    del node[last]


def facts(workflow: str, step: str, change: dict[str, Any] | None = None, *, state: str | None = None) -> Any:
    """The facts of the lawful case standing before a step, after a change with `set` and `unset`."""
    flow, cls = PROCEDURES[workflow]
    lawful = table("lawful.toml")[workflow]
    tree = deepcopy(lawful["base"])
    tree["state"] = state or flow.step(step).source[0]
    for path, value in lawful.get("step", {}).get(step, {}).items():
        put(tree, path, deepcopy(value))
    for path in (change or {}).get("unset", ()):
        take(tree, path)
    for path, value in (change or {}).get("set", {}).items():
        put(tree, path, deepcopy(value))
    if str(tree.get("local", "")).startswith("variant:"):
        tree["local"] = variant(tree["local"].partition(":")[2])
    return build(cls, tree)


def variant(name: str) -> Local:
    """The invented locality with the changes a table of `legality.toml` names."""
    row = table("legality.toml")["variant"][name]
    local = demo()
    if row.get("no_amounts"):
        local = replace(local, amounts=())
    if "op" in row:
        thresholds = {each: Threshold(Decimal(row[each]), row["op"]) for each in ("person", "unit")}
        local = replace(local, hearing=replace(local.hearing, thresholds=thresholds))
    if "together_from" in row:
        sums = {each: Decimal(row["together_from"]) for each in ("person", "unit")}
        local = replace(local, collective=replace(local.collective, sums=sums))
    grants = {name: row[name] for name in ("grantor_level", "publication") if name in row}
    if grants:
        local = replace(local, grants=tuple(replace(each, **grants) for each in local.grants))
    plain = {name: row[name] or None for name in ("organ", "court", "public_notice_days", "exposure_basis") if name in row}
    return replace(local, **plain, night=tuple(row["night"]) if "night" in row else local.night)


def attempt(workflow: str, step: str, change: dict[str, Any] | None = None, *, flow: Workflow | None = None) -> Verdict:
    """The verdict on a step of the (changed) lawful case."""
    return (flow or PROCEDURES[workflow][0]).attempt(step, facts(workflow, step, change))


def guarded() -> list[tuple[str, str, str]]:
    """Every (workflow, step, guard number)."""
    from sanbao.law.guards import guard_id

    return [
        (name, step.name, guard_id(guard))
        for name, (flow, _) in PROCEDURES.items()
        for step in flow.steps
        for guard in step.guards
    ]


def breaks(workflow: str, step: str, guard: str) -> list[dict[str, Any]]:
    """The changes that break one guard at one step."""
    return [
        row
        for row in table("breaks.toml")["break"]
        if row["guard"] == guard
        and (not row.get("only") or workflow in row["only"] or step in row["only"])
        and step not in row.get("except", ())
    ]


def merged(*rows: dict[str, Any]) -> dict[str, Any]:
    """Several changes as one; where two touch the same place the later one stands."""
    return {
        "set": {path: value for row in rows for path, value in row.get("set", {}).items()},
        "unset": [path for row in rows for path in row.get("unset", ())],
    }


def clash(*rows: dict[str, Any]) -> bool:
    """Whether some of the changes touch the same branch, so that the later would undo the earlier."""
    paths = [[path.split(".") for path in (*row.get("set", {}), *row.get("unset", ()))] for row in rows]
    return any(a[: len(b)] == b or b[: len(a)] == a for one, two in combinations(paths, 2) for a in one for b in two)
