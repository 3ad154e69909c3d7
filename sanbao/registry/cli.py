"""`sanbao register import` and `link`: registers into the database and beside each other; figures on standard output, progress on
standard error. What is said of linking is in `cli_link`.

A fresh home is made ready on the way: the tables are created and, unless `--district` names one, a district 990000 «未设区» is opened
(99 is a province code that GB/T 2260 never gives). Whoever runs this command holds the database file; the journal names nobody.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sanbao.core import clock, district
from sanbao.core.errors import Refusal
from sanbao.core.models import District, User
from sanbao.registry import cli_chain, cli_link, importing
from sanbao.registry.importer import REASONS
from sanbao.registry.models import ImportRun, Register

NO_NAME_DISTRICT = (990000, "未设区")
NO_FILE = _("The file %(name)s cannot be read: %(why)s.")
BAD_MAP = _("--map wants COLUMN=FIELD, not “%(given)s”.")
BAD_DISTRICT = _("--district wants CODE or CODE:NAME with a code of six figures, not “%(given)s”.")
WHICH_DISTRICT = _("This home holds several districts (%(codes)s). Say which one: --district CODE.")
NO_SUCH_USER = _("There is no person with the login name “%(name)s”.")
OUTDATED = _("The tables of this home are of an older version. Run: sanbao migrate")


class Stop(Exception):
    """Work that cannot begin; the text is the sentence for standard error."""


def main(argv: list[str]) -> int:
    """`sanbao register import FILE ...`, `link` or `chain`; 0 when done, faulty rows or not, 2 when the file or what was said cannot be used."""
    args = _arguments().parse_args(argv)
    try:
        if args.command == "chain":
            cli_chain.run(args)
            return 0
        answer = _import(args) if args.command == "import" else _link(args)
    except Stop as error:
        print(error, file=sys.stderr)
        return 2
    except Refusal as error:
        print(" ".join(error.texts()), file=sys.stderr)
        return 2
    (_print if args.command == "import" else cli_link.print_answer)(answer, as_json=args.json)
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sanbao register")
    commands = parser.add_subparsers(dest="command", required=True)
    cli_chain.add_arguments(commands)
    command = commands.add_parser("import", help="import a register from XLSX, XLS, ODS, CSV or TSV")
    command.add_argument("file", type=Path)
    command.add_argument("--source", required=True, help="whose list this is, in words; the same words next time")
    command.add_argument("--kind", required=True, choices=[str(kind) for kind in Register.Kind])
    command.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="what a column means; FIELD - leaves it out"
    )
    command.add_argument("--sheet", default="", help="the sheet of the workbook")
    command.add_argument("--coordinates", default="", help="wgs84, gcj02 or bd09, where the header does not say")
    command.add_argument("--district", default="", metavar="CODE[:NAME]", help="the district, made if there is none of that code")
    command.add_argument("--by", default="", metavar="LOGIN", help="the person in whose name this is done")
    command.add_argument("--dry-run", action="store_true", help="plan only, write nothing")
    command.add_argument("--json", action="store_true", help="print the figures as JSON")
    cli_link.add_command(commands)
    return parser


def _link(args: argparse.Namespace) -> dict[str, Any]:
    _make_ready()
    with transaction.atomic():
        code = _district(args.district)
    with district.use(code):
        return cli_link.link(args, _person(args.by))


def _import(args: argparse.Namespace) -> dict[str, Any]:
    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise Stop(gettext(NO_FILE) % {"name": args.file, "why": error.strerror or error}) from error
    mapping = _mapping(args.map)
    _make_ready()
    begun = time.monotonic()
    with transaction.atomic():
        code = _district(args.district)
        with district.use(code):
            by = _person(args.by)
            run = None if args.dry_run else importing.interrupted_run(data, source=" ".join(args.source.split())[:80])
            plan = None
            if run is None:
                planned = importing.plan_import(
                    data,
                    args.file.name,
                    source=args.source,
                    kind=args.kind,
                    mapping=mapping,
                    sheet=args.sheet,
                    coordinates=args.coordinates,
                    by=by,
                    at=clock.now(),
                )
                run, plan = planned.run, planned.plan
            answer = _answer(run, dry_run=args.dry_run)
        if args.dry_run:
            transaction.set_rollback(True)
    if not args.dry_run:
        with district.use(code):
            run = importing.apply_import(run, by=by, at=clock.now(), progress=_progress, plan=plan)
    return answer | {"state": str(run.state), "seconds": round(time.monotonic() - begun, 2)}


def _mapping(given: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in given:
        column, sign, name = pair.rpartition("=")
        if not (sign and column.strip() and name.strip()):
            raise Stop(gettext(BAD_MAP) % {"given": pair})
        mapping[column.strip()] = name.strip()
    return mapping


def _make_ready() -> None:
    """Create the tables of a fresh home; an older home is only told what to do."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if "core_district" in connection.introspection.table_names() and District.objects.exists():
        raise Stop(gettext(OUTDATED))
    call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)


def _district(given: str) -> int:
    """The district's code: the one named, else the site's own, else the only one there is, else the nameless one."""
    from django.conf import settings

    number, _colon, name = given.partition(":")
    if given and not (number.isdigit() and len(number) == 6):
        raise Stop(gettext(BAD_DISTRICT) % {"given": given})
    code = int(number) if given else settings.DISTRICT_CODE
    if code:
        District.objects.get_or_create(code=code, defaults={"name": name or str(code)})
        return code
    codes = list(District.objects.order_by("code").values_list("code", flat=True)[:20])
    if len(codes) > 1:
        raise Stop(gettext(WHICH_DISTRICT) % {"codes": ", ".join(map(str, codes))})
    if not codes:
        codes = [District.objects.create(code=NO_NAME_DISTRICT[0], name=NO_NAME_DISTRICT[1]).code]
    return codes[0]


def _person(name: str) -> User | None:
    if not name:
        return None
    person = User.objects.filter(username=name).first()
    if person is None:
        raise Stop(gettext(NO_SUCH_USER) % {"name": name})
    return person


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total or done % 5000 == 0:
        print(f"{done}/{total}", file=sys.stderr, flush=True)


def _answer(run: ImportRun, *, dry_run: bool) -> dict[str, Any]:
    plan = importing.read_plan(run)
    faults = [
        {"row": fault.row_number, "reason": fault.reason, "detail": gettext(REASONS[fault.reason]) % fault.detail}
        for fault in run.faults.all()
    ]
    counts = {name: run.counts[name] for name in ("rows", "new", "changed", "unchanged", "faulty", "gone")}
    return counts | {
        "faults": faults,
        "skipped": [{"row": number, "reason": why} for number, why, _cells in plan["skipped"]],
        "notes": [{"row": note["number"], "note": note["what"], **note["detail"]} for note in plan["notes"]],
        "district": run.district_id,
        "source": run.register.source,
        "kind": run.register.kind,
        "file": run.file_name,
        "sheet": plan["sheet"],
        "encoding": plan["encoding"],
        "columns": plan["columns"],
        "run": str(run.pk),
        "dry_run": dry_run,
    }


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    line = gettext("%(rows)s rows: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(faulty)s faulty; %(gone)s gone.")
    print(line % answer)
    for fault in answer["faults"]:
        print(gettext("Row %(row)s: %(detail)s") % fault)
    if answer["dry_run"]:
        print(gettext("Nothing was written."))
