"""Door plates: one valid plate a front, codes nobody guesses, sheets that go on where they stood, and a page that tells nothing personal."""

import contextlib
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanbao.agreements.plates import papers, queries, services, tasks
from sanbao.agreements.plates.models import Plate, PlateSheet, SheetLine
from sanbao.core import clock, documents, files, journal
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Entry
from sanbao.problems.models import Report
from sanbao.registry.models import Occupancy, Premises
from tests.agreements.conftest import signed

BASE = "https://sanbao.example.cn"


@pytest.fixture
def plate(world, form) -> Plate:
    """The plate of the noodle house."""
    return services.issue_plates([world.noodle_house], by=world.clerk, at=world.at)[0]


@pytest.fixture
def now(world, monkeypatch):
    """The pages live at the beginning of the stories."""
    monkeypatch.setattr(clock, "now", lambda: world.at)
    return world.at


@pytest.fixture
def desk(client, world, now):
    client.force_login(world.clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sheet_of(world, plates, size: str = "a6") -> PlateSheet:
    return services.order_sheet(plates, size=size, address=BASE, title="柳荫路", by=world.clerk, at=world.at)


def test_every_front_gets_one_plate_and_asking_again_gives_the_same(world, plate):
    fronts = [world.noodle_house, world.tea_house, world.noodle_house]
    again = services.issue_plates(fronts, by=world.clerk, at=world.at)
    assert [each.premises_id for each in again] == [world.noodle_house.pk, world.tea_house.pk]
    assert again[0].pk == plate.pk
    assert Plate.objects.count() == 2
    assert Entry.objects.filter(district_id=world.district.code, action="plate.issued").count() == 2


def test_codes_are_chance_and_read_however_they_are_typed(world, plate):
    codes = {services.make_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 10 and set(code) <= set(documents.ALPHABET) for code in codes)
    for typed in (plate.code, plate.code.lower(), str(plate), f" {str(plate).lower()} "):
        assert queries.plate_numbered(typed) == plate
    assert queries.plate_numbered(f"{plate.code}2") is None
    assert queries.plate_numbered("") is None


def test_a_lost_plate_ends_and_the_next_one_takes_its_place(world, plate):
    with pytest.raises(Refusal):
        services.replace_plate(plate, lost=True, note=" ", by=world.clerk, at=world.at)
    later = world.at + timedelta(days=3)
    new = services.replace_plate(plate, lost=True, note="被风刮走", by=world.clerk, at=later)
    plate.refresh_from_db()
    assert (plate.state, plate.ended_at, plate.note) == ("lost", later, "被风刮走")
    assert new.code != plate.code and queries.valid_plate_of(world.noodle_house) == new
    assert [entry.action for entry in journal.entries_of(plate)] == ["plate.issued", "plate.lost"]
    with pytest.raises(Refusal):
        services.replace_plate(plate, lost=True, note="又丢了", by=world.clerk, at=later)


def test_a_tick_list_marks_what_it_can_and_tells_the_rest(world, plate):
    other = services.issue_plates([world.tea_house], by=world.clerk, at=world.at)[0]
    services.mark_plates([other], "mount", by=world.clerk, at=world.at)
    done = services.mark_plates([plate, other], "hand_over", by=world.clerk, at=world.at)
    assert done.plates == [plate] and [each for each, _why in done.refused] == [other]
    assert (plate.state, plate.handed_over_at) == ("handed_over", world.at)
    assert services.mark_plates([plate], "mount", by=world.gridworker, at=world.at).plates == [plate]
    with pytest.raises(Malformed):
        services.mark_plates([plate], "eat", by=world.clerk, at=world.at)


ACTS = st.lists(
    st.tuples(st.sampled_from(["issue", "hand_over", "mount", "lose", "replace", "withdraw"]), st.integers(0, 2)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS)
def test_whatever_is_done_a_front_has_at_most_one_valid_plate_and_an_ended_one_stays_ended(world, acts):
    SheetLine.objects.all().delete()
    Plate.objects.all().delete()
    fronts, ended = [world.noodle_house, world.tea_house, world.vacant_front], {}
    for act, number in acts:
        plate = queries.valid_plate_of(fronts[number])
        with contextlib.suppress(Refusal):
            _do(act, fronts[number], plate, by=world.clerk, at=world.at)
        ended |= {each.pk: each.state for each in Plate.objects.exclude(state__in=services.VALID)}
        valid = Plate.objects.filter(state__in=services.VALID).values_list("premises", flat=True)
        assert len(valid) == len(set(valid))
    assert {each.pk: each.state for each in Plate.objects.filter(pk__in=ended)} == ended
    assert sum(queries.tally(queries.plated(None, clock.local_day(world.at))).values()) == len(fronts)


def _do(act: str, front, plate, *, by, at) -> None:
    if act == "issue" or plate is None:
        services.issue_plates([front], by=by, at=at)
    elif act in services.MARKS:
        services.mark_plates([plate], act, by=by, at=at)
    elif act == "withdraw":
        services.withdraw_plate(plate, note="门店已拆除", by=by, at=at)
    else:
        services.replace_plate(plate, lost=act == "lose", note="遗失或损坏", by=by, at=at)


def test_only_those_who_plan_letters_issue_plates(world, form):
    for person in (world.editor, world.liu, world.qian):
        with pytest.raises(Forbidden):
            services.issue_plates([world.noodle_house], by=person, at=world.at)
    assert not Plate.objects.exists()


@pytest.mark.parametrize(("size", "pages"), [("a5", 3), ("a6", 3), ("labels8", 1)])
def test_a_sheet_holds_every_plate_once_in_walking_order(world, form, size, pages):
    fronts = [world.vacant_front, world.tea_house, world.noodle_house]
    sheet = sheet_of(world, services.issue_plates(fronts, by=world.clerk, at=world.at), size)
    assert not services.print_part(sheet, at=world.at)
    order = [line.plate.premises.address for line in queries.lines_of(sheet)]
    assert order == ["柳荫路1号", "柳荫路3号", "柳荫路2号"]
    pdf = files.read_bytes(sheet.parts[0])
    assert pdf.startswith(b"%PDF") and documents.count_pages(pdf) == pages
    assert sheet.printed_at == world.at


def test_a_plate_prints_its_place_and_code_and_nothing_of_the_tenant(world, plate):
    facts = papers.plate_facts(queries.plate_numbered(plate.code), BASE, world.street_office)
    assert (facts["street"], facts["number"], facts["code"]) == ("柳荫路", "1号", str(plate))
    assert papers.url_of(plate, BASE + "/") == f"{BASE}/p/{plate.code}/"
    assert facts["unit"] == world.street_office.name
    printed = "".join(str(value) for value in facts.values())
    for secret in ("李建国", "老李", "13800000001", world.noodle_shop.credit_code):
        assert secret not in printed


def test_a_long_sheet_is_printed_in_parts_and_goes_on_after_a_broken_run(world, form, monkeypatch):
    monkeypatch.setattr(services, "PER_PART", 2)
    fronts = [world.vacant_front, world.tea_house, world.noodle_house]
    sheet = sheet_of(world, services.issue_plates(fronts, by=world.clerk, at=world.at))
    assert sheet.of_parts == 2
    assert services.print_part(sheet, at=world.at)
    first = sheet.parts[0]
    assert tasks.print_sheet(sheet=str(sheet.pk)) == 2
    sheet.refresh_from_db()
    assert sheet.parts[0] == first and sheet.printed_at
    assert tasks.print_sheet(sheet=str(sheet.pk)) == 2  # once more does nothing
    assert Entry.objects.filter(district_id=world.district.code, action="plates.printed").count() == 1


def test_a_name_no_font_can_write_is_told_on_the_sheet_and_nothing_is_printed(world, form):
    Premises.objects.filter(pk=world.noodle_house.pk).update(address="柳荫路\U0010fffd号")
    plates = services.issue_plates([Premises.objects.get(pk=world.noodle_house.pk)], by=world.clerk, at=world.at)
    sheet = sheet_of(world, plates)
    tasks.print_sheet(sheet=str(sheet.pk))
    sheet.refresh_from_db()
    assert sheet.refused and sheet.parts == []


def test_the_public_page_tells_the_duties_and_nothing_of_whoever_trades_there(client, world, plate, now):
    signed(world.noodle_house, by=world.clerk, at=now)
    page = client.get(reverse("portal:plate", args=[plate.code]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "柳荫路1号" in text and world.street_office.name in text and world.street_office.phone in text
    assert "state-ok" in text and "门前地面每天清扫" in text
    shop = world.noodle_shop
    for secret in (shop.name, shop.operator, shop.phone, shop.credit_code, shop.scope, "老李面馆", "三包责字"):
        assert secret not in text
    assert (
        "清和茶庄" not in text and 'data-test="zone"' in text and "相邻门店" in text
    )  # the drawing names nobody beside it either
    for person in (world.clerk, world.liu, world.gridworker):
        assert person.name not in text


def test_the_page_says_when_there_is_no_letter_and_for_a_new_tenant_at_once(client, world, plate, now):
    url = reverse("portal:plate", args=[plate.code])
    assert "state-muted" in client.get(url).content.decode()
    signed(world.noodle_house, by=world.clerk, at=now)
    assert "state-ok" in client.get(url).content.decode()
    Occupancy.objects.filter(premises=world.noodle_house).update(until_on=clock.local_day(now))
    Occupancy.objects.create(premises=world.noodle_house, merchant=world.hardware_shop, from_on=clock.local_day(now))
    assert "state-muted" in client.get(url).content.decode()


def test_a_code_that_is_over_or_never_was_opens_a_page_that_says_so(client, world, plate, now):
    services.replace_plate(plate, lost=False, note="印错了", by=world.clerk, at=now)
    gone = client.get(reverse("portal:plate", args=[plate.code]))
    assert gone.status_code == 410 and "印错了" not in gone.content.decode()
    assert client.get(reverse("portal:plate", args=["AAAAAAAAAA"])).status_code == 404
    assert client.get(reverse("portal:plate", args=["<script>"])).status_code == 404


def test_a_report_through_the_plate_brings_its_place_along(client, world, plate, now):
    page = client.get(reverse("portal:report"), {"plate": plate.code})
    assert "柳荫路1号" in page.content.decode()
    sent = {"plate": plate.code, "class_code": "H01", "comment": "门口有积水"}
    answer = client.post(reverse("portal:report"), sent)
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    report = Report.objects.get()
    assert (report.source, report.premises_id, report.place) == ("citizen", world.noodle_house.pk, "柳荫路1号")


def test_the_desk_issues_prints_and_ticks_off(desk, world, form):
    page = desk.get(reverse("console:plates"), {"area": world.area_a.code})
    assert page.status_code == 200 and page.content.decode().count('name="premises"') == 3
    sent = {"area": world.area_a.code, "size": "labels8", "all": "1"}
    answer = desk.post(reverse("console:issue_plates"), sent)
    sheet = PlateSheet.objects.get()
    assert answer.url == reverse("console:plate_sheet", args=[sheet.pk])
    assert sheet.address == "http://testserver/" and Plate.objects.count() == 3
    shown = desk.get(answer.url).content.decode()
    assert shown.count('name="plate"') == 3 and "testserver" in shown
    pdf = desk.get(reverse("console:plate_sheet_pdf", args=[sheet.pk, 1]))
    assert pdf["Content-Type"] == "application/pdf"
    assert desk.get(reverse("console:plate_sheet_pdf", args=[sheet.pk, 2])).status_code == 404
    ids = [str(line.plate_id) for line in queries.lines_of(sheet)][:2]
    desk.post(reverse("console:mark_plates"), {"sheet": sheet.pk, "plate": ids, "step": "mount"})
    assert queries.tally(queries.plated(None, clock.today())) == {"none": 0, "issued": 1, "handed_over": 0, "mounted": 2}
    listed = desk.get(reverse("console:plates"), {"kind": "mounted", "export": "csv"})
    rows = b"".join(listed.streaming_content) if listed.streaming else listed.content
    assert rows.decode("utf-8-sig").count("柳荫路") >= 2
    assert desk.get(reverse("console:plate_sheets"), {"export": "xlsx"}).status_code == 200
    for name, args in (("plate_sheets", ()), ("front_plate", (world.noodle_house.pk,)), ("plate_sheet", (sheet.pk,))):
        assert desk.get(reverse(f"console:{name}", args=args)).status_code == 200


def test_nothing_ticked_is_refused_and_strangers_see_nothing(desk, world, form):
    assert desk.post(reverse("console:issue_plates"), {"size": "a6"}).status_code == 409
    assert desk.post(reverse("console:issue_plates"), {"size": "a7", "all": "1"}).status_code == 422
    assert not Plate.objects.exists()
    desk.logout()
    assert desk.get(reverse("console:plates")).status_code == 302
