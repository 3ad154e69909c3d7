"""The law at the command line: `due`, `explain`, `catalogue`, `check`. Needs no database and starts no Django.

A question nobody can answer (an unknown rule, article, unit or date) exits with 2 and one sentence on stderr. A year whose
holidays are unknown is no such case: the answer is given, marked provisional.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sanbao.law.batch import FAULTS, parse_figure, parse_start, parse_unit, run
from sanbao.law.calendar import official
from sanbao.law.citations import Citation, cite
from sanbao.law.deadlines import Due, count, due
from sanbao.law.register import UNITS, Rule, rule
from sanbao.law.sentences import nobody_listens, one_line, speak_everywhere

REFUSED = 2
MAX_FAULTS_SHOWN = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code: 0 answered, 1 the law objects (`check`), 2 refused."""
    speak_everywhere()
    try:
        words = list(sys.argv[1:] if argv is None else argv)
        code = answer_check(words[1:]) if words[:1] == ["check"] else answer_words(words)
        sys.stdout.flush()
        return code
    except SystemExit as leave:
        return int(leave.code or 0)
    except BrokenPipeError:
        nobody_listens()
        return 0
    except (*FAULTS, OSError) as fault:
        print(one_line(fault), file=sys.stderr)
        return REFUSED


def answer_words(words: Sequence[str]) -> int:
    """Read the words of one command and answer it."""
    args = parser().parse_args(words)
    return int(args.answer(args))


