"""The two lists the register is built from, as offices would send them: a market register (XLSX) and a field census (CSV, GB18030).

Both carry a few faulty rows and some facts that only one of them knows, so that import, matching and coverage have something to show.
"""

import csv
import io
from random import Random
from typing import Any

from sanbao.core import geo
from sanbao.core.exports import write_xlsx
from sanbao.demo.fronts import Front, Shop, Town
from sanbao.registry.codes import LETTERS

MARKET_SOURCE, MARKET_FILE = "区市场监督管理局登记名录", "望桥区沿街市场主体名录.xlsx"
CENSUS_SOURCE, CENSUS_FILE = "沿街店面普查", "望桥区沿街店面普查表.csv"
MARKET_HEADER = (
    "序号", "统一社会信用代码", "市场主体名称", "类型", "法定代表人/经营者", "住所（经营场所）", "联系电话", "经营范围", "成立日期",
    "登记状态", "所属街道", "所属社区",
)  # fmt: skip
CENSUS_HEADER = (
    "铺面编码", "门店名称", "招牌名称", "统一社会信用代码", "经营者", "联系电话", "详细地址", "所属社区", "经度（高德）",
    "纬度（高德）", "经营状态", "备注",
)  # fmt: skip
STATES = {"open": "营业", "vacant": "空置", "fitting_out": "装修中"}
NOT_PHOTOGRAPHED = 0.12  # of the licensed shops the census has no credit code


def market_list(town: Town, names: dict[str, str], dice: Random) -> bytes:
    """The market register: every licensed party once, by its registered address. `names` gives the names of areas by code."""
    homes: dict[str, tuple[Shop, str, str]] = {}
    for front in town.fronts:
        if front.shop and front.shop.credit_code:
            homes.setdefault(front.shop.credit_code, (front.shop, front.address, front.piece.community))
    rows = [_market_row(n, *home, names) for n, home in enumerate([*homes.values(), *town.unseen], start=1)]
    out = io.BytesIO()
    write_xlsx(out, MARKET_HEADER, _with_market_faults(rows, dice))
    return out.getvalue()


def _market_row(number: int, shop: Shop, address: str, community: str, names: dict[str, str]) -> list[Any]:
    kind = "有限责任公司" if shop.company else "个体工商户"
    place = f"望桥区{address}"
    return [
        number, shop.credit_code, shop.name, kind, shop.operator, place, shop.phone, shop.trade.scope, shop.registered_on,
        "存续", names[community[:-3]], names[community],
    ]  # fmt: skip


def _with_market_faults(rows: list[list[Any]], dice: Random) -> list[list[Any]]:
    """One row in three hundred doubled, mistyped, cut or without a name: always an extra row, so that no front is lost."""
    faulty = []
    for number, row in enumerate(dice.sample(rows, min(len(rows), max(4, len(rows) // 300)))):
        wrong = list(row)
        code = row[1]
        if number % 4 == 0:
            wrong[1] = code[:-1] + next(sign for sign in sorted(LETTERS) if sign != code[-1])
        elif number % 4 == 1:
            wrong[1] = code[:17]
        elif number % 4 == 2:
            wrong[2] = ""
        faulty.append(wrong)
    return rows + [[len(rows) + n, *row[1:]] for n, row in enumerate(faulty, start=1)]


def census_list(town: Town, names: dict[str, str], dice: Random) -> bytes:
    """The field census: every front as the walkers wrote it down, with positions from a telephone's map (GCJ-02)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CENSUS_HEADER)
    rows = [_census_row(front, names, dice) for front in town.fronts]
    writer.writerows(rows)
    for number, row in enumerate(dice.sample(rows, min(len(rows), max(3, len(rows) // 500)))):
        nameless = [f"{row[0]}X", "", *row[2:10], "营业", ""]
        writer.writerow(row if number % 2 else nameless)
    return out.getvalue().encode("gb18030")


def _census_row(front: Front, names: dict[str, str], dice: Random) -> list[Any]:
    lon, lat = geo.wgs84_to_gcj02(front.lon, front.lat)
    shop, code = front.shop, ""
    if shop and shop.credit_code and dice.random() > NOT_PHOTOGRAPHED:
        code = shop.credit_code
    return [
        f"PC{front.number:05d}", shop.name if shop else "", shop.sign if shop else "", code, shop.operator if shop else "",
        shop.phone if shop else "", front.seen_as, names[front.piece.community], f"{lon:.6f}", f"{lat:.6f}", STATES[front.state],
        "转角店" if front.corner else "",
    ]  # fmt: skip
