"""Papers of a case: issued once and whole, printed the same for ever, drafted in Word, shown on the desk."""

import hashlib
import io
import shutil
import subprocess
import tomllib
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from django.urls import reverse

from sanbao.core import documents, drafts, ledger
from sanbao.core.errors import Refusal
from sanbao.core.models import IssuedDocument
from sanbao.law import forms, wording
from sanbao.penalties import drafting, papers
from sanbao.penalties.services.paperwork import issue_paper, preview_paper
from tests.penalties.test_pages import desk

__all__ = ["desk"]

TABLE = tomllib.loads((Path(__file__).parent / "forms_facts.toml").read_text())
EVERY = list(forms.forms())
BODY = ("-x", "0", "-y", "0", "-W", "595", "-H", "742")  # of an A4 page, in points: all above the footer


def facts_of(form: str) -> dict:
    return {**TABLE["common"], **TABLE.get(form, {})}


def text_of(pdf: bytes) -> str:
    """The text of a PDF as any reader extracts it, without footers, blanks and line breaks."""
    done = subprocess.run(["pdftotext", *BODY, "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def plain(words: str) -> str:
    return "".join(words.split()).rstrip("。")


def words_in(value) -> list[str]:
    return [value] if isinstance(value, str) else [words for each in value for words in words_in(each)]


def test_every_form_is_issued_whole_numbered_sealed_and_printed_the_same(case, town, hands):
    before = {form: IssuedDocument.objects.filter(kind=forms.form(form).kind).count() for form in EVERY}
    for form in EVERY:
        paper = issue_paper(case, form, facts_of(form), by=town.liu, at=hands.at(1))
        row = paper.document
        assert (paper.form, row.serial, row.title) == (form, before[form] + 1, forms.form(form).title)
        printed = documents.pdf_bytes(row)
        assert hashlib.sha256(printed).hexdigest() == row.sha256
        assert printed == documents.pdf_bytes(IssuedDocument.objects.get(pk=row.pk))
        assert b"pdfaid" in printed
    again = issue_paper(case, "D-29", facts_of("D-29"), by=town.liu, at=hands.at(2))
    assert (again.document.serial, again.document.number) == (2, "望执催字〔2026〕0002号")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
@pytest.mark.parametrize("form", ["D-05", "D-12", "D-23", "D-24", "D-26", "D-29", "D-33", "D-34C"])
def test_the_text_of_a_paper_can_be_extracted(form, case, town, hands):
    issued = issue_paper(case, form, facts_of(form), by=town.liu, at=hands.at(1)).document
    text = text_of(documents.pdf_bytes(issued))
    assert plain(forms.form(form).title) in text
    assert plain(issued.number) in text
    for field in forms.form(form).fields:
        if field.key in ("remedies", "party"):  # the remedies are the procedure's, not the fixture's
            continue
        for words in words_in(facts_of(form)[field.key]):
            assert plain(words) in text, words


def test_a_paper_that_lacks_a_fact_is_not_numbered(case, town, hands):
    facts = facts_of("D-29") | {"duty": " ", "amount": None}
    with pytest.raises(Refusal) as refused:
        issue_paper(case, "D-29", facts, by=town.liu, at=hands.at(1))
    assert {reason.code for reason in refused.value.reasons} == {"missing_duty", "missing_amount"}
    assert not IssuedDocument.objects.filter(kind="reminder").exists()
    assert issue_paper(case, "D-29", facts_of("D-29"), by=town.liu, at=hands.at(1)).document.serial == 1


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_amounts_and_days_are_written_by_the_form(case, town, hands):
    given = {**facts_of("D-29"), "amount": Decimal("10200"), "decision_served": date(2026, 11, 12)}
    text = text_of(preview_paper(case, "D-29", given, at=hands.at(1)))
    assert "人民币壹万零贰佰元整（￥10,200.00）" in text
    assert "2026年11月12日" in text


def test_the_remedies_are_those_of_the_procedure(case, hands):
    day = hands.at(1).date()
    ordinary, spot = papers.remedies(day), papers.remedies(day, first=True)
    assert "六十日内" in ordinary
    assert "六个月内" in ordinary
    assert "六十日内" in spot
    assert "应当先" in spot
    assert "六个月" not in spot
    told = papers.dressed(case, "D-24", {**facts_of("D-24"), "remedies": "六个月内起诉"}, hands.at(1))
    assert told["remedies"] == spot


@pytest.mark.parametrize("form", EVERY)
def test_a_word_draft_holds_every_fact_in_the_order_of_the_paper(form, town, hands):
    facts = facts_of(form)
    parts = wording.parts_of(forms.form(form), facts, date(2026, 11, 10))
    made = drafts.make_draft(forms.form(form).title, parts, agency="望云区城市管理行政执法局", at=hands.at(1))
    assert made == drafts.make_draft(forms.form(form).title, parts, agency="望云区城市管理行政执法局", at=hands.at(1))
    file = docx.Document(io.BytesIO(made))
    body = []
    for each in file.iter_inner_content():
        body += [each.text] if hasattr(each, "text") else [cell.text for row in each.rows for cell in row.cells]
    text = plain("".join(body))
    assert plain(forms.form(form).title) in text
    for field in forms.form(form).fields:
        for words in words_in(facts[field.key]):
            assert plain(words) in text, f"{field.key}: {words}"
    places = [text.index(plain(part["text"])) for part in parts if part["kind"] == "section"]
    assert places == sorted(places)


def test_a_word_draft_is_chinese_and_says_that_it_is_a_draft(case, hands):
    made = drafting.draft(case, "D-23", hands.at(1))
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        styles, header = packed.read("word/styles.xml").decode(), packed.read("word/header1.xml").decode()
    assert 'w:eastAsia="zh-CN"' in styles
    assert 'w:eastAsia="FangSong"' in styles
    assert "不产生效力" in header
    assert "〔2026〕" not in "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs[:3])


def test_the_desk_shows_papers_drafts_and_previews(desk, town, hands, case):
    hands.to_noticed()
    client = desk(town.liu)
    shown = client.get(reverse("console:case", args=[case.pk])).content.decode()
    for row in case.papers.select_related("document"):
        assert row.document.number in shown
        assert row.document.sha256[:12] in shown
    assert "没有送达记录" in shown
    assert reverse("console:case_draft", args=[case.pk, "D-29"]) in shown
    for form in ("D-16", "D-23", "D-29", "D-07"):
        assert client.get(reverse("console:case_preview", args=[case.pk, form])).content.startswith(b"%PDF")
        answer = client.get(reverse("console:case_draft", args=[case.pk, form]))
        assert answer["Content-Type"] == drafts.MIME
        assert docx.Document(io.BytesIO(answer.content)).paragraphs
    assert client.get(reverse("console:case_draft", args=[case.pk, "D-99"])).status_code == 404
    assert client.post(reverse("console:case_bundle", args=[case.pk])).status_code == 409
    assert desk(town.gridworker).get(reverse("console:case_draft", args=[case.pk, "D-23"])).status_code == 403


def test_the_desk_hands_out_the_bundle_of_an_ended_case(desk, town, hands, case):
    hands.to_filed()
    hands.propose("300", days=3)
    hands.step("report", days=4)
    case.state = "closed"
    case.save(update_fields=["state"])
    ledger.seal_pending()
    client = desk(town.zhao)
    shown = client.get(reverse("console:case", args=[case.pk])).content.decode()
    assert reverse("console:case_bundle", args=[case.pk]) in shown
    answer = client.post(reverse("console:case_bundle", args=[case.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert "verify.py" in packed.namelist()
