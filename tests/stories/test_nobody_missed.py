"""No household missed, and it can be proved: three messy lists become one truth, a round reaches its shops, a phone signs without a
network, plates are printed, and a new tenant reappears as unsigned the same day."""

import csv
import io

import pytest
from playwright.sync_api import Page

from sanbao.core import clock
from tests import processes
from tests.stories.browser import PHONE
from tests.stories.test_offline import open_tray, sign, take_along, without_network
from tests.stories.test_signing import upload_list

# Each list knows something the others do not; the hidden kitchen stands on the platform alone.
MARKET = [
    ["登记机关：望桥区市场监管局"],
    ["序号", "字号名称", "经营场所"],
    ["1", "望桥区老李面馆（个体工商户）", "望桥区柳荫路1号"],
    ["2", "望桥区阿珍早餐店", "望桥区柳荫路５号"],
    ["3", "望桥区绿叶鲜花店", "望桥区柳荫路7号"],
    ["4", "望桥区小孟水果店", "望桥区柳荫路4号"],
    ["5", "", "望桥区柳荫路9号"],
    ["合计", "4户", ""],
]
CENSUS = [
    ["编号", "店招", "门牌地址"],
    ["C1", "老李面馆", "柳荫路1号"],
    ["C2", "阿珍早点", "柳荫路5号"],
    ["C4", "小孟果行", "柳荫路4号"],
    ["C6", "老周修车铺", "柳荫路11号"],
]
PLATFORM = [
    ["商家", "地址"],
    ["李记面馆(柳荫路店)", "柳荫路1号"],
    ["阿珍早餐", "柳荫路5号"],
    ["小孟水果", "柳荫路4号"],
    ["隐香小厨", "柳荫路15号"],
]
LISTS = [
    ("登记名录.csv", MARKET, "gb18030", "market"),
    ("摸排.csv", CENSUS, "utf-8-sig", "census"),
    ("外卖.csv", PLATFORM, "utf-8", "platform"),
]


def sent(rows: list[list[str]], encoding: str) -> bytes:
    """A list as an office sends it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def figure(page: Page, kind: str) -> int:
    """The figure of a tile of the coverage page."""
    return int(page.get_by_test_id(f"tile-{kind}").locator(".tile-figure").inner_text())


@pytest.fixture(scope="module")
def text(house) -> str:
    """The text of the letter is in force."""
    return house.stage("issue_letter_text()")


def test_three_lists_one_truth_a_round_a_phone_a_plate_and_a_new_tenant(house, desk, phone, text):
    clerk = desk("clerk")
    for name, rows, encoding, kind in LISTS:
        upload_list(clerk, name, sent(rows, encoding), f"望桥区{name[:-4]}", kind)
        clerk.press("button[value=confirm]")
    before = int(house.python("from sanbao.registry import queries; print(queries.premises_in(None).count())"))
    decide_at_the_desk(clerk)
    after = int(house.python("from sanbao.registry import queries; print(queries.premises_in(None).count())"))
    assert after < before  # one shop that two lists had named twice is one front now
    clerk.go("/desk/register/unknown/")
    clerk.look("unknown")

    page = clerk.go("/desk/coverage/")
    assert figure(page, "signed") == 0
    missed = figure(page, "unsigned")
    assert figure(page, "all") == after
    clerk.look("coverage-of-three-lists")
    worklist = clerk.go("/desk/coverage/unsigned/").get_by_test_id("unsigned").inner_text()
    for shop in ("阿珍", "小孟", "老周修车铺", "绿叶鲜花店", "隐香小厨"):
        assert shop in worklist, f"{shop} is missed"
    open_a_round(clerk)
    clerk.go("/desk/coverage/unsigned/")
    clerk.press("[data-test=draft]")
    letters = clerk.page.get_by_test_id("links").locator("li").count()

    worker = desk("gridworker", PHONE)
    page = take_along(worker, letters)
    with without_network(worker):
        page.reload()
        sign(page, "阿珍", "陈阿珍")
        open_tray(page, waiting=1)
    open_tray(page, sent=1)
    worker.look("tray-after-the-shift")
    page = clerk.go("/desk/coverage/")
    assert (figure(page, "signed"), figure(page, "unsigned")) == (1, missed - 1)
    page = clerk.go("/desk/agreements/rounds/")
    clerk.press("[data-test=rounds] a")
    assert page.get_by_test_id("reach-signed").locator(".tile-figure").inner_text() == "1"
    clerk.look("signing-round")

    print_a_plate(clerk, phone)
    a_new_tenant_moves_in(house, clerk)
    page = clerk.go("/desk/coverage/")
    assert figure(page, "signed") == 0
    assert figure(page, "unsigned") + figure(page, "operator_changed") == missed
    clerk.go("/desk/agreements/matrix/")
    clerk.look("item-matrix")


def decide_at_the_desk(clerk) -> None:
    """Lay the lists beside each other and decide what is in doubt: the same shop, every time."""
    page = clerk.go("/desk/register/matching/")
    clerk.press("form[action*='matching/link'] button")

    def laid() -> bool:
        page = clerk.go("/desk/register/matching/")
        return page.get_by_test_id("runs").locator("tbody tr").count() >= 3 and page.locator("[role=status]").count() == 0

    processes.wait_until(laid, "the lists are laid beside each other", 60)
    asked = 0
    clerk.look("matching-desk")
    while page.get_by_test_id("pair").count() and page.get_by_test_id("step-join").count():
        clerk.press("[data-test=step-join]")
        asked += 1
        assert asked < 12
    assert asked >= 1  # 李记面馆 and 老李面馆 behind one door: a person decides
    clerk.look("matching-desk-empty")


def open_a_round(clerk) -> None:
    """A signing round in the street office's area."""
    page = clerk.go("/desk/agreements/rounds/")
    page.locator("input[name=name]").fill("柳荫路补签行动")
    page.locator("select[name=area]").select_option(index=0)
    page.locator("input[name=from]").fill(clock.today().isoformat())
    page.locator("input[name=until]").fill(clock.today().replace(year=clock.today().year + 1).isoformat())
    page.locator("select[name=people]").select_option(index=0)
    clerk.press("[data-test=open-round]")


def print_a_plate(clerk, phone) -> None:
    """The plate of the front is printed, and what it opens names nobody."""
    page = clerk.go("/desk/plates/?q=柳荫路5号")
    page.locator("input[name=premises]").first.check()
    clerk.press("[data-test=print]")
    address = page.get_by_test_id("part").get_attribute("href")
    assert clerk.context.request.get(f"{clerk.home}{address}").body().startswith(b"%PDF")
    clerk.press("[data-test=lines] a")
    opened = phone.go(page.get_by_test_id("plate-page").get_attribute("href"))
    assert "陈阿珍" not in opened.inner_text("main")
    phone.look("plate-of-a-signed-front")


def a_new_tenant_moves_in(house, clerk) -> None:
    """Who signed has left; the same day somebody else trades behind the door."""
    front = house.python(
        "from sanbao.agreements.models import Agreement; print(Agreement.objects.get(state='signed').premises_id)"
    )
    page = clerk.go(f"/desk/register/{front}/operator/")
    page.locator("input[name=name]").fill("望桥区新来书店")
    clerk.look("new-tenant")
    clerk.press("[data-test=register-edit] button[type=submit]")
    assert "望桥区新来书店" in page.inner_text("main")
