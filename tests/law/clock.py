"""How long a piece of law takes, told so that a busy or a slow machine changes nothing: beside a loop measured at the same time."""

import time
import timeit
from collections.abc import Callable

LOOP_TURNS = 2_000
LOOP_MICROSECONDS = 100.0
"""What the loop takes on the machine for which the limits were written (the same loop as in the benchmarks, a tenth as long)."""


def scaled_microseconds(work: Callable[[], object], *, times: int = 50, rounds: int = 15) -> float:
    """The least microseconds of work of one call, scaled by the loop; only the processor's time counts, never the waiting."""
    table = {number: number for number in range(64)}

    def loop() -> None:
        total = 0
        for number in range(LOOP_TURNS):
            total += table[number & 63]

    ratios = []
    for _ in range(rounds):
        beside = timeit.timeit(loop, number=10, timer=time.process_time) / 10
        ratios.append(timeit.timeit(work, number=times, timer=time.process_time) / times / beside)
    return min(ratios) * LOOP_MICROSECONDS
