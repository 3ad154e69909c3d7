"""Everybody is reached: a round is walked, one door is shut, one merchant is informed, one has signed in ink, and the round says who is left."""

from tests import processes
from tests.stories import pictures
from tests.stories.browser import PHONE


def test_a_round_from_its_opening_to_whom_it_left(house, desk):
    house.stage("issue_letter_text()")
    clerk = desk("clerk")
    page = clerk.go("/desk/agreements/rounds/")
    clerk.look("rounds-empty")
    today = house.python("from sanbao.core import clock; print(clock.today().isoformat())")
    page.locator("input[name=name]").fill("柳荫社区秋季补签")
    page.locator("select[name=area]").select_option(label="柳荫社区")
    page.locator("input[name=from]").fill(today)
    page.locator("input[name=until]").fill(today)
    page.locator("select[name=people]").select_option(label="吴霞 · 网格员")
    clerk.press("[data-test=open-round]")
    signing_round = page.url
    assert page.get_by_test_id("reached").inner_text().startswith("0")

    clerk.go("/desk/coverage/unsigned/")
    clerk.press("[data-test=draft]")
    clerk.go("/desk/letters/print/")
    clerk.look("prints")
    clerk.press("[data-test=print]")
    batch = page.url
    processes.wait_until(lambda: clerk.go(batch).get_by_test_id("file").count() > 0, "the worker has set the letters", 60)
    clerk.look("print")

    give_notice(clerk, "老李面馆")
    clerk.go("/desk/agreements/reach/?reach=notified")
    clerk.look("reach")
    assert page.get_by_test_id("reach").locator("tbody tr").count() == 1

    entry = type_in(clerk, "清和茶庄", today)
    grid = desk("gridworker", PHONE)
    grid.go(entry)
    grid.look("paper-letter")
    grid.press("[data-test=confirm]")

    page = clerk.go(signing_round)
    clerk.look("round")
    assert page.get_by_test_id("reach-signed").locator(".tile-figure").inner_text() == "1"
    assert page.get_by_test_id("reach-notified").locator(".tile-figure").inner_text() == "1"
    page.locator("details summary").last.click()
    clerk.press("[data-test=close-round]")
    assert page.get_by_test_id("left").inner_text() == "1"
    clerk.look("round-closed")

    clerk.go("/desk/agreements/matrix/")
    clerk.look("matrix")
    clerk.press("[data-test=totals] tbody tr:first-child td.num a")
    assert page.get_by_test_id("matrix").locator("tbody tr").count() == 1


def give_notice(clerk, sign: str) -> None:
    """The clerk posts the letter together with the grid worker and takes a photo."""
    page = clerk.go("/desk/agreements/reach/")
    clerk.press(f"tr:has-text('{sign}') td:last-child a")
    clerk.press("[data-test=notice]")
    clerk.look("notice")
    page.locator("input[name=manner][value=posted]").check()
    page.locator("input[name=photos]").set_input_files(pictures.photo())
    page.locator("select[name=second]").select_option(label="吴霞 · 网格员")
    clerk.press("[data-test=notify]")
    assert page.get_by_test_id("notice-pdf").is_visible()
    clerk.look("letter-notified")


def type_in(clerk, sign: str, day: str) -> str:
    """The clerk types in what stands on a paper; the address of its page."""
    page = clerk.go("/desk/agreements/reach/")
    clerk.press(f"tr:has-text('{sign}') td:nth-child(3) a")
    clerk.look("front")
    clerk.press("[data-test=paper]")
    clerk.look("paper-new")
    page.locator("input[name=photos]").set_input_files(pictures.photo(1, "纸质责任书.jpg"))
    page.locator("input[name=signed_on]").fill(day)
    page.locator("input[name=signer_name]").fill("何清和")
    clerk.press("[data-test=type-in]")
    assert page.get_by_test_id("confirm").count() == 0
    return page.url
