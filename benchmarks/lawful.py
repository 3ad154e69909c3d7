"""Verdicts, deadlines and papers per second, scaled by the calibration loop."""

import statistics
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from benchmarks.measure import REFERENCE_LOOP_US, calibration_us, median_us
from tests import processes

CHINA = timezone(timedelta(hours=8))
PAPERS = 60
RENDER = """
import time
from sanbao.core import documents
from sanbao.core.models import Department
bureau = Department.objects.get(code="BUREAU")
facts = {
    "addressee": "柳荫面馆", "party": [["地址", "柳荫路1号"], ["统一社会信用代码", "92410100MA0000000X"]],
    "found_at": "2026年9月21日10时00分", "place": "柳荫路1号门前", "conduct": "超出门窗、外墙摆卖物品或者经营。",
    "note": "三张餐桌摆出店外", "basis": "《城市市容和环境卫生管理条例》第十四条", "requirement": "将桌椅收回店内，恢复人行道畅通。",
    "correct_by": "2026年9月22日18时00分", "officers": [["刘洋", "01001"], ["陈立", "01002"]], "contact": ["望桥路1号", "0371-00000000"],
    "remedies": {"organ": "望桥区人民政府", "court": "望桥区人民法院", "days": "60", "months": "6"},
}
def render(name):
    return documents.preview("order", facts | {"addressee": name}, kind="order", title="责令限期改正通知书", department=bureau)
render("热身")
start = time.perf_counter()
for n in range(COUNT):
    assert render(f"柳荫面馆{n}").startswith(b"%PDF")
print(COUNT / (time.perf_counter() - start))
"""


def measure() -> dict[str, float]:
    """Microseconds of the verdict with most guards and of the slower of two deadlines, beside the calibration loop measured before and after."""
    from sanbao.law.deadlines import due
    from sanbao.law.penalty import PENALTY
    from tests.law import cases

    before = calibration_us()
    fullest = max(PENALTY.states, key=lambda state: sum(len(step.guards) for step in PENALTY.steps if state in step.source))
    facts = cases.facts("penalty", "file", state=fullest)
    verdict = median_us(lambda: PENALTY.open_steps(facts))
    start = datetime(2026, 9, 28, 16, 0, tzinfo=CHINA)
    deadline = max(median_us(lambda rule=rule: due(rule, start)) for rule in ("DL-02", "DL-14"))
    scale = REFERENCE_LOOP_US / statistics.median([before, calibration_us()])
    return {
        "calibration loop µs": REFERENCE_LOOP_US / scale,
        "verdicts/s": 1e6 / verdict,
        "deadlines/s": 1e6 / deadline,
        "verdict": verdict * scale,
        "deadline": deadline * scale,
    }


def papers(folder: Path) -> dict[str, float]:
    """Papers rendered to PDF per second by one process."""
    env = processes.fresh_home(folder, cast=True)
    code = RENDER.replace("COUNT", str(PAPERS))
    start = time.perf_counter()
    rate = float(processes.run_python(env, code, timeout=300).split()[-1])
    return {"papers/s": rate, "papers, whole run s": time.perf_counter() - start}
