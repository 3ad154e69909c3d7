"""Comparing two texts of the letter, and building a unit's version of the district's text. Pure: words in, words out.

A unit adds paragraphs and items; `faults_of_version` names everything by which a text would take something away instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest

from sanbao.agreements.form_text import FormText, ItemText
from sanbao.law.workflow import Reason, gettext_noop

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
AGREED, OUTDATED, OPEN = "agreed", "outdated", "open"
LOCAL = "U"
MONEY = ("押金", "保证金", "违约金", "滞纳金", "罚款", "罚金")

PARAGRAPH_LOST = gettext_noop("A unit's version may not take out or change what the district's text says: “%(words)s”.")
ITEM_LOST = gettext_noop("A unit's version may not take out or change an item of the district's text: %(codes)s.")
TERMS_CHANGED = gettext_noop("Title, consent, term and points are the district's and stay as they are in a unit's version.")
NOTHING_ADDED = gettext_noop("This version adds nothing to the district's text. Add a paragraph or an item.")
NO_MONEY = gettext_noop("A letter neither takes money nor threatens to. Take “%(word)s” out of the additions.")
HEADING_UNKNOWN = gettext_noop("The district's text has no section “%(heading)s”.")


@dataclass(frozen=True)
class Piece:
    """A run of words with its mark: same, added or removed."""

    mark: str
    words: str


@dataclass(frozen=True)
class Line:
    """A paragraph or the wording of an item with its mark, in pieces."""

    mark: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Section:
    """A section of the text with the paragraphs of both versions in reading order."""

    heading: str
    mark: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ItemChange:
    """An item of either text: its duty and code, and its wording in pieces."""

    code: str
    duty: str
    line: Line


@dataclass(frozen=True)
class Difference:
    """Everything in which a text differs from an earlier one, and everything in which it does not."""

    sections: tuple[Section, ...]
    items: tuple[ItemChange, ...]
    consent: tuple[Line, ...]

    def codes(self, mark: str) -> list[str]:
        """The codes of the items with a mark."""
        return [item.code for item in self.items if item.line.mark == mark]

    @property
    def added(self) -> list[str]:
        return self.codes(ADDED)

    @property
    def changed(self) -> list[str]:
        return self.codes(CHANGED)

    @property
    def removed(self) -> list[str]:
        return self.codes(REMOVED)

    @property
    def paragraphs(self) -> list[Line]:
        """The paragraphs that are not the same in both."""
        lines = [line for section in self.sections for line in section.lines]
        return [line for line in (*lines, *self.consent) if line.mark != SAME]


def difference(before: FormText, after: FormText) -> Difference:
    """How `after` differs from `before`: section by section, item by item, down to the words."""
    old, new = _sections(before), _sections(after)
    headings = [*new, *(heading for heading in old if heading not in new)]
    sections = [_section(heading, old.get(heading), new.get(heading)) for heading in headings]
    return Difference(tuple(sections), tuple(_items(before, after)), tuple(_lines(_consent(before), _consent(after))))


def carried(agreed: Mapping[str, str], text: Mapping[str, str]) -> dict[str, str]:
    """What an earlier letter is worth for each item of a text (both: code → wording).

    `agreed` where the very wording was agreed, `outdated` where it read differently then, `open` where the item is new.
    """
    return {
        code: OPEN if code not in agreed else AGREED if agreed[code] == wording else OUTDATED for code, wording in text.items()
    }


def with_additions(
    template: FormText,
    *,
    version: str,
    effective_from: date,
    paragraphs: Mapping[str, Sequence[str]],
    items: Sequence[tuple[str, str, str]],
) -> FormText:
    """The district's text with a unit's paragraphs at the end of their sections (by heading) and its items (duty, wording, question).

    Local items get the codes U1, U2 … and no points. `KeyError` for a heading that the text does not have.
    """
    known = _sections(template)
    more = {heading: [words.strip() for words in added if words.strip()] for heading, added in paragraphs.items()}
    if unknown := [heading for heading, added in more.items() if added and heading not in known]:
        raise KeyError(unknown[0])
    body = [{**part, "paragraphs": [*part["paragraphs"], *more.get(part["heading"], [])]} for part in template.body]
    local = [
        ItemText(duty, f"{LOCAL}{number}", wording.strip(), question.strip(), local=True)
        for number, (duty, wording, question) in enumerate(items, start=1)
    ]
    return replace(template, version=version, effective_from=effective_from, body=body, items=(*template.items, *local))


def faults_of_version(template: FormText, version: FormText) -> tuple[Reason, ...]:
    """Every reason why a text is no version of the district's; empty when it only adds."""
    compared, faults = difference(template, version), []
    lost = [line for line in compared.paragraphs if line.mark != ADDED]
    faults += [Reason("paragraph_lost", PARAGRAPH_LOST, params={"words": _plain(line, REMOVED)[:40]}) for line in lost[:3]]
    kept = {item.code: item for item in version.items}
    missing = [item.code for item in template.items if kept.get(item.code) != item]
    if missing:
        faults.append(Reason("item_lost", ITEM_LOST, params={"codes": " ".join(missing)}))
    fixed = ("name", "title", "consent_text", "term_months", "renewal_days", "link_days", "duties", "scoring")
    if any(getattr(template, name) != getattr(version, name) for name in fixed):
        faults.append(Reason("terms_changed", TERMS_CHANGED))
    added = [line for line in compared.paragraphs if line.mark == ADDED]
    local = [item for item in version.items if item.local]
    if not added and not local:
        faults.append(Reason("nothing_added", NOTHING_ADDED))
    words = " ".join([*(_plain(line, ADDED) for line in added), *(f"{item.wording} {item.check_wording}" for item in local)])
    faults += [Reason("no_money", NO_MONEY, params={"word": word}) for word in MONEY if word in words]
    return tuple(faults)


