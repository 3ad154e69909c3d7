"""The journal: nobody changes it unseen, and every entry is sealed and followed up, whatever the order of the commits."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from sanbao.core import cli, district, jobs, journal, ledger, news
from sanbao.core.models import Department, Entry, Job, Seal
from sanbao.core.worker import work_off
from tests.world import build_world

CODE = 990101


def write(world, count: int = 5, action: str = "shop.seen") -> list[Entry]:
    return [journal.record(action, world.noodle_house, by=world.liu, at=world.at, number=number) for number in range(count)]


@pytest.fixture
def unguarded(world):
    """The tables without their triggers, as somebody with the database's password could have them."""
    migration = MigrationLoader(connection).get_migration("core", "0002_journal_is_append_only")
    with connection.schema_editor(atomic=False) if connection.vendor == "postgresql" else _plain() as editor:
        migration.operations[0].reverse_code(None, editor)


class _plain:
    """SQLite's schema editor refuses to work inside a transaction; dropping a trigger needs only the connection."""

    def __enter__(self):
        self.connection = connection
        return self

    def __exit__(self, *args):
        return None


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- the triggers ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_entry SET action = 'nothing.happened'",
        "UPDATE core_entry SET data = '{}'",
        "UPDATE core_entry SET by_id = NULL",
        "UPDATE core_entry SET pending = NOT pending",
        "DELETE FROM core_entry",
        "UPDATE core_seal SET hash = ''",
        "DELETE FROM core_seal",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_what_was_written(world, statement):
    write(world)
    ledger.seal_pending()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement)
    assert ledger.verify(CODE).holds


def test_the_objects_cannot_change_or_delete_it_either(world):
    entry = write(world, 1)[0]
    entry.action = "nothing.happened"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()
    assert Entry.objects.get().action == "shop.seen"


# --- the chain ---


def test_a_sealed_journal_is_proven_and_says_what_still_waits(world):
    write(world, 5)
    assert ledger.seal_pending() == 5
    write(world, 2)
    proof = ledger.verify(CODE)
    assert (proof.sealed, proof.unsealed, proof.fault) == (5, 2, None)
    assert proof.head == Seal.objects.get(number=5).hash
    assert ledger.seal_pending() == 2
    assert ledger.seal_pending() == 0
    assert ledger.verify(CODE, noted=proof.head).sealed == 7


def test_an_empty_journal_holds(world):
    assert ledger.verify(CODE) == ledger.Proof(CODE, 0, ledger.GENESIS, 0, None)


def test_a_batch_has_a_limit_and_the_chain_goes_on_behind_it(world, monkeypatch):
    monkeypatch.setattr(ledger, "CHUNK", 3)  # so that reading too goes over several pieces
    write(world, 10)
    assert [ledger.seal_pending(limit=4) for _round in range(4)] == [4, 4, 2, 0]
    assert ledger.verify(CODE).sealed == 10


def test_entries_that_were_committed_out_of_order_are_all_sealed(world):
    row = {"district_id": CODE, "action": "shop.seen", "subject": "x:1", "at": world.at, "written_at": world.at}
    Entry.objects.create(id=9_000_002, **row)
    assert ledger.seal_pending() == 1
    Entry.objects.create(id=9_000_001, **row)
    assert ledger.seal_pending() == 1
    assert list(Seal.objects.order_by("number").values_list("entry_id", flat=True)) == [9_000_002, 9_000_001]
    assert ledger.verify(CODE).holds


def test_each_district_has_its_own_chain(world):
    other = build_world(990102)
    write(world, 3)
    with district.use(990102):
        write(other, 2)
    ledger.seal_pending()
    assert (ledger.verify(CODE).sealed, ledger.verify(990102).sealed) == (3, 2)
    assert ledger.verify(CODE).head != ledger.verify(990102).head


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "shop.forgotten"),
        ("subject", "registry.premises:other"),
        ("by_id", None),
        ("at", "2026-09-21 02:00:00.000001"),
        ("written_at", "2026-01-01 00:00:00"),
        ("data", '{"number": 99}'),
    ],
)
def test_the_first_altered_entry_is_named_whatever_was_altered(unguarded, world, column, value):
    entries = write(world, 5)
    ledger.seal_pending()
    for entry in entries[2:4]:
        sql(f"UPDATE core_entry SET {column} = %s WHERE id = %s", value, entry.pk)
    proof = ledger.verify(CODE)
    assert proof.fault == ledger.Fault("altered", 3, entries[2].pk)
    assert proof.sealed == 2


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL keeps no instant that is none")
def test_an_entry_altered_into_something_unreadable_is_named_too(unguarded, world):
    entries = write(world, 5)
    ledger.seal_pending()
    sql("UPDATE core_entry SET at = '2026-99-99 00:00:00' WHERE id = %s", entries[2].pk)
    assert ledger.verify(CODE).fault == ledger.Fault("altered", 3, entries[2].pk)


