"""Addresses prepared for comparison: road, house numbers, building and room. Which words are roads stands in `words.toml`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from sanbao.registry.linkage.folding import CJK, figures, fold
from sanbao.registry.linkage.streets import NONE, street_of
from sanbao.registry.linkage.words import words

FRONT_CN = (
    re.compile(r"^(?:中国)?[\u4e00-\u9fff]{2,3}(?:省|自治区|特别行政区)"),
    re.compile(r"^[\u4e00-\u9fff]{2,5}?(?:市|自治州|地区|盟)"),
    re.compile(r"^[\u4e00-\u9fff]{1,6}?(?:新区|高新区|开发区|区|县|旗|市)(?=[\u4e00-\u9fff]{2})"),
    re.compile(r"^[\u4e00-\u9fff]{2,6}?(?:街道(?:办事处|办)?|镇|乡)(?=[\u4e00-\u9fff\d]{2})"),
    re.compile(r"^[\u4e00-\u9fff]{2,6}?社区(?:居委会)?(?=[\u4e00-\u9fff]{2})"),
)
SPAN = r"\d{1,5}[a-z]{0,2}(?:号?[-~至、,，/和.&—]{1,2}(?:附)?\d{1,5}[a-z]{0,2})*"
BUILDING_CN = re.compile(r"([a-z]?\d{1,3}[a-z]?|[a-z])(?:号)?(?:栋|幢|座|号楼|楼栋)")
ROOM_CN = re.compile(
    rf"附第?{SPAN}|(?<=[层楼元栋幢座]){SPAN}(?=号|室|铺|房|门|$)|^{SPAN}(?=号|室|铺|房|门|$)|{SPAN}(?=室|号商铺|号铺|号门面|商铺)"
)
PLACE_CN = re.compile(r"^.*(?:省|市|区|县|街道|镇|乡|村|组|社)(?=.{3})")
FLOOR_CN = re.compile(r"(?:负|b|地下)?\d{1,2}(?:层|楼)(?!\d*号楼)")
SPACE = re.compile(r"\s+")
SIGNS = re.compile(r"[\W_]+")
NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. `numbers`, `rooms`: lowest and highest, (-1, -1) when not written; `text` is all of it, folded."""

    text: str = ""
    road: str = ""
    numbers: tuple[int, int] = NONE
    building: str = ""
    rooms: tuple[int, int] = NONE


@lru_cache(maxsize=100_000)
def address_of(address: str) -> Address:
    """Take an address apart; what is not understood stays in `text`."""
    folded = fold(address)
    if not folded:
        return Address()
    return _chinese(SPACE.sub("", folded)) if CJK.search(folded) else _other(folded)


def _other(folded: str) -> Address:
    road, numbers, rooms = street_of(folded)
    number = str(numbers[0]) if numbers != NONE else ""
    return Address(f"{number} {road}".strip(), road, numbers, "", rooms)


def front_of(address: str) -> list[str]:
    """Province, city and district in front of a Chinese address, as far as they are written."""
    text, found = SPACE.sub("", fold(address)), []
    for front in FRONT_CN[:3]:
        if match := front.match(text):
            found.append(match.group())
            text = text[match.end() :]
    return found


# --- Chinese ------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _road_cn() -> re.Pattern[str]:
    listed = words()
    return re.compile(
        rf"([\u4e00-\u9fffa-z0-9]{{1,14}}?(?:(?!街道|村道)(?<!街)(?:{listed.roads_cn}))(?![\u4e00-\u9fff]{{0,2}}(?:{listed.roads_cn}))"
        rf"(?:[东南西北中上下]?\d*段|[东南西北中]?\d*巷)?)(?:第?{SPAN})?(?=号|$|[^\d])"
    )


def _chinese(folded: str) -> Address:
    text = folded
    for front in FRONT_CN:
        shorter = front.sub("", text, count=1)
        text = shorter if len(shorter) >= 3 else text
    text = figures(text)
    road, numbers, rest = "", NONE, text
    for found in _road_cn().finditer(text):
        span = _span(found.group(0)[len(found.group(1)) :])
        if not road or (numbers == NONE and span != NONE):
            road, numbers, rest = PLACE_CN.sub("", found.group(1)), span, text[found.end() :].lstrip("号-")
    building = BUILDING_CN.search(rest)
    inner = rest[building.end() :] if building else rest
    room = ROOM_CN.search(FLOOR_CN.sub("层", inner))
    return Address(
        SIGNS.sub("", text), road, numbers, building.group(1) if building else "", _span(room.group()) if room else NONE
    )


def _span(text: str) -> tuple[int, int]:
    found = [int(number) for number in NUMBERS.findall(text)]
    if not found:
        return NONE
    first = found[0]
    others = [number for number in found if first <= number <= first + 200]
    return first, max(others)
