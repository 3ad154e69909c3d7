"""Tiered responsibility: at any instant exactly one unit for every front, the nearest rule wins, transfers keep history, holes show."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanbao.agreements import services as agreements
from sanbao.core import journal, office
from sanbao.core.errors import Forbidden, Refusal
from sanbao.core.models import Department, Entry, User
from sanbao.evaluation import indicators
from sanbao.registry import assigning
from sanbao.registry.models import Area, Premises, Responsibility
from sanbao.registry.responsibility import Duties, answered_by, covering, following, history_of, overview, responsible_on, unit_on

DAY = date(2026, 9, 21)


def assign(world, place, unit, from_on=DAY, **more) -> Responsibility:
    more = {"reason": "区政府会议纪要", "by": world.dispatcher, "at": world.at, **more}
    return assigning.assign_responsibility(place, unit, from_on=from_on, **more)


def code_of(error) -> str:
    return error.value.reasons[0].code


def test_without_a_decision_the_founding_unit_of_the_nearest_area_answers(world):
    assert unit_on(world.noodle_house, DAY) == world.street_office
    assert unit_on(world.area_district, DAY) == world.hq
    Area.objects.filter(pk__in=[world.area_a.pk, world.community_a.pk]).update(unit=None)
    assert unit_on(world.noodle_house, DAY) == world.hq
    Area.objects.update(unit=None)
    duty = responsible_on(world.noodle_house, DAY)
    assert (duty.unit, duty.rule, duty.holes[0]) == (None, None, "no_unit")


def test_a_front_run_by_a_department_leaves_its_streets_line_from_a_day_on(world):
    assign(world, world.noodle_house, world.department, document_number="望政纪〔2026〕8号")
    assert unit_on(world.noodle_house, DAY) == world.department
    assert unit_on(world.noodle_house, DAY - timedelta(days=1)) == world.street_office
    assert unit_on(world.tea_house, DAY) == world.street_office
    subjects = {journal.subject_of(unit) for unit in (world.department, world.street_office)}
    told = Entry.objects.filter(action__in=["unit.charged", "unit.relieved"])
    assert {entry.subject for entry in told} == subjects
    assert all(entry.data["place"] == journal.subject_of(world.noodle_house) for entry in told)


def test_a_front_given_back_follows_its_area_again(world):
    assign(world, world.noodle_house, world.department)
    later = DAY + timedelta(days=9)
    assigning.give_back(world.noodle_house, from_on=later, reason="移交期满", by=world.dispatcher, at=world.at)
    assert unit_on(world.noodle_house, later - timedelta(days=1)) == world.department
    assert unit_on(world.noodle_house, later) == world.street_office
    with pytest.raises(Refusal) as error:
        assigning.give_back(world.noodle_house, from_on=later, reason="再次", by=world.dispatcher, at=world.at)
    assert code_of(error) == "nothing_own"


def test_a_signed_letter_keeps_its_unit_and_the_next_one_names_the_new(world):
    agreements.issue_form("2026", by=world.dispatcher, at=world.at)
    letter = agreements.draft_letter(world.noodle_house, by=world.clerk, at=world.at)
    assign(world, world.noodle_house, world.department, from_on=DAY + timedelta(days=1))
    letter.refresh_from_db()
    assert letter.unit == world.street_office
    agreements.end_agreement(letter, note="移交", by=world.clerk, at=world.at)
    after = world.at + timedelta(days=1)
    assert agreements.draft_letter(world.noodle_house, by=world.clerk, at=after).unit == world.department


def test_coverage_of_a_unit_counts_the_fronts_it_answers_for(world):
    assign(world, world.noodle_house, world.department)
    mine = Premises.objects.filter(answered_by(world.street_office, DAY))
    assert set(mine) == {world.tea_house, world.vacant_front}
    assert set(Premises.objects.filter(answered_by(world.department, DAY))) == {world.noodle_house}
    assert set(Premises.objects.filter(following(world.community_a, DAY))) == {world.tea_house, world.vacant_front}
    assert "coverage" in indicators.NAMES


def test_the_history_of_a_place_is_whole_and_never_rewritten(world):
    first = assign(world, world.community_a, world.department)
    second = assign(world, world.community_a, world.bureau, from_on=DAY + timedelta(days=5))
    first.refresh_from_db()
    assert (first.ended_on, second.ended_on) == (DAY + timedelta(days=5), None)
    with pytest.raises(Refusal) as error:
        assign(world, world.community_a, world.hq, from_on=DAY + timedelta(days=4))
    assert code_of(error) == "later_row"
    assert [row.unit for row in history_of(world.community_a)] == [world.bureau, world.department]


def test_a_mistake_is_put_right_on_the_same_day_and_the_wrong_row_has_never_held(world):
    wrong = assign(world, world.community_a, world.department)
    right = assign(world, world.community_a, world.bureau)
    assert unit_on(world.community_a, DAY) == world.bureau
    assert list(covering(DAY)) == [right]
    assert Responsibility.objects.filter(pk=wrong.pk, ended_on=DAY).exists()


def test_two_open_rows_for_one_place_are_impossible(world):
    row = assign(world, world.noodle_house, world.department)
    with pytest.raises(IntegrityError), transaction.atomic():
        Responsibility.objects.create(premises=row.premises, unit=world.bureau, from_on=DAY, reason="-")
    with pytest.raises(IntegrityError), transaction.atomic():
        Responsibility.objects.create(unit=world.bureau, from_on=DAY, reason="-")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "  "}, "no_reason"),
        ({"leader": "liu"}, "not_posted"),
        ({"person": "clerk_2"}, "not_posted"),
    ],
)
def test_bad_decisions_are_refused_and_leave_nothing(world, changes, code):
    changes = {key: getattr(world, value) if key != "reason" else value for key, value in changes.items()}
    with pytest.raises(Refusal) as error:
        assign(world, world.noodle_house, world.department, **changes)
    assert code_of(error) == code
    assert not Responsibility.objects.exists()


def test_a_dissolved_unit_gets_nothing_and_shows_as_a_hole(world):
    Department.objects.filter(pk=world.department.pk).update(until_on=DAY)
    world.department.refresh_from_db()
    assign(world, world.noodle_house, world.department)
    assert "unit_dissolved" in responsible_on(world.noodle_house, DAY + timedelta(days=1)).holes
    with pytest.raises(Refusal) as error:
        assign(world, world.tea_house, world.department, from_on=DAY + timedelta(days=1))
    assert code_of(error) == "unit_dissolved"


def test_the_headquarters_assigns_and_a_unit_names_its_own_people_only(world):
    with pytest.raises(Forbidden):
        assign(world, world.noodle_house, world.department, by=world.clerk)
    name = {"from_on": DAY, "leader": world.clerk, "person": world.gridworker, "reason": "街道分工", "at": world.at}
    row = assigning.name_people(world.community_a, **name, by=world.clerk)
    assert (row.unit, row.person) == (world.street_office, world.gridworker)
    with pytest.raises(Forbidden) as error:
        assigning.name_people(world.community_a, **name, by=world.clerk_2)
    assert code_of(error) == "not_yours"
    with pytest.raises(Refusal) as error:
        assigning.name_people(world.community_a, **name, by=world.clerk)
    assert code_of(error) == "same_again"


def test_somebody_who_has_left_is_a_hole_from_the_next_day_on(world):
    assign(world, world.community_a, world.street_office, leader=world.clerk, person=world.gridworker)
    assert responsible_on(world.noodle_house, DAY).holes == ()
    posting = world.gridworker.postings.get()
    office.end_posting(posting, until_on=DAY + timedelta(days=2), by=world.admin, at=world.at)
    assert responsible_on(world.noodle_house, DAY + timedelta(days=2)).holes == ()
    assert responsible_on(world.noodle_house, DAY + timedelta(days=3)).holes == ("person_left",)
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)
    assert responsible_on(world.noodle_house, DAY).holes == ("leader_left",)


def test_the_overview_counts_every_front_once_and_lists_each_hole_where_it_stands(world):
    assign(world, world.noodle_house, world.department, leader=world.unit_leader, person=world.contact)
    assign(world, world.area_a, world.street_office, leader=world.clerk, person=world.gridworker)
    Area.objects.filter(pk=world.community_a.pk).update(unit=None)
    lines = {str(line.place): line for line in overview(DAY)}
    assert sum(line.fronts for line in lines.values()) == 3
    assert lines["柳荫社区"].inherited and lines["柳荫街道"].fronts == 2
    holes = overview(DAY, holes_only=True)
    assert {(str(line.place), line.duty.holes) for line in holes} == {
        ("望桥区", ("no_leader", "no_person")),
        ("石桥街道", ("no_leader", "no_person")),
    }
    assert [str(line.place) for line in overview(DAY, unit=world.department)] == ["老李面馆"]


MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 30), st.booleans()), max_size=12)


@given(moves=MOVES, parents=st.lists(st.integers(0, 3), min_size=4, max_size=4), founded=st.sets(st.integers(0, 4)))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_for_any_tree_any_transfers_and_any_day_exactly_one_unit_answers(world, moves, parents, founded):
    with transaction.atomic():
        areas, fronts = random_tree(world, parents, founded)
        places = [*areas, *fronts]
        units = [world.street_office, world.street_office_2, world.department, world.bureau]
        told = perform(world, moves, places, units)
        turns = {DAY + timedelta(days=offset) for _place, _unit, offset, _back in moves} | {DAY}
        for day in sorted(turns | {turn - timedelta(days=1) for turn in turns}):
            duties = Duties(day)
            for front in fronts:
                assert duties.unit_of(front) == duties.of(front).unit == by_hand(front, day, told)
        every = [*units, world.hq]
        counted = [front for unit in every for front in Premises.objects.filter(answered_by(unit, day), pk__in=known_ids(fronts))]
        assert sorted(known_ids(counted)) == sorted(known_ids(front for front in fronts if by_hand(front, day, told)))
        transaction.set_rollback(True)


def known_ids(rows) -> list:
    return [row.pk for row in rows]


def random_tree(world, parents, founded) -> tuple[list[Area], list[Premises]]:
    """Five areas below the district's own, each under an earlier one, some founded without a unit; a front in each."""
    areas: list[Area] = []
    for number in range(5):
        above = areas[parents[number - 1] % number] if number else world.area_district
        unit = world.street_office if number in founded else None
        path = f"{above.path}R{number}/"
        areas.append(
            Area.objects.create(code=f"R{number}", name=f"R{number}", kind="community", parent=above, unit=unit, path=path)
        )
    fronts = [
        Premises.objects.create(code=f"RF{number}", area=area, address=f"R{number}", known_since=DAY)
        for number, area in enumerate(areas)
    ]
    return areas, fronts


