"""Facts of a case as a JSON document, answered with every open step and every objection (`sanbao law check`).

The fields are those of the facts classes; unknown fields and wrong forms are errors that name their place. Nothing is stored.
"""

import argparse
import json
import sys
import tomllib
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .calendar import FIRST_YEAR, LAST_YEAR, plausible
from .citations import UnknownArticle, cite
from .facts import CaseFacts
from .local import LOCKED, Local, demo, read_local
from .measures import MEASURES, MeasureFacts
from .money import LIMIT
from .penalty import PENALTY
from .publicity import PublicationFacts
from .rectification import RECTIFICATION, OrderFacts
from .sentences import one_line, shown
from .workflow import Verdict, Workflow

PROCEDURES: dict[str, tuple[Workflow, type]] = {
    "penalty": (PENALTY, CaseFacts),
    "rectification": (RECTIFICATION, OrderFacts),
    **{name: (flow, PublicationFacts if name == "publication" else MeasureFacts) for name, flow in MEASURES.items()},
}


Day = TypeVar("Day", date, datetime)


class FaultyFacts(ValueError):
    """The document is not a description of facts; the message names the place."""


@lru_cache(maxsize=64)
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def build(cls: type, raw: Any, place: str = "facts") -> Any:
    """An object of a facts class from plain JSON or TOML values; raises `FaultyFacts` with the place of the fault."""
    if not isinstance(raw, Mapping):
        raise FaultyFacts(f"{place}: an object with named fields is expected.")
    known: dict[str, Field[Any]] = {each.name: each for each in fields(cls)}
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise FaultyFacts(f"{place}: unknown field “{shown(unknown[0])}”; known are {', '.join(sorted(known))}.")
    missing = [
        name for name, each in known.items() if name not in raw and each.default is MISSING and each.default_factory is MISSING
    ]
    if missing:
        raise FaultyFacts(f"{place}: the field “{missing[0]}” is missing.")
    hints = _hints(cls)
    return cls(**{name: _value(hints[name], value, f"{place}.{name}") for name, value in raw.items()})


