"""The periods of a case as rows, for lists and reminders. They are counted by the law; every guard counts again for itself."""

from datetime import datetime

from sanbao.law.deadlines import Due, due
from sanbao.law.facts import CaseFacts
from sanbao.law.penalty import PENALTY
from sanbao.law.register import rule
from sanbao.penalties.models import Case, CaseDeadline, Measure

# Which periods end with which step; a party's window simply runs out.
ENDS = {
    "decide": ("DL-05",),
    "waive": ("DL-05",),
    "serve": ("DL-06",),
    "check": ("DL-23",),
    "file": ("DL-23",),
    "drop": ("DL-23",),
    "refer": ("DL-23", "DL-05"),
    "transfer_crime": ("DL-24",),
    "return_crime": ("DL-25",),
    "end_crime": ("DL-25", "DL-05"),
    "apply_court": ("DL-12", "DL-15I"),
    "enforce": ("DL-12", "DL-13"),
    "pay": ("DL-08", "DL-12", "DL-15I"),
    "lapse": ("DL-08",),
    "notify_again": ("DL-01", "DL-02"),
    "pass_review": ("DL-01", "DL-02"),
    "request_hearing": ("DL-02",),
    "terminate": ("DL-05",),
    "revoke": ("DL-05", "DL-06", "DL-08", "DL-12", "DL-14", "DL-14S", "DL-15I"),
    "annul": ("DL-05", "DL-06", "DL-08", "DL-12", "DL-14", "DL-14S", "DL-15I"),
}
# A paper's period runs from its proof of service, so these begin in `serving`, not with the step.
FROM_SERVICE = {"DL-01", "DL-02", "DL-12"}
SERVED = {"DL-08", "DL-14", "DL-14S"}
WAITING = (
    *("DL-05", "DL-06", "DL-08", "DL-01", "DL-02", "DL-03", "DL-09", "DL-09B", "DL-10", "DL-10E", "DL-11", "DL-12", "DL-13"),
    *("DL-15I", "DL-23", "DL-25", "DL-28"),
)
AFTERWARDS = ("DL-03", "DL-09", "DL-09B", "DL-10", "DL-10E", "DL-16", "DL-28")  # run on when the case itself is over
OVER = ("closed", "archived", "revoked", "no_penalty", "no_action", "referred")


def follow(case: Case, step: str, known: CaseFacts) -> None:
    """End and begin what the step ends and begins, and note the case's next deadline."""
    end(case, ENDS.get(step, ()), known.at)
    for name in PENALTY.step(step).starts:
        if name in FROM_SERVICE or (not rule(name).longest_of and not rule(name).figures):
            continue
        if name == "DL-17" and not case.answers.get("social_impact"):
            continue  # only a decision with a certain social impact is to be published (PL 48)
        if name == "DL-16" and not CaseDeadline.objects.filter(case=case, rule="DL-17", met_at__isnull=False).exists():
            continue  # nothing was published that could be withdrawn
        if name in SERVED:
            if known.service is not None:
                begin(case, due(name, known.service.at))
        elif name != "DL-15I":
            begin(case, due(name, known.at))
    note_next(case)


def begin(case: Case, period: Due, measure: Measure | None = None) -> CaseDeadline:
    """Keep a counted period of the case or of a measure beside it, once."""
    row, _new = CaseDeadline.objects.get_or_create(
        case=case,
        measure=measure,
        rule=period.rule,
        starts_at=period.starts,
        defaults={
            "ends_at": period.ends,
            "last_on": period.last_day,
            "provisional": period.provisional,
            "articles": list(period.articles),
            "party": rule(period.rule).who == "party",
        },
    )
    return row


def end(case: Case, names: tuple[str, ...], at: datetime) -> None:
    """Mark periods as ended."""
    if names:
        CaseDeadline.objects.filter(case=case, rule__in=names, met_at__isnull=True).update(met_at=at)


def end_of(measure: Measure, names: tuple[str, ...], at: datetime) -> None:
    """Mark periods of a measure as ended."""
    CaseDeadline.objects.filter(case=measure.case, measure=measure, rule__in=names, met_at__isnull=True).update(met_at=at)


def note_withdrawn(case: Case, at: datetime) -> None:
    """The publication was withdrawn: the time to do so has been kept (PL 48)."""
    end(case, ("DL-16",), at)
    note_next(case)


def note_published(case: Case, at: datetime) -> None:
    """The decision was published: the time to do so has been kept."""
    end(case, ("DL-17",), at)


def note_next(case: Case) -> None:
    """Keep the soonest running period on the case, so that the list can be sorted by it."""
    names = AFTERWARDS if case.state in OVER else WAITING
    running = CaseDeadline.objects.filter(case=case, met_at__isnull=True, rule__in=names).order_by("ends_at").first()
    case.due_at, case.due_rule = (running.ends_at, running.rule) if running else (None, "")
    case.save(update_fields=["due_at", "due_rule"])
