"""The register of forms: whole, worded, and refused for each fact that is missing."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from sanbao.core import documents
from sanbao.law import forms, wording
from sanbao.law.citations import cite

TABLE = tomllib.loads((Path(__file__).parent.parent / "penalties" / "forms_facts.toml").read_text())
EVERY = list(forms.forms())
DAY = date(2026, 11, 10)


def facts_of(form: str) -> dict:
    return {**TABLE["common"], **TABLE.get(form, {})}


def words_of(parts: list) -> str:
    found = []
    for value in parts:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            found.append(words_of([each for key, each in value.items() if key != "kind"]))
        else:
            found.append(words_of(value))
    return "\n".join(found)


def test_the_register_holds_every_form_of_the_manual() -> None:
    numbers = {int("".join(sign for sign in form[2:] if sign.isdigit())) for form in EVERY}
    assert numbers == set(range(38))
    assert {"D-22b", "D-12A", "D-13R", "D-33L", "D-34C", "D-37L"} <= set(EVERY)


@pytest.mark.parametrize("form", EVERY)
def test_a_form_agrees_with_its_numbered_kind(form: str) -> None:
    row, kind = forms.form(form), documents.kinds()[forms.form(form).kind]
    assert (kind["title"], kind["outward"]) == (row.title, row.outward)
    assert row.title_en
    assert row.sealed == row.outward


@pytest.mark.parametrize("form", EVERY)
def test_every_article_of_a_form_is_known(form: str) -> None:
    row = forms.form(form)
    for article in [*row.articles, *(field.why for field in row.fields if field.why)]:
        assert cite(article)


@pytest.mark.parametrize("form", EVERY)
def test_a_form_is_refused_for_each_missing_fact_and_passes_when_whole(form: str) -> None:
    row, facts = forms.form(form), facts_of(form)
    assert forms.missing(row, facts) == ()
    for field in row.fields:
        for blank in (None, "", "  ", []):
            objections = forms.missing(row, {**facts, field.key: blank})
            assert [each.code for each in objections] == [f"missing_{field.key}"]
            assert field.label in objections[0].text()
            assert field.label_en in objections[0].text()
    assert len(forms.missing(row, {})) == len(row.fields)


@pytest.mark.parametrize("form", EVERY)
def test_a_form_prints_every_fact_it_asks_for(form: str) -> None:
    row, facts = forms.form(form), facts_of(form)
    printed = words_of(wording.parts_of(row, facts, DAY))
    for field in row.fields:
        value = facts[field.key]
        for words in [value] if isinstance(value, str) else [cell for line in value for cell in line if isinstance(line, list)]:
            assert words.rstrip("。") in printed, f"{field.key}: {words}"
    assert "【" not in printed
    assert "。。" not in printed
    assert "{" not in printed


def test_no_wording_holds_a_period_or_an_article_of_its_own() -> None:
    literal = re.compile(r"第[一二三四五六七八九十百]+条|[一二三四五六七八九十]+(?:个工作日|日内|个月内)")
    assert {form: found for form, text in wording.wordings().items() if (found := literal.findall(text))} == {}


def test_a_draft_shows_what_is_still_missing() -> None:
    printed = words_of(wording.parts_of(forms.form("D-29"), {**facts_of("D-29"), "duty": ""}, DAY))
    assert "【应当履行的义务】" in printed


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(forms.UnknownForm):
        forms.form("D-99")
