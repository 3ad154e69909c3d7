"""A shift without a network: letters taken along, signed with a finger, and a tray that nothing leaves before the server has its number."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from tests import processes
from tests.stories.browser import PHONE, Window
from tests.stories.test_signing import sign_with_the_finger


@pytest.fixture(scope="module")
def letters(house) -> int:
    """Letters in force and handed out: three of them wait."""
    house.stage("issue_letter_text()")
    return int(office(house, "hand_out()"))


def office(house, call: str) -> str:
    """What the office does meanwhile: a function of `tests/stories/shift.py`."""
    return house.python(f"from tests.stories import shift; print(shift.{call})")


@contextlib.contextmanager
def without_network(window: Window) -> Iterator[None]:
    """Within this block nothing is reached, and that is no fault of the page."""
    before = list(window.faults)
    window.context.set_offline(True)
    yield
    window.context.set_offline(False)
    window.faults[:] = before + [fault for fault in window.faults[len(before) :] if "net::ERR_" not in fault]


def take_along(window: Window, count: int) -> Page:
    """Put the letters of the whole district into the phone."""
    page = window.go("/m/letters/?area=")
    assert page.get_by_test_id("count").inner_text() == str(count)
    page.get_by_test_id("take").click()
    page.wait_for_url("**/m/carry/")
    page.get_by_test_id("open-count").get_by_text(str(count), exact=True).wait_for()
    return page


def sign(page: Page, shop: str, signer: str) -> None:
    """Open a letter on the list, agree to everything and sign."""
    page.locator("a.front", has_text=shop).click()
    page.get_by_test_id("agree-all").click()
    page.locator("#signer").fill(signer)
    page.locator("input[name=consent]").check()
    sign_with_the_finger(page)
    page.get_by_test_id("keep").click()
    page.get_by_test_id("letters").wait_for()


def open_tray(page: Page, **expected: int) -> None:
    """Look into the tray until it shows so many items of each state."""
    page.get_by_test_id("to-tray").click()
    for state, count in expected.items():
        items = page.get_by_test_id(f"tray-{state}")
        processes.wait_until(lambda items=items, count=count: items.count() == count, f"the tray shows {count} {state}", 15)


def test_a_shift_without_a_network(house, desk, letters):
    phone = desk("gridworker", PHONE)
    phone.go("/m/letters/?area=")
    phone.look("phone-worklist")
    page = take_along(phone, letters)
    phone.look("phone-letters")
    with without_network(phone):
        page.reload()
        page.get_by_test_id("letters").wait_for()
        sign(page, "老李面馆", "李建国")
        sign(page, "清和茶庄", "何清和")
        page.locator("a.front", has_text="望桥区顺达五金店").click()
        page.locator(".instead summary").click()
        page.get_by_test_id("nobody").click()
        page.get_by_test_id("letters").wait_for()
        open_tray(page, waiting=3)
        phone.look("phone-tray-waiting")
        page.close()
        assert office(house, "signed()") == "0 0 0"
        office(house, "tenant_changes()")
        phone.page = page = phone.context.new_page()
        page.goto("/m/carry/")
        open_tray(page, waiting=3)
    open_tray(page, sent=2, refused=1)
    assert "三包责字" in page.get_by_test_id("tray-sent").filter(has_text="老李面馆").inner_text()
    assert page.get_by_test_id("tray-refused").locator(".reason").count() == 1
    phone.look("phone-tray-sent")
    assert office(house, "signed()") == "1 1 1"


def test_nothing_is_lost_and_nothing_comes_twice_when_the_server_dies(house, desk):
    phone = desk("gridworker", PHONE)
    before = list(phone.faults)
    page = take_along(phone, 2)
    answers = "**/m/carry/envelope/"
    page.route(answers, lost_on_the_way_back)
    sign(page, "望桥区顺达五金店", "张顺")
    page.get_by_test_id("said").get_by_text("暂时连不上服务器").wait_for()
    assert office(house, "signed()") == "2 2 2"
    page.unroute(answers)
    house.server.kill()
    open_tray(page, waiting=1)
    page.get_by_test_id("send").click()
    open_tray(page, waiting=1)
    house.server = processes.start_server(house.env, port=int(house.url.rsplit(":", 1)[1]))
    page.get_by_test_id("send").click()
    open_tray(page, sent=1)
    phone.faults[:] = before
    phone.look()
    assert office(house, "signed()") == "2 2 2"


def lost_on_the_way_back(route: Route) -> None:
    """The server takes the envelope in, and its answer never arrives."""
    route.fetch()
    route.abort()


def test_who_is_logged_out_keeps_the_tray_and_another_person_sends_nothing_of_it(house, desk):
    phone = desk("gridworker", PHONE)
    page = take_along(phone, 1)
    phone.context.clear_cookies(name="sessionid")
    with phone.expecting(401):
        page.locator("a.front", has_text="清和茶庄").click()
        page.locator(".instead summary").click()
        page.locator("#note").fill("老板不在，店员不愿代签")
        page.get_by_test_id("declined").click()
        page.get_by_test_id("log-in").wait_for()
        open_tray(page, waiting=1)
    phone.context.add_cookies(desk("liu").context.cookies())
    page.reload()
    page.get_by_test_id("others").wait_for()
    open_tray(page, waiting=1)
    phone.context.add_cookies(desk("gridworker").context.cookies())
    page.reload()
    open_tray(page, sent=1)
    assert page.get_by_test_id("others").is_hidden()


def test_who_answers_for_a_place_is_decided_at_the_desk_and_a_missing_name_is_a_hole(house, desk):
    window = desk("dispatcher")
    page = window.go("/desk/register/responsibility/?holes=1")
    window.look("responsibility-holes")
    page.get_by_role("link", name="柳荫社区").click()
    assert page.get_by_test_id("link-person").locator(".chain-missing").is_visible()
    page.locator("summary", has_text="确定责任人").click()
    page.locator("#name-leader").select_option(label="李芳 · 城管办干事 · 柳荫街道")
    page.locator("#name-person").select_option(label="吴霞 · 网格员 · 柳荫街道")
    page.locator("#name-reason").fill("街道分工")
    window.press("[data-test=name] button[type=submit]")
    window.look("responsibility-area")
    page = window.go("/desk/register/chain/?lon=113.70006&lat=34.72003")
    assert page.get_by_test_id("chain").inner_text().split("\n")[-1] == "望桥区老李面馆"
    assert page.locator(".chain-hole").count() == 0
    window.look("chain-of-duty")
    with window.expecting(422):
        window.go("/desk/register/chain/?lon=120&lat=30")
    window.look()
