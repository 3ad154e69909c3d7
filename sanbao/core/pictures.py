"""What a picture's bytes say: whether they are a whole picture, when and where it was taken, and a public copy without any of that.

Pure work on bytes: no rows and no storage (`core.files`). Limits are looked at in the header, before anything is decoded.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from sanbao.core.clock import ZONE
from sanbao.core.errors import Malformed, refuse
from sanbao.law.workflow import gettext_noop

PUBLIC_SIDE_PX: Final = 1600
MIMES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
OTHER_KINDS: Final = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"%PDF", b"8BPS")

EMPTY: Final = gettext_noop("The picture file is empty. Choose it again.")
TOO_LARGE: Final = gettext_noop("The picture has %(size)s MB; at most %(limit)s MB are taken. Send a smaller one.")
TOO_MANY_PIXELS: Final = gettext_noop(
    "The picture has %(size)s million pixels; at most %(limit)s million are taken. Send a smaller one."
)
OTHER_KIND: Final = gettext_noop("Only JPEG, PNG and WebP pictures are taken. Save this file as JPEG and send it again.")
NO_PICTURE: Final = gettext_noop("This file is not a picture. Send a JPEG, PNG or WebP picture.")
TRUNCATED: Final = gettext_noop("The picture is cut off: its end is missing. Send it again.")
BROKEN: Final = gettext_noop("The picture is damaged and cannot be read. Take or choose another one.")


@dataclass(frozen=True)
class Picture:
    """A whole picture: `width` and `height` in pixels as it is looked at, `public` the bytes of a JPEG without metadata.

    `taken_at`, `lon`, `lat` are what the camera wrote (WGS-84), or None: a claim, not a proof.
    """

    sha256: str
    mime: str
    width: int
    height: int
    public: bytes
    taken_at: datetime | None
    lon: float | None
    lat: float | None


def read_picture(data: bytes) -> Picture:
    """Check a JPEG, PNG or WebP file by decoding all of it; raises `Malformed` with one clear reason when it cannot be used."""
    check_size(data)
    try:
        image = _open(data)
        exif = _exif(image)
        turned = exif.get(ExifTags.Base.Orientation) in (5, 6, 7, 8)
        width, height = reversed(image.size) if turned else image.size
        taken_at, position = _taken_at(exif), _position(exif)
        mime = MIMES[image.format or ""]
        public = _public_copy(image)
    except Malformed:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels(2 * (Image.MAX_IMAGE_PIXELS or 0)) from None
    except MemoryError:
        raise refuse("photo_broken", BROKEN, status=Malformed) from None
    except Exception as error:  # decoders fail in a dozen ways on damaged bytes; each means the same to the sender
        if "truncated" in str(error).lower() or _is_cut_webp(data):
            raise refuse("photo_truncated", TRUNCATED, status=Malformed) from error
        raise refuse("photo_broken", BROKEN, status=Malformed) from error
    return Picture(hashlib.sha256(data).hexdigest(), mime, width, height, public, taken_at, *position)


def check_size(data: bytes) -> None:
    """Refuse an empty file, or one larger than `settings.PHOTO_MAX_BYTES`."""
    if not data:
        raise refuse("photo_empty", EMPTY, status=Malformed)
    if len(data) > settings.PHOTO_MAX_BYTES:
        size, limit = math.ceil(len(data) / 2**20), settings.PHOTO_MAX_BYTES // 2**20
        raise refuse("photo_too_large", TOO_LARGE, status=Malformed, size=size, limit=limit)


def _open(data: bytes) -> Image.Image:
    """Read the header, and for PNG the check sums; nothing is decoded yet."""
    try:
        image = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except UnidentifiedImageError:
        raise _unknown(data) from None
    if image.width * image.height > settings.PHOTO_MAX_PIXELS:
        raise _too_many_pixels(image.width * image.height)
    if image.format == "PNG":
        image.verify()
        image = Image.open(BytesIO(data), formats=("PNG",))
    return image


def _unknown(data: bytes) -> Exception:
    if data.startswith(OTHER_KINDS) or data[4:8] == b"ftyp":
        return refuse("photo_of_other_kind", OTHER_KIND, status=Malformed)
    if _is_cut_webp(data):
        return refuse("photo_truncated", TRUNCATED, status=Malformed)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return refuse("photo_broken", BROKEN, status=Malformed)
    return refuse("not_a_photo", NO_PICTURE, status=Malformed)


def _is_cut_webp(data: bytes) -> bool:
    """Whether a WebP file is shorter than its own header says."""
    return data[:4] == b"RIFF" and int.from_bytes(data[4:8], "little") + 8 > len(data)


def _too_many_pixels(count: int) -> Exception:
    limit = settings.PHOTO_MAX_PIXELS // 1_000_000
    size = math.ceil(count / 1_000_000)
    return refuse("photo_too_many_pixels", TOO_MANY_PIXELS, status=Malformed, size=size, limit=limit)


def _public_copy(image: Image.Image) -> bytes:
    """At most 1600 pixels a side, upright, on white, and nothing but the picture."""
    image.draft("RGB", (PUBLIC_SIDE_PX, PUBLIC_SIDE_PX))  # JPEG only: decode at a smaller scale that is still large enough
    image.load()
    image.thumbnail((PUBLIC_SIDE_PX, PUBLIC_SIDE_PX), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        upright = upright.convert("RGBA")
        sheet = Image.new("RGB", upright.size, "white")
        sheet.paste(upright, mask=upright.getchannel("A"))
        upright = sheet
    bare = Image.frombytes("RGB", upright.size, upright.convert("RGB").tobytes())
    out = BytesIO()
    bare.save(out, "JPEG", quality=82, progressive=True)
    return out.getvalue()


def _exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # a picture with damaged notes is still a picture
        return Image.Exif()


def _taken_at(exif: Image.Exif) -> datetime | None:
    """The instant the camera wrote; without an offset it is taken as the district's own time."""
    try:
        notes = exif.get_ifd(ExifTags.IFD.Exif)
        text = str(notes.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or "")
        naive = datetime.strptime(text.strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        offset = str(notes.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
        if offset:
            return datetime.fromisoformat(f"{naive.isoformat()}{offset}")
        return naive.replace(tzinfo=ZONE)
    except Exception:
        return None


def _position(exif: Image.Exif) -> tuple[float | None, float | None]:
    try:
        notes = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lon = _degrees(notes, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
        lat = _degrees(notes, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
    except Exception:
        return None, None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon, lat) == (0, 0):
        return None, None
    return lon, lat


def _degrees(notes: Mapping[int, Any], value: int, reference: int, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in notes[value])
    size = degrees + minutes / 60 + seconds / 3600
    return -size if str(notes.get(reference, "")).upper().startswith(negative) else size
