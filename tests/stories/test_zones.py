"""Every metre in exactly one zone: a clerk explains a gap, moves a boundary with both neighbours, undoes it, and the phone shows the drawing."""

from tests.stories.browser import PHONE


def test_a_street_is_walked_and_its_blind_spots_go(desk):
    clerk = desk("clerk")
    page = clerk.go("/desk/zones/")
    before = int(page.get_by_test_id("count").inner_text())
    clerk.look("blind-spots")
    clerk.press("[data-test=spots] a")
    clerk.look("segment-zones")
    page.locator("[data-test=spots-left] summary, [data-test=spots-right] summary").first.click()
    page.locator("select[name=reason_code]").first.select_option("green")
    page.locator("input[name=reason]").first.fill("街心花园")
    clerk.press("[data-test=explain] >> nth=0")
    clerk.look()
    row = page.get_by_test_id("zones-left").locator("tr").filter(has=page.locator("[data-test=boundary]")).first
    row.locator("summary").click()
    end = float(row.locator("input[name=at_m]").input_value())
    row.locator("input[name=at_m]").fill(f"{end + 0.5:.2f}")
    row.locator("form:has([data-test=boundary]) input[name=reason]").fill("台阶由两家共用，当面量定")
    with page.expect_navigation():
        row.get_by_test_id("boundary").click()
    assert "台阶由两家共用" in page.get_by_test_id("decisions").inner_text()
    page.get_by_test_id("decisions").locator("summary").first.click()
    page.get_by_test_id("decisions").locator("input[name=reason]").first.fill("复核后按原界线")
    clerk.press("[data-test=undo] >> nth=0")
    clerk.look("segment-zones-undone")
    clerk.go("/desk/zones/")
    assert int(page.get_by_test_id("count").inner_text()) < before
    small = desk("clerk", PHONE)
    small.go("/desk/zones/")
    small.look("blind-spots-phone")
    small.press("[data-test=spots] a")
    small.look("segment-zones-phone")
    small.go("/desk/zones/rule/")
    small.look("zone-rule")
