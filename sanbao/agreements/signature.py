"""Telling a signature from an empty scribble. Pure picture arithmetic: how much ink there is and how far it reaches."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

DARK = 128
LEAST_INK = 0.0015
LEAST_WIDTH = 0.12
LEAST_HEIGHT = 0.08
LARGEST = 4_000_000


def is_signature(data: bytes) -> bool:
    """Whether a picture (PNG or JPEG, dark ink on white or on nothing) holds a drawing of some size; False for anything unreadable."""
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LARGEST:
                return False
            grey = _on_white(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
    ink = grey.point(lambda value: 255 if value < DARK else 0)
    box = ink.getbbox()
    if box is None:
        return False
    share = ink.histogram()[255] / (ink.width * ink.height)
    wide, high = (box[2] - box[0]) / ink.width, (box[3] - box[1]) / ink.height
    return LEAST_INK <= share <= 0.6 and wide >= LEAST_WIDTH and high >= LEAST_HEIGHT


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture in greys, with what is transparent taken as white paper."""
    with_alpha = picture.convert("RGBA")
    paper = Image.new("RGBA", with_alpha.size, "white")
    paper.alpha_composite(with_alpha)
    return paper.convert("L")
