"""Writing many rows of one district's table at the least cost: one statement, prepared once, filled many times.

For the paths where thousands of rows a second come in. Checks nothing that the database does not check, sends no signals and does
not learn keys that the database gives; everything else goes through the models' own ways.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections, models, router, transaction

Getter = tuple[str, Callable[..., Any] | None]

# Kept by both databases as they are: no need to ask the field.
PLAIN = (models.CharField, models.TextField, models.FloatField, models.IntegerField, models.BooleanField)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model with the keys they bring, in the caller's transaction or one of its own. Raises `IntegrityError`."""
    if not rows:
        return
    model = type(rows[0])
    using = router.db_for_write(model)
    connection = connections[using]
    statement, getters = _prepared(model, connection.vendor)
    filled = [
        [
            getattr(row, name) if prepare is None else prepare(getattr(row, name), connection=connection)
            for name, prepare in getters
        ]
        for row in rows
    ]
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        cursor.executemany(statement, filled)
    for row in rows:
        row._state.adding, row._state.db = False, using


def update(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write these columns (names of fields) of rows of one district's table, found by district and key. Raises `IntegrityError`.

    A field that follows another one must have been brought up to date by the caller.
    """
    if not rows:
        return
    model = type(rows[0])
    using = router.db_for_write(model)
    connection = connections[using]
    statement, getters = _prepared_update(model, tuple(columns), connection.vendor)
    filled = [
        [
            getattr(row, name) if prepare is None else prepare(getattr(row, name), connection=connection)
            for name, prepare in getters
        ]
        for row in rows
    ]
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        cursor.executemany(statement, filled)


@lru_cache(maxsize=64)
def _prepared_update(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> tuple[str, tuple[Getter, ...]]:
    name = connections[router.db_for_write(model)].ops.quote_name
    fields = {field.name: field for field in model._meta.concrete_fields}
    changed, keys = [fields[column] for column in columns], [fields["district"], model._meta.pk]
    values = ", ".join(f"{name(field.column or field.name)} = %s" for field in changed)
    found = " AND ".join(f"{name(field.column or field.name)} = %s" for field in keys)
    statement = f"UPDATE {name(model._meta.db_table)} SET {values} WHERE {found}"  # nosec B608
    return statement, tuple((field.attname, _way(field)) for field in (*changed, *keys))


@lru_cache(maxsize=64)
def _prepared(model: type[models.Model], vendor: str) -> tuple[str, tuple[Getter, ...]]:
    name = connections[router.db_for_write(model)].ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not (field.generated or isinstance(field, models.AutoField))]
    columns = ", ".join(name(field.column or field.name) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({places})"  # nosec B608
    return statement, tuple((field.attname, _way(field)) for field in fields)


def _way(field: models.Field) -> Callable[..., Any] | None:  # type: ignore[type-arg]  # not generic at run time
    kept = field.target_field if isinstance(field, models.ForeignKey) else field
    return None if isinstance(kept, PLAIN) else field.get_db_prep_save
