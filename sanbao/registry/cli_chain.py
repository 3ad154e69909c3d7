"""`sanbao register chain`: who answers for a place, from the command line. For whoever holds the database: it names people."""

import argparse
import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sanbao.core import clock, district
from sanbao.core.errors import Malformed, refuse
from sanbao.core.models import District
from sanbao.registry.chain import Chain, as_data, chain_at, chain_of
from sanbao.registry.models import Premises

WHICH_PLACE = _("Say which place: --lon and --lat (WGS-84 degrees), or --premises CODE.")
NO_PREMISES = _("No premises here bear the code %(code)s.")
NO_DISTRICT = _("This home holds no such district, or several: say which one with --district CODE.")


def add_arguments(commands: Any) -> None:
    """Add the command to those of `sanbao register`."""
    command: argparse.ArgumentParser = commands.add_parser("chain", help="the chain of duty of a place")
    command.add_argument("--lon", type=float, help="longitude, WGS-84 degrees")
    command.add_argument("--lat", type=float, help="latitude, WGS-84 degrees")
    command.add_argument("--premises", default="", metavar="CODE", help="the code of a front instead of a position")
    command.add_argument("--district", type=int, default=None, metavar="CODE", help="the district, where there are several")
    command.add_argument("--json", action="store_true", help="print the chain as JSON")


def run(args: argparse.Namespace) -> None:
    """Print the chain; raises `Refusal` for a place that is none."""
    with district.use(_district(args.district)):
        chain = _chain(args)
    if args.json:
        print(json.dumps(as_data(chain), ensure_ascii=False, indent=2))
        return
    for link in chain.links:
        said = f"✕ {link.missing}" if link.hole else ""
        print(f"{link.title}: {' '.join(part for part in (link.name, link.detail, said) if part)}")
    if chain.holes:
        print(gettext("Names are missing in this chain."))


def _chain(args: argparse.Namespace) -> Chain:
    today = clock.today()
    if args.premises:
        front = Premises.objects.filter(code=args.premises).select_related("area").first()
        if front is None:
            raise refuse("no_premises", NO_PREMISES, status=Malformed, code=args.premises)
        return chain_of(front, today)
    if args.lon is None or args.lat is None:
        raise refuse("which_place", WHICH_PLACE, status=Malformed)
    return chain_at(args.lon, args.lat, today)


def _district(given: int | None) -> int:
    code = given or settings.DISTRICT_CODE
    codes = list(District.objects.filter(**({"code": code} if code else {})).values_list("code", flat=True)[:2])
    if len(codes) != 1:
        raise refuse("no_district", NO_DISTRICT, status=Malformed)
    return codes[0]
