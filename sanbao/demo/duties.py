"""Who answers for what in the demonstration: leaders and persons named for most places, two holes left, one front handed over."""

from datetime import datetime

from sanbao.core import office
from sanbao.core.models import Posting, User
from sanbao.demo.people import STREETS
from sanbao.demo.settling import CODE
from sanbao.demo.stage import Stage
from sanbao.registry import assigning

DECISION = "望政办〔%s〕12号"
LEFT_FROM = (3, 2)  # the community whose person has left: the second hole; the first is the leaderless one
GREEN_FRONT = 7  # the number of the front that the greenery centre runs itself


def plan(stage: Stage) -> None:
    """Name the people before the campaign begins; hand one front over and let one person leave while it runs."""
    stage.timeline.plan(stage.at(-18, 9), _name_everybody, stage)
    stage.timeline.plan(stage.at(6, 16), _hand_over, stage)


def _name_everybody(stage: Stage, at: datetime) -> None:
    leaver = _leaver(stage, at)
    _name(stage, str(CODE), stage.who("leader"), stage.who("dispatcher"), at)
    for number in range(1, len(STREETS) + 1):
        clerk = stage.who("clerk" if number == 1 else f"clerk{number}")
        leader = stage.who(f"street{number}")
        _name(stage, f"{CODE}{number:03d}", leader, clerk, at)
        for place in range(1, 4):
            person = leaver if (number, place) == LEFT_FROM else stage.cast.people.get(f"community{number}{place}")
            _name(stage, f"{CODE}{number:03d}{place:03d}", leader, person, at)


def _name(stage: Stage, code: str, leader: User, person: User | None, at: datetime) -> None:
    assigning.name_people(
        stage.areas[code],
        from_on=at.date(),
        leader=leader,
        person=person,
        reason="建立分级责任体系",
        document_number=DECISION % at.year,
        by=stage.who("dispatcher"),
        at=at,
    )


def _leaver(stage: Stage, at: datetime) -> User:
    """A grid worker who leaves three days after being named."""
    street, place = LEFT_FROM
    unit = stage.cast.units[f"community{street}{place}"]
    by = stage.who("admin")
    person = office.add_person("left", "邹平", department=unit, role="assistant", from_on=at.date(), title="网格员", by=by, at=at)
    posting = person.postings.get()
    stage.timeline.plan(stage.at(-15, 18), _leave, posting, by)
    return person


def _leave(posting: Posting, by: User, at: datetime) -> None:
    office.end_posting(posting, until_on=at.date(), by=by, at=at)


def _hand_over(stage: Stage, at: datetime) -> None:
    """The greenery centre takes over the front it runs (条块): from that day it answers, no longer the street."""
    assigning.assign_responsibility(
        stage.premises[min(GREEN_FRONT, max(stage.premises))],
        stage.cast.units["greenery"],
        leader=stage.who("yuan"),
        person=stage.who("yuan"),
        from_on=at.date(),
        reason="公园管理用房由园林绿化中心直管",
        document_number=DECISION.replace("12", "15") % at.year,
        by=stage.who("dispatcher"),
        at=at,
    )
