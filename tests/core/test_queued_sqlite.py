"""The queue before SQLite's one writer: turns are taken, nothing is lost, and nobody waits for ever."""

import fcntl
import os
import threading
import time

import pytest
from django.db.utils import ConnectionHandler

from sanbao.core import sqlite


def opened(path, timeout=20.0):
    """A connection of its own to the database at `path`, as another process would have it."""
    settings = sqlite.database(path)
    settings["OPTIONS"] = {**settings["OPTIONS"], "timeout": timeout}
    return ConnectionHandler({"default": settings})["default"]


def write(connection, sql: str) -> None:
    """One statement in a transaction of its own."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.set_autocommit(True)


@pytest.fixture
def path(tmp_path, django_db_blocker):
    path = tmp_path / "queue.sqlite3"
    django_db_blocker.unblock()  # these files are the test's own
    connection = opened(path)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE turn (taken integer)")
        cursor.execute("INSERT INTO turn VALUES (0)")
    connection.close()
    yield path
    django_db_blocker.restore()


def taken(path) -> int:
    connection = opened(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT taken FROM turn")
        [[found]] = cursor.fetchall()
    connection.close()
    return found


def test_writers_take_turns_and_nothing_is_lost(path):
    def many() -> None:
        connection = opened(path)
        for _ in range(100):
            write(connection, "UPDATE turn SET taken = taken + 1")
        connection.close()

    threads = [threading.Thread(target=many) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert taken(path) == 300


def test_a_failed_transaction_gives_its_place_back(path):
    connection, other = opened(path), opened(path, timeout=0.2)
    with pytest.raises(Exception, match="no such table"):
        write(connection, "UPDATE nobody SET taken = 1")
    began = time.monotonic()
    write(other, "UPDATE turn SET taken = 7")
    assert time.monotonic() - began < 0.1  # half of its patience, had it been kept waiting
    assert taken(path) == 7
    connection.close()
    other.close()


def test_whoever_waits_too_long_begins_without_the_queue(path):
    place = os.open(f"{path}-queue", os.O_RDWR | os.O_CREAT)
    fcntl.flock(place, fcntl.LOCK_EX)
    connection = opened(path, timeout=0.2)
    write(connection, "UPDATE turn SET taken = 3")
    assert taken(path) == 3
    connection.close()
    os.close(place)
