#!/usr/bin/env python3
"""Verify the archive bundle of one case / 核验一个案件的归档包.

This file lies in every bundle as `verify.py`. It needs nothing but Python 3.8 or newer, no network and no other file:

    python3 verify.py               the folder in which it lies (the bundle unpacked)
    python3 verify.py CASE.zip      a bundle that is still packed

It checks every file against the SHA-256 in manifest.json, then every line of the journal against the hash of its link in the chain, and
every paper against the journal entry that was written when it was issued. It stops at the first fault, names it and ends with 1.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path


class Fault(Exception):
    """The first thing that is not as it was sealed: its name, and what is wrong in Chinese and English."""

    def __init__(self, name, chinese, english):
        super().__init__(f"{name}：{chinese} / {name}: {english}")


class Folder:
    """The files of a bundle that was unpacked."""

    def __init__(self, root):
        self.root = Path(root)

    def names(self):
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}

    def read(self, name):
        return (self.root / name).read_bytes()


class Packed:
    """The files of a bundle that is still packed."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(str(path))

    def names(self):
        return {name for name in self.zip.namelist() if not name.endswith("/")}

    def read(self, name):
        try:
            return self.zip.read(name)
        except zipfile.BadZipFile:
            raise Fault(name, "文件已被改动（压缩包校验和不符）", "altered (checksum of the archive)") from None


def canonical(entry):
    """The one spelling of a journal entry that was hashed."""
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def check_files(files, manifest):
    """Every listed file is there with its hash, and no other."""
    found = files.names() - {"manifest.json"}
    listed = manifest["files"]
    for name in sorted(listed):
        if name not in found:
            raise Fault(name, "文件缺失", "missing")
        if hashlib.sha256(files.read(name)).hexdigest() != listed[name]["sha256"]:
            raise Fault(name, "文件已被改动", "altered")
    for name in sorted(found - set(listed)):
        if "__pycache__" not in name:
            raise Fault(name, "清单以外的文件", "not in the manifest")
    return len(listed)


def read_journal(files):
    """The lines of the journal's extract."""
    if "journal.jsonl" not in files.names():
        raise Fault("journal.jsonl", "文件缺失", "missing")
    lines = []
    for number, line in enumerate(files.read("journal.jsonl").split(b"\n")[:-1], 1):
        try:
            lines.append(json.loads(line.decode("utf-8")))
        except ValueError:
            name = f"journal.jsonl:{number}"
            raise Fault(name, "这一行无法读出", "this line cannot be read") from None
    return lines


def check_journal(lines):
    """Every sealed entry has the hash of its link; neighbouring links join."""
    sealed, last = 0, None
    for number, line in enumerate(lines, 1):
        name = f"journal.jsonl:{number}"
        if not isinstance(line, dict) or set(line) != {"link", "previous", "hash", "entry"}:
            raise Fault(name, "这一行不完整", "this line is not whole")
        if line["link"] is None:
            continue
        if hashlib.sha256(line["previous"].encode() + canonical(line["entry"])).hexdigest() != line["hash"]:
            raise Fault(name, "日志条目与封存的哈希不符", "the entry is not as it was sealed")
        if last and line["link"] == last["link"] + 1 and line["previous"] != last["hash"]:
            raise Fault(name, "日志链在此断开", "the chain is broken here")
        sealed, last = sealed + 1, line
    return sealed


def check_papers(manifest, lines):
    """Every paper has the hash that the journal noted when it was issued."""
    noted = {line["entry"]["id"]: line["entry"]["data"].get("sha256") for line in lines}
    papers = [(name, row) for name, row in sorted(manifest["files"].items()) if "entry" in row]
    for name, row in papers:
        if noted.get(row["entry"]) != row["sha256"]:
            raise Fault(name, "与发出时的日志记录不符", "not the paper that the journal noted when it was issued")
    return len(papers)


def verify(files):
    """Check everything; give the lines to print. Raises `Fault` at the first thing that does not hold."""
    if "manifest.json" not in files.names():
        raise Fault("manifest.json", "文件缺失", "missing")
    raw = files.read("manifest.json")
    lines = read_journal(files)
    sealed = check_journal(lines)  # before the files, so that the altered line is named and not only its file
    try:
        manifest = json.loads(raw.decode("utf-8"))
        count = check_files(files, manifest)
    except (ValueError, KeyError, TypeError):
        raise Fault("manifest.json", "无法读出", "cannot be read") from None
    papers = check_papers(manifest, lines)
    ends = [line for line in lines if line["link"] is not None]
    head = ends[-1] if ends else {"link": None, "hash": None}
    return [
        f"案件 / case: {manifest['case']}  {manifest['party']}",
        f"文件 / files: {count} 个与清单一致 / agree with the manifest",
        f"日志 / journal: {len(lines)} 条，其中 {sealed} 条与封存的哈希一致 / entries, {sealed} sealed and unaltered",
        f"文书 / papers: {papers} 份与发出时的记录一致 / are the papers that were issued",
        f"未封存 / not sealed yet: {len(lines) - sealed}",
        f"清单指纹 / SHA-256 of the manifest: {hashlib.sha256(raw).hexdigest()}",
        f"最后一环 / last link: {head['link']} {head['hash']}",
        f"与本机关系统核对 / to compare with the agency: sanbao verify --district {manifest['district']} --noted HASH",
        "核验通过 / verified",
    ]


def main(argv=None):
    """Print what was verified, or the first fault; 0 or 1, 2 if there is nothing to read."""
    argv = sys.argv[1:] if argv is None else argv
    place = Path(argv[0]) if argv else Path(__file__).resolve().parent
    try:
        files = Folder(place) if place.is_dir() else Packed(place)
        told = verify(files)
    except Fault as fault:
        print(f"核验不通过 / NOT verified\n{fault}")
        return 1
    except (OSError, zipfile.BadZipFile) as error:
        print(f"无法读取 / cannot be read: {error}")
        return 2
    print("\n".join(told))
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
