"""A plate at a door and a slip in a merchant's hand: a passer-by reports through the one, the merchant keeps its front through the other."""

import re

import pytest

from tests.stories import pictures
from tests.stories.browser import PHONE


@pytest.fixture(scope="module")
def order(house) -> str:
    """The text of the letter is in force, and the noodle house has been ordered to clear its pavement."""
    house.stage("issue_letter_text()")
    return house.stage("finding_with_order(1)")


def photo(name: str, number: int) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": pictures.street_front(number)}


def test_from_a_printed_plate_to_a_report_and_from_a_slip_to_a_proof(house, desk, phone, windows, order):
    clerk = desk("clerk")
    page = clerk.go("/desk/plates/")
    page.locator("input[name=premises]").first.check()
    clerk.press("[data-test=print]")
    clerk.look("plate-sheet")
    pdf = page.get_by_test_id("part").get_attribute("href")
    answer = clerk.context.request.get(f"{clerk.home}{pdf}")
    assert answer.body().startswith(b"%PDF")
    clerk.press("[data-test=mount]")
    clerk.press("[data-test=lines] a")
    clerk.press("[data-test=hand-over-link]")
    clerk.look("front-plate")
    plate = page.get_by_test_id("plate-page").get_attribute("href")
    link = page.get_by_test_id("merchant-link").get_attribute("href")
    assert plate and link

    page = phone.go(plate)
    phone.look("plate")
    assert "老李" not in page.inner_text("main") and "李建国" not in page.inner_text("main")
    phone.press("[data-test=report-here]")
    assert "柳荫路1号" in page.get_by_test_id("plate-place").inner_text()
    phone.press("[data-test=send]")
    assert re.search(r"/follow/2\d{3}-\d{7}-", page.url)

    check_and_prove(windows(PHONE), link)

    officer = desk("sun")
    page = officer.go("/desk/")
    officer.look("today-with-voices")
    page = officer.go(f"/desk/problems/{order}/")
    assert page.get_by_test_id("voices").locator("img").count() == 1
    officer.press("[data-test=see-proof]")
    assert (
        house.python(f"from sanbao.problems.models import Finding; print(Finding.objects.get(pk='{order}').state)") == "ordered"
    )


def check_and_prove(shop, link: str) -> None:
    """The merchant's part: look at the own front, then show that what was ordered is done."""
    page = shop.go(link)
    shop.look("shop")
    shop.press("[data-test=check]")
    for item in page.locator("fieldset.item").all():
        item.locator("label", has_text="符合").click()
    details = page.get_by_test_id("item-W2")
    details.locator("summary").click()
    details.locator("input[type=file]").set_input_files(photo("w2.jpg", 1))
    shop.look("self-check")
    shop.press("[data-test=keep]")
    assert page.get_by_test_id("chosen").locator("img").count() == 1
    shop.go(link)
    shop.press("[data-test=matter]")
    shop.look("matter")
    proof = page.get_by_test_id("proof")
    proof.locator("input[type=file]").set_input_files(photo("done.jpg", 2))
    proof.locator("textarea").fill("餐桌已收回店内。")
    shop.press("[data-test=send-proof]")
    page.locator("#grounds").fill("第三张桌子是隔壁店的。")
    shop.press("[data-test=send-objection]")
    assert page.get_by_test_id("objection-number").inner_text().startswith("S2")
    shop.look("matter-answered")


def test_a_forged_slip_and_an_unknown_plate_open_nothing(house, phone):
    with phone.expecting(403):
        page = phone.go("/m/shop/x/")
    assert page.locator(".reasons li").count() == 1
    phone.look()
    with phone.expecting(404):
        page = phone.go("/p/AAAAAAAAAA/")
    assert page.get_by_test_id("no-plate").is_visible()
    phone.look()
