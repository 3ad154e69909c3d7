"""From an order that was not followed to a decision, its publication and the month's table; and what cannot be done on the way."""

import pytest
from playwright.sync_api import Page

from tests import processes
from tests.stories import pictures
from tests.stories.browser import PHONE, Window
from tests.stories.stage import ANSWERS, PENALTY, STILL

SECRETS = ("李建国", "13800000001", "92990101")  # the operator's name, his number, the head of his credit code
YES_NO = {True: "yes", False: "no"}


@pytest.fixture(scope="module")
def not_followed(house) -> str:
    """The page of a problem whose order ended three days ago."""
    return f"/desk/problems/{house.stage('finding_with_order(5)')}/"


@pytest.fixture(scope="module")
def heard(house) -> str:
    """The page of a case whose notice was served a month ago; nobody has said a word."""
    return f"/desk/cases/{house.stage('case_noticed(40)')}/"


def offer(step: str) -> str:
    """The form of a next step, as a selector."""
    return f"form[action$='/step/{step}/']"


def unfold(page: Page, form: str) -> None:
    """Open the fold in which a form lies."""
    summary = page.locator(f"details:not([open]):has({form}) > summary")
    if summary.count():
        summary.first.click()


def take(window: Window, step: str) -> Page:
    """Unfold a next step on the case page and send its form."""
    unfold(window.page, offer(step))
    return window.press(f"{offer(step)} button[type=submit]")


def state(house, model: str = "penalties.Case") -> str:
    """Where the newest case stands."""
    room, name = model.split(".")
    return house.python(f"from sanbao.{room}.models import {name}; print({name}.objects.order_by('-id').first().state)")


def recheck(officer: Window, address: str) -> None:
    """Another officer looks again after the deadline, from the same spot, and nothing has changed."""
    page = officer.go(address)
    officer.look("order-over")
    page.locator("[data-test=step-fail] summary").click()
    form = page.locator("[data-test=step-fail] form")
    form.locator("[name=photos]").set_input_files(pictures.photo(2, "复查.jpg"))
    chen = form.locator("[name=second] option", has_text="陈立").get_attribute("value")
    form.locator("[name=second]").select_option(chen)
    form.locator("[name=note]").fill(STILL)
    form.locator("[name=showed_certificates]").check()
    officer.press("[data-test=recheck-no]")
    officer.look("problem-failed")


def open_case(officer: Window) -> str:
    """The case that the worker has proposed in the meantime; its address."""
    link = officer.page.locator("table a[href*='/desk/cases/']")

    def proposed() -> bool:
        officer.go("/desk/cases/")
        return link.count() > 0

    processes.wait_until(proposed, "the worker has proposed a case", 30)
    officer.look("cases")
    officer.press("table a[href*='/desk/cases/']")
    return officer.page.url.removeprefix(officer.home)


def write_down(officer: Window) -> None:
    """The investigator answers the law's questions and marks the evidence."""
    page = officer.page
    for key, value in ANSWERS.items():
        page.locator(f"#q-{key}").select_option(YES_NO.get(value, value))  # type: ignore[call-overload]
    officer.press("#facts button[type=submit]")
    for box in page.locator("#desk input[name=verified], #desk input[name=lawful]").all():
        box.check()
    officer.press("#desk form[action$='/verify/'] button[type=submit]")


def propose(officer: Window, fine: str) -> None:
    """The proposed penalty."""
    page = officer.page
    for kind in PENALTY["kinds"]:
        page.locator(f"#penalty input[name=kinds][value={kind}]").check()
    page.locator("#penalty [name=fine]").fill(fine)
    page.locator("#penalty [name=benchmark]").select_option(PENALTY["benchmark"])  # type: ignore[arg-type]
    page.locator("#penalty [name=correction]").fill(PENALTY["correction"])  # type: ignore[arg-type]
    officer.press("#penalty button[type=submit]")


def serve_paper(officer: Window, form: str) -> None:
    """Record that a paper was handed over and signed for."""
    page = officer.page
    unfold(page, form)
    page.locator(f"{form} [name=recipient]").fill("李建国")
    page.locator(f"{form} [name=relation]").fill("经营者本人")
    page.locator(f"{form} [name=signed]").check()
    officer.press(f"{form} button[type=submit]")


def test_an_order_not_followed_becomes_a_case_and_nothing_unlawful_is_open(house, desk, not_followed):
    recheck(desk("sun", PHONE), not_followed)
    liu, zhao = desk("liu"), desk("zhao")
    case = open_case(liu)
    liu.look("case-proposed")

    zhao.go(case)
    zhao.look("case-not-yet")
    assert zhao.page.locator(offer("file")).count() == 0  # not before the questions are answered
    write_down(liu)
    zhao.go(case)
    take(zhao, "file")
    assert state(house) == "filed"

    liu.go(case)
    propose(liu, "5000")
    liu.look("case-fine-too-high")
    assert liu.page.locator(offer("report")).count() == 0
    propose(liu, "300")
    take(liu, "report")
    take(liu, "notify")
    serve_paper(liu, "form[action$='/notice/']")
    liu.look("case-ribbon")
    assert state(house) == "noticed"
    refused_by_hand(house, liu, case)


