"""What the papers of a case say: facts under the keys of their forms, already in words, and the parts to print. Writes nothing.

The papers are in Chinese, the language of procedure. What a form must say, its wording, periods, rates and articles are the law's data.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sanbao.core import clock
from sanbao.core.models import User
from sanbao.law import forms, money, wording
from sanbao.law.chinese_dates import in_figures, to_the_minute
from sanbao.law.citations import in_numerals
from sanbao.law.extra_fine import terms
from sanbao.law.register import rule
from sanbao.law.sanctions import UnknownViolation, Violation, lawful_range, violation
from sanbao.penalties import answers
from sanbao.penalties.facts import PARTY_KINDS
from sanbao.penalties.models import Case, Defence, Discussion, Evidence, Hearing, Notice, Review
from sanbao.problems import facts as problem_facts
from sanbao.problems.models import Delivery

KINDS = {
    "warning": "警告",
    "criticism": "通报批评",
    "fine": "罚款",
    "confiscate_gains": "没收违法所得",
    "confiscate_goods": "没收非法财物",
    "suspend_licence": "暂扣许可证件",
    "downgrade": "降低资质等级",
    "revoke_licence": "吊销许可证件",
    "restrict_business": "限制开展生产经营活动",
    "stop_business": "责令停产停业",
    "close_down": "责令关闭",
    "restrict_career": "限制从业",
    "remove_building": "限期拆除",
}
UNITS = {"days": "日", "working_days": "个工作日", "months": "个月", "hours": "小时"}
MODES = {
    "on_the_spot": "当场交付",
    "direct": "直接送达",
    "leaving": "留置送达",
    "elsewhere": "在住所以外送达（拒签）",
    "electronic": "电子送达",
    "mail": "邮寄送达",
    "via_other": "转交送达",
    "public_notice": "公告送达",
}
RECONSIDERATION_FIRST = {"D-24"}  # RL 23: a decision made on the spot
QUESTIONS = {
    "minor": "违法行为是否轻微",
    "corrected_in_time": "是否及时改正",
    "harmless": "是否没有造成危害后果",
    "first_time": "是否初次违法",
    "slight_harm": "危害后果是否轻微",
    "no_fault_proven": "当事人是否有证据足以证明没有主观过错",
}
PARTY = {"individual": "个体工商户", "company": "法人或者其他组织", "person": "公民"}


def party(case: Case) -> list[list[str]]:
    """The block that names the party."""
    who = case.merchant
    return [
        ["当事人", f"{who.name}（{PARTY[who.kind]}）"],
        ["统一社会信用代码", who.credit_code or ""],
        ["经营者" if who.kind == "individual" else "法定代表人（负责人）", who.operator if who.kind != "person" else ""],
        ["地址", case.premises.address if case.premises else case.place],
    ]


def common(case: Case, at: datetime) -> dict[str, Any]:
    """What every paper of a case may use."""
    row = row_of(case)
    return {
        "case_number": case.number,
        "addressee": case.merchant.name,
        "party": party(case),
        "conduct": row.conduct_zh if row else case.violation,
        "title_of_act": row.title_zh if row else case.violation,
        "provisions": problem_facts.provision_words(row.provisions) if row else "",
        "penalty_provisions": penalty_basis(case, row),
        "findings": case.findings,
        "conduct_on": in_figures(case.conduct_on),
        "place": case.place,
        "evidence": [evidence_line(each) for each in case.evidence.all() if each.verified],
        "sanction": sanction_words(case),
        "correction": case.correction,
        "handlers": [officer(person, at) for person in (case.first_handler, case.second_handler)],
        "moment": moment(at),
        "contact": contact(case),
    }


def row_of(case: Case) -> Violation | None:
    """The catalogue's row that judges the act."""
    try:
        return violation(case.violation, case.law_version or case.conduct_on)
    except UnknownViolation:
        return None