def _value(hint: Any, raw: Any, place: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _optional(hint, raw, place)
    if hint is Local:
        return _local(raw, place)
    if origin is Literal:
        if raw not in get_args(hint):
            raise FaultyFacts(f"{place}: “{shown(raw)}” is not one of {', '.join(map(str, get_args(hint)))}.")
        return raw
    if origin in (tuple, frozenset):
        if not isinstance(raw, list | tuple | set | frozenset):
            raise FaultyFacts(f"{place}: a list is expected.")
        return origin(_value(get_args(hint)[0], each, f"{place}[{number}]") for number, each in enumerate(raw))
    if is_dataclass(hint) and isinstance(hint, type):
        return raw if isinstance(raw, hint) else build(hint, raw, place)
    return _plain(hint, raw, place)


def _optional(hint: Any, raw: Any, place: str) -> Any:
    if raw is None:
        return None
    return _value(next(each for each in get_args(hint) if each is not type(None)), raw, place)


def _local(raw: Any, place: str) -> Local:
    if isinstance(raw, Local):
        return raw
    if raw in ("locked", "demo"):
        return LOCKED if raw == "locked" else demo()
    try:
        return read_local(Path(raw))
    except (OSError, TypeError, ValueError) as fault:
        if isinstance(fault, tomllib.TOMLDecodeError):
            raise FaultyFacts(f"{place}: {shown(raw)} is no TOML file: {fault}.") from fault
        raise FaultyFacts(f"{place}: say “locked”, “demo” or name a file with local parameters.") from fault
    except (LookupError, AttributeError, ArithmeticError) as fault:
        raise FaultyFacts(f"{place}: {shown(raw)} does not hold local parameters: {fault!r}.") from fault


def _plain(hint: Any, raw: Any, place: str) -> Any:
    try:
        if hint is datetime:
            return _instant(raw)
        if hint is date:
            return _near(raw if type(raw) is date else date.fromisoformat(_text(raw)))
        if hint is Decimal:
            return _sum(raw)
    except (TypeError, ValueError) as fault:
        raise FaultyFacts(f"{place}: “{shown(raw)}” cannot be read: {fault}") from fault
    if (hint is int and isinstance(raw, bool)) or not isinstance(raw, hint):
        raise FaultyFacts(f"{place}: “{shown(raw)}” is not of the form {hint.__name__}.")
    return raw


def _instant(raw: Any) -> datetime:
    at = raw if isinstance(raw, datetime) else datetime.fromisoformat(_text(raw))
    if at.tzinfo is None:
        raise ValueError("an instant needs its offset, such as 2026-09-01T10:00:00+08:00")
    return _near(at)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("write it as text, such as “2026-09-01”")
    return raw


def _near(day: Day) -> Day:
    if not plausible(day):
        raise ValueError(f"a day lies between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _sum(raw: Any) -> Decimal:
    if isinstance(raw, bool | float):
        raise ValueError("write a sum as a whole number or as text, such as 1000 or “99.50”")
    try:
        found = Decimal(raw)
    except InvalidOperation:
        raise ValueError("this is no number") from None
    if not found.is_finite() or found < 0:
        raise ValueError("a sum is a finite number and not negative")
    if found >= LIMIT:
        raise ValueError("a sum of that size cannot be written in a decision")
    return found


def read_facts(document: Any) -> tuple[Workflow, Any]:
    """The workflow and the facts a document describes; its field `workflow` names it, "penalty" if absent."""
    if not isinstance(document, Mapping):
        raise FaultyFacts("The document must be an object with named fields.")
    document = dict(document)
    name = document.pop("workflow", "penalty")
    if not isinstance(name, str) or name not in PROCEDURES:
        raise FaultyFacts(f"workflow: “{shown(name)}” is not one of {', '.join(PROCEDURES)}.")
    flow, cls = PROCEDURES[name]
    facts = build(cls, document)
    if facts.state not in flow.states:
        raise FaultyFacts(f"facts.state: “{shown(facts.state)}” is not one of {', '.join(flow.states)}.")
    return flow, facts


def answer(document: Any) -> list[Verdict]:
    """The verdict on every step that leaves the described state; raises `FaultyFacts`."""
    flow, facts = read_facts(document)
    return flow.open_steps(facts)


def as_dict(verdict: Verdict) -> dict[str, Any]:
    """A verdict for machines."""
    return {
        "step": verdict.step.name,
        "label": verdict.step.label,
        "target": verdict.step.target,
        "allowed": verdict.allowed,
        "documents": list(verdict.step.documents),
        "starts": list(verdict.step.starts),
        "cites": list(verdict.step.cites),
        "reasons": [
            {"code": each.code, "blocks": each.blocks, "text": each.text(), "articles": list(each.cites)}
            for each in verdict.reasons
        ],
    }


def read_document(raw: bytes) -> Any:
    """A JSON document in UTF-8, with or without a byte order mark; raises `FaultyFacts`."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise FaultyFacts("the document is not in UTF-8.") from fault
    except json.JSONDecodeError as fault:
        raise FaultyFacts(f"no JSON document: {fault.msg} at line {fault.lineno}, column {fault.colno}.") from fault
    except RecursionError as fault:
        raise FaultyFacts("the document is nested too deeply.") from fault


def main(arguments: list[str]) -> int:
    """Answer one document: 0 if some step is allowed, 1 if the law objects to every one, 2 if the document is faulty."""
    parser = argparse.ArgumentParser(prog="sanbao law check", description=__doc__)
    parser.add_argument("file", help="a JSON file, or - for standard input")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        raw = sys.stdin.buffer.read() if asked.file == "-" else Path(asked.file).read_bytes()
        verdicts = answer(read_document(raw))
    except (OSError, ValueError, LookupError, ArithmeticError) as fault:
        print(f"The facts cannot be read: {one_line(fault)}", file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps([as_dict(each) for each in verdicts], ensure_ascii=False))
    else:
        print("\n".join(line for each in verdicts for line in _lines(each)))
    return 0 if any(each.allowed for each in verdicts) else 1


def _lines(verdict: Verdict) -> list[str]:
    lines = [f"{'yes' if verdict.allowed else 'no '}  {verdict.step.name}: {verdict.step.label}"]
    for reason in verdict.reasons:
        articles = ", ".join(_label(each) for each in reason.cites)
        lines.append(f"       {'-' if reason.blocks else '!'} {reason.text()} ({articles})")
    return lines


def _label(id_: str) -> str:
    try:
        return cite(id_).label
    except UnknownArticle:
        return id_
