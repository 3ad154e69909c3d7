"""What the papers of the rarer steps say: the facts under the keys of their forms in `sanbao/law/forms`. Writes nothing.

The papers are in Chinese, the language of procedure. The papers of the ordinary course have their words in `papers`.
"""

from datetime import datetime
from typing import Any

from sanbao.core import clock
from sanbao.core.models import User
from sanbao.law import money
from sanbao.law import wording as law_wording
from sanbao.law.chinese_dates import in_figures
from sanbao.law.deadlines import due
from sanbao.law.facts import CaseFacts
from sanbao.penalties import papers
from sanbao.penalties.bringing.given import Details
from sanbao.penalties.models import Case, Measure, Reminder
from sanbao.problems import facts as problem_facts

VISITS = {"patrol": "公共区域巡查", "routine": "日常检查", "case": "个案检查", "special": "专项检查"}
MEASURES = {"preservation": "先行登记保存", "seizure": "查封（扣押）"}
SHOWN = "执法人员已主动出示执法证件，并告知当事人依法享有的权利。"


def decision_number(case: Case) -> str:
    """The number of the decision in the file, ordinary or on the spot."""
    row = case.papers.filter(form__in=("D-23", "D-24")).select_related("document").last()
    return row.document.number if row else ""


def served_words(case: Case, row: Any = None) -> str:
    """The day on which the decision, or another paper, was served."""
    service = problem_facts.service_of(row or case)
    return in_figures(clock.local_day(service.at)) if service else "未送达"


def visit(case: Case, given: Details, by: User, at: datetime) -> dict[str, Any]:
    """D-01, D-02: how an inspection was approved and notified."""
    kind = VISITS[given.visit_kind]
    row = papers.row_of(case)
    planned = papers.moment(given.approved_at or at)
    return {
        "target": case.merchant.name,
        "inspection_type": kind,
        "item": row.title_zh if row else case.violation,
        "items": [row.title_zh if row else case.violation],
        "basis": problem_facts.provision_words(row.provisions) if row else "",
        "frequency": f"本年度已检查{given.done_this_year or 0}次，公布的上限为{given.cap or 0}次",
        "planned": planned,
        "head": given.approver,
        "opinion": f"{planned}经批准实施。",
    }


def scene(case: Case, text: str, at: datetime) -> dict[str, Any]:
    """D-03: the record of the scene."""
    photos = case.evidence.filter(photo__isnull=False).count()
    return {
        "began": papers.moment(at),
        "ended": papers.moment(at),
        "shown": SHOWN,
        "present": case.merchant.operator or case.merchant.name,
        "rights_told": "已告知申请回避、陈述、申辩的权利。",
        "seen": text or case.findings,
        "pictures": f"现场照片{photos}张",
        "party_opinion": "见签名栏",
    }


def education(case: Case, reason: str) -> dict[str, Any]:
    """D-21: what was explained to the party."""
    return {"educated_about": reason, "party_opinion": "见签名栏"}


def spot_decision(case: Case, given: Details, at: datetime) -> dict[str, Any]:
    """D-24: how the party was heard, and how it pays (PL 52)."""
    day = clock.local_day(at)
    told = papers.moment(given.told_at or at)
    stated = given.text.strip() or "未提出陈述、申辩"
    return {
        "heard": f"{told}已当场告知拟作出的行政处罚内容及事实、理由、依据和陈述、申辩的权利。当事人：{stated}。",
        "performance": ["罚款已当场收缴。"] if given.cash_reason else papers.performance(case, day),
    }


def crime(case: Case, given: Details) -> dict[str, Any]:
    """D-34C: the transfer of a suspected crime (PL 27)."""
    return {
        "recipient_agency": given.receiver or "有管辖权的公安机关",
        "reason": given.reason,
        "report": case.findings,
        "materials": materials(case),
        "goods": [line for row in case.measures.all() for line in goods(row)] or [["无", "", "", ""]],
    }


def referral(case: Case, given: Details) -> dict[str, Any]:
    """D-34T: the letter that hands the case to the competent agency."""
    return {"recipient_agency": given.receiver, "reason": given.reason, "materials": materials(case)}


def materials(case: Case) -> list[list[str]]:
    """What goes along with a case that is handed over: the register sheet and every piece of evidence."""
    lines = ["案件登记材料", *(papers.evidence_line(row) for row in case.evidence.all())]
    return [[str(number), words] for number, words in enumerate(lines, 1)]


def postponement(case: Case, given: Details, by: User) -> dict[str, Any]:
    """D-27A, D-27: more time to pay, with its schedule (PL 66)."""
    rows = [[in_figures(day), money.figures(amount)] for day, amount in given.schedule]
    return {
        "decision": decision_number(case),
        "amount": case.fine,
        "applied": papers.moment(given.applied_at) if given.applied_at else "",
        "hardship": given.reason,
        "reason": given.reason,
        "schedule": rows,
        "last_day": in_figures(max(day for day, _amount in given.schedule)),
        "opinion": "同意。",
        "head": by.name,
    }


def payments(case: Case) -> dict[str, Any]:
    """D-28: every payment with its receipt."""
    rows = list(case.payments.all())
    listed = [[in_figures(row.paid_on), money.figures(row.amount), row.receipt_no] for row in rows]
    return {"decision": decision_number(case), "payments": listed, "paid": sum(row.amount for row in rows)}


