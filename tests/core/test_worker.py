"""Real workers in real processes: killed in the middle of a job, two at once, stopped politely, and the log of writes kept short."""

import json
import time
from pathlib import Path

import pytest

from tests import processes
from tests.processes import fresh_home, run_python, run_sanbao, start_python, start_server, start_worker, wait_until


@pytest.fixture
def env(tmp_path):
    return fresh_home(tmp_path, cast=True) | {"DJANGO_SETTINGS_MODULE": "tests.core.duty_settings"}


@pytest.fixture
def start(env):
    """Start workers that are gone when the test is over, whatever happens."""
    started = []

    def _start(*args):
        started.append(start_worker(env, *args))
        return started[-1]

    yield _start
    for process in started:
        process.kill()


def runs(tmp_path: Path) -> list[str]:
    path = tmp_path / "runs.txt"
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


def enqueue_sleep(env, tmp_path: Path, seconds: float) -> None:
    run_python(
        env, f"from tests.core.duties import note_and_sleep; note_and_sleep.enqueue(folder={str(tmp_path)!r}, seconds={seconds})"
    )


def jobs_of(env) -> list[dict]:
    code = "import json; from sanbao.core.models import Job\n"
    code += "rows = Job.objects.filter(name__contains='note_and_sleep').values('tries', 'result', 'done_at', 'dead_at', 'lease_until')\n"
    return json.loads(run_python(env, code + "print(json.dumps(list(rows), default=str))"))


WRITE = """
from datetime import datetime, UTC
from sanbao.core import journal
from sanbao.core.models import District
here = District.objects.get(pk=990101)
for number in range({count}):
    journal.record("shop.opened", here, by=None, at=datetime(2026, 9, 21, tzinfo=UTC), number=number)
"""


def test_when_a_worker_is_killed_in_the_middle_of_a_job_another_takes_it_over_after_the_lease(env, tmp_path, start):
    enqueue_sleep(env, tmp_path, 3)
    victim = start("--lease", "2")
    wait_until(lambda: runs(tmp_path) == ["began"], "the first worker is at work")
    victim.kill()
    heir = start("--lease", "2")
    wait_until(lambda: runs(tmp_path) == ["began", "began", "ended"], "the second worker has done it")
    assert heir.stop() == 0
    (job,) = jobs_of(env)
    assert (job["tries"], job["result"], job["lease_until"]) == (2, "ended", None)


def test_a_living_worker_keeps_its_job_beyond_the_lease(env, tmp_path, start):
    enqueue_sleep(env, tmp_path, 4)
    workers = [start("--lease", "1.2"), start("--lease", "1.2")]
    wait_until(lambda: "ended" in runs(tmp_path), "the job is done")
    time.sleep(0.5)
    assert [worker.stop() for worker in workers] == [0, 0]
    assert runs(tmp_path) == ["began", "ended"]
    assert jobs_of(env)[0]["tries"] == 1


def test_a_stopped_worker_finishes_the_job_in_hand_and_begins_no_other(env, tmp_path, start):
    enqueue_sleep(env, tmp_path, 2)
    enqueue_sleep(env, tmp_path, 2)
    worker = start()
    wait_until(lambda: runs(tmp_path) == ["began"], "the worker is at work")
    assert worker.stop() == 0
    assert runs(tmp_path) == ["began", "ended"]
    assert sorted(job["tries"] for job in jobs_of(env)) == [0, 1]


