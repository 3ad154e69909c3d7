"""Which characters the document fonts can write. Where the fonts lie is decided here too; rendering is in `documents`.

The office's own fonts (仿宋_GB2312, 小标宋 and the like) lie in `<HOME>/fonts` or in `fonts/` beside the program and are searched
first; the fonts of the wheel fill every gap, so that a rare character of a name is written and never silently dropped.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from django.conf import settings

SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
INVISIBLE = {"\n", "\r", "\t", "\u200b", "\ufeff"}


def folders() -> list[Path]:
    """The font folders that exist, the office's own first."""
    own = [Path(settings.HOME) / "fonts", Path(settings.BASE_DIR) / "fonts"]
    shipped = Path(pylopdf_fonts_zh_cn.__file__).parent
    return [folder for folder in [*own, shipped] if folder.is_dir()]


def missing(text: str) -> list[str]:
    """The characters of a text that no document font can write, each once, in order."""
    known = coverage()
    return list(dict.fromkeys(char for char in text if char not in INVISIBLE and ord(char) not in known))


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """Every code point for which some document font has a glyph, read once from the fonts themselves."""
    found: set[int] = set()
    for folder in folders():
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                found |= points_of(path.read_bytes())
    return frozenset(found)


def points_of(font: bytes) -> set[int]:
    """The code points that the Unicode character maps of one OpenType font or collection answer with a glyph.

    Reads the two forms of map in use (segments, and groups beyond the first plane); raises `struct.error` for a broken font.
    """
    found: set[int] = set()
    for start in _faces(font):
        for offset in _character_maps(font, start):
            kind = struct.unpack_from(">H", font, offset)[0]
            if kind == 4:
                found.update(_segments(font, offset))
            elif kind == 12:
                found.update(_groups(font, offset))
    return found


def _faces(font: bytes) -> list[int]:
    if font[:4] != b"ttcf":
        return [0]
    (count,) = struct.unpack_from(">I", font, 8)
    return list(struct.unpack_from(f">{count}I", font, 12))


def _character_maps(font: bytes, start: int) -> Iterator[int]:
    (tables,) = struct.unpack_from(">H", font, start + 4)
    for number in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * number)
        if tag == b"cmap":
            (maps,) = struct.unpack_from(">H", font, offset + 2)
            for each in range(maps):
                platform, _, place = struct.unpack_from(">HHI", font, offset + 4 + 8 * each)
                if platform in (0, 3):
                    yield offset + place


def _segments(font: bytes, offset: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, offset + 6)
    count = doubled // 2
    ends, starts = offset + 14, offset + 16 + doubled
    deltas, ranges = starts + doubled, starts + 2 * doubled
    for number in range(count):
        end, first, delta, reach = (
            struct.unpack_from(">H", font, table + 2 * number)[0] for table in (ends, starts, deltas, ranges)
        )
        for point in range(first, min(end, 0xFFFE) + 1):
            glyph = point + delta
            if reach:
                place = ranges + 2 * number + reach + 2 * (point - first)
                raw = struct.unpack_from(">H", font, place)[0]
                glyph = raw + delta if raw else 0
            if glyph & 0xFFFF:
                yield point


def _groups(font: bytes, offset: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, offset + 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">III", font, offset + 16 + 12 * number)
        yield from range(first + (glyph == 0), last + 1)
