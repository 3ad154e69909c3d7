"""Codes of merchants: the unified social credit code with its check character, and the numbers that came before it."""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.cn import uscc

from sanbao.core.tables import Cell

NOTHING = frozenset(
    {
        "",
        "无",
        "暂无",
        "没有",
        "未知",
        "不详",
        "未办理",
        "未办",
        "无照",
        "无证",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "NULL",
        "NONE",
        "NA",
        "N/A",
        "NAN",
        "0",
    }
)
SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?E\+?\d+$")
OLD = re.compile(r"^(?:\d{13}|\d{15}|\d{6}[A-Z]\d{8}|[0-9A-Z]{8}[0-9X])$")
LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")


@dataclass(frozen=True)
class Code:
    """What a cell says: a valid credit code, an older number, or why neither (`fault` with its facts)."""

    credit_code: str = ""
    old_number: str = ""
    fault: str = ""
    detail: tuple[tuple[str, str | int], ...] = ()


def read_code(cell: Cell) -> Code:
    """Read one cell. A spreadsheet keeps fifteen figures of a number: longer codes stored as numbers are beyond repair and say so."""
    text = _compact(cell)
    if text in NOTHING:
        return Code()
    if SCIENTIFIC.match(text) or (isinstance(cell, int | float) and abs(cell) >= 1e15):
        return Code(fault="credit_code_lost_digits", detail=(("value", text),))
    if OLD.match(text):
        return Code(old_number=text)
    if len(text) != 18:
        return Code(fault="credit_code_length", detail=(("value", text[:40]), ("length", len(text))))
    strange = "".join(dict.fromkeys(sign for sign in text if sign not in LETTERS))
    if strange or not text[2:8].isdigit():
        return Code(fault="credit_code_characters", detail=(("value", text), ("characters", strange or text[2:8])))
    check = uscc.calc_check_digit(text)
    if check == text[-1]:
        return Code(credit_code=text)
    if text.isdigit() and text.endswith("000"):
        return Code(fault="credit_code_lost_digits", detail=(("value", text),))
    return Code(fault="credit_code_check", detail=(("value", text), ("expected", check)))


def _compact(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)).upper()
    return re.sub(r"[\s'`\u200b\ufeff\-]+", "", text) or text.strip()
