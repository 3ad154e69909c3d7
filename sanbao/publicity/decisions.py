"""The public copy of a served decision: what PL 48 asks to be shown, with the persons in it masked. Reads only."""

from typing import Any

from sanbao.core import clock
from sanbao.law.publicity import mask_licence_name, mask_name
from sanbao.penalties import papers
from sanbao.penalties.models import Case

DECISIONS = ("D-23",)


def public_copy(case: Case) -> dict[str, Any]:
    """The frozen facts of a decision: number, masked party, conduct, basis, penalty, day, agency; nothing of address, contact or identity."""
    paper = case.papers.filter(form__in=DECISIONS).select_related("document").order_by("-id").first()
    row = papers.row_of(case)
    decided = case.decided_at or case.served_at or case.proposed_at
    return {
        "title": f"{paper.document.title} {paper.document.number}" if paper else case.number,
        "number": paper.document.number if paper else case.number,
        "party": masked_party(case),
        "conduct": row.title_zh if row else case.violation,
        "basis": papers.penalty_basis(case, row),
        "sanction": papers.sanction_words(case),
        "decided_on": clock.local_day(decided).isoformat(),
        "agency": case.department.name,
    }


def masked_party(case: Case) -> str:
    """The party's name for the public: a person's surname only, an individual business without its operator's name, a unit in full."""
    merchant = case.merchant
    if merchant.kind == "person":
        return mask_name(merchant.name)
    return mask_licence_name(merchant.name, merchant.operator) if merchant.kind == "individual" else merchant.name
