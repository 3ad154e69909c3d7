"""Faults put into the law on purpose, one at a time, to see whether the tests of the law notice (`python -m tests.law.mutants`).

Every fault changes one comparison, boundary, constant, `not`, `and`, `or`, operand, return, or takes one guard, source or period
out of a step. The running functions get the changed code in a forked child, which then runs the tests that call that function, the
quickest first, and stops at the first that fails. Wordings and citations are left alone: no table could judge them.

mutmut 3 was tried first: it makes 8,668 mutants here, most of them of the wording of refusals, and cannot change a table of steps or
a cached function. What the tests may miss because nobody could see it stands with its reason in `equivalent.toml`.
"""

import argparse
import gc
import os
import signal
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from .faults import Fault, all_faults, clear_caches

HERE = Path(__file__).parent
LAW = str(HERE.parents[1] / "sanbao" / "law")
SKIPPED = (
    *("microseconds", "mutants.py"),  # a clock tells nothing about a fault, and the campaign is not its own test
    *(
        "wanderings",
        "exactly_when_no_guard",
        "real_faults",
        "every_broken_guard_at_once",
        "withheld",
    ),  # slow, and nothing the tables miss
)
SECONDS_FOR_ONE = 60
LOADERS = {"catalogue", "levels", "rules", "library", "official", "terms", "register", "read_local"}
READING = {
    *LOADERS,
    *("parse_local", "_grant", "_money", "_hearing", "_collective", "_bands", "_rule", "_range", "_row", "_instrument"),
    *("read_library", "read_notice", "read_calendar", "_check"),
}
"""What runs while a file is read, once: a fault in it is tried with everything forgotten, on every test."""
NO_FAULT = Fault("no fault", "", (LAW, ""), lambda: None)


def equivalent() -> dict[str, str]:
    """The faults nobody could see, each with the reason."""
    return tomllib.loads((HERE / "equivalent.toml").read_text("utf-8"))


class Campaign:
    """A plugin for pytest: collects as always, then runs no test as such but one child for each fault."""

    def __init__(self, wanted: list[str], sample: int, names: list[str]) -> None:
        self.wanted, self.sample, self.names = wanted, sample, names
        self.killed, self.survived, self.forgiven = 0, [], []
        self.callers: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        self.took: dict[int, float] = {}
        self.items: list[Any] = []
        self.broken = False

    def pytest_runtestloop(self, session: Any) -> bool:
        self.items = [item for item in session.items if not any(word in item.nodeid for word in SKIPPED)]
        self._listen()
        if self.broken:
            return True
        if self._noticed(NO_FAULT):
            self.broken = True
            print("The tests fail in a child without any fault, so nothing can be concluded.")
            return True
        forgiven = equivalent()
        faults = list(self._chosen())
        gc.freeze()
        for number, fault in enumerate(faults, start=1):
            if self._noticed(fault):
                self.killed += 1
                if fault.id in forgiven:
                    print(f"noticed, so not equivalent  {fault.id}", flush=True)
            elif fault.id in forgiven:
                self.forgiven.append(fault.id)
            else:
                self.survived.append(fault.id)
                print(f"survived  {fault.id}    {fault.line}", flush=True)
            if number % 100 == 0:
                print(f"... {number} of {len(faults)}", flush=True)
        return True

    def _chosen(self) -> Iterator[Fault]:
        faults = [fault for fault in all_faults() if not self.wanted or any(fault.id.startswith(word) for word in self.wanted)]
        if self.names:
            faults = [fault for fault in faults if fault.id in self.names]
        step = max(1, len(faults) // self.sample) if self.sample else 1
        yield from (faults[::step][: self.sample] if self.sample else faults)

    def _listen(self) -> None:
        """One run without a fault that writes down which test calls which function, and how long it takes."""
        for number, item in enumerate(self.items):
            called: set[tuple[str, str]] = set()

            def heard(frame: Any, event: str, _: Any, called: set[tuple[str, str]] = called) -> None:
                if event == "call" and frame.f_code.co_filename.startswith(LAW):
                    called.add((frame.f_code.co_filename, frame.f_code.co_qualname))

            clear_caches(keep=LOADERS)
            began = time.perf_counter()
            sys.setprofile(heard)
            reports = runtestprotocol(item, log=False, nextitem=self._after(number))
            sys.setprofile(None)
            took = self.took[number] = time.perf_counter() - began
            if any(report.failed for report in reports):
                self.broken = True
                print(f"{item.nodeid} fails without a fault:\n{[r.longreprtext for r in reports if r.failed]}")
            for place in called:
                self.callers[place][number] = took

    def _after(self, number: int) -> Any:
        return self.items[number + 1] if number + 1 < len(self.items) else None

    def _noticed(self, fault: Fault) -> bool:
        callers = self.callers.get(fault.place, {})
        if fault.place[1] in READING or not fault.place[1]:
            callers = self.took
        order = sorted(callers, key=lambda number: (callers[number], number))
        child = os.fork()
        if child == 0:
            os._exit(self._try(fault, order))
        _, status = os.waitpid(child, 0)
        return status != 0

    def _try(self, fault: Fault, order: list[int]) -> int:
        """In the child: 1 if some test fails under the fault, 0 if none does."""
        self.voice = os.dup(2)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        signal.setitimer(signal.ITIMER_PROF, SECONDS_FOR_ONE)  # of work, not of waiting for a busy machine
        try:
            fault.commit()
            clear_caches(keep=set() if fault.place[1] in READING else LOADERS)
            for number, following in pairwise([*order, None]):
                after = None if following is None else self.items[following]
                reports = runtestprotocol(self.items[number], log=False, nextitem=after)
                if any(report.failed for report in reports):
                    if fault is NO_FAULT:
                        sys.stdout.flush()
                        os.write(self.voice, "\n".join(r.longreprtext for r in reports if r.failed).encode())
                    return 1
        except BaseException:
            return 1
        return 0


def main(arguments: list[str] | None = None) -> int:
    """Run the faults of some modules or all; print the survivors and the score; exit 1 below the goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.law.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="beginnings of fault ids, such as guards.hearing or deadlines")
    parser.add_argument("--sample", type=int, default=0, help="only so many, evenly spread")
    parser.add_argument("--goal", type=float, default=95.0, help="per cent of the faults that must be noticed")
    parser.add_argument("--list", action="store_true", help="name the faults and stop")
    parser.add_argument("--only", action="append", default=[], help="one fault by its full id")
    asked = parser.parse_args(arguments)
    if asked.list:
        print("\n".join(f"{fault.id}    {fault.line}" for fault in all_faults()))
        return 0
    from hypothesis import settings

    settings.register_profile("faults", derandomize=True, database=None, max_examples=30, deadline=None)
    settings.load_profile("faults")
    campaign = Campaign(asked.modules, asked.sample, asked.only)
    began = time.monotonic()
    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", str(HERE)], plugins=[campaign])
    counted = campaign.killed + len(campaign.survived)
    score = 100 * campaign.killed / counted if counted else 0.0
    print(
        f"{counted} faults counted, {campaign.killed} noticed, {len(campaign.survived)} survived, "
        f"{len(campaign.forgiven)} more equivalent: {score:.1f} % in {time.monotonic() - began:.0f} s"
    )
    return int(campaign.broken or score < asked.goal)


if __name__ == "__main__":
    sys.exit(main())
