"""Coverage: the six kinds are a partition of all fronts, for every area, on any day."""

import itertools
import os
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanbao.agreements import coverage, queries, services
from sanbao.agreements.coverage import KINDS, MISSED, Share
from sanbao.agreements.models import Agreement, Exemption, Form, FormItem, ItemState, ZoneNotice
from sanbao.core import clock
from sanbao.registry.models import Area, Merchant, Occupancy, Premises
from tests.agreements.conftest import signed
from tests.agreements.test_services import _change_operator, _text

FIRST = date(2026, 1, 1)
days = st.integers(min_value=-5, max_value=60).map(lambda n: FIRST + timedelta(days=n))
spans = st.tuples(days, st.integers(min_value=0, max_value=30)).map(lambda s: (s[0], s[0] + timedelta(days=s[1])))
open_spans = st.one_of(spans, days.map(lambda d: (d, None)))
fronts = st.lists(
    st.fixed_dictionaries(
        {
            "area": st.integers(0, 3),
            "state": st.sampled_from([s for s in Premises.State.values if s != "demolished"]),
            "known_since": days,
            "gone_on": st.none() | days,
            "stays": st.lists(st.tuples(spans, st.integers(0, 2)), max_size=2),
            "stay_open": st.none() | st.tuples(days, st.integers(0, 2)),
            "letters": st.lists(st.tuples(spans, st.integers(0, 2), st.integers(0, 2), st.none() | days), max_size=2),
            "on_paper": st.booleans(),
            "notified": st.none() | days,
            "exempt": st.none() | open_spans,
        }
    ),
    max_size=6,
)


def expected_kind(front: dict, form_number: int | None, on: date) -> str:
    """The same question answered the slow way, from the plain facts."""
    if front["exempt"] and _within(front["exempt"], on):
        return "exempt"
    stays = [(span, who) for span, who in front["stays"] if _within(span, on)]
    if front["stay_open"] and front["stay_open"][0] <= on:
        stays.append(((front["stay_open"][0], None), front["stay_open"][1]))
    occupant = max(stays, key=lambda stay: stay[0][0])[1] if stays else None
    running = [(who, form) for span, who, form, ended in front["letters"] if _within(span, on) and (ended is None or on < ended)]
    own = {form for who, form in running if who == occupant}
    if occupant is not None and own:
        return "signed" if form_number in own else "old_text"
    if occupant is None and front["state"] in ("vacant", "fitting_out"):
        return "vacant"
    return "operator_changed" if running else "unsigned"


def _within(span, on: date) -> bool:
    return span[0] <= on and (span[1] is None or on <= span[1])


def build(world, forms, facts: list[dict]) -> list[Premises]:
    areas = [world.area_a, world.area_b, world.community_a, world.area_district]
    built = []
    for number, front in enumerate(facts):
        premises = Premises.objects.create(
            code=f"P{number}", area=areas[front["area"]], address=f"{number}号", state=front["state"],
            known_since=front["known_since"], gone_on=front["gone_on"],
        )  # fmt: skip
        stays = [*front["stays"]] + ([((front["stay_open"][0], None), front["stay_open"][1])] if front["stay_open"] else [])
        for (first, last), who in stays:
            Occupancy.objects.create(premises=premises, merchant=world.merchants[who], from_on=first, until_on=last)
        for index, ((first, last), who, form, ended) in enumerate(front["letters"]):
            Agreement.objects.create(
                premises=premises, merchant=world.merchants[who], form=forms[form], number=f"{number}-{index}", state="ended",
                means="paper" if front["on_paper"] else "electronic",
                drafted_at=clock.at_local(first), signed_at=clock.at_local(first), signed_on=first, term_from=first,
                term_until=last, ended_on=ended,
            )  # fmt: skip
        if front["notified"]:
            notified(world, premises, forms[0], f"{number}-n", front["notified"])
        if front["exempt"]:
            first, last = front["exempt"]
            Exemption.objects.create(
                premises=premises, reason_code="other", reason="x", from_on=first, until_on=last, granted_at=world.at
            )
        built.append(premises)
    return built


def notified(world, premises: Premises, form: Form, number: str, on: date) -> None:
    """A letter that was made known without a signature."""
    letter = Agreement.objects.create(
        premises=premises, merchant=world.merchants[0], form=form, number=number, state="notified", drafted_at=world.at
    )
    ZoneNotice.objects.create(
        letter=letter, premises=premises, manner="posted", noticed_at=clock.at_local(on), noticed_on=on, place="x",
        by=world.gridworker, second=world.clerk,
    )  # fmt: skip


def distinct_begins(front: dict) -> bool:
    begins = [span[0] for span, _ in front["stays"]] + ([front["stay_open"][0]] if front["stay_open"] else [])
    return len(set(begins)) == len(begins)


