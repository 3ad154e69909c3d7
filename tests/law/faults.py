"""The faults of `mutants`: where one can be put into the law, and how to put it in."""

import ast
import copy
import dataclasses
import importlib
import inspect
import pkgutil
import types
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sanbao.law
import sanbao.law.calendar

ROOT = Path(sanbao.law.__file__).parent
PAPERS = ("forms", "wording")
"""Modules about papers and their words, which have tests of their own elsewhere."""
ORDERED = {ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt)}
FLIPPED = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
         ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Mod: ast.Add}  # fmt: skip
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}
OTHER_RULE = {"DL-01": "DL-03", "DL-08": "DL-05", "DL-14": "DL-14S", "DL-14S": "DL-14", "DL-10": "DL-10E", "DL-10E": "DL-10"}


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault: its stable name, the line it stands in, the function it changes as (file, qualified name), the deed."""

    id: str
    line: str
    place: tuple[str, str]
    commit: Callable[[], None]


def clear_caches(keep: set[str]) -> None:
    """Forget what the law has worked out, but for the named loaders of files."""
    for found in _cached():
        if found.__name__ not in keep:
            found.cache_clear()
    sanbao.law.calendar.official()._workdays.clear()


@cache
def _cached() -> tuple[Any, ...]:
    return tuple(
        {id(each): each for module in modules() for each in vars(module).values() if hasattr(each, "cache_clear")}.values()
    )


@cache
def modules() -> tuple[types.ModuleType, ...]:
    """Every module of the law."""
    found = [each.name for each in pkgutil.walk_packages([str(ROOT)], "sanbao.law.")]
    return tuple(importlib.import_module(name) for name in found if name.rpartition(".")[2] not in PAPERS)


def all_faults() -> list[Fault]:
    """Every fault, in the order of modules and lines, then those in the tables of steps."""
    found = [fault for module in modules() for fault in (*_in_functions(module), *_in_constants(module))]
    return [*found, *_in_tables()]


# Functions


def _in_functions(module: types.ModuleType) -> Iterator[Fault]:
    short = module.__name__.removeprefix("sanbao.law.")
    source = Path(module.__file__ or "").read_text("utf-8")
    lines = source.splitlines()
    for outer, node in _functions(ast.parse(source)):
        name = f"{outer.name}.{node.name}" if outer else node.name
        target = _function(module, outer.name if outer else None, node.name)
        if target is None:
            continue
        seen: Counter[str] = Counter()
        for label, line, change in _changes(node):
            seen[label] += 1
            id_ = f"{short}.{name} {label} #{seen[label]}"
            yield Fault(id_, lines[line - 1].strip(), (module.__file__ or "", name), _swap(target, outer, change))
        yield from _in_defaults(f"{short}.{name}", target, (module.__file__ or "", name), lines[node.lineno - 1].strip())


def _functions(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield None, node
        elif isinstance(node, ast.ClassDef):
            yield from ((node, each) for each in node.body if isinstance(each, ast.FunctionDef))


def _function(module: types.ModuleType, outer: str | None, name: str) -> types.FunctionType | None:
    holder = vars(module)[outer].__dict__ if outer else vars(module)
    found = holder.get(name)
    found = found.fget if isinstance(found, property) else found
    found = inspect.unwrap(found) if found is not None else None
    return found if isinstance(found, types.FunctionType) else None


def _code(outer: ast.ClassDef | None, node: ast.FunctionDef, target: types.FunctionType) -> types.CodeType:
    bare = copy.copy(node)
    bare.decorator_list = []
    body: list[ast.stmt] = [bare]
    if outer is not None:
        body = [ast.ClassDef(name=outer.name, bases=[], keywords=[], body=[bare], decorator_list=[])]
    tree = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    return _find(compile(tree, target.__code__.co_filename, "exec"), node.name)


def _find(code: types.CodeType, name: str) -> types.CodeType:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            if each.co_name == name:
                return each
            if each.co_name != name and each.co_firstlineno and (found := _find_or_none(each, name)):
                return found
    raise LookupError(name)


def _find_or_none(code: types.CodeType, name: str) -> types.CodeType | None:
    try:
        return _find(code, name)
    except LookupError:
        return None


def _swap(target: types.FunctionType, outer: ast.ClassDef | None, change: Callable[[], ast.FunctionDef]) -> Callable[[], None]:
    def commit() -> None:
        target.__code__ = _code(outer, change(), target)

    return commit


def _in_defaults(name: str, target: types.FunctionType, place: tuple[str, str], line: str) -> Iterator[Fault]:
    for key, value in (target.__kwdefaults__ or {}).items():
        if isinstance(value, bool):

            def commit(key: str = key, value: bool = value) -> None:
                target.__kwdefaults__ = {**target.__kwdefaults__, key: not value}

            yield Fault(f"{name} default {key}", line, place, commit)


# Changes of one function


def _changes(function: ast.FunctionDef) -> Iterator[tuple[str, int, Callable[[], ast.FunctionDef]]]:
    """Every way to change a function: what is done, on which line, and how to make the changed copy."""
    untouched = _untouched(function)
    for number, node in enumerate(ast.walk(function)):
        if node is function or id(node) in untouched:
            continue
        for label, change in _of_node(node):
            yield (
                label,
                getattr(node, "lineno", function.lineno),
                lambda number=number, change=change: _twin(function, number, change),
            )


def _twin(function: ast.FunctionDef, number: int, change: "Change") -> ast.FunctionDef:
    """A copy of a function with the change made at its so-many-th node."""
    twin = copy.deepcopy(function)
    other = next(each for place, each in enumerate(ast.walk(twin)) if place == number)
    parent, field, index = _seat(twin, other)
    new = change(other)
    if index is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[index] = new
    return twin


def _untouched(function: ast.FunctionDef) -> set[int]:
    """The nodes that belong to the signature and to texts."""
    skip: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arguments | ast.JoinedStr) or node in function.decorator_list or node is function.returns:
            skip.update(id(each) for each in ast.walk(node))
        if isinstance(node, ast.AnnAssign):
            skip.update(id(each) for each in ast.walk(node.annotation))
        if isinstance(node, ast.Raise) and node.exc is not None:
            skip.update(id(each) for each in ast.walk(node.exc))
    return skip


def _seat(tree: ast.AST, child: ast.AST) -> tuple[ast.AST, str, int | None]:
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value is child:
                return node, field, None
            if isinstance(value, list):
                for index, each in enumerate(value):
                    if each is child:
                        return node, field, index
    raise LookupError("a node without a parent")


Change = Callable[[Any], ast.AST]


def _of_node(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        yield from _of_comparison(node)
    elif isinstance(node, ast.BoolOp):
        yield from _of_junction(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", lambda n: n.operand
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield "condition negated", _negated
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in SIGNS:
        yield f"{type(node.op).__name__} changed", _sign
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield from _of_return(node)
    elif isinstance(node, ast.Raise | ast.Continue | ast.Break):
        yield f"without {type(node).__name__.lower()}", lambda n: ast.copy_location(ast.Pass(), n)
    elif isinstance(node, ast.comprehension) and node.ifs:
        for place in range(len(node.ifs)):
            yield f"without filter {place}", lambda n, place=place: _drop(n, "ifs", place)


def _drop(node: Any, field: str, place: int) -> Any:
    del getattr(node, field)[place]
    return node


def _negated(node: Any) -> Any:
    node.test = ast.UnaryOp(op=ast.Not(), operand=node.test)
    return node


def _sign(node: Any) -> Any:
    node.op = SIGNS[type(node.op)]()
    return node


def _of_comparison(node: ast.Compare) -> Iterator[tuple[str, Change]]:
    for place, op in enumerate(node.ops):
        for new in ORDERED.get(type(op), ()) or (FLIPPED[type(op)],):
            yield f"{type(op).__name__} to {new.__name__}", lambda n, place=place, new=new: _operator(n, place, new)
    for place, each in enumerate(node.comparators):
        if isinstance(each, ast.Tuple | ast.Set):
            for part in range(len(each.elts)):
                yield f"member {part} dropped", lambda n, place=place, part=part: _member(n, place, part)


def _operator(node: Any, place: int, new: type) -> Any:
    node.ops[place] = new()
    return node


def _member(node: Any, place: int, part: int) -> Any:
    del node.comparators[place].elts[part]
    return node


def _of_junction(node: ast.BoolOp) -> Iterator[tuple[str, Change]]:
    yield f"{type(node.op).__name__} swapped", _swapped
    for place in range(len(node.values)):
        yield f"operand {place} dropped", lambda n, place=place: _without(n, place)


def _swapped(node: Any) -> Any:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return node


def _without(node: Any, place: int) -> Any:
    del node.values[place]
    return node.values[0] if len(node.values) == 1 else node


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, bool):
        yield f"{node.value} turned", lambda n: ast.copy_location(ast.Constant(not n.value), n)
    elif isinstance(node.value, int):
        yield f"{node.value} plus one", lambda n: ast.copy_location(ast.Constant(n.value + 1), n)
    elif isinstance(node.value, str) and node.value in OTHER_RULE:
        yield f"{node.value} exchanged", lambda n: ast.copy_location(ast.Constant(OTHER_RULE[n.value]), n)
    elif isinstance(node.value, str) and node.value.startswith("DL-") and len(node.value) <= 6:
        yield f"{node.value} exchanged", lambda n: ast.copy_location(ast.Constant("DL-01" if n.value != "DL-02" else "DL-03"), n)


def _of_call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    if isinstance(node.func, ast.Name) and node.func.id in SWAPPED and len(node.args) + len(node.keywords) > 0:
        yield f"{node.func.id} to {SWAPPED[node.func.id]}", _call_swapped


def _call_swapped(node: Any) -> Any:
    node.func = ast.copy_location(ast.Name(id=SWAPPED[node.func.id], ctx=ast.Load()), node.func)
    return node


def _of_return(node: ast.Return) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, ast.Constant) and node.value.value is None:
        return
    yield "return dropped", lambda n: ast.copy_location(ast.Expr(value=n.value), n)
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) and node.value.value:
        yield f"“{node.value.value}” exchanged", lambda n: ast.copy_location(ast.Return(ast.Constant("?")), n)


# Sets of a module, and tables of steps


def _in_constants(module: types.ModuleType) -> Iterator[Fault]:
    short = module.__name__.removeprefix("sanbao.law.")
    tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    named = {
        target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)
    }
    for name in sorted(named):
        value = vars(module)[name]
        if not isinstance(value, frozenset):
            continue
        for member in sorted(value):

            def commit(name: str = name, value: Any = value, member: str = member) -> None:
                vars(module)[name] = value - {member}

            yield Fault(f"{short}.{name} without {member}", name, (module.__file__ or "", ""), commit)


def _in_tables() -> Iterator[Fault]:
    from sanbao.law.check import PROCEDURES
    from sanbao.law.guards import guard_id

    for flow_name, (flow, _) in PROCEDURES.items():
        for step in flow.steps:
            start, seat = f"table {flow_name}.{step.name}", (str(ROOT), "")
            for guard in step.guards:
                kept = tuple(each for each in step.guards if each is not guard)
                yield Fault(f"{start} without {guard_id(guard)}", step.label, seat, _set(step, "guards", kept))
            for field in ("source", "starts", "documents"):
                members = getattr(step, field)
                for each in members if field != "source" or len(members) > 1 else ():
                    kept = tuple(other for other in members if other != each)
                    yield Fault(f"{start} {field} without {each}", step.label, seat, _set(step, field, kept))
            other = next(state for state in reversed(flow.states) if state != step.target)
            yield Fault(f"{start} to {other}", step.label, seat, _set(step, "target", other))


def _set(step: Any, field: str, value: Any) -> Callable[[], None]:
    return lambda: object.__setattr__(step, field, value)
