"""Lists for the tests of the register: small ones made here, and the real ones where they are."""

import csv
import io
import os
from pathlib import Path

import pytest

from tests.world import credit_code

HEADER = ["企业名称", "统一社会信用代码", "注册地址", "法定代表人", "联系电话", "成立日期"]
SHARED = Path(os.environ.get("SANBAO_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def shop(serial: int, **changes: str) -> list[str]:
    """A usable row of a market register under `HEADER`."""
    row = {
        "name": f"望桥区第{serial}小吃店",
        "code": credit_code("92", 990101, serial),
        "address": f"柳荫路{serial}号",
        "operator": "李某",
        "phone": "13800000000",
        "day": "2024-05-20",
    } | changes
    return list(row.values())


def csv_of(rows: list[list[str]], header: list[str] | None = None, encoding: str = "gb18030") -> bytes:
    """A CSV file as a spreadsheet program saves it."""
    out = io.StringIO()
    csv.writer(out).writerows([header or HEADER, *rows])
    return out.getvalue().encode(encoding)


def shared(name: str) -> Path:
    """A file of the shared data; the test is skipped where the data is not at hand."""
    file = SHARED / name
    if not file.exists():
        pytest.skip(f"the shared data is not at hand ({file})")
    return file
