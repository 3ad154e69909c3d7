"""`sanbao link A B`: which rows of two files are one shop. No database; pairs on standard output or in a file, progress on standard error."""

import argparse
import csv
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from sanbao.law.sentences import nobody_listens, one_line, speak_everywhere
from sanbao.law.workflow import gettext_noop as _

REFUSED = 2
BAD_MAP = _("A mapping is written FIELD=COLUMN, several separated by commas, not “%(given)s”.")
BAD_THRESHOLD = _("A threshold is a probability between 0 and 1, not %(given)s.")
BAD_MODEL = _("The model %(file)s cannot be read: %(why)s.")
READ = _("%(file)s: %(rows)s rows; columns read: %(columns)s")
FOUND = _("%(pairs)s pairs in %(seconds)s s")
LEARNED = _("Learned; on the labelled pairs: precision %(precision)s, recall %(recall)s, F1 %(f1)s")
COORDINATES = _("Coordinates were brought together: %(done)s")


class Refused(Exception):
    """Words of the command that cannot be followed; the text is the sentence for standard error."""


def main(argv: Sequence[str] | None = None) -> int:
    """`sanbao link A B ...`; 0 when linked, 2 with one sentence for files, columns or options that cannot be used."""
    speak_everywhere()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanbao.settings")
    from sanbao.core.errors import Refusal
    from sanbao.registry.linkage.speaking import translate

    try:
        args = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
        _answer(args)
        sys.stdout.flush()
        return 0
    except SystemExit as leave:
        return int(leave.code or 0)
    except BrokenPipeError:
        nobody_listens()
        return 0
    except Refusal as refusal:
        print(" ".join(reason.text(translate()) for reason in refusal.reasons), file=sys.stderr)
    except (Refused, OSError) as fault:
        print(one_line(fault), file=sys.stderr)
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sanbao link", description="Find which rows of two files are one shop.")
    parser.add_argument("a", type=Path, metavar="A", help="a table: CSV, TSV, XLSX, XLS, ODS")
    parser.add_argument("b", type=Path, metavar="B", help="another one")
    for side in "ab":
        parser.add_argument(
            f"--map-{side}",
            action="append",
            default=[],
            metavar="FIELD=COLUMN,...",
            help=f"columns of {side.upper()} that should not be guessed: id, name, alias, address, lat, lon, position, phone, code",
        )
    parser.add_argument("--out", type=Path, help="write the pairs here instead of to standard output")
    parser.add_argument("--threshold", type=float, help="the least probability of a pair; the model's when not given")
    parser.add_argument("--all", action="store_true", help="every probable pair, not only one best partner each")
    parser.add_argument("--explain", action="store_true", help="add what agreed and what did not, with weights in bits")
    parser.add_argument("--model", type=Path, help="weights and thresholds to use instead of the shipped ones")
    parser.add_argument(
        "--learn", type=Path, metavar="LABELLED", help="learn a model from labelled pairs (id_a, id_b, match or non-match)"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON, with the columns read")
    return parser


def _answer(args: argparse.Namespace) -> None:
    from sanbao.registry.linkage import Model, best_partners
    from sanbao.registry.linkage.files import read_list
    from sanbao.registry.linkage.linking import linkage
    from sanbao.registry.linkage.model import shipped

    begun = time.monotonic()
    model: Model = _model(args.model) if args.model else shipped()
    threshold = model.threshold if args.threshold is None else args.threshold
    if not 0 <= threshold <= 1:
        raise Refused(_say(BAD_THRESHOLD, given=threshold))
    for path in filter(None, (args.a, args.b, args.learn)):
        path.stat()  # a missing file is said before the work begins
    lists = []
    for path, said in ((args.a, args.map_a), (args.b, args.map_b)):
        lists.append(read_list(path, _mapping(said)))
        columns = ", ".join(f"{name}={label}" for name, label in lists[-1].columns.items())
        _tell(_say(READ, file=path.name, rows=len(lists[-1].items), columns=columns))
    if args.learn:
        _learn(args, lists, model)
        return
    done = linkage(lists[0].items, lists[1].items, model=model, floor=min(threshold, 0.01) or 0.0)
    if done.coordinates:
        _tell(_say(COORDINATES, done=done.coordinates))
    pairs = [pair for pair in done.pairs if pair.probability >= threshold] if args.all else best_partners(done.pairs, threshold)
    _tell(_say(FOUND, pairs=len(pairs), seconds=round(time.monotonic() - begun, 1)))
    names = [{item.id: item.name or item.address for item in one.items} for one in lists]
    if args.json:
        _write_json(args, lists, pairs, threshold, done.coordinates)
    else:
        _write_csv(args.out, pairs, names if args.explain else None)


def _learn(args: argparse.Namespace, lists: Sequence[Any], model: Any) -> None:
    """Write the learned model where the pairs would have gone."""
    from sanbao.registry.linkage.learning import learn, read_labels
    from sanbao.registry.linkage.model import model_text

    learned = learn(lists[0].items, lists[1].items, read_labels(args.learn), model)
    _tell(_say(LEARNED, precision=f"{learned.precision:.3f}", recall=f"{learned.recall:.3f}", f1=f"{learned.f1:.3f}"))
    text = model_text(learned.model)
    if args.out:
        args.out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


def _mapping(given: Iterable[str]) -> dict[str, str]:
    """`id=Nr,name=Shop name` as field to column; a comma inside a column's name stays when no field begins behind it."""
    mapping: dict[str, str] = {}
    last = ""
    for piece in ",".join(given).split(",") if given else []:
        name, sign, column = piece.partition("=")
        if sign and name.strip() and column.strip():
            last = name.strip().casefold()
            mapping[last] = column.strip()
        elif last and not sign:
            mapping[last] += f",{piece}"
        else:
            raise Refused(_say(BAD_MAP, given=piece))
    return mapping


def _model(path: Path) -> Any:
    from sanbao.registry.linkage.model import read_model

    try:
        return read_model(path)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Refused(_say(BAD_MODEL, file=path.name, why=error)) from error


def _reasons(pair: Any) -> list[dict[str, Any]]:
    from sanbao.registry.linkage.speaking import translate

    return [{"field": part.field, "says": translate()(part.says), "weight": part.weight} for part in pair.parts]


def _write_csv(out: Path | None, pairs: Sequence[Any], names: Sequence[dict[str, str]] | None) -> None:
    with out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout) as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["id_a", "id_b", "probability", *(["weight", "name_a", "name_b", "reasons"] if names else [])])
        for pair in pairs:
            line = [pair.id_a, pair.id_b, f"{pair.probability:.6f}"]
            if names:
                reasons = "; ".join(f"{reason['says']} {reason['weight']:+.1f}" for reason in _reasons(pair))
                line += [f"{pair.weight:.2f}", names[0].get(pair.id_a, ""), names[1].get(pair.id_b, ""), reasons]
            writer.writerow(line)


def _write_json(args: argparse.Namespace, lists: Sequence[Any], pairs: Sequence[Any], threshold: float, coordinates: str) -> None:
    lines = [
        {"id_a": pair.id_a, "id_b": pair.id_b, "probability": pair.probability}
        | ({"weight": pair.weight, "reasons": _reasons(pair)} if args.explain else {})
        for pair in pairs
    ]
    answer = {
        "rows_a": len(lists[0].items),
        "rows_b": len(lists[1].items),
        "columns_a": lists[0].columns,
        "columns_b": lists[1].columns,
        "coordinates": coordinates,
        "threshold": threshold,
        "pairs": lines,
    }
    text = json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    if args.out:
        args.out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


def _say(sentence: str, **values: Any) -> str:
    from sanbao.registry.linkage.speaking import translate

    return translate()(sentence) % values


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
