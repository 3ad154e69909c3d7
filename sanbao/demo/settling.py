"""The district comes into being: rows of the office, areas, streets, and the two lists imported and measured through the register."""

from datetime import date, datetime, timedelta
from random import Random

from sanbao.core import clock, district, office
from sanbao.core.models import Department, User
from sanbao.demo import fronts, lists, people
from sanbao.demo.stage import Stage, Timeline
from sanbao.registry import services as registry
from sanbao.registry.models import Area, Premises, Segment

CODE = 990101
NAME = "望桥区（演示）"
LAW_FILE = "local_demo.toml"
DAYS_BEFORE = 24  # the register is built and the first form signed in the weeks before the campaign


def settle(*, premises: int, days: int, seed: int, today: date) -> Stage:
    """Open the district with its people and streets and import its register; the district is left at work."""
    start = today - timedelta(days=days)
    began = clock.at_local(start - timedelta(days=DAYS_BEFORE), 9)
    since = date(start.year - 1, 1, 1)
    town = fronts.build_town(premises, seed, str(CODE), start)
    office.open_district(
        CODE,
        NAME,
        government="望桥区人民政府",
        court="望桥区人民法院",
        law_file=LAW_FILE,
        boundary=town.boundary,
        invented=True,
        at=began,
    )
    district.set_current(CODE)
    cast = people.add_cast(since, began)
    stage = Stage(seed, start, today, town, cast, Timeline(clock.at_local(today)))
    _draw_areas(stage, began)
    _draw_streets(stage, began)
    stage.shops = fronts.ShopMaker(CODE, stage.dice("newcomers"), start, first=50_000)
    return stage


def _draw_areas(stage: Stage, at: datetime) -> None:
    by, units = stage.who("admin"), stage.cast.units
    code = str(CODE)
    root = registry.add_area(code, "望桥区", kind="district", unit=units["hq"], boundary=stage.town.boundary, by=by, at=at)
    stage.areas[code] = root
    for patch in stage.town.patches:
        stage.areas[patch.code] = _area(stage, patch.code, patch.ring, units, by, at)


def _area(stage: Stage, code: str, ring: list, units: dict[str, Department], by: User, at: datetime) -> Area:
    street = int(code[6:9])
    parent, unit = stage.areas[code[:-3]], units[f"street{street}"]
    if len(code) == 9:
        name, kind = people.STREETS[street - 1], "street"
    else:
        name, kind = people.COMMUNITIES[street - 1][int(code[9:]) - 1], "community"
    return registry.add_area(code, name, kind=kind, parent=parent, unit=unit, boundary=ring, by=by, at=at)


def _draw_streets(stage: Stage, at: datetime) -> None:
    by, drawn = stage.who("admin"), {}
    for piece in sorted(stage.town.pieces, key=lambda piece: (piece.street, piece.number)):
        if piece.street not in drawn:
            drawn[piece.street] = registry.add_street(piece.street, by=by, at=at)
        area = stage.areas[piece.community]
        registry.add_segment(drawn[piece.street], piece.line, area=area, number=piece.number, by=by, at=at)


def import_lists(stage: Stage) -> None:
    """Import the market register and the field census, as the clerk of the first street office and the dispatcher would."""
    names = {code: area.name for code, area in stage.areas.items()}
    dice = Random(f"{stage.seed}:lists")
    at = stage.at(-22, 15)
    market = lists.market_list(stage.town, names, dice)
    plan = registry.plan_import(
        market, lists.MARKET_FILE, source=lists.MARKET_SOURCE, kind="market", by=stage.who("dispatcher"), at=at
    )
    registry.apply_import(plan.run, by=stage.who("dispatcher"), at=at, plan=plan.plan)
    at = stage.at(-20, 17)
    census = lists.census_list(stage.town, names, dice)
    plan = registry.plan_import(
        census, lists.CENSUS_FILE, source=lists.CENSUS_SOURCE, kind="census", by=stage.who("clerk"), at=at
    )
    registry.apply_import(plan.run, by=stage.who("clerk"), at=at, plan=plan.plan)


def measure(stage: Stage) -> None:
    """Enter where each front begins and ends along its side of the street."""
    at = stage.at(-19, 16)
    segments = {(row.street.name, row.number): row for row in Segment.objects.select_related("street")}
    known = {row.address.removeprefix("望桥区"): row for row in Premises.objects.select_related("area__unit", "area__parent")}
    measured = []
    for front in stage.town.fronts:
        row = stage.premises[front.number] = known[front.seen_as]
        segment = segments[front.piece.street, front.piece.number]
        measured.append(registry.Frontage(row, segment, front.side, front.start, front.end))
    registry.measure_frontages(measured, by=stage.who("clerk"), at=at)
