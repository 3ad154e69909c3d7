"""Installing with the real `run`: from nothing, again, twice at once, after a move, and when something is wrong."""

import subprocess
from pathlib import Path

import pytest

from tests.setup import small


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return small.make_checkout(tmp_path / "checkout")


def test_a_bare_checkout_installs_without_a_network_and_is_in_place_at_once_the_second_time(checkout: Path) -> None:
    code, first = small.run(checkout, "setup")
    assert code == 0, first
    assert "A fresh .venv" in first
    assert small.run(checkout, "setup") == (0, "Everything is in place.\n")


def test_a_removed_node_modules_is_noticed_and_only_that_is_installed_again(checkout: Path) -> None:
    small.run(checkout, "setup")
    for path in (checkout / "node_modules").iterdir():
        path.unlink()
    code, output = small.run(checkout, "setup")
    assert code == 0
    assert "npm" in output
    assert "Python packages" not in output


def test_the_command_and_the_package_work_from_any_folder(checkout: Path) -> None:
    assert small.run(checkout, "sanbao", "law", "due")[1].endswith("sanbao says law due\n")
    assert small.run(checkout, "demo", "--port", "8123")[1] == "sanbao says demo --port 8123\n"
    assert small.python(checkout, "import needed, sanbao; print(sanbao.__file__)")[1].startswith(str(checkout))
    done = subprocess.run([checkout / ".venv" / "bin" / "sanbao", "help"], cwd="/", text=True, capture_output=True, check=True)
    assert done.stdout == "sanbao says help\n"


def test_two_starts_at_the_same_moment_install_once(checkout: Path) -> None:
    both = [small.start(checkout, "setup") for _ in range(2)]
    outputs = [child.communicate(timeout=120)[0] for child in both]
    assert [child.returncode for child in both] == [0, 0], outputs
    assert sum("A fresh .venv" in output for output in outputs) == 1
    assert small.python(checkout, "import needed")[0] == 0


def test_a_moved_checkout_gets_an_environment_of_its_new_place(checkout: Path) -> None:
    small.run(checkout, "setup")
    moved = checkout.rename(checkout.parent / "elsewhere")
    code, output = small.run(moved, "setup")
    assert code == 0
    assert "A fresh .venv" in output
    launcher = (moved / ".venv" / "bin" / "sanbao").read_text()
    assert str(moved) in launcher
    assert str(checkout) not in launcher


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Path) -> None:
    small.run(checkout, "setup")
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    code, output = small.run(checkout, "setup")
    assert code == 0, output
    assert small.python(checkout, "import needed")[0] == 0


def test_the_demo_does_not_take_the_test_packages_away_again(checkout: Path) -> None:
    small.run(checkout, "setup", "--dev")
    assert small.python(checkout, "import needed, probe")[0] == 0
    assert small.run(checkout, "setup") == (0, "Everything is in place.\n")
    (checkout / "requirements-dev.lock").write_text("# changed\n" + (checkout / "requirements-dev.lock").read_text())
    assert "(dev, up to 2" in small.run(checkout, "setup")[1]
    assert small.python(checkout, "import needed, probe")[0] == 0


def test_a_changed_lock_file_is_followed_and_a_package_that_left_it_is_removed(checkout: Path) -> None:
    small.run(checkout, "setup")
    (checkout / "requirements.lock").write_text(small.write_wheel(checkout / "wheelhouse", "successor"))
    assert small.run(checkout, "setup")[0] == 0
    assert small.python(checkout, "import successor")[0] == 0
    assert small.python(checkout, "import needed")[0] == 1


def test_a_package_with_another_hash_than_the_locked_one_is_refused_and_never_believed(checkout: Path) -> None:
    small.write_wheel(checkout / "wheelhouse", "needed", "print('not what was locked')\n")
    for _ in range(2):
        code, output = small.run(checkout, "sanbao", "help")
        assert code == 1
        assert "sanbao says" not in output
        assert "this step failed" in output
        assert "Traceback" not in output
    assert small.python(checkout, "import needed")[0] == 1


def test_a_half_written_note_of_what_is_installed_is_not_believed(checkout: Path) -> None:
    small.run(checkout, "setup")
    (checkout / ".venv" / "sanbao.json").write_text('{"root": "/so')
    code, output = small.run(checkout, "setup")
    assert code == 0, output
    assert "A fresh .venv" in output
