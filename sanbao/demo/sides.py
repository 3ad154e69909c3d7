"""The sides of the streets: a rule chosen, widths measured, gaps explained, corners entered, a few boundaries decided on the spot and one undone."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from random import Random

from sanbao.agreements.zones import queries as zones
from sanbao.agreements.zones import services as services
from sanbao.agreements.zones.models import ZoneDecision
from sanbao.agreements.zones.tiling import ZONE, Tile
from sanbao.core import clock, geo
from sanbao.demo.stage import Stage
from sanbao.registry.models import Premises, Segment

WALKED = 60  # segments; more would only make the demonstration slower
EXPLAINED, CORNERS = 0.75, 6
NEAR_M, CORNER_M = 70.0, Decimal(4)
LONGEST_GAP, WIDE_ENOUGH, MOVED = 12_000, 400, 60  # cm
REASONS = (("wall", "单位围墙"), ("green", "绿化带"), ("gate", "小区大门"), ("public", "公交站台"), ("works", "地铁施工围挡"))
WHY = ("台阶和坡道由左侧店面使用", "两家当面量定，各留半幅卷帘门", "雨棚立柱以外归右侧店面")


def settle(stage: Stage) -> None:
    """Write down what a first walk along the streets brings, the day after the fronts were measured."""
    dice, at = stage.dice("sides"), stage.at(-18, 9)
    services.choose_rule(
        "district_default", reason="区指挥部会议确定先行试用，三个月后评估调整", by=stage.who("dispatcher"), at=at
    )
    segments = list(Segment.objects.select_related("street").order_by("street__name", "number"))[:WALKED]
    for segment in segments:
        for side in zones.SIDES:
            _walk(stage, segment, side, dice, at)
    _enter_corners(stage, segments, at)
    _decide(stage, segments, at)


def _walk(stage: Stage, segment: Segment, side: str, dice: Random, at: datetime) -> None:
    clerk = stage.who("clerk")
    pavement = Decimal(0) if dice.random() < 0.08 else Decimal(dice.randrange(20, 61)) / 10
    road = Decimal(dice.randrange(35, 106)) / 10
    if dice.random() < 0.85:
        services.measure_side(segment, side, pavement_m=pavement, road_m=road, by=clerk, at=at)
    for start, end in zones.plan_of(segment, side, clock.local_day(at)).unexplained:
        code, words = ("crossing", "路口") if not start else dice.choice(REASONS)
        if end - start < LONGEST_GAP and dice.random() < EXPLAINED:
            stretch = zones.metres(start), zones.metres(end)
            services.explain_range(segment, side, *stretch, reason_code=code, reason=words, by=clerk, at=at)


def _enter_corners(stage: Stage, segments: list[Segment], at: datetime) -> None:
    """A corner shop fronts on the street that begins beside it, too."""
    entered = 0
    for front in (front for front in stage.town.fronts if front.corner):
        beside = [
            each
            for each in segments
            if each.street.name != front.piece.street and geo.metres_between(*each.line[0], front.lon, front.lat) < NEAR_M
        ]
        if beside and entered < CORNERS:
            row, kind = stage.premises[front.number], "corner"
            services.add_frontage(row, beside[0], "right", Decimal(0), CORNER_M, kind=kind, by=stage.who("clerk"), at=at)
            entered += 1


def _decide(stage: Stage, segments: list[Segment], at: datetime) -> None:
    """Boundaries set on the spot between neighbours wall to wall; the last one is taken back."""
    clerk = stage.who("clerk")
    decided: list[ZoneDecision] = []
    for why, (segment, before, after) in zip(WHY, _wall_to_wall(segments, at), strict=False):
        pair = [Premises.objects.get(pk=each.holders[0]) for each in (before, after)]
        at_m = zones.metres(before.end + MOVED)
        decided.append(services.decide_boundary(*pair, segment, "left", at_m, reason=why, by=clerk, at=at))
    if decided:
        services.undo_decision(decided[-1], reason="两家复核后同意按原界线", by=clerk, at=at)


def _wall_to_wall(segments: list[Segment], at: datetime) -> Iterator[tuple[Segment, Tile, Tile]]:
    """The first two neighbours on the left side of each segment whose zones are wide enough to move their boundary."""
    for segment in segments:
        tiles = zones.plan_of(segment, "left", clock.local_day(at)).tiling.tiles
        for before, after in pairwise(tiles):
            if before.kind == after.kind == ZONE and min(before.width, after.width) > WIDE_ENOUGH:
                yield segment, before, after
                break
