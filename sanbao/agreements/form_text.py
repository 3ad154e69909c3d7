"""Reading a form from its TOML file and fingerprinting its text. Pure: writes nothing."""

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "forms"
FRONT_DUTY = "front_duty"


@dataclass(frozen=True)
class DutyText:
    """One of the guarantees: its code, its name, and what the paper calls it (`包卫生`)."""

    code: str
    name: str
    promise: str


THREE = (
    DutyText("hygiene", "环境卫生", "包卫生"),
    DutyText("greenery", "绿化", "包绿化"),
    DutyText("order", "门前秩序", "包秩序"),
)
"""The duties of a form that names none: the classic three."""


@dataclass(frozen=True)
class ItemText:
    """One item of a form: its duty, its code, the promise, the question of the check, and its points where the form counts any."""

    duty: str
    code: str
    wording: str
    check_wording: str
    points: int = 0
    deduction: int = 0
    local: bool = False


@dataclass(frozen=True)
class FormText:
    """A form as written in its file; `scoring` is {points, period, note} or empty, and then no item has points."""

    name: str
    version: str
    title: str
    body: list[dict[str, Any]]
    consent_text: str
    effective_from: date
    term_months: int
    renewal_days: int
    link_days: int
    items: tuple[ItemText, ...]
    duties: tuple[DutyText, ...] = THREE
    scoring: dict[str, Any] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """SHA-256 of everything the signer reads: title, text, items and consent; duties and points where the form has its own."""
        read = [self.title, self.version, self.body, [[i.duty, i.code, i.wording] for i in self.items], self.consent_text]
        if self.duties != THREE:
            read.append([[duty.code, duty.name, duty.promise] for duty in self.duties])
        if self.scoring:
            read.append([self.scoring, [[i.code, i.points, i.deduction] for i in self.items]])
        return hashlib.sha256(json.dumps(read, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_form(source: str | Path) -> FormText:
    """The form in `forms/<source>.toml` or in a file of that path.

    `FileNotFoundError`, `TypeError` or `KeyError` when it is not one, `ValueError` when its duties, codes or points do not fit together.
    """
    path = source if isinstance(source, Path) else FOLDER / f"{source}.toml"
    return parse_form(path.read_text("utf-8"))


def parse_form(words: str) -> FormText:
    """The form written in these words of TOML; raises what `read_form` raises (`TOMLDecodeError` is a `ValueError`)."""
    raw = tomllib.loads(words)
    items = tuple(ItemText(**item) for item in raw.pop("items"))
    duties = tuple(DutyText(**duty) for duty in raw.pop("duties", ())) or THREE
    text = FormText(**{**raw, "consent_text": raw["consent_text"].strip()}, items=items, duties=duties)
    if faults := faults_of(text):
        raise ValueError("; ".join(faults))
    return text


def faults_of(text: FormText) -> list[str]:
    """What does not fit together in a form: items of unknown duties, codes used twice, points that do not add up."""
    known, codes = {duty.code for duty in text.duties}, [item.code for item in text.items]
    faults = [f"item {item.code} belongs to no duty" for item in text.items if item.duty not in known]
    faults += [f"code {code} is used twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    faults += [f"item {item.code} loses more points than it has" for item in text.items if item.deduction > item.points]
    points = sum(item.points for item in text.items if not item.local)
    if points != text.scoring.get("points", 0):
        faults.append(f"the items have {points} points, the form {text.scoring.get('points', 0)}")
    return faults


def shipped() -> list[str]:
    """The names of the forms that come with the house, for `read_form`."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
