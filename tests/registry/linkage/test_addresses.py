"""Addresses of any country taken apart into road, house number, building and room."""

import pytest

from sanbao.registry.linkage.addresses import address_of


@pytest.mark.parametrize(
    ("written", "road", "numbers", "building", "rooms"),
    [
        ("四川省成都市天府新区华阳街道天府大道南段892号1层附4、5号", "天府大道南段", (892, 892), "", (4, 5)),
        ("双流区东升街道星空路898号现代城27栋1层11号", "星空路", (898, 898), "27", (11, 11)),
        ("成都市锦江区橡树林路157号、159号", "橡树林路", (157, 159), "", (-1, -1)),
        ("郫县红光镇金仪小区金隆巷2-6号", "金隆巷", (2, 6), "", (-1, -1)),
        ("成都市金牛区肖家村二巷87号1层", "肖家村2巷", (87, 87), "", (-1, -1)),
        ("和平区三好街５４号物产大厦１４０５室", "3好街", (54, 54), "", (1405, 1405)),
        ("成都高新区中和街道東寺社區新程大道一百一十七号", "新程大道", (117, 117), "", (-1, -1)),
        ("辽宁省沈阳市和平区长白街172-2号", "长白街", (172, 172), "", (2, 2)),
        ("沈阳市和平区长白西路33号-15门", "长白西路", (33, 33), "", (15, 15)),
        ("535 S STATE ST 1ST", "s state st", (535, 535), "", (-1, -1)),
        ("1157-59 W 47TH ST 1ST", "w 47 st", (1157, 1159), "", (-1, -1)),
        ("404 South Figueroa Street, Suite 400", "s figueroa st", (404, 404), "", (400, 400)),
        ("9570 wilshire blvd. at camden dr.", "wilshire blvd", (9570, 9570), "", (-1, -1)),
        ("Unit 5, 12 High Street", "high st", (12, 12), "", (-1, -1)),
        ("Hauptstraße 12 a, 10115 Berlin", "hauptstr", (12, 12), "", (-1, -1)),
        ("12 bis, rue de l’Église 69003 LYON", "rue de l eglise", (12, 12), "", (-1, -1)),
        ("C/ Mayor 3, 1º B", "c mayor", (3, 3), "", (-1, -1)),
        ("улица Ленина, д. 5, оф. 2", "ул ленина", (5, 5), "", (2, 2)),
        ("", "", (-1, -1), "", (-1, -1)),
    ],
)
def test_an_address_is_taken_apart(written, road, numbers, building, rooms):
    found = address_of(written)
    assert (found.road, found.numbers, found.building, found.rooms) == (road, numbers, building, rooms)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Hauptstraße 12", "Hauptstr. 12"),
        ("12 avenue Victor Hugo", "12, av. VICTOR HUGO, 75011 Paris"),
        ("Calle de Alcalá, 20", "C/ de Alcala 20"),
        ("ул. Ленина, д. 5", "улица Ленина 5"),
        ("1924 W NORTH AVE", "1924 West North Avenue"),
        ("成都市武侯区科华北路十二号", "科华北路12號"),
    ],
)
def test_two_ways_to_write_an_address_have_one_text(one, two):
    assert address_of(one).text == address_of(two).text != ""


def test_an_estate_that_sounds_like_a_city_or_a_district_keeps_its_name():
    assert address_of("万科城市花园5栋101").text.startswith("万科城市花园")
    assert address_of("新希望小区3栋201室").text.startswith("新希望小区")
    assert address_of("运城市盐湖区解放路9号").road == "解放路"
