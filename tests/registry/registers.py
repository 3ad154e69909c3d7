"""Three lists of one small street as three authorities would write them, for the tests of linking."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sanbao.registry import services
from sanbao.registry.linkage.model import shipped
from sanbao.registry.models import RegisterRecord
from tests.world import credit_code

# How sure linkage is of a pair changes as it learns; what is done with sure and with doubtful pairs does not.
SURE = replace(shipped(), lower=0.05, upper=0.3)
CAUTIOUS = replace(shipped(), lower=0.05, upper=1.1)
HEADERS = {
    "market": ["统一社会信用代码", "企业名称", "注册地址", "联系电话", "成立日期"],
    "census": ["门店编号", "店铺名称", "招牌名称", "详细地址", "经度", "纬度", "经营状态", "联系电话"],
    "platform": ["门店ID", "商户名称", "地址", "经度", "纬度", "电话"],
}
SOURCES = {"market": "市场监管局登记名录", "census": "沿街店面普查", "platform": "外卖平台商户"}
NAMES = (
    ("胖嫂刀削面", "望桥区胖嫂刀削面馆", "胖嫂刀削面(柳荫路店)"),
    ("文峰眼镜", "望桥区文峰眼镜店", "文峰眼镜行"),
    ("百草堂大药房", "望桥百草堂医药有限公司", "百草堂大药房(柳荫店)"),
    ("阿里巴巴童装", "望桥区阿里童装店", "阿里巴巴童装"),
    ("小城故事咖啡", "望桥小城故事餐饮管理有限公司", "小城故事咖啡馆"),
    ("鸿运五金机电", "望桥区鸿运五金机电商行", "鸿运五金"),
)


def position(number: int) -> tuple[str, str]:
    return f"{113.7 + number * 0.0005:.6f}", "34.720300"


def market(number: int, name: str = "", address: str = "", phone: str = "") -> list[str]:
    place = address or f"望桥区柳荫路{101 + 2 * number}号"
    return [
        credit_code("92", 990101, 300 + number),
        name or NAMES[number][1],
        place,
        phone or f"1390000{number:04d}",
        "2024-05-20",
    ]


def census(number: int, name: str = "", address: str = "", state: str = "营业") -> list[str]:
    sign = name or NAMES[number][0]
    return [f"PC{number:03d}", sign, sign, address or f"柳荫路{101 + 2 * number}号", *position(number), state, ""]


def platform(number: int, name: str = "", address: str = "", phone: str = "") -> list[str]:
    return [f"W{number:03d}", name or NAMES[number][2], address or f"柳荫路{101 + 2 * number}号一楼", *position(number), phone]


def import_list(kind: str, rows: Iterable[list[str]], *, by: Any, at: datetime, source: str = "") -> None:
    """Import rows under the header of their kind."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS[kind], *rows])
    data = out.getvalue().encode()
    planned = services.plan_import(data, f"{kind}.csv", source=source or SOURCES[kind], kind=kind, by=by, at=at)
    assert not planned.counts["faulty"], planned.plan.reading.faults
    services.apply_import(planned.run, by=by, at=at)


def record(kind: str, number: int) -> RegisterRecord:
    """The record of one of the lists above."""
    rows = RegisterRecord.objects.select_related("premises", "merchant").filter(register__kind=kind)
    key = {
        "market": f"c:{credit_code('92', 990101, 300 + number)}",
        "census": f"s:PC{number:03d}",
        "platform": f"s:W{number:03d}",
    }
    return rows.get(key=key[kind])


def spread_out(kind: str, number: int) -> list[str]:
    """A shop unlike any other, at a door of its own along a long street; its telephone tells it apart in every list."""
    syllables = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
    a, b = divmod(number, len(syllables))
    name = f"{syllables[b]}{syllables[(b * 7 + a * 11 + 5) % len(syllables)]}{syllables[(b + a * 13 + 3) % len(syllables)]}小吃"
    door, phone = f"柳荫路{1001 + 2 * number}号", f"137{number:08d}"
    place = f"{113.6 + number * 0.00015:.6f}", "34.720300"
    return {
        "census": [f"PC{number:05d}", name, name, door, *place, "营业", phone],
        "market": [credit_code("92", 990101, 5000 + number), f"望桥区{name}店", f"望桥区{door}", phone, "2024-05-20"],
        "platform": [f"W{number:05d}", f"{name}（柳荫路店）", door, *place, phone],
    }[kind]
