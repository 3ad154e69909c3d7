"""The pure part of importing: what rows say, why they cannot be used, and the promise that none is lost."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanbao.core.errors import Malformed
from sanbao.core.tables import Row, Sheet, read_rows
from sanbao.registry import headers, importer, text
from sanbao.registry.codes import read_code
from sanbao.registry.importer import Known, compare, read_records
from tests.registry.lists import HEADER, csv_of, shared, shop
from tests.world import credit_code


def understood(rows, header=HEADER, kind="market", **options):
    sheet = Sheet("", tuple(header), 1, [Row(number, tuple(row)) for number, row in enumerate(rows, 2)], encoding="utf-8")
    return read_records(sheet, headers.columns_of(header, options.pop("mapping", None)), kind, **options)


def reasons(reading):
    return [(fault.number, fault.reason) for fault in reading.faults]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("92990101000000001", "credit_code_length"),
        ("9299010100000000IX", "credit_code_characters"),
        (9.12101021177760e17, "credit_code_lost_digits"),
        ("9.12101E+17", "credit_code_lost_digits"),
        ("912101021177760000", "credit_code_lost_digits"),
    ],
)
def test_a_code_that_cannot_be_right_says_why(cell, fault):
    assert read_code(cell).fault == fault


def test_every_single_wrong_character_of_a_code_is_found():
    code = credit_code("92", 990101, 7)
    for place in range(18):
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            wrong = code[:place] + sign + code[place + 1 :]
            assert bool(read_code(wrong).credit_code) == (wrong == code)


def test_codes_are_read_through_full_width_signs_spaces_dashes_and_small_letters():
    code = credit_code("91", 990101, 12)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for written in (wide, f" {code[:8]} {code[8:]}\t", f"{code[:2]}-{code[2:]}", code.lower(), f"'{code}"):
        assert read_code(written).credit_code == code


def test_an_old_registration_number_is_noted_and_the_row_is_used():
    reading = understood([shop(1, code="210102000001234")])
    assert [(note.number, note.what) for note in reading.notes] == [(2, "old_number")]
    assert reading.records[0].fields["old_number"] == "210102000001234"
    assert reading.records[0].key == "o:210102000001234"


def test_each_bad_row_is_faulty_with_its_reason_and_every_good_one_is_kept():
    good, wrong = shop(1), credit_code("92", 990101, 3)[:-1]
    rows = [
        good,
        shop(2, name=""),
        shop(3, code=wrong + ("A" if credit_code("92", 990101, 3)[-1] != "A" else "B")),
        good,
        shop(1, address="别处9号"),
        shop(5, name="长" * 161),
        [*shop(6), "多", "余"],
        shop(7, name="无"),
        shop(8),
    ]
    reading = understood(rows)
    assert reasons(reading) == [
        (3, "name_missing"),
        (4, "credit_code_check"),
        (5, "repeats_row"),
        (6, "conflicts_with_row"),
        (7, "name_too_long"),
        (8, "too_many_cells"),
        (9, "name_missing"),
    ]
    assert [record.number for record in reading.records] == [2, 10]
    assert reading.faults[2].detail == {"first": 2}
    assert reading.faults[3].detail == {"first": 2, "fields": "address"}
    for fault in reading.faults:
        assert importer.REASONS[fault.reason] % fault.detail


def test_full_width_figures_are_narrowed_and_registered_brackets_stay():
    fields = understood([shop(1, name="老李（望桥）面馆", address="柳荫路１１５号　Ａ座")]).records[0].fields
    assert fields["name"] == "老李（望桥）面馆"
    assert fields["address"] == "柳荫路115号 A座"


@pytest.mark.parametrize(
    ("written", "epoch_1904", "day"),
    [
        ("2024-05-20", False, date(2024, 5, 20)),
        ("2024/5/20", False, date(2024, 5, 20)),
        ("2024年5月20日", False, date(2024, 5, 20)),
        ("２０２４．５．２０", False, date(2024, 5, 20)),
        ("20240520", False, date(2024, 5, 20)),
        ("2024-05-20 08:30:00", False, date(2024, 5, 20)),
        ("5/17/18", False, date(2018, 5, 17)),
        ("45432", False, date(2024, 5, 20)),
        ("43970", True, date(2024, 5, 20)),
        ("2024-13-01", False, None),
        ("去年", False, None),
    ],
)
def test_days_are_understood_as_offices_write_them(written, epoch_1904, day):
    assert text.day_of(written, epoch_1904=epoch_1904) == day


def test_a_day_that_is_not_understood_costs_the_day_not_the_shop():
    reading = understood([shop(1, day="不详年")])
    assert "registered_on" not in reading.records[0].fields
    assert [note.what for note in reading.notes] == ["date_not_understood"]


def test_positions_keep_the_system_of_their_header_and_swapped_ones_are_put_right():
    header = ["店名", "地址", "经度（BD-09）", "纬度（BD-09）"]
    rows = [
        ["甲", "一号", "113.7", "34.7"],
        ["乙", "二号", "34.7", "113.7"],
        ["丙", "三号", "1", "999"],
        ["丁", "四号", "0", "0"],
    ]
    reading = understood(rows, header, "platform")
    assert [record.fields.get("lon") for record in reading.records] == ["113.7000000", "113.7000000", None, None]
    assert reading.records[0].fields["coordinates"] == "bd09"
    assert [(note.number, note.what) for note in reading.notes] == [(3, "position_swapped"), (4, "position_not_usable")]


def test_a_running_number_is_no_key_but_a_number_of_the_source_is():
    rows = [[str(number), f"店{number}", f"{number}号"] for number in range(1, 5)]
    assert understood(rows, ["编号", "店名", "地址"], "platform").records[0].key.startswith("n:")
    rows = [[f"P{number * 7}", f"店{number}", f"{number}号"] for number in range(1, 5)]
    assert understood(rows, ["编号", "店名", "地址"], "platform").records[0].key == "s:P7"


def test_one_operator_may_hold_two_fronts_in_a_census_but_is_one_party_in_the_market_register():
    rows = [shop(1), shop(1, address="石桥路9号")]
    assert len(understood(rows, kind="census").records) == 2
    assert reasons(understood(rows, kind="market")) == [(3, "conflicts_with_row")]


def test_vacant_fronts_and_address_lists_need_no_name():
    reading = understood([["", "柳荫路2号", "空置"], ["", "柳荫路4号", "营业"]], ["店名", "地址", "状态"], "census")
    assert [record.fields["state"] for record in reading.records] == ["vacant"]
    assert reasons(reading) == [(3, "name_missing")]
    assert len(understood([["", "柳荫路2号"]], ["店名", "地址"], "address").records) == 1


def test_the_better_label_wins_and_the_other_serves_the_sign():
    columns = headers.columns_of(["序号", "字号名称", "企业名称", "经营场所", "住所", "经营者"])
    assert columns.fields == {1: "sign_name", 2: "name", 3: "address", 5: "operator"}


def test_what_the_sender_says_wins_and_unknown_words_are_refused():
    labels = ["甲", "乙", "企业名称"]
    assert headers.columns_of(labels, {"甲": "name", "B": "address"}).fields == {0: "name", 1: "address"}
    assert headers.columns_of(labels, {"企业名称": "-"}).fields == {}
    for mapping, code in (({"丁": "name"}, "unknown_column"), ({"甲": "nonsense"}, "unknown_field")):
        with pytest.raises(Malformed) as refused:
            headers.columns_of(labels, mapping)
        assert refused.value.reasons[0].code == code


def test_every_synonym_of_the_file_belongs_to_a_field_and_leads_to_it_or_a_better_one():
    for name, labels in headers.synonyms().items():
        for label in labels:
            assert headers.score([label, "企业名称"]) >= 2
            assert headers.columns_of([label]).fields.get(0), (name, label)


def test_a_record_whose_row_is_faulty_this_time_does_not_count_as_gone():
    before = understood([shop(1), shop(2)])
    known = {record.key: Known(record.digest, record.fields, record.number, False) for record in before.records}
    wrong_code = shop(1)
    wrong_code[1] = wrong_code[1][:-2] + "00"
    for broken in (wrong_code, shop(1, name="")):
        plan = compare(understood([broken]), known)
        assert [known_one.row_number for _key, known_one in plan.gone] == [3]
        assert plan.counts()["faulty"] == 1


CELLS = st.one_of(
    st.sampled_from(
        ["", "无", "老李面馆", "柳荫路1号", "９２", "2024-05-20", "45432", "113.7", "34.7", "合计", "空置", "-", "\x00", "'"]
    ),
    st.integers(1, 6).map(lambda serial: credit_code("92", 990101, serial)),
    st.integers(1, 6).map(lambda serial: credit_code("92", 990101, serial)[:-1] + "0"),
    st.text(max_size=12),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-5, 10**18),
    st.dates(),
    st.booleans(),
)
FIELD = st.sampled_from([name for name in headers.FIELDS if name != "name"])


@settings(max_examples=150, deadline=None)
@given(
    fields=st.lists(FIELD, min_size=1, max_size=6, unique=True),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=25),
    kind=st.sampled_from(["market", "census", "address", "platform"]),
    later=st.randoms(use_true_random=False),
)
def test_no_row_is_ever_lost_and_the_same_rows_again_change_nothing(fields, rows, kind, later):
    header = ["name", *fields]
    mapping = {label: label for label in header}
    reading = understood(rows, header, kind, mapping=mapping)
    counts = compare(reading, {}).counts()
    assert counts["rows"] == len(rows) == counts["new"] + counts["changed"] + counts["unchanged"] + counts["faulty"]
    numbers = Counter([record.number for record in reading.records] + [fault.number for fault in reading.faults])
    assert numbers == Counter(range(2, len(rows) + 2))
    assert len({record.key for record in reading.records}) == len(reading.records)
    known = {record.key: Known(record.digest, record.fields, record.number, False) for record in reading.records}
    again = compare(understood(rows, header, kind, mapping=mapping), known).counts()
    assert (again["new"], again["changed"], again["gone"]) == (0, 0, 0)
    fewer = [row for row in rows if later.random() < 0.5]
    part = compare(understood(fewer, header, kind, mapping=mapping), known)
    assert part.counts()["rows"] == sum(part.counts()[name] for name in ("new", "changed", "unchanged", "faulty"))
    for fault in reading.faults:
        assert importer.REASONS[fault.reason] % fault.detail
    for note in reading.notes:
        assert importer.NOTES[note.what] % note.detail


REAL = [
    ("merchants_cn/shenyang_heping_business_register_1980_2004.csv", 2143, 0),
    ("merchants_cn/individual_businesses_zhejiang_2000_2004.csv", 1558, 0),
    ("merchants_cn/chengdu_food_safety_graded_shops_2018.csv", 145, 0),
    ("merchants_cn/chengdu_platform_merchants_listed_on_both.csv", 21, 0),
    ("merchants_cn/shenyang_heping_baidu_poi_2020.csv", 3681, 676),
    ("messy_tables/chengdu_graded_shops_gb18030_crlf.csv", 145, 0),
]


@pytest.mark.parametrize(("name", "rows", "faulty"), REAL)
def test_real_lists_are_understood_without_being_told_anything(name, rows, faulty):
    sheet = read_rows(shared(name), name, score=headers.score)
    columns = headers.columns_of(sheet.header)
    headers.insist(columns, sheet.header, "name")
    reading = read_records(sheet, columns, "market")
    assert (reading.rows, len(reading.faults)) == (rows, faulty)
    assert {fault.reason for fault in reading.faults} <= {"repeats_row", "conflicts_with_row"}


def test_a_gbk_file_of_the_usual_shape_is_read_to_the_last_field():
    sheet = read_rows(csv_of([shop(1)], encoding="gbk"), "a.csv", score=headers.score)
    record = read_records(sheet, headers.columns_of(sheet.header), "market").records[0]
    assert record.fields == {
        "name": "望桥区第1小吃店",
        "credit_code": credit_code("92", 990101, 1),
        "address": "柳荫路1号",
        "operator": "李某",
        "phone": "13800000000",
        "registered_on": "2024-05-20",
    }


def test_a_census_knows_a_shop_by_its_sign_where_it_has_no_other_name():
    header = ["店招", "门牌地址", "经营状态"]
    reading = understood(
        [["老李面馆", "柳荫路1号", ""], ["", "柳荫路3号", ""], ["旺铺招租", "柳荫路5号", "空置"]], header, "census"
    )
    assert [record.fields.get("name") for record in reading.records] == [
        "老李面馆",
        None,
    ]  # a board on an empty front names nobody
    assert reasons(reading) == [(3, "name_missing")]
    headers.insist(headers.columns_of(header), header, "name", "sign_name")
    with pytest.raises(Malformed):
        headers.insist(headers.columns_of(header), header, *importer.NEEDED["market"])
