"""Photos: what is refused and why, what is kept, and who may look."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from sanbao.core import clock, district, files, pictures
from sanbao.core.errors import Malformed
from sanbao.core.models import Attachment, Photo
from tests.core import pictures as made


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}}


def kept(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"this is a shopping list, not a picture" * 20, "not_a_photo"),
        (made.noisy()[:-9000], "photo_truncated"),
        (made.noisy("WEBP")[:-3000], "photo_truncated"),
        (made.noisy("PNG")[:-9000], "photo_truncated"),
        (made.broken_png(), "photo_broken"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "photo_broken"),
        (made.huge_png(), "photo_too_many_pixels"),
        (made.bomb_gif(), "photo_of_other_kind"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "photo_of_other_kind"),
    ],
    ids=["empty", "text", "cut jpeg", "cut webp", "cut png", "altered png", "bare head", "200 megapixels", "gif bomb", "heic"],
)
def test_what_is_no_whole_picture_is_refused_with_its_own_reason_and_leaves_nothing(world, tmp_path, data, code):
    with pytest.raises(Malformed) as refusal:
        files.store_photo(data, by=world.liu, at=world.at)
    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert Photo.objects.count() == 0
    assert kept(tmp_path) == []


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(world, settings):
    settings.PHOTO_MAX_BYTES = 2 * 2**20
    with pytest.raises(Malformed) as refusal:
        files.store_photo(made.jpeg() + bytes(3 * 2**20), by=None, at=world.at)
    assert refusal.value.reasons[0].code == "photo_too_large"
    assert "4 MB" in refusal.value.reasons[0].text()


def test_the_original_stays_and_the_public_copy_is_upright_small_and_bare(world):
    data = made.tagged_jpeg()
    photo = files.store_photo(data, by=world.liu, at=world.at)
    assert files.open_original(photo).read() == data
    assert (photo.width, photo.height) == (40, 60)
    assert photo.taken_at == datetime(2026, 9, 20, 7, 30, tzinfo=UTC)
    assert (photo.lon, photo.lat) == (pytest.approx(113.7), pytest.approx(34.72))
    public = files.open_public(photo).read()
    assert b"SecretCamera" not in public
    assert b"Exif" not in public
    seen = Image.open(BytesIO(public))
    assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (40, 60), {})
    assert seen.getpixel((20, 5))[2] > 200
    assert seen.getpixel((20, 55))[0] > 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_jpeg_of_at_most_1600_pixels(world, kind):
    out = BytesIO()
    Image.new("RGB", (4000, 2000), "green").save(out, kind)
    photo = files.store_photo(out.getvalue(), by=None, at=world.at)
    assert (photo.width, photo.height, photo.mime) == (4000, 2000, f"image/{kind.lower()}")
    seen = Image.open(files.open_public(photo))
    assert (seen.format, seen.size) == ("JPEG", (1600, 800))


def test_what_is_transparent_becomes_white(world):
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    photo = files.store_photo(out.getvalue(), by=None, at=world.at)
    assert min(Image.open(files.open_public(photo)).getpixel((10, 10))) > 250


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "yesterday", "2026:13:01 00:00:00"])
def test_a_camera_without_a_clock_does_not_stop_the_photo(world, text):
    exif = Image.Exif()
    exif[0x0132] = text
    photo = files.store_photo(made.jpeg(exif=exif), by=None, at=world.at)
    assert photo.taken_at is None


def test_the_same_bytes_are_one_photo_and_two_files(world, tmp_path):
    first = files.store_photo(made.jpeg(), by=world.liu, at=world.at)
    second = files.store_photo(made.jpeg(), by=world.chen, at=world.at + timedelta(hours=1))
    assert first == second
    assert Photo.objects.get().by == world.liu
    assert len(kept(tmp_path)) == 2


def test_a_lost_file_comes_back_when_the_photo_is_sent_again(world):
    photo = files.store_photo(made.jpeg(), by=None, at=world.at)
    default_storage.delete(photo.original)
    default_storage.delete(photo.public)
    again = files.store_photo(made.jpeg(), by=None, at=world.at)
    assert again == photo
    assert files.open_original(again).read() == made.jpeg()


def test_a_half_written_file_is_replaced_by_the_whole(world):
    path = files.save_bytes(b"the whole register", "imports", ".csv")
    default_storage.delete(path)
    with default_storage.open(path, "wb") as file:
        file.write(b"the who")
    assert files.save_bytes(b"the whole register", "imports", ".csv") == path
    assert files.read_bytes(path) == b"the whole register"


def test_files_of_two_districts_lie_apart(world):
    here = files.save_bytes(b"x", "imports", ".csv")
    with district.use(990102):
        assert files.save_bytes(b"x", "imports", ".csv") != here


def test_a_photo_is_attached_once_in_each_role(world):
    photo = files.store_photo(made.jpeg(), by=None, at=world.at)
    for role in ("before", "before", "evidence"):
        files.attach(world.noodle_house, photo, role, by=world.liu, at=world.at)
    assert [use.role for use in files.attachments(world.noodle_house)] == ["before", "evidence"]
    assert files.attachments(world.noodle_house, "before").get().photo == photo
    assert files.attachments(world.tea_house).count() == 0


def test_strangers_see_a_photo_only_while_it_is_published(world, client):
    photo = files.store_photo(made.jpeg(), by=None, at=world.at)
    files.attach(world.noodle_house, photo, "before", by=world.liu, at=world.at)
    url = files.photo_url(photo)
    assert client.get(url).status_code == 404
    files.attach(world.noodle_house, photo, files.PUBLIC, by=world.editor, at=world.at)
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert files.detach(world.noodle_house, files.PUBLIC) == 1
    assert client.get(url).status_code == 404
    assert Attachment.objects.get().role == "before"


def test_staff_see_every_photo_and_its_original_and_strangers_never_the_original(world, client):
    photo = files.store_photo(made.tagged_jpeg(), by=None, at=world.at)
    files.attach(world.noodle_house, photo, files.PUBLIC, by=None, at=world.at)
    original = f"/photos/{photo.sha256}/original"
    assert client.get(original).status_code == 302
    client.force_login(world.clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert b"".join(client.get(original)) == made.tagged_jpeg()
    assert client.get(files.photo_url(photo)).status_code == 200


def test_whoever_holds_a_shared_link_sees_that_photo_until_it_expires(world, client):
    photo = files.store_photo(made.jpeg(), by=None, at=world.at)
    other = files.store_photo(made.jpeg(colour="blue"), by=None, at=world.at)
    shared = files.photo_url(photo, shared_until=clock.now() + timedelta(hours=1))
    assert client.get(shared).status_code == 200
    assert client.get(files.photo_url(other) + "?" + shared.split("?")[1]).status_code == 404
    assert client.get(files.photo_url(photo, shared_until=clock.now() - timedelta(seconds=2))).status_code == 404


def test_pixels_are_counted_in_the_header_before_anything_is_decoded():
    with pytest.raises(Malformed) as refusal:
        pictures.read_picture(made.huge_png()[:60])
    assert refusal.value.reasons[0].code == "photo_too_many_pixels"
