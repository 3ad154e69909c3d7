"""Cases that begin with a lead and no order before them: checked, ordered, punished on the spot, heard, reminded, transferred.

The steps they share with the others are in `cases`. The court is not reached, because the time to sue runs longer than a
demonstration; nothing is referred, because the invented bureau has power over everything.
"""

from datetime import datetime, timedelta

from sanbao.core import clock
from sanbao.demo import cases, words
from sanbao.demo.cases import Hand, walk
from sanbao.demo.fronts import Front
from sanbao.demo.stage import Stage
from sanbao.penalties import services
from sanbao.problems.services import Proof, record_finding

TO_HEARING = ("write", "check", "file", "propose_heavy", "report", "notify", "serve_notice", "request_hearing", "call_hearing")
# fate: (class of the problem, violation, how many days ago, the steps). A barbecue's fine can be high enough for a hearing.
FATES: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "lead": ("H05", "V05", 2, ()),
    "verified": ("H05", "V05", 4, ("write", "check")),
    "ordered": ("O02", "V02", 5, ("write", "check", "order_correction")),
    "punished": ("H05", "V05", 7, ("write_small", "propose_small", "punish_on_spot")),
    "crime": ("O02", "V02", 10, ("write", "file", "transfer_crime")),
    "hearing": ("O10", "V30", 14, TO_HEARING),
    "heard": ("O10", "V30", 34, (*TO_HEARING, "serve_hearing_notice", "hold_hearing")),
    "urged": ("H05", "V05", 31, ("write_small", "propose_small", "punish_on_spot", "lapse", "remind", "serve_reminder")),
}
STATES = {"punished": "served"}
SHORTEST = {"heard": 30, "urged": 34}


def fates(days: int) -> list[str]:
    """The fates that so many days can show."""
    return [fate for fate in FATES if days >= SHORTEST.get(fate, 0)]


def plan(stage: Stage) -> None:
    """Put one lead for each fate on the timeline."""
    dice = stage.dice("leads")
    single = [front for front in stage.town.fronts if front.shop and front.shop.credit_code and not front.shop.company]
    for number, fate in enumerate(fates(stage.days)):
        day = max(1, stage.days - FATES[fate][2])
        stage.timeline.plan(stage.at(day, 9, 5 + number), _open, stage, dice.choice(single), fate, number)


def _open(stage: Stage, front: Front, fate: str, number: int, at: datetime) -> None:
    code, violation, _days, path = FATES[fate]
    liu = stage.who("liu")
    finding = record_finding(
        class_code=code,
        premises=stage.premises[front.number],
        note=words.COMMENTS[code][1],
        photos=[stage.photo(number, code, liu, at)],
        by=liu,
        at=at,
    )
    opened = at + timedelta(minutes=20)
    case = services.open_lead(
        finding, violation=violation, conduct_on=clock.local_day(at), second=stage.who("chen"), by=liu, at=opened
    )
    walk(stage, LeadHand(stage, number, {"pk": case.pk}), path, opened + timedelta(minutes=30))


class LeadHand(Hand):
    """The steps that only a case from a lead takes."""

    def write_small(self, at: datetime) -> None:
        self._record(at)

    def propose_small(self, at: datetime) -> None:
        self._propose(80, at)

    def propose_heavy(self, at: datetime) -> None:
        self._propose(4_000, at)

    def check(self, at: datetime) -> None:
        self._step("check", "liu", at, activity="patrol", text="现场检查，情况属实，已拍照取证。")

    def order_correction(self, at: datetime) -> None:
        by_then = at + timedelta(days=2)
        requirement = words.REQUIREMENTS["O02"]
        self._step("order_correction", "liu", at, requirement=requirement, correct_by=by_then, reasonable=True)

    def punish_on_spot(self, at: datetime) -> None:
        proof = Proof(recipient=self.case.merchant.operator, relation="经营者本人", signed=True)
        delivery = services.proposed_service(self.case, mode="on_the_spot", proof=proof, by=self.who("liu"), at=at)
        told = {"facts_certain": True, "told_at": at, "defence_heard": True}
        self._step("punish_on_spot", "liu", at, delivery=delivery, **told)
        services.report_on_spot(self.case, by=self.who("liu"), at=at)

    def transfer_crime(self, at: datetime) -> None:
        team = (self.who("he"), self.who("luo"))
        reason = "当事人以暴力阻碍执行职务，涉嫌犯罪。"
        self._step("transfer_crime", "zhao", at, team=team, documents_complete=True, reason=reason)

    def request_hearing(self, at: datetime) -> None:
        self._step("request_hearing", "liu", at, received_at=at)

    def call_hearing(self, at: datetime) -> None:
        services.call_hearing(
            self.case,
            scheduled_at=clock.at_local(clock.local_day(at) + timedelta(days=12), 15),
            place="区执法局二楼会议室",
            chair=self.who("qian"),
            chair_conflict=False,
            public=True,
            by=self.who("zhao"),
            at=at,
        )

    def serve_hearing_notice(self, at: datetime) -> None:
        services.serve_hearing_notice(self.case, mode="direct", proof=self._proof(), by=self.who("liu"), at=at)

    def hold_hearing(self, at: datetime) -> None:
        text = "当事人陈述：已购置无烟炉具，请求从轻。"
        self._step("hold_hearing", "liu", at, held_at=at, record_signed=True, text=text)

    def remind(self, at: datetime) -> None:
        self._step("remind", "liu", at)

    def serve_reminder(self, at: datetime) -> None:
        services.serve_reminder(self.case, mode="direct", proof=self._proof(), by=self.who("liu"), at=at)


def states(days: int) -> set[str]:
    """The states in which cases stand after so many days, those of `cases` included."""
    ends = {cases.ENDS_IN.get(fate, fate) for fate in cases.fates(days)}
    return ends | {STATES.get(fate, fate) for fate in fates(days)}
