"""Orders to correct: issued by two certified officers, served with proof, sometimes extended, rechecked by somebody else.

An order of `cases.FATES` fails, and the news of it proposes a case; which legal path that case takes is told in `cases`.
"""

from datetime import datetime, timedelta
from random import Random

from sanbao.core import clock
from sanbao.core.models import User
from sanbao.demo import cases, words
from sanbao.demo.fronts import Front
from sanbao.demo.stage import Stage
from sanbao.problems import services
from sanbao.problems.classes import class_of
from sanbao.problems.models import Finding, Order
from sanbao.problems.services import Declared, Proof

SWORN = Declared(showed_certificates=True, no_conflict=True, reasonable=True)
PAIRS = (("liu", "chen"), ("liu", "chen"), ("he", "luo"), ("he", "tang"))
RECHECKERS = {"liu": ("sun", "luo"), "he": ("sun", "chen")}
HOURS = (4, 24, 24, 48, 72)


def plan_failures(stage: Stage) -> None:
    """The orders that are not followed: one finding each, early enough for the legal path its case is to take."""
    dice = stage.dice("failures")
    trading = [front for front in stage.town.fronts if front.shop and front.shop.credit_code]
    eating = [front for front in trading if "O02" in front.shop.trade.classes] or trading
    for number, fate in enumerate(cases.fates(stage.days)):
        front = dice.choice(eating)
        day = min(stage.days - 4, cases.begins_on(fate, stage.days, number))
        stage.timeline.plan(stage.at(day, 8, 30 + number % 20), _find_and_order, stage, front, fate, number)


def _find_and_order(stage: Stage, front: Front, fate: str, number: int, at: datetime) -> None:
    code = "O02" if number % 4 else "O03"
    by = stage.who("liu")
    finding = services.record_finding(
        class_code=code,
        premises=stage.premises[front.number],
        note=words.COMMENTS[code][1],
        photos=[stage.photo(number, code, by, at)],
        by=by,
        at=at,
    )
    order = _issue(stage, finding, ("liu", "chen"), 24, at + timedelta(minutes=12))
    _serve(stage, order, "direct", front, number, at + timedelta(minutes=30))
    stage.timeline.plan(order.correct_by + timedelta(minutes=50), _fail, stage, order, fate, number)


def _fail(stage: Stage, order: Order, fate: str, number: int, at: datetime) -> None:
    _recheck(stage, order, passed=False, number=number, at=at)
    cases.follow(stage, order, fate, at)


def issue(stage: Stage, finding: Finding, front: Front, number: int, at: datetime) -> None:
    """Issue an order for a finding, serve it the same hour, and plan how it goes on."""
    dice = Random(number)
    stage.orders += 1
    turn = stage.orders  # what happens to whom is dealt out in turn, so that a small district shows everything, too
    pair = PAIRS[turn % len(PAIRS)]
    order = _issue(stage, finding, pair, 48 if turn % 8 == 4 else dice.choice(HOURS), at)
    if turn % 24 == 5:
        return  # printed, and still in the bag
    if turn % 24 == 9:
        stage.timeline.plan(at + timedelta(hours=3), _withdraw, stage, order)
        return
    if turn % 12 == 7:
        tried = Proof(recipient=front.shop.operator, note="店门锁闭，无人应答")
        services.record_attempt(order, mode="direct", proof=tried, by=stage.who(pair[0]), at=at + timedelta(minutes=10))
        stage.timeline.plan(at + timedelta(hours=2), _serve, stage, order, "leaving", front, number)
    else:
        _serve(stage, order, "electronic" if turn % 12 == 2 else "direct", front, number, at + timedelta(minutes=15))
    if turn % 8 == 4:
        stage.timeline.plan(at + timedelta(hours=6), _extend, stage, order)
    if turn % 16 != 6:  # else nobody has gone back there yet
        again = order.correct_by + timedelta(minutes=dice.randint(5, 300))
        stage.timeline.plan(again, _recheck_in_time, stage, order, number)


def _issue(stage: Stage, finding: Finding, pair: tuple[str, str], hours: int, at: datetime) -> Order:
    correct_by = (at + timedelta(hours=hours)).astimezone(clock.ZONE)
    if correct_by.hour < 9 or correct_by.hour > 18:
        correct_by += timedelta(hours=14)
    return services.issue_order(
        finding,
        violation=class_of(finding.class_code).violation,
        requirement=words.REQUIREMENTS[finding.class_code],
        correct_by=correct_by.replace(minute=0, second=0),
        officers=[stage.who(name) for name in pair],
        declared=SWORN,
        by=stage.who(pair[0]),
        at=at,
    )


def _serve(stage: Stage, order: Order, mode: str, front: Front, number: int, at: datetime) -> None:
    by: User = order.first_officer
    name = front.shop.operator
    proof = Proof(recipient=name, relation="经营者本人", signed=True)
    if mode == "leaving":
        photo = stage.photo(number, "", by, at)
        proof = Proof(
            recipient=name, refused=True, witnesses="社区工作人员王芳", witness_count=1, photo=photo, note="留置于收银台"
        )
    if mode == "electronic":
        proof = Proof(recipient=name, consent=True, receipt=f"DX{order.number[-6:-1]}")
    services.serve_order(order, mode=mode, proof=proof, by=by, at=at)


def _extend(stage: Stage, order: Order, at: datetime) -> None:
    services.extend_order(
        order,
        correct_by=order.correct_by + timedelta(days=1),
        requested_at=at - timedelta(minutes=20),
        reason="订做的货架明日到货，今日无法全部收回店内。",
        by=order.first_officer,
        at=at,
    )


def _withdraw(stage: Stage, order: Order, at: datetime) -> None:
    services.withdraw_order(order, reason="经核对，门牌号登记有误，当事人认定错误，予以撤回。", by=order.first_officer, at=at)


def _recheck_in_time(stage: Stage, order: Order, number: int, at: datetime) -> None:
    if order.extended_once and at < order.correct_by:
        stage.timeline.plan(order.correct_by + timedelta(minutes=30), _recheck_in_time, stage, order, number)
        return
    _recheck(stage, order, passed=True, number=number, at=at)
    if number % 5:
        stage.timeline.plan(at + timedelta(minutes=20), _close, stage, order)


def _recheck(stage: Stage, order: Order, *, passed: bool, number: int, at: datetime) -> None:
    first, second = RECHECKERS.get(order.first_officer.username, ("sun", "luo"))
    by = stage.who(first)
    seen = stage.photo(number, "" if passed else order.finding.class_code, by, at)
    services.recheck(
        order,
        passed=passed,
        photos=[seen],
        second=stage.who(second),
        note="已按要求改正，现场整洁。" if passed else "期限已过，仍未改正，现场状况与发现时一致。",
        declared=SWORN,
        by=by,
        at=at,
    )


def _close(stage: Stage, order: Order, at: datetime) -> None:
    by = stage.who("sun")
    services.close_finding(order.finding, closing="经复查已按责令改正要求完成整改，予以办结。", by=by, at=at)
