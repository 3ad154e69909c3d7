"""Makes pictures for tests: whole, turned, tagged, damaged, and far larger than their file. No test lives here."""

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image


def jpeg(width: int = 64, height: int = 48, colour: str = "red", **options) -> bytes:
    """A plain JPEG; `options` go to Pillow's encoder."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG", **options)
    return out.getvalue()


def noisy(kind: str = "JPEG", side: int = 256) -> bytes:
    """A picture that does not compress away, so that cutting it loses pixels."""
    out = BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, kind)
    return out.getvalue()


def tagged_jpeg() -> bytes:
    """60 by 40 as stored, to be turned a quarter (so 40 by 60 as seen), taken in Zhengzhou on 2026-09-20 at 15:30 local time.

    The half that is on top as seen is blue, the lower half is red.
    """
    picture = Image.new("RGB", (60, 40), "red")
    picture.paste("blue", (0, 0, 30, 40))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:09:20 15:30:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (34.0, 43.0, 12.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (113.0, 42.0, 0.0),
        }
    )
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def huge_png(width: int = 20_000, height: int = 10_000) -> bytes:
    """A PNG of a few hundred kilobytes that unfolds to `width` x `height` pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    rows = b"".join(packer.compress(row) for _number in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def bomb_gif() -> bytes:
    """A GIF whose header claims 65,535 x 65,535 pixels."""
    return b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\xf0\x00\x00" + bytes(6) + b"!\xf9\x04\x00\x00\x00\x00\x00;"


def broken_png() -> bytes:
    """A PNG with one altered byte in the middle of its pixels."""
    data = bytearray(noisy("PNG"))
    data[len(data) // 2] ^= 0xFF
    return bytes(data)