def parser() -> argparse.ArgumentParser:
    """The words and options of `sanbao law`."""
    top = argparse.ArgumentParser(prog="sanbao law", description="Ask the law: periods, articles, violations, lawful steps.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("due", help="count a period")
    one.set_defaults(answer=answer_due)
    one.add_argument("--rule", help="a rule of the register, such as DL-02")
    one.add_argument("--figure", help="how many units")
    one.add_argument("--unit", metavar="UNIT", help=", ".join(UNITS))
    one.add_argument("--start", help="when the event happened; without a zone the time is local")
    one.add_argument("--roll", action="store_true", help="move a last day that is a day off, as for a party's period")
    one.add_argument("--first-day", action="store_true", help="count the day of the event")
    one.add_argument("--json", action="store_true")
    one.add_argument("--batch", type=Path, metavar="IN.csv", help="columns id,start,figure,unit or id,start,rule")
    one.add_argument("--out", type=Path, metavar="OUT.csv")

    explain = commands.add_parser("explain", help="show an article or a rule")
    explain.set_defaults(answer=answer_explain)
    explain.add_argument("id", help="such as PL-45, EC-1132.3, GB54 or DL-02")
    explain.add_argument("--json", action="store_true")

    rows = commands.add_parser("catalogue", help="list the violations of a day")
    rows.set_defaults(answer=answer_catalogue)
    rows.add_argument("--on", required=True, metavar="DATE")
    rows.add_argument("--json", action="store_true")

    commands.add_parser("check", help="check the facts of a case")  # for the list of commands: it reads its words itself
    return top


def answer_due(args: argparse.Namespace) -> int:
    """Count one period or a table of them."""
    if args.batch or args.out:
        if not (args.batch and args.out):
            raise ValueError("A batch needs both --batch IN.csv and --out OUT.csv.")
        return answer_batch(args.batch, args.out)
    if not args.start:
        raise ValueError("Say when the period starts with --start, or give a table with --batch.")
    calendar = official()
    start = parse_start(args.start, calendar)
    figure = parse_figure(args.figure) if args.figure else None
    if args.rule:
        if args.unit or args.roll or args.first_day:
            raise ValueError("A rule of the register knows its own unit, first day and last day.")
        period = due(args.rule, start, calendar=calendar, figure=figure)
    elif figure is None or not args.unit:
        raise ValueError("Give --rule, or --figure and --unit.")
    elif (args.roll or args.first_day) and parse_unit(args.unit) in ("hours", "working_hours"):
        raise ValueError("Hours run by the clock; they know neither a first day nor a day off.")
    else:
        period = count(figure, parse_unit(args.unit), start, roll=args.roll, first_day=args.first_day, calendar=calendar)
    _show(_due_as_dict(period), args.json)
    return 0


def answer_batch(source: Path, target: Path) -> int:
    """Count a table; faulty rows are named on stderr and do not change the exit code."""
    rows, faults = run(source, target)
    for line in faults[:MAX_FAULTS_SHOWN]:
        print(line, file=sys.stderr)
    print(f"{rows} rows answered, {len(faults)} of them faulty: {target}", file=sys.stderr)
    return 0


def answer_explain(args: argparse.Namespace) -> int:
    """Show a rule of the register or an article."""
    shown = _rule_as_dict(rule(args.id)) if args.id.startswith("DL-") else _cite_as_dict(cite(args.id))
    _show(shown, args.json)
    return 0


def answer_catalogue(args: argparse.Namespace) -> int:
    """List the violations in force on a day."""
    from sanbao.law.sanctions import catalogue_on  # read only when asked for: a period is answered sooner without it

    day = parse_start(args.on, official()).date()
    found = [
        {"id": row.id, "title": row.title, "title_zh": row.title_zh, "provisions": list(row.provisions)}
        for row in catalogue_on(day)
    ]
    if not found:
        print(f"The catalogue holds no row on {day}.", file=sys.stderr)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for row in found:
            print(row["id"], row["title_zh"], row["title"], " ".join(row["provisions"]), sep="\t")
    return 0


def answer_check(words: Sequence[str]) -> int:
    """Hand the rest of the line to the module that checks the facts of a case."""
    from sanbao.law import check

    return check.main(list(words))


def _due_as_dict(period: Due) -> dict[str, Any]:
    return {
        "rule": period.rule or None,
        "starts": period.starts.isoformat(),
        "ends": period.ends.isoformat(),
        "last_day": period.last_day.isoformat(),
        "last_safe_workday": period.last_safe_workday and period.last_safe_workday.isoformat(),
        "not_before": period.not_before and period.not_before.isoformat(),
        "legal_last_day": period.legal_last_day.isoformat(),
        "provisional": period.provisional,
        "articles": list(period.articles),
    }


def _cite_as_dict(place: Citation) -> dict[str, Any]:
    instrument = place.instrument
    return {
        "id": place.id,
        "label": place.label,
        "text": place.text,
        "wording": place.wording,
        "confidence": place.confidence,
        "instrument": instrument.name,
        "instrument_en": instrument.name_en,
        "issuer": instrument.issuer,
        "in_force_from": instrument.in_force_from.isoformat(),
        "in_force_until": instrument.in_force_until and instrument.in_force_until.isoformat(),
        "source": instrument.source,
    }


def _rule_as_dict(row: Rule) -> dict[str, Any]:
    cites = row.cites or tuple(dict.fromkeys(article for part in row.longest_of for article in rule(part).cites))
    return {
        "id": row.id,
        "what": row.what,
        "what_zh": row.what_zh,
        "figures": {since.isoformat(): figure for since, figure in row.figures},
        "unit": None if row.longest_of else row.unit,
        "longest_of": list(row.longest_of),
        "starts": row.starts,
        "who": row.who,
        "rolls": row.roll,
        "counts_first_day": row.first_day,
        "clear": row.clear or None,
        "set_locally": row.local,
        "extension": row.extension,
        "source": row.source,
        "confidence": row.confidence,
        "cites": list(cites),
        "articles": {article: cite(article).text for article in cites},
    }


def _show(shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return
    for name, value in shown.items():
        if value is None or value in ("", [], {}):
            continue
        words = "; ".join(f"{key}: {text}" for key, text in value.items()) if isinstance(value, dict) else value
        print(f"{name:18} {' '.join(words) if isinstance(words, list) else words}")


if __name__ == "__main__":
    sys.exit(main())
