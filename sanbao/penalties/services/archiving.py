"""Handing out the archive bundle of a case that has come to its end."""

from datetime import datetime

from django.db import transaction

from sanbao.core import access, journal
from sanbao.core.errors import refuse
from sanbao.core.models import User
from sanbao.law.workflow import gettext_noop
from sanbao.penalties.bundle import EXPORTED, Bundle, make_bundle
from sanbao.penalties.models import Case

ENDED = ("closed", "archived", "no_penalty", "no_action", "referred", "revoked")
NOT_ENDED = gettext_noop("The case still runs. Its bundle is made when the case is closed or archived.")


@transaction.atomic
def export_bundle(case: Case, *, by: User, at: datetime) -> Bundle:
    """Make the bundle of an ended case and note in the journal who took it, with its hashes (PL 47).

    Raises `Forbidden`, or `Refusal` while the case still runs; `DocumentChanged` if a stored paper was altered.
    """
    access.require(by, "case.view", at)
    case.refresh_from_db()
    if case.state not in ENDED:
        raise refuse("case_runs", NOT_ENDED, "PL-47")
    made = make_bundle(case)
    journal.record(EXPORTED, case, by=by, at=at, sha256=made.sha256, manifest=made.manifest_sha256, files=made.count)
    return made
