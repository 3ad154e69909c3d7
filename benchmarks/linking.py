"""Linkage of three lists of one invented city, pair by pair, in a process of its own: seconds, peak memory, F1 against the planted truth.

The goals are the issue's: three lists of 30,000 rows within 90 s and 2 GiB on two cores. The city is made before the clock starts, and its
memory is counted all the same.
"""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import REFERENCE_LOOP_US, calibration_us

ROOT = Path(__file__).resolve().parent.parent
GIB = 1024 * 1024  # ru_maxrss counts kibibytes on Linux
Figures = dict[str, float]


def measure(rows: int) -> Figures:
    """The figures of a child process; `link_scaled_seconds` are the seconds the reference machine would have taken."""
    code = f"from benchmarks.linking import run; run({rows})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    figures["link_scaled_seconds"] = figures["link_seconds"] * REFERENCE_LOOP_US / calibration_us()
    return figures


def run(rows: int) -> None:
    """Link the lists of a city and print the figures as JSON; for the child process."""
    import resource
    import time

    from benchmarks.city import invented_city
    from sanbao.registry.linkage import best_partners, link
    from sanbao.registry.linkage.learning import judged

    city = invented_city(rows)
    figures: Figures = {"link_rows": float(rows)}
    seconds, working = 0.0, time.process_time()
    for (one, two), truth in city.truth.items():
        begun = time.perf_counter()
        chosen = best_partners(link(city.lists[one], city.lists[two]))
        seconds += time.perf_counter() - begun
        figures[f"link_f1_{one}_{two}"] = judged({(pair.id_a, pair.id_b) for pair in chosen}, truth)[2]
    figures["link_seconds"] = seconds
    figures["link_cpu_seconds"] = time.process_time() - working
    figures["link_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (GIB * (1024 if sys.platform == "darwin" else 1))
    figures["link_f1"] = min(value for name, value in figures.items() if name.startswith("link_f1_"))
    print(json.dumps(figures))
