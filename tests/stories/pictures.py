"""What the people of the stories hold in their hands: photos of a street front, pictures that are none, and a merchants' list."""

import csv
import io

from PIL import Image, ImageDraw

from tests.world import CODE, credit_code

Upload = dict[str, str | bytes]
SKY, WALL, PAVEMENT, BOARD, GLASS, WOOD = "#cfe0ea", "#d9cbb3", "#b9b9b4", "#8c2f2b", "#5d7480", "#7a4f2c"


def street_front(tables: int = 3) -> bytes:
    """A JPEG of a shop front with that many tables on the pavement before it."""
    picture = Image.new("RGB", (960, 720), SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 120, 900, 520), fill=WALL)
    draw.rectangle((60, 120, 900, 200), fill=BOARD)
    for left in (110, 400, 690):
        draw.rectangle((left, 240, left + 180, 500), fill=GLASS)
        draw.line((left + 90, 240, left + 90, 500), fill=WALL, width=6)
    draw.rectangle((0, 520, 960, 720), fill=PAVEMENT)
    for step in range(0, 960, 80):
        draw.line((step, 520, step - 60, 720), fill="#a5a5a0", width=2)
    for number in range(tables):
        left = 130 + number * 260
        draw.ellipse((left, 560, left + 170, 610), fill=WOOD)
        draw.line((left + 85, 590, left + 85, 670), fill=WOOD, width=10)
        for side in (-40, 180):
            draw.rectangle((left + side, 600, left + side + 34, 650), fill="#c9452f")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def photo(tables: int = 3, name: str = "现场.jpg") -> Upload:
    """The same as a file input takes it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": street_front(tables)}


def huge_png() -> bytes:
    """A PNG of 200 million pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG", optimize=True)
    return out.getvalue()


NASTY_NEW, NASTY_FAULTY, NASTY_SKIPPED = 4, 4, 2


def nasty_list() -> bytes:
    """A street office's list as it comes: GBK, title lines, full-width figures, quotes, empty lines, faults, totals, a footnote."""
    good = [credit_code("92", CODE, serial) for serial in range(101, 106)]
    mistyped = good[4][:-1] + ("0" if good[4][-1] != "0" else "1")
    rows = [
        ["柳荫街道沿街商户底册（2026年三季度）"],
        ["填表单位：柳荫街道办事处", "", "", "", "填表人：李芳"],
        [],
        ["序号", "店铺名称", "统一社会信用代码", "经营者", "联系电话", "经营地址", "所属街道", "经营状态"],
        ["1", "望桥区老李面馆", credit_code("92", CODE, 1), "李建国", "13800000001", "柳荫路1号", "柳荫街道", "营业"],
        ["2", "望桥区阿珍早餐店", good[0], "陈阿珍", "１３８００００００１１", "柳荫路５号", "柳荫街道", "营业"],
        ["3", "绿叶鲜花店，柳荫路店", good[1], "叶青", "13800000012", '柳荫路7号（"好又多"旁）', "柳荫街道", "营业"],
        ["4", "望桥区老周修车铺", mistyped, "周强", "13800000013", "柳荫路9号", "柳荫街道", "营业"],
        ["5", "", good[2], "吴丽", "13800000014", "柳荫路11号", "柳荫街道", "营业"],
        [],
        ["6", "望桥区阿珍早餐店", good[0], "陈阿珍", "13800000011", "柳荫路5号", "柳荫街道", "营业"],
        ["7", "望桥区小孟水果店", good[3], "孟凡", "13800000015", "柳荫路4号", "柳荫街道", "营业"],
        ["8", "望桥区惠民药房", "9.20E+17", "刘慧", "13800000016", "柳荫路6号", "柳荫街道", "营业"],
        ["合计", "", "", "", "", "8户", "", ""],
        ["注：本表由各社区网格员上报汇总。"],
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("gbk")
