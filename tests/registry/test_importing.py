"""Importing into the database: nothing before confirmation, everything once, nothing deleted, and a broken run carried to its end."""

from datetime import date, timedelta

import pytest

from sanbao.core import district, geo
from sanbao.core.errors import Forbidden, Malformed, Refusal
from sanbao.core.models import Entry
from sanbao.registry import importing, services
from sanbao.registry.models import ImportRun, Merchant, Occupancy, Premises, Register, RegisterRecord
from tests.registry.lists import csv_of, shared, shop
from tests.world import build_world, credit_code

SOURCE = "区市场监管局登记名录"


def plan(world, rows, *, kind="market", source=SOURCE, header=None, **options):
    data = csv_of(rows, header)
    return services.plan_import(data, "名单.csv", source=source, kind=kind, by=world.clerk, at=world.at, **options)


def bring(world, rows, **options):
    return services.apply_import(plan(world, rows, **options).run, by=world.clerk, at=world.at)


def figures(run):
    return {name: run.counts[name] for name in ("rows", "new", "changed", "unchanged", "faulty", "gone")}


def contents():
    """Everything the register says, without ids."""
    merchants = sorted(Merchant.objects.values_list("name", "credit_code", "operator", "phone"), key=str)
    fronts = sorted(Premises.objects.values_list("code", "address", "state", "lon", "side", "chainage_m"), key=str)
    stays = sorted(Occupancy.objects.values_list("premises__code", "merchant__name", "from_on", "until_on"), key=str)
    records = sorted(RegisterRecord.objects.values_list("key", "digest", "row_number", "gone_since"), key=str)
    return merchants, fronts, stays, records


def test_nothing_of_the_register_changes_before_it_is_confirmed(world):
    before = contents()
    planned = plan(world, [shop(11), shop(12, name="")])
    assert contents() == before
    assert planned.run.state == "planned"
    assert planned.run.faults.get().reason == "name_missing"
    assert importing.read_plan(planned.run)["new"][0][0] == 2


def test_a_first_import_makes_merchants_premises_and_occupants(world):
    run = bring(world, [shop(11), shop(12, name=""), shop(13)])
    assert figures(run) == {"rows": 3, "new": 2, "changed": 0, "unchanged": 0, "faulty": 1, "gone": 0}
    stay = Occupancy.objects.get(merchant__credit_code=credit_code("92", 990101, 11))
    assert stay.premises.address == "柳荫路11号"
    assert stay.premises.area == world.community_a, "柳荫路 lies in one community only"
    assert (stay.from_on, stay.until_on) == (date(2024, 5, 20), None)
    assert Entry.objects.get(action="register.imported").data["new"] == 2


def test_the_same_file_again_changes_nothing(world):
    rows = [shop(11), shop(12, name=""), shop(13)]
    bring(world, rows)
    before, entries = contents(), Entry.objects.exclude(action="register.imported").count()
    run = bring(world, rows)
    assert figures(run) == {"rows": 3, "new": 0, "changed": 0, "unchanged": 2, "faulty": 1, "gone": 0}
    assert contents() == before
    assert Entry.objects.exclude(action="register.imported").count() == entries


def test_what_is_no_longer_listed_is_marked_and_comes_back_unharmed(world):
    bring(world, [shop(11), shop(13)])
    assert figures(bring(world, [shop(13)]))["gone"] == 1
    gone = RegisterRecord.objects.get(fields__credit_code=credit_code("92", 990101, 11))
    assert gone.gone_since == date(2026, 9, 21)
    assert gone.merchant is not None
    assert Merchant.objects.filter(pk=gone.merchant_id).exists()
    assert figures(bring(world, [shop(13)]))["gone"] == 0, "gone is said once"
    assert figures(bring(world, [shop(11), shop(13)]))["changed"] == 1
    gone.refresh_from_db()
    assert gone.gone_since is None


def test_a_changed_row_shows_old_and_new_and_changes_the_merchant(world):
    bring(world, [shop(11)])
    planned = plan(world, [shop(11, phone="13911112222")])
    assert importing.read_plan(planned.run)["changed"][0][2] == [["phone", "13800000000", "13911112222"]]
    services.apply_import(planned.run, by=world.clerk, at=world.at)
    merchant = Merchant.objects.get(credit_code=credit_code("92", 990101, 11))
    assert merchant.phone == "13911112222"
    assert Entry.objects.get(action="merchant.changed").data == {"fields": ["phone"]}


