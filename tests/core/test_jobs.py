"""Jobs: once under a name, later after a failure, never two holders of one lease, and always for their own district."""

from datetime import date, datetime, timedelta

import pytest

from sanbao.core import clock, district, jobs, news
from sanbao.core.models import Department, Job
from sanbao.core.worker import work_off
from tests.core import duties

ME, YOU = "worker one", "worker two"


def test_a_task_is_still_a_function_and_can_be_done_later(world):
    assert duties.add(2, 3) == 5
    job = duties.add.enqueue(left=2, right=3)
    assert (job.name, job.district_id) == ("tests.core.duties.add", 990101)
    assert jobs.run_next(ME) == job
    job.refresh_from_db()
    assert (job.result, job.tries, job.lease_until, job.error) == (5, 1, None, "")
    assert jobs.run_next(ME) is None


def test_a_job_works_for_the_district_that_enqueued_it(world):
    here = duties.which_district.enqueue()
    with district.use(None):
        nowhere = duties.which_district.enqueue()
        work_off(raising=True)
    assert Job.objects.get(pk=here.pk).result == 990101
    assert Job.objects.get(pk=nowhere.pk).result is None


def test_a_name_is_given_to_one_job_only(world):
    named = duties.add.using(uniq="deadline-sweep:2026-09-21")
    first = named.enqueue(left=1, right=1)
    assert named.enqueue(left=2, right=2).pk == first.pk
    work_off(raising=True)
    assert named.enqueue(left=3, right=3).pk == first.pk
    assert Job.objects.get().result == 2


def test_a_job_waits_for_its_time(world):
    duties.add.using(run_after=clock.now() + timedelta(hours=1)).enqueue(left=1, right=1)
    assert jobs.run_next(ME) is None
    Job.objects.update(run_at=clock.now())
    assert jobs.run_next(ME).result == 2


def test_ids_and_days_travel_as_text(world):
    job = jobs.enqueue("tests.core.duties.add", left=world.noodle_house.pk, right=date(2026, 9, 21))
    job.refresh_from_db()
    assert job.args == {"left": str(world.noodle_house.pk), "right": "2026-09-21"}


def test_a_failing_job_is_tried_later_and_later_and_then_laid_aside_with_its_error(world):
    duties.always_fails.enqueue(word="magic")
    pauses = []
    for _round in range(3):
        before = clock.now()
        Job.objects.update(run_at=before)
        job = jobs.run_next(ME)
        pauses.append(job.run_at - before)
    job.refresh_from_db()
    assert "ValueError: cannot do magic" in job.error
    assert job.dead_at is not None
    assert [pause.total_seconds() // 5 for pause in pauses] == [1, 2, 0]
    assert jobs.run_next(ME) is None
    assert jobs.retry_dead([job], clock.now()) == 1
    assert jobs.run_next(ME).tries == 1


@pytest.mark.parametrize("name", ["no.such.module.task", "tests.core.duties.sweep"])
def test_a_name_that_is_no_task_is_an_error_kept_with_the_job(world, name):
    jobs.enqueue(name)
    job = jobs.run_next(ME)
    assert job.done_at is None
    assert job.error


def test_nobody_gets_a_job_that_is_held_until_its_lease_has_ended(world):
    duties.add.enqueue(left=1, right=1)
    held = jobs.claim(ME, timedelta(minutes=5))
    assert jobs.claim(YOU) is None
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    taken = jobs.claim(YOU)
    assert (taken.pk, taken.tries, taken.leased_by) == (held.pk, 2, YOU)


def test_the_oldest_due_job_comes_first(world):
    late, early = (duties.add.using(run_after=clock.now() - timedelta(minutes=minutes)) for minutes in (1, 5))
    second, first = late.enqueue(left=1, right=1), early.enqueue(left=2, right=2)
    assert [jobs.claim(ME).pk, jobs.claim(YOU).pk] == [first.pk, second.pk]


def test_work_that_outlived_its_lease_is_undone(world):
    duties.outlive_the_lease.enqueue()
    jobs.run_next(ME)
    assert not Department.objects.filter(code="LATE").exists()
    assert Job.objects.get().done_at is None


def test_a_job_that_kills_its_workers_is_laid_aside(world):
    job = duties.always_fails.enqueue(word="poison")
    for _worker in range(3):
        assert jobs.claim(ME)
        Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    jobs.run_next(ME)
    job.refresh_from_db()
    assert job.dead_at is not None
    assert "none came back" in job.error


def test_the_duties_of_a_day_are_planned_once_for_each_district_and_day(world, settings):
    settings.SANBAO_REACTIONS = "tests.core.duties"
    evening = clock.at_local(date(2026, 9, 21), 23, 59)
    for at in (evening, evening, evening + timedelta(minutes=2)):
        news.plan_day(at)
    work_off(raising=True)
    assert set(Department.objects.filter(code__startswith="D2").values_list("code", flat=True)) == {"D20260921", "D20260922"}


def test_old_done_jobs_are_cleared_and_dead_ones_stay(world):
    done, dead, fresh = (duties.add.enqueue(left=1, right=number) for number in range(3))
    long_ago = clock.now() - timedelta(days=40)
    Job.objects.filter(pk=done.pk).update(done_at=long_ago)
    Job.objects.filter(pk=dead.pk).update(dead_at=long_ago)
    assert jobs.prune(clock.now()) == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {dead.pk, fresh.pk}


def test_a_claim_is_one_statement_after_one_glance(world, django_assert_num_queries):
    duties.add.enqueue(left=1, right=1)
    with django_assert_num_queries(3):
        assert jobs.claim(ME)
    with django_assert_num_queries(1):
        assert jobs.claim(ME) is None


def test_instants_are_compared_as_instants(world):
    tokyo = datetime.fromisoformat("2026-09-21T12:00:00+09:00")
    duties.add.using(run_after=tokyo).enqueue(left=1, right=1)
    assert jobs.waiting_at(tokyo - timedelta(seconds=1)).count() == 0
    assert jobs.waiting_at(tokyo).count() == 1
