"""What may be sent as a report, and every reason why it is refused. Pure checks; writing is in `services`."""

import math
from collections.abc import Mapping
from uuid import UUID

import msgspec
from django.conf import settings

from sanbao.law.workflow import Reason, gettext_noop
from sanbao.problems.classes import classes

MOST_PHOTOS = 9
PLACE_MAX_CHARS = 160
CONTACT_MAX_CHARS = 60

UNKNOWN_CLASS = gettext_noop("There is no class of problems “%(code)s”. Choose one from the list of classes.")
NOT_A_PLACE = gettext_noop("Longitude and latitude are not a place on earth. Send degrees in WGS-84.")
OUTSIDE = gettext_noop("This place lies outside the district. Report it where it belongs, or move the mark.")
TOO_LONG = gettext_noop("The text in “%(field)s” is too long: %(chars)s characters, at most %(most)s. Shorten it.")
BAD_CHARACTER = gettext_noop("The text in “%(field)s” holds a character that no text has (U+0000). Remove it.")
TOO_MANY_PHOTOS = gettext_noop("At most %(most)s photos may be sent with one report.")
UNKNOWN_PHOTO = gettext_noop("The photo %(photo)s has not been received. Send it first, then the report that names it.")


class Incoming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One report as sent: a class, a place in WGS-84 degrees, words, and the SHA-256 of photos sent before.

    `client_id` is made by the sender; the same one sent again is the same report.
    """

    class_code: str
    lon: float
    lat: float
    comment: str = ""
    place: str = ""
    photos: tuple[str, ...] = ()
    contact: str = ""
    client_id: UUID | None = None


def is_place(incoming: Incoming) -> bool:
    """Whether the two figures can be a place at all."""
    return math.isfinite(incoming.lon) and math.isfinite(incoming.lat) and abs(incoming.lon) <= 180 and abs(incoming.lat) <= 90


def objections(incoming: Incoming, *, inside: bool, photos: Mapping[str, object]) -> list[Reason]:
    """Every reason against one report; `inside` answers for the boundary, `photos` holds the known ones by hash."""
    found = []
    if incoming.class_code not in classes():
        found.append(Reason("unknown_class", UNKNOWN_CLASS, params={"code": incoming.class_code[:20]}))
    if not is_place(incoming):
        found.append(Reason("not_a_place", NOT_A_PLACE))
    elif not inside:
        found.append(Reason("outside_district", OUTSIDE))
    found += _unfit("comment", incoming.comment, settings.COMMENT_MAX_CHARS)
    found += _unfit("place", incoming.place, PLACE_MAX_CHARS)
    found += _unfit("contact", incoming.contact, CONTACT_MAX_CHARS)
    if len(incoming.photos) > MOST_PHOTOS:
        found.append(Reason("too_many_photos", TOO_MANY_PHOTOS, params={"most": MOST_PHOTOS}))
    elif incoming.photos:
        unknown = [photo for photo in incoming.photos if photo not in photos]
        found += [Reason("unknown_photo", UNKNOWN_PHOTO, params={"photo": photo[:64]}) for photo in unknown]
    return found


def _unfit(field: str, text: str, most: int) -> list[Reason]:
    if len(text) > most:
        return [Reason("too_long", TOO_LONG, params={"field": field, "chars": len(text), "most": most})]
    # Databases cannot keep it: PostgreSQL refuses the whole statement.
    return [Reason("bad_character", BAD_CHARACTER, params={"field": field})] if "\0" in text else []