def penalty_basis(case: Case, row: Violation | None) -> str:
    """The provision that imposes the penalty, with the local norm that sets the amount where there is one."""
    if row is None:
        return ""
    words = problem_facts.provision_words(row.penalty)
    local = problem_facts.local_of()
    kind = PARTY_KINDS[case.merchant.kind]
    stage = "refusal" if case.order_id else "first"
    found = lawful_range(row, local.party_class(kind), local, case.conduct_on, stage=stage)
    return f"{words}、{found.basis}" if found and found.basis else words


def sanction_words(case: Case | Notice) -> list[str]:
    """Each kind of penalty in words; a fine in capitals and figures."""
    told = []
    for kind in case.kinds:
        if kind == "fine" and case.fine is not None:
            told.append(f"罚款人民币{money.capitals(case.fine)}（￥{money.figures(case.fine)}）")
        else:
            told.append(KINDS[kind])
    return told


def filing(case: Case, by: User, at: datetime, reason: str) -> dict[str, Any]:
    """立案审批表 (D-07)."""
    order = case.order
    source = f"责令限期改正逾期未改正（{order.number}）" if order else "巡查发现"
    opinion = f"{reason}" if reason.strip("… ") else "同意立案。"
    return {**common(case, at), "source": source, "head": by.name, "opinion": opinion}


def report(case: Case, at: datetime) -> dict[str, Any]:
    """案件调查终结报告 (D-15)."""
    yes_no = {True: "是", False: "否", None: "未答"}
    stored = answers.leniency_of(case.answers)
    checklist = [[words, yes_no[getattr(stored, key)]] for key, words in QUESTIONS.items()]
    return {**common(case, at), "checklist": checklist, "benchmark": case.benchmark, "law_reason": case.law_reason}


def notice(case: Case, at: datetime, *, hearing: bool) -> dict[str, Any]:
    """行政处罚事先告知书 (D-16, with D-17 where a hearing is offered)."""
    local = problem_facts.local_of()
    window = local.defence_window or rule("DL-01").figure_on(clock.local_day(at))
    return {
        **common(case, at),
        "window": f"{in_numerals(window)}{UNITS[rule('DL-01').unit]}",
        "hearing": f"{in_numerals(rule('DL-02').figure_on(clock.local_day(at)))}{UNITS[rule('DL-02').unit]}" if hearing else "",
        "rights_basis": problem_facts.provision_words(("PL-44", "PL-45")),
        "hearing_basis": problem_facts.provision_words(("PL-63", "PL-64")),
    }


def review(case: Case, row: Review) -> dict[str, Any]:
    """法制审核意见书 (D-22)."""
    points = ["执法主体、权限", "事实、证据", "适用法律、裁量基准", "程序", "是否涉嫌犯罪需要移送"]
    result = "审核通过" if row.passed else "不予通过，退回补充"
    return {**common(case, row.at), "points": points, "result": result, "reasons": row.reasons, "reviewer": row.by.name}


def defence_review(case: Case, row: Defence) -> dict[str, Any]:
    """陈述申辩复核意见书 (D-18)."""
    result = "采纳" if row.adopted else "不予采纳"
    received = moment(row.received_at)
    return {
        **common(case, row.rechecked_at or row.received_at),
        "text": row.text,
        "received": received,
        "result": result,
        "reasons": row.reasons,
    }


def hearing_announcement(case: Case, row: Hearing, at: datetime) -> dict[str, Any]:
    """听证通知书 (D-19; PL 64)."""
    return {
        **common(case, at),
        "scheduled": moment(row.scheduled_at),
        "hearing_place": row.place,
        "public": "公开" if row.public else f"不公开（{row.private_reason}）",
        "chair": row.chair.name,
        "basis": problem_facts.provision_words(("PL-64",)),
    }


def hearing_record(case: Case, row: Hearing) -> dict[str, Any]:
    """听证笔录 (D-19; PL 64, 65)."""
    return {
        **common(case, row.held_at),
        "held": moment(row.held_at),
        "hearing_place": row.place,
        "chair": row.chair.name,
        "attendance": "当事人未到场，视为放弃听证权利" if row.absent else f"当事人到场，委托代理人{row.agents}人",
        "record": row.record,
    }


