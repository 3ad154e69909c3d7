"""The cast of the tests: one small invented district with its people, a street, its shops and who trades in them.

Plain rows and nothing else: what the district *does* (letters, orders, cases) is made by the tests through the services.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc

from sanbao.core import district, geo
from sanbao.core.models import Certificate, Department, District, Posting, User
from sanbao.registry.models import Area, Merchant, Occupancy, Premises, Segment, Street

CODE = 990101
PASSWORD = "sanbao-demo-2026"
AT = datetime(2026, 9, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))
BEGAN_ON = date(2026, 1, 1)
BOUNDARY = [[113.69, 34.71], [113.72, 34.71], [113.72, 34.73], [113.69, 34.73], [113.69, 34.71]]
WEST_HALF = [[113.69, 34.71], [113.705, 34.71], [113.705, 34.73], [113.69, 34.73], [113.69, 34.71]]
EAST_HALF = [[113.705, 34.71], [113.72, 34.71], [113.72, 34.73], [113.705, 34.73], [113.705, 34.71]]
LINE = [[113.70000, 34.72000], [113.70328, 34.72000]]

# attribute: (code, name, short name, kind, word before document numbers)
DEPARTMENTS = {
    "hq": ("HQ", "望桥区城市环境综合整治指挥部", "区指挥部", "headquarters", "望环指"),
    "bureau": ("BUREAU", "望桥区城市管理行政执法局", "区执法局", "bureau", "望"),
    "street_office": ("ST-A", "望桥区柳荫街道办事处", "柳荫街道", "street", "望柳街"),
    "street_office_2": ("ST-B", "望桥区石桥街道办事处", "石桥街道", "street", "望石街"),
    "department": ("ZJ", "望桥区住房和城乡建设局", "区住建局", "department", "望住建"),
    "press": ("PRESS", "望桥区融媒体中心", "融媒体中心", "press", "望融"),
}

# attribute: (name, department, role, title)
PEOPLE = {
    "dispatcher": ("周敏", "hq", "dispatcher", "调度员"),
    "leader": ("顾明", "hq", "leader", "指挥长"),
    "liu": ("刘洋", "bureau", "officer", "执法中队副队长"),
    "chen": ("陈立", "bureau", "officer", "执法队员"),
    "sun": ("孙倩", "bureau", "officer", "执法队员"),
    "gridworker": ("吴霞", "street_office", "assistant", "网格员"),
    "zhao": ("赵刚", "bureau", "bureau_head", "局长"),
    "qian": ("钱文", "bureau", "legal_reviewer", "法制审核员"),
    "clerk": ("李芳", "street_office", "street_clerk", "城管办干事"),
    "clerk_2": ("马超", "street_office_2", "street_clerk", "城管办干事"),
    "unit_leader": ("王建", "department", "unit_leader", "副局长"),
    "contact": ("郑凯", "department", "contact", "联络员"),
    "editor": ("何晴", "press", "press", "编辑"),
    "admin": ("林涛", "hq", "administrator", "系统管理员"),
}
CERTIFIED = {"liu": "enforcement", "chen": "enforcement", "sun": "enforcement", "zhao": "enforcement", "qian": "legal"}


@dataclass
class World:
    """The district and everybody and everything in it; `at` is the instant at which the stories begin."""

    district: District
    at: datetime = AT

    hq: Department = field(init=False)
    bureau: Department = field(init=False)
    street_office: Department = field(init=False)
    street_office_2: Department = field(init=False)
    department: Department = field(init=False)
    press: Department = field(init=False)

    dispatcher: User = field(init=False)
    leader: User = field(init=False)
    liu: User = field(init=False)
    chen: User = field(init=False)
    sun: User = field(init=False)
    gridworker: User = field(init=False)
    zhao: User = field(init=False)
    qian: User = field(init=False)
    clerk: User = field(init=False)
    clerk_2: User = field(init=False)
    unit_leader: User = field(init=False)
    contact: User = field(init=False)
    editor: User = field(init=False)
    admin: User = field(init=False)

    area_district: Area = field(init=False)
    area_a: Area = field(init=False)
    area_b: Area = field(init=False)
    community_a: Area = field(init=False)
    street: Street = field(init=False)
    segment: Segment = field(init=False)

    noodle_house: Premises = field(init=False)
    tea_house: Premises = field(init=False)
    vacant_front: Premises = field(init=False)
    noodle_shop: Merchant = field(init=False)
    tea_company: Merchant = field(init=False)
    hardware_shop: Merchant = field(init=False)  # registered, but trades nowhere yet

    @property
    def merchants(self) -> list[Merchant]:
        """All merchants of the district."""
        return [self.noodle_shop, self.tea_company, self.hardware_shop]


def build_world(code: int = CODE) -> World:
    """Build the cast in the district `code`; any number of districts may stand side by side.

    User names are the attribute names (`liu`), with `_<code>` behind them in any district but 990101. All passwords are `PASSWORD`.
    """
    with district.use(code):
        world = World(
            District.objects.create(
                code=code,
                name="望桥区",
                government="望桥区人民政府",
                court="望桥区人民法院",
                boundary=BOUNDARY,
                invented=True,
            )
        )
        _add_departments(world)
        _add_people(world)
        _add_places(world)
        _add_parties(world)
    return world


def credit_code(head: str, area: int, serial: int) -> str:
    """A unified social credit code with both check characters right; `head` is `92` for an individual business, `91` for a company."""
    body = f"{serial:08d}"
    total = sum(int(figure) * weight for figure, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    check = "0123456789X0"[11 - total % 11]
    number = f"{head}{area:06d}{body}{check}"
    return number + uscc.calc_check_digit(number)


def _add_departments(world: World) -> None:
    for attribute, (code, name, short, kind, prefix) in DEPARTMENTS.items():
        unit = Department.objects.create(
            district=world.district,
            code=code,
            name=name,
            short_name=short,
            kind=kind,
            document_prefix=prefix,
            address="望桥区人民路1号",
            phone="0371-00000000",
        )
        setattr(world, attribute, unit)


@lru_cache(maxsize=1)
def _password() -> str:
    return make_password(PASSWORD)


def _add_people(world: World) -> None:
    code = world.district.code
    for attribute, (name, unit, role, title) in PEOPLE.items():
        person = User.objects.create(
            username=attribute if code == CODE else f"{attribute}_{code}",
            password=_password(),
            name=name,
            title=title,
            department=getattr(world, unit),
            is_staff=attribute == "admin",
        )
        Posting.objects.create(user=person, department=getattr(world, unit), role=role, from_on=BEGAN_ON)
        setattr(world, attribute, person)
    for number, (attribute, kind) in enumerate(CERTIFIED.items(), start=1):
        Certificate.objects.create(
            user=getattr(world, attribute),
            kind=kind,
            number=f"{code}{number:05d}",
            from_on=date(2025, 1, 1),
            until_on=date(2028, 12, 31),
        )


def _add_places(world: World) -> None:
    code = str(world.district.code)
    world.area_district = _area(code, "望桥区", "district", None, world.hq, BOUNDARY)
    world.area_a = _area(f"{code}001", "柳荫街道", "street", world.area_district, world.street_office, WEST_HALF)
    world.area_b = _area(f"{code}002", "石桥街道", "street", world.area_district, world.street_office_2, EAST_HALF)
    world.community_a = _area(f"{code}001001", "柳荫社区", "community", world.area_a, world.street_office, WEST_HALF)
    world.street = Street.objects.create(name="柳荫路", pinyin="liuyinlu")
    world.segment = Segment.objects.create(
        street=world.street, area=world.community_a, number=1, line=LINE, length_m=round(geo.line_length(LINE), 2)
    )


def _area(code: str, name: str, kind: str, parent: Area | None, unit: Department, boundary: list) -> Area:
    path = f"{parent.path if parent else ''}{code}/"
    return Area.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, unit=unit, boundary=boundary)


def _add_parties(world: World) -> None:
    world.noodle_house = _front(world, 1, "left", 0, 12, "柳荫路1号", "老李面馆", "open")
    world.tea_house = _front(world, 2, "left", 12, 22, "柳荫路3号", "清和茶庄", "open")
    world.vacant_front = _front(world, 3, "right", 5, 17, "柳荫路2号", "", "vacant")
    world.noodle_shop = _merchant(world, 1, "92", "望桥区老李面馆", "individual", "李建国", "13800000001", "餐饮服务")
    world.tea_company = _merchant(world, 2, "91", "望桥清和茶业有限公司", "company", "何清和", "13800000002", "茶叶销售")
    world.hardware_shop = _merchant(world, 3, "92", "望桥区顺达五金店", "individual", "张顺", "13800000003", "五金零售")
    Occupancy.objects.create(premises=world.noodle_house, merchant=world.noodle_shop, from_on=BEGAN_ON)
    Occupancy.objects.create(premises=world.tea_house, merchant=world.tea_company, from_on=BEGAN_ON)


def _front(world: World, number: int, side: str, start: int, end: int, address: str, sign: str, state: str) -> Premises:
    lon, lat = geo.point_along(LINE, (start + end) / 2, 8, side)
    return Premises.objects.create(
        code=f"{world.area_a.code}-{number:04d}",
        area=world.community_a,
        segment=world.segment,
        side=side,
        start_m=start,
        end_m=end,
        address=address,
        sign_name=sign,
        state=state,
        lon=lon,
        lat=lat,
        cell=geo.cell_of(lon, lat),
        known_since=BEGAN_ON,
    )


def _merchant(world: World, serial: int, head: str, name: str, kind: str, operator: str, phone: str, scope: str) -> Merchant:
    return Merchant.objects.create(
        name=name,
        kind=kind,
        credit_code=credit_code(head, world.district.code, serial),
        operator=operator,
        phone=phone,
        scope=scope,
        registered_on=date(2024, 5, 20),
    )
