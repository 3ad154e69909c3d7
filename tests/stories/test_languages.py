"""Every reader's language: the first page and the console change at one press, and nothing stays untranslated."""

import pytest

from tests.stories.browser import DESKTOP

SWITCH = "button[name=language][value={}]"


def test_the_first_page_speaks_three_languages(windows):
    window = windows(DESKTOP)
    page = window.go("/")
    window.look("portal-home")
    seen = {"zh-hans": page.inner_text("main")}
    for code in ("zh-hant", "en"):
        window.press(SWITCH.format(code))
        assert page.locator("html").get_attribute("lang") == code
        seen[code] = page.inner_text("main")
        window.look(chinese=code != "en")
    assert len(set(seen.values())) == 3
    window.press(SWITCH.format("zh-hans"))
    assert page.inner_text("main") == seen["zh-hans"]


@pytest.mark.parametrize("code", ["zh-hant", "en"])
def test_the_console_follows_the_language(desk, code):
    window = desk("dispatcher")
    page = window.go("/desk/")
    before = page.locator("nav").first.inner_text()
    window.press(SWITCH.format(code))
    assert page.locator("html").get_attribute("lang") == code
    assert page.locator("nav").first.inner_text() != before
    window.look(chinese=code != "en")
    window.press(SWITCH.format("zh-hans"))
    assert page.locator("nav").first.inner_text() == before
