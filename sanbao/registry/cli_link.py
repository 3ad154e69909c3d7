"""`sanbao register link`: lay the registers of a district beside each other; figures on standard output, progress on standard error."""

import argparse
import json
import sys
import time
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sanbao.core import clock
from sanbao.core.models import User
from sanbao.registry import desk, linking
from sanbao.registry.models import LinkRun, Register

TOO_FEW = _("There are not two imported registers yet. Import them first: sanbao register import")
NOTHING_NEW = _(
    "Nothing has been imported since the registers were laid beside each other last. With --again it is done once more."
)
LINE = _(
    "%(one)s – %(other)s: %(pairs)s probable pairs; %(joined)s joined, %(suggested)s new on the matching desk, %(doubted)s doubted, "
    "%(withdrawn)s withdrawn."
)
WAITING = _("%(waiting)s pairs wait at the matching desk.")


def add_command(commands: Any) -> None:
    """Name the command and what may be said to it."""
    command: argparse.ArgumentParser = commands.add_parser("link", help="lay the registers of the district beside each other")
    command.add_argument("--again", action="store_true", help="also registers that have not changed since the last run")
    command.add_argument("--district", default="", metavar="CODE", help="the district")
    command.add_argument("--by", default="", metavar="LOGIN", help="the person in whose name this is done")
    command.add_argument("--json", action="store_true", help="print the figures as JSON")


def link(args: argparse.Namespace, by: User | None) -> dict[str, Any]:
    """Do it for the district at work."""
    begun = time.monotonic()
    runs = linking.link_registers(by=by, at=clock.now(), again=args.again, progress=_progress)
    return {
        "registers": Register.objects.count(),
        "runs": [_run(run) for run in runs],
        "waiting": desk.counts()["undecided"],
        "seconds": round(time.monotonic() - begun, 2),
    }


def _run(run: LinkRun) -> dict[str, Any]:
    return {"one": run.one.source, "other": run.other.source, **run.counts}


def _progress(done: int, total: int) -> None:
    print(f"{done}/{total}", file=sys.stderr, flush=True)


def print_answer(answer: dict[str, Any], *, as_json: bool) -> None:
    """As JSON, or a line for each two registers and one for the desk."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for run in answer["runs"]:
        print(gettext(LINE) % run)
    if not answer["runs"]:
        print(gettext(TOO_FEW if answer["registers"] < 2 else NOTHING_NEW))
    print(gettext(WAITING) % answer)
