"""How zones are delimited, as data with its source: `texts/*.toml`. Practice of places, to be chosen by the district, not a norm. Pure.

Lengths stand in metres in the files and are whole centimetres here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanbao.agreements.zones.tiling import Lateral

FOLDER = Path(__file__).parent / "texts"
DEFAULT = "district_default"
KERB, CENTRE_LINE = "kerb", "centre_line"


@dataclass(frozen=True)
class ZoneRule:
    """One way to delimit zones. `depth_without_pavement` and `entrance_reach` in cm; None for the depth means: to the road's centre line.

    `snow_to_centre_line`: the snow zone reaches further than the hygiene zone; `explain_over`: a gap between fronts wider than this, cm,
    must be explained; `alone_all_sides`: a building without neighbours has its zone on all four sides; `since`: the year or day from which
    the place is known to do so, empty where the source does not say.
    """

    name: str
    title: str
    place: str
    source: str
    note: str
    since: str
    lateral: Lateral
    depth_without_pavement: int | None = None
    snow_to_centre_line: bool = False
    facade: bool = True
    alone_all_sides: bool = False
    explain_over: int = 0
    entrance_reach: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Depth:
    """How far a zone goes out from the wall foot: `to` kerb or centre line or a number of metres; `cm` is None while it was not measured."""

    to: str
    cm: int | None
    decided: bool = False


def depth_of(rule: ZoneRule, pavement: int | None, road: int | None, decided: int | None = None) -> Depth:
    """The depth of the hygiene zone from the width of the pavement and the distance kerb to centre line, cm (None: not measured)."""
    if decided is not None:
        return Depth("decided", decided, decided=True)
    if pavement != 0:
        return Depth(KERB, pavement)
    if rule.depth_without_pavement is not None:
        return Depth("fixed", rule.depth_without_pavement)
    return Depth(CENTRE_LINE, road)


def snow_of(rule: ZoneRule, pavement: int | None, road: int | None) -> Depth | None:
    """The depth of the snow zone where it is another than that of the hygiene zone."""
    if not rule.snow_to_centre_line:
        return None
    return Depth(CENTRE_LINE, None if pavement is None or road is None else pavement + road)


@lru_cache(maxsize=32)
def read_rule(name: str) -> ZoneRule:
    """The rule in `texts/<name>.toml`; `KeyError` when there is none of that name."""
    path = FOLDER / f"{name}.toml"
    if path.stem not in {each.stem for each in FOLDER.glob("*.toml")}:
        raise KeyError(name)
    return _rule(path.stem, tomllib.loads(path.read_text("utf-8")))


def known_rules() -> list[ZoneRule]:
    """Every rule that can be chosen, the district's own first."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return [read_rule(name) for name in sorted(names, key=lambda name: (name != DEFAULT, name))]


def centimetres(metres: Any) -> int | None:
    """Metres (a number, or None) in whole centimetres."""
    if metres is None:
        return None
    return round((metres if isinstance(metres, Decimal) else Decimal(str(metres))) * 100)


def _rule(name: str, raw: dict[str, Any]) -> ZoneRule:
    along, outward = raw["along"], raw["outward"]
    lateral = Lateral(
        centimetres(along.get("middle_within_m")),
        centimetres(along.get("reach_m", 0)) or 0,
        centimetres(along.get("edge_within_m")),
    )
    return ZoneRule(
        name=name,
        title=raw["title"],
        place=raw["place"],
        source=raw["source"],
        note=raw["note"],
        since=raw.get("since", ""),
        lateral=lateral,
        depth_without_pavement=centimetres(outward.get("without_pavement_m")),
        snow_to_centre_line=outward.get("snow_to_centre_line", False),
        facade=outward.get("facade", True),
        alone_all_sides=along.get("alone_all_sides", False),
        explain_over=centimetres(along.get("explain_over_m", 0)) or 0,
        entrance_reach={kind: centimetres(metres) or 0 for kind, metres in along.get("entrance_reach_m", {}).items()},
    )
