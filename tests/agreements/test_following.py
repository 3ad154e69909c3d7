"""Letters, exemptions, findings and cases go with their front when two lists had named it twice, and come back when it is separated."""

from datetime import timedelta

import pytest

from sanbao.agreements import carrying, coverage, following, notices, paper_letters, rounds, services
from sanbao.agreements.merchants import services as merchant_services
from sanbao.agreements.merchants.queries import why_closed
from sanbao.agreements.models import Agreement, Exemption
from sanbao.agreements.plates import queries as plate_queries
from sanbao.agreements.plates import services as plate_services
from sanbao.core.models import Entry
from sanbao.problems.models import Finding
from sanbao.problems.services.following import follow_premises as findings_follow
from sanbao.registry import linking, matching
from sanbao.registry.models import PremisesMerge, RecordLink
from tests.agreements.conftest import SIGNATURE, all_agreed, served, signed
from tests.registry.registers import SURE, census, import_list, platform, record

EARLIER, LATER = timedelta(days=1), timedelta(days=2)


@pytest.fixture
def twice(world, form):
    """One shop in a census and on a platform under two names, not yet joined."""
    import_list("census", [census(0)], by=world.clerk, at=world.at)
    import_list("platform", [platform(0)], by=world.clerk, at=world.at)
    return world


def join(world, at):
    linking.link_registers(by=world.clerk, at=at, model=SURE)
    return RecordLink.objects.get(state="joined")


def tell(action, times=2):
    """What the worker does with the news, twice."""
    entry = Entry.objects.filter(action=action).order_by("-id").first()
    for _again in range(times):
        following.follow_premises(entry)
        carrying.follow_premises(entry)
        findings_follow(entry)


def letters():
    return sorted(Agreement.objects.values_list("pk", "premises", "merchant", "state", "ended_on"))


def kind_of(front, on):
    return coverage.classified(None, on).get(pk=front.pk).kind


def test_a_letter_signed_under_the_other_name_covers_the_front_that_is_kept(twice):
    gone = record("platform", 0).premises
    letter = signed(gone, by=twice.clerk, at=twice.at + EARLIER, client_id="a")
    link = join(twice, twice.at + LATER)
    tell("premises.merged")
    kept, day = record("census", 0).premises, (twice.at + LATER).date()
    letter.refresh_from_db()
    assert letter.premises == kept
    assert letter.merchant == record("census", 0).merchant
    assert kind_of(kept, day) == coverage.SIGNED
    assert kind_of(kept, (twice.at + EARLIER).date()) == coverage.SIGNED
    assert not coverage.classified(None, day).filter(pk=gone.pk).exists()
    assert not coverage.classified(None, (twice.at + EARLIER).date()).filter(pk=gone.pk).exists()
    assert link.merges.get().followed["agreements.agreement"]


def test_of_two_letters_of_one_party_the_later_stands_and_both_come_back(twice):
    early = signed(record("census", 0).premises, by=twice.clerk, at=twice.at, client_id="a")
    late = signed(record("platform", 0).premises, by=twice.clerk, at=twice.at + EARLIER, client_id="b")
    before = letters()
    link = join(twice, twice.at + LATER)
    tell("premises.merged")
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == ("superseded", "signed")
    assert early.ended_on == (twice.at + LATER).date()
    assert early.premises == late.premises == record("census", 0).premises
    matching.part_pair(link, by=twice.clerk, at=twice.at + LATER)
    tell("premises.separated")
    assert letters() == before


def test_waiting_letters_and_exemptions_go_along_and_back(twice):
    served(record("census", 0).premises, by=twice.clerk, at=twice.at)
    served(record("platform", 0).premises, by=twice.clerk, at=twice.at + EARLIER)
    exempt = services.exempt_premises(
        record("platform", 0).premises,
        reason_code="other",
        reason="试用",
        from_on=twice.at.date(),
        by=twice.clerk,
        at=twice.at + EARLIER,
    )
    before = letters()
    link = join(twice, twice.at + LATER)
    tell("premises.merged")
    kept = record("census", 0).premises
    assert Exemption.objects.get(pk=exempt.pk).premises == kept
    assert Agreement.objects.filter(premises=kept, state="served").count() == 1
    matching.part_pair(link, by=twice.clerk, at=twice.at + LATER)
    tell("premises.separated")
    assert letters() == before
    assert Exemption.objects.get(pk=exempt.pk).premises == record("platform", 0).premises


