"""Reaching everybody: a street office's own text, a signing round under way and one closed, notices, paper letters, calls at shut doors."""

from datetime import datetime, timedelta

from sanbao.agreements import notices, paper_letters, queries, rounds, versioning
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement
from sanbao.core import clock
from sanbao.core.models import User
from sanbao.demo.stage import Stage
from sanbao.registry.models import Area

NOTICES, PAPERS, CALLS = 5, 4, 8
LOCAL_RIGHT = ("三、乙方的权利", "夜市摊点收摊后的路面冲洗由街道安排，每周不少于两次；没有冲洗的，乙方可以要求补做。")
LOCAL_ITEM = ("order", "外卖和快递在本店门口划定的位置临时停放，取件后及时离开。", "外卖和快递车辆是否停在划定位置？")


def plan(stage: Stage) -> None:
    """Put everything on the timeline; whoever is chosen is found among the letters as they stand on the day."""
    office = max((area for area in stage.areas.values() if area.kind == Area.Kind.STREET), key=lambda area: area.code)
    stage.timeline.plan(stage.at(0, 9), _propose, stage, office)
    stage.timeline.plan(stage.at(2, 9), _open, stage, "秋季集中签订（第一轮）", office, stage.days)
    first = min((area for area in stage.areas.values() if area.kind == Area.Kind.COMMUNITY), key=lambda area: area.code)
    stage.timeline.plan(stage.at(1, 9), _open, stage, "示范社区先行签订", first, max(2, stage.days // 2))
    stage.timeline.plan(stage.at(stage.days - 3, 10), _notices, stage)
    stage.timeline.plan(stage.at(stage.days - 3, 15), _papers, stage)
    stage.timeline.plan(stage.at(stage.days - 2, 14), _calls, stage)


def _people(stage: Stage, area: Area) -> tuple[User, User]:
    """The clerk and the grid worker of the street office that answers for an area."""
    number = int(area.code[6:9])
    return (
        (stage.who("clerk"), stage.who("gridworker"))
        if number == 1
        else (stage.who(f"clerk{number}"), stage.who(f"grid{number}"))
    )


def _propose(stage: Stage, office: Area, at: datetime) -> None:
    clerk, _grid = _people(stage, office)
    heading, words = LOCAL_RIGHT
    version = versioning.propose_version(
        clerk.department, paragraphs={heading: [words]}, items=[LOCAL_ITEM], effective_from=clock.local_day(at), by=clerk, at=at
    )
    versioning.approve_version(version, by=stage.who("dispatcher"), at=at + timedelta(minutes=40))


def _open(stage: Stage, name: str, area: Area, last: int, at: datetime) -> None:
    clerk, grid = _people(stage, area)
    day = clock.local_day(at)
    until = max(day, stage.start + timedelta(days=last))
    people = [clerk, grid]
    row = rounds.open_round(name, area=area, people=people, from_on=day, until_on=until, by=clerk, at=at)
    if area.kind == Area.Kind.COMMUNITY:
        note = "其余门店装修或者停业，转入街道第一轮继续走访。"
        stage.timeline.plan(clock.at_local(until, 17), rounds.close_round, row, note=note, by=clerk)


def _notices(stage: Stage, at: datetime) -> None:
    """Where it was declined: the letter is left there, two of the office together; one is still to be called on."""
    related = ("premises__area", "premises__segment__street", "unit", "form")
    declined = list(Agreement.objects.filter(state="refused").select_related(*related).order_by("premises__code"))
    for number, letter in enumerate(declined[: max(0, min(NOTICES, len(declined) - 1))]):
        notices.record_notice(
            letter,
            manner="left" if number % 2 else "posted",
            photos=[stage.photo(number, "", None, at)],
            second=stage.clerk_for(letter.premises),
            by=stage.grid_for(letter.premises),
            at=at + timedelta(minutes=number),
        )


def _papers(stage: Stage, at: datetime) -> None:
    """Signed in ink on the printed letter, typed in by the grid worker, all but the last compared by the clerk the next morning."""
    day = clock.local_day(at) - timedelta(days=1)
    for number, letter in enumerate(_waiting(stage, at)[:PAPERS]):
        premises = letter.premises
        items = {item.code: Answer(True) for item in letter.form.items.all()}
        entry = paper_letters.type_in(
            premises,
            signed_on=day,
            signer_name=letter.merchant.operator,
            capacity="operator",
            items=items,
            photos=[stage.photo(number + NOTICES, "", None, at)],
            by=stage.grid_for(premises),
            at=at + timedelta(minutes=number),
        )
        if number < PAPERS - 1:
            stage.timeline.plan(at + timedelta(hours=18), paper_letters.confirm, entry, by=stage.clerk_for(premises))


def _calls(stage: Stage, at: datetime) -> None:
    results = ("not_met", "shut", "put_off")
    for number, letter in enumerate(_waiting(stage, at)[PAPERS : PAPERS + CALLS]):
        rounds.record_attempt(
            letter.premises,
            result=results[number % 3],
            note="" if number % 3 else "电话约后天上午",
            next_on=clock.local_day(at) + timedelta(days=1 + number % 4),
            by=stage.grid_for(letter.premises),
            at=at + timedelta(minutes=number),
        )


def _waiting(stage: Stage, at: datetime) -> list[Agreement]:
    """Letters handed over a while ago that nobody has signed, in a fixed order."""
    found = queries.to_be_signed(None, at).filter(served_at__lt=at - timedelta(days=3), merchant__operator__gt="")
    return list(found.order_by("premises__code"))
