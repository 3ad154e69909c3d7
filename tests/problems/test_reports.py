"""What the office does with a report."""

import pytest

from sanbao.core.errors import Refusal
from sanbao.core.models import Entry
from sanbao.problems import services
from sanbao.problems.models import Finding, Report
from tests.problems.test_receiving import codes, send


def actions() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("action", flat=True))


def test_a_report_taken_up_becomes_a_finding_with_owner_and_deadline(town):
    report = send(town)
    finding = services.accept_report(report, premises=town.noodle_house, by=town.clerk, at=town.at)
    report.refresh_from_db()
    assert (report.state, report.finding) == ("accepted", finding)
    assert finding.merchant == town.noodle_shop
    assert finding.unit == town.street_office
    assert finding.due_at > finding.found_at
    assert actions() == ["report.received", "finding.recorded", "report.accepted"]


def test_what_a_merchant_reports_in_its_own_zone_is_never_held_against_it(town):
    report = send(town, source="merchant", premises=town.noodle_house)
    finding = services.accept_report(report, by=town.clerk, at=town.at)
    assert finding.premises == town.noodle_house
    assert finding.merchant is None


def test_a_declined_report_needs_a_reply(town):
    report = send(town)
    with pytest.raises(Refusal) as refusal:
        services.decline_report(report, reply="  ", by=town.clerk, at=town.at)
    assert codes(refusal) == {"no_reply"}
    services.decline_report(report, reply="该处为施工围挡内部，由施工单位管理", by=town.clerk, at=town.at)
    report.refresh_from_db()
    assert report.state == "declined" and report.reply
    assert actions()[-1] == "report.declined"


def test_a_report_is_decided_once(town):
    report, stale = send(town), Report.objects.get()
    services.decline_report(report, reply="重复", by=town.clerk, at=town.at)
    with pytest.raises(Refusal) as refusal:
        services.accept_report(stale, by=town.clerk, at=town.at)
    assert codes(refusal) == {"moved_on"}
    assert not Finding.objects.exists()
    with pytest.raises(Refusal) as refusal:
        services.accept_report(report, by=town.clerk, at=town.at)
    assert codes(refusal) == {"wrong_state"}


def test_merged_reports_follow_the_first_one_and_all_are_answered(town):
    first, second, third = send(town), send(town), send(town)
    services.merge_report(second, first, by=town.clerk, at=town.at)
    finding = services.accept_report(first, premises=town.noodle_house, by=town.clerk, at=town.at)
    services.merge_report(third, finding, by=town.clerk, at=town.at)
    assert set(finding.reports.all()) == {first, second, third}
    services.close_finding(finding, closing="已清扫干净", by=town.clerk, at=town.at)
    assert set(Report.objects.values_list("state", "reply")) == {("answered", "已清扫干净")}
    assert actions().count("report.answered") == 3


def test_a_report_is_not_merged_with_itself_nor_with_one_that_went_elsewhere(town):
    first, second = send(town), send(town)
    for target in (first, services.decline_report(second, reply="无关", by=town.clerk, at=town.at)):
        with pytest.raises(Refusal) as refusal:
            services.merge_report(first, target, by=town.clerk, at=town.at)
        assert codes(refusal) == {"merged_with_itself"}


def test_only_those_whose_duty_it_is_decide_on_reports(town):
    report = send(town)
    for person in (town.gridworker, town.editor, town.leader):
        with pytest.raises(Refusal) as refusal:
            services.accept_report(report, by=person, at=town.at)
        assert codes(refusal) == {"not_allowed"}


def test_a_finding_is_given_to_a_unit_and_a_person(town, finding):
    services.dispatch_finding(finding, unit=town.street_office_2, handler=town.clerk_2, by=town.dispatcher, at=town.at)
    finding.refresh_from_db()
    assert (finding.unit, finding.handler) == (town.street_office_2, town.clerk_2)
    assert actions()[-1] == "finding.dispatched"


def test_a_finding_is_closed_with_words_and_only_once(town, finding):
    with pytest.raises(Refusal) as refusal:
        services.close_finding(finding, closing="", by=town.liu, at=town.at)
    assert codes(refusal) == {"no_closing"}
    services.close_finding(finding, closing="当场收回", by=town.liu, at=town.at)
    with pytest.raises(Refusal) as refusal:
        services.close_finding(finding, closing="又一次", by=town.liu, at=town.at)
    assert codes(refusal) == {"wrong_state"}
