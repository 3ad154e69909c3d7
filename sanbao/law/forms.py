"""The register of forms (执法文书): which there are, what each must say, who signs; and what is still missing from one.

Data in `forms/*.toml`; the words that a form prints are `wording`. Pure: facts come in as a mapping, nothing is written.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from .workflow import Reason
from .workflow import gettext_noop as _

FORMS = Path(__file__).parent / "forms"
MANUAL = "manual"
MISSING = _("“%(title)s” cannot be issued: “%(field_en)s” (%(field)s) is missing. Write it down first.")

Shape = Literal["text", "items", "rows"]


class UnknownForm(LookupError):
    """The register has no such form."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"The register has no form “{id_}”.")
        self.id = id_


@dataclass(frozen=True, slots=True)
class Field:
    """One fact that a form must state; `why` is the article that asks for it, empty where only the office's manual does."""

    key: str
    label: str
    label_en: str
    why: str
    shape: Shape = "text"


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `kind` is its row among the numbered kinds of paper; `outward` papers go to a party under the seal."""

    id: str
    title: str
    title_en: str
    kind: str
    outward: bool
    signs: tuple[str, ...]
    articles: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def sealed(self) -> bool:
        """Whether the agency's seal stands on it."""
        return "agency" in self.signs

    @property
    def labels(self) -> Mapping[str, str]:
        """The Chinese label of each fact by its key."""
        return {field.key: field.label for field in self.fields}


def _field(key: str, row: list[str]) -> Field:
    label, label_en, why, *shape = row
    return Field(key, label, label_en, "" if why == MANUAL else why, cast(Shape, shape[0] if shape else "text"))


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _forms() -> Iterator[Form]:
    shared = {key: _field(key, row) for key, row in _read(FORMS / "fields.toml").items()}
    for path in sorted(FORMS.glob("*.toml")):
        if path.name == "fields.toml":
            continue
        for id_, row in _read(path).items():
            own = tuple(_field(key, rest) for key, *rest in row["fields"])
            yield Form(
                id=id_,
                title=row["title"],
                title_en=row["title_en"],
                kind=row["kind"],
                outward=row["outward"],
                signs=tuple(row["signs"]),
                articles=tuple(row["articles"]),
                fields=(*(shared[key] for key in row["uses"]), *own),
            )


def _order(form: Form) -> tuple[int, str]:
    digits = "".join(sign for sign in form.id[2:] if sign.isdigit())
    return int(digits), form.id


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Every form by its id, in the order of the procedure; read once. Raises `ValueError` if an id stands twice."""
    found: dict[str, Form] = {}
    for form in sorted(_forms(), key=_order):
        if form.id in found:
            raise ValueError(f"{form.id} stands twice in the register of forms.")
        found[form.id] = form
    return MappingProxyType(found)


def form(id_: str) -> Form:
    """The form of that id, such as `D-23`; raises `UnknownForm`."""
    try:
        return forms()[id_]
    except KeyError:
        raise UnknownForm(id_) from None


def is_blank(value: Any) -> bool:
    """Whether a fact says nothing: not given, blank text, or a list without a single word in it. False is an answer."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list | tuple):
        return all(is_blank(each) for each in value)
    return value is None


def missing(form: Form, facts: Mapping[str, Any]) -> tuple[Reason, ...]:
    """An objection for each required field that the facts leave open; the article that asks for it stands beside."""
    return tuple(
        Reason(
            f"missing_{field.key}",
            MISSING,
            (field.why,) if field.why else (),
            params={"title": form.title, "field": field.label, "field_en": field.label_en},
        )
        for field in form.fields
        if is_blank(facts.get(field.key))
    )
