"""Drawn pictures: street fronts with and without what is wrong before them, and signatures. No photograph of any real place.

The same numbers give the same picture, before and after from the same spot.
"""

import io
from functools import lru_cache
from math import sin
from random import Random

from PIL import Image, ImageDraw, ImageFont

from sanbao.core import glyphs
from sanbao.demo import words

SIZE = (480, 340)
WALLS = ("#d8cbb8", "#c9d3d6", "#e3d6c3", "#cfc6bd", "#d9dccb", "#c7b9a8")
BOARDS = ("#8c2f2b", "#1f5f4a", "#264a73", "#7a5a1e", "#5a2e63", "#2f2f33")
SKIES = (("#cfe3f2", "#9db2c2"), ("#e8e2d4", "#a8a49c"), ("#b9c6d3", "#8b939b"))
Draw = ImageDraw.ImageDraw


def front_scene(view: int, problem: str = "") -> bytes:
    """A street front as seen from one spot; `problem` is a class of problems, empty for the tidy place. JPEG, a few kilobytes."""
    dice = Random(f"view:{view}")
    image = Image.new("RGB", SIZE, SKIES[view % len(SKIES)][0])
    draw = ImageDraw.Draw(image)
    _house(draw, dice)
    _pavement(draw, dice)
    if view % 3:
        _tree(draw, dice, broken=problem == "G01")
    add = PROBLEMS.get(problem)
    if add:
        add(draw, Random(f"view:{view}:{problem}"))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=62, optimize=True)
    return out.getvalue()