def _sections(text: FormText) -> dict[str, list[str]]:
    return {part["heading"]: list(part["paragraphs"]) for part in text.body}


def _consent(text: FormText) -> list[str]:
    return [line for line in text.consent_text.splitlines() if line.strip()]


def _section(heading: str, old: list[str] | None, new: list[str] | None) -> Section:
    lines = tuple(_lines(old or [], new or []))
    if old is None or new is None:
        return Section(heading, ADDED if old is None else REMOVED, lines)
    return Section(heading, SAME if all(line.mark == SAME for line in lines) else CHANGED, lines)


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line(SAME, (Piece(SAME, words),)) for words in old[a:b])
        else:
            yield from (_line(before, after) for before, after in zip_longest(old[a:b], new[c:d]))


def _line(before: str | None, after: str | None) -> Line:
    if before is None or after is None:
        mark = ADDED if before is None else REMOVED
        return Line(mark, (Piece(mark, after or before or ""),))
    if before == after:
        return Line(SAME, (Piece(SAME, after),))
    return Line(CHANGED, tuple(_pieces(before, after)))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(SAME, before[a:b])
            continue
        if b > a:
            yield Piece(REMOVED, before[a:b])
        if d > c:
            yield Piece(ADDED, after[c:d])


def _items(before: FormText, after: FormText) -> Iterator[ItemChange]:
    old, new = {item.code: item for item in before.items}, {item.code: item for item in after.items}
    for code in [*new, *(code for code in old if code not in new)]:
        was, now = old.get(code), new.get(code)
        standing = now or was
        assert standing is not None
        yield ItemChange(code, standing.duty, _line(was and was.wording, now and now.wording))


def _plain(line: Line, mark: str) -> str:
    """The words of a line as they stood before (`removed`) or stand now (`added`)."""
    return "".join(piece.words for piece in line.pieces if piece.mark in (SAME, mark))
