"""What is left of a name when everything that is not the brand has been told apart."""

import pytest

from sanbao.registry.linkage.brands import Brands
from sanbao.registry.linkage.folding import figures, fold, sound
from sanbao.registry.linkage.names import names_of

ADDRESSES = ["四川省成都市武侯区科华北路12号", "成都市武侯区玉林南路8号"]


def brand_of(text: str) -> str:
    """The brand that two lists of one city of Sichuan would see in a name."""
    name = names_of(text)[0]
    return Brands([name], ADDRESSES).split(name)[0]


@pytest.mark.parametrize(
    "written",
    [
        "福记小面",
        "武侯区福记小面馆",
        "成都福记餐饮管理有限公司",
        "成都市武侯区福记商行",
        "福記小麵館",
        "福记（科华店）",
        "福记·小面",
        "福記",
    ],
)
def test_one_brand_is_seen_under_every_way_to_write_it(written):
    assert brand_of(written) == "福记"


def test_the_branch_is_read_from_brackets_from_behind_a_dot_and_from_behind_the_legal_form():
    for written in (
        "永辉超市（科华店）",
        "永辉超市·科华店",
        "成都永辉超市有限公司科华分公司",
        "永辉超市(科华分店)",
        "永辉超市科华店",
    ):
        assert names_of(written)[0].branch == "科华"


def test_a_city_stays_in_a_name_that_would_be_nothing_without_it():
    assert brand_of("兰州拉面") == "兰州"
    assert brand_of("成都拉面") == "拉面"


def test_numbered_branches_keep_their_number_in_one_way_of_writing():
    assert names_of("1+家超市（橡树林一店）")[0].branch == names_of("1+家超市(橡树林1店)")[0].branch


def test_the_number_of_a_store_stands_apart_from_its_name():
    for written in ("7-ELEVEN #33496C", "7 Eleven no. 33496c", "7-Eleven Store # 33496C"):
        name = names_of(written)[0]
        assert (name.core, name.numbers) == ("7 eleven", ("33496c",))
    assert names_of("Subway 24453")[0].numbers == ("24453",)


def test_legal_forms_and_articles_of_many_languages_are_no_part_of_the_brand():
    for written in ("Müller GmbH", "MULLER", "Müller e.K.", "Müller Inc.", "The Muller LLC", "Müller S.A.R.L."):
        assert names_of(written)[0].core == "muller"


def test_an_item_has_every_name_written_for_it():
    cores = {name.core for name in names_of("MISERICORDIA BAKERY/HEARTS AND FLOUR", "Berrymoon dba Twist")}
    assert {"misericordia bakery", "hearts flour", "berrymoon", "twist"} & cores >= {"misericordia bakery", "hearts flour"}


def test_nothing_written_is_no_name():
    assert names_of("") == () == names_of("  ", "—")


def test_chinese_figures_are_read_as_numbers():
    assert figures("二十三号一〇八室十五楼一百零二") == "23号1〇8室15楼102"
    assert figures(fold("一〇八")) == "108"


def test_characters_that_sound_alike_are_one_sign_and_others_are_not():
    assert sound("福记") == sound("富计")
    assert sound("福记") != sound("福家")
    assert len(sound("福记coffee")) == len("福记coffee")


def test_width_case_script_and_accents_are_folded():
    assert fold("　ＡＢＣ１２３　Café  ÉCLAIR 麵館") == "abc123 cafe eclair 面馆"


def test_a_name_in_two_scripts_is_known_by_either():
    assert {"星巴克", "starbucks"} <= {name.core for name in names_of("Starbucks 星巴克（太古里店）")}
    assert len(names_of("007china超市")) == 1


@pytest.mark.parametrize(
    ("written", "brand"),
    [
        ("红旗连锁超市", "红旗"),
        ("永辉超市科华店", "永辉"),
        ("社区便利店", "社区"),
        ("老家乡村菜馆", "老家乡村菜"),
        ("慈溪市宗汉街道振宏动力机配件厂", "振宏动力机"),
        ("厦门市武侯区福记商行", "福记"),
    ],
)
def test_what_only_looks_like_a_place_stays_in_the_name(written, brand):
    assert brand_of(written).startswith(brand)
