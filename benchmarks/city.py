"""An invented Chinese city of shops and three lists of it as offices keep them, with the planted truth. Deterministic for a seed.

The register knows legal names and full addresses but no coordinates; the census writes down what stands above the door, with slips of
the pen; the platform has branch names, short addresses and GCJ-02 coordinates. Names, roads and numbers are made up.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sanbao.core.geo import wgs84_to_gcj02
from sanbao.registry.linkage import Item

FIRST = "福兴顺华美佳鑫瑞祥永昌盛隆泰和源德裕丰茂宏达利康乐安吉庆喜嘉锦秀丽云雅清百味香满春夏秋冬山水林泉龙凤鹤松柏竹梅兰菊莲桂小老新金玉宝"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高罗郑梁谢宋唐许韩冯邓曹彭曾"
ENDINGS = ("记", "家", "氏", "嫂", "哥", "姐", "师傅", "大叔")
ROAD_ENDS = ("路", "街", "巷", "大道", "北路", "南路", "东街", "西街", "一路", "二路", "三街", "路一段", "路二段", "大道中段")
TRADES = {
    "小吃店": ("小吃", "美食", "小吃店", ""),
    "餐饮店": ("家常菜", "饭店", "餐厅", "酒楼"),
    "便利店": ("超市", "便利店", "便民超市", "烟酒"),
    "美发店": ("美发", "造型", "理发", "发艺"),
    "服装店": ("服饰", "女装", "精品服装", ""),
    "五金经营部": ("五金", "五金建材", "水暖五金"),
    "水果店": ("水果", "鲜果", "果业"),
    "药房": ("药房", "大药房", "药店"),
    "汽车修理厂": ("汽修", "汽车养护", "洗车"),
    "火锅店": ("火锅", "老火锅", "鱼火锅"),
    "面馆": ("面馆", "小面", "牛肉面"),
}
COMMON = ("兰州拉面", "沙县小吃", "重庆小面", "黄焖鸡米饭", "麻辣烫", "包子铺", "福利彩票", "中国体育彩票", "手机维修")
FORMS = ("有限公司", "有限责任公司", "商贸有限公司", "餐饮管理有限公司")
HOMOPHONES = {
    "福": "富",
    "兴": "星",
    "顺": "舜",
    "华": "花",
    "美": "镁",
    "佳": "家",
    "鑫": "新",
    "瑞": "锐",
    "祥": "翔",
    "源": "园",
    "记": "计",
    "达": "大",
}
TRADITIONAL = {
    "兴": "興",
    "华": "華",
    "丰": "豐",
    "记": "記",
    "龙": "龍",
    "面": "麵",
    "馆": "館",
    "泰": "泰",
    "东": "東",
    "云": "雲",
}
CENTRE_LON, CENTRE_LAT = 104.06, 30.65
PLATFORM_WORDS = ("（外卖专线）", "·满减", "(24小时)", "（可自提）", "")


@dataclass(frozen=True, slots=True)
class Shop:
    """What is true: how it is called, by whom registered, where it stands (WGS-84)."""

    brand: str
    trade: str
    chain: bool
    branch: str
    legal: str
    road: str
    number: int
    unit: str
    lon: float
    lat: float


@dataclass(frozen=True)
class City:
    """Three lists and for each two of them the pairs of ids that are one shop."""

    lists: dict[str, list[Item]]
    truth: dict[tuple[str, str], set[tuple[str, str]]]


def invented_city(rows: int, seed: int = 4) -> City:
    """A city in which each of the lists has `rows` rows: about three shops in four are in any one of them."""
    dice = random.Random(seed)
    shops = _shops(dice, round(rows * 1.35))
    writers: dict[str, Callable[[random.Random, str, Shop], Item]] = {
        "register": _register,
        "census": _census,
        "platform": _platform,
    }
    lists: dict[str, list[Item]] = {}
    of: dict[str, dict[int, str]] = {}
    for name, write in writers.items():
        chosen = dice.sample(range(len(shops)), rows)
        ids = {shop: f"{name[0].upper()}{place:05d}" for place, shop in enumerate(chosen)}
        lists[name] = [write(dice, ids[shop], shops[shop]) for shop in chosen]
        of[name] = ids
    truth = {
        (one, two): {(of[one][shop], of[two][shop]) for shop in of[one].keys() & of[two].keys()}
        for one, two in (("register", "census"), ("register", "platform"), ("census", "platform"))
    }
    return City(lists, truth)


# --- what is true -------------------------------------------------------------------------------------------------------------


def _shops(dice: random.Random, many: int) -> list[Shop]:
    roads = _roads(dice, max(12, many // 100))
    chains = [(_brand(dice), dice.choice(list(TRADES))) for _ in range(max(3, many // 400))]
    doors: list[tuple[str, int, str, float, float]] = []
    while len(doors) < many:
        name, lon, lat, east, north = dice.choice(roads)
        number = dice.randrange(1, 400)
        along = number * 6.0 / 111_195
        crowd = dice.choices((1, 2, 3, 4, 8, 40), (60, 10, 8, 6, 4, 0.8))[0]
        for room in range(1, crowd + 1):
            unit = "" if crowd == 1 else f"附{room}号" if crowd < 20 else f"{1 + room // 20}层{room}号"
            doors.append((name, number, unit, lon + along * east, lat + along * north))
    return [_shop(dice, chains, door) for door in dice.sample(doors, many)]


def _roads(dice: random.Random, many: int) -> list[tuple[str, float, float, float, float]]:
    names: dict[str, None] = {}
    while len(names) < many:
        names[dice.choice(FIRST) + dice.choice(FIRST) + dice.choice(ROAD_ENDS)] = None
    reach = 0.004 * many**0.5
    lines = []
    for name in names:
        east, north = dice.choice(((1.16, 0.0), (0.0, 1.0), (1.0, 0.5), (-0.8, 0.7)))
        lines.append((name, CENTRE_LON + dice.uniform(-reach, reach), CENTRE_LAT + dice.uniform(-reach, reach), east, north))
    return lines


def _brand(dice: random.Random) -> str:
    if dice.random() < 0.25:
        return dice.choice(SURNAMES) + dice.choice(ENDINGS)
    return "".join(dice.choice(FIRST) for _ in range(dice.choice((2, 2, 3, 3, 4))))


def _shop(dice: random.Random, chains: list[tuple[str, str]], door: tuple[str, int, str, float, float]) -> Shop:
    road, number, unit, lon, lat = door
    luck = dice.random()
    brand, trade = dice.choice(chains) if luck < 0.15 else (_brand(dice), dice.choice(list(TRADES)))
    if 0.15 <= luck < 0.20:
        brand = dice.choice(COMMON)
    branch = dice.choice((road, f"{road}{dice.choice('一二三')}", dice.choice(FIRST) + dice.choice(FIRST)))
    legal_brand = brand if luck < 0.15 or dice.random() < 0.93 else _brand(dice)
    form = dice.random()
    legal = (
        f"武侯区{legal_brand}{trade}"
        if form < 0.6
        else f"成都{legal_brand}{dice.choice(FORMS)}"
        if form < 0.9
        else f"成都市武侯区{legal_brand}商行"
    )
    if luck < 0.15:
        legal += f"{branch}分店" if form < 0.6 else f"{branch}分公司"
    return Shop(brand, trade, luck < 0.15, branch, legal, road, number, unit, lon, lat)


# --- how it is written down ---------------------------------------------------------------------------------------------------


def _register(dice: random.Random, id_: str, shop: Shop) -> Item:
    front = dice.choice(("四川省成都市武侯区", "成都市武侯区", "武侯区", "四川省成都市武侯区浆洗街街道"))
    return Item(id_, shop.legal, address=f"{front}{shop.road}{shop.number}号{shop.unit}")


def _census(dice: random.Random, id_: str, shop: Shop) -> Item:
    sign = _slip(dice, shop.brand) + dice.choice(TRADES[shop.trade]) if shop.brand not in COMMON else shop.brand
    number = shop.number if dice.random() < 0.95 else shop.number + dice.choice((-2, 2, 1))
    unit = shop.unit if dice.random() < 0.6 else ""
    lon, lat = (None, None) if dice.random() < 0.08 else _near(dice, shop, 8.0)
    return Item(id_, sign, address=f"{shop.road}{number}号{unit}" if dice.random() < 0.93 else shop.road, lon=lon, lat=lat)


def _platform(dice: random.Random, id_: str, shop: Shop) -> Item:
    name = shop.brand + (dice.choice(TRADES[shop.trade]) if shop.brand not in COMMON else "")
    if shop.chain or dice.random() < 0.4:
        name += dice.choice(("（{}店）", "({}店)", "·{}店")).format(shop.branch)
    name += dice.choice(PLATFORM_WORDS)
    lon, lat = _near(dice, shop, 20.0 if dice.random() < 0.97 else 3_000.0)
    address = f"{dice.choice(('成都市武侯区', '武侯区', ''))}{shop.road}{shop.number}号{shop.unit}"
    return Item(
        id_,
        name,
        address=address if dice.random() < 0.9 else shop.road,
        **dict(zip(("lon", "lat"), wgs84_to_gcj02(lon, lat), strict=True)),
    )


def _near(dice: random.Random, shop: Shop, metres: float) -> tuple[float, float]:
    return shop.lon + dice.gauss(0, metres) / 95_700, shop.lat + dice.gauss(0, metres) / 111_195


def _slip(dice: random.Random, text: str) -> str:
    """A slip of the pen in one name of eight: a homophone, a traditional character, a missing or a foreign sign."""
    luck, place = dice.random(), dice.randrange(len(text))
    sign = text[place]
    if luck < 0.04:
        return text.replace(sign, HOMOPHONES.get(sign, sign))
    if luck < 0.08:
        return "".join(TRADITIONAL.get(one, one) for one in text)
    if luck < 0.10 and len(text) > 2:
        return text[:place] + text[place + 1 :]
    if luck < 0.12 and len(text) > 2:
        return text[:place] + dice.choice(FIRST) + text[place + 1 :]
    return text
