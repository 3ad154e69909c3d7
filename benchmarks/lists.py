"""The list of problems at a thousand and at a hundred thousand rows, asked through the running server by a logged-in dispatcher."""

from pathlib import Path

from benchmarks import load
from benchmarks.measure import percentile
from tests import processes

PATH = "/desk/problems/"
ROUNDS, TIMES = 5, 30
FILL = """
import random
from datetime import datetime, timedelta, timezone
from django.contrib.sessions.backends.db import SessionStore
from sanbao.core.models import User
from sanbao.problems.models import Finding
from sanbao.registry.models import Area
dice, areas = random.Random(7), list(Area.objects.all())
begin = datetime(2026, 9, 1, tzinfo=timezone.utc)
states = ["open"] * 3 + ["ordered"] * 2 + ["corrected"] * 10 + ["failed", "closed", "closed", "closed", "closed"]
person = User.objects.get(username="dispatcher")
def rows(first, last):
    for n in range(first, last):
        at = begin + timedelta(minutes=n)
        yield Finding(number=f"B{n:07d}", class_code="O02", area=dice.choice(areas), unit_id=person.department_id, place=f"柳荫路{n % 400}号门前",
                      note="桌椅摆出店外", found_at=at, by=person, state=dice.choice(states), due_at=at + timedelta(days=3))
for first in range(0, COUNT, 5000):
    Finding.objects.bulk_create(list(rows(first, min(first + 5000, COUNT))))
session = SessionStore()
session.update({"_auth_user_id": str(person.pk), "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
                "_auth_user_hash": person.get_session_auth_hash()})
session.save()
print(session.session_key)
"""


def measure(folder: Path, few: int, many: int) -> dict[str, float]:
    """p95 of the same page in two homes, asked in turns."""
    servers, workers, cookies = [], [], []
    delays: tuple[list[float], list[float]] = ([], [])
    try:
        for count in (few, many):
            env = processes.fresh_home(folder, cast=True)
            key = processes.run_python(env, FILL.replace("COUNT", str(count)), timeout=600).split()[-1]
            cookies.append(f"sessionid={key}")
            workers.append(processes.start_worker(env))
            servers.append(processes.start_server(env))
        for _ in range(ROUNDS):
            for place, server in enumerate(servers):
                delays[place].extend(load.page_delays(server.url, PATH, cookies[place], times=TIMES))
    finally:
        for process in [*servers, *workers]:
            process.stop()
    small, large = percentile(delays[0], 0.95), percentile(delays[1], 0.95)
    return {
        f"list p95 ms at {few:,}": 1000 * small,
        f"list p95 ms at {many:,}": 1000 * large,
        f"list p50 ms at {many:,}": 1000 * percentile(delays[1], 0.5),
        "list_page": large / small,
    }
