"""Every id resolves, unknown ones raise, and the statutes are complete records."""

from datetime import date
from pathlib import Path

import pytest

from sanbao.law.calendar import DAY
from sanbao.law.citations import UnknownArticle, cite, in_numerals, library, read_library

LEVELS = {"law", "admin_regulation", "local_regulation", "department_rule", "interpretation", "document"}


def test_an_article_names_its_instrument_and_says_its_wording_is_condensed() -> None:
    found = cite("PL-60")
    assert found.instrument.name == "中华人民共和国行政处罚法"
    assert "九十日" in found.text
    assert (found.wording, found.confidence, found.label) == ("condensed", "C2", "《行政处罚法》第六十条")


@pytest.mark.parametrize(
    ("id_", "label"),
    [
        ("EC-1132.3", "《生态环境法典》第一千一百三十二条第三款"),
        ("CER-34(5)", "《城市市容和环境卫生管理条例》第三十四条第（五）项"),
        ("PL-72.1(1)", "《行政处罚法》第七十二条第一款第（一）项"),
        ("GB54", "国办发〔2024〕54号"),
        ("GF2000-63", "国办发〔2000〕63号"),
        ("PL", "《行政处罚法》"),
    ],
)
def test_paragraphs_items_and_whole_instruments_can_be_cited(id_: str, label: str) -> None:
    assert cite(id_).label == label


@pytest.mark.parametrize("id_", ["PL-999", "XX-1", "PL-", "PL-6O", "", "pl-60", "GB54-1", "PL-60;PL-61"])
def test_an_unknown_article_is_an_error(id_: str) -> None:
    with pytest.raises(UnknownArticle):
        cite(id_)


def test_a_repealed_law_is_out_of_force_the_day_the_code_begins() -> None:
    assert cite("AP-118").instrument.in_force(date(2026, 8, 14))
    assert not cite("AP-118").instrument.in_force(date(2026, 8, 15))
    assert cite("EC-1132").instrument.in_force(date(2026, 8, 15))


def test_every_instrument_is_a_complete_record() -> None:
    for id_, instrument in library().instruments.items():
        assert instrument.name and instrument.name_en and instrument.issuer and instrument.source, id_
        assert instrument.level in LEVELS, id_
        assert instrument.confidence in {"C2", "C1", "INF", "UNCONFIRMED", "INVENTED"}, id_
        assert instrument.wording == "condensed", id_
        assert instrument.in_force_until is None or instrument.in_force_from <= instrument.in_force_until, id_


def test_every_article_has_a_sentence_of_its_own() -> None:
    texts = [text for text, _ in library().articles.values()]
    assert all(text.endswith(("。", "）")) and len(text) > 10 for text in texts)
    assert len(set(texts)) == len(texts)


def test_an_article_entered_twice_is_refused(tmp_path: Path) -> None:
    head = 'name = "n"\nshort = "s"\nname_en = "e"\nissuer = "i"\nlevel = "law"\nin_force_from = 2020-01-01\n'
    (tmp_path / "a.toml").write_text(
        f'[A]\n{head}source = "s"\nconfidence = "C1"\nwording = "condensed"\n[A.articles]\n1 = "一。"\n', "utf-8"
    )
    assert set(read_library(tmp_path).articles) == {"A-1"}
    (tmp_path / "b.toml").write_text('[A.articles]\n1 = "二。"\n', "utf-8")
    with pytest.raises(ValueError, match="A-1"):
        read_library(tmp_path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (18, "十八"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1032, "一千零三十二"),
        (1190, "一千一百九十"),
    ],
)
def test_article_numbers_are_written_in_numerals(number: int, words: str) -> None:
    assert in_numerals(number) == words


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一百"), (101, "一百零一"), (110, "一百一十"),
     (111, "一百一十一"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"), (1100, "一千一百"), (1132, "一千一百三十二"),
     (2002, "二千零二"), (9999, "九千九百九十九")],
)  # fmt: skip
def test_articles_are_numbered_in_characters(number: int, written: str) -> None:
    assert in_numerals(number) == written


def test_an_instrument_is_in_force_from_its_first_to_its_last_day() -> None:
    old, new = cite("AP-118").instrument, cite("EC-1132").instrument
    assert [old.in_force(old.in_force_from - day) for day in (DAY, 0 * DAY)] == [False, True]
    assert [new.in_force(day) for day in (date(2026, 8, 14), date(2026, 8, 15), date(2199, 1, 1))] == [False, True, True]
