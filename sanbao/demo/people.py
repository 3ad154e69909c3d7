"""The cast of the invented district: its units and the people in them, with what each login is for. Tables, and the writing of them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from sanbao.core import office
from sanbao.core.models import Department, User

PASSWORD = "sanbao-demo-2026"
STREETS = ("柳荫街道", "石桥街道", "望湖街道", "东关街道")
COMMUNITIES = (
    ("柳荫社区", "槐树里社区", "南苑社区"),
    ("石桥社区", "桥西社区", "古井社区"),
    ("望湖社区", "荷香社区", "湖滨社区"),
    ("东关社区", "朝阳社区", "钟鼓楼社区"),
)
# The community nobody leads: its tasks are orphans until somebody is named.
LEADERLESS = (2, 1)

# key: (name, short name, kind, word before document numbers)
UNITS = {
    "hq": ("望桥区城市环境综合整治指挥部", "区指挥部", "headquarters", "望环指"),
    "bureau": ("望桥区城市管理行政执法局", "区执法局", "bureau", "望"),
    "housing": ("望桥区住房和城乡建设局", "区住建局", "department", "望住建"),
    "sanitation": ("望桥区环境卫生服务中心", "区环卫中心", "department", "望环卫"),
    "greenery": ("望桥区园林绿化中心", "区园林中心", "department", "望园林"),
    "traffic": ("望桥区公安分局交通管理大队", "区交管大队", "department", "望公交"),
    "press": ("望桥区融媒体中心", "区融媒体中心", "press", "望融"),
}


@dataclass(frozen=True)
class Person:
    """One person: name, unit, role, title, and what this login is for (None: not in the printed table)."""

    name: str
    unit: str
    role: str
    title: str
    use: object = None
    paper: str = ""


PEOPLE = {
    "dispatcher": Person("周敏", "hq", "dispatcher", "调度员", _("take up reports, dispatch, lead meetings and tasks")),
    "leader": Person("顾明", "hq", "leader", "指挥长", _("the hundred-day ring, rankings to freeze, exposures to approve")),
    "liu": Person(
        "刘洋", "bureau", "officer", "执法一中队副队长", _("findings, orders to correct, cases in hand"), "enforcement"
    ),
    "chen": Person("陈立", "bureau", "officer", "执法队员", _("the second officer of the pair"), "enforcement"),
    "sun": Person("孙倩", "bureau", "officer", "执法队员", _("rechecks what others ordered"), "enforcement"),
    "he": Person("何川", "bureau", "officer", "执法二中队队长", None, "enforcement"),
    "luo": Person("罗成", "bureau", "officer", "执法队员", None, "enforcement"),
    "tang": Person("唐宁", "bureau", "officer", "执法队员", None, "enforcement"),
    "zhao": Person("赵刚", "bureau", "bureau_head", "局长", _("filings and decisions to approve"), "enforcement"),
    "qian": Person("钱文", "bureau", "legal_reviewer", "法制审核员", _("drafts that wait for legal review"), "legal"),
    "clerk": Person("李芳", "street1", "street_clerk", "城管办干事", _("letters, coverage and unsigned fronts of 柳荫街道")),
    "clerk2": Person("马超", "street2", "street_clerk", "城管办干事"),
    "clerk3": Person("丁宁", "street3", "street_clerk", "城管办干事"),
    "clerk4": Person("夏雨", "street4", "street_clerk", "城管办干事"),
    "gridworker": Person("吴霞", "street1", "assistant", "网格员", _("reports and signatures on the pavement (phone pages)")),
    "grid2": Person("郝亮", "street2", "assistant", "网格员"),
    "grid3": Person("白雪", "street3", "assistant", "网格员"),
    "grid4": Person("常青", "street4", "assistant", "网格员"),
    "wang": Person("王建", "housing", "unit_leader", "副局长", _("tasks given to a department")),
    "contact": Person("郑凯", "housing", "contact", "联络员"),
    "huan": Person("邱实", "sanitation", "unit_leader", "副主任"),
    "yuan": Person("叶青", "greenery", "unit_leader", "副主任"),
    "jiao": Person("段平", "traffic", "unit_leader", "副大队长"),
    "editor": Person("何晴", "press", "press", "编辑", _("publish and withdraw")),
    "ping": Person("平安", "press", "unit_leader", "副主任"),
    "supervisor": Person("尹正", "hq", "supervisor", "督查员", _("reads everything, changes nothing")),
    "admin": Person("林涛", "hq", "administrator", "系统管理员", _("people, law in force, journal")),
}
LEADERS = ("胡国庆", "宋春梅", "谢长安", "韩立新", "程小满", "许家兴", "余秋生", "汪海燕", "姚振华", "方永昌", "廖红霞", "陆文博")


@dataclass
class Cast:
    """The units by key (`hq`, `street1`, `community11`, …) and the people by login."""

    units: dict[str, Department]
    people: dict[str, User]

    @property
    def officers(self) -> list[User]:
        """The certified officers, without the head."""
        return [self.people[name] for name in ("liu", "chen", "sun", "he", "luo", "tang")]


def add_cast(since: date, at: datetime) -> Cast:
    """Write the units and the people of the district at work, posted since a day; the administrator signs for all but herself."""
    cast = Cast({}, {})
    for key, (name, short, kind, prefix) in UNITS.items():
        cast.units[key] = _unit(key.upper(), name, short, kind, prefix, None, since, at)
    for number, street in enumerate(STREETS, start=1):
        above = _unit(f"ST{number}", f"望桥区{street}办事处", street, "street", f"望{street[:1]}街", None, since, at)
        cast.units[f"street{number}"] = above
        for place, name in enumerate(COMMUNITIES[number - 1], start=1):
            unit = _unit(f"SQ{number}{place}", f"{street}{name}居民委员会", name, "community", "", above, since, at)
            cast.units[f"community{number}{place}"] = unit
    hashed = make_password(PASSWORD)
    order = ["admin", *(name for name in PEOPLE if name != "admin")]
    for login in order:
        cast.people[login] = _person(login, PEOPLE[login], cast, hashed, since, at)
    _add_leaders(cast, hashed, since, at)
    return cast


def _unit(
    code: str, name: str, short: str, kind: str, prefix: str, parent: Department | None, since: date, at: datetime
) -> Department:
    return office.add_department(
        code,
        name,
        kind,
        short_name=short,
        parent=parent,
        document_prefix=prefix,
        address="望桥区人民路1号",
        phone="0371-00000000",
        from_on=since,
        by=None,
        at=at,
    )


def _person(login: str, person: Person, cast: Cast, hashed: str, since: date, at: datetime) -> User:
    by = cast.people.get("admin")
    user = office.add_person(
        login,
        person.name,
        department=cast.units[person.unit],
        role=person.role,
        from_on=since,
        title=person.title,
        password_hash=hashed,
        by=by,
        at=at,
    )
    if person.paper:
        number = f"示执{len(cast.people):05d}"
        until = date(since.year + 4, 12, 31)
        office.add_certificate(user, kind=person.paper, number=number, from_on=since, until_on=until, by=by, at=at)
    return user


def _add_leaders(cast: Cast, hashed: str, since: date, at: datetime) -> None:
    names = iter(LEADERS)
    for number in range(1, len(STREETS) + 1):
        head = Person(next(names), f"street{number}", "unit_leader", "副主任")
        cast.people[f"street{number}"] = _person(f"street{number}", head, cast, hashed, since, at)
        for place in range(1, 4):
            if (number, place) != LEADERLESS:
                login = f"community{number}{place}"
                name = f"{LEADERS[(number * 3 + place) % 12][0]}{LEADERS[(number + place * 5) % 12][1:]}"
                cast.people[login] = _person(login, Person(name, login, "unit_leader", "社区书记"), cast, hashed, since, at)
