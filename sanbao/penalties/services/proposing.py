"""How a case begins: from an order to correct that was not followed. The headquarters has no hand in it (PL 17)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from sanbao.core import clock, documents, files, journal
from sanbao.core.models import Department, Entry
from sanbao.law.chinese_dates import to_the_minute
from sanbao.penalties.models import Case, Evidence, StepTaken
from sanbao.problems.models import Delivery, Order, Recheck


def propose_from_order(entry: Entry) -> Case | None:
    """Answer the news `order.failed` with a proposed case; the same news, or another about the same order, changes nothing.

    What the order already proves is laid on the evidence desk unverified: an investigator must look at every piece. None if the
    finding names no party, for then there is nobody to conduct a case against.
    """
    order = Order.objects.select_related("finding__merchant", "first_officer__department").get(pk=_id_of(entry.subject))
    known = Case.objects.filter(order=order).first() or Case.objects.filter(finding=order.finding).first()
    if known or order.finding.merchant_id is None:
        return known
    try:
        with transaction.atomic():
            return _propose(order, entry)
    except IntegrityError:  # the same news was answered a moment ago by another worker
        return Case.objects.get(order=order)


def _id_of(subject: str) -> UUID:
    return UUID(subject.partition(":")[2])


def _propose(order: Order, entry: Entry) -> Case:
    finding, agency, at = order.finding, order.first_officer.department, entry.at
    case = Case.objects.create(
        number=next_number(agency, at),
        cause=entry,
        order=order,
        finding=finding,
        premises=finding.premises,
        merchant=finding.merchant,
        area=finding.area,
        department=agency,
        first_handler=order.first_officer,
        second_handler=order.second_officer,
        violation=order.violation,
        conduct_on=clock.local_day(finding.found_at),
        discovered_on=clock.local_day(finding.found_at),
        place=finding.place or (finding.premises.address if finding.premises else ""),
        findings=_findings(order),
        state=Case.State.RECHECKED,
        proposed_at=at,
    )
    StepTaken.objects.create(case=case, step="propose", to_state=case.state, at=at, by=entry.by, facts={"order": str(order.pk)})
    lay_order_evidence(case, order)
    journal.record("case.proposed", case, by=entry.by, at=at, order=str(order.pk), cause=entry.pk)
    return case


def next_number(agency: Department, at: datetime) -> str:
    """The next number of a case of this agency and year."""
    year = clock.local_day(at).year
    return f"{agency.document_prefix}{documents.kinds()['case']['word']}〔{year}〕{documents.next_serial('case', year):04d}号"


def _findings(order: Order) -> str:
    """A first draft of the facts, for the investigator to complete."""
    finding = order.finding
    done = order.rechecks.order_by("at", "id").last()
    found, until = _moment(finding.found_at), _moment(order.correct_by)
    words = f"{found}，本机关执法人员在{finding.place}发现你（单位）{finding.note.rstrip('。') or '未履行责任区责任'}。"
    words += f"本机关作出《责令限期改正通知书》（{order.number}），要求于{until}前改正。"
    return words + (f"{_moment(done.at)}复查，你（单位）逾期未改正。" if done else "")


def _moment(at) -> str:
    return to_the_minute(at.astimezone(clock.ZONE))


def lay_order_evidence(case: Case, order: Order) -> None:
    """Lay what a failed order already proves on the evidence desk, unverified."""
    by, rows = order.first_officer, []

    def lay(kind: str, title: str, at, **more) -> None:
        rows.append(Evidence(case=case, kind=kind, title=title, obtained_at=at, by=by, **more))

    lay(
        "documentary",
        f"责令限期改正通知书（{order.number}）",
        order.issued_at,
        document=order.document,
        proves=["conduct", "party"],
    )
    for served in Delivery.objects.filter(subject=journal.subject_of(order), succeeded=True):
        lay("documentary", "责令限期改正通知书的送达证明", served.at, photo=served.proof, proves=["refusal"])
    for use in files.attachments(order.finding):
        lay("electronic", "现场照片", use.photo.taken_at or use.added_at, photo=use.photo, proves=["conduct"])
    for done in Recheck.objects.filter(order=order).select_related("document"):
        lay("scene_record", "复查记录", done.at, document=done.document, proves=["refusal"])
        for use in files.attachments(done, "recheck"):
            lay("electronic", "复查照片", use.photo.taken_at or use.added_at, photo=use.photo, proves=["refusal"])
    Evidence.objects.bulk_create(rows)
