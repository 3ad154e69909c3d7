"""`sanbao backup FOLDER [--keep N]` makes a backup while everything runs; `sanbao backup --check BACKUP` proves one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanbao.core import backup, clock


class Command(BaseCommand):
    """Copies database, files and key with a manifest of hashes; see docs/deploy.md for bringing them back."""

    help = "Make a consistent backup below FOLDER, or with --check prove the one that lies there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of backups; with --check one backup in it")
        parser.add_argument("--check", action="store_true", help="read a backup again and compare it with its manifest")
        parser.add_argument("--keep", type=int, metavar="N", help="afterwards remove all but the newest N backups")

    def handle(self, *args: Any, folder: Path, check: bool, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep needs at least 1.")
        try:
            self._check(folder) if check else self._make(folder, keep)
        except backup.BackupFailed as failed:
            raise CommandError(str(failed)) from failed

    def _check(self, folder: Path) -> None:
        if faults := backup.check_backup(folder):
            raise CommandError("\n".join(faults))
        manifest = backup.read_manifest(folder)
        self.stdout.write(f"{folder} is whole: database and {len(manifest.files)} files agree with the manifest.")

    def _make(self, folder: Path, keep: int | None) -> None:
        done = backup.make_backup(folder, at=clock.now())
        manifest = backup.read_manifest(done)
        self.stdout.write(f"{done}: database {manifest.database['size']} bytes, {len(manifest.files)} files.")
        for code, head in manifest.heads.items():
            self.stdout.write(f"Journal of {code}: link {head['number']}, head {head['hash']}")
        for path in manifest.damaged:
            self.stderr.write(f"Damaged in the file store: {path}")
        if keep is not None and (gone := backup.prune(folder, keep)):
            self.stdout.write(f"{gone} older backups removed.")
