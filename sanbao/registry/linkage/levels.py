"""The levels a comparison can reach, best first, and the sentence for each. Numbers of levels begin at 1; 0 means: cannot be compared."""

from sanbao.law.workflow import gettext_noop as _

LEVELS: dict[str, dict[str, str]] = {
    "name": {
        "same": _("the names are the same"),
        "brand": _("the names are the same but for legal form, branch or trade"),
        "close": _("the names differ in a sign or two, or only sound alike"),
        "contained": _("one name holds the other"),
        "similar": _("the names are similar"),
        "shared": _("the names share a rare word or beginning"),
        "remote": _("the names have little in common"),
        "different": _("the names are different"),
    },
    "trade": {
        "same": _("the trade is the same"),
        "different": _("the trades differ"),
    },
    "branch": {
        "same": _("the branch is the same"),
        "similar": _("the branches have similar names"),
        "different": _("they are different branches"),
    },
    "number": {
        "same": _("the number of the store is the same"),
        "different": _("the numbers of the stores differ"),
    },
    "address": {
        "same": _("the addresses are the same"),
        "door": _("road and house number are the same"),
        "range": _("same road, and the house numbers overlap"),
        "close": _("the addresses are nearly the same"),
        "street": _("same road, one of the addresses has no house number"),
        "neighbour": _("same road, house numbers close by"),
        "road": _("same road, another house number"),
        "different": _("the addresses are different"),
    },
    "unit": {
        "same": _("building and room are the same"),
        "different": _("same door, but another building or room"),
    },
    "distance": {
        "5": _("the points lie within 5 m"),
        "25": _("the points lie within 25 m"),
        "75": _("the points lie within 75 m"),
        "200": _("the points lie within 200 m"),
        "600": _("the points lie within 600 m"),
        "2000": _("the points lie within 2 km"),
        "far": _("the points lie more than 2 km apart"),
    },
    "code": {"same": _("the credit code is the same"), "different": _("the credit codes differ")},
    "phone": {"same": _("the telephone is the same"), "different": _("the telephones differ")},
}
ORDER = {field: {level: number for number, level in enumerate(levels, 1)} for field, levels in LEVELS.items()}
FIELDS = tuple(LEVELS)
