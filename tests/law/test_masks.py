"""What the public may read of a name, a plate, a number, an address; and until when it may be shown."""

from datetime import UTC, date, datetime

import pytest

from sanbao.law.publicity import (
    latest_end,
    mask_address,
    mask_id,
    mask_licence_name,
    mask_name,
    mask_phone,
    mask_plate,
    withdraw_by,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("  ", ""),
        ("王", "王某"),
        ("王明", "王某"),
        (" 王小明 ", "王某某"),
        ("王小小明", "王某某"),
        ("欧阳", "欧某"),
        ("欧阳修", "欧阳某"),
        ("诸葛孔明", "诸葛某某"),
        ("司马相如一", "司马某某"),
        ("阿不都·热合曼", "阿某某"),
        ("东方·白", "东某某"),
        ("John Smith", "J***"),
        ("O'Brien-Lee Jr.", "O***"),
        ("J", "J***"),
        ("-J", "-某"),
    ],
)
def test_a_name_keeps_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("plate", "shown"),
    [
        ("豫R12345", "豫R***45"),
        ("豫R·123 45", "豫R***45"),
        ("豫R-1.234", "豫R***34"),
        ("豫R123", "***"),
        ("豫R1234", "豫R***34"),
        ("", "***"),
    ],
)
def test_a_plate_keeps_its_place_and_two_characters(plate: str, shown: str) -> None:
    assert mask_plate(plate) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "***5678"), ("0377-1234567", "***4567"), ("1234567", "***4567"), ("123456", "***"), ("", "***")],
)
def test_a_telephone_number_keeps_four_digits_if_it_has_enough(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("41130219900101123X", "411*************3X"),
        ("411302900101123", "411**********23"),
        ("41130290010112", "***"),
        ("", "***"),
    ],
)
def test_an_identity_number_keeps_its_ends_and_its_length(number: str, shown: str) -> None:
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("示例市示例区人民路12号院3单元401", "示例市示例区人民路"),
        ("解放大街5号", "解放大街"),
        ("柳荫巷3号", "柳荫巷"),
        ("示例县示例镇3组", "示例县"),
        ("3单元401", "***"),
        ("", "***"),
    ],
)
def test_an_address_ends_with_the_road_or_the_area(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("licence", "operator", "shown"),
    [
        ("示例区王小明面馆", "王小明", "示例区王某某面馆"),
        ("示例区王小明面馆", " 王小明 ", "示例区王某某面馆"),
        ("示例区小明面馆", "王小明", "示例区小明面馆"),
        ("示例区王明面馆", "王明", "示例区王某面馆"),
        ("王面馆", "王", "王面馆"),
        ("王面馆", "", "王面馆"),
    ],
)
def test_a_licence_name_hides_the_operators_own_name(licence: str, operator: str, shown: str) -> None:
    assert mask_licence_name(licence, operator) == shown


@pytest.mark.parametrize(
    ("kind", "credit_class", "last"),
    [
        ("decision", "minor", "2026-08-20"),
        ("decision", "general", "2027-05-20"),
        ("decision", "serious", "2029-05-20"),
        ("exposure", "serious", "2026-06-19"),
        ("commendation", "general", "None"),
        ("rules", "general", "None"),
    ],
)
def test_a_publication_ends_by_its_kind_and_credit_class(kind: str, credit_class: str, last: str) -> None:
    assert str(latest_end(kind, date(2026, 5, 20), credit_class=credit_class)) == last  # type: ignore[arg-type]


def test_a_publication_without_a_credit_class_is_a_general_one_and_is_withdrawn_in_three_working_days() -> None:
    assert latest_end("decision", date(2026, 5, 20)) == date(2027, 5, 20)
    assert withdraw_by(datetime(2026, 6, 18, 8, tzinfo=UTC)).last_day == date(2026, 6, 24)