def test_a_removed_entry_is_missed_even_when_its_link_is_removed_with_it(unguarded, world):
    entries = write(world, 5)
    ledger.seal_pending()
    sql("DELETE FROM core_seal WHERE entry_id = %s", entries[2].pk)
    sql("DELETE FROM core_entry WHERE id = %s", entries[2].pk)
    assert ledger.verify(CODE).fault == ledger.Fault("missing", 3, None)


def test_renumbering_the_links_after_a_removal_does_not_hide_it(unguarded, world):
    entries = write(world, 5)
    ledger.seal_pending()
    sql("DELETE FROM core_seal WHERE entry_id = %s", entries[2].pk)
    sql("DELETE FROM core_entry WHERE id = %s", entries[2].pk)
    for number in (4, 5):
        sql("UPDATE core_seal SET number = %s WHERE number = %s", number - 1, number)
    assert ledger.verify(CODE).fault == ledger.Fault("altered", 3, entries[3].pk)


def test_an_entry_slipped_in_beside_the_chain_is_named(world):
    write(world, 3)
    ledger.seal_pending()
    slipped = Entry.objects.create(
        district_id=CODE, action="shop.excused", subject="x:1", at=world.at, written_at=world.at, pending=False
    )
    assert ledger.verify(CODE).fault == ledger.Fault("inserted", None, slipped.pk)


def test_a_cut_off_end_is_seen_by_whoever_noted_the_head(unguarded, world):
    entries = write(world, 5)
    ledger.seal_pending()
    head = ledger.verify(CODE).head
    sql("DELETE FROM core_seal WHERE entry_id = %s", entries[4].pk)
    sql("DELETE FROM core_entry WHERE id = %s", entries[4].pk)
    assert ledger.verify(CODE).holds
    assert ledger.verify(CODE, noted=head).fault == ledger.Fault("cut", None, None)


def test_reading_the_chain_takes_few_statements_and_never_the_whole_at_once(world, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(ledger, "CHUNK", 10)
    write(world, 35)
    ledger.seal_pending()
    with django_assert_num_queries(4 + 2):
        assert ledger.verify(CODE).sealed == 35


# --- the command ---


def test_verify_prints_the_proof_and_names_the_altered_entry(unguarded, world, capsys):
    entries = write(world, 4)
    ledger.seal_pending()
    assert cli.main([]) == 0
    said = capsys.readouterr().out
    assert ledger.verify(CODE).head in said
    assert "望桥区" in said
    sql("UPDATE core_entry SET action = %s WHERE id = %s", "shop.forgotten", entries[1].pk)
    assert cli.main(["--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["fault"] == {"kind": "altered", "number": 2, "entry": entries[1].pk}
    assert cli.main(["--district", str(CODE)]) == 1
    assert str(entries[1].pk) in capsys.readouterr().out


# --- what follows ---


def test_sealing_sets_off_each_reaction_once_and_the_news_of_reactions_too(world, settings):
    settings.SANBAO_REACTIONS = "tests.core.duties"
    write(world, 2, "shop.opened")
    write(world, 1, "shop.seen")
    write(world, 1, "shop.echoed")
    work_off(raising=True)
    assert Department.objects.filter(code__startswith="E").count() == 2 + 1 + 1
    assert not Entry.objects.filter(pending=True).exists()
    assert Job.objects.filter(done_at__isnull=False).count() == Job.objects.count() == 5


def test_news_delivered_twice_is_routed_once(world, settings):
    settings.SANBAO_REACTIONS = "tests.core.duties"
    entries = write(world, 3, "shop.opened")
    news.route(entries)
    news.route(entries)
    assert Job.objects.count() == 3


def test_a_reaction_that_fails_leaves_nothing_and_does_not_stop_the_others(world, settings):
    settings.SANBAO_REACTIONS = "tests.core.duties"
    write(world, 1, "shop.closed")
    write(world, 1, "shop.opened")
    work_off()
    assert Department.objects.filter(code__startswith="E").count() == 1
    failed = Job.objects.get(done_at__isnull=True)
    assert "no such shop" in failed.error
    assert jobs.tries_left(failed) == jobs.TRIES - 1
