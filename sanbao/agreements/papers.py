"""What is printed and linked: the working number, the facts of the letter's paper, and the token of its personal link."""

import base64
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import translation

from sanbao.agreements.models import Agreement, ItemState
from sanbao.agreements.zones import drawing
from sanbao.agreements.zones import queries as zones
from sanbao.core import clock, documents, files, links
from sanbao.core.models import Department, IssuedDocument, Photo, User
from sanbao.core.serials import next_serials

KIND = "agreement"
WAITING_SERIAL = "agreement_waiting"
PURPOSE = "agreement.sign"
TEMPLATE = "letter"
# The paper speaks Chinese whatever the language of the page.
ON_PAPER = "乙方已在纸质文本上签名，原件照片存档；本电子文本由两名工作人员分别录入、核对。"
SIDES = {"left": "左侧", "right": "右侧", "": ""}
PAPER_LANGUAGE = "zh-hans"
CAPACITIES = {"operator": "经营者（法定代表人）", "manager": "店长", "agent": "受托人"}


def waiting_number(at: datetime) -> str:
    """The working number of a letter until it is signed and bears that of its paper: `待签2026-000012`."""
    return waiting_numbers(at, 1)[0]


def waiting_numbers(at: datetime, count: int) -> list[str]:
    """The next working numbers, in one step."""
    year = clock.local_day(at).year
    return [f"待签{year}-{serial:06d}" for serial in next_serials(WAITING_SERIAL, year, count)]


def token_of(agreement: Agreement) -> str:
    """The token of the letter's present personal link; the same until the letter is handed over anew."""
    return links.make_token(PURPOSE, agreement, expires_at=agreement.link_expires_at)


def issue_letter(agreement: Agreement, *, by: User | None, at: datetime) -> IssuedDocument:
    """Issue the paper of a letter that has just been signed, with its items and the signature inside."""
    unit: Department = agreement.unit
    return documents.issue(
        KIND, agreement, TEMPLATE, letter_facts(agreement), title=agreement.form.title, department=unit, by=by, at=at
    )


def letter_facts(
    agreement: Agreement, states: Iterable[ItemState] | None = None, found: Sequence[zones.Zone] | None = None
) -> dict[str, Any]:
    """Everything the paper says, as plain JSON (2 queries, and 8 for the zones); unsigned letters leave the signature empty.

    `states` are the answers to the items where they have not been written yet; `found` the zones of the front where they are known.
    """
    premises, merchant = agreement.premises, agreement.merchant
    if found is None:
        found = zones.zone_of(premises, agreement.signed_on or clock.today())
    return {
        "unit": agreement.unit.name if agreement.unit else "",
        "merchant": merchant.name,
        "credit_code": merchant.credit_code or "",
        "operator": merchant.operator,
        "address": premises.address,
        "sign_name": premises.sign_name,
        "frontage": _frontage(agreement),
        "zones": zone_facts(found),
        "term": f"{chinese(agreement.term_from)}至{chinese(agreement.term_until)}" if agreement.term_from else "",
        "version": agreement.form.version,
        "text_hash": agreement.form.text_hash,
        "sections": agreement.form.body,
        "items": _items(agreement, agreement.item_states.all() if states is None else states),
        "consent": agreement.form.consent_text.splitlines(),
        "signer": agreement.signer_name,
        "capacity": CAPACITIES.get(agreement.signer_capacity, ""),
        "signed_at": _signed_at(agreement),
        "signature": _as_svg(agreement.signature) if agreement.signature else "",
        "paper": ON_PAPER if agreement.means == Agreement.Means.PAPER else "",
    }


def zone_facts(found: Iterable[zones.Zone]) -> list[dict[str, Any]]:
    """The zones of a front as a paper keeps them: the drawing, and the same in sentences."""
    with translation.override(PAPER_LANGUAGE):
        return drawing.shown(found)


def _items(agreement: Agreement, states: Iterable[ItemState]) -> list[dict[str, str]]:
    given = {state.item_id: state for state in states}
    return [
        {
            "duty": agreement.form.promise_of(item.duty),
            "code": item.code,
            "wording": item.wording,
            "answer": _answer(given.get(item.pk)),
            "points": f"{item.points}分，每处扣{item.deduction}分" if item.points else "",
        }
        for item in agreement.form.items.all()
    ]


def _answer(state: ItemState | None) -> str:
    if state is None:
        return ""
    return "承诺" if state.answer == ItemState.Answer.AGREED else f"不适用：{state.reason}"


def _signed_at(agreement: Agreement) -> str:
    """Ink tells the day only."""
    on_paper = agreement.means == Agreement.Means.PAPER
    return chinese(agreement.signed_on) if on_paper else moment(agreement.signed_at)


def _frontage(agreement: Agreement) -> str:
    premises = agreement.premises
    if premises.segment is None or premises.start_m is None:
        return ""
    side = SIDES[premises.side]
    start, end, metres = premises.start_m, premises.end_m, premises.end_m - premises.start_m
    return f"{premises.segment.street.name}{side}，第{start}米至第{end}米，面宽{metres}米"


def chinese(day: date) -> str:
    """A day as papers write it: 2026年9月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime | None) -> str:
    """An instant as papers write it, with the local hour; empty for nothing."""
    if at is None:
        return ""
    local = at.astimezone(clock.ZONE)
    return f"{chinese(local.date())} {local:%H:%M}"


def _as_svg(signature: Photo) -> str:
    """The signature inside an SVG, which a paper can carry among its facts as text."""
    with files.open_original(signature) as file:
        data = base64.b64encode(file.read()).decode()
    width, height = signature.width, signature.height
    image = f'<image href="data:{signature.mime};base64,{data}" width="{width}" height="{height}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">{image}</svg>'
    )
