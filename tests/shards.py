"""The guard that keeps rows of one district together: every statement the tests make must say which district it means.

A statement on a table of a district's rows is an offence when one of its tables stands there without its `district_id` after FROM,
JOIN or UPDATE, or when nothing compares a district with a value. That is what lets the tables be sharded by district later
without a rewrite; machines without a sharded database keep the rule here.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django.apps import apps

from sanbao.core.district import DistrictModel

# Statements that may leave the district out, by pattern, each with its reason.
ALLOWED = {
    re.compile(
        r'^DELETE FROM "\w+" WHERE "\w+"\."id" IN \('
    ): "Django deletes collected rows by their keys; they were read in a district",
}

_TABLE = (
    r'"(?P<table>\w+)"(?:\s+(?:AS\s+)?"?(?P<alias>(?!ON\b|WHERE\b|SET\b|INNER\b|LEFT\b|ORDER\b|GROUP\b|LIMIT\b|USING\b)\w+)"?)?'
)
_REFERENCE = re.compile(rf"\b(?:FROM|JOIN|UPDATE|INTO)\s+{_TABLE}", re.IGNORECASE)
_VALUE = re.compile(r'"?district_id"?\s*(?:=|IN)\s*\(?\s*(?:%s|\?|\d|%\()', re.IGNORECASE)


@lru_cache(maxsize=1)
def district_tables() -> frozenset[str]:
    """The tables that hold a district's rows."""
    return frozenset(model._meta.db_table for model in apps.get_models() if issubclass(model, DistrictModel))


def offence(sql: str) -> str:
    """What is wrong with a statement, or an empty string."""
    if not sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return ""
    tables = [(found["table"], found["alias"] or found["table"]) for found in _REFERENCE.finditer(sql)]
    tables = [(table, alias) for table, alias in tables if table in district_tables()]
    if not tables or any(pattern.match(sql) for pattern in ALLOWED):
        return ""
    tail = sql[sql.upper().find(" FROM ") :] if " FROM " in sql.upper() else sql
    for table, alias in tables:
        named = f'"{alias}"."district_id"' in tail or f'{alias}."district_id"' in tail or f"{alias}.district_id" in tail
        if not named and not (len(tables) == 1 and "district_id" in tail):
            return f"{table} ({alias}) is read without its district"
    return "" if _VALUE.search(tail) else "no district is compared with a value"


class Recorder:
    """An execute wrapper that remembers every offending statement."""

    def __init__(self) -> None:
        self.offences: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        problem = offence(sql)
        if problem:
            self.offences.append(f"{problem}: {sql[:600]}")
        return execute(sql, params, many, context)


def described(offences: list[str]) -> Iterator[str]:
    """Each offence once, in the order of first sight."""
    seen: set[str] = set()
    for text in offences:
        if text not in seen:
            seen.add(text)
            yield text