@settings(
    max_examples=200 if "SANBAO_DEEP" in os.environ else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    facts=fronts.map(lambda each: [front for front in each if distinct_begins(front)]), on=days, second_form=days, version=days
)
def test_the_kinds_are_a_partition_and_agree_with_the_plain_facts(world, facts, on, second_form, version):
    forms = emptied(world, second_form, version)
    premises = build(world, forms, facts)
    for area in (world.area_district, world.area_a, world.area_b, world.community_a):
        found = coverage.audit(area, on)
        rows = {kind: set(found.premises(kind).values_list("pk", flat=True)) for kind in KINDS}
        everything = set(queries.fronts_on(area, on).values_list("pk", flat=True))
        assert set().union(*rows.values()) == everything
        assert all(not (rows[a] & rows[b]) for a, b in itertools.combinations(KINDS, 2))
        assert {kind: len(rows[kind]) for kind in KINDS} == found.count
        assert found.total == len(everything)
        assert found.unknown == found.premises("unknown").count()
        kind_of = {pk: kind for kind, pks in rows.items() for pk in pks}
        for built, front in zip(premises, facts, strict=True):
            if built.pk in everything:
                assert kind_of[built.pk] == expected_kind(front, text_in_force(forms, front["area"], on), on)


def emptied(world, second_form: date, version: date) -> list[Form]:
    """No fronts and no letters; two texts of the district one after the other, and a unit's version of the first."""
    for model in (ZoneNotice, ItemState, Exemption, Agreement, FormItem, Occupancy, Premises):
        model.objects.all().delete()
    Form.objects.filter(unit__isnull=False).delete()
    Form.objects.all().delete()
    first = _form("1", FIRST - timedelta(days=2), world.at)
    second = _form("2", max(second_form, FIRST), world.at)
    return [first, second, _form("1/A", version, world.at, unit=world.street_office, template=first)]


def text_in_force(forms: list[Form], area: int, on: date) -> int | None:
    """Which of the three texts holds in an area (by its number in `build`): the unit's version only while its template does."""
    first, second, version = forms
    if on >= second.effective_from:
        return 1
    if on < first.effective_from:
        return None
    return 2 if area in (0, 2) and on >= version.effective_from else 0


def _form(version: str, first: date, at, **more) -> Form:
    return Form.objects.create(
        name="front_duty", version=version, title="t", consent_text="c", text_hash=version, effective_from=first,
        term_months=12, renewal_days=30, link_days=30, issued_at=at, **more,
    )  # fmt: skip


def kinds_on(world, on: date) -> dict[str, str]:
    rows = coverage.classified(world.area_district, on)
    return {row.address: row.kind for row in rows}


def test_each_kind_is_what_its_name_says_on_its_own_day(world, form):
    today = date(2026, 9, 21)
    assert kinds_on(world, today) == {"柳荫路1号": "unsigned", "柳荫路3号": "unsigned", "柳荫路2号": "vacant"}
    signed(world.noodle_house, by=world.clerk, at=world.at)
    assert kinds_on(world, today)["柳荫路1号"] == "signed"
    assert kinds_on(world, today - timedelta(days=1))["柳荫路1号"] == "unsigned"
    assert kinds_on(world, date(2027, 9, 20))["柳荫路1号"] == "signed"
    assert kinds_on(world, date(2027, 9, 21))["柳荫路1号"] == "unsigned"
    services.issue_form(_text("2026-2", date(2026, 10, 1)), by=world.dispatcher, at=world.at)
    assert kinds_on(world, date(2026, 9, 30))["柳荫路1号"] == "signed"
    assert kinds_on(world, date(2026, 10, 1))["柳荫路1号"] == "old_text"
    _change_operator(world, date(2026, 10, 5))
    assert kinds_on(world, date(2026, 10, 4))["柳荫路1号"] == "old_text"
    assert kinds_on(world, date(2026, 10, 5))["柳荫路1号"] == "operator_changed"
    services.exempt_premises(
        world.noodle_house, reason_code="works", reason="围挡", from_on=date(2026, 10, 8), by=world.clerk, at=world.at
    )
    assert kinds_on(world, date(2026, 10, 8))["柳荫路1号"] == "exempt"


def test_an_open_front_whose_operator_nobody_knows_is_missed_and_named(world, form):
    Occupancy.objects.filter(premises=world.tea_house).delete()
    found = coverage.audit(world.area_district, date(2026, 9, 21))
    assert (found.count["unsigned"], found.unknown) == (2, 1)
    assert [front.address for front in found.premises("unknown")] == ["柳荫路3号"]


