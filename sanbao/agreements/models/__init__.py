"""The tables of the room: the text and the letters, what is done to reach everybody, zones, plates, and the merchant's own checks."""

from sanbao.agreements.merchants.models import MerchantLink, SelfCheck, SelfCheckAnswer
from sanbao.agreements.models.attempts import Attempt, LetterPrint, PaperEntry, RoundMember, SigningRound, ZoneNotice
from sanbao.agreements.models.letters import DUTY_NAMES, Agreement, Exemption, Form, FormItem, ItemState
from sanbao.agreements.plates.models import Plate, PlateSheet, SheetLine
from sanbao.agreements.zones.models import AdditionalFrontage, NoFrontRange, SideMeasure, ZoneDecision, ZoneRuleChoice

__all__ = [
    "DUTY_NAMES",
    "AdditionalFrontage",
    "Agreement",
    "Attempt",
    "Exemption",
    "Form",
    "FormItem",
    "ItemState",
    "LetterPrint",
    "MerchantLink",
    "NoFrontRange",
    "PaperEntry",
    "Plate",
    "PlateSheet",
    "RoundMember",
    "SelfCheck",
    "SelfCheckAnswer",
    "SheetLine",
    "SideMeasure",
    "SigningRound",
    "ZoneDecision",
    "ZoneNotice",
    "ZoneRuleChoice",
]