def test_a_merchant_that_moves_leaves_a_vacant_front_behind(world):
    bring(world, [shop(11)])
    bring(world, [shop(11, address="石桥街道石桥路5号")])
    old, new = Premises.objects.get(address="柳荫路11号"), Premises.objects.get(address="石桥街道石桥路5号")
    assert old.state == "vacant"
    assert old.occupancies.get().until_on == date(2026, 9, 21)
    assert new.occupancies.get().until_on is None
    assert new.area == world.area_b, "the street office is named in the address"
    assert Merchant.objects.filter(credit_code=credit_code("92", 990101, 11)).count() == 1


def test_a_census_row_with_another_name_is_another_occupant_of_the_same_front(world):
    header = ["门店编号", "店名", "地址", "经度", "纬度"]
    lon, lat = geo.point_along(world.segment.line, 100, 8, "left")
    bring(world, [["F1", "旧店", "柳荫路21号", f"{lon}", f"{lat}"]], kind="census", source="街道摸排", header=header)
    front = Premises.objects.get(sign_name="旧店")
    assert (front.segment, front.side, float(front.chainage_m)) == (world.segment, "left", pytest.approx(100, abs=0.1))
    assert front.start_m is None, "nobody has measured the frontage"
    bring(world, [["F1", "新店", "柳荫路21号", f"{lon}", f"{lat}"]], kind="census", source="街道摸排", header=header)
    front.refresh_from_db()
    assert front.sign_name == "新店"
    assert [(one.merchant.name, one.until_on is None) for one in front.occupancies.all()] == [("旧店", False), ("新店", True)]
    assert Entry.objects.filter(action__startswith="occupancy.").values_list("action", flat=True).count() == 2


def test_positions_in_shifted_coordinates_are_stored_as_wgs84(world):
    lon, lat = 113.7015, 34.7200
    shifted = geo.wgs84_to_bd09(lon, lat)
    header = ["uid", "name", "address", "lng_bd09", "lat_bd09"]
    bring(world, [["x1", "甲", "某地", *map(str, shifted)]], kind="platform", source="平台", header=header)
    front = Premises.objects.get(sign_name="甲")
    assert geo.metres_between(front.lon, front.lat, lon, lat) < 0.1
    assert front.cell == geo.cell_of(front.lon, front.lat)


def test_two_registers_that_name_the_same_code_share_the_merchant_and_the_market_register_rules_its_name(world):
    bring(world, [shop(11)])
    header = ["uid", "店名", "统一社会信用代码", "地址", "电话"]
    code = credit_code("92", 990101, 11)
    bring(world, [["p9", "小吃(柳荫店)", code, "柳荫路11号", "13777777777"]], kind="platform", source="平台", header=header)
    merchant = Merchant.objects.get(credit_code=code)
    assert (merchant.name, merchant.phone) == ("望桥区第11小吃店", "13800000000")
    assert merchant.records.count() == 2
    assert Premises.objects.filter(address="柳荫路11号").count() == 1
    assert Premises.objects.get(address="柳荫路11号").sign_name == "小吃(柳荫店)"


def test_people_of_the_cast_are_recognised_by_their_codes_and_not_made_twice(world):
    before = Merchant.objects.count()
    shop_now = world.noodle_shop
    bring(world, [[shop_now.name, shop_now.credit_code, world.noodle_house.address, shop_now.operator, "13800000001", ""]])
    assert Merchant.objects.count() == before
    assert world.noodle_house.occupancies.count() == 1
    assert RegisterRecord.objects.get().premises == world.noodle_house


def test_a_shop_that_is_struck_off_no_longer_occupies_its_front(world):
    header = ["企业名称", "统一社会信用代码", "注册地址", "登记状态"]
    code = credit_code("92", 990101, 11)
    bring(world, [["甲店", code, "柳荫路31号", "存续"]], header=header)
    bring(world, [["甲店", code, "柳荫路31号", "注销"]], header=header)
    assert Occupancy.objects.get(merchant__credit_code=code).until_on == date(2026, 9, 21)


