"""The page of the law: instruments, periods, figures and the catalogue of violations on one stated day, with source and confidence."""

from datetime import date
from typing import Any, Final

from sanbao.console.reference.wording import article, both, table, whole
from sanbao.core.lawbook import Lawbook, PeriodRow, lawbook
from sanbao.core.templatetags.sanbao import WORDS
from sanbao.law.citations import Instrument
from sanbao.law.local import LOCKED
from sanbao.law.sanctions import Range, Violation

STATED_ON: Final = date(2026, 11, 23)
"""The day this page speaks of; a release moves it forward. Pages and guards ask for their own days."""

INTRODUCTION = """# The law in force on {on} 现行有效的法律数据

What the guards know, nothing else. 系统所依据的全部法律数据；以官方文本为准。

- **C2** read in two independent copies 两份独立文本核对 · **C1** read in one 一份文本 · **INF** our inference, to be signed by a lawyer
  推断，须法制机构确认 · **UNCONFIRMED** not read, locked 未核实，锁定。
- Where the nation leaves an amount or a threshold to the locality, it stays undecided until the locality's file says it
  (`SANBAO_LOCAL_LAW`); every step that needs it is refused until then. 地方未确定的事项一律显示“未确定”，不作默认。
- Statements of articles elsewhere in the system are our own condensed ones, never the official wording."""


def page(on: date = STATED_ON) -> str:
    """The whole page for one day, under the locked national parameters."""
    book = lawbook(on, LOCKED)
    return whole(
        INTRODUCTION.format(on=on.isoformat()),
        f"## Still to be decided by the locality 待地方确定\n\n{_open(book)}",
        f"## Periods 期限 ({len(book.periods)})\n\n{_periods(book)}",
        f"## Other figures 其他数额 ({len(book.amounts)})\n\n{_amounts(book)}",
        f"## Violations 违法行为目录 ({len(book.violations)})\n\n{_violations(book)}",
        f"## Instruments 法律文件 ({len(book.instruments)})\n\n{_instruments(book)}",
    )


def _open(book: Lawbook) -> str:
    rows = ((f"`{name}`", both(WORDS.get(name, name)), both(who)) for name, who in book.open_parameters.items())
    return table(("Parameter", "What", "Who decides 决定机关"), rows)


def _periods(book: Lawbook) -> str:
    header = ("Rule", "For what", "中文", "Figure", "Whose", "Articles 依据", "Source 来源", "Confidence")
    return table(header, (_period(row) for row in book.periods))


def _period(row: PeriodRow) -> tuple[Any, ...]:
    rule = row.rule
    if row.figure is not None:
        figure = f"{row.figure} {both(WORDS[rule.unit])}"
    else:
        figure = f"the longest of {', '.join(rule.longest_of)}" if rule.longest_of else "set case by case 个案确定"
    cites = "; ".join(article(id_) for id_ in rule.cites)
    return rule.id, rule.what, rule.what_zh, figure, both(WORDS[rule.who]), cites, rule.source, rule.confidence


def _amounts(book: Lawbook) -> str:
    rows = (
        (
            f"`{row['key']}`",
            both(row["what"]),
            f"{row['value']} {both(WORDS.get(row['unit'], row['unit']))}",
            "; ".join(article(id_) for id_ in row["cites"]),
            row["confidence"],
        )
        for row in book.amounts
    )
    return table(("Key", "What", "Figure", "Articles 依据", "Confidence"), rows)


def _violations(book: Lawbook) -> str:
    header = (
        "Row",
        "Title",
        "名称",
        "Forbidden by 违反",
        "Penalty under 依据",
        "Fine, yuan 罚款",
        "Order first 先责令改正",
        "Source",
        "",
    )
    return table(header, (_violation(row) for row in book.violations))


def _violation(row: Violation) -> tuple[str, ...]:
    return (
        row.id,
        row.title,
        row.title_zh,
        " ".join(row.provisions),
        " ".join(row.penalty),
        _fine(row),
        "yes 是" if row.rectify_first else "no 否",
        row.publication,
        row.confidence,
    )


def _fine(row: Violation) -> str:
    if row.amount == "local":
        return "set locally 地方规定"
    if row.amount == "police":
        return "a matter for the police 移送公安"
    return "; ".join(_range(each) for each in row.ranges) or "no fine 不罚款"


def _range(found: Range) -> str:
    who = {"person": " (person 个人)", "unit": " (unit 单位)"}.get(found.party, "")
    percent = " % of the cost 工程造价" if found.unit != "yuan" else ""
    return f"{found.min}–{found.max}{percent}{who}"


def _instruments(book: Lawbook) -> str:
    return table(
        ("Id", "名称", "Name", "Issued by 制定机关", "In force from 施行", "Source 来源", "Confidence"),
        (_instrument(item) for item in book.instruments),
    )


def _instrument(item: Instrument) -> tuple[str, ...]:
    return item.id, item.name, item.name_en, item.issuer, item.in_force_from.isoformat(), item.source, item.confidence
