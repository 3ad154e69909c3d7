"""Which column of a list means what: by the synonyms of `headers.toml` and by what the sender of the list says."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy

from sanbao.core.errors import Malformed, refuse
from sanbao.core.tables import JOINT, letter_of
from sanbao.law.workflow import gettext_noop as _

LABELS_FILE = Path(__file__).with_name("headers.toml")
BRACKETS = re.compile(r"[(\[{〔【「][^)\]}〕】」]*[)\]}〕】」]")
SYSTEMS = {
    "bd09": re.compile(r"bd[-_ ]?09|百度|baidu"),
    "gcj02": re.compile(r"gcj[-_ ]?02|火星|高德|国测局|腾讯|amap"),
    "wgs84": re.compile(r"wgs[-_ ]?84|gps|cgcs[-_ ]?2000|国家2000|大地2000"),
}
IGNORE = "-"
FIELD_NAMES = {
    "credit_code": gettext_lazy("unified social credit code"),
    "old_number": gettext_lazy("old registration number"),
    "source_id": gettext_lazy("number in the source"),
    "name": gettext_lazy("name"),
    "sign_name": gettext_lazy("name on the sign"),
    "address": gettext_lazy("address"),
    "operator": gettext_lazy("operator or legal representative"),
    "phone": gettext_lazy("telephone"),
    "scope": gettext_lazy("scope of business"),
    "registered_on": gettext_lazy("registered on"),
    "kind": gettext_lazy("kind of merchant"),
    "community": gettext_lazy("community"),
    "area": gettext_lazy("street or area"),
    "lon": gettext_lazy("longitude"),
    "lat": gettext_lazy("latitude"),
    "position": gettext_lazy("longitude and latitude in one column"),
    "state": gettext_lazy("state"),
}
FIELDS = tuple(FIELD_NAMES)
SHOWN_NAMES = FIELD_NAMES | {"coordinates": gettext_lazy("coordinate system")}

UNKNOWN_FIELD = _("“%(field)s” is no field. A column can be mapped to: %(fields)s.")
UNKNOWN_COLUMN = _("The file has no column “%(column)s”. Its columns: %(columns)s.")
UNKNOWN_SYSTEM = _("“%(system)s” is no coordinate system known here. Known: wgs84, gcj02, bd09.")
NOT_UNDERSTOOD = _(
    "No column of the file is known to hold the %(missing)s. Columns found: %(columns)s. Say which one it is (%(example)s)."
)


@dataclass(frozen=True)
class Columns:
    """Which field each column (from 0) holds, and the coordinate system its header names ('' if it names none)."""

    fields: dict[int, str]
    coordinates: str = ""


@lru_cache(maxsize=1)
def synonyms() -> dict[str, dict[str, int]]:
    """Field → normalised label → rank."""
    with LABELS_FILE.open("rb") as file:
        data = tomllib.load(file)
    unknown = set(data) - set(FIELDS)
    if unknown:
        raise ValueError(f"headers.toml names unknown fields: {sorted(unknown)}")
    return {name: {_folded(label): rank for rank, label in reversed([*enumerate(part["labels"])])} for name, part in data.items()}


@lru_cache(maxsize=1)
def _all_labels() -> frozenset[str]:
    return frozenset(label for labels in synonyms().values() for label in labels)


def score(labels: Sequence[str], mapping: Mapping[str, str] | None = None) -> int:
    """How many labels of a row are known; 0 unless the row can be a header at all."""
    wanted = {_folded(label) for label in mapping or {}}
    known = sum(any(form in _all_labels() or form in wanted for form in _forms(label)) for label in labels if label)
    filled = sum(bool(label) for label in labels)
    return known if known >= 2 or (known and (filled == 1 or wanted)) else 0


def columns_of(labels: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """Give each field its column. `mapping` (label or column letter → field, `-` to leave a column out) wins over the synonyms.

    Raises `Malformed` when the mapping names an unknown column or field.
    """
    said = {_place(labels, column): _field(name) for column, name in (mapping or {}).items()}
    fields = {place: name for place, name in said.items() if name != IGNORE}
    free = [place for place, label in enumerate(labels) if label and place not in said]
    for name, ranks in synonyms().items():
        if name in fields.values():
            continue
        ranked = [(rank, place) for place in free if (rank := _rank(labels[place], ranks)) is not None]
        if ranked:
            place = min(ranked)[1]
            fields[place] = name
            free.remove(place)
    return Columns(fields, _system([labels[place] for place, name in fields.items() if name in ("lon", "lat", "position")]))


def insist(columns: Columns, labels: Sequence[str], *wanted: str) -> None:
    """Refuse with the columns found when none of the wanted fields has one; the refusal asks for the first."""
    if set(wanted) & set(columns.fields.values()):
        return
    needed = wanted[0]
    found = "、".join(label or letter_of(place) for place, label in enumerate(labels))[:600]
    raise refuse(
        "columns_not_understood",
        NOT_UNDERSTOOD,
        status=Malformed,
        missing=str(FIELD_NAMES[needed]),
        columns=found,
        example=f"--map COLUMN={needed}",
    )


def insist_system(system: str) -> str:
    """The coordinate system's short name, or a refusal."""
    folded = system.lower().replace("-", "")
    if folded and folded not in SYSTEMS:
        raise refuse("unknown_coordinates", UNKNOWN_SYSTEM, status=Malformed, system=system)
    return folded


def _field(name: str) -> str:
    if name not in FIELDS and name != IGNORE:
        raise refuse("unknown_field", UNKNOWN_FIELD, status=Malformed, field=name, fields=", ".join(FIELDS))
    return name


def _place(labels: Sequence[str], column: str) -> int:
    wanted = _folded(column)
    for place, label in enumerate(labels):
        if label and wanted in _forms(label):
            return place
    for place in range(len(labels)):
        if letter_of(place) == column.strip().upper():
            return place
    found = "、".join(label or letter_of(place) for place, label in enumerate(labels))[:600]
    raise refuse("unknown_column", UNKNOWN_COLUMN, status=Malformed, column=column, columns=found)


def _rank(label: str, ranks: Mapping[str, int]) -> int | None:
    return next((ranks[form] for form in _forms(label) if form in ranks), None)


def _forms(label: str) -> list[str]:
    """The ways a label may be looked up: whole, without brackets, and the parts of a label of two rows."""
    parts = [label, *reversed(label.split(JOINT))] if JOINT in label else [label]
    forms = [form for part in parts for form in (_folded(part), _folded(_unbracketed(part)))]
    return [form for form in dict.fromkeys(forms) if form]


def _unbracketed(label: str) -> str:
    return BRACKETS.sub("", unicodedata.normalize("NFKC", label))


def _folded(label: str) -> str:
    return re.sub(r"[\s*:：。.]+", "", unicodedata.normalize("NFKC", label).casefold())


def _system(labels: list[str]) -> str:
    text = unicodedata.normalize("NFKC", " ".join(labels)).casefold()
    return next((name for name, pattern in SYSTEMS.items() if pattern.search(text)), "")
