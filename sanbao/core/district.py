"""Which district the present work belongs to, and the base of every table that holds a district's rows.

Every statement on such a table filters by district: the manager takes it from the context set by the request, the command or the worker.
That keeps rows of two districts apart, and lets the tables be sharded by district later without a rewrite.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models
from django.db.models.expressions import Expression
from uuid_utils.compat import uuid7

_current: ContextVar[int | None] = ContextVar("district", default=None)


class NoDistrict(RuntimeError):
    """Work on a district's rows was begun without saying which district."""


def current_id() -> int:
    """The code of the district at work (GB/T 2260, six digits); `NoDistrict` when none is set."""
    code = _current.get()
    if code is None:
        raise NoDistrict("No district is set: wrap the work in `with district.use(code):`.")
    return code


def known_id() -> int | None:
    """The district at work, or None."""
    return _current.get()


@contextmanager
def use(code: int | None) -> Iterator[None]:
    """Do the enclosed work for one district."""
    token = _current.set(code)
    try:
        yield
    finally:
        _current.reset(token)


def set_current(code: int | None) -> None:
    """Set the district for the rest of this thread's work: for commands and tests."""
    _current.set(code)


class SameDistrict(Expression):
    """The join condition `a.district_id = b.district_id`, so that a join never leaves its district."""

    conditional = True

    def __init__(self, alias: str, related_alias: str) -> None:
        super().__init__(output_field=models.BooleanField())
        self.alias, self.related_alias = alias, related_alias

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        name, column = compiler.quote_name_unless_alias, connection.ops.quote_name("district_id")
        return f"{name(self.alias)}.{column} = {name(self.related_alias)}.{column}", ()

    def relabeled_clone(self, change_map: Mapping[str, str]) -> Self:
        return type(self)(change_map.get(self.alias, self.alias), change_map.get(self.related_alias, self.related_alias))


class DistrictForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # generic for the type checker only
    """A foreign key between two tables of one district: its joins carry the district."""

    def get_extra_restriction(self, alias: str, related_alias: str) -> SameDistrict:  # type: ignore[override]
        return SameDistrict(alias, related_alias)


class DistrictManager(models.Manager):  # type: ignore[type-arg]
    """Sees only the rows of the district at work."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(district_id=current_id())


class DistrictModel(models.Model):
    """Base of every table of a district's rows: a UUIDv7 made by the application, and the district that never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district = models.ForeignKey("core.District", models.PROTECT, default=current_id, editable=False, related_name="+")

    objects = DistrictManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"
