"""`sanbao penalties bundle`: the archive bundle of a case from the command line."""

import argparse
import sys
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sanbao.core import clock, district
from sanbao.core.errors import Refusal
from sanbao.core.models import District, User
from sanbao.penalties.models import Case
from sanbao.penalties.services.archiving import export_bundle

NO_SUCH = _("There is no “%(name)s” here.")
WHICH = _("This home holds several districts (%(codes)s). Say which one: --district CODE.")
WRITTEN = _("%(file)s: %(files)s files, %(pages)s pages of papers. SHA-256 %(sha256)s")


class Stop(Exception):
    """Work that cannot begin; the text is the sentence for standard error."""


def main(argv: list[str]) -> int:
    """`sanbao penalties bundle CASE_NUMBER --out FILE.zip --by LOGIN`; 0 when written, 1 when refused, 2 when something is not there."""
    options = _arguments().parse_args(argv)
    try:
        print(_bundle(options))
    except Stop as error:
        print(error, file=sys.stderr)
        return 2
    except Refusal as error:
        print(" ".join(error.texts()), file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sanbao penalties")
    command = parser.add_subparsers(dest="command", required=True).add_parser("bundle", help="write the archive bundle of a case")
    command.add_argument("case", metavar="CASE_NUMBER")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.zip")
    command.add_argument("--by", required=True, metavar="LOGIN", help="the person in whose name the bundle is taken")
    command.add_argument("--district", type=int, metavar="CODE", help="needed where there are several")
    return parser


def _bundle(options: argparse.Namespace) -> str:
    codes = [options.district] if options.district else list(District.objects.values_list("code", flat=True))
    if len(codes) != 1:
        raise Stop(gettext(WHICH) % {"codes": "、".join(map(str, codes))})
    with district.use(codes[0]):
        case = Case.objects.filter(number=options.case).first()
        person = User.objects.filter(username=options.by).first()
        for name, found in ((options.case, case), (options.by, person)):
            if found is None:
                raise Stop(gettext(NO_SUCH) % {"name": name})
        made = export_bundle(case, by=person, at=clock.now())
    options.out.write_bytes(made.data)
    return gettext(WRITTEN) % {"file": options.out, "files": made.count, "pages": made.pages, "sha256": made.sha256}
