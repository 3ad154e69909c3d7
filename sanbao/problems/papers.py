"""What the papers of this room say: plain facts for the Typst templates in `documents/`, already in words. Writes nothing.

The papers are in Chinese, the language of procedure; their fixed wording stands in the templates.
"""

from datetime import datetime
from typing import Any

from sanbao.core import clock
from sanbao.core.models import District, User
from sanbao.law.chinese_dates import to_the_minute
from sanbao.law.register import rule
from sanbao.problems import facts
from sanbao.problems.models import Order, Recheck

ORDER = "责令限期改正通知书"
EXTENSION = "责令改正期限延长通知书"
WITHDRAWAL = "责令改正撤销通知书"
RECHECK = "复查记录"


def remedies(district: District, at: datetime) -> dict[str, Any] | None:
    """Whom to ask for reconsideration, which court, and until when; None if organ or court is not known (RL 20, 24; ALL 46)."""
    local = facts.local_of(district)
    organ, court = local.organ or district.government, local.court or district.court
    if not organ or not court:
        return None
    day = clock.local_day(at)
    return {
        "organ": organ,
        "court": court,
        "days": str(rule("DL-14R").figure_on(day)),
        "months": str(rule("DL-14L").figure_on(day)),
    }


def order_paper(order: Order, district: District) -> dict[str, Any]:
    """The order to correct: party, act, provision, what to do, until which hour, how rechecked, remedies."""
    finding, merchant = order.finding, order.finding.merchant
    row = facts.row_of(order.violation, order.issued_at)
    contact = order.first_officer.department
    return {
        "addressee": merchant.name,
        "party": [
            ["地址", finding.premises.address if finding.premises else finding.place],
            ["统一社会信用代码", merchant.credit_code or ""],
        ],
        "found_at": moment(finding.found_at),
        "place": finding.place,
        "conduct": row.conduct_zh if row else "",
        "note": finding.note,
        "basis": order.basis,
        "requirement": order.requirement,
        "correct_by": moment(order.correct_by),
        "remedies": remedies(district, order.issued_at),
        "officers": [_officer(person, order.issued_at) for person in (order.first_officer, order.second_officer)],
        "contact": [contact.address, contact.phone] if contact else [],
    }


def extension_paper(order: Order, before: datetime) -> dict[str, Any]:
    """The notice that the deadline was extended."""
    return {
        "addressee": order.finding.merchant.name,
        "order_number": order.number,
        "before": moment(before),
        "correct_by": moment(order.correct_by),
        "reason": order.extension_reason,
    }


def withdrawal_paper(order: Order) -> dict[str, Any]:
    """The notice that an order was taken back."""
    return {"addressee": order.finding.merchant.name, "order_number": order.number, "reason": order.withdrawal_reason}


def recheck_paper(done: Recheck, order: Order) -> dict[str, Any]:
    """The record of a recheck."""
    return {
        "party": order.finding.merchant.name,
        "place": order.finding.place,
        "order_number": order.number,
        "requirement": order.requirement,
        "correct_by": moment(order.correct_by),
        "rechecked_at": moment(done.at),
        "result": "已按要求改正" if done.passed else "逾期未改正",
        "note": done.note,
        "officers": [_officer(person, done.at) for person in (done.by, done.second)],
    }


def moment(at: datetime) -> str:
    """An instant as papers write it, in local time."""
    return to_the_minute(at.astimezone(clock.ZONE))


def _officer(person: User, at: datetime) -> list[str]:
    paper = person.certificate_at(at)
    return [person.name, paper.number if paper else ""]
