"""What `run` says and decides without installing anything."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests import passes

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "run"


def test_the_script_can_be_read_by_pythons_far_too_old_for_sanbao() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_older_python_gets_one_sentence_with_the_mend() -> None:
    code = (
        "import runpy, shutil, sys\n"
        "shutil.which = lambda *words, **options: None\n"
        "sys.version_info, sys.argv = (3, 9, 2), ['run', 'demo']\n"
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Sanbao needs Python 3.11 or newer" in done.stderr
    assert "apt install" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2


def test_an_unknown_command_is_answered_with_where_the_commands_are() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "dmeo"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "'dmeo'" in done.stderr
    assert "./run help" in done.stderr


def test_help_names_every_command() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True)
    for word in ("demo", "setup", "test", "check", "bench", "sanbao"):
        assert f"./run {word}" in done.stdout


@pytest.mark.parametrize("name", ["PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"])
def test_one_mirror_setting_serves_pip_and_uv(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, "https://mirror.example/simple")
    env = passes.run.install_env()
    assert env["PIP_INDEX_URL"] == env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_a_mirror_in_pip_conf_is_found_and_the_environment_comes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    conf = tmp_path / "pip.conf"
    conf.write_text("[global]\nindex-url = https://office.example/simple\ntrusted-host = office.example\n")
    for each in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INSECURE_HOST", "PIP_TRUSTED_HOST"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(conf))
    assert passes.run.install_env()["UV_DEFAULT_INDEX"] == "https://office.example/simple"
    assert passes.run.install_env()["UV_INSECURE_HOST"] == "office.example"
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    assert passes.run.install_env()["UV_DEFAULT_INDEX"] == "https://other.example/simple"


def test_one_certificate_setting_serves_every_installer(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("PIP_CERT", "/etc/office.crt")
    env = passes.run.install_env()
    assert env["SSL_CERT_FILE"] == env["NODE_EXTRA_CA_CERTS"] == "/etc/office.crt"


def test_every_lock_file_pins_every_package_with_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        entries = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        pins = [line for line in entries if line and not line.lstrip().startswith("#")]
        assert pins, name
        assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == [], name


def test_the_test_lock_holds_every_running_package_in_the_same_version() -> None:
    pins = [
        {line.split(" ")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line[:1].isalnum()}
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] - pins[1] == set()
