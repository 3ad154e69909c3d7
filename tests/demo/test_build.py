"""The demonstration district: everything is there, nothing was forced, and the same seed gives the same district."""

from datetime import timedelta

import pytest

from sanbao.agreements import coverage
from sanbao.agreements.models import Agreement, Form, PaperEntry, SigningRound
from sanbao.campaigns import queries as campaigns
from sanbao.campaigns.models import Reading, Task
from sanbao.core import clock, documents, ledger
from sanbao.core.models import Attachment, Department, District, Entry, IssuedDocument, Job, Photo
from sanbao.demo import build, cases, leads, lists, pictures
from sanbao.demo.settling import CODE
from sanbao.evaluation.models import Ranking, Score
from sanbao.penalties.details import open_verdicts
from sanbao.penalties.models import Case, CaseDeadline
from sanbao.problems.models import Finding, Order, Report
from sanbao.publicity.models import Publication
from sanbao.registry.models import ImportFault, ImportRun, Merchant, Occupancy, Premises, RecordLink, RegisterRecord
from tests.demo.conftest import DAYS, PREMISES, TODAY

# The module's district stands in an outer transaction; the mark makes the test database and a savepoint for each test.
pytestmark = pytest.mark.django_db


def states(model) -> set[str]:
    return set(model.objects.values_list("state", flat=True))


def test_two_builds_of_one_seed_are_equal_in_content(built):
    assert built.digests[0] == built.digests[1]


def test_the_scale_asked_for_is_kept(built):
    """What the platform alone knows comes on top."""
    assert Premises.objects.exclude(code__startswith="P").count() == PREMISES
    assert built.stage.days == DAYS
    assert Entry.objects.order_by("-at").first().at <= clock.at_local(TODAY)


def test_the_district_says_that_it_is_invented(built):
    row = District.objects.get(code=CODE)
    assert (row.name, row.invented, row.law_file) == ("望桥区（演示）", True, "local_demo.toml")


def test_both_lists_were_imported_with_their_faulty_rows_set_aside(built):
    runs = {run.register.kind: run for run in ImportRun.objects.select_related("register")}
    assert set(runs) == {"market", "census", "platform"}
    assert {run.state for run in runs.values()} == {"applied"}
    reasons = set(ImportFault.objects.values_list("reason", flat=True))
    assert {"credit_code_check", "credit_code_length", "name_missing", "repeats_row"} <= reasons
    both = Premises.objects.filter(records__register__kind="market").filter(records__register__kind="census").distinct()
    assert both.count() > PREMISES * 0.7
    assert RegisterRecord.objects.filter(register__source=lists.CENSUS_SOURCE).count() == len(built.stage.town.fronts)


def test_three_lists_were_laid_beside_each_other_and_some_pairs_still_wait_at_the_desk(built):
    kinds = set(RecordLink.objects.values_list("state", flat=True))
    assert {"joined", "suggested"} <= kinds
    assert RecordLink.objects.filter(by__isnull=False).exists()
    three = Premises.objects.filter(records__register__kind="platform").filter(records__register__kind="census")
    assert three.filter(records__register__kind="market").distinct().count() > PREMISES * 0.1


def test_every_front_lies_inside_the_boundary_and_its_own_community(built):
    from sanbao.core import geo

    for front in Premises.objects.filter(lon__isnull=False).select_related("area"):
        assert front.area.kind == "community"
        assert geo.inside(built.stage.town.boundary, front.lon, front.lat)
    listed = Premises.objects.filter(gone_on__isnull=True).exclude(code__startswith="P")
    assert listed.filter(start_m__isnull=True).count() <= 3  # what only the register knows


def test_shops_have_valid_codes_and_nobody_trades_twice_in_one_front(built):
    codes = Merchant.objects.filter(credit_code__isnull=False).values_list("credit_code", flat=True)
    assert len(set(codes)) == len(codes) > PREMISES * 0.8
    assert Merchant.objects.filter(credit_code__isnull=True).exists()
    open_spells = Occupancy.objects.filter(until_on__isnull=True).values_list("premises_id", flat=True)
    assert len(set(open_spells)) == len(open_spells)


def test_coverage_adds_up_and_every_kind_is_there(built):
    found = coverage.audit(None, TODAY)
    fronts = Premises.objects.filter(gone_on__isnull=True).count()
    assert sum(found.count.values()) == found.total == fronts > PREMISES * 0.95
    assert all(found.count[kind] for kind in coverage.KINDS), found.count
    parts = [set(found.premises(kind).values_list("pk", flat=True)) for kind in coverage.KINDS]
    assert sum(map(len, parts)) == len(set.union(*parts)) == fronts
    assert found.count["signed"] > found.due * 0.4


