"""A backup made while others write is whole, proves itself, and comes back by copying it to its place."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sanbao.core import backup
from tests import processes
from tests.processes import Env, fresh_home, run_python, run_sanbao, start_python

CODE = "990101"
FILL = """
from tests.core.pictures import jpeg
from sanbao.core import clock, files, journal, ledger
from sanbao.core.models import District
files.store_photo(jpeg(), by=None, at=clock.now())
journal.record("shop.seen", District.objects.get(pk=990101), by=None, at=clock.now())
ledger.seal_pending()
print(ledger.verify(990101).head)
"""
WRITE_ON = """
from sanbao.core import clock, journal
from sanbao.core.models import District
here = District.objects.get(pk=990101)
for number in range(100_000):
    journal.record("shop.seen", here, by=None, at=clock.now(), number=number)
    if number == 50:
        print("writing")
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> tuple[Env, Path]:
    """An installation with people, one photo and a sealed journal, and the folder of its first backup. Not to be changed."""
    if processes.on_postgres():
        try:
            backup.find_pg_dump()
        except backup.BackupFailed:
            pytest.skip("pg_dump is not installed")
    folder = tmp_path_factory.mktemp("office")
    env = fresh_home(folder, cast=True)
    (Path(env["SANBAO_HOME"]) / "secret.key").write_text("a key that signs links")
    env["HEAD"] = run_python(env, FILL).strip()
    return env, backed_up(env, folder / "backups")


@pytest.fixture
def made(first, tmp_path) -> Path:
    """A copy of the first backup, to be spoilt."""
    shutil.copytree(first[1].parent, tmp_path / "backups")
    return tmp_path / "backups" / first[1].name


def backed_up(env: Env, target: Path, *options: str) -> Path:
    done = run_sanbao(env, "backup", str(target), *options)
    assert done.returncode == 0, done.stderr
    return backup.backups_in(target)[-1]


def test_a_backup_is_whole_and_names_the_head_of_the_journal(first, made):
    manifest = backup.read_manifest(made)
    assert backup.check_backup(made) == []
    assert manifest.heads[CODE]["hash"] == first[0]["HEAD"]
    assert len(manifest.files) == 2, "the original and the public copy"
    assert (made / "secret.key").stat().st_mode & 0o077 == 0


def test_a_backup_in_the_middle_of_much_writing_is_whole(first, tmp_path):
    writer = start_python(first[0], WRITE_ON)
    try:
        assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
        made = backed_up(first[0], tmp_path / "backups")
        assert writer.poll() is None, "the writer was not stopped by it"
    finally:
        writer.kill()
    assert backup.check_backup(made) == []


def test_files_are_kept_once_for_all_backups_and_a_damaged_one_is_named(first, made, tmp_path):
    home, target = tmp_path / "home", made.parent
    shutil.copytree(first[0]["SANBAO_HOME"], home)
    original, public = sorted((home / "files").rglob("*.jpg"), key=lambda path: "photos" in path.parts)
    untouched = next(path for path in (target / "files").rglob(original.name))
    written = untouched.stat().st_mtime_ns
    public.write_bytes(b"rust")
    second = backed_up(first[0] | {"SANBAO_HOME": str(home)}, target)
    assert untouched.stat().st_mtime_ns == written
    assert [path.rsplit("/")[-1] for path in backup.read_manifest(second).damaged] == [public.name]
    assert "already" in backup.check_backup(second)[0]


def test_the_oldest_backups_go_and_with_them_the_files_that_only_they_needed(made):
    target, kept = made.parent, sorted((made.parent / "files").rglob("*.jpg"))
    newer = target / "sanbao-29991231T000000Z"
    shutil.copytree(made, newer)
    manifest = json.loads((newer / "manifest.json").read_text())
    needed = next(iter(manifest["files"]))
    (newer / "manifest.json").write_text(json.dumps(manifest | {"files": {needed: manifest["files"][needed]}}))
    assert backup.prune(target, 1) == 1
    assert backup.backups_in(target) == [newer]
    assert [path.exists() for path in kept] == [path == target / "files" / needed for path in kept]


@pytest.mark.parametrize("what", ["database", "file", "missing"])
def test_a_backup_that_was_altered_says_so(made, what):
    kept = next((made.parent / "files").rglob("*.jpg"))
    if what == "missing":
        kept.unlink()
    else:
        path = kept if what == "file" else made / backup.read_manifest(made).database["file"]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    assert len(backup.check_backup(made)) == 1
    with pytest.raises(CommandError):
        call_command("backup", made, check=True)


def test_a_folder_without_a_manifest_is_no_backup(tmp_path):
    with pytest.raises(CommandError, match="is no backup"):
        call_command("backup", tmp_path, check=True)


def test_a_restored_backup_serves_and_its_journal_contains_the_noted_head(first, made, tmp_path):
    if processes.on_postgres():
        pytest.skip("pg_restore needs an empty database of its own: see docs/deploy.md")
    home = tmp_path / "restored"
    home.mkdir()
    shutil.copy2(made / "database.sqlite3", home / "sanbao.sqlite3")
    shutil.copy2(made / "secret.key", home / "secret.key")
    shutil.copytree(tmp_path / "backups" / "files", home / "files")
    said = run_sanbao(first[0] | {"SANBAO_HOME": str(home)}, "verify", "--district", CODE, "--noted", first[0]["HEAD"])
    assert said.returncode == 0 and first[0]["HEAD"] in said.stdout, said.stdout + said.stderr
