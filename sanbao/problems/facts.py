"""The facts of an order as the law asks for them, built from rows. Reads only; also usable by the rooms above for their own facts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from sanbao.core import clock
from sanbao.core.district import current_id
from sanbao.core.journal import subject_of
from sanbao.core.models import Certificate, Department, District, User
from sanbao.law import local as local_law
from sanbao.law.actors import Actor, Officer, Organisation
from sanbao.law.citations import UnknownArticle, cite
from sanbao.law.deadlines import due
from sanbao.law.local import LOCKED, Local
from sanbao.law.records import Service
from sanbao.law.rectification import RECTIFICATION, OrderFacts
from sanbao.law.sanctions import UnknownViolation, Violation, catalogue_on, violation
from sanbao.law.workflow import Verdict
from sanbao.problems.models import Delivery, Finding, Order

BODIES: dict[str, Organisation] = {
    "headquarters": "headquarters",
    "bureau": "bureau",
    "street": "street",
    "department": "department",
}
UNSIGNED = ("mail", "electronic", "public_notice")


def local_of(district: District | None = None) -> Local:
    """What the locality has decided: the file the district names, else the one in the settings, else nothing (locked).

    A bare name (`local_demo.toml`) is a file of `sanbao/law/parameters`.
    """
    district = district or District.objects.get(code=current_id())
    name = district.law_file or settings.LOCAL_LAW
    if not name:
        return LOCKED
    path = Path(name)
    return local_law.read_local(path if path.is_absolute() else local_law.PARAMETERS / name)


def actor_of(person: User, at: datetime) -> Actor:
    """The acting person as the law sees it: the kind of organisation, and whether its head."""
    kind = person.department.kind if person.department else ""
    return Actor(
        id=str(person.pk), organisation=BODIES.get(kind, "system"), head="bureau_head" in person.roles_on(clock.local_day(at))
    )


def officer_of(person: User, at: datetime, *, showed: bool | None = None, conflict: bool | None = None) -> Officer:
    """An officer with the certificate that is valid at `at`, if any; whoever serves only as an assistant is one."""
    paper = person.certificate_at(at)
    roles = person.roles_on(clock.local_day(at))
    return Officer(
        id=str(person.pk),
        kind="officer" if roles & {"officer", "bureau_head"} else "assistant",
        certificate=paper.number if paper else None,
        certified_from=paper.from_on if paper else None,
        certified_to=paper.until_on if paper else None,
        showed_certificate=showed,
        conflict=conflict,
    )


def row_of(violation_id: str, at: datetime) -> Violation | None:
    """The catalogue's row that holds on the day of `at`, or None."""
    try:
        return violation(violation_id, clock.local_day(at))
    except UnknownViolation:
        return None


def rows_on(at: datetime) -> list[Violation]:
    """Every row of the catalogue that holds on the day of `at` and is not for the police alone."""
    return [row for row in catalogue_on(clock.local_day(at)) if row.amount != "police"]


def certified_people(at: datetime) -> list[User]:
    """The people of this district whose enforcement certificate is valid at `at`, by name. 1 query."""
    day = clock.local_day(at)
    held = Certificate.objects.filter(
        kind=Certificate.Kind.ENFORCEMENT, from_on__lte=day, until_on__gte=day, user__department__district_id=current_id()
    )
    return [paper.user for paper in held.select_related("user").order_by("user__name", "pk")]


def provision_words(articles: Sequence[str]) -> str:
    """Articles as a paper prints them: 《行政处罚法》第二十八条."""
    return "、".join(_label(article) for article in articles)


def _label(article: str) -> str:
    try:
        return cite(article).label
    except UnknownArticle:
        return article


