"""Verdicts, deadlines and papers per second, scaled by the calibration loop."""

import statistics
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from benchmarks.measure import REFERENCE_LOOP_US, calibration_us, median_us
from tests import processes

CHINA = timezone(timedelta(hours=8))
DECISIONS = 1_000
ISSUE = """
import time, tomllib
from datetime import datetime, timezone
from pathlib import Path
from sanbao.core import documents
from sanbao.core.models import Department
from sanbao.penalties.models import Case
from sanbao.penalties import papers
from sanbao.penalties.services.paperwork import FORMS
at = datetime(2026, 11, 12, 2, 0, tzinfo=timezone.utc)
table = tomllib.loads(Path("tests/penalties/forms_facts.toml").read_text())
kind, template, title = FORMS["D-23"]
facts = papers.dressed(Case(), "D-23", {**table["common"], **table["D-23"]}, at)
bureau = Department.objects.get(code="BUREAU")
draft = documents.Draft(bureau, facts, title, bureau, None, at)
documents.issue_many(kind, template, [draft] * 2)
start = time.perf_counter()
for first in range(0, COUNT, 100):
    issued = documents.issue_many(kind, template, [draft] * 100)
spent = time.perf_counter() - start
assert issued[-1].serial == COUNT + 2 and documents.pdf_bytes(issued[-1]).startswith(b"%PDF")
print(COUNT / spent)
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
    """Penalty decisions (D-23) numbered, rendered to PDF, stored and journalled per second by one process."""
    env = processes.fresh_home(folder, cast=True)
    start = time.perf_counter()
    rate = float(processes.run_python(env, ISSUE.replace("COUNT", str(DECISIONS)), timeout=600).split()[-1])
    return {"decisions as PDF/s": rate, f"{DECISIONS:,} decisions, whole run s": time.perf_counter() - start}
