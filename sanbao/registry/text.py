"""How names, addresses, telephones, days and positions are cleaned and compared: pure functions, no tables, no database."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

SPACE = re.compile(r"\s+")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\ud800-\udfff]+")
NOISE = re.compile(r"[\s\W_]+")
# Full-width figures and letters are typing habits; full-width brackets belong to registered names and stay.
NARROW = {code: code - 0xFEE0 for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
NARROW |= {0x3000: 0x20, 0xA0: 0x20, 0xFEFF: None, 0x200B: None, 0xFF0D: 0x2D}  # type: ignore[dict-item]
PROVINCE = re.compile(r"^(?:中国)?(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))")
CITY = re.compile(r"^[\u4e00-\u9fff]{2,7}?(?:市|自治州|地区|盟)")
DISTRICT = re.compile(r"^[\u4e00-\u9fff]{1,6}?(?:区|县|旗)(?=.{2})")
DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?$")
DAY_SOLID = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
DAY_AMERICAN = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$")
SERIAL = re.compile(r"^\d{4,5}(?:\.\d+)?$")
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
EARLIEST, LATEST = date(1850, 1, 1), date(2100, 1, 1)


def clean(text: str) -> str:
    """One line without needless spaces and control signs, figures and letters in half width; Chinese punctuation stays as written."""
    return SPACE.sub(" ", CONTROL.sub(" ", text.translate(NARROW))).strip()


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """By what two names are compared: compatibility forms folded, no spaces, no punctuation, no case."""
    return NOISE.sub("", unicodedata.normalize("NFKC", name).casefold())


@lru_cache(maxsize=50_000)
def address_key(address: str) -> str:
    """By what two addresses are compared: folded, and without province, city and district in front."""
    text = unicodedata.normalize("NFKC", address).casefold().replace("號", "号")
    text = SPACE.sub("", text)
    for front in (PROVINCE, CITY, DISTRICT):
        shorter = front.sub("", text, count=1)
        text = shorter if len(shorter) >= 3 else text
    return re.sub(r"[^\w\-#]+", "", text)


def day_of(text: str, *, epoch_1904: bool = False) -> date | None:
    """The day a cell means: written in a usual way, or counted by a spreadsheet (1900 or 1904 system); None if not understood.

    Two-figure years and month/day/year are read the way spreadsheets export them abroad.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    found = DAY.match(text) or DAY_SOLID.match(text)
    if found:
        return _day(*(int(part) for part in found.groups()))
    if american := DAY_AMERICAN.match(text):
        month, day, year = (int(part) for part in american.groups())
        return _day(year if year > 99 else year + (1900 if year >= 50 else 2000), month, day)
    if SERIAL.match(text):
        return _within((EPOCH_1904 if epoch_1904 else EPOCH_1900) + timedelta(days=int(float(text))))
    try:
        return _within(datetime.fromisoformat(text).date())
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _within(date(year, month, day))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if EARLIEST <= day <= LATEST else None


def phone_of(text: str) -> str:
    """A telephone as figures, plus and dash; several numbers stay separated by a comma."""
    text = unicodedata.normalize("NFKC", text)
    parts = [re.sub(r"[^\d+\-]", "", part) for part in re.split(r"[,;/、]|\s{2,}", text)]
    return ",".join(part for part in parts if part)[:30]


def number_of(text: str) -> float | None:
    """A plain decimal number, or None."""
    try:
        value = float(unicodedata.normalize("NFKC", text).replace(",", "").strip("°").strip())
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None
