"""The tables of the room: the text and the letters, and what is done to reach everybody."""

from sanbao.agreements.models.attempts import Attempt, LetterPrint, PaperEntry, RoundMember, SigningRound, ZoneNotice
from sanbao.agreements.models.letters import DUTY_NAMES, Agreement, Exemption, Form, FormItem, ItemState

__all__ = [
    "DUTY_NAMES",
    "Agreement",
    "Attempt",
    "Exemption",
    "Form",
    "FormItem",
    "ItemState",
    "LetterPrint",
    "PaperEntry",
    "RoundMember",
    "SigningRound",
    "ZoneNotice",
]