def reminder(case: Case, row: Reminder, at: datetime) -> dict[str, Any]:
    """D-29, D-32U: what is to be done, by when, how, and how much (CL 35, 51, 54)."""
    name = "DL-13" if row.kind == Reminder.Kind.SUBSTITUTE else "DL-12"
    window = f"自收到本催告书之日起{law_wording.period(name, clock.local_day(at))}内"
    rights = "你（单位）有权进行陈述和申辩。"
    return {
        "decision": decision_number(case),
        "decision_served": served_words(case),
        "duty": row.duty or "缴纳罚款和加处罚款",
        "perform_within": window,
        "perform_by": window,
        "manner": f"凭缴款通知书到指定的银行或者通过电子支付系统缴纳。{rights}",
        "amount": row.fine + row.extra,
    }


def reminder_words(case: Case) -> str:
    """The last reminder by number and day of service."""
    row = case.reminders.select_related("document").last()
    number = row.document.number if row and row.document else ""
    return f"{number}，{served_words(case, row)}送达" if row else ""


def enforcement(case: Case, given: Details, at: datetime) -> dict[str, Any]:
    """D-30, D-32: the decision to enforce by own power (CL 37, 51)."""
    substitute = given.enforce_as == "substitute"
    basis = ("CL-50", "CL-51") if substitute else ("CL-37", "CL-44")
    return {
        "decision": decision_number(case),
        "reminder": reminder_words(case),
        "reason": given.reason,
        "basis": problem_facts.provision_words(basis),
        "manner": "代履行" if substitute else "强制拆除",
        "when": papers.moment(given.enforce_at or at),
        "object": case.correction or case.findings,
        "budget": given.budget,
        "performer": given.performer or case.department.name,
    }


def court(case: Case, known: CaseFacts, given: Details, by: User) -> dict[str, Any]:
    """D-33, D-33L: the application to the court and its enclosures (CL 53 to 55)."""
    extra = known.reminder.extra_fine if known.reminder and known.reminder.extra_fine else 0
    stated = "；".join(row.text for row in case.defences.filter(reminder__isnull=False)) or "未提出意见"
    enclosed = ("行政决定书及作出决定的事实、理由和依据", "当事人的意见及行政机关催告情况", "申请强制执行标的情况")
    return {
        "court": known.local.court or "",
        "decision": decision_number(case),
        "decision_served": served_words(case),
        "reminder": reminder_words(case),
        "matters": papers.sanction_words(case),
        "amount": (case.fine or 0) + extra,
        "grounds": case.findings,
        "party_opinion": stated,
        "object_information": given.text or "见材料目录",
        "head": by.name,
        "materials": [[str(number), words] for number, words in enumerate(enclosed, 1)],
    }


def cover(case: Case, at: datetime) -> dict[str, Any]:
    """D-37: the cover of the bound file."""
    rows = list(case.papers.select_related("document").order_by("document__issued_at", "id"))
    pages = sum(row.document.pages for row in rows)
    return {
        "filed": in_figures(clock.local_day(case.filed_at)) if case.filed_at else "未立案",
        "closed": in_figures(clock.local_day(case.closed_at)) if case.closed_at else "",
        "outcome": "；".join(papers.sanction_words(case)) or "未予处罚",
        "archived": in_figures(clock.local_day(at)),
        "pages": str(pages),
        "retention": "按档案保管期限表执行",
        "contents": [[str(number), row.document.title, row.document.number] for number, row in enumerate(rows, 1)],
    }


def address(case: Case) -> dict[str, Any]:
    """D-25: the confirmed address and the agreed channel of electronic service (PL 61; CPL 90)."""
    told = case.address
    return {
        "address": told["address"],
        "receiver": told["receiver"],
        "electronic": "同意" if told["channel"] else "不同意",
        "channels": told["channel"] or "无",
    }


def goods(row: Measure) -> list[list[str]]:
    """The list of things: name, model, quantity, condition."""
    return [[item["name"], item.get("model", ""), item.get("quantity", ""), item.get("condition", "")] for item in row.items]


def measure(case: Case, row: Measure, reason: str, at: datetime, by: User) -> dict[str, Any]:
    """D-09 to D-14E: preservation or seizure, from the approval to the return."""
    began = row.started_at or at
    first, longer = due("DL-10", began).last_day, due("DL-10E", began).last_day
    number = case.papers.filter(form__in=("D-09", "D-12")).select_related("document").last()
    day = clock.local_day
    return {
        "measure": MEASURES[row.kind],
        "reason": reason or row.reason,
        "basis": row.answers.get("basis") or problem_facts.provision_words(("CL-22",)),
        "goods": goods(row),
        "kept_at": row.place,
        "keeper": row.keeper or case.department.name,
        "started": papers.moment(began),
        "until": in_figures(due("DL-03", began).last_day),
        "from_day": in_figures(day(began)),
        "until_day": in_figures(longer if row.extensions else first),
        "before": in_figures(first),
        "notice_number": number.document.number if number else "",
        "decision": number.document.number if number else "",
        "disposals": [[item["name"], item.get("decision", "")] for item in row.items],
        "returned": f"{papers.moment(at)}，{row.place}",
        "opinion": "同意。",
        "head": row.approved_by.name if row.approved_by else by.name,
    }
