"""Forty street strips drawn by the server, and the audit of a hundred thousand fronts with the lists behind its numbers.

Both run in a process of their own on a town written by bulk insert (`town.py`); processor time, scaled by the calibration loop measured before
each round, so that a busy machine does not count against the house; wall time stands beside it.
"""

import json
from pathlib import Path

from tests import processes

STRIPS, FRONTS_A_STRIP, AUDITED = 40, 40, 100_000
ROUNDS = {"strips": 15, "audit": 5}
MEASURE = """
import json, statistics, time
from benchmarks import town
from benchmarks.measure import REFERENCE_LOOP_US, calibration_us

def measured(work, rounds):
    work()
    spent = []
    for _ in range(rounds):
        scale = REFERENCE_LOOP_US / calibration_us()
        wall, processor = time.perf_counter(), time.process_time()
        work()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        spent.append((wall, processor, processor * scale))
    return {name: 1000 * statistics.median(each) for name, each in zip(("wall", "processor", "scaled"), zip(*spent))}

town.build(FRONTS)
"""
DRAW = """
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["*"]
client = Client()
client.cookies["sessionid"] = town.session_key("dispatcher")
def draw():
    answer = client.get(f"/desk/strips/?on={town.DAY.isoformat()}&street=测试")
    assert answer.status_code == 200 and answer.content.count(b'<svg class="strip-svg"') == STRIPS
print(json.dumps(measured(draw, ROUNDS)))
"""
AUDIT = """
from sanbao.agreements import coverage
def audit():
    found = coverage.listed(None, town.DAY)
    assert found.tally.total >= FRONTS
    assert sum(len(rows) for rows in found.rows.values()) == found.tally.total
def count():
    assert coverage.audit(None, town.DAY).total >= FRONTS
print(json.dumps({**measured(audit, ROUNDS), "numbers": measured(count, ROUNDS)["scaled"]}))
"""


def measure(folder: Path) -> dict[str, float]:
    """Milliseconds of the page of strips, and of the audit with its lists (beside the numbers alone)."""
    drawn = _run(folder, DRAW, "strips", STRIPS * FRONTS_A_STRIP)
    audited = _run(folder, AUDIT, "audit", AUDITED)
    return {
        f"{STRIPS} strips, wall ms": drawn["wall"],
        f"audit of {AUDITED:,}, wall ms": audited["wall"],
        f"audit of {AUDITED:,}, numbers only ms": audited["numbers"],
        "strips": drawn["scaled"],
        "audit": audited["scaled"],
    }


def _run(folder: Path, code: str, what: str, fronts: int) -> dict[str, float]:
    env = processes.fresh_home(folder, cast=True)
    text = (MEASURE + code).replace("FRONTS", str(fronts)).replace("ROUNDS", str(ROUNDS[what])).replace("STRIPS", str(STRIPS))
    answer: dict[str, float] = json.loads(processes.run_python(env, text, timeout=900).splitlines()[-1])
    return answer
