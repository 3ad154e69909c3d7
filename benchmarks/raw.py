"""The physical limit: single-row inserts, each committed, in the same database with the same durability, and nothing else."""

import sqlite3
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

TABLE = "CREATE TABLE IF NOT EXISTS bench_raw (id {key} PRIMARY KEY, at text, lon float, lat float, words text)"
ROW = "INSERT INTO bench_raw VALUES ({marks})"
WORDS = "三张餐桌摆出店外，占用人行道，行人只能走到车行道上。"


def commits_per_second(env: dict[str, str], seconds: float) -> float:
    """Committed single-row inserts per second by one connection."""
    if env.get("SANBAO_DATABASE_URL"):
        return _postgresql(env["SANBAO_DATABASE_URL"], seconds)
    return _sqlite(str(Path(env["SANBAO_HOME"]) / "sanbao.sqlite3"), seconds)


def _sqlite(path: str, seconds: float) -> float:
    from sanbao.core import sqlite

    sqlite.prefer_bundled()
    import sqlite3 as bundled

    link: sqlite3.Connection = bundled.connect(path, timeout=20, isolation_level=None)
    for pragma in sqlite.PRAGMAS.split(";"):
        link.execute(pragma)
    link.execute(TABLE.format(key="text"))
    statement = ROW.format(marks="?, ?, ?, ?, ?")

    def once() -> None:
        link.execute("BEGIN IMMEDIATE")
        link.execute(statement, (uuid.uuid4().hex, "2026-11-23", 113.7, 34.72, WORDS))
        link.execute("COMMIT")

    return _rate(once, seconds)


def _postgresql(url: str, seconds: float) -> float:
    import psycopg

    parts = urlsplit(url)
    with psycopg.connect(parts._replace(scheme="postgresql").geturl(), autocommit=True) as link:
        link.execute(TABLE.format(key="uuid"))
        statement = ROW.format(marks="%s, %s, %s, %s, %s")
        return _rate(lambda: link.execute(statement, (uuid.uuid4(), "2026-11-23", 113.7, 34.72, WORDS)), seconds)


def _rate(once, seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        once()
        count += 1
    return count / spent
