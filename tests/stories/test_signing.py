"""Nobody is missed: a list as offices send it becomes a register, its gap a worklist, a letter a signature made with a finger."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page

from tests import processes
from tests.stories import pictures
from tests.stories.browser import PHONE

REAL = processes.ROOT.parent / "shared/data/merchants_cn/shenyang_heping_business_register_1980_2004.csv"

STROKES = [[(0.15, 0.7), (0.25, 0.2), (0.35, 0.8)], [(0.45, 0.3), (0.5, 0.75), (0.62, 0.35), (0.7, 0.7), (0.85, 0.3)]]


@pytest.fixture(scope="module")
def version(house) -> str:
    """The version of the letter in force."""
    return house.stage("issue_letter_text()")


def upload_list(window, name: str, data: bytes, source: str, kind: str) -> Page:
    """Send a list to the preview, as a clerk does."""
    page = window.go("/desk/register/imports/")
    window.look()
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    page.locator("input[name=source]").fill(source)
    page.locator("select[name=kind]").select_option(kind)
    return window.press("form:has(input[name=file]) button[type=submit]")


def tile(page: Page, tab: str) -> int:
    """The figure of a tile of the preview."""
    return int(page.locator(f".tile[href*='tab={tab}'] .tile-figure").inner_text())


def rows(house, model: str, where: str = "") -> int:
    """How many rows there are."""
    room, name = model.split(".")
    return int(house.python(f"from sanbao.{room}.models import {name}; print({name}.objects.filter({where}).count())"))


def sign_with_the_finger(page: Page) -> None:
    """Draw on the pad by pointer events."""
    pad = page.get_by_test_id("pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for stroke in STROKES:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()


def test_from_a_clerks_list_to_a_signature_on_a_phone(house, desk, phone, windows, version):
    clerk = desk("clerk")
    page = upload_list(clerk, "柳荫街道商户底册.csv", pictures.nasty_list(), "柳荫街道商户底册", "census")
    assert page.locator("button[value=confirm]").is_visible()
    assert tile(page, "new") == pictures.NASTY_NEW
    assert tile(page, "faulty") == pictures.NASTY_FAULTY
    assert tile(page, "skipped") == pictures.NASTY_SKIPPED
    assert rows(house, "registry.Premises") == 3  # nothing is written before it is confirmed
    clerk.press(".tile[href*='tab=faulty']")
    numbers = page.locator("tbody tr td:first-child").all_inner_texts()
    assert numbers == ["8", "9", "11", "13"]
    clerk.look("import-preview")
    clerk.press("button[value=confirm]")
    assert rows(house, "registry.Premises") == 3 + pictures.NASTY_NEW - 1  # the noodle shop was known

    page = clerk.go("/desk/coverage/")
    clerk.look("coverage")
    assert page.get_by_test_id("tile-signed").locator(".tile-figure").inner_text() == "0"
    unsigned = int(page.get_by_test_id("tile-unsigned").locator(".tile-figure").inner_text())
    assert unsigned == 5

    page = clerk.go("/desk/coverage/unsigned/")
    clerk.look("unsigned")
    assert page.get_by_test_id("count").inner_text() == "5"
    clerk.press("[data-test=draft]")
    clerk.look("signing-links")
    letters = page.get_by_test_id("links").locator("li")
    assert letters.count() == 5
    link = letters.filter(has_text="阿珍早餐店").locator("a[href*='/m/sign/']").get_attribute("href")
    assert link

    code = sign_the_letter(phone, link)

    page = clerk.go("/desk/coverage/")
    assert page.get_by_test_id("tile-signed").locator(".tile-figure").inner_text() == "1"
    assert int(page.get_by_test_id("tile-unsigned").locator(".tile-figure").inner_text()) == unsigned - 1
    clerk.go("/desk/strips/")
    clerk.look("street-strips")
    clerk.press("a.strip-name")
    clerk.look("street-strip")

    public = windows(PHONE)
    page = public.go("/check/")
    page.locator("#code").fill(code.replace("-", "").lower())
    public.press("main form button[type=submit]")
    assert page.get_by_test_id("verdict").locator(".state-ok").is_visible()
    assert "阿珍" not in page.inner_text("main")
    public.look("check")


def sign_the_letter(phone, link: str) -> str:
    """The merchant's part: read, agree, sign, and get the paper; its check code."""
    page = phone.go(link)
    phone.look("sign")
    page.locator("[data-agree-all]").click()
    page.locator("#signer").fill("陈阿珍")
    page.locator("input[name=consent]").check()
    page.get_by_test_id("submit").click()
    assert page.locator("[data-said]").is_visible()  # nothing is signed by an empty box
    sign_with_the_finger(page)
    phone.look("sign-finger")
    with page.expect_navigation():
        page.get_by_test_id("submit").click()
    phone.look("signed")
    code = page.locator("dd.code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    address = page.get_by_test_id("pdf").get_attribute("href")
    answer = phone.context.request.get(f"{phone.home}{address}")
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")
    with phone.expecting(410):
        phone.go(link)
    assert page.get_by_test_id("gone").is_visible()
    return code


def test_a_forged_link_opens_nothing(house, phone):
    before = rows(house, "agreements.Agreement", "state='signed'")
    for token in ("x", "019e0000-0000-7000-8000-000000000000.0.AAAA"):
        with phone.expecting(403):
            page = phone.go(f"/m/sign/{token}/")
        assert page.locator(".reasons li").count() == 1
        phone.look()
    assert rows(house, "agreements.Agreement", "state='signed'") == before


@pytest.mark.skipif(not REAL.is_file(), reason=f"the open register of a real district is not here ({REAL})")
def test_a_real_register_is_read_row_by_row_and_written_by_the_worker(house, desk):
    lines = len(list(csv.reader(io.StringIO(REAL.read_text("utf-8-sig"))))) - 1
    window = desk("clerk_2")
    page = upload_list(window, "和平区登记名录.csv", REAL.read_bytes(), "沈阳市和平区登记名录", "market")
    window.look()
    counts = {tab: tile(page, tab) for tab in ("new", "changed", "faulty")}
    assert sum(counts.values()) == lines, counts
    before = rows(house, "registry.Merchant")
    window.press("button[value=confirm]")
    processes.wait_until(lambda: window.go(page.url).locator(".state-ok").count() > 0, "the worker has written the register", 60)
    assert rows(house, "registry.Merchant") == before + counts["new"]
    window.look("register-imported")
