"""The file store: bytes addressed by their hash, checked photos, and what they are attached to.

Files go through Django's default storage under `<district>/<folder>/<first two figures>/<sha256><suffix>`; they are written whole or
not at all, and before the transaction that mentions them. Whether bytes are a picture is judged in `core.pictures`.
"""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model, QuerySet
from django.urls import reverse

from sanbao.core import links, pictures
from sanbao.core.district import current_id
from sanbao.core.journal import subject_of
from sanbao.core.models import Attachment, Photo, User

PUBLIC: Final = "public"
"""The role that opens a photo to everybody: attach with it when publishing, `detach` when withdrawing."""


def save_bytes(data: bytes, folder: str, suffix: str) -> str:
    """Keep bytes under their hash; the answer is the path to read them by. The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    path = f"{current_id()}/{folder}/{digest[:2]}/{digest}{suffix}"
    if default_storage.exists(path) and default_storage.size(path) == len(data):
        return path
    try:
        target = Path(default_storage.path(path))
    except NotImplementedError:  # an object store: a put is whole or not at all
        return default_storage.save(path, ContentFile(data))
    _write_whole(target, data)
    return path


def read_bytes(path: str) -> bytes:
    """The bytes kept at a path; raises `FileNotFoundError` when the store has lost them."""
    with default_storage.open(path, "rb") as file:
        return file.read()


def store_photo(data: bytes, *, by: User | None, at: datetime) -> Photo:
    """Check a picture, keep the original and its public copy, and describe them in one row; the same bytes give the same row.

    Raises `Malformed` with one clear reason (too large, too many pixels, not a picture, another kind, cut off, damaged) before
    anything is written.
    """
    pictures.check_size(data)
    known = Photo.objects.filter(sha256=hashlib.sha256(data).hexdigest()).first()
    if known and default_storage.exists(known.original) and default_storage.exists(known.public):
        return known
    picture = pictures.read_picture(data)
    original = save_bytes(data, "originals", pictures.SUFFIXES[picture.mime])
    public = save_bytes(picture.public, "photos", ".jpg")
    photo, _new = Photo.objects.get_or_create(
        district_id=current_id(),
        sha256=picture.sha256,
        defaults={
            "size": len(data),
            "width": picture.width,
            "height": picture.height,
            "mime": picture.mime,
            "original": original,
            "public": public,
            "taken_at": picture.taken_at,
            "lon": picture.lon,
            "lat": picture.lat,
            "stored_at": at,
            "by": by,
        },
    )
    if photo.public != public:  # the copy was lost and is made anew, perhaps by a newer encoder
        Photo.objects.filter(pk=photo.pk).update(public=public)
        photo.public = public
    return photo


def attach(obj: Model, photo: Photo, role: str, *, by: User | None, at: datetime, note: str = "") -> Attachment:
    """Give a photo its role (`before`, `after`, `recheck`, `signature`, `evidence`, ...) for a row; once, however often it is asked."""
    attachment, _new = Attachment.objects.get_or_create(
        district_id=current_id(),
        subject=subject_of(obj),
        role=role,
        photo=photo,
        defaults={"note": note, "added_at": at, "by": by},
    )
    return attachment


def detach(obj: Model, role: str) -> int:
    """Take back a role from every photo of a row, and say how many; the photos themselves stay."""
    return Attachment.objects.filter(subject=subject_of(obj), role=role).delete()[0]


def attachments(obj: Model, role: str | None = None) -> QuerySet[Attachment]:
    """What is attached to a row, oldest first, with the photos (1 query)."""
    found = Attachment.objects.filter(subject=subject_of(obj)).select_related("photo")
    return found.filter(role=role) if role else found


def is_public(photo: Photo) -> bool:
    """Whether the photo is attached to something that is published now."""
    return Attachment.objects.filter(photo=photo, role=PUBLIC).exists()


def open_public(photo: Photo) -> IO[bytes]:
    """The public copy, open for reading: a JPEG of at most 1600 pixels a side without metadata."""
    return default_storage.open(photo.public, "rb")


def open_original(photo: Photo) -> IO[bytes]:
    """The file as it was sent, open for reading: for evidence, never for the public."""
    return default_storage.open(photo.original, "rb")


def photo_url(photo: Photo, *, shared_until: datetime | None = None) -> str:
    """The path of the public copy. With `shared_until` it opens for whoever holds the link, until that instant."""
    path = reverse("core:photo", args=[photo.sha256])
    return f"{path}?key={links.make_token('photo', photo, expires_at=shared_until)}" if shared_until else path


def _write_whole(target: Path, data: bytes) -> None:
    """Write beside the target, sync, and rename: a reader or a power cut sees the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
