"""Which column of a list holds what: what the sender says, else the label in any language, else what the cells look like."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sanbao.core.errors import Malformed, refuse
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry.linkage.addresses import address_of
from sanbao.registry.linkage.folding import CJK, fold

FIELDS = ("id", "name", "alias", "address", "lat", "lon", "position", "phone", "code", "street", "house")
HERE = Path(__file__).parent
CHINESE = {"name": "name", "sign_name": "name", "address": "address", "phone": "phone", "credit_code": "code"}
WORD = re.compile(r"[\W_]+")
BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
DECIMAL = re.compile(r"-?\d{1,3}[.,]\d{3,}")
CODE = re.compile(r"[\w./:\-]{1,40}")
SAMPLE, MOST, MANY_NAMES, LEAST_DISTINCT = 200, 0.7, 3, 0.5
LEAVE_OUT = "-"

UNKNOWN_FIELD = _("“%(field)s” is no field. A column can be mapped to: %(fields)s.")
UNKNOWN_COLUMN = _("The file has no column “%(column)s”. Its columns: %(columns)s.")
NOTHING_TO_COMPARE = _(
    "No column of %(file)s looks like a name or an address. Its columns: %(columns)s. Say which: --map-a or --map-b name=COLUMN."
)


@dataclass(frozen=True)
class Columns:
    """The places of the columns (from 0) by field; several for the field alias."""

    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def cell(self, texts: Sequence[str], name: str) -> str:
        """What a row says in a field; several columns are joined by a slash."""
        return " / ".join(texts[place] for place in self.places.get(name, ()) if place < len(texts) and texts[place])

    def told(self, labels: Sequence[str]) -> dict[str, str]:
        """Field to label, for people."""
        return {name: " + ".join(labels[place] for place in places) for name, places in self.places.items()}


@dataclass(frozen=True)
class _Rules:
    patterns: dict[str, list[re.Pattern[str]]]
    unlike: re.Pattern[str]
    chinese: dict[str, list[str]]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    own = tomllib.loads((HERE / "columns.toml").read_text("utf-8"))
    house = tomllib.loads((HERE.parent / "headers.toml").read_text("utf-8"))
    chinese: dict[str, list[str]] = {}
    for theirs, ours in CHINESE.items():
        chinese.setdefault(ours, []).extend(_folded(label) for label in house[theirs]["labels"])
    return _Rules(
        {name: [re.compile(pattern) for pattern in part["patterns"]] for name, part in own.items()},
        re.compile(own["name"]["not"]),
        chinese,
    )


def header_score(labels: Sequence[str]) -> int:
    """How many labels of a row are known: what the search for the header row goes by; 0 below two."""
    known = sum(
        any(_rank(name, label) is not None for name in _rules().patterns) for label in labels if label and not label.isdigit()
    )
    return known if known >= 2 else 0


def columns_of(labels: Sequence[str], rows: Sequence[Sequence[str]], said: Mapping[str, str], file: str) -> Columns:
    """The columns of a list. `said`: field to label; a field said to be `-` is left out.

    Raises `Malformed` for an unknown field or column, and when neither a name nor an address is found.
    """
    places: dict[str, tuple[int, ...]] = {}
    for name, label in said.items():
        if name not in FIELDS:
            raise refuse("unknown_field", UNKNOWN_FIELD, status=Malformed, field=name, fields=", ".join(FIELDS))
        places[name] = () if label == LEAVE_OUT else (_place_of(label, labels),)
    _by_label(labels, rows[:SAMPLE], places)
    _by_content(labels, rows[:SAMPLE], places)
    if "id" in places and "id" not in said and _distinct(rows, places["id"]) < LEAST_DISTINCT:
        del places["id"]
    found = {name: own for name, own in places.items() if own}
    if not {"name", "alias", "address", "street"} & found.keys():
        raise refuse("nothing_to_compare", NOTHING_TO_COMPARE, status=Malformed, file=file, columns="、".join(labels)[:600])
    return Columns(found)


def _place_of(label: str, labels: Sequence[str]) -> int:
    wanted = _folded(label)
    for place, own in enumerate(labels):
        if own == label or _folded(own) == wanted:
            return place
    raise refuse("unknown_column", UNKNOWN_COLUMN, status=Malformed, column=label, columns="、".join(labels)[:600])


# --- by label -----------------------------------------------------------------------------------------------------------------


def _folded(label: str) -> str:
    return WORD.sub("_", fold(label)).strip("_")


def _rank(name: str, label: str) -> float | None:
    """How well a label fits a field: the lower the better; None when not at all."""
    folded = _folded(label)
    forms = [form for form in (folded, _folded(BRACKETS.sub("", label))) if form]
    rules = _rules()
    if name == "name" and any(rules.unlike.search(form) for form in forms):
        return None
    for rank, own in enumerate(rules.chinese.get(name, ())):
        if own in forms:
            return rank / 1000
    return next((1.0 + rank for rank, pattern in enumerate(rules.patterns[name]) if any(map(pattern.search, forms))), None)


def _by_label(labels: Sequence[str], rows: Sequence[Sequence[str]], places: dict[str, tuple[int, ...]]) -> None:
    taken = {place for own in places.values() for place in own}
    for name in ("lat", "lon", "position", "phone", "code", "address", "street", "house", "id", "name"):
        if name in places:
            continue
        ranked = sorted(
            (rank, place)
            for place, label in enumerate(labels)
            if place not in taken and label and (rank := _rank(name, label)) is not None and _fits(name, rows, place)
        )
        if name == "name" and "alias" not in places and len(ranked) > 1:
            places["alias"] = tuple(place for _rank, place in ranked[1:MANY_NAMES])
            taken.update(places["alias"])
        if ranked:
            places[name] = (ranked[0][1],)
            taken.add(ranked[0][1])


def _fits(name: str, rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the cells are what the label promises: a column called x may hold anything, one called name may hold numbers."""
    cells = _cells(rows, place)
    if name in ("lat", "lon"):
        return bool(cells) and _share(cells, lambda cell: number_of(cell) is not None) > MOST
    if name == "position":
        return bool(cells) and _share(cells, lambda cell: point_of(cell) is not None) > MOST
    if name == "name":
        return not cells or _share(cells, lambda cell: any(sign.isalpha() for sign in cell)) > 0.5
    return True