def test_a_letter_signed_after_the_join_stays_with_the_front_that_was_kept(twice):
    link = join(twice, twice.at)
    tell("premises.merged")
    kept = record("census", 0).premises
    new = signed(kept, by=twice.clerk, at=twice.at + EARLIER, client_id="c")
    matching.part_pair(link, by=twice.clerk, at=twice.at + LATER)
    tell("premises.separated")
    new.refresh_from_db()
    assert new.premises == kept
    assert new.state == "signed"


def test_findings_go_along_and_back(twice):
    gone = record("platform", 0).premises
    finding = Finding.objects.create(
        number="P-1",
        class_code="x",
        premises=gone,
        merchant=record("platform", 0).merchant,
        found_at=twice.at,
        due_at=twice.at + LATER,
    )
    link = join(twice, twice.at)
    tell("premises.merged")
    finding.refresh_from_db()
    assert finding.premises == record("census", 0).premises
    matching.part_pair(link, by=twice.clerk, at=twice.at + LATER)
    tell("premises.separated")
    finding.refresh_from_db()
    assert finding.premises == gone


def test_news_of_a_join_that_was_taken_back_meanwhile_moves_nothing(twice):
    signed(record("platform", 0).premises, by=twice.clerk, at=twice.at, client_id="a")
    before = letters()
    matching.part_pair(join(twice, twice.at + EARLIER), by=twice.clerk, at=twice.at + LATER)
    tell("premises.merged")
    tell("premises.separated")
    assert letters() == before
    assert PremisesMerge.objects.get().followed.get("agreements.agreement") is None


def test_notices_calls_and_paper_letters_go_along_and_back(twice):
    there, at = record("platform", 0).premises, twice.at + EARLIER
    letter = served(there, by=twice.clerk, at=at)
    told = {"manner": "posted", "photos": [SIGNATURE], "second": twice.clerk, "by": twice.gridworker, "at": at}
    rows = [
        notices.record_notice(letter, **told),
        rounds.record_attempt(there, result="shut", by=twice.gridworker, at=at),
        paper_letters.type_in(
            there, signed_on=at.date(), signer_name="李建国", capacity="operator", items=all_agreed(letter.form),
            photos=[SIGNATURE], by=twice.gridworker, at=at,
        ),
    ]  # fmt: skip
    link = join(twice, twice.at + LATER)
    tell("premises.merged")
    assert {type(row).objects.get(pk=row.pk).premises for row in rows} == {record("census", 0).premises}
    assert Agreement.objects.get(pk=letter.pk).state == "notified"
    matching.part_pair(link, by=twice.clerk, at=twice.at + LATER)
    tell("premises.separated")
    assert {type(row).objects.get(pk=row.pk).premises for row in rows} == {there}


def test_plates_and_personal_links_open_the_page_of_the_front_that_is_kept_and_go_back(twice):
    gone = record("platform", 0).premises
    plate = plate_services.issue_plates([gone], by=twice.clerk, at=twice.at)[0]
    mine = merchant_services.hand_over_link(gone, by=twice.clerk, at=twice.at)
    signed(gone, by=twice.clerk, at=twice.at, client_id="a")
    link = join(twice, twice.at + EARLIER)
    tell("premises.merged")
    kept = record("census", 0).premises
    assert plate_queries.plate_numbered(plate.code).premises == kept
    mine.refresh_from_db()
    assert (mine.premises, mine.merchant) == (kept, record("census", 0).merchant)
    assert why_closed(mine, twice.at + LATER) is None
    matching.part_pair(link, by=twice.clerk, at=twice.at + LATER)
    tell("premises.separated")
    mine.refresh_from_db()
    assert (mine.premises, mine.merchant) == (gone, record("platform", 0).merchant)
    assert plate_queries.plate_numbered(plate.code).premises == gone
    assert why_closed(mine, twice.at + LATER) is None


def test_where_both_fronts_have_a_plate_each_opens_the_kept_front(twice):
    fronts = [record(kind, 0).premises for kind in ("census", "platform")]
    plates = plate_services.issue_plates(fronts, by=twice.clerk, at=twice.at)
    join(twice, twice.at)
    tell("premises.merged")
    kept = record("census", 0).premises
    assert [plate_queries.plate_numbered(plate.code).premises for plate in plates] == [kept, kept]
