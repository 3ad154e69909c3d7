"""The third list: what a delivery platform knows of the same streets, laid beside the two others, and a morning at the matching desk.

It names shops by their signs with branches and trimmings, moves them a few metres, knows one in four, and a few that nobody else knows.
"""

import csv
import io
from random import Random
from typing import Any

from sanbao.core import geo
from sanbao.demo.fronts import Front, Shop, ShopMaker
from sanbao.demo.settling import CODE
from sanbao.demo.stage import Stage
from sanbao.registry import desk, linking, matching
from sanbao.registry import services as registry
from sanbao.registry.models import RecordLink, RegisterRecord

SOURCE, FILE = "外卖平台商户名录", "望桥区平台商户.csv"
HEADER = ("门店ID", "商户名称", "商户地址", "经度（高德）", "纬度（高德）", "联系电话", "营业状态")
LISTED, NOBODY_ELSE, RENAMED, NO_HOUSE_NUMBER, OWN_PHONE = 0.25, 0.012, 0.08, 0.15, 0.35
STRAY_M = 14.0
DECIDED = 12


def bring_in(stage: Stage) -> None:
    """Import the platform's list, lay the three lists beside each other, and decide some of the pairs in doubt."""
    dispatcher, clerk, at = stage.who("dispatcher"), stage.who("clerk"), stage.at(-19, 17)
    data = platform_list(stage, stage.dice("platform"))
    plan = registry.plan_import(data, FILE, source=SOURCE, kind="platform", by=dispatcher, at=at)
    registry.apply_import(plan.run, by=dispatcher, at=at, plan=plan.plan)
    linking.link_registers(by=dispatcher, at=at)
    doubtful = _in_order()
    for number, link in enumerate(doubtful[: min(DECIDED, len(doubtful) // 2)]):
        fresh = RecordLink.objects.get(pk=link.pk)
        if fresh.state != link.state:
            continue  # answered by an earlier decision
        decide = (
            matching.ask_street if number >= DECIDED else matching.join_pair if _one_front(stage, link) else matching.part_pair
        )
        decide(fresh, by=clerk, at=at)


def platform_list(stage: Stage, dice: Random) -> bytes:
    """The platform's list as CSV (UTF-8)."""
    open_fronts = [front for front in stage.town.fronts if front.shop]
    listed = [front for front in open_fronts if dice.random() < LISTED]
    rows = [_row(front, front.shop, dice) for front in listed if front.shop]
    newcomers = ShopMaker(CODE, dice, stage.start, first=70_000)
    hidden = dice.sample(open_fronts, max(2, round(len(stage.town.fronts) * NOBODY_ELSE)))
    rows += [_row(front, newcomers.make(licensed=False), dice, behind="院内") for front in hidden]
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue().encode()


def _row(front: Front, shop: Shop, dice: Random, behind: str = "") -> list[Any]:
    lon, lat = geo.wgs84_to_gcj02(*_strayed(front, dice))
    address = f"望桥区{front.address}{behind}" if dice.random() > NO_HOUSE_NUMBER else f"望桥区{front.piece.street}"
    number = f"W{front.number:05d}{'N' if behind else ''}"
    phone = shop.phone if dice.random() < OWN_PHONE else ""
    return [number, _platform_name(shop, front, dice), address, f"{lon:.6f}", f"{lat:.6f}", phone, "营业"]


def _platform_name(shop: Shop, front: Front, dice: Random) -> str:
    if dice.random() < RENAMED:
        return f"{shop.sign[:2]}{dice.choice(('优选', '小铺', '旗舰', '便利'))}{shop.sign[-1]}"
    branch = dice.choice(("", "", f"（{front.piece.street}店）", "·望桥店", "(望桥店)"))
    return f"{shop.sign}{branch}"


def _strayed(front: Front, dice: Random) -> tuple[float, float]:
    east, north = geo.metres_per_degree(front.lat)
    return front.lon + dice.gauss(0, STRAY_M) / east, front.lat + dice.gauss(0, STRAY_M) / north


def _in_order() -> list[RecordLink]:
    """The pairs in doubt in an order that does not hang on ids."""
    return sorted(desk.pairs(), key=lambda link: (-link.probability, link.one.key, link.other.key))


def _one_front(stage: Stage, link: RecordLink) -> bool:
    """What the clerk finds out by telephone: whether both lists mean the same shop."""
    homes = {front.address: front.number for front in reversed(stage.town.fronts)}
    found = {_front_of(record, homes) for record in (link.one, link.other)}
    return len(found) == 1 and None not in found


def _front_of(record: RegisterRecord, homes: dict[str, int]) -> int | None:
    number = record.fields.get("source_id", "").strip("PCW")
    if number:
        return int(number) if number.isdigit() else None
    return homes.get(record.fields.get("address", "").removeprefix("望桥区"))
