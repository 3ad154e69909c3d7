"""A column that always follows another one, folded for comparison; kept by the model itself, also in bulk inserts."""

from collections.abc import Callable
from typing import Any

from django.db import models


class KeyField(models.CharField):
    """The comparison form of another text column of the same row (`source`), made by `fold` whenever the row is saved."""

    def __init__(self, *args: Any, source: str = "", fold: Callable[[str], str] | None = None, **kwargs: Any) -> None:
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)
        self.source, self.fold = source, fold

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.fold(getattr(model_instance, self.source) or "") if self.fold else ""
        value = value[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
