"""Guards on an order to correct as the penalty case sees it; the order's own life has its guards in `rectification`."""

from ..facts import CaseFacts
from ..workflow import Reason
from ..workflow import gettext_noop as _
from .procedure import served_at


def order_issued(f: CaseFacts) -> Reason | None:
    """G-ORDER. PL 28: the order is written, with a deadline in the future."""
    if f.order is None or f.order.deadline_at is None or f.order.deadline_at <= f.at:
        message = _("The order to correct or its future deadline, day and hour, is missing. Write the order.")
        return Reason("order_issued", message, ("PL-28",))
    return None


def order_corrected(f: CaseFacts) -> Reason | None:
    """G-CORRECTED. PL 28, 33: a recheck found the act corrected."""
    if f.order is None or f.order.rechecked_at is None or f.order.corrected is not True:
        return Reason("order_corrected", _("No recheck has found that the act was corrected. Recheck it."), ("PL-28", "PL-33"))
    return None


def order_not_corrected(f: CaseFacts) -> Reason | None:
    """G-NOTCORRECTED. PL 28: a served order, its deadline over, a recheck on or after it by others, and no correction."""
    order = f.order
    if order is None or not served_at(order.service, f) or order.deadline_at is None or f.at < order.deadline_at:
        message = _("The order was not served with proof, or its deadline is not over. Wait for it.")
        return Reason("order_not_corrected", message, ("PL-28",))
    if order.rechecked_at is None or order.rechecked_at < order.deadline_at or order.corrected is not False:
        message = _("No recheck on or after the deadline has found that the act was not corrected. Recheck it.")
        return Reason("order_not_corrected", message, ("PL-28",))
    if order.recheckers <= order.by:  # nobody is nobody else
        message = _("The recheck was done by those who found the act or issued the order. Somebody else must recheck.")
        return Reason("order_not_corrected", message, ("PL-28", "PL-42"))
    return None
