"""Reports accepted per second by the running server, beside raw commits of the same database."""

import statistics
from pathlib import Path

from benchmarks import load, raw
from tests import processes


def measure(folder: Path, *, seconds: float, rounds: int) -> dict[str, float]:
    """Medians over the rounds; each round: raw commits, reports one by one, raw commits, reports in envelopes."""
    env = processes.fresh_home(folder, cast=True)
    server = processes.start_server(env, workers=2)
    worker = processes.start_worker(env)
    commits, singles, batches, waits = [], [], [], []
    try:
        load.accepted_per_second(server.url, batch=1, seconds=1.0)
        for _ in range(rounds):
            commits.append(raw.commits_per_second(env, seconds / 2))
            rate, delays = load.accepted_per_second(server.url, batch=1, seconds=seconds)
            singles.append(rate / commits[-1])
            waits += delays
            commits.append(raw.commits_per_second(env, seconds / 2))
            rate, _ = load.accepted_per_second(server.url, batch=100, seconds=seconds)
            batches.append(rate / commits[-1])
    finally:
        server.stop()
        worker.stop()
    base = statistics.median(commits)
    return {
        "raw commits/s": base,
        "reports one by one/s": statistics.median(singles) * base,
        "reports in envelopes/s": statistics.median(batches) * base,
        "one report, p50 ms": 1000 * load_percentile(waits, 0.5),
        "one report, p99 ms": 1000 * load_percentile(waits, 0.99),
        "reports_one_by_one": statistics.median(singles),
        "reports_in_batches": statistics.median(batches),
    }


def load_percentile(values: list[float], share: float) -> float:
    """A percentile in the unit of the values."""
    from benchmarks.measure import percentile

    return percentile(values, share)
