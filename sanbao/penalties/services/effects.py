"""What the steps of the ordinary course write besides the new state: rows of the file and papers. Called inside `take_step`.

What the entry steps write is in `entering`, what follows the decision in `executing`; `EFFECTS` holds all of them.
"""

from sanbao.law.facts import CaseFacts
from sanbao.penalties import papers, wording
from sanbao.penalties.details import Details
from sanbao.penalties.models import Case, Defence, Discussion, Hearing, Notice, StepTaken
from sanbao.penalties.services import entering, executing
from sanbao.penalties.services.entering import Effect
from sanbao.penalties.services.entering import change as _set
from sanbao.penalties.services.paperwork import FORMS, issue_paper


def _file(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    _set(case, filed_at=taken.at)
    issue_paper(case, "D-07", papers.filing(case, taken.by, taken.at, given.reason), by=taken.by, at=taken.at, step=taken)


def _report(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    issue_paper(case, "D-15", papers.report(case, taken.at), by=taken.by, at=taken.at, step=taken)


def _waive(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    _set(case, decided_at=taken.at, closed_at=taken.at)
    paper = papers.no_penalty(case, taken.at, given.reason)
    issue_paper(case, "D-20", paper, by=taken.by, at=taken.at, step=taken)


def _notify(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    hearing = known.notice is not None and known.notice.hearing_offered
    row = Notice(
        case=case, kinds=case.kinds, fine=case.fine, issued_at=taken.at, hearing_offered=hearing, new_facts=given.new_facts
    )
    paper = issue_paper(case, "D-16", papers.notice(case, taken.at, hearing=hearing), by=taken.by, at=taken.at, step=taken)
    row.document = paper.document
    row.save(force_insert=True)


def _state_defence(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    Defence.objects.create(case=case, text=given.text.strip(), received_at=given.received_at, by=taken.by)


def _recheck_defence(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    for row in case.defences.filter(rechecked_at__isnull=True):
        row.rechecked_at, row.adopted, row.reasons = taken.at, given.adopted, given.text.strip()
        row.save(update_fields=["rechecked_at", "adopted", "reasons"])
        issue_paper(case, "D-18", papers.defence_review(case, row), by=taken.by, at=taken.at, step=taken)


def _request_hearing(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    Hearing.objects.create(case=case, requested_at=given.received_at)


def _withdraw_hearing(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    row = case.hearings.last()
    row.withdrawn_at = given.received_at
    row.save(update_fields=["withdrawn_at"])


def _hold_hearing(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    row = case.hearings.select_related("chair").last()
    row.held_at, row.absent, row.agents = given.held_at, given.absent, given.agents
    row.record, row.record_signed = given.text.strip(), given.record_signed
    row.save(update_fields=["held_at", "absent", "agents", "record", "record_signed"])
    issue_paper(case, "D-19R", papers.hearing_record(case, row), by=taken.by, at=taken.at, step=taken)


def _discuss(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    row = Discussion.objects.create(
        case=case,
        at=taken.at,
        heads_present=given.heads_present,
        heads=given.heads.strip(),
        agreed=given.agreed,
        record=given.text.strip(),
        by=taken.by,
    )
    issue_paper(case, "D-22b", papers.discussion(case, row), by=taken.by, at=taken.at, step=taken)


def _decide(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    _set(case, decided_at=taken.at)
    issue_paper(case, "D-23", papers.decision(case, taken.at), by=taken.by, at=taken.at, step=taken)


def _serve(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    row = given.delivery
    decision = case.papers.select_related("document").filter(form="D-23").last()
    row.document = decision.document if decision else None
    row.save(force_insert=True)
    _set(case, served_at=row.deemed_at)
    title = FORMS["D-23"][2]
    receipt = papers.receipt(case, row, title, decision.document.number if decision else "")
    issue_paper(case, "D-26", receipt, by=taken.by, at=taken.at, step=taken)


def _close(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    _set(case, closed_at=taken.at)
    issue_paper(case, "D-36", papers.closing(case, taken.by, taken.at, given.reason), by=taken.by, at=taken.at, step=taken)


def _revoke(case: Case, taken: StepTaken, known: CaseFacts, given: Details) -> None:
    _set(case, closed_at=taken.at)
    told = papers.revocation(case, taken.at, given.reason)
    told["decision"] = told["decision"] or wording.decision_number(case)
    issue_paper(case, "D-35", told, by=taken.by, at=taken.at, step=taken)


EFFECTS: dict[str, Effect] = {
    **entering.EFFECTS,
    **executing.EFFECTS,
    "file": _file,
    "report": _report,
    "waive": _waive,
    "notify": _notify,
    "notify_again": _notify,
    "state_defence": _state_defence,
    "recheck_defence": _recheck_defence,
    "request_hearing": _request_hearing,
    "withdraw_hearing": _withdraw_hearing,
    "hold_hearing": _hold_hearing,
    "discuss": _discuss,
    "decide": _decide,
    "serve": _serve,
    "close": _close,
    "terminate": _close,
    "revoke": _revoke,
    "annul": _revoke,
}
