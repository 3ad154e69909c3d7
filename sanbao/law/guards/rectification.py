"""Guards on the life of an order to correct: powers, contents, deadline, service, recheck, extension."""

from datetime import datetime
from typing import Protocol

from ..figures import figure, local_day
from ..local import Local
from ..records import Service
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .documents import proof_gap


class OrderLike(Protocol):
    """Facts of an order to correct, see `rectification.OrderFacts`."""

    @property
    def at(self) -> datetime: ...
    @property
    def local(self) -> Local: ...
    @property
    def provision(self) -> str | None: ...
    @property
    def correction(self) -> str | None: ...
    @property
    def remedies_printed(self) -> bool | None: ...
    @property
    def found_by(self) -> frozenset[str]: ...
    @property
    def issued_by(self) -> frozenset[str]: ...
    @property
    def deadline_at(self) -> datetime | None: ...
    @property
    def reasonable(self) -> bool | None: ...
    @property
    def service(self) -> Service | None: ...
    @property
    def extension_requested_at(self) -> datetime | None: ...
    @property
    def new_deadline_at(self) -> datetime | None: ...
    @property
    def extensions(self) -> int: ...
    @property
    def rechecked_at(self) -> datetime | None: ...
    @property
    def recheckers(self) -> frozenset[str]: ...
    @property
    def same_spot_photo(self) -> bool | None: ...
    @property
    def corrected(self) -> bool | None: ...
    @property
    def reason(self) -> str: ...


def served(f: OrderLike) -> bool:
    """Whether the order has been served with sufficient proof before the step."""
    return f.service is not None and f.service.at <= f.at and proof_gap(f.service, f.local, f.at) is None


def order_grounded(f: OrderLike) -> Reason | None:
    """G-OBASIS. PL 28; RL 11: the order names act, provision, what to do, how it is rechecked, and the remedies."""
    if not f.provision or not f.correction:
        message = _("The order does not name the provision that was violated or what is to be done. Add them.")
        return Reason("order_grounded", message, ("PL-28",))
    if f.remedies_printed is not True:
        message = _("The order does not tell the remedies. Add reconsideration and litigation.")
        return Reason("order_grounded", message, ("PL-28", "RL-11"))
    return None


def deadline_ahead(f: OrderLike) -> Reason | None:
    """G-ODAY. PL 28: the deadline, day and hour, lies ahead and is reasonable."""
    if f.deadline_at is None or f.deadline_at <= f.at:
        message = _("The deadline of the order is missing or lies in the past. Set a day and hour in the future.")
        return Reason("deadline_ahead", message, ("PL-28",))
    if f.reasonable is not True:
        message = _(
            "It is not confirmed that the deadline is reasonable and possible. Consider weather, material and third parties."
        )
        return Reason("deadline_ahead", message, ("PL-5", "PL-28"))
    return None


def order_served(f: OrderLike) -> Reason | None:
    """G-OSERVE. PL 61; CPL 87 to 95: no deadline of the party counts before proof of service is stored."""
    if not served(f):
        message = _(
            "There is no sufficient proof that the order was served, so its deadline does not run. Serve it and store the proof."
        )
        return Reason("order_served", message, ("PL-61", "CPL-87"))
    if f.deadline_at is not None and f.service is not None and f.service.at >= f.deadline_at:
        message = _("The order was served after its own deadline. Write a new order.")
        return Reason("order_served", message, ("PL-28", "PL-61"))
    return None


def deadline_over(f: OrderLike) -> Reason | None:
    """G-ODUE. PL 28: the recheck happens on or after the deadline."""
    if f.deadline_at is None or f.at < f.deadline_at:
        return Reason("deadline_over", _("The deadline of the order is not over. Recheck on or after it."), ("PL-28",))
    return None


def recheck_recorded(f: OrderLike) -> Reason | None:
    """G-ORECORD. PL 28, 47: the recheck is recorded with its time and a photo from the same spot."""
    if f.rechecked_at is None or f.rechecked_at > f.at or f.same_spot_photo is not True:
        message = _("The recheck lacks its time or a photo from the same spot. Record both.")
        return Reason("recheck_recorded", message, ("PL-28", "PL-47"))
    return None


def recheck_after_deadline(f: OrderLike) -> Reason | None:
    """G-OAFTER. PL 28: a failure is found only on or after the deadline."""
    if f.deadline_at is None or f.rechecked_at is None or f.rechecked_at < f.deadline_at:
        message = _("The recheck was made before the deadline and cannot find a failure. Recheck again.")
        return Reason("recheck_after_deadline", message, ("PL-28",))
    return None


def another_rechecks(f: OrderLike) -> Reason | None:
    """G-OTHER. PL 42; house rule: somebody other than the finder and the issuer is among those who recheck."""
    if f.recheckers <= (f.found_by | f.issued_by):  # nobody is nobody else
        message = _("The recheck was done by those who found the act or issued the order. Somebody else must recheck.")
        return Reason("another_rechecks", message, ("PL-42", "PL-47"))
    return None


def found_corrected(f: OrderLike) -> Reason | None:
    """G-OYES. PL 33: the recheck found the act corrected."""
    if f.corrected is not True:
        return Reason("found_corrected", _("The recheck has not found that the act was corrected."), ("PL-28", "PL-33"))
    return None


def found_failed(f: OrderLike) -> Reason | None:
    """G-ONO. PL 28: the recheck found that the act was not corrected."""
    if f.corrected is not False:
        return Reason("found_failed", _("The recheck has not found that the act was not corrected."), ("PL-28",))
    return None


def extended_once(f: OrderLike) -> Reason | None:
    """G-OEXTEND. PL 28: one extension, on request made before the deadline, with reasons, to a later reasonable day."""
    if f.extensions >= figure("extensions_of_order", local_day(f.at)):
        message = _("The deadline was already extended. Recheck, or write a new order.")
        return Reason("extended_once", message, ("PL-28",))
    old, new = f.deadline_at, f.new_deadline_at
    if f.extension_requested_at is None or not f.reason.strip():
        message = _("An extension needs the party's request and the reasons. Record both.")
        return Reason("extended_once", message, ("PL-28",))
    if old is None or new is None or new <= old or f.extension_requested_at >= old or new <= f.at:
        message = _("An extension is requested before the deadline and leads to a later day in the future. Correct the days.")
        return Reason("extended_once", message, ("PL-28",))
    return None
