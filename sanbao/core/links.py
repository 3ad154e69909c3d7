"""Signed links: a token that names one row for one purpose, for people without an account (a QR code on a letter, a shared photo).

The token is `<id>.<expiry>.<signature>`; nothing is stored. It proves who made it and for what, never who holds it.
"""

from datetime import UTC, datetime
from typing import Final

from django.core import signing
from django.db.models import Model

from sanbao.core import clock
from sanbao.core.errors import Malformed, Reason
from sanbao.law.workflow import gettext_noop

FORGED: Final = gettext_noop("This link is not valid. Scan the code again, or ask the office for a new link.")
EXPIRED: Final = gettext_noop("This link has expired. Ask the office for a new one.")
FOR_EVER: Final = "0"


class BrokenLink(Malformed):
    """The token was not made here for this purpose, or its time is over."""

    status = 403


def make_token(purpose: str, obj: Model, *, expires_at: datetime | None = None) -> str:
    """A token for `obj` that only `read_token` with the same purpose accepts, until `expires_at` (an instant) if one is given."""
    until = str(int(expires_at.timestamp())) if expires_at else FOR_EVER
    return _signer(purpose).sign(f"{obj.pk}.{until}")


def read_token(purpose: str, token: str, *, at: datetime | None = None) -> str:
    """The id of the row the token names, as text; raises `BrokenLink` (403) when it is forged, or expired at `at` (else now)."""
    try:
        pk, until = _signer(purpose).unsign(token).rsplit(".", 1)
    except (signing.BadSignature, ValueError):
        raise BrokenLink(Reason("link_forged", FORGED)) from None
    if until != FOR_EVER and datetime.fromtimestamp(int(until), UTC) <= (at or clock.now()):
        raise BrokenLink(Reason("link_expired", EXPIRED))
    return pk


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"sanbao.links.{purpose}", sep=".")