def signature(number: int) -> bytes:
    """A scribble that is a signature: dark ink on white, PNG."""
    dice = Random(f"signature:{number}")
    image = Image.new("L", (300, 120), 255)
    draw = ImageDraw.Draw(image)
    for stroke in range(3):
        left, height, turn = 20 + stroke * 85, dice.randint(18, 34), dice.uniform(0.12, 0.3)
        points = [
            (left + step * 2.4, 60 + height * sin(step * turn + stroke) * (1 - step / 60) + dice.uniform(-2, 2))
            for step in range(36)
        ]
        draw.line(points, fill=25, width=4, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | None:
    files = [
        file
        for folder in glyphs.folders()
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in (".otf", ".ttf", ".ttc")
    ]
    sans = [file for file in files if "sans" in file.name.lower()] or files
    return ImageFont.truetype(str(sans[0]), 26) if sans else None


def _house(draw: Draw, dice: Random) -> None:
    wall = dice.choice(WALLS)
    draw.rectangle((0, 30, 480, 230), fill=wall)
    for left in range(12, 480, 78):
        draw.rectangle((left, 40, left + 44, 84), fill="#9fb4bf", outline="#7d8a91")
    doors = [20, 190, 350] if dice.random() < 0.6 else [40, 250]
    for left in doors:
        width = 110 if len(doors) == 3 else 170
        draw.rectangle((left, 104, left + width, 138), fill=dice.choice(BOARDS))
        font = _font()
        if font:
            draw.text((left + 10, 105), words.sign_of(dice.choice(words.TRADES), dice)[: width // 27], font=font, fill="#f3ead2")
        draw.rectangle((left + 6, 142, left + width - 6, 230), fill="#5d6a70", outline="#3f474b", width=2)
        draw.rectangle((left + width // 2, 150, left + width // 2 + 30, 230), fill="#8fa3ab", outline="#3f474b")


def _pavement(draw: Draw, dice: Random) -> None:
    draw.rectangle((0, 230, 480, 300), fill="#b9b4ab")
    for left in range(-20, 480, 30):
        draw.line((left, 300, left + 26, 230), fill="#a6a198")
    draw.rectangle((0, 262, 480, 272), fill="#cdb45a")  # the blind path
    draw.rectangle((0, 300, 480, 308), fill="#8f8b84")
    draw.rectangle((0, 308, 480, 340), fill="#55585a")
    draw.line((dice.randint(0, 60), 326, 480, 326), fill="#d9d9d2", width=2)


def _tree(draw: Draw, dice: Random, *, broken: bool) -> None:
    left = dice.randint(130, 330)
    draw.rectangle((left, 150, left + 10, 268), fill="#6b5138")
    if broken:
        draw.line((left + 8, 190, left + 70, 250), fill="#6b5138", width=8)
        draw.ellipse((left + 40, 230, left + 110, 270), fill="#6f8f4e")
    else:
        for _leaf in range(9):
            x, y = left + dice.randint(-46, 40), dice.randint(70, 140)
            draw.ellipse((x, y, x + 52, y + 40), fill=dice.choice(("#5f8a4a", "#6f9a55", "#547d42")))


def _litter(draw: Draw, dice: Random) -> None:
    for _piece in range(26):
        x, y = dice.randint(10, 460), dice.randint(236, 294)
        draw.polygon(
            [(x, y), (x + dice.randint(4, 12), y + 3), (x + 5, y + dice.randint(4, 10))],
            fill=dice.choice(("#f2f2ee", "#d9c9a4", "#c44")),
        )


def _bin(draw: Draw, dice: Random) -> None:
    left = dice.randint(60, 360)
    draw.rectangle((left, 216, left + 44, 280), fill="#3d6b52")
    for _bag in range(5):
        x = left + dice.randint(-40, 50)
        draw.ellipse((x, 250, x + 42, 286), fill=dice.choice(("#2b2b2e", "#3a3a40", "#e4e0d6")))


def _puddle(draw: Draw, dice: Random) -> None:
    left = dice.randint(40, 260)
    draw.ellipse((left, 252, left + 180, 292), fill="#5a4f40")
    draw.ellipse((left + 24, 260, left + 120, 284), fill="#6e6353")


def _tables(draw: Draw, dice: Random) -> None:
    for left in range(dice.randint(20, 60), 430, 120):
        draw.rectangle((left, 244, left + 60, 250), fill="#a9441f")
        draw.line((left + 8, 250, left + 4, 280), fill="#444", width=3)
        draw.line((left + 52, 250, left + 56, 280), fill="#444", width=3)
        draw.rectangle((left - 16, 260, left - 2, 282), fill="#2b6cb0")
        draw.rectangle((left + 64, 260, left + 78, 282), fill="#2b6cb0")


def _boxes(draw: Draw, dice: Random) -> None:
    left = dice.randint(60, 260)
    for row in range(3):
        for column in range(4 - row):
            x, y = left + column * 40 + row * 14, 262 - row * 26
            draw.rectangle((x, y, x + 36, y + 24), fill="#b98b52", outline="#8a6335")


def _bikes(draw: Draw, dice: Random) -> None:
    for left in range(dice.randint(10, 40), 420, 62):
        y = dice.randint(250, 262)
        for wheel in (0, 34):
            draw.ellipse((left + wheel, y, left + wheel + 26, y + 26), outline="#222", width=3)
        draw.line(
            (left + 13, y + 12, left + 30, y - 14, left + 46, y + 12), fill=dice.choice(("#b33", "#247", "#2a2a2a")), width=4
        )


def _bills(draw: Draw, dice: Random) -> None:
    for _bill in range(14):
        x, y = dice.randint(4, 450), dice.randint(140, 215)
        draw.rectangle((x, y, x + 20, y + 26), fill=dice.choice(("#fff8dc", "#ffd6d6", "#dff0ff")), outline="#999")


def _smoke(draw: Draw, dice: Random) -> None:
    left = dice.randint(120, 300)
    draw.rectangle((left, 246, left + 70, 258), fill="#333")
    for puff in range(8):
        x, y = left + dice.randint(0, 50), 230 - puff * 18
        draw.ellipse((x, y, x + 40, y + 24), fill="#d4d4d2")


def _hole(draw: Draw, dice: Random) -> None:
    left = dice.randint(120, 320)
    draw.ellipse((left, 280, left + 60, 298), fill="#1b1b1c", outline="#777", width=3)
    draw.polygon([(left + 44, 276), (left + 92, 262), (left + 96, 270), (left + 52, 288)], fill="#6b6e70")


def _horn(draw: Draw, dice: Random) -> None:
    left = dice.randint(80, 340)
    draw.polygon([(left, 150), (left + 34, 132), (left + 34, 182), (left, 164)], fill="#e8b53a", outline="#8a6a12")
    for reach in (20, 34, 48):
        draw.arc((left + 20, 157 - reach, left + 44 + reach, 157 + reach), -40, 40, fill="#c0392b", width=3)


PROBLEMS = {
    "H01": _litter, "H02": _bin, "H03": _puddle, "H04": _boxes, "H05": _bills, "H06": _smoke, "G02": _boxes, "G04": _litter,
    "O01": _tables, "O02": _tables, "O03": _boxes, "O04": _bikes, "O06": _bills, "O07": _bills, "O09": _horn, "O10": _smoke,
    "F01": _hole, "F02": _puddle, "F03": _bin, "F04": _bin,
}  # fmt: skip
