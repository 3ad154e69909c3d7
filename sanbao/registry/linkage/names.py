"""Names prepared for comparison: what is the brand, what is the branch, what only says the trade or the legal form.

A name may stand for several: the part before and after «/», «dba», a Chinese and a Latin name written together.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from sanbao.registry.linkage.folding import CJK, CJK_RUN, figures, fold
from sanbao.registry.linkage.words import words

BRACKET = re.compile(r"[(\[{【〔〈《<「『][^)\]}】〕〉》>」』]*[)\]}】〕〉》>」』]?")
ALIASES = re.compile(r"\s*/\s*|\s+(?:d/?b/?a|a/?k/?a|t/a|f/k/a)\s+", re.IGNORECASE)
APOSTROPHE = re.compile(r"['’‘`´ʼ]")
# A place in front of a name: city and district, or a district alone. 超市, 社区 and their like end no place; towns only stand behind one.
_PROVINCE = r"[\u4e00-\u9fff]{2,3}(?:省|自治区)"
_CITY = r"[\u4e00-\u9fff]{2,4}?(?<![超夜菜股早])(?:市|自治州|地区|盟)"
_INNER = r"(?:[\u4e00-\u9fff]{1,4}?(?:新区|开发区|区|县|旗))?"
_DISTRICT = r"[\u4e00-\u9fff]{2,4}?(?<![社小园景专校厂片街辖郊市山矿库])(?:新区|开发区|区|县)"
_TOWN = r"(?:[\u4e00-\u9fff]{2,4}(?:街道|镇|乡))?"
PLACE_CN = re.compile(
    rf"^(?:(?:{_PROVINCE})?{_CITY}{_INNER}{_TOWN}|{_PROVINCE}{_INNER}{_TOWN}|{_DISTRICT}{_TOWN}|[\u4e00-\u9fff]{{2,4}}街道)"
)
STORE_NUMBER = re.compile(r"(?:#|no\.?|nº|n°|number|store|unit)\s*#?\s*([a-z]?\d+[a-z]?)\b")
BRANCH_TAIL = re.compile(r"[·\-—_・|｜\s]+([^·\-—_・|｜\s]{2,12}(?:店|分公司|门市部|营业厅|网点|支行))$")
SEPARATED = re.compile(r"\s*[·•・|｜\-—_]\s*")
LEGAL_TAIL = re.compile(
    r"(?P<head>.{2,}?(?:公司|商行|经营部|合作社|集团|店|馆|厂|行|房|场|部))(?P<branch>.{1,12}(?:分公司|分店|分部|分厂|支行|门市部|营业部|经营部|号店))$"
)
TRADE_TAIL = re.compile(
    r"(?P<head>.{2,}?(?:超市|便利店|药房|连锁|火锅|书店|酒店|影城|健身|烘焙|咖啡|奶茶))(?P<branch>[\u4e00-\u9fff\d]{2,8}店)$"
)
NUMBER = re.compile(r"\d+")
SIGNS = re.compile(r"[\W_]+")
LATIN = re.compile(r"[a-z]{2,}")
MIN_CORE, MIN_LATIN = 2, 4


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call an item: everything in order; brand and trade; branch; the numbers of the branch or store; what trade stands apart.

    `formal`: a legal form stood in it, so that it begins with the place where it is registered.
    """

    whole: str
    core: str
    branch: str = ""
    numbers: tuple[str, ...] = ()
    trade: str = ""
    formal: bool = False


@lru_cache(maxsize=100_000)
def names_of(name: str, alias: str = "") -> tuple[Name, ...]:
    """The ways an item may be called, at most five, the most complete first; none when nothing is written."""
    found: dict[str, Name] = {}
    for text in (name, alias):
        folded = fold(text)
        for part in (folded, *_aliases(folded), *_by_script(folded)):
            one = _read(part)
            if one.whole:
                found.setdefault(one.whole, one)
    return tuple(found.values())[:5]


def _aliases(folded: str) -> list[str]:
    parts = [part for part in ALIASES.split(folded) if len(part) > 3 or CJK.search(part)]
    return parts if len(parts) > 1 else []


def _by_script(folded: str) -> list[str]:
    """A name written twice, in Chinese and in Latin letters, as two; a Chinese word of trade behind a Latin brand is no name."""
    bare = BRACKET.sub(" ", folded)
    chinese, latin = "".join(CJK_RUN.findall(bare)), " ".join(LATIN.findall(bare))
    if len(chinese) < MIN_CORE or len(latin.replace(" ", "")) < MIN_LATIN or chinese in words().trades_cn:
        return []
    return [chinese, latin]


def _read(folded: str) -> Name:
    return _chinese(folded) if CJK.search(folded) else _other(folded)


# --- Chinese ------------------------------------------------------------------------------------------------------------------


def _chinese(folded: str) -> Name:
    text = figures(folded)
    brackets = [SIGNS.sub("", inside) for inside in BRACKET.findall(text)]
    bare = BRACKET.sub(" ", text).strip() or text
    branch = next((inside for inside in reversed(brackets) if words().branch_cn.search(inside)), "")
    if not branch and (tail := BRANCH_TAIL.search(bare)) and len(SIGNS.sub("", bare[: tail.start()])) >= MIN_CORE:
        branch, bare = tail.group(1), bare[: tail.start()]
    first, _gap, rest = SEPARATED.sub("\t", bare).partition("\t")
    said = SIGNS.sub("", rest) if len(CJK.findall(first)) >= MIN_CORE else ""
    solid = SIGNS.sub("", first if said else bare)
    if not branch and (found := LEGAL_TAIL.match(solid) or TRADE_TAIL.match(solid)):
        branch, solid = found["branch"], found["head"]
    core = _less(solid, PLACE_CN)
    short = _less(_less(core, words().forms_cn), words().forms_cn)
    stem = words().branch_cn.sub("", branch) if branch else ""
    return Name(SIGNS.sub("", text), short, stem, tuple(NUMBER.findall(branch)), said, short != core)


def _less(text: str, pattern: re.Pattern[str]) -> str:
    shorter = pattern.sub("", text, count=1)
    return shorter if len(shorter) >= MIN_CORE else text


# --- other languages ----------------------------------------------------------------------------------------------------------


def _other(folded: str) -> Name:
    text = APOSTROPHE.sub("", folded).replace("&", " and ").replace("+", " and ")
    numbers = tuple(found.lstrip("0") for found in STORE_NUMBER.findall(text))
    text = STORE_NUMBER.sub(" ", text)
    listed = words()
    said = [word for word in SIGNS.sub(" ", re.sub(r"\.(?=\w\b)|(?<=\b\w)\.", "", text)).split() if word]
    meant = [word for word in said if word not in listed.forms_latin and word not in listed.stop_latin] or said
    if not numbers and len(meant) > 1 and meant[-1].isdigit() and len(meant[-1]) > 2:
        numbers = (meant.pop().lstrip("0"),)
    return Name(" ".join([*said, *numbers]), " ".join(meant), "", numbers)
