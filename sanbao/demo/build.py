"""Building the demonstration district: one story after the other onto the timeline, then day by day; and a digest of what came out."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from sanbao.agreements.models import Agreement
from sanbao.campaigns.models import Reading, Task
from sanbao.core import district
from sanbao.core.models import Entry
from sanbao.core.worker import checkpoint, work_off
from sanbao.demo import campaign, doors, duties, leads, letters, orders, patrol, reaching, registers, settling, showing, sides
from sanbao.demo.stage import Stage, Stopwatch
from sanbao.penalties.models import Case
from sanbao.problems.models import Finding, Order, Report
from sanbao.publicity.models import Publication
from sanbao.registry import desk
from sanbao.registry.models import ImportRun, Premises, RecordLink

STATEFUL = (Agreement, Report, Finding, Order, Case, Task, Publication, Premises, ImportRun, RecordLink)
# What a row is known by besides its state, for the digest: no ids, no numbers with chance in them.
CONTENT: dict[Any, tuple[str, ...]] = {
    Premises: ("address", "sign_name", "state", "side", "start_m", "end_m", "area__code"),
    Agreement: ("premises__address", "merchant__name", "form__version", "state", "signer_name", "signed_on"),
    Report: ("class_code", "place", "comment", "state", "received_at"),
    Finding: ("class_code", "place", "state", "found_at", "merchant__name"),
    Order: ("number", "violation", "state", "correct_by"),
    Case: ("number", "violation", "state", "fine", "merchant__name"),
    Task: ("title", "unit__name", "state", "due_at"),
    Reading: ("target__indicator", "on", "numerator", "denominator"),
    Publication: ("kind", "title", "state"),
}


def build(*, premises: int, days: int, seed: int, today: date, say: Callable[[str], None] = lambda _line: None) -> Stage:
    """Build the district of `premises` fronts with `days` days of work up to yesterday; raises `fronts.TooMany`.

    The tables must be there and hold no such district. Everything goes through the services; the district is left at work.
    """
    watch = Stopwatch(say)
    with transaction.atomic():
        stage = settling.settle(premises=premises, days=days, seed=seed, today=today)
    pieces, units = len(stage.town.pieces), len(stage.cast.units)
    watch.lap(
        _("%(pieces)s street segments, %(units)s units, %(people)s people")
        % {"pieces": pieces, "units": units, "people": len(stage.cast.people)}
    )
    with transaction.atomic():
        settling.import_lists(stage)
    faults = sum(run.counts["faulty"] for run in ImportRun.objects.all())
    watch.lap(
        _("%(premises)s premises from two lists, %(faults)s faulty rows set aside")
        % {"premises": Premises.objects.count(), "faults": faults}
    )
    with transaction.atomic():
        settling.measure(stage)
        sides.settle(stage)
        registers.bring_in(stage)
    watch.lap(
        _("%(joined)s pairs of records joined, %(waiting)s waiting at the matching desk")
        % {"joined": RecordLink.objects.filter(state="joined").count(), "waiting": desk.counts()["undecided"]}
    )
    for story in (duties, letters, reaching, campaign, patrol, showing, doors):
        story.plan(stage)
    orders.plan_failures(stage)
    leads.plan(stage)
    stage.timeline.play(lambda day: _tell(stage, day, watch))
    work_off(raising=True)
    checkpoint()
    return stage


def _tell(stage: Stage, day: date, watch: Stopwatch) -> None:
    number = (day - stage.start).days + 1
    if number == 0 or (number > 0 and number % 10 == 0) or number == stage.days:
        facts = {
            "number": max(number, 0),
            "days": stage.days,
            "letters": Agreement.objects.filter(state="signed").count(),
            "reports": Report.objects.count(),
            "findings": Finding.objects.count(),
            "orders": Order.objects.count(),
            "cases": Case.objects.count(),
        }
        line = _(
            "day %(number)s of %(days)s: %(letters)s letters signed, %(reports)s reports, %(findings)s findings, %(orders)s orders, %(cases)s cases"
        )
        watch.lap(line % facts)


def counts() -> dict[str, dict[str, int]]:
    """How many rows of each table stand in each state."""
    found = {}
    for model in STATEFUL:
        rows = model.objects.order_by().values_list("state").annotate(number=Count("pk"))
        found[model.__name__] = dict(sorted(rows))
    return found


def digest() -> str:
    """SHA-256 over what was built, without ids, check codes and moments of writing: equal for the same seed, size and day."""
    content: dict[str, Any] = {"counts": counts()}
    for model, columns in CONTENT.items():
        rows = model.objects.order_by().values_list(*columns)
        content[model.__name__] = sorted([str(value) for value in row] for row in rows)
    actions = (
        Entry.objects.filter(district_id=district.current_id()).order_by().values_list("action").annotate(number=Count("pk"))
    )
    content["journal"] = dict(sorted(actions))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def is_empty() -> bool:
    """Whether no table of this house holds a row."""
    return not apps.get_model("core", "District").objects.exists()