def test_an_import_broken_off_anywhere_ends_the_same_when_begun_again(world, monkeypatch):
    rows = [shop(serial) for serial in range(11, 31)]
    monkeypatch.setattr(importing, "CHUNK", 6)
    whole = brought_elsewhere(rows)
    planned = plan(world, rows)

    class Killed(BaseException):
        pass

    def stop(done, total):
        if done >= 12:
            raise Killed

    with pytest.raises(Killed):
        services.apply_import(planned.run, by=world.clerk, at=world.at, progress=stop)
    planned.run.refresh_from_db()
    assert planned.run.state == "applying"
    assert Merchant.objects.filter(name__contains="小吃店").count() == 12
    later = world.at + timedelta(days=3)
    run = services.apply_import(planned.run, by=world.clerk, at=later)
    assert run.state == "applied"
    assert imported() == whole
    assert Entry.objects.filter(action="register.imported", district_id=world.district.code).count() == 1
    assert services.apply_import(run, by=world.clerk, at=later).state == "applied"


def imported():
    """What the import has brought, without ids."""
    merchants, fronts, stays, records = contents()
    fronts, stays = ([one for one in part if one[0].startswith("M")] for part in (fronts, stays))
    return [one for one in merchants if "小吃店" in one[0]], fronts, stays, records


def brought_elsewhere(rows):
    """The same import, not broken off, in a district of its own with the same streets."""
    with district.use(990102):
        other = build_world(990102)
        run = services.plan_import(csv_of(rows), "a.csv", source=SOURCE, kind="market", by=other.clerk, at=other.at).run
        services.apply_import(run, by=other.clerk, at=other.at)
        return imported()


def test_a_preview_is_stale_once_another_import_of_the_register_was_applied(world):
    first, second = plan(world, [shop(11)]), plan(world, [shop(12)])
    services.apply_import(second.run, by=world.clerk, at=world.at)
    with pytest.raises(Refusal) as refused:
        services.apply_import(first.run, by=world.clerk, at=world.at)
    assert refused.value.reasons[0].code == "superseded"
    assert not Merchant.objects.filter(credit_code=credit_code("92", 990101, 11)).exists()


def test_a_dropped_preview_cannot_be_applied_and_an_applied_one_not_dropped(world):
    dropped = services.drop_import(plan(world, [shop(11)]).run, by=world.clerk, at=world.at)
    with pytest.raises(Refusal):
        services.apply_import(dropped, by=world.clerk, at=world.at)
    applied = bring(world, [shop(11)])
    with pytest.raises(Refusal):
        services.drop_import(applied, by=world.clerk, at=world.at)


def test_an_unusable_file_leaves_no_trace_in_the_database(world):
    with pytest.raises(Malformed):
        plan(world, [["1", "2"]], header=["甲", "乙"])
    assert not ImportRun.objects.exists()
    assert not Register.objects.exists()


def test_a_source_keeps_its_kind(world):
    bring(world, [shop(11)])
    with pytest.raises(Malformed) as refused:
        plan(world, [shop(11)], kind="census")
    assert refused.value.reasons[0].code == "other_kind"


def test_only_those_whose_duty_it_is_may_import(world):
    planned = plan(world, [shop(11)])
    for person in (world.liu, world.editor, world.contact):
        with pytest.raises(Forbidden):
            services.plan_import(csv_of([shop(1)]), "a.csv", source="x", kind="market", by=person, at=world.at)
        with pytest.raises(Forbidden):
            services.apply_import(planned.run, by=person, at=world.at)


def test_districts_do_not_see_each_others_registers(world):
    bring(world, [shop(11)])
    with district.use(990103):
        other = build_world(990103)
        run = services.plan_import(csv_of([shop(11)]), "a.csv", source=SOURCE, kind="market", by=other.clerk, at=other.at).run
        assert run.counts["new"] == 1
        services.apply_import(run, by=other.clerk, at=other.at)
    assert RegisterRecord.objects.count() == 1


def test_the_real_register_of_a_district_comes_in_whole_and_a_second_time_not_at_all(world):
    file = shared("merchants_cn/shenyang_heping_business_register_1980_2004.csv")
    at = world.at
    for expected in ({"new": 2143, "unchanged": 0}, {"new": 0, "unchanged": 2143}):
        planned = services.plan_import(file.read_bytes(), file.name, source="和平区", kind="market", by=world.clerk, at=at)
        run = services.apply_import(planned.run, by=world.clerk, at=at)
        assert {name: run.counts[name] for name in expected} == expected
    assert RegisterRecord.objects.filter(merchant__isnull=False, premises__isnull=False).count() == 2143
    assert Merchant.objects.get(credit_code="91210102117776048G").kind == "company"
