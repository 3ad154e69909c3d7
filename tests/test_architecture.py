"""The shape of the house, kept by machine: sizes, doors without rules, no hidden way up, every article known."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from sanbao.core.district import DistrictForeignKey, DistrictModel
from sanbao.law import citations

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sanbao"
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "signals.py", "misc.py"}
# Tables that belong to no district or serve all of them: reference data, the ledger, the queue, counters.
REFERENCE_TABLES = {"District", "Department", "User", "Posting", "Certificate", "Entry", "Seal", "Job", "Sequence"}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders or ("sanbao", "tests", "benchmarks"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("sanbao.")]


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): n for path in python_files() if (n := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {length}")
    assert not long


def test_nobody_hides_things_in_a_drawer() -> None:
    assert not [str(path) for path in python_files() if path.name in FORBIDDEN_NAMES]


def test_every_module_says_what_lives_in_it() -> None:
    bare = [
        str(path.relative_to(ROOT))
        for path in python_files("sanbao")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not bare


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_doors_write_nothing_themselves() -> None:
    writing = re.compile(
        r"\.objects\.(create|bulk_create|update_or_create|get_or_create)\(|\.save\(|\.delete\(\)|\.bulk_update\("
    )
    found = []
    for path in python_files("sanbao/console", "sanbao/portal", "sanbao/field", "sanbao/api"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if writing.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()}")
    assert not found


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_table_of_a_district_carries_it(model: type[models.Model]) -> None:
    if model.__name__ in REFERENCE_TABLES:
        return
    assert issubclass(model, DistrictModel)
    assert model._meta.pk.get_internal_type() == "UUIDField"
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            assert constraint.fields[0] == "district", f"{constraint.name} must begin with the district"
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            pytest.fail(f"{model.__name__}.{field.name} is unique without its district")
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, DistrictModel):
            assert isinstance(field, DistrictForeignKey), f"{field.name} must be a DistrictForeignKey"


def test_no_foreign_key_opens_a_hidden_way_up() -> None:
    hidden = []
    for model in own_models():
        for field in model._meta.local_fields:
            if not isinstance(field, models.ForeignKey):
                continue
            other = field.related_model
            if other._meta.app_label != model._meta.app_label and not field.remote_field.hidden:
                hidden.append(f"{model._meta.label}.{field.name}")
    assert not hidden


def test_every_cited_article_is_known() -> None:
    pattern = re.compile(r"[\"']((?:PL|CL|RL|ALL|CPL|O34|O55|CER|EC|PIPL|OGI|BE)-\d+[a-z0-9.()]*)[\"']")
    unknown = set()
    for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.toml"), *PACKAGE.rglob("*.html")]:
        for article in pattern.findall(path.read_text()):
            try:
                citations.cite(article)
            except LookupError:
                unknown.add((article, str(path.relative_to(ROOT))))
    assert not unknown


def test_no_database_feature_that_only_one_engine_has() -> None:
    special = re.compile(r"django\.contrib\.postgres|ArrayField|SearchVector|\.extra\(")
    found = [str(path.relative_to(ROOT)) for path in python_files("sanbao") if special.search(path.read_text())]
    assert not found


def test_templates_hold_no_inline_script() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son[a-z]+=[\"']|javascript:")
    found = [str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.html") if inline.search(path.read_text())]
    assert not found