def discussion(case: Case, row: Discussion) -> dict[str, Any]:
    """集体讨论记录 (D-22b)."""
    result = "同意处理意见" if row.agreed else "不同意处理意见"
    return {**common(case, row.at), "heads": str(row.heads_present), "result": result, "record": row.record}


def decision(case: Case, at: datetime) -> dict[str, Any]:
    """行政处罚决定书 (D-23; PL 59)."""
    day = clock.local_day(at)
    known = common(case, at)
    basis = f"你（单位）的上述行为违反了{known['provisions']}的规定。依照{known['penalty_provisions']}的规定"
    weighed = f"，参照裁量基准（{case.benchmark}）" if case.benchmark else ""
    lighter = f"鉴于{case.mitigation_reason}，予以从轻或者减轻处罚。" if case.mitigation_reason else ""
    return {
        **known,
        "hearing_history": hearing_history(case),
        "reasons": [
            f"{basis}{weighed}，决定给予如下行政处罚：",
            *(f"{words}。" for words in known["sanction"]),
            *filter(None, [lighter]),
        ],
        "performance": performance(case, day),
        "remedies": remedies(day),
    }


def performance(case: Case, day: Any) -> list[str]:
    """How and when to perform, the correction, and the extra fine as the law demands it to be stated (PL 59, 67, 72)."""
    lines = []
    if case.fine:
        pay = rule("DL-08")
        rate = terms().rate_on(day)
        percent = in_numerals(int(rate.per_day * 100))
        lines.append(
            f"罚款应当自收到本决定书之日起{in_numerals(pay.figure_on(day))}{UNITS[pay.unit]}内，"
            "凭缴款通知书到指定的银行或者通过电子支付系统缴纳。"
        )
        lines.append(
            f"逾期不缴纳罚款的，依照{problem_facts.provision_words(rate.cites)}的规定，"
            f"每日按罚款数额的百分之{percent}加处罚款，加处罚款的数额不超过罚款的数额。"
        )
    elif set(case.kinds) & {"warning", "criticism"}:
        lines.append("警告、通报批评自本决定书送达之日起执行。")
    if case.correction:
        lines.append(f"改正要求：{case.correction.rstrip('。')}。")
    return lines


def remedies(day: date, *, first: bool = False, paper: str = "本决定") -> str:
    """The remedies with their periods, organ and court (RL 20, 24; ALL 46).

    `first` for a decision on the spot: reconsideration comes before any suit, so no court and no period of a suit is printed (RL 23).
    `paper` is what a paper that is not a decision calls itself.
    """
    local = problem_facts.local_of()
    organ, court = local.organ or "", local.court or ""
    if not organ or not court:
        return ""
    asked = wording.period("DL-14S" if first else "DL-14R", day)
    stay = f"行政复议、行政诉讼期间，{paper}不停止执行，法律另有规定的除外。"
    if first:
        return (
            f"如不服本决定，依照{wording.articles('RL-23')}的规定，应当先自收到本决定书之日起{asked}内向{organ}申请行政复议；"
            f"对行政复议决定不服的，可以再依法向人民法院提起行政诉讼。{stay}"
        )
    return (
        f"如不服{paper}，可以自收到{paper}书之日起{asked}内向{organ}申请行政复议；"
        f"也可以自收到{paper}书之日起{wording.period('DL-14L', day)}内依法向{court}提起行政诉讼。{stay}"
    )