def perform(world, moves, places, units) -> dict:
    """Carry out what is allowed of the moves; per place, what holds from which day, None for given back."""
    told: dict = {}
    for place, unit, offset, back in moves:
        place, day = places[place], DAY + timedelta(days=offset)
        try:
            with transaction.atomic():
                if back:
                    assigning.give_back(place, from_on=day, reason="-", by=world.dispatcher, at=world.at)
                else:
                    assign(world, place, units[unit], from_on=day)
        except Refusal:
            continue
        told.setdefault(place.pk, []).append((day, None if back else units[unit]))
    return told


def by_hand(place, day, told):
    """The rule as a person would read it: the place's own last word of the day, else the area above, and so on."""
    while place is not None:
        said = [unit for from_on, unit in told.get(place.pk, []) if from_on <= day]
        if said and said[-1] is not None:
            return said[-1]
        if isinstance(place, Area) and place.unit_id:
            return place.unit
        place = place.area if isinstance(place, Premises) else place.parent
    return None


def test_any_number_of_places_is_answered_in_the_same_few_statements(
    world, django_assert_num_queries, django_assert_max_num_queries
):
    fronts = [world.noodle_house, world.tea_house, world.vacant_front] * 50
    assign(world, world.noodle_house, world.department)
    with django_assert_num_queries(2):
        duties = Duties(DAY, [front.pk for front in fronts])
        assert {duties.unit_of(front) for front in fronts} == {world.department, world.street_office}
    with django_assert_max_num_queries(6):
        overview(DAY)
