"""What has happened in the district before a story begins. Runs inside the story's installation, through the services alone.

The cast's papers are dated around the day on which the tests run, so that a story of today can be told on any day.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.apps import apps

from sanbao.agreements.form_text import read_form
from sanbao.agreements.services import issue_form
from sanbao.core import clock, district, files, journal
from sanbao.core.models import Certificate, District, Entry, Posting, User
from sanbao.penalties import services as penalties
from sanbao.problems import services as problems
from sanbao.problems.models import Order
from sanbao.problems.services import Declared, Proof
from sanbao.registry.models import Merchant, Occupancy, Premises
from tests.stories import pictures

BEFORE = 400


def settle() -> None:
    """Give the district its invented locality's law, and let everybody be in office since more than a year."""
    today = clock.today()
    since = today - timedelta(days=BEFORE)
    District.objects.filter(code=district.current_id()).update(law_file="local_demo.toml")
    Posting.objects.update(from_on=since)
    Certificate.objects.update(from_on=since, until_on=today + timedelta(days=BEFORE))
    Premises.objects.update(known_since=since)
    Merchant.objects.update(registered_on=since)
    Occupancy.objects.update(from_on=since)


def days_ago(days: float, hour: int = 10) -> datetime:
    """An hour of a day before today."""
    return clock.at_local(clock.today() - timedelta(days=days), hour)


def issue_letter_text() -> str:
    """Put the shipped text of the letter in force since a month; its version."""
    text = replace(read_form("2026"), effective_from=clock.today() - timedelta(days=30))
    return issue_form(text, by=User.objects.get(username="dispatcher"), at=days_ago(30)).version


def person(name: str) -> User:
    """Somebody of the cast."""
    return User.objects.get(username=name)


SWORN = Declared(showed_certificates=True, no_conflict=True, reasonable=True)
SIGNED = Proof(recipient="李建国", relation="经营者本人", signed=True)
FOUND = "三张餐桌和八把椅子摆放在店外人行道上经营，行人须绕行机动车道。"
GRILLED = "当事人在划定禁止露天烧烤的路段店外摆放烧烤炉，露天烧烤食品并对外经营。"
REQUIRED = "将店外餐桌、椅子全部收回店内，恢复人行道通行。"
STILL = "餐桌、椅子仍摆放在店外人行道上。"
ANSWERS = {
    "established": True,
    "continuing": False,
    "conduct_in_area": True,
    "grave_harm": False,
    "earlier_fine_checked": True,
    "adult": True,
    "capacity": "full",
    "no_conflict": True,
    "showed_certificates": True,
    "recusal_pending": False,
    "minor": False,
    "corrected_in_time": False,
    "harmless": False,
    "first_time": True,
    "slight_harm": True,
    "no_fault_proven": False,
    "major_public_interest": False,
    "difficult": True,
    "complex_or_major": False,
}
PENALTY = {"kinds": ["fine"], "benchmark": "DEMO-2026-1", "correction": REQUIRED}


def order_served(days: float, front: str = "老李面馆") -> Order:
    """An order to clear the pavement, found, issued and served that many days ago by Liu and Chen, to be met two days later."""
    liu, chen, at = person("liu"), person("chen"), days_ago(days)
    seen = files.store_photo(pictures.street_front(3), by=liu, at=at)
    finding = problems.record_finding(
        class_code="O02",
        premises=Premises.objects.get(sign_name=front),
        note=FOUND,
        photos=[seen],
        by=liu,
        at=at,
    )
    order = problems.issue_order(
        finding,
        violation="V02",
        requirement=REQUIRED,
        correct_by=days_ago(days - 2, 17),
        officers=(liu, chen),
        declared=SWORN,
        by=liu,
        at=at + timedelta(minutes=20),
    )
    problems.serve_order(order, mode="direct", proof=SIGNED, by=liu, at=at + timedelta(minutes=40))
    return order


def finding_with_order(days: float) -> str:
    """The id of the finding of such an order."""
    return str(order_served(days).finding_id)


def order_failed(days: float) -> Order:
    """The same, not followed: another officer saw it three days after it was found."""
    order, sun, at = order_served(days), person("sun"), days_ago(days - 3)
    seen = files.store_photo(pictures.street_front(2), by=sun, at=at)
    problems.recheck(order, passed=False, photos=[seen], second=person("chen"), declared=SWORN, note=STILL, by=sun, at=at)
    return order


def finding_failed(days: float) -> str:
    """The number of a finding that was not put right."""
    return order_failed(days).finding.number


def case_noticed(days: float) -> str:
    """The id of a case whose order failed, begun that many days ago; its notice was served a week later."""
    order, liu, zhao = order_failed(days), person("liu"), person("zhao")

    def on(day: float) -> datetime:
        return days_ago(days - day)

    case = penalties.propose_from_order(Entry.objects.get(action="order.failed", subject=journal.subject_of(order)))
    assert case is not None
    penalties.record_facts(case, findings=case.findings, by=liu, at=on(4), **ANSWERS)
    marks = {str(row.pk): (True, True) for row in case.evidence.all()}
    penalties.verify_evidence(case, marks, by=liu, at=on(4))
    penalties.take_step(case, "file", by=zhao, at=on(4))
    penalties.propose_penalty(case, fine=Decimal(300), by=liu, at=on(5), **PENALTY)
    penalties.take_step(case, "report", by=liu, at=on(5))
    penalties.take_step(case, "notify", by=liu, at=on(6))
    penalties.serve_notice(case, mode="direct", proof=SIGNED, by=liu, at=on(7))
    return str(case.pk)


def case_of_barbecue(conduct_on: str) -> str:
    """The id of a case about a barbecue on that day, found at once, filed five days ago, with verified evidence and no fine yet."""
    liu, at = person("liu"), clock.at_local(date.fromisoformat(conduct_on), 19)
    seen = files.store_photo(pictures.street_front(3), by=liu, at=at)
    front = Premises.objects.get(sign_name="老李面馆")
    finding = problems.record_finding(class_code="O10", premises=front, note=GRILLED, photos=[seen], by=liu, at=at)
    case = penalties.open_lead(
        finding,
        violation="V30",
        conduct_on=date.fromisoformat(conduct_on),
        second=person("chen"),
        by=liu,
        at=at + timedelta(minutes=30),
    )
    penalties.record_facts(case, findings=GRILLED, by=liu, at=days_ago(6), **ANSWERS)
    penalties.verify_evidence(case, {str(row.pk): (True, True) for row in case.evidence.all()}, by=liu, at=days_ago(6))
    penalties.take_step(case, "file", by=person("zhao"), at=days_ago(5))
    return str(case.pk)


def count(*models: str) -> str:
    """How many rows each of these models has, in one line: `count("problems.Report")`."""
    return " ".join(str(apps.get_model(model).objects.count()) for model in models)
