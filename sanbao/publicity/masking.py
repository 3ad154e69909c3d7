"""Making things unrecognisable: blurring parts of a picture, and finding in a text what would name somebody. Pure; no rows, no storage.

A blurred part is first reduced to a few cells and only then smoothed, so that what was there cannot be brought back by sharpening.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFilter

CELLS: Final = 4
SMALLEST: Final = 0.01
PIECE: Final = 4
Rectangle = tuple[float, float, float, float]

PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·.\-]?[A-HJ-NP-Z0-9]{5,6}")
PHONE = re.compile(r"(?<!\d)1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[ \-]?\d{7,8}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
HOUSE_NUMBER = re.compile(
    r"(?<![0-9０-９一二三四五六七八九十百〕\]第])[0-9０-９一二三四五六七八九十百]+(?:-\d+)?\s*(?:号|號|栋|幢|单元|室|铺)"
)
REGION = re.compile(r"^.{1,5}?(?:省|市|区|县|镇|乡|街道)(?=.{2})")
SUFFIXES = ("有限责任公司", "股份有限公司", "有限公司", "分公司", "公司", "个体工商户", "商行", "经营部", "店", "馆")

PATTERNS = (
    (PLATE, _("a number plate")),
    (PHONE, _("a telephone number")),
    (IDENTITY, _("an identity number")),
    (CREDIT_CODE, _("a credit code")),
    (HOUSE_NUMBER, _("a house number")),
)
NAME = _("the name of the party")


def blurred(data: bytes, rectangles: Iterable[Rectangle]) -> bytes:
    """A JPEG in which the rectangles (left, top, width, height as shares of the picture, 0 to 1) cannot be recognised any more."""
    with Image.open(BytesIO(data)) as opened:
        image = opened.convert("RGB")
    for left, top, width, height in rectangles:
        box = (
            max(0, int(left * image.width)),
            max(0, int(top * image.height)),
            min(image.width, int((left + width) * image.width) + 1),
            min(image.height, int((top + height) * image.height) + 1),
        )
        if box[2] - box[0] < 1 or box[3] - box[1] < 1:
            continue
        image.paste(_coarse(image.crop(box)), box[:2])
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _coarse(part: Image.Image) -> Image.Image:
    cells = part.resize((CELLS, CELLS), Image.Resampling.BOX)
    smooth = cells.resize(part.size, Image.Resampling.BILINEAR)
    return smooth.filter(ImageFilter.GaussianBlur(max(part.size) / 12))


def usable(rectangle: Rectangle) -> bool:
    """Whether a rectangle lies within the picture and is large enough to hide something."""
    left, top, width, height = rectangle
    inside = 0 <= left < 1 and 0 <= top < 1 and left + width <= 1.001 and top + height <= 1.001
    return inside and width >= SMALLEST and height >= SMALLEST


def kinds_readable(text: str) -> list[str]:
    """What in a text would lead to somebody, in words of the reader's language: plates, telephones, identity numbers, house numbers."""
    return [str(label) for pattern, label in PATTERNS if pattern.search(text)]


def names_in(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds one of the names, also without its legal form or with spaces between its characters."""
    plain = _squeezed(text)
    return any(core in plain for name in names for core in _cores(name))


def _cores(name: str) -> set[str]:
    """The whole name, the name without region and legal form, and every four characters of that: who writes half of it names it too."""
    whole = _squeezed(name)
    own = REGION.sub("", whole)
    for suffix in SUFFIXES:
        own = own.removesuffix(suffix)
    pieces = {own[n : n + PIECE] for n in range(len(own) - PIECE + 1)}
    return {each for each in (whole, own, *pieces) if len(each) >= 2}


def _squeezed(text: str) -> str:
    return re.sub(r"[\s·•.,，。、()（）\-]", "", text).casefold()
