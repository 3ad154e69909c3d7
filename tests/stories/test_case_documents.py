"""At the document desk of a case: papers with their state of service, a Word draft to work on, and no bundle while the case runs."""

import io

import docx
import pytest

from tests.stories.browser import PHONE


@pytest.fixture(scope="module")
def noticed(house) -> str:
    """The page of a case whose notice was served a month ago."""
    return f"/desk/cases/{house.stage('case_noticed(40)')}/"


def test_an_officer_takes_a_word_draft_and_a_preview_from_the_desk(desk, noticed):
    liu = desk("liu")
    page = liu.go(noticed)
    page.locator("#papers").scroll_into_view_if_needed()
    liu.look("case-documents")
    papers = page.locator("#papers tbody tr")
    assert papers.filter(has_text="行政处罚事先告知书").filter(has_text="已送达").count() == 1
    page.locator("#papers details summary", has_text="全部执法文书").click()
    with page.expect_download() as given:
        page.locator("#papers a[href$='/draft/D-29/']").last.click()
    draft = docx.Document(io.BytesIO(given.value.path().read_bytes()))
    assert "催告书" in [paragraph.text for paragraph in draft.paragraphs]
    assert page.request.get(f"{liu.home}{noticed}preview/D-23/").body().startswith(b"%PDF")
    assert page.locator("form[action$='/bundle/']").count() == 0


def test_the_desk_fits_a_phone(desk, noticed):
    liu = desk("liu", PHONE)
    liu.go(noticed)
    liu.look()
