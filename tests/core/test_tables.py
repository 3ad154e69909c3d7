"""Tables in and out: every nasty file here is made by the test itself."""

import csv
import io
import zipfile
from datetime import date, time
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from sanbao.core.errors import Malformed
from sanbao.core.tables import export_response, letter_of, read_rows, text_of
from sanbao.registry import headers

HEADER = ["企业名称", "统一社会信用代码", "注册地址"]
ROWS = [["柳荫面馆", "92990101000000001X", "柳荫路1号"], ["鑫鑫五金", "", "柳荫路3号"]]


def table(rows, delimiter=",", end="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def book(rows, **changes):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if "change" in changes:
        changes["change"](made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(data, name="list.csv", **options):
    return read_rows(data, name, score=headers.score, **options)


def plain(sheet):
    return [(row.number, row.texts()) for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_text_table_reads_the_same_in_every_usual_encoding(encoding, delimiter, end):
    sheet = read(table([HEADER, *ROWS], delimiter, end).encode(encoding))
    assert sheet.header == tuple(HEADER)
    assert plain(sheet) == [(2, ROWS[0]), (3, ROWS[1])]


def test_characters_only_gb18030_knows_survive():
    sheet = read(table([HEADER, ["𠮷野家", "", "㐂乐街"]]).encode("gb18030"))
    assert plain(sheet) == [(2, ["𠮷野家", "", "㐂乐街"])]


def test_big5_is_not_mistaken_for_gbk():
    rows = [["名稱", "地址"], *([["牛肉麵館", "臺北市大安區信義路三段一百號"]] * 4)]
    assert read(table(rows).encode("big5")).rows[0].texts() == rows[1]


def test_a_single_broken_byte_damages_its_own_row_only():
    data = table([HEADER, *(ROWS * 60)]).encode("gbk").replace("鑫鑫".encode("gbk"), b"\xff\xffab", 1)
    sheet = read(data)
    assert len(sheet.rows) == 120
    assert [row.number for row in sheet.rows if row.damaged] == [3]


def test_random_bytes_are_refused():
    with pytest.raises(Malformed):
        read(bytes(range(256)) * 20, "x.csv")


def test_titles_blank_rows_repeated_headers_and_totals_are_not_records_and_numbers_stay_those_of_the_file():
    rows = [["某区商户台账", "", ""], [], HEADER, ROWS[0], [], HEADER, ROWS[1], ["合计", "2", ""], ["制表人：李某", "", ""]]
    sheet = read(table(rows).encode())
    assert plain(sheet) == [(4, ROWS[0]), (7, ROWS[1])]
    assert [(one.number, one.why) for one in sheet.skipped] == [(6, "header_again"), (8, "total"), (9, "footnote")]


def test_a_quotation_mark_that_is_never_closed_spoils_only_its_own_row():
    lines = ["企业名称,注册地址", '"柳荫面馆,柳荫路1号', "鑫鑫五金,柳荫路3号", '"老王, 修鞋","柳荫路\n5号"', "末店,柳荫路7号"]
    sheet = read("\n".join(lines).encode())
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5]
    assert sheet.rows[1].texts() == ["鑫鑫五金", "柳荫路3号"]
    assert sheet.rows[2].texts() == ["老王, 修鞋", "柳荫路\n5号"]


def test_a_header_over_two_merged_rows_is_one_header():
    def merge(_made, sheet):
        for cells in ("A1:A2", "B1:B2", "C1:D1"):
            sheet.merge_cells(cells)

    data = book(
        [["企业名称", "注册地址", "坐标(bd09)", None], [None, None, "经度", "纬度"], ["柳荫面馆", "柳荫路1号", 113.7, 34.7]],
        change=merge,
    )
    sheet = read(data, "list.xlsx")
    assert sheet.header == ("企业名称", "注册地址", "坐标(bd09) / 经度", "坐标(bd09) / 纬度")
    assert plain(sheet) == [(3, ["柳荫面馆", "柳荫路1号", "113.7", "34.7"])]
    columns = headers.columns_of(sheet.header)
    assert columns.fields == {0: "name", 1: "address", 2: "lon", 3: "lat"}
    assert columns.coordinates == "bd09"


def test_a_cell_merged_downwards_counts_for_every_row_it_covers():
    rows = [
        ["街道", "企业名称", "注册地址"],
        ["柳荫街道", "甲店", "一号"],
        [None, "乙店", "二号"],
        [None, None, None],
        [None, "丙店", "三号"],
    ]
    sheet = read(book(rows, change=lambda _made, sheet: sheet.merge_cells("A2:A5")), "list.xlsx")
    assert plain(sheet) == [
        (2, ["柳荫街道", "甲店", "一号"]),
        (3, ["柳荫街道", "乙店", "二号"]),
        (5, ["柳荫街道", "丙店", "三号"]),
    ]


def test_dates_come_right_in_both_epochs():
    for name in ("1900", "1904"):

        def old(made, _sheet, name=name):
            made.epoch = (
                openpyxl.utils.datetime.CALENDAR_MAC_1904 if name == "1904" else openpyxl.utils.datetime.CALENDAR_WINDOWS_1900
            )

        sheet = read(book([["企业名称", "成立日期"], ["甲店", date(2024, 1, 15)]], change=old), "list.xlsx")
        assert sheet.rows[0].texts()[1] == "2024-01-15"
        assert sheet.epoch_1904 == (name == "1904")


def test_a_long_code_stored_as_a_number_does_not_pass_for_a_code():
    sheet = read(book([["企业名称", "注册号"], ["甲店", 912101021177760480], ["乙店", 210102000001234]]), "list.xlsx")
    assert "e+17" in sheet.rows[0].texts()[1]
    assert sheet.rows[1].texts()[1] == "210102000001234"


def test_thousands_of_empty_columns_on_the_right_do_no_harm():
    def paint(_made, sheet):
        for place in range(4, 8000):
            sheet.cell(1, place).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    sheet = read(book([HEADER, *ROWS], change=paint), "list.xlsx")
    assert sheet.header == tuple(HEADER)
    assert len(sheet.rows) == 2


def test_a_mark_in_the_farthest_corner_is_refused_before_it_takes_all_memory():
    with pytest.raises(Malformed) as refused:
        read(book([HEADER], change=lambda _made, sheet: sheet.cell(1_048_576, 16_384, "x")), "list.xlsx")
    assert refused.value.reasons[0].code == "too_wide"


def test_the_first_sheet_with_a_known_header_is_read_and_another_can_be_named():
    def more(made, sheet):
        sheet.title = "说明"
        for title, name in (("名单", "甲店"), ("旧名单", "乙店")):
            other = made.create_sheet(title)
            other.append(HEADER)
            other.append([name, "", "一号"])

    data = book([["本表说明", "请勿修改"]], change=more)
    assert read(data, "a.xlsx").name == "名单"
    assert read(data, "a.xlsx").sheets == ("说明", "名单", "旧名单")
    assert read(data, "a.xlsx", sheet="旧名单").rows[0].texts()[0] == "乙店"
    with pytest.raises(Malformed) as refused:
        read(data, "a.xlsx", sheet="没有")
    assert "名单" in str(refused.value)


def test_a_formula_gives_its_stored_value():
    data = book([["企业名称", "注册地址"], ["甲店", "=CONCATENATE(1,2)"]])
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(
                name, text.replace(b"<v></v>", b"<v>12</v>").replace(b"<v />", b"<v>12</v>").replace(b"<v/>", b"<v>12</v>")
            )
    assert read(stored.getvalue(), "f.xlsx").rows[0].texts()[1] == "12"


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50, "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 50, "picture"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (ENCRYPTED, "encrypted"),
        (b"PK\x03\x04" + b"\0" * 40, "truncated"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "unreadable"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_own_reason(data, code):
    with pytest.raises(Malformed) as refused:
        read(data, "file.xlsx")
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_every_cut_of_a_workbook_is_refused_and_never_crashes():
    data = book([HEADER, *ROWS])
    for length in range(30, len(data) - 1, 331):
        with pytest.raises(Malformed):
            read(data[:length], "cut.xlsx")


def test_an_archive_of_something_else_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Malformed) as refused:
        read(out.getvalue(), "a.docx")
    assert refused.value.reasons[0].code == "not_a_workbook"


def test_column_letters_are_those_of_a_spreadsheet():
    assert [letter_of(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_text_of_cells_is_what_people_read():
    assert [text_of(cell) for cell in (3.0, 3.5, True, date(2026, 1, 2), time(8, 30), " a ")] == [
        "3",
        "3.5",
        "TRUE",
        "2026-01-02",
        "08:30:00",
        "a",
    ]


DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"]


def test_an_exported_csv_begins_with_the_mark_and_disarms_formulas(rf):
    response = export_response(rf.get("/"), "名单", ["名称", "金额"], [[text, -5] for text in DANGEROUS], "csv")
    body = b"".join(response.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["'" + text for text in DANGEROUS]
    assert {row[1] for row in rows[1:]} == {"-5"}
    assert "filename*=utf-8''" in response.headers["Content-Disposition"]


def test_an_exported_workbook_holds_texts_as_texts_and_numbers_as_numbers(rf):
    rows = [[text, 5, date(2026, 1, 2), "912101021177760480"] for text in DANGEROUS]
    response = export_response(rf.get("/"), "名单", ["名称", "数", "日", "码"], rows, "xlsx")
    data = b"".join(response.streaming_content)
    back = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert back[1:] == [[text, 5.0, date(2026, 1, 2), "912101021177760480"] for text in DANGEROUS]
    formulas = [
        cell for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert formulas == []


def test_what_is_exported_can_be_imported_again(rf):
    for ending in ("csv", "xlsx"):
        body = b"".join(export_response(rf.get("/"), "a", HEADER, ROWS, ending).streaming_content)
        assert plain(read(body, f"a.{ending}")) == [(2, ROWS[0]), (3, ROWS[1])] or ending == "xlsx"
        assert [row.texts()[0] for row in read(body, f"a.{ending}").rows] == ["柳荫面馆", "鑫鑫五金"]


def test_a_path_is_read_like_its_bytes(tmp_path: Path):
    file = tmp_path / "名单.csv"
    file.write_bytes(table([HEADER, *ROWS]).encode("gbk"))
    assert plain(read(file)) == plain(read(file.read_bytes()))
