"""The archive bundle: whole, equal for equal states, and proving itself without this system."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sanbao.core import clock, documents, ledger
from sanbao.core.errors import Forbidden, Refusal
from sanbao.core.models import Entry
from sanbao.penalties import cli
from sanbao.penalties.bundle import make_bundle
from sanbao.penalties.services.archiving import export_bundle


@pytest.fixture
def ended(hands, town, case):
    """A case that was dropped as minor: its file is small and closed."""
    hands.to_filed()
    hands.propose("300", days=3)
    hands.step("report", days=4)
    case.state = "closed"
    case.closed_at = hands.at(5)
    case.save(update_fields=["state", "closed_at"])
    while ledger.seal_pending():
        pass
    return case


def unpacked(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extractall(folder)
    return folder


def verified(*args: str, cwd: Path) -> tuple[int, str]:
    """Run the verifier that lies in the bundle, with nothing of this system in reach."""
    done = subprocess.run(
        [sys.executable, "-I", *args], cwd=cwd, capture_output=True, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"}
    )
    return done.returncode, done.stdout + done.stderr


def test_the_bundle_holds_the_whole_file(ended):
    made = make_bundle(ended)
    with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
        names = packed.namelist()
        manifest = json.loads(packed.read("manifest.json"))
        for row in ended.papers.select_related("document"):
            found = [name for name, told in manifest["files"].items() if told.get("number") == row.document.number]
            assert packed.read(found[0]) == documents.pdf_bytes(row.document)
        photos = [row for row in ended.evidence.select_related("photo") if row.photo]
        assert len([name for name in names if name.startswith("evidence/")]) == len(photos) > 0
        lines = [json.loads(line) for line in packed.read("journal.jsonl").splitlines()]
        assert packed.read("00_cover.pdf").startswith(b"%PDF")
    assert {"01_catalogue.pdf", "verify.py", "README.txt"} <= set(names)
    assert set(names) == set(manifest["files"]) | {"manifest.json"}
    assert {"case.proposed", "case.filed", "document.issued", "order.failed"} <= {line["entry"]["action"] for line in lines}
    assert all(line["hash"] for line in lines)
    assert manifest["pages"] == sum(
        documents.count_pages(zipfile.ZipFile(io.BytesIO(made.data)).read(name)) for name in names if name.startswith("papers/")
    )


def test_the_same_state_gives_the_same_bytes_even_after_it_was_taken(ended, town):
    first = make_bundle(ended)
    taken = export_bundle(ended, by=town.liu, at=clock.now())
    while ledger.seal_pending():
        pass
    assert taken.data == first.data == make_bundle(ended).data
    entry = Entry.objects.get(action="bundle.exported")
    assert (entry.by, entry.data["sha256"]) == (town.liu, first.sha256)


def test_the_bundle_verifies_itself_packed_and_unpacked(ended, tmp_path):
    data = make_bundle(ended).data
    folder = unpacked(data, tmp_path / "file")
    code, told = verified("verify.py", cwd=folder)
    assert code == 0, told
    assert "核验通过 / verified" in told
    assert ended.number in told
    (tmp_path / "case.zip").write_bytes(data)
    assert verified(str(folder / "verify.py"), "case.zip", cwd=tmp_path)[0] == 0


def test_one_altered_byte_of_any_file_is_named(ended, tmp_path):
    folder = unpacked(make_bundle(ended).data, tmp_path / "file")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name in {"manifest.json", "journal.jsonl", "verify.py"}:
            continue
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        code, told = verified("verify.py", cwd=folder)
        assert (code, name in told) == (1, True), told
        path.write_bytes(whole)
    (folder / "papers" / "999.pdf").write_bytes(b"slipped in")
    assert "papers/999.pdf" in verified("verify.py", cwd=folder)[1]


def test_an_altered_journal_line_is_named_even_if_the_manifest_was_mended(ended, tmp_path):
    folder = unpacked(make_bundle(ended).data, tmp_path / "file")
    path = folder / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if b"case.filed" in line)
    lines[at] = lines[at].replace(b"case.filed", b"case.fixed")
    path.write_bytes(b"".join(lines))
    assert f"journal.jsonl:{at + 1}" in verified("verify.py", cwd=folder)[1]
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["journal.jsonl"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, told = verified("verify.py", cwd=folder)
    assert (code, f"journal.jsonl:{at + 1}" in told) == (1, True)


def test_a_paper_put_in_anothers_place_is_named_even_if_the_manifest_was_mended(ended, tmp_path):
    folder = unpacked(make_bundle(ended).data, tmp_path / "file")
    manifest = json.loads((folder / "manifest.json").read_text())
    paper, other = [name for name, row in sorted(manifest["files"].items()) if "entry" in row][:2]
    (folder / paper).write_bytes((folder / other).read_bytes())
    manifest["files"][paper]["sha256"] = manifest["files"][other]["sha256"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, told = verified("verify.py", cwd=folder)
    assert (code, paper in told) == (1, True)


def test_a_running_case_and_a_stranger_get_no_bundle(hands, town, case):
    with pytest.raises(Refusal) as refused:
        export_bundle(case, by=town.liu, at=clock.now())
    assert refused.value.reasons[0].code == "case_runs"
    with pytest.raises(Forbidden):
        export_bundle(case, by=town.gridworker, at=clock.now())


def test_the_command_writes_the_bundle(ended, town, tmp_path, capsys):
    out = tmp_path / "case.zip"
    assert cli.main(["bundle", ended.number, "--out", str(out), "--by", town.liu.username]) == 0
    assert out.read_bytes() == make_bundle(ended).data
    assert cli.main(["bundle", "无此案件", "--out", str(out), "--by", town.liu.username]) == 2
    assert "无此案件" in capsys.readouterr().err
