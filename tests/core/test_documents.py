"""Issued papers: numbered without gaps, rendered once, sealed, readable as text, and never with a hole in a name."""

import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from sanbao.core import documents, files, glyphs
from sanbao.core.errors import Malformed
from sanbao.core.journal import entries_of
from sanbao.core.models import IssuedDocument, Sequence
from sanbao.law import forms, wording

RARE = "𬭎㛃堃喆甪犇"
FACTS = {
    "party": [["当事人", f"李{RARE}"]],
    "findings": "门前堆放杂物。",
    "evidence": ["现场照片四张"],
    "hearing_history": "未陈述申辩。",
}
FACTS |= {"reasons": ["罚款人民币叁佰元整。"], "performance": ["十五日内缴纳。"], "remedies": "可以申请行政复议。"}


def told(**facts):
    """The facts with the parts that are printed."""
    given = {**FACTS, **facts}
    return {**given, "parts": wording.parts_of(forms.form("D-23"), given, date(2026, 9, 21))}


def issue(world, kind="penalty_decision", at=None, **facts):
    return documents.issue(
        kind,
        world.noodle_house,
        "case_paper",
        told(**facts),
        title="行政处罚决定书",
        department=world.bureau,
        by=world.zhao,
        at=at or world.at,
    )


def test_numbers_run_from_one_per_kind_and_year(world):
    first, second, other = issue(world), issue(world), issue(world, kind="penalty_notice")
    later = issue(world, at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert [first.number, second.number] == ["望执罚决字〔2026〕0001号", "望执罚决字〔2026〕0002号"]
    assert other.number == "望执罚告字〔2026〕0001号"
    assert later.number == "望执罚决字〔2027〕0001号"  # midnight in Shanghai: the legal year has turned


def test_a_failed_act_takes_its_number_back(world):
    issue(world)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue(world)
        raise ZeroDivisionError
    assert issue(world).serial == 2
    assert Sequence.objects.get(kind="penalty_decision", year=2026).last == IssuedDocument.objects.count() == 2


def test_a_reprint_is_the_same_bytes_and_no_second_rendering(world, monkeypatch):
    document = issue(world)
    first = documents.pdf_bytes(document)
    monkeypatch.setattr(documents, "_compiler", None)
    assert documents.pdf_bytes(IssuedDocument.objects.get()) == first


def test_bytes_that_were_changed_in_the_store_are_never_given_out(world):
    document = issue(world)
    path = Path(default_storage.path(document.file))
    path.write_bytes(files.read_bytes(document.file) + b"%")
    with pytest.raises(documents.DocumentChanged):
        documents.pdf_bytes(document)
    path.unlink()


def test_the_facts_are_frozen_and_the_hash_stands_in_the_journal(world):
    document = issue(world)
    assert document.facts["findings"] == "门前堆放杂物。"
    assert document.facts["date"] == "二〇二六年九月二十一日"
    entry = entries_of(document).get()
    assert (entry.action, entry.data["sha256"]) == ("document.issued", document.sha256)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_the_text_of_a_paper_can_be_read_by_machines_rare_characters_and_all(world, tmp_path):
    document = issue(world)
    path = tmp_path / "paper.pdf"
    path.write_bytes(documents.pdf_bytes(document))
    text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    for words in (document.number, f"李{RARE}", "二〇二六年九月二十一日", document.check_code, "罚款人民币叁佰元整"):
        assert words in text


def test_the_page_count_is_that_of_the_file(world):
    assert issue(world).pages < issue(world, performance=["缴纳罚款的期限。" * 60] * 9).pages


@pytest.mark.parametrize("char", RARE)
def test_every_rare_character_of_a_name_has_a_glyph(char):
    assert glyphs.missing(char) == []


def test_a_name_that_cannot_be_written_is_refused_and_no_number_is_lost(world):
    with pytest.raises(Malformed) as refusal:
        issue(world, party=[["当事人", "李\U0003fff0"]])
    assert "\U0003fff0" in refusal.value.texts()[0]
    assert issue(world).serial == 1


def test_a_preview_has_no_number_and_writes_nothing(world):
    pdf = documents.preview("case_paper", told(), kind="penalty_decision", title="行政处罚决定书", department=world.bureau)
    assert pdf.startswith(b"%PDF-")
    assert not IssuedDocument.objects.exists() and not Sequence.objects.exists()


def test_check_codes_avoid_letters_that_look_alike():
    codes = {documents.make_check_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01IO")


def test_a_document_is_found_by_its_subject(world):
    issue(world)
    assert [each.title for each in documents.documents_of(world.noodle_house)] == ["行政处罚决定书"]
    assert not documents.documents_of(world.tea_house)


def test_many_papers_of_one_kind_are_numbered_in_order_and_their_years_kept_apart(world):
    def draft(at, **facts):
        return documents.Draft(world.noodle_house, told(**facts), "行政处罚决定书", world.bureau, world.zhao, at)

    turned = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    issue(world)
    made = documents.issue_many(
        "penalty_decision", "case_paper", [draft(world.at, findings="甲"), draft(turned), draft(world.at, findings="乙")]
    )
    assert [(row.year, row.serial) for row in made] == [(2026, 2), (2027, 1), (2026, 3)]
    assert len({row.sha256 for row in made}) == 3
    assert all(documents.pdf_bytes(row).startswith(b"%PDF") for row in IssuedDocument.objects.all())
    assert [entry.action for entry in entries_of(made[2])] == ["document.issued"]


def test_one_name_that_cannot_be_written_stops_the_whole_batch(world):
    good = documents.Draft(world.noodle_house, told(), "行政处罚决定书", world.bureau, world.zhao, world.at)
    bad = documents.Draft(world.tea_house, told(findings="\U0010ffff"), "行政处罚决定书", world.bureau, world.zhao, world.at)
    with pytest.raises(Malformed):
        documents.issue_many("penalty_decision", "case_paper", [good, bad])
    assert not IssuedDocument.objects.exists()
    assert issue(world).serial == 1
