"""The sentences of linkage at a command line, in the language of the terminal: Django, which speaks elsewhere, is not started here."""

import gettext
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[3] / "locale"
TRADITIONAL = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")


@lru_cache(maxsize=1)
def translate() -> Callable[[str], str]:
    """The translation for LANGUAGE, LC_ALL, LC_MESSAGES or LANG; English when none of them asks for Chinese."""
    wish = next((value for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    wish = wish.casefold().replace("-", "_")
    if not wish.startswith("zh"):
        return str
    script = "zh_Hant" if wish.startswith(TRADITIONAL) else "zh_Hans"
    return gettext.translation("django", LOCALE, [script], fallback=True).gettext