def dressed(case: Case, form: str, facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The facts of a paper in words, with the remedies of its procedure and the filled parts that are printed.

    What every paper of a case may use is added unless it is there already; `case_number` tells.
    """
    day = clock.local_day(at)
    told = {key: plain(value) for key, value in ({} if "case_number" in facts else common(case, at)).items()}
    told |= {key: plain(value) for key, value in facts.items()}
    row = forms.form(form)
    if "remedies" in row.labels:
        paper = "本通知" if row.title.endswith("通知书") else "本决定"
        told["remedies"] = remedies(day, first=form in RECONSIDERATION_FIRST, paper=paper)
    return {**told, "form": form, "parts": wording.parts_of(row, told, day)}


def plain(value: Any) -> Any:
    """A fact as a paper writes it: yuan in capitals and figures, days and instants in Chinese, yes and no; lists through and through."""
    if isinstance(value, Decimal):
        return f"人民币{money.capitals(value)}（￥{money.figures(value)}）"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return in_figures(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, int) else value


def hearing_history(case: Case) -> str:
    """What was told beforehand, and what the party stated."""
    told = case.notices.last()
    if told is None or told.document is None:
        return ""
    service = problem_facts.service_of(told)
    served = f"，并于{in_figures(clock.local_day(service.at))}送达" if service else ""
    words = f"本机关于{in_figures(clock.local_day(told.issued_at))}作出《行政处罚事先告知书》（{told.document.number}）{served}，"
    words += "告知拟作出的行政处罚内容及事实、理由、依据和依法享有的权利。"
    spoken = list(case.defences.all())
    if not spoken:
        given_up = "书面放弃陈述、申辩。" if told.waived_at else "在告知的期限内未提出陈述、申辩。"
        return words + "你（单位）" + given_up
    for row in spoken:
        result = "成立，予以采纳" if row.adopted else "不成立，不予采纳"
        words += f"你（单位）提出陈述、申辩：{row.text.rstrip('。')}。经复核，该意见{result}：{row.reasons.rstrip('。')}。"
    return words


def no_penalty(case: Case, at: datetime, reason: str) -> dict[str, Any]:
    """不予行政处罚决定书 (D-20; PL 30, 31, 33, 57)."""
    day = clock.local_day(at)
    basis = problem_facts.provision_words(("PL-33", "PL-57"))
    return {**common(case, at), "reason": reason, "basis": basis, "remedies": remedies(day)}


def revocation(case: Case, at: datetime, reason: str) -> dict[str, Any]:
    """撤销行政处罚决定书 (D-35; PL 75)."""
    paper = next((each.document for each in case.papers.select_related("document") if each.form in ("D-23", "D-20")), None)
    return {
        **common(case, at),
        "reason": reason,
        "decision": paper.number if paper else "",
        "basis": problem_facts.provision_words(("PL-75",)),
    }


def closing(case: Case, by: User, at: datetime, reason: str) -> dict[str, Any]:
    """结案审批表 (D-36)."""
    paid = sum(each.amount for each in case.payments.all())
    done = f"罚款已缴纳，共计{money.figures(paid)}元。" if paid else "无罚款。"
    opinion = reason if reason.strip("… ") else "同意结案。"
    return {**common(case, at), "performed": done, "head": by.name, "opinion": opinion}


def receipt(case: Case, row: Delivery, title: str, number: str) -> dict[str, Any]:
    """送达回证 (D-26)."""
    return {
        **common(case, row.at),
        "paper": f"{title}（{number}）",
        "mode": MODES[row.mode],
        "recipient": row.recipient,
        "relation": row.relation,
        "served_at": moment(row.at),
        "signed": "已签收" if row.signed else "拒绝签收" if row.refused else "",
        "witnesses": row.witnesses,
        "note": row.note,
        "proof": row.proof.sha256 if row.proof else "",
    }


def evidence_line(row: Evidence) -> str:
    """A piece of evidence in the list of a paper."""
    kinds = {
        "documentary": "书证",
        "physical": "物证",
        "audiovisual": "视听资料",
        "electronic": "电子数据",
        "testimony": "证人证言",
        "party_statement": "当事人的陈述",
        "expert_opinion": "鉴定意见",
        "scene_record": "勘验笔录、现场笔录",
    }
    return f"{row.title}（{kinds[row.kind]}）"


def officer(person: User, at: datetime) -> list[str]:
    """An officer's name and the number of the certificate."""
    paper = person.certificate_at(at)
    return [person.name, paper.number if paper else ""]


def contact(case: Case) -> list[str]:
    """Where the agency can be reached."""
    unit = case.department
    return [f"联系地址：{unit.address}" if unit.address else "", f"联系电话：{unit.phone}" if unit.phone else ""]


def moment(at: datetime) -> str:
    """An instant as papers write it, in local time."""
    return to_the_minute(at.astimezone(clock.ZONE))
