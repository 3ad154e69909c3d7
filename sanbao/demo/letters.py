"""The promise: a form and its successor, letters handed over street by street, signed, declined, grown old or left behind by a new operator."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sanbao.agreements import batches, services
from sanbao.agreements.form_text import FormText, read_form
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.models import Agreement, Form
from sanbao.core import clock
from sanbao.core.errors import Refusal
from sanbao.demo import words
from sanbao.demo.fronts import Front
from sanbao.demo.stage import Stage
from sanbao.registry import services as registry
from sanbao.registry.models import Premises

# What becomes of the fronts that need a letter, in shares of a hundred.
OLD_TEXT, RENEWED, SIGNED, DECLINED, WAITING = 6, 4, 47, 3, 10
ON_THE_SPOT = 0.75
NEWCOMERS, EXEMPT, ENDED = 0.022, 0.012, 0.003
EXEMPTIONS = (
    ("market_opener", "店面在商场内，由商场管理方统一签订"),
    ("public_body", "属公共机构，按其自身规定执行"),
    ("works", "位于施工围挡内，暂停经营"),
    ("no_front", "店门开在院内，没有临街面"),
)


def plan(stage: Stage) -> None:
    """Put the whole story of the letters on the timeline."""
    dice = stage.dice("letters")
    old, new = _texts(stage)
    stage.timeline.plan(stage.at(-18, 10), services.issue_form, old, by=stage.who("dispatcher"))
    stage.timeline.plan(stage.at(0, 8, 15), services.issue_form, new, by=stage.who("dispatcher"))
    fates = _fates(stage, dice)
    early = [front for front, fate in fates if fate in ("old", "renewed")]
    visits = [
        Visit(front, "signed", stage.at(-15 + 13 * number // len(early), 9 + number % 8, number % 60), 0.7 * dice.random())
        for number, front in enumerate(early)
    ]
    later = [each for each in fates if each[1] != "old"]
    visits += [
        Visit(front, fate, _moment(stage, number, len(later), dice), dice.random()) for number, (front, fate) in enumerate(later)
    ]
    _plan_rounds(stage, visits)
    _plan_changes(stage, fates, dice)


@dataclass(frozen=True)
class Visit:
    """A front that is called on at a moment, what becomes of it, and the chance of the day."""

    front: Front
    fate: str
    at: datetime
    chance: float


def _plan_rounds(stage: Stage, visits: list[Visit]) -> None:
    """Every morning each street office drafts the letters of its round; every evening the phones bring the signatures home."""
    rounds: dict[tuple[date, str], list[Visit]] = {}
    for visit in visits:
        rounds.setdefault((clock.local_day(visit.at), visit.front.piece.community[:9]), []).append(visit)
    for (day, _office), mine in sorted(rounds.items(), key=lambda pair: pair[0]):
        stage.timeline.plan(clock.at_local(day, 8, 30), _hand_over, stage, mine)


def _texts(stage: Stage) -> tuple[FormText, FormText]:
    """The text in force before the campaign, and the one that comes with it."""
    today = read_form("2026")
    old = replace(today, version=f"{stage.start.year}-1", effective_from=stage.start - timedelta(days=60))
    changed = "不用高音喇叭招揽顾客；油烟经净化后排放，定期清洗；噪声不扰邻。"
    items = tuple(replace(item, wording=changed) if item.code == "Z4" else item for item in today.items)
    return old, replace(today, version=f"{stage.start.year}-2", effective_from=stage.start, items=items)


def _fates(stage: Stage, dice: Random) -> list[tuple[Front, str]]:
    trading = [front for front in stage.town.fronts if front.shop]
    chosen = []
    for front in trading:
        roll = dice.random() * 100
        for share, fate in (
            (OLD_TEXT, "old"),
            (RENEWED, "renewed"),
            (SIGNED, "signed"),
            (DECLINED, "declined"),
            (WAITING, "waiting"),
        ):
            roll -= share
            if roll < 0:
                chosen.append((front, fate))
                break
    return chosen


def _moment(stage: Stage, number: int, total: int, dice: Random) -> datetime:
    """Street after street through the campaign, more at the beginning; few at weekends."""
    share = (number / total) ** 1.25
    day = 1 + int(share * (stage.days - 2))
    if (stage.start + timedelta(days=day)).weekday() >= 5 and dice.random() < 0.7:
        day = max(1, day - 2)
    return stage.at(day, dice.randint(9, 17), dice.randint(0, 59))


def _hand_over(stage: Stage, visits: list[Visit], at: datetime) -> None:
    """Draft a round's letters with their links; most are signed on the spot, some days later through the link, some not at all."""
    fronts = {stage.premises[visit.front.number].pk: visit for visit in visits}
    premises = [stage.premises[visit.front.number] for visit in visits]
    done = batches.draft_letters(premises, by=stage.clerk_for(premises[0]), at=at)
    stage.timeline.count_refused("draft_letters", [refusal for _front, refusal in done.refused])
    for letter in done.letters:
        visit = fronts[letter.premises_id]
        if visit.fate in ("signed", "renewed"):
            signed_at = visit.at if visit.chance < ON_THE_SPOT else _later(visit)
            _into_tray(stage, letter, visit, signed_at)
        elif visit.fate == "declined":
            stage.timeline.plan(visit.at, _decline, stage, letter, visit)


def _later(visit: Visit) -> datetime:
    """Some evening or weekend, through the link."""
    at = (visit.at + timedelta(hours=6 + visit.chance * 90)).astimezone(clock.ZONE)
    return at.replace(hour=min(max(at.hour, 8), 20))