def test_one_office_has_its_own_text_and_its_rounds_reach_people_on_paper_too(built):
    assert Form.objects.filter(unit__isnull=False, state="issued").count() == 1
    assert sorted(row.closed_at is None for row in SigningRound.objects.all()) == [False, True]
    assert states(PaperEntry) <= {"typed", "confirmed"} and PaperEntry.objects.exists()
    assert Agreement.objects.filter(means="paper", state="signed").count() == PaperEntry.objects.filter(state="confirmed").count()


def test_letters_stand_in_every_state_but_the_first(built):
    assert states(Agreement) - {"notified"} == {"served", "signed", "refused", "ended", "superseded"}
    assert Form.objects.filter(unit__isnull=True).count() == 2
    signed = Agreement.objects.filter(state="signed").select_related("document").first()
    assert documents.pdf_bytes(signed.document).startswith(b"%PDF")


def test_reports_findings_and_orders_stand_in_every_state(built):
    assert states(Report) == set(Report.State.values)
    assert states(Finding) == set(Finding.State.values)
    assert states(Order) == {"issued", "served", "corrected", "failed", "withdrawn"}
    assert Order.objects.filter(extended_once=True).exists()
    end = clock.at_local(TODAY)
    assert Finding.objects.filter(state="open", due_at__lt=end).exists()
    assert Attachment.objects.filter(role="before").exists() and Attachment.objects.filter(role="after").exists()


def test_there_is_a_case_for_every_fate(built):
    assert leads.states(DAYS) == states(Case)
    assert Case.objects.count() == len(cases.fates(DAYS)) + len(leads.fates(DAYS))
    assert Order.objects.filter(state="failed").count() == len(cases.fates(DAYS))
    assert CaseDeadline.objects.filter(met_at__isnull=True).exists()


def test_one_case_waits_for_legal_review_and_one_is_blocked(built):
    at, liu = clock.at_local(TODAY, 9), built.stage.who("liu")
    refused: dict[str, set[str]] = {}
    for case in Case.objects.filter(state__in=("filed", "noticed")):
        for verdict in open_verdicts(case, liu, at):
            refused.setdefault(verdict.step.name, set()).update(reason.code for reason in verdict.objections)
    assert "legally_reviewed" in refused["pass_review"]
    assert "in_range" in refused["report"]


def test_the_campaign_runs_with_orphans_readings_and_tasks_in_every_state(built):
    campaign = campaigns.current(TODAY)
    at = clock.at_local(TODAY, 9)
    assert campaigns.orphans(campaign, TODAY).count() >= 3
    assert states(Task) == set(Task.State.values)
    assert campaigns.ring(campaign, at).day_number == DAYS + 1
    assert campaign.plans.count() == 2 and campaign.meetings.count() == 5
    days = set(Reading.objects.values_list("on", flat=True))
    assert days == {built.stage.start + timedelta(days=n) for n in range(DAYS)}


def test_one_community_has_no_leader(built):
    leaderless = [unit for unit in Department.objects.filter(kind="community") if not unit.postings.exists()]
    assert len(leaderless) == 1


def test_last_months_ranking_is_frozen_and_published(built):
    ranking = Ranking.objects.get(month=TODAY.replace(month=TODAY.month - 1, day=1))
    assert ranking.state == "frozen"
    assert Score.objects.filter(ranking=ranking).exists()
    kinds = set(Publication.objects.filter(state="published").values_list("kind", flat=True))
    assert kinds >= {"exposure", "decision", "ranking"}
    assert states(Publication) == set(Publication.State.values)


def test_nothing_was_forced_past_the_guards(built):
    assert {name.partition(":")[0] for name in built.stage.timeline.refused} <= {"sign"}


def test_the_journal_is_sealed_and_holds_and_no_work_is_left(built):
    proof = ledger.verify(CODE)
    assert proof.holds and proof.unsealed == 0 and proof.sealed == Entry.objects.filter(district_id=CODE).count()
    assert not Job.objects.filter(done_at__isnull=True).exists()


def test_papers_are_numbered_without_gaps(built):
    for kind in IssuedDocument.objects.values_list("kind", flat=True).distinct():
        serials = sorted(IssuedDocument.objects.filter(kind=kind).values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1))


def test_photos_are_small_and_drawn_from_many_spots(built):
    assert Photo.objects.filter(size__gt=25_000).count() == 0
    assert Photo.objects.filter(mime="image/jpeg").count() > 40
    assert pictures.front_scene(1, "O02") == pictures.front_scene(1, "O02") != pictures.front_scene(1, "")


def test_progress_is_told_with_counts_and_seconds(built):
    assert len(built.said) >= 4
    assert all(line.rstrip().endswith("s") for line in built.said)
    assert build.counts()["Premises"]
