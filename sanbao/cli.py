"""The command line: sends each word to the room that answers it. Only rooms that need the database start Django."""

import os
import sys
from importlib import import_module

PURE = {"law": "sanbao.law.cli", "link": "sanbao.registry.linkage.cli"}
ROOMS = {
    "register": "sanbao.registry.cli",
    "penalties": "sanbao.penalties.cli",
    "verify": "sanbao.core.cli",
    "demo": "sanbao.demo",
}
USAGE = """usage: sanbao COMMAND ...

  law        ask the law: due, check, catalogue, explain
  register   import a register: sanbao register import FILE --source NAME --kind market; lay them beside each other: sanbao register link
  link       which rows of two files are one shop: sanbao link A.csv B.csv --out pairs.csv
  penalties  archive bundle of a case: sanbao penalties bundle CASE_NUMBER --out FILE.zip --by LOGIN
  verify     prove the journal's hash chain
  demo       build the demonstration district and serve it
  backup     a proven copy of database, files and key
  COMMAND    any Django command: migrate, worker, docs, shell, ...
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if argv else 2
    word, rest = argv[0], argv[1:]
    if word in PURE:
        return int(import_module(PURE[word]).main(rest) or 0)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanbao.settings")
    if word in ROOMS:
        import django

        django.setup()
        return int(import_module(ROOMS[word]).main(rest) or 0)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["sanbao", *argv])
    return 0
