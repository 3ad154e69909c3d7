"""Pictures of an exposure: only a copy in which the person has blurred what leads to somebody, or confirmed that nothing does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction

from sanbao.core import access, files, journal
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import Photo, User
from sanbao.law.workflow import gettext_noop
from sanbao.publicity import masking
from sanbao.publicity.facts import finding_of
from sanbao.publicity.models import Publication
from sanbao.publicity.queries import pictures_for
from sanbao.publicity.services.moves import change

FIELDS = {"before": "photo", "after": "photo_after"}
NOT_ITS_OWN = gettext_noop("This picture does not belong to the matter. Choose one of its own pictures.")
NO_RECTANGLE = gettext_noop(
    "Mark every face, plate, sign and house number in the picture, or confirm that there is nothing to recognise in it."
)
BAD_RECTANGLE = gettext_noop("A marked part lies outside the picture or is too small. Mark it again.")


@transaction.atomic
def mask_photo(
    publication: Publication,
    photo: Photo,
    rectangles: Sequence[masking.Rectangle],
    *,
    role: Literal["before", "after"] = "before",
    nothing_to_mask: bool = False,
    by: User,
    at: datetime,
) -> Publication:
    """Make the blurred copy that may be published; the picture itself never leaves.

    Rectangles are (left, top, width, height) as shares of the picture, 0 to 1. Who marked what in which picture is kept.
    """
    access.require(by, "publication.propose", at)
    finding = finding_of(publication)
    if finding is None or photo not in [use.photo for use in pictures_for(finding)]:
        raise refuse("not_its_own", NOT_ITS_OWN, status=Malformed)
    if not rectangles and not nothing_to_mask:
        raise refuse("no_rectangle", NO_RECTANGLE, "PIPL-25")
    if not all(masking.usable(each) for each in rectangles):
        raise refuse("bad_rectangle", BAD_RECTANGLE, status=Malformed)
    with files.open_public(photo) as opened:
        copy = files.store_photo(masking.blurred(opened.read(), rectangles), by=by, at=at)
    kept = [mask for mask in publication.masks if mask["role"] != role]
    mask = {"role": role, "of": photo.sha256, "copy": copy.sha256, "rectangles": [list(each) for each in rectangles]}
    change(publication, masks=[*kept, {**mask, "by": by.pk, "at": at.isoformat()}], **{FIELDS[role]: copy})
    journal.record("publication.masked", publication, by=by, at=at, role=role, copy=copy.sha256, parts=len(rectangles))
    return publication


@transaction.atomic
def drop_photo(publication: Publication, *, role: Literal["before", "after"], by: User, at: datetime) -> Publication:
    """Take a picture out of a proposal."""
    access.require(by, "publication.propose", at)
    change(publication, masks=[mask for mask in publication.masks if mask["role"] != role], **{FIELDS[role]: None})
    journal.record("publication.picture_dropped", publication, by=by, at=at, role=role)
    return publication
