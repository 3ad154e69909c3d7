"""Text tables as offices send them: which encoding, which delimiter, and records whose numbers are those a spreadsheet shows.

The encoding is decided by strict decoding and by whether the result reads like text, never by guessing from statistics of bytes.
Workbooks and the search for the header are `core.tables`.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from sanbao.core.errors import Malformed, refuse
from sanbao.law.workflow import gettext_noop as _

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DELIMITERS = ",\t;|，"
CONTROL_SHARE, USUAL_SHARE, DAMAGE_SHARE = 0.02, 0.7, 0.01
SAMPLE_CHARS, SAMPLE_RECORDS = 200_000, 60
OPEN_QUOTE_LINES, PATIENCE = 60, 300
LINE_END = re.compile(r"\r\n|\r|\n")
DAMAGED = "\ufffd"

NOT_TEXT = _(
    "The file is neither a workbook nor readable text. Save it as XLSX, or as CSV in UTF-8 or GB 18030, and send it again."
)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Bytes that no encoding explains become U+FFFD when they are fewer than one in a hundred, so that only their rows are lost;
    otherwise `Malformed`.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    if wide := _without_mark(data):
        return data.decode(wide, "replace"), wide
    for encoding, simplified in (("utf-8", False), ("gb18030", True), ("big5", False), ("gb18030", False)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _plausible(text, chinese=encoding != "utf-8", simplified=simplified):
            return text, encoding
    return _nearly(data)


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark: one half of the bytes of ASCII signs is zero, which no other text has."""
    head = data[:4000]
    if b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if odd >= even else "utf-16-be"
    text = data[: len(head) // 2 * 2].decode(encoding, "replace")
    return encoding if "\n" in text and _plausible(text, chinese=True, simplified=True) else None


def _nearly(data: bytes) -> tuple[str, str]:
    tries = [(data.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030")]
    text, encoding = min(tries, key=lambda pair: pair[0].count(DAMAGED))
    if text.count(DAMAGED) > max(1, len(text) * DAMAGE_SHARE) or not _plausible(
        text.replace(DAMAGED, ""), chinese=encoding != "utf-8"
    ):
        raise refuse("not_text", NOT_TEXT, status=Malformed)
    return text, encoding


def _plausible(text: str, *, chinese: bool = False, simplified: bool = False) -> bool:
    """Whether decoded text reads like text: hardly any control signs, private-use signs or letters nobody writes."""
    signs = [sign for sign in text[:SAMPLE_CHARS] if not sign.isspace()]
    if not signs:
        return True
    bad = sum(unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs") for sign in signs)
    if bad > len(signs) * CONTROL_SHARE:
        return False
    foreign = [sign for sign in signs if sign > "\x7f"] if chinese else []
    return sum(_usual(sign, simplified) for sign in foreign) >= len(foreign) * USUAL_SHARE


def _usual(sign: str, simplified: bool) -> bool:
    """Signs that Chinese lists are made of. Characters outside GB 2312 are rare there, but Big5 read as GB 18030 is full of them."""
    if "\u4e00" <= sign <= "\u9fff":
        try:
            return not simplified or bool(sign.encode("gb2312"))
        except UnicodeEncodeError:
            return False
    return "\u2010" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef" or sign in "·°×÷±§¨—…"


def delimiter_of(text: str) -> str:
    """The sign between cells: the one under which most records have the same number of cells, more than one."""
    if text.startswith("sep=") and len(text) > 4:
        return text[4]
    sample = "\n".join(LINE_END.split(text[:SAMPLE_CHARS])[: SAMPLE_RECORDS * 2])
    best, best_score = ",", 0.0
    for sign in DELIMITERS:
        widths = Counter(len(record) for record in csv.reader(sample.splitlines(), delimiter=sign) if len(record) > 1)
        if widths:
            width, times = widths.most_common(1)[0]
            score = times * min(width, 12)
            if score > best_score:
                best, best_score = sign, score
    return best


def records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a text table in order, blank lines as empty lists, so that counting them gives a spreadsheet's row numbers.

    A quotation mark that is never closed spoils its own line only, not the rest of the file.
    """
    lines = LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    place, patience = 0, PATIENCE
    while place < len(lines):
        line = lines[place]
        if '"' not in line:
            yield line.split(delimiter) if line else []
            place += 1
            continue
        cells, used = _quoted(lines, place, delimiter, OPEN_QUOTE_LINES if patience else 2)
        patience -= used == 0 and patience > 0
        yield cells
        place += used or 1


def _quoted(lines: list[str], place: int, delimiter: str, reach: int) -> tuple[list[str], int]:
    """The record that begins at a line with quotation marks, and how many lines it takes (0: the marks make no sense)."""
    joined = lines[place]
    for extra in range(reach):
        if extra:
            if place + extra >= len(lines):
                break
            joined += "\n" + lines[place + extra]
            if '"' not in lines[place + extra]:
                continue
        try:
            return next(csv.reader([joined], delimiter=delimiter, strict=True)), extra + 1
        except csv.Error as error:
            if "end of data" not in str(error):
                break
    return lines[place].split(delimiter), 0
