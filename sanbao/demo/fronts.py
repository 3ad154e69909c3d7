"""Who trades where in the invented district: fronts tiling both sides of the street, with the shops in them. Pure, the same for a seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from stdnum.cn import uscc

from sanbao.core import geo
from sanbao.demo import ground, words
from sanbao.demo.ground import Piece
from sanbao.demo.words import TRADES, Trade

SIDES = ("left", "right")
ONLY_REGISTERED, WRITTEN_TWICE = (
    0.010,
    0.006,
)  # shares of the fronts that one list alone knows, or that two lists spell differently
VACANT, FITTING_OUT, UNLICENSED, GAP, OVERLAP, SECOND_DOOR = 0.045, 0.018, 0.05, 0.05, 0.012, 0.015
OFFSET_M = 8.0


class TooMany(ValueError):
    """More fronts were asked for than the streets can hold."""


@dataclass(frozen=True)
class Shop:
    """A party as it was registered, or only seen (`credit_code` empty)."""

    name: str
    sign: str
    trade: Trade
    credit_code: str
    operator: str
    phone: str
    registered_on: date
    company: bool = False


@dataclass
class Front:
    """One front: its stretch of a side in metres, its address as two lists may spell it, and its shop if it has one."""

    number: int
    piece: Piece
    side: str
    start: Decimal
    end: Decimal
    address: str
    lon: float
    lat: float
    state: str = "open"
    shop: Shop | None = None
    spelled: str = ""
    corner: bool = False

    @property
    def seen_as(self) -> str:
        """The address as the census wrote it down."""
        return self.spelled or self.address


@dataclass
class Town:
    """Everything on the ground: pieces with communities, patches, boundary, fronts, and shops that only the register knows."""

    pieces: list[Piece]
    patches: list[ground.Patch]
    boundary: ground.Line
    fronts: list[Front]
    unseen: list[tuple[Shop, str, str]] = field(default_factory=list)


def build_town(count: int, seed: int, district: str, today: date) -> Town:
    """A town of exactly `count` premises once both lists are imported; raises `TooMany`."""
    dice = Random(f"{seed}:fronts:{count}")
    unseen, twice = round(count * ONLY_REGISTERED), round(count * WRITTEN_TWICE)
    fronts = _line_streets(count - unseen - twice, dice)
    used = list({(f.piece.street, f.piece.number): f.piece for f in fronts}.values())
    shared, patches, boundary = ground.share_out(used, district)
    owner = {(piece.street, piece.number): piece for piece in shared}
    for front in fronts:
        front.piece = owner[front.piece.street, front.piece.number]
    shops = ShopMaker(int(district), dice, today)
    _move_in(fronts, shops, dice)
    licensed = [front for front in fronts if front.shop and front.shop.credit_code]
    for front in dice.sample(licensed, min(twice, len(licensed))):
        front.spelled = f"{front.address.removesuffix('号')}-1号"
    homes = [(shops.make(), f"{p.street}{8000 + n}号", p.community) for n, p in enumerate(dice.choices(shared, k=unseen), 1)]
    return Town(shared, patches, boundary, fronts, homes)


def _line_streets(count: int, dice: Random) -> list[Front]:
    fronts: list[Front] = []
    longest = ground.piece_length(count)
    doors = int(longest / 4)  # numbers left for each piece of a street, so that they rise along it
    for piece in ground.pieces(longest):
        for side in SIDES:
            for place, (start, end) in enumerate(_intervals(piece.length, dice), start=1):
                if len(fronts) == count:
                    return fronts
                house = ((piece.number - 1) * doors + place) * 2 - (side == "left")
                lon, lat = geo.point_along(piece.line, float(start + end) / 2, OFFSET_M, side)
                address = f"{piece.street}{house}号"
                fronts.append(Front(len(fronts) + 1, piece, side, start, end, address, round(lon, 6), round(lat, 6)))
    if len(fronts) < count:
        raise TooMany(len(fronts))
    return fronts


def _intervals(length: float, dice: Random) -> list[tuple[Decimal, Decimal]]:
    """The stretches of one side: end to end, here and there a gap nobody knows or half a metre that two claim."""
    found: list[tuple[Decimal, Decimal]] = []
    reached = 2.0 + 4.0 * dice.random()
    while True:
        width = dice.triangular(3.3, 15.0, 5.6)
        chance = dice.random()
        if chance < GAP:
            reached += 2.0 + 8.0 * dice.random()
        elif chance < GAP + OVERLAP and found:
            reached -= 0.4 + 0.9 * dice.random()
        if reached + width > length - 1.0:
            return found
        found.append((_tenth(reached), _tenth(reached + width)))
        reached = float(found[-1][1])


def _tenth(metres: float) -> Decimal:
    return Decimal(str(round(metres, 1)))


def _move_in(fronts: Sequence[Front], shops: "ShopMaker", dice: Random) -> None:
    before: Front | None = None
    for front in fronts:
        chance = dice.random()
        if chance < VACANT:
            front.state = "vacant"
        elif chance < VACANT + FITTING_OUT:
            front.state = "fitting_out"
        elif chance > 1 - SECOND_DOOR and before and before.shop and before.shop.credit_code and before.side == front.side:
            front.shop = before.shop  # one party behind two doors
        else:
            front.shop = shops.make(licensed=dice.random() > UNLICENSED)
        front.corner = float(front.start) < 6.1 and front.shop is not None and dice.random() < 0.5
        before = front


class ShopMaker:
    """Makes parties one after the other; every credit code is valid and used once."""

    def __init__(self, district: int, dice: Random, today: date, first: int = 1) -> None:
        self.district, self.dice, self.today, self.serial = district, dice, today, first

    def make(self, *, licensed: bool = True) -> Shop:
        """A new party of some trade."""
        dice = self.dice
        self.serial += 1
        trade = dice.choices(TRADES, [each.weight for each in TRADES])[0]
        sign = words.sign_of(trade, dice)
        company = licensed and dice.random() < trade.company
        operator = words.person_name(dice)
        registered = self.today - timedelta(days=dice.randint(90, 3_600))
        name = sign if not licensed else f"望桥{sign}有限公司" if company else f"望桥区{sign}（个体工商户）"
        code = credit_code("91" if company else "92", self.district, self.serial) if licensed else ""
        return Shop(name, sign, trade, code, operator, f"1000{self.serial:07d}", registered, company)


def credit_code(head: str, area: int, serial: int) -> str:
    """A unified social credit code with both check characters right: `92` for an individual business, `91` for a company."""
    body = f"{serial:08d}"
    total = sum(int(figure) * weight for figure, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    number = f"{head}{area:06d}{body}{'0123456789X0'[11 - total % 11]}"
    return number + uscc.calc_check_digit(number)
