"""`sanbao docs [--check]`: writes the reference pages of docs/generated, or says which have fallen behind the code."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanbao.console import reference


class Command(BaseCommand):
    """Write or check the generated pages; needs no database."""

    help = "Write docs/generated from the code; with --check only say which pages are stale."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is stale")
        parser.add_argument("--folder", type=Path, default=reference.FOLDER, help="where the pages lie (docs/generated)")

    def handle(self, *args: Any, check: bool, folder: Path, **options: Any) -> None:
        if not check:
            changed = reference.written(folder)
            self.stdout.write("\n".join(f"{path.name} written" for path in changed) or "Every page is current.")
        elif found := reference.stale(folder):
            raise CommandError(f"Stale: {', '.join(found)}. Run `./run sanbao docs` and commit the result.")
        else:
            self.stdout.write("Every page is current.")
