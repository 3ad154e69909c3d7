"""Setting up an office: units, people, postings, certificates, and who may change them."""

from datetime import date

import pytest

from sanbao.core import access, district, office
from sanbao.core.errors import Forbidden, Malformed
from sanbao.core.models import Entry


def test_an_office_is_set_up_from_nothing(db, world):
    district_row = office.open_district(990199, "新设区", invented=True, at=world.at)
    with district.use(district_row.code):
        unit = office.add_department("HQ", "新设区指挥部", "headquarters", by=None, at=world.at)
        admin = office.add_person(
            "xin",
            "林新",
            department=unit,
            role="administrator",
            from_on=date(2026, 9, 1),
            password="a-long-one-26",
            by=None,
            at=world.at,
        )
        actions = list(Entry.objects.filter(district_id=990199).order_by("id").values_list("action", flat=True))
    assert actions == ["district.opened", "department.added", "person.added", "person.posted"]
    assert admin.check_password("a-long-one-26")
    assert access.may(admin, "people.manage", world.at)


def test_only_an_administrator_changes_people(world):
    given = {"department": world.hq, "role": "supervisor", "from_on": date(2026, 9, 1), "at": world.at}
    with pytest.raises(Forbidden):
        office.add_person("wei", "韦青", by=world.dispatcher, **given)
    person = office.add_person("wei", "韦青", by=world.admin, **given)
    assert not person.has_usable_password()
    with pytest.raises(Malformed):
        office.add_person("wei", "韦青", by=world.admin, **given)
    with pytest.raises(Malformed):
        office.post_person(person, department=world.hq, role="king", from_on=date(2026, 9, 1), by=world.admin, at=world.at)


def test_a_posting_that_ended_grants_nothing_any_more(world):
    posting = world.contact.postings.get()
    assert access.may(world.contact, "task.report", world.at)
    office.end_posting(posting, until_on=date(2026, 9, 20), by=world.admin, at=world.at)
    fresh = type(world.contact).objects.get(pk=world.contact.pk)
    assert not access.may(fresh, "task.report", world.at)


def test_a_certificate_counts_on_both_of_its_days(world):
    paper = office.add_certificate(
        world.gridworker,
        kind="enforcement",
        number="T-1",
        from_on=date(2026, 9, 21),
        until_on=date(2026, 9, 21),
        by=world.admin,
        at=world.at,
    )
    assert world.gridworker.certificate_at(world.at) == paper
