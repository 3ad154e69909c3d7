"""The law changed between the act and the decision: a barbecue of July, decided by the milder law of August (PL 37)."""

import pytest

from tests.stories.browser import PHONE, Window

ACT_ON = "2026-07-10"


@pytest.fixture(scope="module")
def barbecue(house) -> str:
    """The page of a filed case: an act of 10 July 2026, found and filed under the old law's day, decided today."""
    return f"/desk/cases/{house.stage(f'case_of_barbecue({ACT_ON!r})')}/"


def propose(window: Window, fine: str) -> None:
    """Write a fine on the discretion worksheet, in the band of general circumstances."""
    page = window.page
    form = page.locator("form[action$='/penalty/']")
    form.locator("[name=kinds][value=fine]").check()
    form.locator("[name=fine]").fill(fine)
    form.locator("[name=benchmark]").select_option("DEMO-2026-1")
    form.locator("[name=correction]").fill("已当场收起烧烤炉具。")
    form.locator("[name=law_reason]").fill("新法罚款上限低于旧法，对当事人较轻。")
    window.press("form[action$='/penalty/'] button[type=submit]")


def report_step(window: Window) -> str:
    """What the page says about finishing the investigation."""
    return window.page.locator(".offer", has_text="调查终结").first.inner_text()


def test_the_milder_new_range_judges_an_act_of_before(house, desk, barbecue):
    officer = desk("liu")
    page = officer.go(f"{barbecue}worksheet/")
    officer.look("law-change-worksheet")
    shown = page.locator("[data-test=comparison]").inner_text()
    for words in ("500", "20,000", "5,000", "新法"):
        assert words in shown, shown
    assert page.locator("[data-test=comparison] tr.applies").count() == 1
    assert "5,000" in page.locator("[data-test=comparison] tr.applies").inner_text()

    propose(officer, "6000")
    assert "第五条" in report_step(officer) and "5000" in report_step(officer)
    page = officer.go(f"{barbecue}worksheet/")
    assert "5000" in page.locator("#judged").inner_text()
    officer.look("law-change-refused")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    url = f"{house.url}{barbecue}step/report/"
    answer = officer.context.request.post(url, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
    assert answer.status == 409 and "第五条" in answer.text()

    propose(officer, "2000")
    officer.look("law-change-case")
    assert page.locator("[data-test=comparison]").count() == 1
    send_report(officer)
    last = house.python("from sanbao.penalties.models import Case; print(Case.objects.order_by('-id').first().state)")
    assert last == "reported"


def send_report(window: Window) -> None:
    """Unfold the step and send its form."""
    fold = window.page.locator("details:not([open]):has(form[action$='/step/report/']) > summary")
    if fold.count():
        fold.first.click()
    window.press("form[action$='/step/report/'] button[type=submit]")


def test_both_ranges_can_be_read_on_a_phone(desk, barbecue):
    phone = desk("liu", PHONE)
    phone.go(barbecue)
    phone.look("law-change-phone")
    phone.go(f"{barbecue}worksheet/")
    phone.look("law-change-worksheet-phone")
