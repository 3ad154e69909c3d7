"""The command itself: arguments, building unless a built district is there, serving, and what is said in the terminal."""

import argparse
import os
import sys
import time
import unicodedata
from collections.abc import Callable

from django.db import connections
from django.utils import translation
from django.utils.translation import gettext as _

from sanbao.core import clock
from sanbao.demo import build, doors, ground, home, serving
from sanbao.demo.fronts import TooMany
from sanbao.demo.people import PASSWORD, PEOPLE

DEFAULTS = {"premises": 3_000, "days": 60, "seed": 1}
LEAST_PREMISES, LEAST_DAYS, MOST_DAYS = 60, 8, 200


def run(argv: list[str]) -> int:
    """Build and serve; 0 built or stopped by hand, 1 when serving failed, 2 when the home or the arguments cannot be used."""
    if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("en"):
        translation.activate("en")
    args = _arguments().parse_args(argv)
    try:
        with home.alone():
            _build(args)
            return 0 if args.build_only else _serve(args)
    except home.Stop as stop:
        print(stop, file=sys.stderr)
        return 2
    except TooMany as most:
        print(_("The streets hold at most %(most)s premises.") % {"most": most}, file=sys.stderr)
        return 2
    except serving.Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _say(_("Stopped. The same command goes on from here."))
        return 130


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sanbao demo", description="Build the invented district and serve it.")
    parser.add_argument("--premises", type=_at_least(LEAST_PREMISES), help=f"how many premises ({DEFAULTS['premises']})")
    parser.add_argument("--days", type=_at_least(LEAST_DAYS, MOST_DAYS), help=f"days of work up to now ({DEFAULTS['days']})")
    parser.add_argument("--seed", type=int, help=f"the same seed gives the same district ({DEFAULTS['seed']})")
    parser.add_argument("--build-only", action="store_true", help="build and end")
    parser.add_argument("--fresh", action="store_true", help="build anew even if a district is there")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    return parser


def _at_least(least: int, most: int | None = None) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"{least} ... {most or ''}")
        return value

    return number


def _build(args: argparse.Namespace) -> None:
    made = None if args.fresh else home.found()
    if made:
        _say_found(args, made)
        return
    figures = {name: getattr(args, name) if getattr(args, name) is not None else value for name, value in DEFAULTS.items()}
    today, begun = clock.today(), time.monotonic()
    _say(_("Building the invented district: %(premises)s premises, %(days)s days of work, seed %(seed)s.") % figures)
    home.make_ready(fresh=args.fresh)
    ready = _("database ready")
    _say(f"  {ready}  {time.monotonic() - begun:5.1f} s")
    home.mark(home.BUILDING, today=today, **figures)
    build.build(today=today, say=_say, **figures)
    home.mark(home.BUILT, today=today, **figures)
    _say(_("Built in %(seconds).0f seconds.") % {"seconds": time.monotonic() - begun})


def _say_found(args: argparse.Namespace, made: home.Made) -> None:
    _say(_("The district built on %(day)s is there. (--fresh builds it anew.)") % {"day": made.today})
    asked = {name: getattr(args, name) for name in DEFAULTS if getattr(args, name) is not None}
    if any(getattr(made, name) != value for name, value in asked.items()):
        have = {name: getattr(made, name) for name in DEFAULTS}
        _say(_("It has %(premises)s premises, %(days)s days and seed %(seed)s; add --fresh for the figures you gave.") % have)


def _serve(args: argparse.Namespace) -> int:
    connections.close_all()
    port = serving.free_port(args.host, args.port)
    if port != args.port:
        _say(_("Port %(taken)s is taken; using %(port)s.") % {"taken": args.port, "port": port})
    servers = serving.Servers(args.host, port)
    try:
        servers.start()
        servers.wait_for_first_page()
        if not servers.stopping:
            _say_where(servers.address, ground.attribution())
        servers.watch()
    finally:
        servers.stop()
    _say(_("Stopped."))
    return 0


def _say_where(address: str, attribution: str) -> None:
    _say("")
    _say(_("Open %(address)s in a browser. Staff: %(address)s/desk/") % {"address": address})
    _say(_("Everybody's password is %(password)s. Who to be for what:") % {"password": PASSWORD})
    for login, person in PEOPLE.items():
        if person.use:
            _say(f"  {_padded(login, 12)}{_padded(person.name, 8)}{_padded(person.title, 18)}{person.use}")
    ways = doors.ways_in(address)
    if ways["plate"] and ways["merchant"]:
        _say(_("A door plate opens %(plate)s; a merchant's own page is %(merchant)s") % ways)
    _say(
        _("Streets: %(attribution)s. The district, its people and everything they do are invented.")
        % {"attribution": attribution}
    )
    _say(_("Press Ctrl-C to stop."))


def _padded(text: str, width: int) -> str:
    """Text filled up to a width in columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(1, width - taken)


def _say(line: object) -> None:
    print(line, flush=True)
