"""`sanbao worker`: seals the journal, does the jobs, plans the day."""

import signal
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from sanbao.core import jobs
from sanbao.core.worker import Worker


class Command(BaseCommand):
    """Run until SIGTERM or SIGINT; the job in hand is finished first."""

    help = "Seal the journal and do the jobs. Stops after the job in hand on SIGTERM."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due now, then end")
        parser.add_argument("--no-daily", action="store_true", help="leave the duties of the day to another worker")
        seconds = int(jobs.LEASE.total_seconds())
        parser.add_argument("--lease", type=float, default=seconds, metavar="SECONDS", help=f"length of a lease ({seconds} s)")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(lease=timedelta(seconds=options["lease"]), daily=not options["no_daily"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: worker.stop())
        if options["once"]:
            self.stdout.write(str(worker.once()))
        else:
            worker.run()
