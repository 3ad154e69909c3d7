"""What the forms print: the wording in `forms/wording/*.toml`, filled with facts into parts that any printer can set.

A wording is text, a line a part; what stands at the head of the line says which part:

    @to 某某           whom the paper addresses          @party            the block that names the party
    # 标题             a heading                         | 标签 | 内容      a row of the approval table, |? only with content
    * {items}          a numbered list                   |^ 标签 | 意见 | 姓名　时间    a row that ends with who signed when
    - {items}          a paragraph for each              = {goods} : 品名, 数量         a table with these columns
    @close 文字        the last paragraph with the seal  @seal  @contact  @sign 甲, 乙   seal place, contact, lines to sign
    @talk {rows}       questions and answers
    ?key 其余          the rest only if the fact is given, !key only if it is not

A line with none of these is a paragraph. In the text `{key}` is a fact, `{cite:PL-44,PL-45}` the names of articles, `{period:DL-02}` a
period of the register in words on the day of the paper. So no article and no period stands in a wording as a literal. A required
fact that is not there yet is printed as 【label】, which only drafts and previews can show: `forms.missing` guards the issue.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from .citations import cite, in_numerals
from .extra_fine import terms
from .forms import FORMS, Form, is_blank
from .register import rule

WORDING = FORMS / "wording"
UNITS = {"hours": "小时", "working_days": "个工作日", "days": "日", "months": "个月", "years": "年"}
HOLE = re.compile(r"\{(?P<what>[a-z_]+)(?::(?P<ids>[^}]+))?\}")
DOUBLED = re.compile(r"。([。，；])")  # a fact that brings its own full stop into a sentence
CONDITION = re.compile(r"^(?P<sign>[?!])(?P<key>[a-z_]+) (?P<rest>.*)$")

Part = dict[str, Any]


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, str]:
    """The wording of every form by its id, read once; raises `ValueError` if one stands twice."""
    found: dict[str, str] = {}
    for path in sorted(WORDING.glob("*.toml")):
        with path.open("rb") as file:
            rows = tomllib.load(file)
        if twice := found.keys() & rows.keys():
            raise ValueError(f"{path.name}: {sorted(twice)} stand twice among the wordings.")
        found.update(rows)
    return MappingProxyType(found)


def keys_of(form: Form) -> set[str]:
    """The facts that the wording of a form prints or asks for."""
    text = wordings()[form.id]
    found = {hole["what"] for hole in HOLE.finditer(text) if not hole["ids"]}
    found |= {condition["key"] for line in text.splitlines() if (condition := CONDITION.match(line))}
    return found | ({"party"} if "@party" in text else set()) | ({"contact"} if "@contact" in text else set())


def period(id_: str, day: date) -> str:
    """A period in words on a day: `五个工作日`, `六十日`, `六个月`."""
    found = rule(id_)
    return f"{in_numerals(found.figure_on(day))}{UNITS[found.unit]}"


def articles(ids: str) -> str:
    """Articles as a paper prints them: 《行政处罚法》第四十四条、《行政处罚法》第四十五条."""
    return "、".join(cite(each.strip()).label for each in ids.split(","))


def extra_rate(day: date) -> str:
    """The daily rate of the extra fine in words: `百分之三`."""
    return f"百分之{in_numerals(int(terms().rate_on(day).per_day * 100))}"


def parts_of(form: Form, facts: Mapping[str, Any], day: date) -> list[Part]:
    """The parts of a filled form in their order: plain JSON with `kind` and its words. Raises `KeyError` without a wording."""
    filler = _Filler(form, facts, day)
    parts: list[Part] = []
    for line in wordings()[form.id].splitlines():
        for part in filler.line(line.strip()):
            if part["kind"] == "rows" and parts and parts[-1]["kind"] == "rows":
                parts[-1]["rows"] += part["rows"]
            else:
                parts.append(part)
    return parts


class _Filler:
    """Puts the facts of one paper into its wording."""

    def __init__(self, form: Form, facts: Mapping[str, Any], day: date) -> None:
        self.labels, self.facts, self.day = form.labels, facts, day

    def line(self, line: str) -> Iterator[Part]:
        if condition := CONDITION.match(line):
            given = not is_blank(self.facts.get(condition["key"]))
            if given == (condition["sign"] == "?"):
                yield from self.line(condition["rest"])
            return
        if not line:
            return
        word, _, rest = line.partition(" ")
        match word:
            case "#" | "@to" | "@close":
                kind = {"#": "section", "@to": "addressee", "@close": "closing"}[word]
                yield {"kind": kind, "text": self.text(rest)}
            case "@party":
                yield {"kind": "party", "rows": self.rows("party")}
            case "@contact":
                yield {"kind": "contact", "lines": self.items("contact")}
            case "@talk":
                for asked, answered in self.rows(_key(rest)):
                    yield {"kind": "para", "text": f"问：{asked}"}
                    yield {"kind": "para", "text": f"答：{answered}"}
            case "@seal":
                yield {"kind": "seal"}
            case "@sign":
                yield {"kind": "sign", "labels": [each.strip() for each in rest.split(",")]}
            case "|" | "|?" | "|^":
                yield from self.row(word, [each.strip() for each in rest.split("|")])
            case "*":
                yield {"kind": "items", "items": self.items(_key(rest))}
            case "-":
                yield from ({"kind": "para", "text": _ended(each)} for each in self.items(_key(rest)))
            case "=":
                hole, _, heads = rest.partition(":")
                yield {"kind": "table", "head": [each.strip() for each in heads.split(",")], "rows": self.rows(_key(hole))}
            case _:
                yield {"kind": "para", "text": self.text(line)}

    def row(self, word: str, cells: list[str]) -> Iterator[Part]:
        label, value = cells[0], self.text(cells[1])
        if value or word != "|?":
            yield {"kind": "rows", "rows": [[label, value, self.text(cells[2]) if word == "|^" else ""]]}

    def text(self, words: str) -> str:
        return DOUBLED.sub(r"\1", HOLE.sub(self.hole, words))

    def hole(self, found: re.Match[str]) -> str:
        what, ids = found["what"], found["ids"]
        if what == "cite" and ids:
            return articles(ids)
        if what == "period" and ids:
            return period(ids, self.day)
        if what == "rate" and ids == "extra":
            return extra_rate(self.day)
        value = self.facts.get(what)
        if is_blank(value):
            return self.gap(what)
        if isinstance(value, list | tuple):
            return _joined(what, value)
        return str(value)

    def gap(self, key: str) -> str:
        return f"【{self.labels[key]}】" if key in self.labels else ""

    def items(self, key: str) -> list[str]:
        value = self.facts.get(key)
        if is_blank(value):
            return [gap] if (gap := self.gap(key)) else []
        return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]

    def rows(self, key: str) -> list[list[str]]:
        value = self.facts.get(key)
        if is_blank(value) or not isinstance(value, list | tuple):
            return [[gap, ""]] if (gap := self.gap(key)) else []
        return [[str(cell) for cell in row] for row in value]


def _key(hole: str) -> str:
    return hole.strip().strip("{}")


def _joined(key: str, value: list[Any] | tuple[Any, ...]) -> str:
    """A list inside a sentence: officers with their numbers, the party in one line, anything else with semicolons."""
    if key == "handlers":
        return "、".join(f"{name}（执法证号{number}）" if number else name for name, number in value)
    if key == "party":
        return "；".join(f"{label}：{words}" for label, words in value if words)
    return "；".join(str(each) if isinstance(each, str) else "，".join(map(str, each)) for each in value)


def _ended(words: str) -> str:
    return words if words.endswith(("。", "：", "；", "】")) else f"{words}。"
