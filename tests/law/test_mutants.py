"""A sample of the faults of `mutants`; the whole campaign is run by hand and written down in `docs/law-mutation.md`."""

import os
import subprocess
import sys

import pytest

from .cases import ROOT
from .faults import all_faults
from .mutants import equivalent

SAMPLE = 60
SECONDS = 600


@pytest.mark.deep
@pytest.mark.skipif("SANBAO_DEEP" not in os.environ, reason="only with ./run test --deep")
def test_the_tests_of_the_law_notice_a_sample_of_faults() -> None:
    env = {name: value for name, value in os.environ.items() if name != "SANBAO_DEEP"}
    command = [sys.executable, "-m", "tests.law.mutants", "--sample", str(SAMPLE), "--goal", "95"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    print(done.stdout.splitlines()[-1])


def test_every_fault_has_a_name_of_its_own_and_every_equivalent_one_exists_with_a_reason() -> None:
    names = [fault.id for fault in all_faults()]
    assert len(names) == len(set(names)) > 3000
    assert set(equivalent()) <= set(names)
    assert all(len(why) > 20 for why in equivalent().values())
