"""Addresses prepared for comparison: road, house numbers, building and room. Which words are roads stands in `words.toml`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sanbao.registry.linkage.folding import CJK, figures, fold
from sanbao.registry.linkage.streets import NONE, street_of
from sanbao.registry.linkage.words import words

FRONT_CN = (
    re.compile(r"^(?:中国)?[\u4e00-\u9fff]{2,3}(?:省|自治区|特别行政区)"),
    re.compile(r"^[\u4e00-\u9fff]{2,5}?(?<![超夜菜早])(?:市|自治州|地区|盟)"),
    re.compile(r"^[\u4e00-\u9fff]{1,6}?(?<![社小园景校厂])(?:新区|高新区|开发区|区|县|旗|市)(?=[\u4e00-\u9fff]{2})"),
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
SUB_NUMBER = re.compile(r"^第?(\d+)[a-z]?号?-(\d+)$")
LEAST_LEFT = 3
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
    return _without_front(SPACE.sub("", fold(address)), FRONT_CN[:3])[1]


# --- Chinese ------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _road_cn() -> re.Pattern[str]:
    listed = words()
    return re.compile(
        rf"([\u4e00-\u9fffa-z0-9]{{1,14}}?(?:(?!街道|村道)(?<!街)(?:{listed.roads_cn}))(?![\u4e00-\u9fff]{{0,2}}(?:{listed.roads_cn}))"
        rf"(?:[东南西北中上下]?\d*段|[东南西北中]?\d*巷)?)(?:第?{SPAN})?(?=号|$|[^\d])"
    )


def _chinese(folded: str) -> Address:
    text = figures(_without_front(folded, FRONT_CN)[0])
    road, numbers, rooms, rest = "", NONE, NONE, text
    for found in _road_cn().finditer(text):
        written = found.group(0)[len(found.group(1)) :]
        span = _span(written)
        if not road or (numbers == NONE and span != NONE):
            rooms = _sub_number(written)
            road, numbers, rest = PLACE_CN.sub("", found.group(1)), span, text[found.end() :].lstrip("号-")
    building = BUILDING_CN.search(rest)
    inner = rest[building.end() :] if building else rest
    if room := ROOM_CN.search(FLOOR_CN.sub("层", inner)):
        rooms = _span(room.group())
    return Address(SIGNS.sub("", text), road, numbers, building.group(1) if building else "", rooms)


def _without_front(text: str, fronts: Sequence[re.Pattern[str]]) -> tuple[str, list[str]]:
    """A text behind the places it begins with, and these; 万科城市花园 begins with no city, 运城市 is one."""
    found = []
    for front in fronts:
        match = front.match(text)
        estate = match is not None and match.group().endswith("城市") and match.group()[:-1] not in words().cities_cn
        if match and not estate and len(text) - match.end() >= LEAST_LEFT:
            found.append(match.group())
            text = text[match.end() :]
    return text, found


def _span(text: str) -> tuple[int, int]:
    found = [int(number) for number in NUMBERS.findall(text)]
    if not found:
        return NONE
    first = found[0]
    others = [number for number in found if first <= number <= first + 200]
    return first, max(others)


def _sub_number(written: str) -> tuple[int, int]:
    """The second number of 172-2号, a door within a door; 2-6号 is a range and has none."""
    found = SUB_NUMBER.match(written)
    if not found or int(found.group(2)) >= int(found.group(1)):
        return NONE
    return int(found.group(2)), int(found.group(2))