def test_the_letter_shown_behind_a_front_is_that_of_its_present_operator(world, form):
    old = signed(world.noodle_house, by=world.clerk, at=world.at)
    _change_operator(world, date(2026, 10, 1))
    on = date(2026, 10, 2)
    front = coverage.classified(None, on).get(pk=world.noodle_house.pk)
    assert front.occupant == world.hardware_shop.pk
    assert coverage.letters_behind([front], on) == {front.pk: old}
    new = signed(world.noodle_house, by=world.clerk, at=world.at + timedelta(days=20))
    Agreement.objects.filter(pk=old.pk).update(ended_on=None)
    on = date(2026, 11, 1)
    front = coverage.classified(None, on).get(pk=world.noodle_house.pk)
    assert coverage.letters_behind([front], on) == {front.pk: new}


def test_a_share_names_its_parts_and_nothing_divided_by_nothing_is_no_data(world, form):
    found = coverage.audit(world.area_b, date(2026, 9, 21))
    assert found.total == 0 and found.share.percent is None
    assert Share(1, 3, FIRST).percent == Decimal("33.3")
    assert Share(9999, 10000, FIRST).percent == Decimal("99.9")
    assert Share(1, 10000, FIRST).percent == Decimal("0.1")
    assert Share(7, 7, FIRST).percent == Decimal("100.0")


def test_tallies_of_parts_sum_to_the_whole(world, form):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    on = date(2026, 9, 21)
    whole = coverage.audit(world.area_district, on)
    parts = coverage.tally_by_area([world.area_a, world.area_b], world.area_district, on)
    segments = coverage.tally_by_segment(world.area_district, on)
    for kind in KINDS:
        assert whole.count[kind] == sum(part.count[kind] for part in parts.values())
        assert whole.count[kind] == sum(part.count[kind] for part in segments.values())
    assert sum(whole.count[kind] for kind in MISSED) == 1


def test_an_audit_takes_two_queries_however_many_fronts(world, form, django_assert_num_queries):
    for number in range(20):
        Premises.objects.create(code=f"X{number}", area=world.area_b, address="x", known_since=FIRST)
    with django_assert_num_queries(2):
        assert coverage.audit(world.area_district, date(2026, 9, 21)).total == 23


def test_the_lists_behind_the_numbers_are_read_in_one_pass_and_agree_with_them(world, form, django_assert_num_queries):
    signed(world.noodle_house, by=world.clerk, at=world.at)
    on = clock.local_day(world.at)
    with django_assert_num_queries(2):
        found = coverage.listed(world.area_district, on)
    counted = coverage.audit(world.area_district, on)
    assert (found.tally.count, found.tally.unknown) == (counted.count, counted.unknown)
    for kind in KINDS:
        rows = found.rows[kind] + (found.rows[coverage.UNKNOWN] if kind == coverage.UNSIGNED else [])
        assert {UUID(row.key) for row in rows} == set(counted.premises(kind).values_list("pk", flat=True))
    assert [row.address for row in found.rows["signed"]] == ["柳荫路1号"]


@pytest.mark.deep
@pytest.mark.skipif("SANBAO_DEEP" not in os.environ, reason="only with ./run test --deep")
def test_a_hundred_thousand_fronts_are_audited_in_a_second(world, form):
    import time

    fill(world, form, 100_000)
    began = time.process_time()
    found = coverage.audit(world.area_district, date(2026, 9, 21))
    assert found.total == 100_003
    assert time.process_time() - began < 1.5


def fill(world, form, number: int) -> None:
    """So many fronts, most of them occupied and signed."""
    premises = [Premises(code=f"N{n}", area=world.community_a, address=f"{n}", known_since=FIRST) for n in range(number)]
    Premises.objects.bulk_create(premises, batch_size=2000)
    merchants = [Merchant(name=f"m{n}", kind="individual") for n in range(number)]
    Merchant.objects.bulk_create(merchants, batch_size=2000)
    stays = [Occupancy(premises=p, merchant=m, from_on=FIRST) for p, m in zip(premises, merchants, strict=True)]
    Occupancy.objects.bulk_create(stays[: number * 9 // 10], batch_size=2000)
    Agreement.objects.bulk_create(
        (
            Agreement(
                premises=p, merchant=m, form=form, number=f"n{n}", state="signed", drafted_at=world.at, signed_at=world.at,
                signed_on=FIRST, term_from=FIRST, term_until=date(2026, 12, 31),
            )
            for n, (p, m) in enumerate(zip(premises, merchants, strict=True))
            if n % 4
        ),
        batch_size=2000,
    )  # fmt: skip


def test_areas_are_read_through_their_path(world, form):
    assert Area.objects.filter(path__startswith=world.area_a.path).count() == 2
    assert queries.fronts_on(world.area_a, date(2026, 9, 21)).count() == 3
    assert queries.fronts_on(world.area_b, date(2026, 9, 21)).count() == 0