def refused_by_hand(house, liu: Window, case: str) -> None:
    """While the party's time runs, the next step is shut with its articles, and sending it by hand changes nothing."""
    page = liu.page
    shut = page.locator(".offer-shut")
    assert shut.count() >= 1 and shut.first.locator(".reasons li").count() >= 1
    assert page.locator(offer("pass_review")).count() == 0
    before = house.stage('count("penalties.StepTaken", "core.IssuedDocument", "core.Entry")')
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    url = f"{house.url}{case}step/pass_review/"
    answer = liu.context.request.post(url, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
    assert answer.status == 409, f"{answer.status} {answer.url}"
    assert "第四十五条" in answer.text() or "第45条" in answer.text() or "PL-45" in answer.text()
    assert house.stage('count("penalties.StepTaken", "core.IssuedDocument", "core.Entry")') == before
    assert state(house) == "noticed"


def test_the_window_is_over_so_the_case_is_decided_served_paid_and_published(house, desk, windows, heard):
    qian, liu, zhao = desk("qian"), desk("liu"), desk("zhao")
    page = qian.go(heard)
    qian.look("case-review")
    page.locator("#review-reasons").fill("事实清楚，证据确凿，适用依据正确，程序合法，裁量适当。")
    qian.press("form[action$='/review/'] button[type=submit]")

    liu.go(heard)
    take(liu, "pass_review")
    page = zhao.go(heard)
    unfold(page, offer("decide"))
    page.locator(f"{offer('decide')} [name=sealed]").check()
    zhao.look("case-decide")
    take(zhao, "decide")
    liu.go(heard)
    serve_paper(liu, offer("serve"))
    page = liu.page
    unfold(page, offer("pay"))
    page.locator(f"{offer('pay')} [name=receipt_no]").fill("豫财〔2026〕0001")
    page.locator(f"{offer('pay')} [name=amount]").fill("300")
    take(liu, "pay")
    liu.look("case-paid")
    for link in page.locator("#papers a[href*='/documents/']").all()[:8]:
        paper = liu.context.request.get(f"{house.url}{link.get_attribute('href')}")
        assert paper.ok and paper.body().startswith(b"%PDF")
    publish_decision(house, desk, windows)


def publish_decision(house, desk, windows) -> None:
    """The worker drafts, the legal officer checks, the head approves, not the press but the bureau publishes; nobody is named."""
    qian = desk("qian")
    link = qian.page.locator("table a[href*='/desk/publicity/']")

    def drafted() -> bool:
        qian.go("/desk/publicity/")
        return link.count() > 0

    processes.wait_until(drafted, "the worker has drafted a publication", 30)
    qian.look("publicity")
    page = qian.press("table a[href*='/desk/publicity/']")
    qian.look("publication-draft")
    address = page.url.removeprefix(house.url)
    check_privacy(qian, social_impact="yes", impact_assessed="yes")
    zhao = desk("zhao")
    zhao.go(address)
    zhao.press("[data-test=approve]")
    editor = desk("editor")
    page = editor.go(address)
    assert page.get_by_test_id("publish").is_disabled()  # PL 48: the agency that decided publishes
    editor.look("publication-refused")
    page = zhao.go(address)
    zhao.look("publication")
    zhao.press("[data-test=publish]")
    seen_by_a_citizen(windows(PHONE), "处罚决定")


def check_privacy(reviewer: Window, **more: str) -> None:
    """Answer every question of the privacy check."""
    page = reviewer.page
    page.locator("[name=looked]").check()
    answers = {"minor": "no", "police_penalty": "no", "shows_reporter": "no", **more}
    for name, answer in answers.items():
        page.locator(f"[name={name}][value={answer}]").check()
    reviewer.press("[data-test=review]")


def seen_by_a_citizen(citizen: Window, kind: str) -> Page:
    """The published page on a phone, without anything that leads to the person."""
    page = citizen.go("/published/")
    citizen.look("published")
    citizen.press(f"article:has-text('{kind}') h3 a")
    citizen.look("published-page")
    assert not [secret for secret in SECRETS if secret in page.content()]
    return page


def test_an_exposure_shows_the_place_blurred_and_names_nobody(house, desk, windows):
    number = house.stage("finding_failed(9)")
    dispatcher = desk("dispatcher")
    page = dispatcher.go("/desk/publicity/")
    dispatcher.press(f"tr:has-text('{number}') form button")
    address = page.url.removeprefix(house.url)
    page.locator("details.mask > summary").first.click()
    picture = page.locator(".mask-stage").first
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + box["height"] * 0.15)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] * 0.3, steps=5)
    page.mouse.up()
    dispatcher.look("exposure-mask")
    dispatcher.press(".mask-form button[type=submit]")
    dispatcher.look("exposure-draft")
    qian = desk("qian")
    qian.go(address)
    check_privacy(qian, names_party="no")
    for name, button in (("zhao", "approve"), ("editor", "publish")):
        window = desk(name)
        window.go(address)
        window.press(f"[data-test={button}]")
    page = seen_by_a_citizen(windows(PHONE), "曝光")
    assert page.locator("article img.photo").count() == 1
    assert "老李" not in page.content()


def test_the_months_table_is_computed_and_its_figure_opens_its_rows(desk, not_followed, heard):
    leader = desk("leader")
    page = leader.go("/desk/ranking/")
    leader.press("[data-test=compute]")
    leader.look("ranking")
    leader.press("table.ranking a")
    leader.look("score-ladder")
    page.locator("a[href*='/desk/indicator/']").first.scroll_into_view_if_needed()
    leader.press("a[href*='/desk/indicator/']")
    leader.look("indicator-rows")
    assert page.locator("table tbody tr").count() >= 1