# --- by content ---------------------------------------------------------------------------------------------------------------


def _by_content(labels: Sequence[str], rows: Sequence[Sequence[str]], places: dict[str, tuple[int, ...]]) -> None:
    """Find what no label told: coordinates by their range, addresses by road and number, names by being many and different."""
    free = [place for place in range(len(labels)) if not any(place in own for own in places.values())]
    cells = {place: _cells(rows, place) for place in free}
    if not {"lat", "lon", "position"} & places.keys():
        decimals = [
            place for place in free if cells[place] and _share(cells[place], lambda cell: bool(DECIMAL.fullmatch(cell))) > MOST
        ]
        if len(decimals) == 2:
            places["lat"], places["lon"] = (decimals[0],), (decimals[1],)
            free = [place for place in free if place not in decimals]
    if not {"address", "street"} & places.keys():
        likely = max(free, key=lambda place: _share(cells[place], _like_address), default=None)
        if likely is not None and _share(cells[likely], _like_address) > 0.4:
            places["address"] = (likely,)
            free.remove(likely)
    if "name" not in places:
        likely = max(free, key=lambda place: _name_like(cells[place]), default=None)
        if likely is not None and _name_like(cells[likely]) > 0.4:
            places["name"] = (likely,)
            free.remove(likely)
    if (
        "id" not in places
        and 0 in free
        and cells[0]
        and _share(cells[0], lambda cell: bool(CODE.fullmatch(cell)) and cell[-1].isdigit()) > 0.95
    ):
        places["id"] = (0,)


def _cells(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in rows if place < len(row) and row[place]]


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _like_address(cell: str) -> bool:
    parts = address_of(cell)
    if CJK.search(cell):
        return bool(parts.road) or bool(re.search(r"[区县镇村].*\d*[号组]", cell))
    return len(parts.road) > 3 and parts.numbers[0] >= 0 and " " in cell


def _name_like(cells: Sequence[str]) -> float:
    """Different from row to row, made of letters, neither a code nor an address nor a sentence."""
    return _share(cells, _could_be_name) * len(set(cells)) / len(cells) if cells else 0.0


def _could_be_name(cell: str) -> bool:
    lettered = any(sign.isalpha() for sign in cell) and 2 <= len(cell) <= 60
    coded = CODE.fullmatch(cell) is not None and cell[-1].isdigit()
    return lettered and not coded and not _like_address(cell)


def _distinct(rows: Sequence[Sequence[str]], places: tuple[int, ...]) -> float:
    """The share of rows that a column tells apart: 1 when it is filled everywhere and no value comes twice."""
    values = {row[places[0]] for row in rows if places[0] < len(row)} - {""}
    return len(values) / len(rows) if rows else 0.0


# --- cells --------------------------------------------------------------------------------------------------------------------


def number_of(cell: str) -> float | None:
    """A decimal number written with a point or a comma; None for anything else."""
    text = cell.strip().rstrip("°").strip()
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None


def point_of(cell: str) -> tuple[float, float] | None:
    """Two numbers in one cell, «104.06,30.65» or «POINT (104.06 30.65)», in the order in which they are written."""
    found = re.findall(r"-?\d+(?:\.\d+)?", cell)
    if len(found) != 2 or not re.fullmatch(r"[A-Za-z\s]*[\s(\[]*-?[\d.]+[\s,;，/]+-?[\d.]+[\s)\]]*", cell.strip()):
        return None
    return float(found[0]), float(found[1])
