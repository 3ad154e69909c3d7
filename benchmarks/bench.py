"""`./run bench`: every figure as a ratio measured in this one run, against the goals of `budgets.toml`.

The server, the worker and the database are the real ones, on a home of their own that is thrown away. What is counted is what was
accepted. Raw commits are measured between the loads, so that a noisy machine touches both alike; medians stand in the report.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BUDGETS = tomllib.loads((Path(__file__).parent / "budgets.toml").read_text())
Figures = dict[str, float]


def main() -> int:
    """Measure, print and judge; exit 1 with `--strict` when a goal was missed."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds of each load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--problems", type=int, nargs=2, default=[1_000, 100_000])
    parser.add_argument("--rows", type=int, default=30_000, help="rows of each of the three lists that are linked")
    parser.add_argument("--only", default="", help="a comma list of: reports, list, law, paper, link, strips")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    _begin_django()
    from benchmarks import lawful, linking, lists, reports, strips

    wanted = set(filter(None, options.only.split(","))) or {"reports", "list", "law", "paper", "link", "strips"}
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="sanbao-bench-") as folder:
        if "law" in wanted:
            figures |= lawful.measure()
        if "paper" in wanted:
            figures |= lawful.papers(Path(folder))
        if "link" in wanted:
            figures |= linking.measure(options.rows)
        if "strips" in wanted:
            figures |= strips.measure(Path(folder))
        if "list" in wanted:
            figures |= lists.measure(Path(folder), *options.problems)
        if "reports" in wanted:
            figures |= reports.measure(Path(folder), seconds=options.seconds, rounds=options.rounds)
    verdicts = judged(figures)
    print(json.dumps({"figures": figures, "goals": verdicts}, indent=2) if options.json else told(figures, verdicts))
    return int(options.strict and not all(line["reached"] for line in verdicts))


def _begin_django() -> None:
    import os

    os.environ.setdefault("SANBAO_HOME", tempfile.mkdtemp(prefix="sanbao-bench-home-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanbao.settings")
    import django

    django.setup()


def judged(figures: Figures) -> list[dict[str, Any]]:
    """Each goal whose figure was measured: the figure, the limit, whether it was reached."""
    lines = []
    for name, goal in BUDGETS.items():
        if name not in figures:
            continue
        figure = figures[name]
        reached = figure >= goal["least"] if "least" in goal else figure <= goal["most"]
        limit = f"≥ {goal['least']}" if "least" in goal else f"≤ {goal['most']}"
        lines.append({"goal": name, "what": goal["what"], "figure": round(figure, 3), "limit": limit, "reached": reached})
    return lines


def told(figures: Figures, verdicts: list[dict[str, Any]]) -> str:
    """The report for people."""
    text = [f"measured {time.strftime('%Y-%m-%d %H:%M')} on {sys.platform}"]
    text += [f"  {name:<34} {value:>14,.3f}" for name, value in figures.items() if name not in BUDGETS]
    text.append("goals (ratios of this run)")
    for line in verdicts:
        mark = "reached" if line["reached"] else "MISSED "
        text.append(f"  {mark} {line['goal']:<22} {line['figure']:>10,.3f}  {line['limit']:<8} {line['what']}")
    return "\n".join(text)


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


if __name__ == "__main__":
    sys.exit(main())
