"""Folding: one way to write what may be written in many. Width, case, accents, script, Chinese figures, sound. No lists of words here."""

import re
import unicodedata
from functools import lru_cache

import opencc
from pypinyin.constants import PINYIN_DICT

CJK = re.compile(r"[\u3400-\u9fff]")
CJK_RUN = re.compile(r"[\u3400-\u9fff]+")
ACCENTED = re.compile(r"[\x80-\u2fff]")
SPACE = re.compile(r"\s+")
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "〇": "0", "○": "0", "號": "号"}
)
DIGIT = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
FIGURE = re.compile(
    r"[零一二三四五六七八九]?百[零一二三四五六七八九十]*|[一二三四五六七八九]?十[一二三四五六七八九]?|[零一二三四五六七八九]+"
)
SOUNDS_FROM = 0xE000


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Half width, simplified characters, small letters without accents, single spaces."""
    text = unicodedata.normalize("NFKC", text)
    if text.isascii():
        return SPACE.sub(" ", text.lower()).strip()
    if CJK.search(text):
        text = _simplifier().convert(text)
    text = text.casefold().translate(LETTERS)
    if ACCENTED.search(text):
        text = unicodedata.normalize("NFC", "".join(_bare(sign) for sign in text))
    return SPACE.sub(" ", text).strip()


@lru_cache(maxsize=20_000)
def _bare(sign: str) -> str:
    """A Latin, Greek or Cyrillic letter without its accents; any other sign as it is."""
    if sign < "\x80" or sign >= "\u3000":
        return sign
    apart = unicodedata.normalize("NFD", sign)
    return apart[0] if len(apart) > 1 and apart[0].isalpha() and apart[0] not in "ий" else sign


def figures(text: str) -> str:
    """Chinese figures as Arabic ones, wherever they stand: 二十三 becomes 23, 一〇八 108. Both sides of a comparison are treated alike."""
    return FIGURE.sub(_figure, text) if CJK.search(text) else text


@lru_cache(maxsize=20_000)
def _number(word: str) -> str:
    if "十" not in word and "百" not in word:
        return "".join(str(DIGIT[sign]) for sign in word)
    hundreds, sign, rest = word.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = (DIGIT.get(hundreds, 1) if sign else 0) * 100 + (DIGIT.get(tens.lstrip("零"), 1) if ten else 0) * 10
    return str(total + (DIGIT.get(ones.lstrip("零"), 0) if ones else 0))


def _figure(found: re.Match[str]) -> str:
    word = found.group()
    return word if word.startswith("百") else _number(word)


@lru_cache(maxsize=60_000)
def _sound_of(sign: str) -> str:
    readings = PINYIN_DICT.get(ord(sign))
    if not readings:
        return sign
    plain = unicodedata.normalize("NFD", readings.split(",")[0])
    syllable = "".join(letter for letter in plain if letter.isalpha() and letter < "\x80")
    for careful, careless in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        syllable = careless + syllable[2:] if syllable.startswith(careful) else syllable
    syllable = syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable
    return _code(syllable)


_syllables: dict[str, str] = {}


def _code(syllable: str) -> str:
    return _syllables.setdefault(syllable, chr(SOUNDS_FROM + len(_syllables)))


def sound(text: str) -> str:
    """A text as it sounds: each Chinese character becomes one private sign for its syllable without tone; all else stays."""
    return "".join(_sound_of(sign) if sign >= "\u3400" else sign for sign in text)
