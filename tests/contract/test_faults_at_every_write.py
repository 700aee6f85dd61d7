"""A fault at any write, flush, sync, renaming or deletion leaves each change whole or absent.

A few of each kind of change in the gate, a hundred in the long run;
``python -m benchmarks store_faults`` prints the figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from benchmarks.faulty_disk import WAYS
from benchmarks.store_faults import CHANGES, DONE, KILLED, REFUSED

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forking needs POSIX")


def faults(repository, name, most):
    command = [sys.executable, "-m", "benchmarks.store_faults", "--lines"]
    ran = subprocess.run(
        [*command, "--most", str(most), "--only", name],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("most", [2, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", [c.name for c in CHANGES])
def test_a_fault_at_any_write_leaves_a_change_whole_or_absent(repository, name, most):
    found = faults(repository, name, most)
    assert [fault for fault in found if fault["wrong"]] == []
    assert {fault["way"] for fault in found} == set(WAYS)
    assert {fault["ended"] for fault in found} <= {DONE, REFUSED, KILLED}
    assert sum(fault["ended"] == KILLED for fault in found) >= 2