def order_facts(order: Order, *, by: User | None, at: datetime) -> OrderFacts:
    """The recorded facts of an order at `at`; what a step adds is put in with `dataclasses.replace`. 2 to 4 queries."""
    finding = order.finding
    row = row_of(order.violation, order.issued_at)
    return OrderFacts(
        state=order.state,
        at=at,
        local=local_of(),
        actor=actor_of(by, at) if by else None,
        agency=agency_of(order.first_officer.department),
        area=area_of(finding),
        conduct_in_area=True,
        violation=order.violation,
        provision=provision_words((*row.provisions, *row.penalty)) if row else order.basis or None,
        correction=order.requirement,
        remedies_printed=True,
        found_by=frozenset({str(finding.by_id)} if finding.by_id else ()),
        issued_by=frozenset({str(order.first_officer_id), str(order.second_officer_id)}),
        deadline_at=order.correct_by,
        reasonable=True,
        service=service_of(order),
        extensions=int(order.extended_once),
    )


def agency_of(department: Department | None) -> str | None:
    """The kind of agency as grants of powers name it."""
    return BODIES.get(department.kind) if department else None


def area_of(finding: Finding) -> str:
    """The code of the area of the act, else of the district."""
    return finding.area.code if finding.area else str(current_id())


def service_of(obj: Order, proposed: Delivery | None = None) -> Service | None:
    """The completed service of a paper's subject with its proof, or the proposed one judged beside the failed attempts. 1 query."""
    attempts = list(Delivery.objects.filter(subject=subject_of(obj)))
    done = proposed or next((row for row in attempts if row.succeeded), None)
    if done is None or done.deemed_at is None:
        return None
    failed = [row for row in attempts if not row.succeeded]
    return Service(
        mode=done.mode,
        at=done.deemed_at,
        signed=done.signed,
        refused=done.refused,
        witnesses=done.witness_count,
        media=done.proof_id is not None,
        consent=done.consent,
        receipt=bool(done.receipt),
        posted_on=done.posted_on,
        failed_direct=sum(row.mode == "direct" for row in failed),
        failed_other=sum(row.mode in ("mail", "electronic") for row in failed),
        whereabouts_unknown=done.whereabouts_unknown,
    )


def deemed_at(mode: str, at: datetime, posted_on: object, local: Local) -> datetime:
    """The instant from which a paper counts as served: for a public notice the end of its period (CPL 95), else that of the act."""
    if mode == "public_notice" and posted_on is not None:
        return due("DL-18", posted_on, figure=local.public_notice_days).ends
    return at


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step as the page offers it: its name, and the verdict of the law if the form is filled in properly."""

    name: str
    verdict: Verdict

    @property
    def label(self) -> str:
        """The text of the button. Before the deadline, what is asked for is the record of a failure, which has to wait."""
        step = RECTIFICATION.step("fail") if self.name == "fall_due" else self.verdict.step
        return gettext(step.label)


def open_steps(order: Order, *, by: User, at: datetime) -> list[OpenStep]:
    """What the law says to each next step of an order for this person now, supposing that a complete form is handed in.

    What a form cannot mend (the deadline is not over, who may act, who must stand aside) is refused here with the same words as
    in the service. The time that passes by itself moves the order on: with the deadline over, its state is `due`.
    """
    known = order_facts(order, by=by, at=at)
    if known.state == "served" and RECTIFICATION.attempt("fall_due", known).allowed:
        known = replace(known, state="due")
    others = [officer_of(person, at, showed=True, conflict=False) for person in (order.first_officer, order.second_officer)]
    mine = officer_of(by, at, showed=True, conflict=False)
    officers = tuple({officer.id: officer for officer in (mine, *others)}.values())
    known = replace(
        known, officers=officers, rechecked_at=at, same_spot_photo=True, recheckers=frozenset({str(by.pk)}), reason="…"
    )
    supposed = {
        "serve": replace(known, service=Service(mode="direct", at=at, signed=True)),
        "extend": replace(known, extension_requested_at=at, new_deadline_at=_later(known, at)),
        "confirm": replace(known, corrected=True),
        "fail": replace(known, corrected=False),
    }
    found = []
    for verdict in RECTIFICATION.open_steps(known):
        name = verdict.step.name
        found.append(OpenStep(name, RECTIFICATION.attempt(name, supposed.get(name, known))))
    return found


def _later(known: OrderFacts, at: datetime) -> datetime:
    start = max(known.deadline_at or at, at)
    return due("DL-04", start, figure=24).ends
