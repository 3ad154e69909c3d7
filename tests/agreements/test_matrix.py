"""Nothing is missed (不漏项): no front that needs a letter has a cell without a state, and every number opens its rows."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from sanbao.agreements import coverage, services
from sanbao.agreements.form_text import read_form
from sanbao.agreements.lifecycle import Answer
from sanbao.agreements.matrix import AGREED, ELSEWHERE, NOT_APPLICABLE, OPEN, OUTDATED, STATES, Matrix
from sanbao.agreements.models import Agreement, FormItem, ItemState
from sanbao.agreements.versions import carried
from tests.agreements.conftest import all_agreed, served, signed, signing
from tests.agreements.test_coverage import build, days, distinct_begins, emptied, fronts
from tests.agreements.test_versions import approved

CODES = ("W1", "L1", "Z1")
TODAY = date(2026, 9, 21)


def add_items(forms) -> None:
    """Three items in every text; the second text words one anew, the unit's version adds one."""
    for number, form in enumerate(forms):
        wordings = {"W1": "sweep", "L1": "no hooks" if number == 1 else "no nails", "Z1": "keep inside"}
        if number == 1:
            del wordings["Z1"]
            wordings["Z2"] = "park in line"
        if number == 2:
            wordings["U1"] = "wash weekly"
        for position, (code, words) in enumerate(wordings.items(), start=1):
            FormItem.objects.create(
                form=form, position=position, duty="order", code=code, wording=words, check_wording="?", local=code == "U1"
            )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    facts=fronts.map(lambda each: [front for front in each if distinct_begins(front)]), on=days, second_form=days, version=days
)
def test_no_cell_is_without_a_state_and_every_count_opens_exactly_its_rows(world, facts, on, second_form, version):
    forms = emptied(world, second_form, version)
    add_items(forms)
    build(world, forms, facts)
    for letter in Agreement.objects.filter(state="ended"):
        item = letter.form.items.first()
        ItemState.objects.create(agreement=letter, item=item, answer="not_applicable", reason="x")
    found = Matrix(None, on)
    rows = found.rows(list(found.fronts))
    needing = coverage.classified(None, on).exclude(kind__in=("vacant", "exempt"))
    assert {row.front.pk for row in rows} == set(needing.values_list("pk", flat=True))
    for row in rows:
        assert len(row.cells) == len(found.columns)
        assert all(cell.state in STATES for cell in row.cells)
        assert all(cell.reason for cell in row.cells if cell.state == NOT_APPLICABLE)
        missing = {cell.state for cell in row.cells} & {OPEN, OUTDATED}
        assert not missing or row.front.kind != "signed"
    for index, column in enumerate(found.columns):
        for state in STATES:
            expected = {row.front.pk for row in rows if row.cells[index].state == state}
            assert found.counts[column.key][state] == len(expected)
            assert set(found.fronts_in(column.key, state).values_list("pk", flat=True)) == expected


def cells(world, on: date) -> dict[str, str]:
    """The states of the noodle house by code."""
    found = Matrix(None, on)
    [row] = found.rows([front for front in found.fronts if front.pk == world.noodle_house.pk])
    return {column.key: cell.state for column, cell in zip(found.columns, row.cells, strict=True)}


def test_a_letter_makes_every_item_agreed_or_not_applicable_with_its_reason(world, form):
    assert set(cells(world, TODAY).values()) == {OPEN}
    letter = served(world.noodle_house, by=world.clerk, at=world.at)
    answers = {**all_agreed(form), "L1": Answer(False, "门前没有树")}
    services.sign(letter, **signing(letter, items=answers), by=None, at=world.at)
    states = cells(world, TODAY)
    assert states.pop("L1") == NOT_APPLICABLE and set(states.values()) == {AGREED}
    found = Matrix(None, TODAY)
    assert found.counts["L1"] == {AGREED: 0, NOT_APPLICABLE: 1, OUTDATED: 0, OPEN: 1, ELSEWHERE: 0}
    [row] = found.rows(list(found.fronts_in("L1", NOT_APPLICABLE)))
    assert [cell.reason for cell in row.cells if cell.reason] == ["门前没有树"]
    assert {cell.version for cell in row.cells} == {"2026-1"}


def test_a_new_text_leaves_the_unchanged_items_agreed_and_names_the_changed_and_the_new(world, form):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    text = read_form("2026")
    items = [replace(item, wording=item.wording + "（修改）") if item.code == "W1" else item for item in text.items]
    items.append(replace(text.items[-1], code="Z6", wording="新的一项。"))
    new = replace(text, version="2026-2", effective_from=TODAY + timedelta(days=9), items=tuple(items))
    services.issue_form(new, by=world.dispatcher, at=world.at)
    assert cells(world, TODAY + timedelta(days=8))["W1"] == AGREED
    states = cells(world, TODAY + timedelta(days=9))
    assert (states["W1"], states["Z6"], states["L1"]) == (OUTDATED, OPEN, AGREED)
    assert coverage.classified(None, TODAY + timedelta(days=9)).get(pk=world.noodle_house.pk).kind == "old_text"


def test_the_items_of_a_unit_stand_in_columns_of_their_own(world, form):
    approved(world)
    found = Matrix(None, TODAY)
    [local] = [column for column in found.columns if column.unit]
    assert (local.item.code, local.unit) == ("U1", "柳荫街道")
    assert found.counts[local.key][OPEN] == 2
    assert len(found.columns) == form.items.count() + 1


def test_an_item_reworded_counts_as_outdated_and_a_new_one_as_open():
    assert carried({"A": "x", "B": "y"}, {"A": "x", "B": "z", "C": "w"}) == {"A": AGREED, "B": OUTDATED, "C": OPEN}


def test_counting_takes_the_same_number_of_queries_however_many_fronts(world, form, django_assert_max_num_queries):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    with django_assert_max_num_queries(6):
        assert Matrix(None, TODAY).counts["W1"][AGREED] == 1
