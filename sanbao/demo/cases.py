"""Penalties: one case for every state that the procedure leads to, each led there step by step by the people whose duty it is.

A path is tried day after day until the guards allow the next step, so that windows and holidays are kept whatever day it is built.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sanbao.core import clock
from sanbao.demo import words
from sanbao.demo.stage import Stage
from sanbao.penalties import services
from sanbao.penalties.models import Case
from sanbao.problems.models import Order
from sanbao.problems.services import Proof

BENCHMARK = "DEMO-2026-1"
ANSWERS = {
    "established": True,
    "continuing": False,
    "grave_harm": False,
    "earlier_fine_checked": True,
    "adult": True,
    "capacity": "full",
    "no_conflict": True,
    "showed_certificates": True,
    "minor": False,
    "corrected_in_time": False,
    "harmless": False,
    "first_time": True,
    "slight_harm": True,
    "no_fault_proven": False,
    "major_public_interest": False,
    "difficult": False,
    "complex_or_major": False,
}
SAME_DAY = ("write", "propose", "propose_heavy", "notify", "check", "call_hearing")
TO_FILED = ("write", "file")
TO_REPORTED = (*TO_FILED, "propose", "report")
TO_NOTICED = (*TO_REPORTED, "notify", "serve_notice")
TO_REVIEWED = (*TO_NOTICED, "waive_defence", "pass_review")
TO_DECIDED = (*TO_REVIEWED, "decide")
TO_SERVED = (*TO_DECIDED, "serve")
TO_PAID = (*TO_SERVED, "pay")

# fate: (how many days ago the act was found, the steps of its path). The state it ends in is its name, or said behind it.
FATES: dict[str, tuple[int, tuple[str, ...]]] = {
    "rechecked": (3, ()),
    "filed": (6, TO_FILED),
    "suspended": (13, (*TO_FILED, "suspend")),
    "reported": (9, TO_REPORTED),
    "noticed": (8, TO_NOTICED),
    "defended": (11, (*TO_NOTICED, "state_defence")),
    "reviewed": (15, TO_REVIEWED),
    "discussed": (
        21,
        (
            "write_complex",
            "file",
            "propose",
            "report",
            "notify",
            "serve_notice",
            "waive_defence",
            "legal_review",
            "pass_review",
            "discuss",
        ),
    ),
    "decided": (18, TO_DECIDED),
    "served": (23, TO_SERVED),
    "paid": (29, TO_PAID),
    "closed": (38, (*TO_PAID, "close")),
    "archived": (43, (*TO_PAID, "close", "archive")),
    "overdue": (52, (*TO_SERVED, "lapse")),
    "revoked": (44, (*TO_SERVED, "revoke")),
    "no_action": (12, ("drop",)),
    "no_penalty": (17, ("write_minor", "file", "waive_penalty")),
    # Filed, and blocked: the fine proposed lies above the range, so the investigation cannot be reported finished.
    "blocked": (16, (*TO_FILED, "propose_too_much")),
    # Noticed, and blocked: the notice was printed and never served, so no window runs and nobody may decide.
    "unserved": (19, (*TO_REPORTED, "notify")),
    # Noticed, the window over, and waiting for the legal reviewer: the facts are difficult.
    "waiting_review": (16, ("write_difficult", "file", "propose", "report", "notify", "serve_notice", "waive_defence")),
}
ENDS_IN = {"blocked": "filed", "unserved": "noticed", "waiting_review": "noticed"}
MORE = ("closed", "closed", "paid", "served", "no_penalty", "filed")
# Days of work below which a fate cannot be reached.
SHORTEST = {"discussed": 14, "revoked": 14, "paid": 14, "closed": 15, "archived": 16, "overdue": 34}


def fates(days: int) -> list[str]:
    """The fates that a demonstration of so many days can show, a few of them more than once when there is time."""
    known = [fate for fate in FATES if days >= SHORTEST.get(fate, 0)]
    return [*known, *MORE] if days >= 45 else known


def begins_on(fate: str, days: int, number: int) -> int:
    """The simulated day on which the act behind a fate is found."""
    again = 5 if number >= len(FATES) else 0
    return max(1 + number % 2, days - FATES[fate][0] - again)


def follow(stage: Stage, order: Order, fate: str, at: datetime) -> None:
    """Lead the case that the failed order has proposed along its path, from the next morning on."""
    number = int(order.number[-5:-1])
    walk(stage, Hand(stage, number, {"order": order}), FATES[fate][1], next_morning(at))


def walk(stage: Stage, hand: "Hand", path: Sequence[str], at: datetime) -> None:
    if path:
        first, *rest = path
        stage.timeline.insist(at, getattr(hand, first), then=lambda done: walk(stage, hand, rest, _soon(first, done)))


def _soon(step: str, done: datetime) -> datetime:
    """Paperwork follows within the hour; what needs another person waits for the next morning."""
    if step in SAME_DAY:
        return done + timedelta(minutes=40)
    return next_morning(done)


def next_morning(at: datetime) -> datetime:
    return clock.at_local(clock.local_day(at) + timedelta(days=1), 9, 30)


class Hand:
    """The hands a case goes through; every method does one thing as the person whose duty it is."""

    def __init__(self, stage: Stage, number: int, known_by: dict[str, Any]) -> None:
        """`known_by` finds the case: the failed order, or the case's own key."""
        self.stage, self.number, self.known_by = stage, number, known_by

    @property
    def case(self) -> Case:
        return Case.objects.select_related("merchant", "premises").get(**self.known_by)

    def who(self, login: str) -> Any:
        return self.stage.who(login)

    def _record(self, at: datetime, **changes: Any) -> None:
        case, liu = self.case, self.who("liu")
        case = services.record_facts(case, by=liu, at=at, **{**ANSWERS, **changes})
        marks = {str(row.pk): (True, True) for row in case.evidence.all()}
        services.verify_evidence(case, marks, by=liu, at=at)

    def write(self, at: datetime) -> None:
        self._record(at)
        said = f"我店因场地小，将桌椅货物摆到店外，收到责令改正后没有按时收回。（{words.SURNAMES[self.number % 60]}某某陈述）"
        services.add_evidence(
            self.case,
            kind="party_statement",
            title="当事人陈述笔录",
            proves=["conduct", "party"],
            note=said,
            obtained_at=at,
            verified=True,
            lawful=True,
            by=self.who("liu"),
            at=at,
        )

    def write_difficult(self, at: datetime) -> None:
        self._record(at, difficult=True)

    def write_complex(self, at: datetime) -> None:
        self._record(at, difficult=True, complex_or_major=True)

    def write_minor(self, at: datetime) -> None:
        self._record(at, minor=True, corrected_in_time=True, harmless=True, educated=True)

    def _step(self, name: str, login: str, at: datetime, **details: Any) -> None:
        services.take_step(self.case, name, by=self.who(login), at=at, **details)

    def _propose(self, fine: int, at: datetime) -> None:
        services.propose_penalty(
            self.case,
            kinds=["fine"],
            fine=Decimal(fine),
            benchmark=BENCHMARK,
            correction="将店外物品全部收回店内",
            by=self.who("liu"),
            at=at,
        )

    def file(self, at: datetime) -> None:
        self._step("file", "zhao", at, reason="事实初步查明，同意立案。")

    def suspend(self, at: datetime) -> None:
        self._step("suspend", "zhao", at, reason="当事人因病住院，暂不能配合调查。")

    def propose(self, at: datetime) -> None:
        case = self.case
        least = 600 if case.violation == "V03" and case.merchant.kind == "company" else 200
        self._propose(least + self.number % 5 * 50, at)

    def propose_too_much(self, at: datetime) -> None:
        self._propose(1500, at)

    def report(self, at: datetime) -> None:
        self._step("report", "liu", at)

    def notify(self, at: datetime) -> None:
        self._step("notify", "liu", at)

    def _proof(self) -> Proof:
        return Proof(recipient=self.case.merchant.operator, relation="经营者本人", signed=True)

    def serve_notice(self, at: datetime) -> None:
        services.serve_notice(self.case, mode="direct", proof=self._proof(), by=self.who("liu"), at=at)

    def waive_defence(self, at: datetime) -> None:
        services.record_waiver(self.case, defence=True, hearing=False, by=self.who("liu"), at=at)

    def state_defence(self, at: datetime) -> None:
        self._step("state_defence", "liu", at, text="当日是送货临时摆放，不是经营。", received_at=at - timedelta(hours=1))

    def legal_review(self, at: datetime) -> None:
        reasons = "主体适格，事实清楚，证据确凿，适用依据正确，程序合法，裁量适当。"
        services.review_draft(self.case, passed=True, reasons=reasons, by=self.who("qian"), at=at)

    def pass_review(self, at: datetime) -> None:
        self._step("pass_review", "liu", at)

    def discuss(self, at: datetime) -> None:
        self._step("discuss", "zhao", at, heads_present=3, agreed=True, text="经集体讨论，一致同意承办机构意见。")

    def decide(self, at: datetime) -> None:
        self._step("decide", "zhao", at, sealed=True, reason="同意。")

    def serve(self, at: datetime) -> None:
        case, liu = self.case, self.who("liu")
        delivery = services.proposed_service(case, mode="direct", proof=self._proof(), by=liu, at=at)
        self._step("serve", "liu", at, delivery=delivery)

    def pay(self, at: datetime) -> None:
        case, day = self.case, clock.local_day(at)
        receipt = f"YH{day:%Y%m%d}{self.number:04d}"
        self._step("pay", "liu", at, amount=case.fine, paid_on=day, receipt_no=receipt)

    def close(self, at: datetime) -> None:
        done = {"duties_done": True, "goods_disposed": True, "correction_rechecked": True}
        self._step("close", "zhao", at, reason="罚款已缴，违法行为已改正，同意结案。", **done)

    def archive(self, at: datetime) -> None:
        self._step("archive", "liu", at)

    def lapse(self, at: datetime) -> None:
        self._step("lapse", "liu", at)

    def revoke(self, at: datetime) -> None:
        self._step("revoke", "zhao", at, reason="复核发现当事人名称登记有误，主动撤销本决定。")

    def drop(self, at: datetime) -> None:
        self._step("drop", "liu", at, reason="经核实，摆放物品属相邻店铺，当事人没有违法行为。")

    def waive_penalty(self, at: datetime) -> None:
        self._step("waive", "zhao", at, reason="违法行为轻微并及时改正，没有造成危害后果，不予处罚。")
