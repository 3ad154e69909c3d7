"""Every string a person may read has its Chinese, and the derived catalogues keep its placeholders."""

import gettext
import subprocess
import sys
from pathlib import Path

import pytest

from sanbao.core import catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'


@pytest.fixture
def house(tmp_path):
    """A house of two rooms with one Python file, one page and their catalogues."""
    files = {
        "sanbao/shop/services.py": 'from x import gettext_lazy as _\nA = _("Open the door")\nB = _("%(count)s left of " "all")\n',
        "sanbao/shop/templates/shop/page.html": "{% load i18n %}{% translate 'Come in' %}\n  {% blocktranslate trimmed with who=a.b %}\n"
        "  Good day,\n  {{ who }}\n  {% endblocktranslate %}\n",
        "locale/zh_Hans/shop.po": HEAD
        + '\nmsgid "Open the door"\nmsgstr "开门"\n\nmsgid "%(count)s left of all"\nmsgstr "共剩%(count)s个"\n',
        "locale/zh_Hans/yard.po": HEAD
        + '\nmsgid "Come in"\nmsgstr "请进"\n\nmsgid "Good day, %(who)s"\nmsgstr "%(who)s，您好"\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def append(house: Path, room: str, entry: str) -> None:
    with (house / "locale" / "zh_Hans" / f"{room}.po").open("a", encoding="utf-8") as file:
        file.write(f"\n{entry}\n")


def test_the_catalogues_of_the_house_have_no_gap_and_no_contradiction():
    found = catalogues.check().all
    assert not found, f"{len(found)} findings; see `python -m sanbao.core.catalogues check`:\n" + "\n".join(found[:60])


def test_a_whole_house_has_no_findings(house):
    assert catalogues.check(house).all == []


def test_an_unwritten_string_is_missing_whether_in_python_or_on_a_page(house):
    (house / "locale/zh_Hans/yard.po").unlink()
    found = catalogues.check(house).missing
    assert [line.split(": ")[1] for line in found] == ["'Come in' has no Chinese.", "'Good day, %(who)s' has no Chinese."]
    assert {entry.id for entry in catalogues.missing("shop", house) if entry.id} == {"Come in", "Good day, %(who)s"}


def test_a_fuzzy_entry_counts_as_missing(house):
    path = house / "locale/zh_Hans/yard.po"
    path.write_text(path.read_text("utf-8").replace('msgid "Come in"', '#, fuzzy\nmsgid "Come in"'), "utf-8")
    assert len(catalogues.check(house).missing) == 1


def test_a_stale_entry_is_named_unless_it_says_that_it_is_dynamic(house):
    append(house, "shop", 'msgid "Gone"\nmsgstr "没了"')
    append(house, "shop", '# dynamic\nmsgctxt "day"\nmsgid "Mon"\nmsgstr "周一"')
    assert catalogues.check(house).stale == ["shop.po: 'Gone' is no longer marked anywhere."]


@pytest.mark.parametrize("wrong", ["剩下的", "剩%(number)s个", "剩%(count)s个%(all)s"])
def test_a_translation_must_keep_exactly_the_placeholders(house, wrong):
    path = house / "locale/zh_Hans/shop.po"
    path.write_text(path.read_text("utf-8").replace("共剩%(count)s个", wrong), "utf-8")
    assert len(catalogues.check(house).placeholders) == 1


def test_two_rooms_may_share_a_string_but_not_contradict_each_other(house):
    append(house, "yard", 'msgid "Open the door"\nmsgstr "开门"')
    assert catalogues.check(house).all == []
    path = house / "locale/zh_Hans/yard.po"
    path.write_text(path.read_text("utf-8").replace("开门", "打开门"), "utf-8")
    assert catalogues.check(house).contradictions == ["shop.po and yard.po translate 'Open the door' differently."]


def test_chinese_text_is_punctuated_in_full_width(house):
    path = house / "locale/zh_Hans/yard.po"
    path.write_text(path.read_text("utf-8").replace("请进", "请进,谢谢"), "utf-8")
    assert len(catalogues.check(house).punctuation) == 1


def test_both_scripts_are_compiled_and_reviewed_terms_prevail(house):
    (house / "locale/zh_Hant").mkdir()
    (house / "locale/zh_Hant/terms.toml").write_text('[replace]\n"請進" = "請內進"\n', "utf-8")
    catalogues.compile_catalogues(house)
    simplified = gettext.translation("django", house / "locale", ["zh_Hans"])
    traditional = gettext.translation("django", house / "locale", ["zh_Hant"])
    assert simplified.gettext("Open the door") == "开门"
    assert traditional.gettext("Open the door") == "開門"
    assert traditional.gettext("Come in") == "請內進"
    assert traditional.gettext("%(count)s left of all") % {"count": 3} == "共剩3個"


def test_the_command_runs_without_the_framework_being_started(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sanbao.core.catalogues", "compile"],
        cwd=catalogues.REPO,
        env={"PATH": "/usr/bin:/bin", "SANBAO_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["locale/zh_Hans/LC_MESSAGES/django.mo", "locale/zh_Hant/LC_MESSAGES/django.mo"]