def test_two_workers_and_two_writers_make_one_chain_and_every_reaction_takes_effect_once(env, start):
    workers = [start(), start()]
    writers = [start_python(env, WRITE.format(count=150)) for _writer in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    answer = run_sanbao(env, "worker", "--once")
    assert answer.returncode == 0, answer.stderr
    counts = "from sanbao.core.models import Department, Entry, Seal, Job\n"
    counts += "print(Department.objects.filter(code__startswith='E').count(), Seal.objects.count(), "
    counts += "Entry.objects.filter(pending=True).count(), Job.objects.filter(done_at=None).count())"
    wait_until(lambda: run_python(env, counts).split() == ["300", "300", "0", "0"], "all is sealed and done")
    assert [worker.stop() for worker in workers] == [0, 0]
    verified = run_sanbao(env, "verify", "--json")
    assert verified.returncode == 0
    assert json.loads(verified.stdout)[0] | {"head": ""} == {
        "district": 990101,
        "sealed": 300,
        "head": "",
        "unsealed": 0,
        "fault": None,
        "holds": True,
    }


@pytest.mark.skipif(not processes.on_postgres(), reason="on SQLite only one writes at a time, so ids commit in order")
def test_an_entry_committed_late_with_an_early_id_is_sealed_too(env):
    said = run_python(
        env,
        """
import threading
from datetime import datetime, UTC
from django.db import connection, transaction
from sanbao.core import journal, ledger
from sanbao.core.models import District, Entry, Seal

here = District.objects.get(pk=990101)
at = datetime(2026, 9, 21, tzinfo=UTC)
written, sealed = threading.Event(), threading.Event()

def slow():
    from sanbao.core import district
    district.set_current(990101)
    with transaction.atomic():
        journal.record("shop.seen", here, by=None, at=at, who="early id")
        written.set()
        sealed.wait(20)
    connection.close()

thread = threading.Thread(target=slow)
thread.start()
written.wait(20)
journal.record("shop.seen", here, by=None, at=at, who="late id")
print(ledger.seal_pending())
sealed.set()
thread.join()
print(ledger.seal_pending())
print([seal.entry.data["who"] for seal in Seal.objects.order_by("number").select_related("entry")])
print(ledger.verify(990101).holds, Entry.objects.filter(pending=True).count())
""",
    )
    assert said.splitlines() == ["1", "1", "['late id', 'early id']", "True 0"]


@pytest.mark.skipif(processes.on_postgres(), reason="PostgreSQL keeps its own log of writes")
def test_the_log_of_writes_grows_until_a_worker_empties_it_even_while_others_hold_the_database_open(env, start):
    log = str(Path(env["SANBAO_HOME"]) / "sanbao.sqlite3-wal")
    watch = f"""
import time
from pathlib import Path
log = Path({log!r})
print(log.stat().st_size)
for _round in range(600):
    if log.stat().st_size == 0:
        break
    time.sleep(0.05)
print(log.stat().st_size)
"""
    writer = start_python(env, WRITE.format(count=200) + watch)
    assert int(writer.stdout.readline()) > 1_000_000
    worker = start("--no-daily")
    assert int(writer.stdout.readline()) == 0
    assert writer.wait(10) == 0
    assert worker.stop() == 0


def test_verify_fails_and_names_the_entry_that_somebody_altered_in_the_database(env):
    run_python(env, WRITE.format(count=6))
    assert run_sanbao(env, "worker", "--once").returncode == 0
    before = json.loads(run_sanbao(env, "verify", "--json").stdout)[0]
    assert (before["sealed"], before["holds"]) == (6, True)
    altered = run_python(
        env,
        """
from django.db import connection
from sanbao.core.models import Entry
victim = Entry.objects.order_by("id")[2].pk
on = " ON core_entry" if connection.vendor == "postgresql" else ""
with connection.cursor() as cursor:
    cursor.execute(f"DROP TRIGGER core_entry_no_update{on}")
    cursor.execute("UPDATE core_entry SET subject = 'core.district:1' WHERE id = %s", [victim])
print(victim)
""",
    ).strip()
    answer = run_sanbao(env, "verify")
    assert answer.returncode == 1
    assert f" {altered} " in answer.stdout
    assert json.loads(run_sanbao(env, "verify", "--json").stdout)[0]["fault"]["entry"] == int(altered)


def test_the_server_answers_and_stops_when_asked(env):
    server = start_server(env)
    assert server.url.startswith("http://127.0.0.1:")
    server.stop()
    assert server.child.poll() is not None
