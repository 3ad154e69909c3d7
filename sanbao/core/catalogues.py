"""The translation catalogues: one PO file a room, merged and compiled; what is missing, stale or broken is named.

Run as `python -m sanbao.core.catalogues compile|check|missing [room]`; Django need not be started and nothing of the house is
imported, so that set-up can compile before anything else works. Simplified Chinese is written by hand in
`locale/zh_Hans/<room>.po`; Traditional Chinese is derived from it by OpenCC, character by character so that the names of statutes
and papers stay what they are, with reviewed replacements in `locale/zh_Hant/terms.toml`.
"""

import io
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

REPO = Path(__file__).resolve().parent.parent.parent
HEADER = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
)
KEYWORDS: dict[str, tuple[Any, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
DYNAMIC = "dynamic"  # the translator's comment on an entry whose text is chosen at run time and cannot be found in the source
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?](?=[\u4e00-\u9fff\s]|$)")
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|\{(\w*)\}")

Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Marked:
    """One marked string: its context, text, plural, and where it stands first."""

    context: str | None
    text: str
    plural: str | None
    place: str

    @property
    def key(self) -> Key:
        return self.context, self.text


@dataclass(slots=True)
class Findings:
    """Everything wrong with the catalogues, in sentences; empty lists mean that they are whole."""

    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    punctuation: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return [*self.missing, *self.stale, *self.placeholders, *self.contradictions, *self.punctuation]


def marked_strings(root: Path = REPO) -> dict[Key, Marked]:
    """Every string of the house marked for translation, in Python and in templates, once each."""
    found: dict[Key, Marked] = {}
    house = root / "sanbao"
    for path in sorted(house.rglob("*.py")):
        if "migrations" not in path.parts:
            _gather(found, path.read_bytes(), str(path.relative_to(root)))
    for path in sorted([*house.rglob("templates/**/*.html"), *house.rglob("templates/**/*.txt")]):
        place = str(path.relative_to(root))
        source = templatize(path.read_text("utf-8"), origin=place)
        _gather(found, "\n".join(line.strip() for line in source.splitlines()).encode(), place)
    return found


def room_catalogues(root: Path = REPO) -> dict[str, Catalog]:
    """The written catalogues by room."""
    found: dict[str, Catalog] = {}
    for path in sorted((root / "locale" / "zh_Hans").glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale="zh_Hans", abort_invalid=True)
    return found


def check(root: Path = REPO) -> Findings:
    """Compare what is marked with what is written; changes nothing."""
    marked, result = marked_strings(root), Findings()
    written: dict[Key, tuple[str, Message]] = {}
    for room, entry in _entries(room_catalogues(root)):
        key = _key(entry)
        if key in written and _texts(written[key][1]) != _texts(entry):
            other = written[key][0]
            result.contradictions.append(f"{other}.po and {room}.po translate {key[1]!r} differently.")
        written.setdefault(key, (room, entry))
        if key not in marked and DYNAMIC not in entry.user_comments:
            result.stale.append(f"{room}.po: {key[1]!r} is no longer marked anywhere.")
        result.placeholders.extend(_lost_placeholders(room, entry))
        result.punctuation.extend(_half_width(room, entry))
    result.missing = [
        f"{string.place}: {string.text!r} has no Chinese." for key, string in marked.items() if not _is_done(written.get(key))
    ]
    return result


def missing(room: str | None = None, root: Path = REPO) -> Catalog:
    """An empty entry for every marked string without Chinese; `room` keeps those that stand in its files and door pages."""
    written = {_key(entry) for _room, entry in _entries(room_catalogues(root)) if any(_texts(entry)) and not entry.fuzzy}
    catalogue = Catalog(locale="zh_Hans")
    for key, string in marked_strings(root).items():
        if key not in written and (room is None or _stands_in(string.place, room)):
            path, _, line = string.place.rpartition(":")
            text = (string.text, string.plural) if string.plural else string.text
            catalogue.add(text, context=string.context, locations=[(path, int(line))])
    return catalogue


def compile_catalogues(root: Path = REPO) -> list[Path]:
    """Write the binary catalogues of Simplified and Traditional Chinese; answers their paths."""
    simplified = _merged(room_catalogues(root))
    convert = traditional_converter(root)
    derived = _new_catalogue("zh_Hant")
    for entry in simplified:
        if entry.id:
            texts = tuple(convert(text) for text in _texts(entry))
            derived.add(entry.id, texts if isinstance(entry.id, tuple | list) else texts[0], context=entry.context)
    return [_write(simplified, root / "locale" / "zh_Hans"), _write(derived, root / "locale" / "zh_Hant")]


def traditional_converter(root: Path = REPO) -> Callable[[str], str]:
    """Turns Simplified into Traditional Chinese: OpenCC, then the reviewed replacements."""
    import opencc

    cc = opencc.OpenCC("s2hk")
    path = root / "locale" / "zh_Hant" / "terms.toml"
    terms = tomllib.loads(path.read_text("utf-8")).get("replace", {}) if path.exists() else {}

    def convert(text: str) -> str:
        made: str = cc.convert(text)
        for before, after in terms.items():
            made = made.replace(before, after)
        return made

    return convert


def _gather(found: dict[Key, Marked], source: bytes, place: str) -> None:
    if b"_" not in source and b"gettext" not in source:
        return
    for line, function, messages, _comments in extract_python(io.BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"}):
        context, text, plural = _arguments(function, messages)
        if text:
            found.setdefault((context, text), Marked(context, text, plural, f"{place}:{line}"))


def _arguments(name: object, messages: object) -> tuple[str | None, str, str | None]:
    """Context, text and plural of one marking call as the extractor gives it; an empty text for what is not a literal."""
    given = [part if isinstance(part, str) else "" for part in (messages if isinstance(messages, tuple | list) else (messages,))]
    function = name if isinstance(name, str) else ""
    context = given.pop(0) if function.lstrip("n").startswith("pgettext") else None
    text = given[0] if given else ""
    plural = given[1] if function.startswith("n") and len(given) > 1 else None
    return context, text, plural


def _entries(rooms: dict[str, Catalog]) -> Iterator[tuple[str, Message]]:
    for room, catalogue in rooms.items():
        for entry in catalogue:
            if entry.id:
                yield room, entry


def _key(entry: Message) -> Key:
    return entry.context, entry.id[0] if isinstance(entry.id, tuple | list) else entry.id


def _texts(entry: Message) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, tuple | list) else (entry.string or "",)


def _is_done(found: tuple[str, Message] | None) -> bool:
    return found is not None and all(_texts(found[1])) and not found[1].fuzzy


def _lost_placeholders(room: str, entry: Message) -> Iterator[str]:
    ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
    wanted = {match.group(0) for text in ids for match in PLACEHOLDER.finditer(text)}
    for text in filter(None, _texts(entry)):
        given = {match.group(0) for match in PLACEHOLDER.finditer(text)}
        if given - wanted or (len(ids) == 1 and wanted - given):
            yield f"{room}.po: {ids[0]!r} wants {sorted(wanted)}, its translation has {sorted(given)}."


def _half_width(room: str, entry: Message) -> Iterator[str]:
    for text in filter(None, _texts(entry)):
        if HALF_WIDTH.search(text):
            yield f"{room}.po: {text!r} has half-width punctuation after a Chinese character."


def _stands_in(place: str, room: str) -> bool:
    parts = Path(place.rpartition(":")[0]).with_suffix("").parts
    return room in parts


def _new_catalogue(locale: str) -> Catalog:
    catalogue = Catalog(locale=locale, project="Sanbao", fuzzy=False)
    catalogue.mime_headers = [*HEADER]
    return catalogue


def _merged(rooms: dict[str, Catalog]) -> Catalog:
    whole = _new_catalogue("zh_Hans")
    for _room, entry in _entries(rooms):
        if all(_texts(entry)) and not entry.fuzzy:
            whole.add(entry.id, entry.string, context=entry.context)
    return whole


def _write(catalogue: Catalog, folder: Path) -> Path:
    path = folder / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = io.BytesIO()
    write_mo(made, catalogue)
    partial = path.with_suffix(".part")
    partial.write_bytes(made.getvalue())
    partial.replace(path)
    return path


def main(argv: list[str]) -> int:
    """The command line; 1 if `check` finds anything wrong."""
    word, rest = (argv[0], argv[1:]) if argv else ("", [])
    if word == "compile":
        for path in compile_catalogues():
            print(path.relative_to(REPO))
        return 0
    if word == "check":
        found = check().all
        print("\n".join(found) or "The catalogues are whole.")
        return 1 if found else 0
    if word == "missing":
        write_po(sys.stdout.buffer, missing(rest[0] if rest else None), omit_header=True, width=120)
        return 0
    print("usage: python -m sanbao.core.catalogues compile | check | missing [room]", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
