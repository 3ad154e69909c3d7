"""Addresses of the rest of the world taken apart: a house number before or behind the words of a street, then what lies inside.

`535 s state st 1st`, `Hauptstr. 12 a`, `12 bis, rue de la Paix`, `ул. Ленина, д. 5`, `C/ Mayor 3`. Which words are kinds of streets,
directions or rooms stands in `words.toml`. No list of streets, no country is known here.
"""

import re

from sanbao.registry.linkage.words import words

NONE = (-1, -1)
HOUSE_RANGE = re.compile(r"^(\d{1,5})[a-z]{0,2}\s*(?:-|/|&|to)\s*(\d{1,5})[a-z]{0,2}(?=[\s,]|$)")
HOUSE_LETTER = re.compile(r"^(\d{1,5})[a-z]{0,2}(?=[\s,])")
UNIT_IN_FRONT = re.compile(r"^([^\W\d_]+)\s[^,]*,\s*(?=\d)")
ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th|er|e|eme|º|ª)$")
NUMBER = re.compile(r"^(\d{1,4})[a-z]?$")
LONG_NUMBER = re.compile(r"^\d{5,}$")
TOKEN = re.compile(r"[^\W_]+|,")
ABBREVIATED = re.compile(r"(?<=[^\W\d_]{3})str(?:asse|aße)?$")
DOTS = re.compile(r"[.'’`´]")
POSSESSIVE = re.compile(r"\b([dl])['’]")


def street_of(folded: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
    """Street, lowest and highest house number, lowest and highest room of a folded address; "" and (-1, -1) for what is not found."""
    text = DOTS.sub("", POSSESSIVE.sub(r"\1 ", folded))
    if (inside := UNIT_IN_FRONT.match(text)) and inside.group(1) in words().units:
        text = text[inside.end() :]
    span, text = _house_in_front(text.replace("/", " / "))
    reader = _Reader(span)
    parts = TOKEN.findall(text)
    for place, word in enumerate(parts):
        if not reader.take(word):
            return " ".join(reader.street), reader.span, _first_number(parts[place:])
    return " ".join(reader.street), reader.span, NONE


class _Reader:
    """Takes the words of an address one by one until the street is complete."""

    def __init__(self, span: tuple[int, int]) -> None:
        self.listed = words()
        self.span, self.behind = span, False
        self.street: list[str] = []

    def take(self, word: str) -> bool:
        """Add a word to the street or take it as the house number; False when the word no longer belongs to either."""
        listed = self.listed
        if word in listed.house_words:
            return True
        if word == ",":
            return not (self.street and self.span != NONE)
        if self.street and (word in listed.units or word in listed.near_words or LONG_NUMBER.match(word)):
            return False
        if self.behind:
            return False
        if self.span == NONE and (found := NUMBER.match(word)):
            self.span = int(found.group(1)), int(found.group(1))
            self.behind = bool(self.street)
            return True
        plain = ABBREVIATED.sub("str", ORDINAL.sub(r"\1", word))
        if self._complete():
            if word in listed.directions:
                self.street.append(listed.directions[word])
                return True
            return False
        self.street.append(listed.streets.get(plain, listed.directions.get(plain, plain)))
        return True

    def _complete(self) -> bool:
        """A number in front, words, and a kind of street at the end: what follows is no street, unless the kind came first as well."""
        kinds = self.listed.streets.values()
        return self.span != NONE and len(self.street) > 1 and self.street[-1] in kinds and self.street[0] not in kinds


def _house_in_front(text: str) -> tuple[tuple[int, int], str]:
    """The house number at the beginning, also a range such as 1157-59, and the rest."""
    if found := HOUSE_RANGE.match(text):
        low, high = int(found.group(1)), found.group(2)
        if len(high) < len(str(low)):
            high = str(low)[: -len(high)] + high
        return (low, max(low, int(high))), text[found.end() :]
    if found := HOUSE_LETTER.match(text):
        return (int(found.group(1)), int(found.group(1))), text[found.end() :]
    return NONE, text


def _first_number(parts: list[str]) -> tuple[int, int]:
    number = next((int(part) for part in parts if part.isdigit() and len(part) < 5), -1)
    return number, number
