"""Clocks of the benchmark: medians, percentiles, and a calibration loop that says how fast this machine is just now."""

import statistics
import time
from collections.abc import Callable, Sequence

# Microseconds that the calibration loop took on the machine for which the goals were written.
REFERENCE_LOOP_US = 1000.0
LOOP = 20_000


def calibration_us() -> float:
    """Median microseconds of a fixed pure-Python loop (20,000 integer additions with a dictionary look-up)."""
    table = {n: n for n in range(64)}

    def once() -> None:
        total = 0
        for n in range(LOOP):
            total += table[n & 63]

    return 1e6 * statistics.median(timed(once) for _ in range(25))


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_us(work: Callable[[], object], *, rounds: int = 30, repeat: int = 50) -> float:
    """Median microseconds of one call, each round timing several."""

    def many() -> None:
        for _ in range(repeat):
            work()

    return 1e6 * statistics.median(timed(many) / repeat for _ in range(rounds))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
