"""The one way to change anything in this room: propose, mask, check, approve, publish, withdraw, end."""

from sanbao.publicity.services.deciding import approve, discard, publish, review, send_back, withdraw
from sanbao.publicity.services.ending import end_expired, end_put_right, mark_annulled
from sanbao.publicity.services.pictures import drop_photo, mask_photo
from sanbao.publicity.services.proposing import commend, draft_from_case, edit, propose_exposure, propose_ranking

__all__ = [
    "approve",
    "commend",
    "discard",
    "draft_from_case",
    "drop_photo",
    "edit",
    "end_expired",
    "end_put_right",
    "mark_annulled",
    "mask_photo",
    "propose_exposure",
    "propose_ranking",
    "publish",
    "review",
    "send_back",
    "withdraw",
]