def _decline(stage: Stage, letter: Agreement, visit: Visit, at: datetime) -> None:
    note = words.REFUSALS[int(visit.chance * 997) % len(words.REFUSALS)]
    services.record_refusal(letter, note=note, by=stage.grid_for(stage.premises[visit.front.number]), at=at)
    if visit.chance < 0.3:  # thought better of it
        _into_tray(stage, letter, visit, at + timedelta(days=6))


def _into_tray(stage: Stage, letter: Agreement, visit: Visit, at: datetime) -> None:
    """Keep a signature until the evening of its day, when the phones send what they hold."""
    day = clock.local_day(at)
    if day not in stage.tray:
        stage.tray[day] = []
        stage.timeline.plan(clock.at_local(day, 21), _bring_home, stage)
    stage.tray[day].append(_signing(stage, letter, visit, at))


def _bring_home(stage: Stage, at: datetime) -> None:
    signings = sorted(stage.tray.pop(clock.local_day(at)), key=lambda each: (each.at, each.client_id))
    outcomes = batches.sign_many(signings)
    stage.timeline.count_refused("sign", [outcome for outcome in outcomes if isinstance(outcome, Refusal)])


def _signing(stage: Stage, letter: Agreement, visit: Visit, at: datetime) -> batches.Signing:
    """Three quarters sign on the grid worker's phone, the others through their own link."""
    front = visit.front
    shop, premises = front.shop, stage.premises[front.number]
    roll = Random(f"{stage.seed}:sign:{front.number}")
    capacity = roll.choices(("operator", "manager", "agent"), (80, 15, 5))[0]
    items = {item.code: Answer(True) for item in _items(letter.form)}
    for code, reason in words.NOT_APPLICABLE.items():
        if roll.random() < 0.12:
            items[code] = Answer(False, reason)
    on_the_spot = visit.chance < ON_THE_SPOT
    return batches.Signing(
        agreement=letter,
        signer_name=shop.operator if capacity == "operator" else words.person_name(roll),
        capacity=capacity,
        signature=stage.signature(front.number, at),
        photo=stage.photo(front.number, "", None, at) if on_the_spot else None,
        items=items,
        consent_hash=letter.form.text_hash,
        client_id=f"demo-{front.number}-{letter.form.version}",
        by=stage.grid_for(premises) if on_the_spot else None,
        at=at,
    )


def _items(form: Form) -> list:
    kept = form.__dict__.get("_demo_items")
    if kept is None:
        kept = form.__dict__["_demo_items"] = list(form.items.all())
    return kept


def _plan_changes(stage: Stage, fates: list[tuple[Front, str]], dice: Random) -> None:
    """New operators behind signed letters, exemptions, and a few letters ended because a shop closed."""
    settled = [front for front, fate in fates if fate in ("old", "signed")]
    some = max(2, round(len(settled) * NEWCOMERS))
    for number, front in enumerate(dice.sample(settled, min(some, len(settled)))):
        day = stage.days - 1 - number % max(3, stage.days // 4)
        stage.timeline.plan(stage.at(day, 18, number % 60), _new_operator, stage, front)
    idle = [front for front in stage.town.fronts if front.shop and front.number not in {f.number for f, _fate in fates}]
    exempt = dice.sample(idle, min(len(idle), max(len(EXEMPTIONS), round(stage.size * EXEMPT))))
    for number, front in enumerate(exempt):
        stage.timeline.plan(stage.at(2 + number % max(1, stage.days - 4), 11), _exempt, stage, front, number)
    closing = [front for front, fate in fates if fate == "signed"][: max(1, round(stage.size * ENDED))]
    for front in closing:
        stage.timeline.plan(stage.at(stage.days - 2, 16), _shop_closed, stage, front)


def _new_operator(stage: Stage, front: Front, at: datetime) -> None:
    premises, shop = stage.premises[front.number], stage.shops.make()
    by = stage.clerk_for(premises)
    kind = "company" if shop.company else "individual"
    merchant = registry.add_merchant(
        shop.name,
        kind=kind,
        credit_code=shop.credit_code,
        operator=shop.operator,
        phone=shop.phone,
        scope=shop.trade.scope,
        registered_on=shop.registered_on,
        by=by,
        at=at,
    )
    registry.begin_occupancy(premises, merchant, from_on=clock.local_day(at), by=by, at=at)
    stage.premises[front.number] = registry.change_premises(premises, sign_name=shop.sign, by=by, at=at)


def _exempt(stage: Stage, front: Front, number: int, at: datetime) -> None:
    premises = stage.premises[front.number]
    code, reason = EXEMPTIONS[number % len(EXEMPTIONS)]
    until = clock.local_day(at) + timedelta(days=120) if code == "works" else None
    services.exempt_premises(
        premises,
        reason_code=code,
        reason=reason,
        from_on=clock.local_day(at),
        until_on=until,
        by=stage.clerk_for(premises),
        at=at,
    )


def _shop_closed(stage: Stage, front: Front, at: datetime) -> None:
    premises: Premises = stage.premises[front.number]
    by = stage.clerk_for(premises)
    registry.end_occupancy(premises, on=clock.local_day(at), by=by, at=at)
    for letter in Agreement.objects.filter(premises=premises, state="signed"):
        services.end_agreement(letter, note="店面停止经营，责任书随之终止。", by=by, at=at)
