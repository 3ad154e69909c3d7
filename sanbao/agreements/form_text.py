"""Reading a form from its TOML file and fingerprinting its text. Pure: writes nothing."""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "forms"
FRONT_DUTY = "front_duty"


@dataclass(frozen=True)
class ItemText:
    """One item of a form: its duty, its code, the promise and the question of the check."""

    duty: str
    code: str
    wording: str
    check_wording: str


@dataclass(frozen=True)
class FormText:
    """A form as written in its file."""

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

    def fingerprint(self) -> str:
        """SHA-256 of everything the signer reads: title, text, items and consent."""
        read = [self.title, self.version, self.body, [[i.duty, i.code, i.wording] for i in self.items], self.consent_text]
        return hashlib.sha256(json.dumps(read, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_form(source: str | Path) -> FormText:
    """The form in `forms/<source>.toml` or in a file of that path; `FileNotFoundError` or `TypeError` when it is not one."""
    path = source if isinstance(source, Path) else FOLDER / f"{source}.toml"
    raw = tomllib.loads(path.read_text("utf-8"))
    items = tuple(ItemText(**item) for item in raw.pop("items"))
    return FormText(**{**raw, "consent_text": raw["consent_text"].strip()}, items=items)
