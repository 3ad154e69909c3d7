"""Columns found by label in any language, by content where no label tells, and refused with a sentence where nothing can be compared."""

import pytest

from sanbao.core.errors import Malformed
from sanbao.registry.linkage.columns import columns_of, number_of, point_of
from sanbao.registry.linkage.files import read_list
from sanbao.registry.linkage.items import Item


def told(labels: list[str], rows: list[list[str]], **said: str) -> dict[str, str]:
    return columns_of(labels, rows, said, "list.csv").told(labels)


@pytest.mark.parametrize(
    "labels",
    [
        ["reg_id", "DOING_BUSINESS_AS_NAME", "ADDRESS", "ZIP_CODE", "LATITUDE", "LONGITUDE"],
        ["编号", "店铺名称", "经营地址", "区", "纬度", "经度"],
        ["序号", "企业名称", "注册地址", "邮编", "lat_bd09", "lng_bd09"],
        ["Kennung", "Firma", "Anschrift", "PLZ", "Breitengrad", "Längengrad"],
        ["identifiant", "Enseigne", "Adresse", "cp", "lat", "long"],
        ["ID", "Nombre", "Dirección", "CP", "Latitud", "Longitud"],
        ["ID", "Название", "Адрес", "Индекс", "Широта", "Долгота"],
    ],
)
def test_labels_of_many_countries_are_known(labels):
    rows = [[f"x{n}", f"Shop {n} 店", f"{n} Main St 12", "10115", f"48.85{n}1", f"2.35{n}1"] for n in range(1, 9)]
    number, name, address, _post, lat, lon = labels
    assert told(labels, rows) == {"id": number, "name": name, "address": address, "lat": lat, "lon": lon}


def test_a_second_column_of_names_is_the_alias():
    rows = [[f"F{n}", f"Twist {n} Inc", f"Berrymoon {n}", f"{n} W North Ave"] for n in range(1, 9)]
    labels = ["field_id", "DBA_Name", "AKA_Name", "Address"]
    assert told(labels, rows) == {"id": "field_id", "name": "DBA_Name", "alias": "AKA_Name", "address": "Address"}


def test_columns_without_telling_labels_are_known_by_their_content():
    rows = [
        [f"A-{n}", f"{'abcdefgh'[n]}berg Bakery", f"{n + 1}2 Main Street", f"48.8{n}123", f"2.3{n}123", "shop"] for n in range(8)
    ]
    labels = ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert told(labels, rows) == {"id": "c1", "name": "c2", "address": "c3", "lat": "c4", "lon": "c5"}


def test_what_is_said_wins_over_what_is_guessed_and_a_dash_leaves_a_column_out():
    rows = [["1", "Legal Ltd", "Sign", "1 High St"], ["2", "Other Ltd", "Board", "2 High St"]]
    labels = ["id", "name", "sign", "address"]
    assert "address" not in told(labels, rows, name="sign", address="-")
    assert told(labels, rows, name="sign")["name"] == "sign"


def test_unknown_columns_and_fields_and_files_without_anything_to_compare_are_refused():
    rows = [["1", "2"], ["3", "4"]]
    for labels, said in ((["id", "name"], {"name": "nome"}), (["id", "name"], {"nom": "name"}), (["count", "total"], {})):
        with pytest.raises(Malformed):
            columns_of(labels, rows, said, "list.csv")


def test_two_numbers_in_one_cell_are_a_point():
    assert point_of("104.06,30.65") == point_of("POINT (104.06 30.65)") == point_of("(104.06, 30.65)") == (104.06, 30.65)
    assert point_of("12 Main St 5") is None
    assert number_of("48,8566") == 48.8566
    assert number_of("n/a") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_files_in_any_encoding_with_any_separator_are_read(tmp_path, encoding, separator):
    lines = [["编号", "名称", "地址"], *[[f"0{n}", f"福记小面{n}店", f"科华北路{n}号"] for n in range(1, 30)]]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(separator.join(line) for line in lines), encoding)
    items = read_list(path, {}).items
    assert items[0] == Item("01", "福记小面1店", address="科华北路1号")
    assert len(items) == 29


def test_a_list_of_western_europe_in_latin_letters_is_read(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_bytes("Nom;Adresse\nCafé de l'Été;12 rue de l'Église\nBrûlerie;3 allée des Chênes\n".encode("latin-1"))
    assert [(item.id, item.name) for item in read_list(path, {}).items] == [("1", "Café de l'Été"), ("2", "Brûlerie")]


def test_house_number_and_street_in_two_columns_are_one_address(tmp_path):
    path = tmp_path / "haeuser.csv"
    path.write_text("Name;Strasse;Hausnummer\nBäckerei;Hauptstraße;12\nMetzger;Gartenweg;3\n", "utf-8")
    assert [item.address for item in read_list(path, {}).items] == ["12 Hauptstraße", "3 Gartenweg"]
